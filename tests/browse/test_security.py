"""Security headers, compliant templates, and escaped hostile text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from jinja2 import Environment

from scraper.browse.app import Options
from scraper.browse.security import HEADERS, InlineCode
from tests.browse.conftest import served
from tests.browse.hostile import PAYLOADS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browse.conftest import Site

HERE = ("/", "http://localhost/")
PAGES = (
    "/",
    "/-/search",
    "/-/search?q=โรงงาน",
    "/-/search?q=(",
    "/-/dashboard?q=โรงงาน&ministry=industry",
    "/-/dashboard?q=(",
    "/-/search?q=<script>owned()</script>&versions=1",
    "/-/compare?q=โรงงาน&q=<script>owned()</script>",
    "/-/concordance?q=โรงงาน",
    "/-/keyness",
    "/-/tables",
    "/thaigov",
    "/thaigov?sql=select+1+as+%22%3C/style%3E%3Cscript%3Eowned()%22",
    "/thaigov/articles",
    "/thaigov/articles?_facet=layout&_sort=title",
    "/thaigov/articles/1",
    "/thaigov/captures/1",
    "/thaigov/industry_articles",
    "/thaigov/first_use?term=<script>owned()</script>",
    "/-/nothing",
    "/-/patterns",
)


class Audit(HTMLParser):
    """Collects what a strict policy forbids, and where links and loads of a page go."""

    def __init__(self, nonce: str, status: int) -> None:
        super().__init__()
        self.nonce = nonce
        self.status = status
        self.faults: list[str] = []
        self.links: list[dict[str, str]] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.faults += [f"{tag} {name}" for name in given if name.startswith("on")]
        self.faults += [f"{tag} style"] * ("style" in given)
        if tag in {"script", "style"} and given.get("nonce") != self.nonce:
            self.faults.append(f"{tag} without nonce")
        if tag in {"iframe", "object", "embed", "base"}:
            self.faults.append(tag)
        if tag == "a":
            self.links.append(given)
        elif "src" in given or tag == "link":
            self.loads.append(given.get("src", "") + given.get("href", ""))


def audit(site: Site, path: str) -> Audit:
    answer = site.get(path)
    policy = answer.headers["content-security-policy"]
    assert "unsafe" not in policy
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    found = re.search(r"script-src 'nonce-([\w-]{20,})'", policy)
    assert found
    result = Audit(found[1], answer.status_code)
    result.feed(answer.text)
    return result


@pytest.mark.parametrize("path", PAGES)
def test_every_page_complies_with_the_policy(practice: Site, path: str) -> None:
    page = audit(practice, path)
    assert page.faults == []
    assert [load for load in page.loads if not load.startswith(HERE)] == []


def test_each_response_has_its_own_nonce(practice: Site) -> None:
    assert audit(practice, "/").nonce != audit(practice, "/").nonce


@pytest.mark.parametrize("number", range(1, len(PAYLOADS) + 1))
def test_a_hostile_article_stays_text(hostile: Site, number: int) -> None:
    payload = PAYLOADS[number - 1]
    page = audit(hostile, f"/thaigov/articles/{number}")
    assert page.faults == []
    assert [load for load in page.loads if not load.startswith(HERE)] == []
    for link in page.links:
        assert link["href"].startswith(("/", "#", "http://", "https://")), link
        if link["href"].startswith(("http://evil", "https://evil")):
            assert link["rel"] == "nofollow noopener noreferrer"
    if "<" in payload:
        assert payload not in hostile.page(f"/thaigov/articles/{number}")


@pytest.mark.parametrize(
    "path",
    ["/", "/-/search", "/-/search?q=owned", "/-/dashboard", "/-/dashboard?q=owned&days=90",
     "/thaigov", "/thaigov/articles", "/thaigov/captures/1", "/thaigov/article_revisions",
     "/thaigov/attachments", "/thaigov/captures", "/thaigov/hashtags",
     "/thaigov/hashtags_of_a_period", "/thaigov/official_appearances?name=owned"],
)  # fmt: skip
def test_lists_of_hostile_articles_stay_text(hostile: Site, path: str) -> None:
    page = audit(hostile, path)
    assert page.faults == []
    assert not [link for link in page.links if "script:" in link["href"].lower()[:12]]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_query_stays_text(practice: Site, payload: str) -> None:
    for name in ("q", "ministry", "category", "tag", "since", "source", "sort"):
        assert audit(practice, f"/-/search?{name}={quote(payload)}").faults == []
    for name in ("q", "ministry", "months", "days"):
        assert audit(practice, f"/-/dashboard?{name}={quote(payload)}").faults == []


def test_csv_cells_contain_no_formulas(hostile: Site) -> None:
    assert not re.search(r"(?:^|,)\"?=HYPERLINK", hostile.get("/-/search.csv").text, re.MULTILINE)


@pytest.mark.parametrize(
    ("template", "compiled"),
    [
        ("<script>1</script>", '<script nonce="n">1</script>'),
        ('<script src="/x">', '<script nonce="n" src="/x">'),
        ("<style>p{}</style>", '<style nonce="n">p{}</style>'),
        ("<scripture>", "<scripture>"),
        ('<h1 class="a" style="color: red">', '<h1 class="a">'),
        ('<p style="height: {{ "a"|length + 2 }}em">x', "<p>x"),
        ('<p data-style="x">', '<p data-style="x">'),
    ],
)
def test_inline_code_is_rewritten(template: str, compiled: str) -> None:
    env = Environment(extensions=[InlineCode], autoescape=True)
    env.globals["csp_nonce"] = lambda: "n"
    assert env.from_string(template).render() == compiled


def test_robots_are_allowed_only_by_option(practice: Site, practice_db: Path) -> None:
    closed = practice.get("/robots.txt")
    assert closed.text == "User-agent: *\nDisallow: /\n"
    assert "noindex" in closed.headers["x-robots-tag"]
    with served(practice_db, Options(robots=True)) as site:
        opened = site.get("/robots.txt")
        assert "Disallow: /\n" not in opened.text
        assert "x-robots-tag" not in opened.headers


@pytest.mark.parametrize(
    "asked", ["_sort=colour", "_sort_desc=colour", "_sort=id&_sort_desc=id", "_through=colour"]
)
def test_a_mistake_in_an_address_is_no_fault_of_the_server(
    practice: Site, asked: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert practice.get(f"/thaigov/articles?{asked}").status_code == 400
    assert not capsys.readouterr().err
