"""Tests for finding names, and checks of the tables of names."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper import reference
from scraper.reference import ReferenceTableError, read_table
from scraper.thai import names
from scraper.thai.names import PLACES, find_names
from scraper.thai.text import clean_line, fold

if TYPE_CHECKING:
    from pathlib import Path

MINISTRIES = read_table("ministries.csv")
AGENCIES = read_table("agencies.csv")
NAMES = read_table("ministry_names.csv")
OF = {row["slug"]: row["slug"] for row in MINISTRIES} | {
    row["slug"]: row["ministry"] for row in AGENCIES
}
KINDS = {"name", "abbreviation", "agency", "hashtag", "officer", "programme", "none"}


def test_names_are_found_by_place() -> None:
    found = find_names("กสอ. พบ สมอ.", "กสอ.", "ก\nกสอ. กับ กสอ.\nกสอ.", tail="DIPROM\n#กสอ. diprom")
    assert [(named.place, named.name, named.times) for named in found] == [
        ("title", "กสอ.", 1),
        ("title", "สมอ.", 1),
        ("lead", "กสอ.", 1),
        ("opening", "กสอ.", 2),
        ("body", "กสอ.", 1),
        ("tail", "DIPROM", 2),
        ("tail", "กสอ.", 1),
    ]
    assert found[3].evidence == "opening: กสอ. ×2"


@given(st.lists(st.sampled_from([row["name_th"] for row in AGENCIES]), max_size=9), st.text())
def test_found_names_occur_in_the_text(written: list[str], between: str) -> None:
    text = between.join(written)
    found = find_names(text, text, "", tail=text)
    places = [PLACES.index(named.place) for named in found]
    assert places == sorted(places)
    for named in found:
        assert 1 <= named.times <= fold(text).count(fold(named.name))


def test_a_name_without_owner_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for table in ("ministries.csv", "agencies.csv"):
        (tmp_path / table).write_text(reference.table_path(table).read_text("utf-8"), "utf-8")
    (tmp_path / "ministry_names.csv").write_text(
        "name,of,kind,weight,from,until,needs,note\nกรมใหม่,industri,agency,1,,,,\n", "utf-8"
    )
    monkeypatch.setattr(reference, "_TABLE_FOLDERS", (tmp_path,))
    read_table.cache_clear()
    names._name_tables.cache_clear()
    try:
        with pytest.raises(ReferenceTableError, match="กรมใหม่ belongs to industri"):
            find_names("กรมใหม่", None, "")
    finally:
        read_table.cache_clear()
        names._name_tables.cache_clear()


class TestTables:
    """Checks that editors' mistakes in a table are found before they reach an archive."""

    @pytest.mark.parametrize("table", [MINISTRIES, AGENCIES], ids=["ministries", "agencies"])
    def test_slugs_and_names_are_unique(self, table: tuple[dict[str, str], ...]) -> None:
        for column in ("slug", "name_th", "name_en"):
            assert len({row[column] for row in table}) == len(table)
        assert all(re.fullmatch("[a-z-]+", row["slug"]) for row in table)

    def test_ministries(self) -> None:
        assert len(MINISTRIES) == len({row["abbreviation"] for row in MINISTRIES}) == 20
        assert not {row["slug"] for row in MINISTRIES} & {row["slug"] for row in AGENCIES}

    def test_agencies(self) -> None:
        count = Counter(row["ministry"] for row in AGENCIES)
        assert set(count) == {row["slug"] for row in MINISTRIES}
        assert min(count.values()) >= 5
        for row in AGENCIES:
            for name in (row["name_th"], row["name_en"]):
                assert name == clean_line(name)
                assert len(name) >= 7, row["slug"]

    def test_an_agency_s_abbreviation_means_it_or_its_ministry(self) -> None:
        meant = {(row["name"], owner) for row in NAMES for owner in (row["of"], OF.get(row["of"]))}
        for row in AGENCIES:
            named = {(row["abbreviation"], row["slug"]), (row["abbreviation"], row["ministry"])}
            assert named & meant or not row["abbreviation"], row["slug"]

    def test_official_names_are_in_one_table_only(self) -> None:
        official = {(row[name], row["slug"]) for row in AGENCIES for name in ("name_th", "name_en")}
        assert not official & {(row["name"], row["of"]) for row in NAMES}

    def test_every_ministry_has_names(self) -> None:
        count = Counter(row["of"] for row in NAMES)
        assert set(count) <= {*OF, ""}
        assert min(count[row["slug"]] for row in MINISTRIES) >= 5

    def test_no_name_means_a_ministry_twice(self) -> None:
        # Office holders move: a name may mean one ministry in two periods.
        keys = Counter((row["name"], OF.get(row["of"]), row["from"]) for row in NAMES)
        keys += Counter(
            (row[name], row["ministry"], "") for row in AGENCIES for name in ("name_th", "name_en")
        )
        assert [key for key, count in keys.items() if count > 1] == []

    def test_values(self) -> None:
        for row in NAMES:
            name = row["name"]
            assert name == clean_line(name)
            assert len(name) >= 3 or row["kind"] == "hashtag", name
            assert row["kind"] in KINDS, name
            assert (row["kind"] == "none") == (row["of"] == ""), name
            assert 0 < float(row["weight"]) <= 1 or row["kind"] == "none", name
            assert all(word == clean_line(word) for word in row["needs"].split("|")), name

    def test_only_officers_have_dates(self) -> None:
        for row in NAMES:
            first, last = (row[day] and date.fromisoformat(row[day]) for day in ("from", "until"))
            assert bool(first) == (row["kind"] == "officer"), row["name"]
            assert not (first and last) or first < last, row["name"]

    def test_a_name_that_hides_others_has_no_meaning(self) -> None:
        hiding = {row["name"] for row in NAMES if row["kind"] == "none"}
        assert not hiding & {row["name"] for row in NAMES if row["of"]}

    def test_every_name_is_found(self) -> None:
        for row in NAMES:
            name = f"#{row['name']}" if row["kind"] == "hashtag" else row["name"]
            needed = row["needs"].split("|")[0]
            day = date.fromisoformat(row["from"]) if row["from"] else None
            found = find_names("", None, f"ว่า {name} และ {needed}", published_on=day)
            meant = {slug for n in found for m in n.meanings for slug in (m.ministry, m.agency)}
            assert row["of"] in meant or row["kind"] == "none", name
