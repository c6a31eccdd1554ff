"""``thaigov check-page``: shows what each selector found on one page."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import click
from parsel import Selector

from scraper.archive.capture_reader import CaptureReader
from scraper.archive.database import open_for_reading, warc_folder
from scraper.cli.options import db_option, json_option
from scraper.clock import now
from scraper.crawl.permission import is_loopback
from scraper.model import Capture, Layout, Origin, Outcome, Page, Scope
from scraper.pages import read
from scraper.pages.charset import decode_page
from scraper.pages.markup import links_in
from scraper.pages.references import article_links
from scraper.pages.trace import SelectorTrace
from scraper.sources import THAIGOV, Address, article_url, parse_address, site_of
from scraper.terminal import Bold, line, print_json, print_table, say
from scraper.warc.record import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


UNDERSTOOD = (Outcome.ARTICLE, Outcome.MISSING)
LISTING = "listing"

_OWN_ADDRESS = "link[rel=canonical]::attr(href), meta[property='og:url']::attr(content)"
# Known from the address, or filled in by later stages.
_NOT_PARSED = {"site", "layout", "site_id", "dates", "words", "engine", "ministries"}
_LONGEST_FIELD = 200  # characters shown
_MOST_LINKS = 20


class CheckedPage(NamedTuple):
    """A parsed page.

    Attributes:
        page: the result of the parser.
        trace: what the parser looked for and found.
        links: canonical addresses of the articles it links to, without duplicates.
        is_listing: its own address is that of a list of articles.
    """

    page: Page
    trace: SelectorTrace
    links: tuple[str, ...]
    is_listing: bool = False

    @property
    def outcome(self) -> str:
        """The outcome of the page, or ``listing``."""
        return LISTING if self.is_listing and self.links else str(self.page.outcome)

    @property
    def exit_code(self) -> int:
        """0 if the page was understood, else 3."""
        return 0 if self.outcome == LISTING or self.page.outcome in UNDERSTOOD else 3


@click.command("check-page")
@click.argument("place", metavar="URL|FILE")
@click.option(
    "--layout",
    type=click.Choice([layout.value for layout in Layout]),
    help="Layout of a FILE that does not contain its own address; by default both are tried.",
)
@db_option
@json_option
@click.pass_context
def check_page(ctx: click.Context, place: str, layout: str | None, db: Path, as_json: bool) -> None:
    """Show what the parser finds on a page and what it misses.

    FILE is a page saved as HTML. For a URL, the newest capture in the archive is read; if there is
    none, the page is fetched by the rules of a crawl, but not stored.
    """
    if Path(place).is_file():
        checked = _best(_check_file(Path(place), Layout(layout) if layout else None))
    else:
        checked = _check_capture(_find_capture(place, db))
    if as_json:
        print_json(_as_json(checked))
    else:
        _print_checked_page(checked)
    ctx.exit(checked.exit_code)


def _check_capture(capture: Capture) -> CheckedPage:
    trace = SelectorTrace()
    page = read(capture, trace)
    text = decode_page(capture.body, capture.content_type).text
    hrefs = links_in(text, capture.url)
    return CheckedPage(page, trace, article_links(hrefs, own=capture.url), _is_listing(capture.url))


def _best(checked: Iterable[CheckedPage]) -> CheckedPage:
    """Return the best reading of a file: an article before a missing page, before a shell."""
    rank = [LISTING, Outcome.ARTICLE, Outcome.MISSING, Outcome.SHELL]
    return min(
        checked, key=lambda item: rank.index(item.outcome) if item.outcome in rank else len(rank)
    )


def _check_file(path: Path, layout: Layout | None) -> Iterator[CheckedPage]:
    """Yield readings of a saved page: by its own address, else one for each layout it may have.

    Raises:
        click.UsageError: it is a web archive.
        click.ClickException: it is not HTML.
    """
    body = path.read_bytes()
    if body.startswith((b"\x1f\x8b", b"WARC/", b"PK")):
        raise click.UsageError(
            f"{path} is a container: `thaigov import warc {path}`, then check the page by its URL"
        )
    text = decode_page(body).text
    if "<" not in text:
        raise click.ClickException(f"{path} is not an HTML page")
    document = Selector(text=text, type="html")
    own = next(iter(document.css(_OWN_ADDRESS).getall()), "")
    if layout is None and (parse_address(own) or _is_listing(own)):
        urls = [own]
    else:
        language = "en" if document.css("html::attr(lang)").get("").startswith("en") else "th"
        layouts = [layout] if layout else [Layout.NEWS, Layout.CONTENTS]
        urls = [article_url(THAIGOV, layout, 0, language) for layout in layouts]
    for url in urls:
        capture = Capture(
            url=url,
            fetched_at=now(),
            origin=Origin.WARC,
            body=body,
            digest=digest_of(body),
            content_type="text/html",
            source=str(path),
        )
        yield _check_capture(capture)


def _is_listing(url: str) -> bool:
    """Whether an address is that of a list of articles."""
    site, path = site_of(url), urlsplit(url).path.rstrip("/")
    paths = [path for paths in site.listings.values() for path in paths] if site else []
    return bool(path) and path in {urlsplit(listing).path for listing in paths}


def _find_capture(url: str, db: Path) -> Capture:
    """Return an article's newest capture, or fetch the page.

    Raises:
        click.UsageError: the URL is not the address of an article.
        click.exceptions.Exit: the site sent no page; with the exit code of the crawl.
    """
    address = parse_address(url)
    if address is None:
        raise click.UsageError(f"{url} is neither a file nor the address of an article")
    capture = _newest_capture(db, address) if db.is_file() else None
    return capture or _fetch(url, address)


def _newest_capture(db: Path, address: Address) -> Capture | None:
    """Return an article's newest capture; one of a shell or redirect only if there is no other."""
    with open_for_reading(db) as archive:
        rows = archive.execute(
            "SELECT id FROM captures WHERE article_url = ? "
            "ORDER BY outcome IN ('shell', 'redirect'), fetched_at DESC, rendered DESC, id DESC",
            [address.url],
        )
        row = rows.fetchone()
        return CaptureReader(archive, warc_folder(db)).load(row[0]) if row else None


