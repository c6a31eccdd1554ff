"""E-mail addresses hidden in attributes."""

from __future__ import annotations

import pytest

from scraper.pages.attributes import reveal_emails
from scraper.pages.lines import lines_of
from tests.pages.samples import block


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("5a2a281a3f223b372a363f7435283d", "pr@example.org"),
        ("5a", ""),
        ("zz", "[email protected]"),
        ("", "[email protected]"),
        ("00ff", "[email protected]"),
    ],
)
def test_hidden_emails_are_restored(hidden: str, shown: str) -> None:
    html = f"ถึง <a class='__cf_email__' data-cfemail='{hidden}'>[email&#160;protected]</a>"
    element = block(html)
    reveal_emails(element)
    assert [line.text for line in lines_of(element)] == [f"ถึง {shown or '[email protected]'}"]
