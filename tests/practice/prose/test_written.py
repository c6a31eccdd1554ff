"""Texts keep track of their dates when joined and filled in."""

from __future__ import annotations

from datetime import date

from scraper.practice.prose.written import Fact, Meaning, Text, dated, fill, join, slots

DAY = Meaning(date(2025, 3, 14), date(2025, 3, 14))
NEXT = Meaning(date(2025, 3, 15), date(2025, 3, 15))


def written(text: Text) -> list[str]:
    return [text.string[start:end] for start, end, _ in text.marks]


def test_joined_dates_are_where_they_were_written() -> None:
    text = join(("เริ่ม ", dated("14 มีนาคม", DAY), " แล้ว", dated("15 มีนาคม", NEXT)), "\n")
    assert text.string == "เริ่ม \n14 มีนาคม\n แล้ว\n15 มีนาคม"
    assert written(text) == ["14 มีนาคม", "15 มีนาคม"]
    assert [mark.meaning for mark in text.marks] == [DAY, NEXT]


def test_slots_are_filled_from_left_to_right() -> None:
    values: dict[str, Text | str] = {"day": dated("14 มีนาคม", DAY), "place": "ลำปาง"}
    text = fill("ที่{place} {day} ({day})", lambda name: values[name])
    assert text.string == "ที่ลำปาง 14 มีนาคม (14 มีนาคม)"
    assert written(text) == ["14 มีนาคม", "14 มีนาคม"]
    assert slots("ที่{place} {day} ({day})") == {"place", "day"}


def test_mentions_hold_offsets_and_meaning() -> None:
    (mention,) = join(("เมื่อ ", dated("14 มีนาคม", DAY))).mentions()
    assert (mention.start, mention.end, mention.text) == (6, 15, "14 มีนาคม")
    assert mention.start_on == mention.end_on == date(2025, 3, 14)


def test_exchanged_digits_do_not_move_a_date() -> None:
    text = join(("วันที่ ", dated("14 มีนาคม", DAY))).translate({ord("1"): "๑", ord("4"): "๔"})
    assert written(text) == ["๑๔ มีนาคม"]


def test_a_part_keeps_only_complete_facts() -> None:
    text = join((dated("14 มีนาคม", DAY), " ", dated("15 มีนาคม", NEXT)))
    assert written(text.part(3, len(text))) == ["15 มีนาคม"]


def test_a_text_is_cut_before_a_fact_that_is_too_long() -> None:
    text = join(("เริ่มวันที่ ", dated("14 มีนาคม", DAY), " แล้ว"))
    assert text.cut(15).string == "เริ่มวันที่"
    assert text.cut(len(text)) == text
    assert written(text.cut(len(text) - 2)) == ["14 มีนาคม"]


def test_values_of_elements_may_have_slots() -> None:
    found: list[tuple[str, str, dict[str, str]]] = []

    def fact(kind: str, text: str, values: dict[str, str]) -> Fact:
        found.append((kind, text, values))
        return Fact(kind, values)

    text = fill("ณ <venue of='{place}'>หอ{place}</venue>", lambda _: "เมฆ", fact)
    assert found == [("venue", "หอเมฆ", {"of": "เมฆ"})]
    assert [(text.string[mark.start : mark.end], fact.kind) for mark, fact in text.facts()] == [
        ("หอเมฆ", "venue")
    ]
    assert slots("ณ <venue of='{place}'>หอ</venue>{name}") == {"place", "name"}
