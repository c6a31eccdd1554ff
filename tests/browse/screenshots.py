"""Takes the pictures in the README, of a practice archive made for that.

    python -m tests.browse.screenshots docs/images

Thai is set in the fonts of the machine: Debian's fonts-thai-tlwg, as in CI.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.archive.database import open_for_reading
from scraper.archive.writer import ArchiveWriter
from scraper.browse.app import Options
from tests.browse.chromium import listening, started, visit
from tests.browse.conftest import add_practice, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SIZE = 900  # articles, of about a year
WINDOW: dict[str, Any] = {"viewport": {"width": 960, "height": 660}}
DARK = {**WINDOW, "color_scheme": "dark"}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 720}, "device_scale_factor": 1.5}
# An article of one ministry that was edited, long enough to fill the window.
EDITED = """
    SELECT id FROM articles WHERE revision > 1 AND ministry = 'industry'
    ORDER BY length(body) DESC LIMIT 1
"""
MOST = 200_000  # bytes of a picture


def pictures(path: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return for each picture the address it shows and the window it is taken in."""
    with open_for_reading(path) as db:
        (edited,) = db.execute(EDITED).fetchone()
    article = f"/{path.stem}/articles/{edited}"
    return {
        "home": ("/", WINDOW),
        "search": ("/-/search?q=โรงงาน&ministry=industry", WINDOW),
        "article": (article, WINDOW),
        "dashboard": ("/-/dashboard?q=โรงงาน", {"viewport": {"width": 1200, "height": 960}}),
        "article-dark": (article, DARK),
        "search-phone": ("/-/search?q=โรงงาน", PHONE),
    }


def take(browser: Browser, address: str, target: Path, page_address: str, **look: Any) -> None:
    """Take one picture.

    Raises:
        ValueError: it is too large for a repository.
    """
    with visit(browser, address, **look) as page:
        page.goto(page_address)
        page.screenshot(path=target)
    if target.stat().st_size > MOST:
        raise ValueError(f"{target}: {target.stat().st_size:,} bytes, more than {MOST:,}")


def main() -> None:
    """Take all of them."""
    parser = argparse.ArgumentParser(description="Take the pictures in the README.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "thaigov.db"
        with ArchiveWriter(path, "import practice", {}) as writer:
            add_practice(writer, SIZE)
        with served(path, Options()) as site, listening(site) as address, started() as browser:
            for name, (page_address, look) in pictures(path).items():
                take(browser, address, folder / f"{name}.png", page_address, **look)


if __name__ == "__main__":
    main()
