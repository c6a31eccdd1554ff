"""Tests for unreadable indexes and entries, which must not affect the others."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from scraper.sources.wayback import REQUIRED_FIELDS
from tests.commands import thaigov
from tests.many_crawls import Crawl, crawl_all, query
from tests.recovery.common_crawl import CommonCrawl
from tests.recovery.conftest import HOME, SITE, page_url
from tests.recovery.faulty_server import Reply, serving
from tests.recovery.pages_in_warc import Held
from tests.recovery.small_wayback import SmallWayback

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NUMBERS = list(SITE.numbers())[:4]
YEARS = ("2024", "2023", "2022", "2021")
NAMES = [f"CC-MAIN-{year}-10" for year in YEARS]
FORBIDDING = b"User-agent: *\nAllow: /collinfo.json$\nDisallow: /\n"


def common_crawl(folder: Path) -> CommonCrawl:
    """Return a server of four collections with one article each."""
    crawls = CommonCrawl(folder)
    for name, year, number in zip(NAMES, YEARS, NUMBERS, strict=True):
        crawls.add(name, [Held(page_url(number), f"{year}0306060606", SITE.html(number))])
    return crawls


def row(crawls: CommonCrawl, **changes: object) -> str:
    (known,) = crawls.collections[NAMES[0]]
    changed = {name: value for name, value in {**known, **changes}.items() if value is not None}
    return json.dumps(changed, ensure_ascii=False)


# An odd line among the good ones of the first collection.
ODD_LINES: dict[str, Callable[[CommonCrawl], str]] = {
    "a blank line": lambda _: "   ",
    "not JSON": lambda _: "org,example)/ 2024 {",
    "an array": lambda _: "[1, 2]",
    "a number": lambda _: "7",
    "deep": lambda _: "[" * 50_000,
    "a field too few": lambda c: row(c, filename=None),
    "a field too many": lambda c: row(c, more="x"),
    "no status": lambda c: row(c, status=None),
    "U+0085": lambda c: row(c, mime="a\u0085b"),
    "U+2028": lambda c: row(c, url=page_url(NUMBERS[0]) + "?\u2028"),
    "a negative offset": lambda c: row(c, offset="-5"),
    "no length": lambda c: row(c, length=0),
    "a length in words": lambda c: row(c, length="ten"),
    "another folder": lambda c: row(c, filename="crawl-data/../../secret"),
    "another host": lambda c: row(c, filename="@evil.example/x"),
    "no time": lambda c: row(c, timestamp="20241399000000"),
    "Thai digits": lambda c: row(c, timestamp="๒๐๒๔0306060606"),
}
GOOD_LINES = {"a blank line", "a field too many", "no status", "U+0085", "U+2028"}


def with_line(folder: Path, name: str) -> CommonCrawl:
    crawls = common_crawl(folder)
    lines = "\n".join([row(crawls), ODD_LINES[name](crawls), row(crawls)])
    crawls.lines[NAMES[0]] = lines.encode()
    return crawls


def silent(folder: Path, *replies: Reply) -> CommonCrawl:
    crawls = common_crawl(folder)
    crawls.faults = {f"/{NAMES[1]}-index": list(replies)}
    return crawls


SILENT: dict[str, Callable[[Path], CommonCrawl]] = {
    "504": lambda f: silent(f, *[Reply(504)] * 9),
    "reset": lambda f: silent(f, *[Reply(0, reset=True)] * 9),
    "broken off": lambda f: silent(f, *[Reply(200, (), b"{", cut=99)] * 9),
    "a page for people": lambda f: silent(f, Reply(200, (), b"<html>maintenance</html>")),
    "redirect to another host": lambda f: silent(
        f, Reply(302, (("Location", "http://index.example/"),))
    ),
    "redirect without target": lambda f: silent(f, Reply(302)),
}


def crawl(crawls: CommonCrawl, folder: Path) -> Crawl:
    arguments = {"index": crawls.url, "data": crawls.url, "pause": "0.05"}
    return Crawl(HOME, str(folder / "thaigov.db"), arguments, spider="commoncrawl")


@pytest.fixture(scope="module")
def recovered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Recover from all archives, twice from the silent ones; return folder and first log."""
    folder = tmp_path_factory.mktemp("parts")
    with ExitStack() as servers:
        served = {
            name: servers.enter_context(serving(make(folder / f"{name} files")))
            for name, make in SILENT.items()
        }
        odd = {
            name: servers.enter_context(serving(with_line(folder / f"{name} files", name)))
            for name in ODD_LINES
        }
        log = crawl_all([crawl(c, folder / name) for name, c in (served | odd).items()])
        for name, crawls in served.items():
            rows = query(folder / name / "thaigov.db", "SELECT outcome, exit_code FROM runs")
            assert rows == [("unmet", 3)], name
            failed = query(folder / name / "thaigov.db", "SELECT url FROM frontier")
            assert len(failed) == 1
            assert f"{crawls.url}/{NAMES[1]}-index" in failed[0][0]
            assert len(query(folder / name / "thaigov.db", "SELECT 1 FROM articles")) == 3
            crawls.faults.clear()
        crawl_all([crawl(c, folder / name) for name, c in served.items()])
    return folder, log


