"""Oddities found on the real site, by name.

An oddity changes a finished draft. Every site of 200 pages or more has each of them at least once
(``PracticeSite.number_of``); most also occur at random. Counts are pages of the 63,241 measured.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from scraper.practice.prose import odd_dates
from scraper.practice.prose.dates import full_date, on_day
from scraper.practice.prose.drafts import LEAD_LIMIT, MEDIA, TITLE_LIMIT, Draft, Entry, Oddity
from scraper.practice.prose.elements import contact
from scraper.practice.prose.english import compose_english, hard_wrapped
from scraper.practice.prose.releases import SHARED, add_tail, compose
from scraper.practice.prose.scenes import Scene, rows_by
from scraper.practice.prose.written import Text, join, with_fact
from scraper.thai.digits import THAI_DIGITS

if TYPE_CHECKING:
    from random import Random


def _copied(draft: Draft, **changes: Any) -> Draft:
    """Return a changed draft whose lead only repeats the headline."""
    draft = replace(draft, **changes)
    return replace(draft, lead=None, lead_lines=(draft.title,), copies=())


def _halves(text: str) -> tuple[str, str]:
    """Split a text at the space nearest to its middle."""
    blanks = [n for n, character in enumerate(text) if character == " "]
    at = min(blanks, key=lambda blank: abs(blank - len(text) // 2))
    return text[:at], text[at + 1 :]


def _email(name: str) -> Text:
    address = f"{name}@practice.example"
    return with_fact(address, contact("email", address))


def _dirty(*kinds: str) -> Oddity:
    return lambda _rng, _entry, draft: replace(draft, dirt=frozenset(kinds))


def wrapped_lead(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """The copy of the headline spans two lines (370)."""
    return replace(draft, lead=None, lead_lines=_halves(draft.title), copies=())


def headline_five_times(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """The headline, the lead and three lines of the body are identical (1; three times: 1,559)."""
    return replace(_copied(draft), copies=(draft.title,) * 3)


def split_headline(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """The body begins with the headline in two lines (290)."""
    return replace(_copied(draft), copies=_halves(draft.title))


def entity_in_title(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """The page's title was escaped twice (23)."""
    headline = join((draft.headline.cut(140), " & People's Voice"))
    return _copied(draft, headline=headline, page_title=escape(escape(headline.string)))


