"""Records what a parser looked for and found, to help repair it when a page's markup changes.

A match that is absent is not a problem: a layout may or may not have some of the elements.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bs4.element import Tag

from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsel import Selector

_MAX_EXCERPT = 80  # characters of a text


@dataclass(frozen=True)
class SelectorResult:
    """What one selector or marker matched on a page.

    Attributes:
        name: what was requested, such as ``headline``.
        selector: a CSS selector, or a description of the marker.
        matches: elements or texts, in order.
    """

    name: str
    selector: str
    matches: Sequence[Tag | Selector | str] = field(repr=False)

    @property
    def first(self) -> str:
        """The text of the first match, shortened; empty without a match."""
        text = clean_line(_match_text(self.matches[0])) if self.matches else ""
        return text if len(text) <= _MAX_EXCERPT else f"{text[:_MAX_EXCERPT]}…"


@dataclass
class SelectorTrace:
    """Everything a parser looked for on one page.

    Attributes:
        results: one for each selector and marker, in the order of use.
        sources: the source chosen for each field of the article.
    """

    results: list[SelectorResult] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, selector: str, matches: Sequence[Tag | Selector | str]) -> None:
        """Add the matches of a selector or marker."""
        self.results.append(SelectorResult(name, selector, matches))


def _match_text(match: Tag | Selector | str) -> str:
    if isinstance(match, Tag):
        return match.get_text(" ")
    return match if isinstance(match, str) else match.xpath("string()").get("")