@pytest.mark.parametrize("name", SILENT)
def test_a_silent_index_is_asked_again_and_the_others_are_used(
    recovered: tuple[Path, str], name: str
) -> None:
    db = recovered[0] / name / "thaigov.db"
    problems = query(db, "SELECT stage, kind FROM problems WHERE stage = 'index'")
    assert problems == [("index", "silent-index")]
    assert query(db, "SELECT outcome, new FROM runs WHERE id = 2") == [("done", 1)]
    assert query(db, "SELECT count(*) FROM frontier") == [(0,)]
    assert "1 of 4 indexes could not be read" in recovered[1]


@pytest.mark.parametrize("name", ODD_LINES)
def test_an_odd_line_does_not_affect_others(recovered: tuple[Path, str], name: str) -> None:
    db = recovered[0] / name / "thaigov.db"
    assert query(db, "SELECT outcome, exit_code, new FROM runs") == [("done", 0, 4)]
    problems = query(db, "SELECT stage, kind FROM problems WHERE stage = 'index'")
    assert problems == ([] if name in GOOD_LINES else [("index", "bad-entry")])


def test_the_share_of_silent_indexes_decides(tmp_path: Path) -> None:
    """One of eleven is less than a tenth."""
    with serving(common_crawl(tmp_path / "files")) as crawls:
        for month in range(7):
            crawls.add(f"CC-MAIN-2020-{10 + month}", [])
        crawls.faults = {f"/{NAMES[1]}-index": [Reply(504)] * 9}
        few = crawl(crawls, tmp_path / "few")
        crawl_all([few])
        crawls.faults = {"-index": [Reply(504)] * 99}
        every = crawl(crawls, tmp_path / "every")
        crawl_all([every])
    assert query(few.db, "SELECT outcome, exit_code, new FROM runs") == [("done", 0, 3)]
    assert query(every.db, "SELECT outcome, exit_code, new FROM runs") == [("failed", 1, 0)]


def test_robots_txt_of_common_crawl_is_obeyed_unless_it_is_ignored(tmp_path: Path) -> None:
    hosts = ["--site", HOME, "--db", str(tmp_path / "a.db")]
    with serving(common_crawl(tmp_path / "files")) as crawls:
        crawls.robots = FORBIDDING
        command = ["recover", "commoncrawl", "--index", crawls.url, "--data", crawls.url, *hosts]
        refused = thaigov(*command, expect=4)
        assert crawls.requests == ["/robots.txt", "/collinfo.json"]
        assert "forbids /CC-MAIN-2024-10-index" in refused.stderr
        assert "run again with --ignore-robots 127.0.0.1 (docs/recover.md)" in refused.stderr
        strange = thaigov(*command, "--ignore-robots", "www.thaigov.go.th", expect=2)
        assert "www.thaigov.go.th is not asked by this run, only 127.0.0.1" in strange.stderr
        thaigov(*command, "--ignore-robots", "127.0.0.1")
    ((arguments,),) = query(tmp_path / "a.db", "SELECT arguments FROM runs WHERE id = 2")
    assert json.loads(arguments)["ignore_robots"] == "127.0.0.1"
    assert query(tmp_path / "a.db", "SELECT outcome, new FROM runs") == [
        ("refused", 0),
        ("done", 4),
    ]


def test_only_collections_within_bounds_are_asked(tmp_path: Path) -> None:
    with serving(common_crawl(tmp_path / "files")) as crawls:
        for name in ("CC-MAIN-2016-18", "CC-MAIN-2014-10", "CC-MAIN-2012", "CC-MAIN-2008-2009"):
            crawls.add(name, [])
        crawl_all([crawl(crawls, tmp_path / "a")])
        indexes = [path.split("?")[0] for path in crawls.requests if "-index" in path]
        assert indexes == [f"/{name}-index" for name in NAMES]


def test_an_endless_index_is_not_read_on(tmp_path: Path) -> None:
    """Cursors that repeat, and new cursors with the same rows."""
    names = [*REQUIRED_FIELDS, "urlkey"]

    def part(number: int, cursor: str) -> str:
        row = ["20240306060606", page_url(NUMBERS[number]), "200", "D", "key"]
        return json.dumps([names, row, [], [cursor]])

    with ExitStack() as servers:
        circle, repeat = (servers.enter_context(serving(SmallWayback())) for _ in range(2))
        for archive in (circle, repeat):
            for number in NUMBERS:
                archive.hold("20240306060606", page_url(number), SITE.html(number))
        circle.parts = [part(n % 3, "abc"[n % 3]) for n in range(50)]
        repeat.parts = [part(0, str(n)) for n in range(50)]
        crawls = [
            Crawl(HOME, str(tmp_path / name / "a.db"), {"archive": archive.url}, spider="wayback")
            for name, archive in (("circle", circle), ("repeat", repeat))
        ]
        log = crawl_all(crawls)
        assert (len(circle.parts), len(repeat.parts)) == (46, 46)
    assert [len(query(c.db, "SELECT 1 FROM articles")) for c in crawls] == [3, 1]
    assert query(crawls[0].db, "SELECT outcome, exit_code FROM runs") == [("unmet", 3)]
    assert log.count("its listing does not end: the same parts came again") >= 2
