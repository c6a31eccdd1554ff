"""Finds the declared facts of an article, such as dates, ministries and agencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper import facts
from scraper.facts.kind import ArticleText

if TYPE_CHECKING:
    from scraper.model import Page


class Facts:
    """Fills ``article.facts`` with a tuple of values for each kind of fact found in the text."""

    def process_item(self, item: Page) -> Page:
        """Return the page with the facts of its article.

        If a rule crashes, only the facts of its kind are missing, and a problem names it.
        """
        if (article := item.article) is not None:
            text = ArticleText(article)
            for kind in facts.KINDS:
                if kind.find is None:
                    continue
                try:
                    article.facts[kind.name] = tuple(kind.find(text))
                except (OSError, MemoryError):
                    raise  # a failure of the machine, not of the rule
                except Exception as error:  # noqa: BLE001  `reparse` retries it
                    detail = f"{kind.name}: {type(error).__name__}: {error}"
                    item.add_problem("facts", "fact-crashed", detail)
        return item
