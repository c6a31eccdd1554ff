"""Writes YAML that people can read and edit, without a library.

Only what Datasette's metadata consists of: mappings, lists, texts, numbers and booleans.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLAIN_KEY = re.compile(r"[a-z_][a-z0-9_]*")
_NOT_PLAIN = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}  # YAML 1.1 reads these
# What a literal block cannot hold: leading spaces, control characters, breaks YAML normalizes.
_NO_BLOCK = re.compile(r"\A\s|[^\n -~\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]|\n\Z")


def yaml_text(value: Mapping[str, Any], indent: str = "") -> str:
    """Return a mapping as YAML; ``indent`` is put before each line."""
    return "".join(f"{indent}{line}\n" if line else "\n" for line in _lines(value))


def _lines(value: Mapping[str, Any]) -> Iterator[str]:
    for name, entry in value.items():
        key = name if _PLAIN_KEY.fullmatch(name) and name not in _NOT_PLAIN else _quoted(name)
        if isinstance(entry, dict) and entry:
            yield f"{key}:"
            yield from (line and f"  {line}" for line in _lines(entry))
        elif isinstance(entry, str) and "\n" in entry and not _NO_BLOCK.search(entry):
            yield f"{key}: |-"
            yield from (line and f"  {line}" for line in entry.split("\n"))
        else:
            yield f"{key}: {_quoted(entry)}"


def _quoted(value: Any) -> str:
    """Return a value as JSON, which is YAML too."""
    text = json.dumps(value, ensure_ascii=False)
    # YAML allows fewer characters than JSON outside of escapes.
    return re.sub(r"[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]", _escaped, text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
