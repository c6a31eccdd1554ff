"""The report of changed fields: what it counts, and what its examples show."""

from __future__ import annotations

from scraper.upkeep.change_report import (
    CONTEXT_CHARS,
    ChangeReport,
    FieldChange,
    around_difference,
    changed_fields,
)


def test_lists_show_only_added_and_removed_members() -> None:
    before = {"tags": [("ก", 1), ("ข", 2)], "same": 1, "engine": "x"}
    after = {"tags": [("ข", 2), ("ค", None)], "same": 1, "engine": None}
    assert changed_fields("u", before, after) == [
        FieldChange("tags", "u", "ก 1", "ค"),
        FieldChange("engine", "u", "x", None),
    ]


def test_a_changed_order_shows_the_whole_lists() -> None:
    (change,) = changed_fields("u", {"tags": ["a", "b"]}, {"tags": ["b", "a"]})
    assert (change.before, change.after) == ("a; b", "b; a")


def test_long_values_are_cut_down_to_the_difference() -> None:
    before, after = around_difference("ก" * 100 + "1" + "ข" * 100, "ก" * 100 + "23" + "ข" * 100)
    start, end = "…" + "ก" * CONTEXT_CHARS, "ข" * CONTEXT_CHARS + "…"
    assert (before, after) == (f"{start}1{end}", f"{start}23{end}")
    assert around_difference(None, "ก") == (None, "ก")


def test_the_report_counts_all_changes_and_keeps_the_first_examples() -> None:
    report = ChangeReport(examples=1)
    report.add(FieldChange("lead", f"u{n}", "a", "b") for n in range(3))
    report.add([FieldChange("body", "u0", None, "b")])
    lead, body = report.fields()
    assert (lead["field"], lead["changes"]) == ("lead", 3)
    assert [example.url for example in lead["examples"]] == ["u0"]
    assert (body["field"], body["changes"]) == ("body", 1)
