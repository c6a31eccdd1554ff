"""``jsonl``: one article per line, with its facts in lists named as in ``thaigov show``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.export.format import Format

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.export.format import Notes, Options
    from scraper.export.selection import Selection


def article_objects(selection: Selection) -> Iterator[dict[str, Any]]:
    """Yield each article as a dictionary, with a list for every table of facts."""
    for batch in selection.batches():
        facts = {t.label: selection.facts_by_article(t, batch) for t in selection.facts}
        for article in selection.article_rows(batch):
            for label, found in facts.items():
                article[label] = found.get(article["id"], [])
            yield article


def write_jsonl(selection: Selection, out: Path, options: Options) -> Notes:
    """Write the articles in order of publication."""
    del options
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for article in article_objects(selection):
            file.write(json.dumps(article, ensure_ascii=False, separators=(",", ":")) + "\n")
    return []


FORMAT = Format("jsonl", ".jsonl", write_jsonl)
