"""Finds the facts of an article: dates, ministries, agencies and whatever else is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import facts
from scraper.facts.kind import ArticleText

if TYPE_CHECKING:
    from scraper.model import Page


class Facts:
    """Fills ``article.facts``, a tuple of values for each kind that is found in the text."""

    def process_item(self, item: Page) -> Page:
        """Return the page with the facts of its article.

        A rule that fails costs the facts of its kind, not the article: the problem names it.
        """
        if (article := item.article) is not None:
            text = ArticleText(article)
            for kind in facts.KINDS:
                if kind.find is None:
                    continue
                try:
                    article.facts[kind.name] = tuple(kind.find(text))
                except (OSError, MemoryError):
                    raise  # the machine failed, not the rule
                except Exception as error:  # noqa: BLE001  named, and found again by `reparse`
                    detail = f"{kind.name}: {type(error).__name__}: {error}"
                    item.add_problem("facts", "fact-crashed", detail)
        return item
