"""The whole practice site: deterministic, lazy, plausible, with clean ground truth."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from hashlib import sha256
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from scraper.facts import KINDS
from scraper.practice.prose.drafts import LEAD_LIMIT, TITLE_LIMIT
from scraper.practice.prose.oddities import MISSING, ODDITIES, PAIRS, RESUME
from scraper.practice.prose.traps import trap_names
from scraper.practice.site.base import PAGE_LENGTH
from scraper.practice.site.still import PracticeSite
from scraper.reference import read_table
from scraper.sources import parse_address
from scraper.thai.text import clean

if TYPE_CHECKING:
    from scraper.practice.site.truth import Truth

SIZE = 2000


@pytest.fixture(scope="module")
def site() -> PracticeSite:
    return PracticeSite(SIZE)


@pytest.fixture(scope="module")
def truths(site: PracticeSite) -> list[Truth]:
    return [site.truth(number) for number in site.numbers()]


def share(truths: list[Truth], **fields: object) -> float:
    wanted = fields.items()
    return sum(all(getattr(t, name) == value for name, value in wanted) for t in truths) / len(
        truths
    )


# --- the same in every process, without holding anything ----------------------------------------


def test_another_process_serves_the_same_bytes() -> None:
    code = (
        "from hashlib import sha256; from scraper.practice.site.still import PracticeSite; "
        "s = PracticeSite(60, 7); "
        "print(sha256(b''.join(map(s.html, range(s.first, s.last + 9)))).hexdigest())"
    )
    there = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
        env={"PYTHONHASHSEED": "123"},
    ).stdout.strip()
    site = PracticeSite(60, 7)
    here = sha256(b"".join(map(site.html, range(site.first, site.last + 9)))).hexdigest()
    assert here == there


def test_pages_do_not_depend_on_the_order_of_requests(site: PracticeSite) -> None:
    other = PracticeSite(SIZE)
    numbers = list(site.numbers())[:150]
    assert {n: other.html(n) for n in reversed(numbers)} == {n: site.html(n) for n in numbers}


def test_another_seed_is_another_site() -> None:
    one, other = PracticeSite(20, 1), PracticeSite(20, 2)
    assert one.html(one.first) != other.html(other.first)


def test_a_million_pages_are_there_at_once() -> None:
    start = process_time()
    site = PracticeSite(1_000_000)
    assert site.truth(site.last).title
    assert len(site.listing(40_000)) == PAGE_LENGTH
    assert process_time() - start < 1


def test_a_page_takes_less_than_three_milliseconds(site: PracticeSite) -> None:
    numbers = [number for number in site.numbers() if number % 5 == 0]
    start = process_time()
    for number in numbers:
        site.html(number)
    assert (process_time() - start) / len(numbers) < 0.003


def test_a_site_needs_a_page_of_articles() -> None:
    with pytest.raises(ValueError, match="20 pages or more"):
        PracticeSite(19)


# --- the truth is clean and true to itself ------------------------------------------------------


def test_texts_are_clean(truths: list[Truth]) -> None:
    for truth in truths:
        for text in (truth.title, truth.lead or "", truth.body, truth.tail, truth.category or ""):
            assert clean(text) == text


def test_dates_are_where_the_truth_says(truths: list[Truth]) -> None:
    for truth in truths:
        for found in truth.dates:
            text, mention = getattr(truth, found.field), found.mention
            assert text[mention.start : mention.end] == mention.text
            assert mention.flags or mention.start_on


def test_facts_are_where_the_truth_says(truths: list[Truth]) -> None:
    for truth in truths:
        values: tuple[Any, ...] = (
            *truth.people,
            *truth.places,
            *truth.money,
            *truth.laws,
            *truth.contacts,
        )
        for value in (*values, *truth.programmes, *truth.agency_mentions):
            field, position, text = value.at
            assert getattr(truth, field)[position : position + len(text)] == text


def test_every_kind_of_fact_occurs(truths: list[Truth]) -> None:
    for kind in KINDS:
        if kind.judged:
            assert sum(bool(getattr(truth, kind.name)) for truth in truths) >= 10, kind.name


def test_titles_and_leads_fit_the_form(truths: list[Truth]) -> None:
    assert all(0 < len(truth.title) <= TITLE_LIMIT for truth in truths)
    assert all(len(truth.lead or "") <= LEAD_LIMIT for truth in truths)


def test_hashtags_and_links_occur_once_and_in_the_text(truths: list[Truth]) -> None:
    for truth in truths:
        assert len(set(truth.hashtags)) == len(truth.hashtags)
        assert all(f"#{tag}" in truth.tail for tag in truth.hashtags)
        assert all(link in truth.tail and link != truth.url for link in truth.links)
        assert all(parse_address(link) for link in truth.links)


def test_ministries_are_named_where_there_is_one(truths: list[Truth]) -> None:
    names = {row["slug"]: row["name_th"] for row in read_table("ministries.csv")}
    unnamed = {RESUME, "trap-18-prime-minister-and-defence"}
    for truth in truths:
        if truth.ministry and truth.language == "th" and truth.oddity not in unnamed:
            assert names[truth.ministry] in truth.title + (truth.lead or "") + truth.body


# --- plausible ----------------------------------------------------------------------------------


def test_releases_do_not_look_alike(truths: list[Truth]) -> None:
    plain = [truth for truth in truths if truth.oddity == "plain" and truth.ministry]
    assert len({truth.body for truth in plain}) == len(plain)
    assert len({truth.title for truth in plain}) > 0.85 * len(plain)


def test_sizes_are_about_as_measured(truths: list[Truth]) -> None:
    bodies = sorted(len(truth.body) for truth in truths)
    paragraphs = [truth.body.count("\n") + 1 for truth in truths]
    assert 1700 < median(bodies) < 2600
    assert 4000 < bodies[int(len(bodies) * 0.95)] < 8000
    assert 4 <= median(paragraphs) <= 7
    assert 90 < median(len(truth.title) for truth in truths) < 130


def test_ministries_have_about_the_measured_shares(truths: list[Truth]) -> None:
    count = Counter(truth.ministry for truth in truths)
    assert {row["slug"] for row in read_table("ministries.csv")} < set(count)
    assert 0.09 < count["industry"] / len(truths) < 0.20
    assert 0.01 < count[None] / len(truths) < 0.10


def test_headers_and_leads_have_about_the_measured_shares(truths: list[Truth]) -> None:
    # Own texts are 23.9 % of the leads, those that continue the headline 12.2 %.
    assert share(truths, lead=None) == pytest.approx(0.63, abs=0.05)
    assert share(truths, tail="") == pytest.approx(0.73, abs=0.05)
    late = truths[SIZE // 2 :]
    assert share(late, entered_on=None) == pytest.approx(0.42, abs=0.08)
    assert all(truth.entered_on is None for truth in truths[: SIZE // 3] if truth.oddity == "plain")


def test_as_many_bodies_lack_a_date_as_measured(truths: list[Truth]) -> None:
    undated = sum(not any(found.field == "body" for found in truth.dates) for truth in truths)
    assert undated / len(truths) == pytest.approx(0.21, abs=0.05)


# --- oddities, listings, search -----------------------------------------------------------------


@pytest.mark.parametrize("size", [200, 240, 1000, 100_000])
def test_every_oddity_has_its_page(size: int) -> None:
    site = PracticeSite(size)
    for name in (RESUME, *ODDITIES, *PAIRS, *trap_names()):
        assert site.truth(site.number_of(name)).oddity == name
    assert not any(site.exists(site.number_of(name)) for name in MISSING)


def test_a_small_site_promises_no_oddity() -> None:
    with pytest.raises(LookupError, match="199 pages"):
        PracticeSite(199).number_of("radio")
    with pytest.raises(LookupError, match="'no-such'"):
        PracticeSite(200).number_of("no-such")


def test_a_gap_has_no_truth(site: PracticeSite) -> None:
    gap = next(n for n in range(site.first, site.last) if not site.exists(n))
    with pytest.raises(LookupError, match=str(gap)):
        site.truth(gap)


def test_listings_name_every_article_once_newest_first() -> None:
    site = PracticeSite(90)
    pages = [site.listing(page) for page in range(1, 7)]
    assert [len(page) for page in pages] == [20, 20, 20, 20, 10, 0]
    listed = [entry for page in pages for entry in page]
    assert listed == [(n, site.truth(n).title) for n in reversed(list(site.numbers()))]


def test_a_category_lists_its_articles_only() -> None:
    site = PracticeSite(90)
    wanted = [n for n in site.numbers() if site.truth(n).category == "ด้านเศรษฐกิจ"]
    found = [n for page in range(1, 7) for n, _ in site.listing(page, "ด้านเศรษฐกิจ")]
    assert found == wanted[::-1]


def test_search_finds_words_of_headline_and_body(site: PracticeSite) -> None:
    found = site.search("แบตเตอรี่")
    assert 0 < len(found) <= PAGE_LENGTH
    for number, title in found:
        assert "แบตเตอรี่" in title + site.truth(number).body
    assert site.search("ไม่มีคำนี้แน่นอน") == []
