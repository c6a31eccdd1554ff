"""``/llms.txt`` tells what works, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from scraper.browse.app import Options
from tests.browse.conftest import served

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browse.conftest import Site

LINK = re.compile(r"^- \[.+?\]\(http://localhost(/[^)\s]*(?:\(\*\)[^)\s]*)?)\): .+", re.MULTILINE)


def test_every_link_leads_somewhere(practice: Site) -> None:
    page = practice.page("/llms.txt")
    assert page.startswith("# ")
    links = LINK.findall(page)
    assert len(links) > 40
    for link in links:
        # Pages of rows are many and alike.
        if "_shape" in link or "/-/" in link or link.endswith((".txt", "first_use.json")):
            assert practice.get(link).status_code == 200, link


def test_columns_are_in_the_full_text(practice: Site) -> None:
    assert "`published_on`" not in practice.page("/llms.txt")
    assert "  - `published_on`: publication date" in practice.page("/llms-full.txt")


@pytest.mark.parametrize("path", ["/llms.txt", "/llms-full.txt"])
def test_private_and_internal_tables_are_not_named(practice: Site, path: str) -> None:
    page = practice.page(path)
    assert "watch_seen" not in page
    assert "_fingerprints" not in page


def test_public_sites_do_not_mention_sql(practice: Site, public: Site, practice_db: Path) -> None:
    assert "[SQL](" in practice.page("/llms.txt")
    assert "[SQL](" not in public.page("/llms.txt")
    assert "/-/mcp" not in practice.page("/llms.txt")
    with served(practice_db, Options(mcp=True)) as site:
        assert "/-/mcp" in site.page("/llms.txt")
