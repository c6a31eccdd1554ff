"""Checks of the tables of names: mistakes of editors are found before they reach an archive."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from scraper import reference
from scraper.reference import ReferenceTableError, read_table
from scraper.thai import name_tables
from scraper.thai.names import find_names
from scraper.thai.text import clean_line

if TYPE_CHECKING:
    from pathlib import Path

MINISTRIES = read_table("ministries.csv")
AGENCIES = read_table("agencies.csv")
MINISTRY_NAMES = read_table("ministry_names.csv")
AGENCY_NAMES = read_table("agency_names.csv")
NAMES = (*MINISTRY_NAMES, *AGENCY_NAMES)
OF = {row["slug"]: row["slug"] for row in MINISTRIES} | {
    row["slug"]: row["ministry"] for row in AGENCIES
}
MINISTRY_KINDS = {"name", "abbreviation", "agency", "hashtag", "officer", "programme", "none"}
AGENCY_KINDS = {"name", "abbreviation", "short", "hashtag", "part", "none"}
KINDS = {
    "department", "enterprise", "public", "fund", "university", "institute", "forces", "police",
    "court", "independent", "parliament", "royal", "local", "provincial", "centre",
}  # fmt: skip


def test_a_name_without_owner_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for table in ("ministries.csv", "agencies.csv", "agency_names.csv"):
        (tmp_path / table).write_text(reference.table_path(table).read_text("utf-8"), "utf-8")
    (tmp_path / "ministry_names.csv").write_text(
        "name,of,kind,weight,from,until,needs,note\nกรมใหม่,industri,agency,1,,,,\n", "utf-8"
    )
    monkeypatch.setattr(reference, "_TABLE_FOLDERS", (tmp_path,))
    read_table.cache_clear()
    name_tables.name_tables.cache_clear()
    try:
        with pytest.raises(ReferenceTableError, match="กรมใหม่ belongs to industri"):
            find_names("กรมใหม่", None, "")
    finally:
        read_table.cache_clear()
        name_tables.name_tables.cache_clear()


@pytest.mark.parametrize("table", [MINISTRIES, AGENCIES], ids=["ministries", "agencies"])
def test_slugs_and_names_are_unique(table: tuple[dict[str, str], ...]) -> None:
    for column in ("slug", "name_th", "name_en"):
        assert len({row[column] for row in table}) == len(table)
    assert all(re.fullmatch("[a-z-]+", row["slug"]) for row in table)


def test_ministries() -> None:
    assert len(MINISTRIES) == len({row["abbreviation"] for row in MINISTRIES}) == 20
    assert not {row["slug"] for row in MINISTRIES} & {row["slug"] for row in AGENCIES}


def test_agencies() -> None:
    count = Counter(row["ministry"] for row in AGENCIES)
    assert set(count) == {*(row["slug"] for row in MINISTRIES), ""}
    assert min(count.values()) >= 5
    for row in AGENCIES:
        for name in (row["name_th"], row["name_en"]):
            assert name == clean_line(name)
            assert len(name) >= 6, row["slug"]


def test_kinds_and_days_of_agencies() -> None:
    slugs = {row["slug"] for row in AGENCIES}
    assert {row["kind"] for row in AGENCIES} == KINDS
    for row in AGENCIES:
        first, last = (row[day] and date.fromisoformat(row[day]) for day in ("first_on", "last_on"))
        assert not (first and last) or first < last, row["slug"]
        assert row["successor"] in slugs | {""}, row["slug"]
        assert row["last_on"] or not row["successor"], row["slug"]
        assert row["ministry"] or row["kind"] in {
            "court", "independent", "parliament", "royal", "provincial",
        }, row["slug"]  # fmt: skip


def test_an_agency_s_abbreviation_means_it_or_its_ministry() -> None:
    meant = {(row["name"], owner) for row in NAMES for owner in (row["of"], OF.get(row["of"]))}
    for row in AGENCIES:
        named = {(row["abbreviation"], row["slug"]), (row["abbreviation"], row["ministry"])}
        assert named & meant or not row["abbreviation"], row["slug"]


def test_official_names_are_in_another_table_only_with_a_context() -> None:
    official = {(row[name], row["slug"]) for row in AGENCIES for name in ("name_th", "name_en")}
    plain = {(row["name"], row["of"]) for row in NAMES if not row.get("after")}
    assert not official & plain


def test_each_table_names_its_own() -> None:
    assert {row["of"] for row in AGENCY_NAMES} <= {*(row["slug"] for row in AGENCIES), ""}
    assert {row["of"] for row in MINISTRY_NAMES} <= {*(row["slug"] for row in MINISTRIES), ""}


def test_every_ministry_has_names() -> None:
    count = Counter(row["of"] for row in NAMES)
    assert min(count[row["slug"]] for row in MINISTRIES) >= 5


def test_no_name_means_a_ministry_twice() -> None:
    # Office holders move: a name may mean one ministry in two periods.
    keys = Counter((row["name"], OF.get(row["of"]), row.get("from", "")) for row in NAMES)
    keys += Counter(
        (row[name], row["ministry"], "") for row in AGENCIES for name in ("name_th", "name_en")
    )
    in_context = {(row["name"], OF[row["of"]], "") for row in AGENCY_NAMES if row["after"]}
    assert [key for key, count in keys.items() if count > 1 and key not in in_context] == []


def test_values() -> None:
    for row in NAMES:
        name = row["name"]
        assert name == clean_line(name)
        assert len(name) >= 3 or row["kind"] == "hashtag", name
        assert (row["kind"] == "none") == (row["of"] == ""), name
        assert 0 < float(row["weight"]) <= 1 or row["kind"] == "none", name
        for words in ("needs", "after", "before"):
            assert all(word == clean_line(word) for word in row.get(words, "").split("|")), name
    assert {row["kind"] for row in MINISTRY_NAMES} <= MINISTRY_KINDS
    assert {row["kind"] for row in AGENCY_NAMES} <= AGENCY_KINDS


def test_only_officers_have_dates() -> None:
    for row in MINISTRY_NAMES:
        first, last = (row[day] and date.fromisoformat(row[day]) for day in ("from", "until"))
        assert bool(first) == (row["kind"] == "officer"), row["name"]
        assert not (first and last) or first < last, row["name"]


def test_a_name_that_hides_others_has_no_meaning() -> None:
    hiding = {row["name"] for row in NAMES if row["kind"] == "none"}
    assert not hiding & {row["name"] for row in NAMES if row["of"]}


def test_a_name_with_a_context_has_one_meaning() -> None:
    count = Counter(row["name"] for row in NAMES)
    assert all(count[row["name"]] == 1 for row in AGENCY_NAMES if row["after"] or row["before"])


def test_every_name_is_found() -> None:
    for row in NAMES:
        name = f"#{row['name']}" if row["kind"] == "hashtag" else row["name"]
        needed = row["needs"].split("|")[0]
        context = row.get("after", "").split("|")[0]
        day = date.fromisoformat(row["from"]) if row.get("from") else None
        found = find_names("", None, f"ว่า {context} {name} และ {needed}", published_on=day)
        meant = {slug for n in found for m in n.meanings for slug in (m.ministry, m.agency)}
        owner = OF[row["of"]] if row["kind"] == "part" else row["of"]
        assert owner in meant or row["kind"] == "none", name
