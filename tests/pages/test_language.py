"""Language detection by letters."""

from __future__ import annotations

import pytest

from scraper.pages.language import language_of
from tests.pages.samples import HEADLINE


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (HEADLINE, "th"),
        ("", "th"),
        ("2568", "th"),
        (f"{HEADLINE} (Kite Repair Centre)", "th"),
        (
            "The Department of Tests (ว่าว) opened the first kite repair centre of the country",
            "en",
        ),
    ],
)
def test_language(text: str, language: str) -> None:
    assert language_of(text) == language
