"""Thai and ASCII digits."""

from __future__ import annotations

from scraper.thai.digits import to_ascii_digits, to_thai_digits


def test_digits() -> None:
    assert to_ascii_digits("๒๕๖๖/2566") == "2566/2566"
    assert to_thai_digits("2566/๒๕๖๖") == "๒๕๖๖/๒๕๖๖"
