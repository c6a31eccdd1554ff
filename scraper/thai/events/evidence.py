"""What the words around a day say: whether it is an event's, and which verb tells it.

The first verb after the day decides, or one before it; how much each kind adds is in
docs/events.md.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.thai.events.days import TODAY_BEFORE, PossibleDay, is_of_something_else
from scraper.thai.events.words import EventWord, Sense, event_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scraper.thai.events.headline import Headline

_CLAUSE = 1_200
"""Characters after a day in which its verb stands: names and posts of a dozen persons fit in."""
_BEFORE = 350
"""Characters before a day in which its verb stands."""
_WRAPPED = 300
"""Characters of a paragraph after a day that may be a line of a sentence that goes on below."""
_TOLD = 160
"""Characters after a verb of saying in which the event is named, after which it was said."""
_TOLD_BY_HEADLINE = 450
"""The same where the headline says that it took place: posts and names of a few persons fit in."""


class Evidence(NamedTuple):
    """The verb of a day, and how much it says."""

    verb: EventWord
    weight: float


class Setting(NamedTuple):
    """What is known of a day besides the words around it.

    Attributes:
        title: the headline.
        next_day: where the next day begins; what somebody tells of that day is not of this one.
        later: whether a paragraph above names a day.
        recent: whether the article was published on the day or within the three days after it.
    """

    title: Headline
    next_day: int
    later: bool
    recent: bool


# The day stands at the beginning of a line, after a place or a spokesperson, in no list of fairs.
_DATELINE = re.compile(r"(?:\A|\n)(?!\d+[.)]|[-•])(?:[^\n]{0,55}|[\0-\x09\x0b-\x7f]{0,90})\Z")
_THAT_BEFORE = re.compile(r"ว่า ?(?:เมื่อ|ใน)?วัน[ก-๎]{0,12} ?[(]?\Z")
_SAID_THEN = re.compile(r"[)\]] ?ว่า")
# Before the verb of what a headline announces.
_WILL = re.compile("(?:เตรียม|จะ|มีกำหนด(?:การ)?)[^\n]{0,8}\\Z")
_WHEN_BEFORE = re.compile(
    r"(?:เมื่อ|ใน|ระหว่าง|ตั้งแต่|ขึ้น|น\. ?ของ) ?(?:ใน)?(?:วัน[ก-๎]{0,12}ที่)? ?\Z|(?<![ก-๎])วัน[ก-๎]{0,12}ที่ ?\Z"
)
_DONE_BEFORE = re.compile(r"เมื่อ ?วัน[ก-๎]{0,12}ที่ ?\Z")
_CABINET = re.compile(
    r" ?(?:ใน)?(?:การ)?(?:ประชุม)?(?:หารือ)? ?(?:คณะรัฐมนตรี|ครม\b|ครม\.| the cabinet)"
    r"(?! ?เศรษฐกิจ)"
)
_AFTER_CABINET = re.compile(r"[^\n]{0,60}?(?:คณะรัฐมนตรี|ครม\.)")


def find_evidence(text: str, day: PossibleDay, setting: Setting) -> Evidence | None:
    """Return the verb that makes a day of a folded text that of an event, None without one."""
    before = text[max(0, day.start - 140) : day.start]
    today = bool(TODAY_BEFORE.search(before))
    title = setting.title
    if setting.recent and _HOLIDAY_BEFORE.search(before):
        return _placed(text, day, before, setting)
    if is_of_something_else(text, day, today):
        return None
    if _SAID_THEN.match(text, day.end):
        return _said_at(text, day)
    begins = today or bool(_DATELINE.search(before))
    place = 0.15 if today else 0.1 if begins else 0.0 if _THAT_BEFORE.search(before) else -0.15
    forward = _forward(text, day, title.weight, setting.next_day)
    backward = _backward(text, day, before, title.announces)
    if backward and setting.later and not today and backward.verb.sense is Sense.DOING:
        backward = backward._replace(weight=backward.weight - 0.15)
    if forward is not None:
        weight = forward.weight + place
        if backward is None or backward.weight <= weight:
            return forward._replace(weight=weight)
    if backward is not None and today:
        return backward._replace(weight=backward.weight + 0.05)
    return backward or _placed(text, day, before, setting)


def _forward(text: str, day: PossibleDay, title: float, next_day: int) -> Evidence | None:
    """Return the verb after a day, unless somebody only says something.

    What somebody tells of another day, which begins at ``next_day``, is of that day.
    """
    end = _clause_end(text, day.end)
    is_short = end < len(text) and end - day.end <= _WRAPPED
    if is_short and next(event_words(text, day.end, end), None) is None:
        end = _clause_end(text, end + 1)
    words = event_words(text, day.end, end)
    for word in words:
        if word.sense in {Sense.DOING, Sense.HOLDING}:
            return None if _is_cabinet(text, word) else Evidence(word, 0.55)
        if word.sense is Sense.SAYING:
            return _told(text, word, words, title, next_day)
        # What somebody does after a meeting is in the verbs that follow.
        if _AFTER_CABINET.match(text, word.end):
            if title <= 0:
                return None
            continue
        if text.startswith(("การ", "เป็น", "ประชุม"), word.end):
            skipped = next(words, None)
            if skipped is None or skipped.sense is Sense.SAYING:
                return None if skipped is None else _told(text, skipped, words, title, next_day)
    return None


# ชี้แจงแนวทาง… โดยมี… เข้าร่วม: a session that others attend, no statement.
_ATTENDED = re.compile(
    r"(?:(?!ว่า|ครม|คณะรัฐมนตรี|กรณี)[^\n]){0,350}?โดยมี(?:(?!ว่า )[^\n]){5,500}?"
    r"(?:เข้าร่วม(?!โครงการ)|ร่วมประชุม|ร่วมรับฟัง|ร่วมแถลง|ร่วมงาน|ให้การต้อนรับ|ร่วมด้วย)"
)
# กล่าวว่า ได้ลงพื้นที่…: the verb directly after the saying is what the speaker did.
_HAVING = re.compile(r"(?:เพิ่มเติม)?ว่า,? ?(?:วันนี้ ?)?(?:ตน(?:เอง)? ?)?(?:ได้ ?)?(?:มา ?)?\Z")


def _told(
    text: str, saying: EventWord, words: Iterator[EventWord], title: float, end: int
) -> Evidence | None:
    """Return what a verb of saying makes an event: a session, or what is told of one."""
    limit = min(len(text), saying.end + _CLAUSE)
    if attended := _ATTENDED.match(text, saying.end, limit):
        return Evidence(saying._replace(end=attended.end()), 0.4)
    return _told_after(text, saying, words, title, end)


def _told_after(
    text: str, saying: EventWord, words: Iterator[EventWord], title: float, end: int
) -> Evidence | None:
    """Return the event that somebody speaks after or at, but no cabinet meeting.

    A spokesperson also tells what somebody else did; then the headline tells it too.
    """
    after = text[saying.start : saying.end].endswith(("หลัง", "ใน"))
    by_headline = title > 0
    for word in words:
        distance = word.start - saying.end
        is_far = word.start >= end or distance > (_TOLD_BY_HEADLINE if by_headline else _TOLD)
        if is_far or word.sense is Sense.SAYING:
            return None
        verb: EventWord | None = word
        if word.sense is Sense.AFTER:
            if _AFTER_CABINET.match(text, word.end):
                return None
            after = True
            # หลังลงพื้นที่ has the verb in it.
            verb = next(event_words(text, word.start + 1, word.end), None)
        if verb is None:
            continue
        if _is_cabinet(text, verb):
            return None
        if after or _HAVING.search(text[max(saying.end - 3, verb.start - 30) : verb.start]):
            return Evidence(verb, 0.4) if distance <= _TOLD else None
        is_done = verb.sense is Sense.DOING or text.startswith("ได้", verb.start)
        return Evidence(verb, 0.3) if by_headline and is_done else None
    return None


def _is_cabinet(text: str, word: EventWord) -> bool:
    """Return whether a verb is about a meeting of the cabinet, which makes resolutions."""
    return bool(_CABINET.match(text, word.end))


def _clause_end(text: str, start: int) -> int:
    """Return where the sentence about a day ends: its paragraph, or the next if that is short."""
    longest = min(len(text), start + _CLAUSE)
    end = text.find("\n", start, longest)
    return longest if end < 0 or end - start <= 150 else end


def told_on(
    texts: Mapping[str, str], day: PossibleDay, setting: Setting, in_body: Sequence[int]
) -> Evidence | None:
    """Return the verb of a day in the lead whose sentence goes on in the body, or the headline."""
    lead, body = texts["lead"], texts.get("body", "")
    is_programme = _ONLY_BETWEEN.match(lead) and not lead[day.end :].strip(" .")
    if is_programme and setting.title.weight > 0:
        return Evidence(EventWord(day.end, day.end, Sense.HOLDING), 0.6)
    is_dated = bool(in_body) and in_body[0] < _DATED_HEAD
    if is_dated or next(event_words(lead, day.end, len(lead)), None):
        return None
    text = f"{lead} {body[:_CLAUSE]}"
    evidence = find_evidence(text, day, setting._replace(next_day=len(text)))
    if evidence is None:
        return None
    end = min(evidence.verb.end, len(lead))
    return evidence._replace(verb=evidence.verb._replace(start=end, end=end))


_DATED_HEAD = 80
"""Characters of a body that has a day of its own at its head."""


def _said_at(text: str, day: PossibleDay) -> Evidence | None:
    """Return the event at which somebody spoke: กล่าวระหว่างเปิดการอบรม วันนี้ (…) ว่า."""
    start = max(text.rfind("\n", 0, text.rfind("\n", 0, day.start)) + 1, day.start - _BEFORE, 0)
    words = event_words(text, start, day.start)
    for word in words:
        if word.sense is Sense.SAYING:
            spoken = _AT_EVENT.match(text, word.end)
            verb = next(event_words(text, spoken.end(), day.start), None) if spoken else None
            is_event = verb is not None and verb.sense in {Sense.DOING, Sense.HOLDING}
            return (
                Evidence(verb, 0.5) if verb and is_event and not _is_cabinet(text, verb) else None
            )
    return None


_AT_EVENT = re.compile(" ?(?:ใน)?(?:ระหว่าง|ภายหลัง|หลัง|โอกาส|ใน)(?:จาก)?(?:การ)?")


_ONLY_BETWEEN = re.compile("ระหว่าง ?วัน[ก-๎]{0,12}ที่ ?[0-9]")
_PLACED_AT = 900
"""Characters of an opening at whose end its day and place may stand."""
_PLACE_THEN = re.compile(
    r"[)\]]? ?,? ?(?:เวลา ?[0-9.:–\- ]{3,14}(?:น\.|นาฬิกา)? ?)?ณ (?!วัน|ขณะ|ปัจจุบัน|สิ้น|เดือน|เวลา|โอกาส)"
)
_PLACE_BEFORE = re.compile(r"(?:\A|\n| )ณ [^\n]{4,90} (?:เมื่อ|ใน) ?วัน[ก-๎]{0,12}ที่ ?\Z")
_HOLIDAY_BEFORE = re.compile(r"(?:พรรษา|สมภพ|ประสูติ|มหาราช|แห่งชาติ|บรมราชินี|พันปีหลวง) ?\Z")


def _placed(text: str, day: PossibleDay, before: str, setting: Setting) -> Evidence | None:
    """Return the verb of a day and its place at the end of what the headline tells.

    ร่วมลงนาม … เมื่อวันที่ 7 มิถุนายน ณ โรงแรม…; also of the holiday on which a ceremony is.
    """
    paragraphs = text.count("\n", 0, min(day.start, _PLACED_AT))
    if setting.title.weight <= 0 or day.start > _PLACED_AT or paragraphs > 1:
        return None
    is_then = _WHEN_BEFORE.search(before) or (setting.recent and _HOLIDAY_BEFORE.search(before))
    if not is_then or not (_PLACE_THEN.match(text, day.end) or _PLACE_BEFORE.search(before)):
        return None
    words = list(event_words(text, text.rfind("\n", 0, day.start) + 1, day.start))
    if words and words[0].sense is Sense.SAYING:
        return None
    verbs = (word for word in words if word.sense in {Sense.DOING, Sense.HOLDING})
    return Evidence(next(verbs, EventWord(day.end, day.end, Sense.DOING)), 0.4)


def _will_be(text: str, word: EventWord) -> bool:
    """Return whether a verb is of what somebody is about to do."""
    before = text[max(0, word.start - 30) : word.start]
    return word.sense is Sense.DOING and _WILL.search(before) is not None


def _backward(text: str, day: PossibleDay, before: str, announces: bool) -> Evidence | None:
    """Return the verb before a day: … ร่วมงาน … เมื่อวันที่ …, จะจัดงาน … ระหว่างวันที่ …."""
    opens = "\n" not in text[: day.start]
    start = max(0, day.start - (_CLAUSE if opens else _BEFORE))
    line = text.rfind("\n", start, day.start)
    words = list(event_words(text, max(start, line + 1), day.start))
    if not words or not (_WHEN_BEFORE.search(before) or TODAY_BEFORE.search(before)):
        return None
    said = max((word.start for word in words if word.sense is Sense.SAYING), default=-1)
    held = [word for word in words if word.sense is Sense.HOLDING and word.start > said]
    if held:
        is_announced = announces and text.startswith("เตรียม", held[-1].start)
        return Evidence(held[-1], 0.6 if is_announced else 0.5 if said < 0 else 0.4)
    if words[-1].sense is Sense.DOING and said < 0:
        return Evidence(words[-1], 0.45)
    if opens and said < 0 and words[0].sense is Sense.DOING and _DONE_BEFORE.search(before):
        return Evidence(words[0], 0.45)
    if announces:
        return next((Evidence(word, 0.6) for word in reversed(words) if _will_be(text, word)), None)
    return None
