"""What a parser found while it looked: for the person who must mend it when the markup changes.

The parsers note here what they look at anyway, so that what is shown is what was done. Findings
are no problems: an element that a layout merely may have is no fault where it is absent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bs4.element import Tag

from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsel import Selector

_SHOWN = 80  # characters of a text


@dataclass(frozen=True)
class Finding:
    """What one selector or anchor found on a page.

    Attributes:
        name: what was looked for, such as ``headline``.
        selector: where: a CSS selector, or the anchor in words.
        matches: what was found, in order: elements or texts.
    """

    name: str
    selector: str
    matches: Sequence[Tag | Selector | str] = field(repr=False)

    @property
    def first(self) -> str:
        """The text of the first match, shortened; empty where nothing was found."""
        text = clean_line(_text(self.matches[0])) if self.matches else ""
        return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass
class SelectorTrace:
    """All that was looked for on one page.

    Attributes:
        looks: one for each selector and anchor, in the order of looking.
        sources: for each field of the article, which source won.
    """

    looks: list[Finding] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, selector: str, matches: Sequence[Tag | Selector | str]) -> None:
        """Note what a selector or an anchor found."""
        self.looks.append(Finding(name, selector, matches))


def _text(match: Tag | Selector | str) -> str:
    if isinstance(match, Tag):
        return match.get_text(" ")
    return match if isinstance(match, str) else match.xpath("string()").get("")
