"""Layout news of the practice site: the same releases, under other numbers, as JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from hashlib import sha256
from time import perf_counter
from typing import Any

import pytest

from scraper.model import Layout
from scraper.practice.html.news import OFFICE, WITH_TEXT
from scraper.practice.prose.drafts import Delivery
from scraper.practice.prose.oddities import ODDITIES, PAIRS, RESUME
from scraper.practice.site.deliveries import NEWS_MISSING, NEWS_ODDITIES
from scraper.practice.site.still import PracticeSite
from scraper.sources import PRACTICE, parse_address

SIZE = 240
OLD = PracticeSite(SIZE, resume_length=5000)
SITE = PracticeSite(SIZE, layout=Layout.NEWS, resume_length=5000)
DIGITS = re.compile(r"\d+")
EMBEDDED = re.compile(r'<script[^>]*type="application/(?:ld\+)?json">(.*?)</script>', re.DOTALL)


def carried(number: int) -> Any:
    """Return the JSON embedded in a page."""
    (text,) = EMBEDDED.findall(SITE.html(number).decode())
    return json.loads(text)


def test_both_layouts_have_the_same_releases_under_other_numbers() -> None:
    old, new = ([*map(site.truth, site.numbers())] for site in (OLD, SITE))
    assert len(old) == len(new) == SIZE
    assert not {t.number for t in old} & {t.number for t in new}
    # Some texts hold the number. The page that names the office was written for this layout, and
    # so was the first, which is English.
    differing = [
        other.number
        for one, other in zip(old, new, strict=True)
        if any(
            DIGITS.sub("", text) != DIGITS.sub("", shown)
            for text, shown in ((one.title, other.title), (one.body or one.lead or "", other.body))
        )
    ]
    assert differing == [SITE.first, SITE.number_of("office-in-body")]


def test_truth_matches_what_the_layout_shows() -> None:
    for number in SITE.numbers():
        truth = SITE.truth(number)
        address = parse_address(truth.url)
        assert address
        told = (address.layout, address.number, address.language, address.site)
        assert told == (truth.layout, number, truth.language, PRACTICE)
        assert truth.layout is Layout.NEWS
        assert (truth.lead, truth.category, truth.entered_on) == (None, None, None)
        day, month, year = truth.published_raw.removeprefix("วันที่ : ")[:10].split("/")
        assert f"{int(year) - 543}-{month}-{day}" == truth.published_on.isoformat()
        assert re.fullmatch(r"[01]\d:[0-5]\d", truth.published_raw[-5:])
        assert all(link.startswith(f"{PRACTICE.home}/th/news/2") for link in truth.links)


def test_files_have_signed_addresses() -> None:
    pattern = re.compile(
        r"https://media\.practice\.example/[\w-]{43}=/(https://archives\.practice\.example/uploads/.+)"
    )
    files = [file for number in SITE.numbers() for file in SITE.truth(number).attachments]
    assert {file.kind for file in files} == {"image", "document", "audio"}
    for file in files:
        match = pattern.fullmatch(file.url)
        assert match
        assert match[1] == file.original


def test_a_shell_holds_nothing_of_the_article_and_the_json_all_of_it() -> None:
    numbers = [n for n in SITE.numbers() if (d := SITE.draft(n)) and d.delivery not in WITH_TEXT]
    assert len(numbers) > 0.9 * SIZE
    shells = {SITE.html(number) for number in numbers}
    assert len(shells) == 2  # a Thai and an English one
    assert all("<title>รัฐบาลไทย</title>" in shell.decode() for shell in shells)
    for number in numbers[:20]:
        truth, data = SITE.truth(number), SITE.data(number)
        assert (data["id"], data["date"]) == (number, truth.published_raw)
        assert data["published"].startswith(f"{truth.published_on}T{truth.published_raw[-5:]}")
        assert len(data["content"]) >= len(truth.body)
        assert {*data["images"], *data["documents"]} == {file.url for file in truth.attachments}


def test_some_pages_come_with_their_text() -> None:
    json_ld, next_data, server = (SITE.number_of(name) for name in sorted(WITH_TEXT))
    assert SITE.draft(server).delivery is Delivery.SERVER  # type: ignore[union-attr]
    for number in (server, json_ld):
        assert f"<title>รัฐบาลไทย | {SITE.truth(number).title}" in SITE.html(number).decode()
    assert carried(next_data)["props"]["pageProps"]["article"] == SITE.data(next_data)
    article = carried(json_ld)
    assert article["@type"] == "NewsArticle"
    assert article["articleBody"].startswith(SITE.truth(json_ld).body)


def test_how_many_pages_come_with_their_text_can_be_chosen() -> None:
    def shells(scripted: float) -> int:
        site = PracticeSite(60, layout=Layout.NEWS, scripted=scripted)
        return sum("<title>รัฐบาลไทย</title>" in site.html(n).decode() for n in site.numbers())

    certain = len(NEWS_ODDITIES)
    assert shells(1) >= 60 - certain
    assert shells(0) <= certain + 60 / 3 * 1.6  # a third of the others carries JSON in a shell


@pytest.mark.parametrize("size", [20, 240])
def test_every_oddity_of_the_layout_has_its_page(size: int) -> None:
    site = PracticeSite(size, layout=Layout.NEWS)
    for name in NEWS_ODDITIES:
        assert site.exists(site.number_of(name))
    if size >= 200:
        for name in (RESUME, *ODDITIES, *PAIRS):
            assert site.exists(site.number_of(name))
        assert not any(site.exists(site.number_of(name)) for name in NEWS_MISSING)


def test_a_text_may_name_the_office_that_begins_the_footer() -> None:
    lines = SITE.truth(SITE.number_of("office-in-body")).body.split("\n")
    assert OFFICE in lines
    assert lines[-1].startswith(OFFICE)


def test_english_releases_have_addresses_of_their_own() -> None:
    languages = {number: SITE.truth(number).language for number in SITE.numbers()}
    assert {*languages.values()} == {"th", "en"}
    assert languages == {number: SITE.language(number) for number in SITE.numbers()}
    listed = [n for page in range(1, 4) for n, _ in SITE.listing(page, language="en")]
    assert listed == sorted((n for n in languages if languages[n] == "en"), reverse=True)


def test_another_process_serves_the_same_bytes() -> None:
    code = (
        "import json; from hashlib import sha256; from scraper.model import Layout; "
        "from scraper.practice.site.still import PracticeSite; "
        "s = PracticeSite(30, 7, layout=Layout.NEWS); "
        "told = [(s.html(n).decode(), s.data(n)) for n in s.numbers()]; "
        "print(sha256(json.dumps(told).encode()).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, check=True, text=True, env={"PYTHONHASHSEED": "123"},
    ).stdout.strip()  # fmt: skip
    site = PracticeSite(30, 7, layout=Layout.NEWS)
    told = [(site.html(number).decode(), site.data(number)) for number in site.numbers()]
    assert sha256(json.dumps(told).encode()).hexdigest() == there


def test_a_million_pages_are_there_at_once() -> None:
    start = perf_counter()
    site = PracticeSite(1_000_000, layout=Layout.NEWS)
    assert site.data(site.last)["title"]
    assert len(site.listing(3, language="th")) == 20
    assert perf_counter() - start < 1
