"""One pattern for many names: a trie, in which time does not depend on how many there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def alternation(names: Iterable[str]) -> str:
    """Return a pattern for the longest of some names; its time does not depend on their number."""
    root: dict[str, dict[str, object]] = {}
    for name in names:
        node = root
        for character in name:
            node = node.setdefault(character, {})  # type: ignore[assignment]
        node[""] = {}
    return _branches(root)


def _branches(node: dict[str, dict[str, object]]) -> str:
    branches = [
        re.escape(character) + _branches(below)  # type: ignore[arg-type]
        for character, below in node.items()
        if character
    ]
    if not branches:
        return ""
    pattern = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
    return f"{pattern}?" if "" in node else pattern