def _fetch(url: str, address: Address) -> Capture:
    home = urljoin(url, "/") if is_loopback(url) else address.site.home
    number = str(address.number)
    arguments = {
        "site": home, "first": number, "last": number,
        "layout": str(address.layout), "language": address.language,
    }  # fmt: skip
    from scraper.cli.crawl import run_spider  # noqa: PLC0415 - imports Scrapy

    with TemporaryDirectory() as folder:
        db = Path(folder) / "page.db"
        _, exit_code = run_spider("numbers", arguments, db, Scope.ALL, "ERROR")
        capture = _newest_capture(db, address)
    if capture is None:
        say(f"{line(url)} was not fetched; the log above says why", err=True)
        click.get_current_context().exit(exit_code or 1)
    return capture


def _as_json(checked: CheckedPage) -> dict[str, Any]:
    page, capture = checked.page, checked.page.capture
    article = page.article and page.article.model_dump(mode="json", exclude=_NOT_PARSED)
    return {
        "url": capture.url,
        "file": capture.source,
        "capture": capture.id,
        "fetched_at": capture.fetched_at.isoformat(),
        "rendered": capture.rendered,
        "outcome": checked.outcome,
        "findings": [
            {
                "name": look.name,
                "selector": look.selector,
                "found": len(look.matches),
                "first": look.first,
            }
            for look in checked.trace.results
        ],
        "sources": checked.trace.sources,
        "article": article,
        "problems": [problem.model_dump() for problem in page.problems],
        "links": list(checked.links),
    }


def _print_checked_page(checked: CheckedPage) -> None:
    report = _as_json(checked)
    how = "rendered by a browser" if report["rendered"] else "as sent by the server"
    origin = report["file"] or f"{report['url']}, {how} at {report['fetched_at']}"
    say(f"{line(origin)}: {report['outcome']}\n")
    if report["findings"]:
        print_table("Looked for", report["findings"])
    if report["sources"]:
        print_table("Taken from", [report["sources"]])
    for name, value in (report["article"] or {}).items():
        if value:
            say(Bold(name), f": {_shortened(value)}")
    if report["problems"]:
        print_table("Problems", report["problems"])
    if report["outcome"] == Outcome.SHELL:
        say(
            "Scripts fill in the text of this page. Save it from a browser once the text is "
            "visible, or let a crawl render it (docs/rendering.md)."
        )
    if not report["article"] and report["links"]:
        say(f"\n{len(report['links'])} links to articles:")
        for link in report["links"][:_MOST_LINKS]:
            say(f"  {line(link)}")


def _shortened(value: Any) -> str:
    if isinstance(value, list):
        return "".join(f"\n  {_shortened(item)}" for item in value)
    if isinstance(value, dict):
        return line(" ".join(str(part) for part in value.values() if part))
    return line(value, _LONGEST_FIELD)
