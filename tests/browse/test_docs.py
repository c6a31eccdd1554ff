"""The URLs in docs/browse.md work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from tests.browse.conftest import Site

PAGE = (REPOSITORY / "docs" / "browse.md").read_text(encoding="utf-8")
ADDRESSES = [
    line
    for block in re.findall(r"```text\n(.*?)```", PAGE, flags=re.DOTALL)
    for line in block.splitlines()
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_address_answers_with_something(practice: Site, address: str) -> None:
    answer = practice.get(quote(address, safe="/?&=-.*()"))
    assert answer.status_code == 200
    if ".json" in address and "_shape=array" in address:
        assert answer.json()
    if "/-/search?" in address:
        empty = ("tag=", "has=document", "person=", "attachments=")  # not in that archive
        assert "<h3>" in answer.text or any(name in address for name in empty)


def test_every_function_is_documented(practice: Site) -> None:
    page = practice.page("/-/tables")
    for name in re.findall(r"`(\w+)\((?:iso|text|words)\)`", PAGE):
        assert f"<code>{name}(" in page