def with_hidden_email(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """Cloudflare hides an e-mail address in headline and body, but not in the title (107)."""
    odd = _copied(draft, headline=join((draft.headline.cut(130), " ส่งความเห็นที่ ", _email("voice"))))
    return odd.with_sentence("ส่งข้อเสนอแนะได้ที่ ", _email("editor"), " ตลอดทั้งปีโดยไม่มีค่าใช้จ่าย")


def zero_width(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """U+200B at the start of lines and around spaces (6,609), and alone on a line (208)."""
    return replace(_copied(draft), copies=("",), dirt=frozenset({"zero-width"}))


def tab_in_category(rng: Random, entry: Entry, _draft: Draft) -> Draft:
    """The category ends in a TAB (346, all of them English)."""
    return replace(compose_english(rng, entry), dirt=frozenset({"tab"}))


def related_news(rng: Random, entry: Entry, draft: Draft) -> Draft:
    """The block of pictures and other headlines was pasted below the text (187)."""
    day = full_date(entry.published_on - timedelta(days=rng.randint(2, 9))).string
    headlines = (
        f"ประกาศสภาพอากาศภาคเหนือตอนบน ประจำวันที่ {day}",
        "รมว.อุตสาหกรรม ตรวจเยี่ยมเหมืองตัวอย่าง",
        "เชิญชมนิทรรศการภาพวาดเด็ก ๆ ริมคลอง",
        f"รายงานระดับน้ำในอ่างเก็บน้ำ {day}",
        "สาธารณสุขเตือนภัยโรคหน้าร้อน",
    )
    return replace(draft, furniture=("อัลบั้มภาพ", "prev", "next", "ข่าวที่เกี่ยวข้อง", *headlines))


def no_body(rng: Random, entry: Entry, draft: Draft) -> Draft:
    """There is a lead but no body (340)."""
    scene = Scene(rng, draft.ministry or "industry", entry.published_on)
    bare = _copied(draft, paragraphs=(), tail=(), hashtags=(), links=())
    lead = scene.sentence("invitation")
    if bare.category == SHARED:  # a page so short would be the government's there
        bare = replace(
            bare, category=rows_by("ministries", "ministry")[scene.ministry][0]["category"]
        )
    return replace(bare, ministry=scene.ministry, lead=lead, lead_lines=(lead.string,))


def picture_post(_rng: Random, entry: Entry, draft: Draft) -> Draft:
    """Pictures under a headline, dots instead of a lead, no text (97)."""
    images = tuple(f"{MEDIA}/thumbnail/news/album/{entry.number}_{n} ภาพ.jpg" for n in range(1, 7))
    bare = _copied(draft, paragraphs=(), tail=(), hashtags=(), links=(), images=images)
    title = f"กำลังพลกระทรวงกลาโหมร่วมกิจกรรมเพื่อชุมชน ชุดที่ {entry.number}"
    return replace(
        bare,
        headline=Text(title),
        lead_lines=(".....",),
        ministry="defence",
        category="ด้านความมั่นคง",
    )


def short_prefix(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """The page's title lacks the middle part of its prefix (40)."""
    return replace(draft, prefixed=False)


def trial_page(_rng: Random, entry: Entry, _draft: Draft) -> Draft:
    """A test entry of the form."""
    title = "ทดสอบ 1"
    return Draft(
        Text(title), (), entry.published_on, None, "ทดสอบระบบ", None, (title,), copies=(title,)
    )


def radio(rng: Random, entry: Entry, draft: Draft) -> Draft:
    """A broadcast: its date as lead, an audio player, a script in short lines (1,210)."""
    draft = draft if draft.ministry else compose(rng, entry, ministry="interior")
    aired = entry.published_on - timedelta(days=rng.randint(0, 2))
    address = f"{MEDIA}/audio/{entry.published_on:%Y/%m}/{entry.number}.mp3"
    odd = _copied(draft, category="รายการวิทยุไทยคู่ฟ้า", audio=address, tail=(), hashtags=(), links=())
    lead = on_day(aired)
    return replace(odd, lead=lead, lead_lines=(lead.string,))


def thai_digits(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """Thai digits throughout (3,069)."""
    paragraphs = tuple(paragraph.translate(THAI_DIGITS) for paragraph in draft.paragraphs)
    return replace(draft, paragraphs=paragraphs)


def joined_hashtags(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """Hashtags without spaces between them, and one that is a hotline."""
    tags = ("ข่าวดีวันนี้", "ชุมชนเข้มแข็ง", "NewsForAll", "1300")
    line = Text("#ข่าวดีวันนี้#ชุมชนเข้มแข็ง #NewsForAll #1300")
    return replace(_copied(draft), tail=(line,), hashtags=tags, links=())


def trapped_hashtags(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """A hashtag before a quotation mark, and three # that are not hashtags."""
    odd = replace(
        _copied(draft), tail=(Text("#ร่วมด้วยช่วยกัน”"),), hashtags=("ร่วมด้วยช่วยกัน",), links=()
    )
    return odd.with_sentence(
        "รายละเอียดอยู่ที่ ",
        with_fact(guide := "https://practice.example/guide#part2", contact("url", guide)),
        " ในหัวข้อที่ #3 และที่อาคารทดลอง B#12 ของชุมชน",
    )


def dated_stamp(rng: Random, entry: Entry, draft: Draft) -> Draft:
    """The last line is a row of asterisks and a date (3,343)."""
    scene = Scene(rng, draft.ministry or "", entry.published_on)
    return add_tail(_copied(draft), scene, rng, entry, "stamp")


def cross_reference(rng: Random, entry: Entry, draft: Draft) -> Draft:
    """The last lines link to another release (588)."""
    scene = Scene(rng, draft.ministry or "", entry.published_on)
    return add_tail(_copied(draft), scene, rng, entry, "rule link tags rule")


def cut_headline(rng: Random, entry: Entry, draft: Draft) -> Draft:
    """The headline is cut off inside a word at 180 characters; the lead has all of it (1,825)."""
    scene = Scene(rng, draft.ministry or "", entry.published_on)
    whole = draft.headline
    while len(whole) <= TITLE_LIMIT + 24:  # of fewer letters the lead only ends the headline
        whole = join((whole, scene.sentence("more")), " ")
    whole = whole.cut(LEAD_LIMIT)
    return replace(
        draft, headline=whole.cut(TITLE_LIMIT), lead=whole, lead_lines=(whole.string,), copies=()
    )


def view_count(_rng: Random, _entry: Entry, draft: Draft) -> Draft:
    """Page views above the headline (48, all early)."""
    return replace(draft, views=8018, entered_on=None)


def hard_wrapped_english(rng: Random, entry: Entry, _draft: Draft) -> Draft:
    """English text hard-wrapped at 60 to 110 characters (80)."""
    return hard_wrapped(rng, compose_english(rng, entry))


def first_of_series(rng: Random, entry: Entry, _draft: Draft) -> Draft:
    """One of several similar reports of blood donations, which must not be merged."""
    return next_of_series(rng, entry, compose(rng, entry, ministry=""))


def next_of_series(rng: Random, entry: Entry, draft: Draft) -> Draft:
    """The same report with another place and amount."""
    scene = Scene(rng, "", entry.published_on)
    paragraphs = (scene.sentence("bloodcount"), *draft.paragraphs[1:])
    return _copied(draft, headline=scene.sentence("blood"), paragraphs=paragraphs)


RESUME = "cabinet-resume"
EPOCH_PAGE, EMPTY_PAGE = "epoch-page", "empty-page"
MISSING = (EPOCH_PAGE, EMPTY_PAGE)
"""Oddities of numbers without an article."""

ODDITIES: dict[str, Oddity] = {
    "wrapped-lead": wrapped_lead,
    "headline-five-times": headline_five_times,
    "split-headline": split_headline,
    "entity-in-title": entity_in_title,
    "hidden-email": with_hidden_email,
    "zero-width": zero_width,
    "line-separator": _dirty("line-separator"),
    "decomposed-sara-am": _dirty("decomposed"),
    "two-e": _dirty("two-e"),
    "doubled-marks": _dirty("doubled-mark", "misordered"),
    "old-font": _dirty("old-font"),
    "nbsp-in-date": _dirty("nbsp-by-digit"),
    "tab-in-category": tab_in_category,
    "related-news": related_news,
    "no-body": no_body,
    "picture-post": picture_post,
    "early-short-date": odd_dates.early_short_date,
    "short-prefix": short_prefix,
    "trial-page": trial_page,
    "radio": radio,
    "thai-digits": thai_digits,
    "joined-hashtags": joined_hashtags,
    "trapped-hashtags": trapped_hashtags,
    "dated-stamp": dated_stamp,
    "cross-reference": cross_reference,
    "cut-headline": cut_headline,
    "impossible-date": odd_dates.impossible_date,
    "wrong-weekday": odd_dates.wrong_weekday,
    "misspelt-month": odd_dates.misspelt_month,
    "missing-dot": odd_dates.missing_dot,
    "view-count": view_count,
    "word-markup": lambda _rng, _entry, draft: replace(draft, layout="word"),
    "table": lambda _rng, _entry, draft: replace(draft, layout="table"),
    "english": lambda rng, entry, _draft: compose_english(rng, entry),
    "hard-wrapped-english": hard_wrapped_english,
}
"""Oddities of single pages, which also occur at random."""

PAIRS: dict[str, tuple[Oddity, Oddity]] = {
    # The change to the first page, and how the next page derives from the first.
    "posted-twice": (lambda _rng, _entry, draft: draft, _dirty("zero-width")),
    "series": (first_of_series, next_of_series),
}
"""Oddities of two pages with consecutive numbers."""

ENGLISH = frozenset({"tab-in-category", "english", "hard-wrapped-english"})
"""Oddities whose pages are in English."""
