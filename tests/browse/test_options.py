"""What an operator may choose: a path of another site, settings, metadata, plugins, CORS."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from datasette.utils import PrefixedUrlString

from scraper.browse.metadata import merged
from scraper.browse.options import (
    OptionError,
    Options,
    normal_base_path,
    read_metadata,
    read_settings,
)
from tests.browse.conftest import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from tests.browse.conftest import Site

BASE = "/a/news/"
ROOT = "http://localhost"
_LINK = re.compile(r'(?:href|src|action|content)="([^"#]*)')
_ABSOLUTE = re.compile(r'"(http://localhost[^"]*)"')


@pytest.fixture(scope="module")
def moved(practice_db: Path) -> Iterator[Site]:
    """Return the site under a base path."""
    with served(practice_db, Options(base_path="a/news", robots=True)) as site:
        yield site


def ask(site: Site, path: str) -> httpx.Response:
    """Request a path as it is: Datasette's client would put the base path in front."""
    return site.get(PrefixedUrlString(path))


def shape(path: str) -> str:
    """Return what links of one kind have in common."""
    start, _, query = path.partition("?")
    names = sorted(re.findall(r"(?:^|&)(\w+)=", query))
    return re.sub(r"\d+|[a-z_]+(?=\?|$)", "0", start.split("%")[0]) + "?" + "&".join(names)


def test_every_link_leads_to_a_page_under_the_base_path(moved: Site) -> None:
    waiting = [BASE, f"{BASE}-/search?q=อ้อย", f"{BASE}-/search.json?q=อ้อย&size=2",
               f"{BASE}-/feed.atom?q=อ้อย", f"{BASE}sitemap.xml", f"{BASE}robots.txt",
               f"{BASE}-/opensearch.xml", f"{BASE}thaigov/articles?_sort=title&_facet=layout",
               f"{BASE}thaigov/date_mentions?_size=5", f"{BASE}-/people", f"{BASE}-/agencies/diw",
               f"{BASE}-/ministries/industry", f"{BASE}-/provinces/TH-20", f"{BASE}-/money",
               f"{BASE}-/map?q=อ้อย", f"{BASE}-/calendar", f"{BASE}-/calendar.ics",
               f"{BASE}-/money.csv?by=programme",
               f"{BASE}thaigov/people_posts?_size=5"]  # fmt: skip
    seen: set[str] = set()
    while waiting and len(seen) < 46:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        answer = ask(moved, path)
        assert answer.status_code < 400, path
        for found in (*_LINK.findall(answer.text), *_ABSOLUTE.findall(answer.text)):
            link = unescape(found).removeprefix(ROOT)
            if link.startswith(("http:", "https:", "mailto:")) or not link.startswith("/"):
                continue
            assert link.startswith(BASE), f"{path} links to {link}"
            waiting.append(link)
        location = answer.headers.get("location", BASE).removeprefix(ROOT)
        assert location.startswith(BASE), f"{path} redirects to {location}"
    assert len(seen) == 46


def test_a_base_path_without_its_last_slash_leads_there(moved: Site) -> None:
    assert ask(moved, BASE[:-1]).headers["location"] == BASE
    style = re.search(rf'"({BASE}-/thaigov/site.css[^"]+)"', ask(moved, BASE).text)
    assert style
    assert "immutable" in ask(moved, style[1]).headers["cache-control"]
    assert ask(moved, f"{BASE}thaigov/first_use?since=x").status_code == 200
    assert ask(moved, f"{BASE}thaigov/ministry_activity?since=x").status_code == 400


@pytest.mark.parametrize(
    ("given", "path"), [("news", "/news/"), ("/a/b/", "/a/b/"), ("/", "/"), ("", "/")]
)
def test_base_paths(given: str, path: str) -> None:
    assert normal_base_path(given) == path


@pytest.mark.parametrize("path", ["https://example.org/news", "/a//b", "/../x", "/a?b"])
def test_an_invalid_base_path_is_refused(path: str) -> None:
    with pytest.raises(OptionError, match="such as /news/"):
        normal_base_path(path)


def test_settings_have_their_types() -> None:
    given = [("max_returned_rows", "50"), ("allow_facet", "off"), ("template_debug", "1")]
    assert read_settings(given) == {
        "max_returned_rows": 50,
        "allow_facet": False,
        "template_debug": True,
    }
    for wrong, why in ((("max_rows", "1"), "it has "), (("allow_facet", "x"), "on or off"),
                       (("max_returned_rows", "many"), "a number")):  # fmt: skip
        with pytest.raises(OptionError, match=why):
            read_settings([wrong])


def test_metadata_is_merged_at_every_depth(tmp_path: Path) -> None:
    assert merged({"a": {"b": 1, "c": 2}}, {"a": {"b": 3}, "d": 4}) == {
        "a": {"b": 3, "c": 2},
        "d": 4,
    }
    for text in ("a: [", "- 1\n- 2", "\x00"):
        (tmp_path / "x.yaml").write_text(text)
        with pytest.raises(OptionError, match=r"x\.yaml"):
            read_metadata(tmp_path / "x.yaml")


def test_an_operator_adds_metadata_settings_and_plugins(practice_db: Path, tmp_path: Path) -> None:
    (tmp_path / "about.yaml").write_text(
        "title: ข่าวของเรา\ndatabases: {thaigov: {tables: {articles: {title: ของเรา}}}}\n"
    )
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "hello_of_tests.py").write_text(
        "from datasette import hookimpl, Response\n\n\n@hookimpl\ndef register_routes():\n"
        '    return [(r"^/-/hello$", lambda: Response.text("hello"))]\n'
    )
    options = Options(
        metadata=tmp_path / "about.yaml",
        plugins_dir=plugins,
        settings=(("max_returned_rows", "7"),),
        cors=True,
    )
    with served(practice_db, options) as site:
        assert site.get("/-/hello").text == "hello"
        assert site.get("/-/metadata.json").json()["title"] == "ข่าวของเรา"
        assert "ของเรา" in site.page("/thaigov/articles")
        assert len(site.get("/thaigov/captures.json?_size=max").json()["rows"]) == 7
        for path in ("/-/search.json", "/-/search.csv", "/-/feed.atom", "/thaigov.json",
                     "/-/search.json?since=x"):  # fmt: skip
            headers = site.get(path).headers
            assert headers.get_list("access-control-allow-origin") == ["*"], path
        assert "access-control-allow-origin" not in site.get("/").headers


def test_without_cors_no_other_site_reads(practice: Site) -> None:
    assert "access-control-allow-origin" not in practice.get("/-/search.json").headers
