"""Reads attributes of elements, among them the e-mail addresses that Cloudflare hides in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4.element import Tag


def attribute(node: Tag, name: str) -> str:
    """Return the value of an attribute, empty if it is absent or a list."""
    value = node.get(name)
    return value if isinstance(value, str) else ""


def reveal_emails(root: Tag) -> None:
    """Restore the e-mail addresses that Cloudflare hid, in place.

    The first byte of the hexadecimal ``data-cfemail`` is a key; each other byte is a character
    of the address XOR the key.
    """
    for node in root.find_all(attrs={"data-cfemail": True}):
        if address := _decode_email(attribute(node, "data-cfemail")):
            node.string = address


def _decode_email(hidden: str) -> str | None:
    try:
        key, *codes = bytes.fromhex(hidden)
        return bytes(code ^ key for code in codes).decode()
    except ValueError:  # not hexadecimal, empty, or not UTF-8: the page's placeholder stays
        return None
