"""The vocabulary of the whole program: captures, articles and what is read out of them.

Everything that travels between a spider, a parser, a stage and the archive is one of these
models. This module knows nothing of HTTP, HTML or SQL and imports nothing of the project.

Times are aware datetimes in UTC; dates are common-era dates in Asia/Bangkok.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class Origin(StrEnum):
    """Where the bytes of a capture came from."""

    LIVE = "live"
    WAYBACK = "wayback"
    COMMONCRAWL = "commoncrawl"
    WARC = "warc"
    CORPUS = "corpus"


class Layout(StrEnum):
    """The generation of the site a page belongs to: its URLs and its markup."""

    CONTENTS = "contents"
    NEWS = "news"


class Outcome(StrEnum):
    """What became of a capture. A capture without an outcome still waits to be read.

    ``SHELL`` is a page that its scripts fill in: it holds no text itself. ``REDIRECT`` is an
    answer that names another address and is no article's page either.
    """

    ARTICLE = "article"
    MISSING = "missing"
    BLOCKED = "blocked"
    OUT_OF_SCOPE = "out_of_scope"
    UNPARSED = "unparsed"
    DUPLICATE = "duplicate"
    SHELL = "shell"
    REDIRECT = "redirect"


class Scope(StrEnum):
    """Which articles an archive keeps."""

    INDUSTRY = "industry"
    ALL = "all"


class Precision(StrEnum):
    """How much of a date its words say."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class TextField(StrEnum):
    """The parts of an article's text, in reading order."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    TAIL = "tail"


class _Value(BaseModel):
    """Base of the immutable models: equal when their fields are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(_Value):
    """Something that was not as expected, named so that it can be counted.

    Attributes:
        stage: the parser or stage that noticed it, such as ``contents`` or ``dates``.
        kind: a short name with hyphens, such as ``no-long-date``; stable, for grouping.
        detail: one English sentence for a person: what was expected, what was found.
    """

    stage: str
    kind: str
    detail: str


class Attachment(_Value):
    """A file an article shows or links to.

    Attributes:
        kind: image, document, audio or video.
        url: as on the page, made absolute; the signed address of a proxy is kept whole.
        original: the address of the file itself, where ``url`` is that of a proxy in front of it.
    """

    kind: str
    url: str
    original: str | None = None


class DateMention(_Value):
    """A date written in a text.

    Attributes:
        start, end: character offsets into the text that was searched, ``end`` exclusive.
        text: ``searched_text[start:end]``, as written.
        start_on, end_on: first and last day meant, both inclusive; equal for a single day;
            None where the words name no possible day (see ``flags``).
        start_time, end_time: time of day in Bangkok, where one is given; ``end_time`` only of a
            range of hours.
        precision: the smallest unit the words name.
        inferred: True where the year does not stand in the words and was taken from the
            publication date.
        flags: names of what is doubtful, sorted, such as ``impossible`` or ``wrong-weekday``.
    """

    start: int
    end: int
    text: str
    start_on: date | None
    end_on: date | None
    start_time: time | None = None
    end_time: time | None = None
    precision: Precision = Precision.DAY
    inferred: bool = False
    flags: tuple[str, ...] = ()


class FieldDate(_Value):
    """A date mention together with the part of the article it stands in."""

    field: TextField
    mention: DateMention


class MinistryScore(_Value):
    """A ministry an article is about.

    Attributes:
        ministry: a slug of ``data/reference/ministries.csv``.
        score: weighted count of its names in the article; only ratios within one article mean
            anything.
        evidence: the names that were found, with their field and count, strongest first.
    """

    ministry: str
    score: float
    evidence: tuple[str, ...]


class AgencyMentions(_Value):
    """An agency that an article names.

    Attributes:
        agency: a slug of ``data/reference/agencies.csv``.
        mentions: how often one of its names stands in the article.
        evidence: the names that were found, with their field and count, in reading order.
    """

    agency: str
    mentions: int
    evidence: tuple[str, ...]


class Capture(_Value):
    """The bytes of one answer of one source at one time.

    Attributes:
        url: the address that was asked for, as it was asked.
        fetched_at: when the source answered. For files that do not tell: when they were read.
        status: HTTP status; None for a file.
        content_type: as the source gave it, with its charset; empty where it gave none.
        body: the decoded entity (no transfer or content coding left).
        digest: SHA-256 of the payload as it stands in the WARC record, in hexadecimal.
        source: for files: the path inside the folder, tarball or zip it was read from.
        rendered: not what the source answered but what a browser made of it: the page as HTML
            after its scripts have run. It has no status of its own.
        cut: why the bytes are only a part of the answer; None where nothing says so. No article
            is read from a part.
        doubt: how the content coding was not what the headers say, or was damaged, although the
            bytes could be read.
        scope: which articles the run that made it kept, where that is not the scope of the run
            that reads it.
        id: row of ``captures``; None until the capture is stored.
    """

    url: str
    fetched_at: datetime
    origin: Origin
    body: bytes = Field(repr=False)
    digest: str
    status: int | None = None
    content_type: str = ""
    source: str | None = None
    rendered: bool = False
    cut: str | None = None
    doubt: str | None = None
    scope: Scope | None = None
    id: int | None = None


Headers = tuple[tuple[str, str], ...]
"""HTTP headers in order, names as the server wrote them."""


class Incoming(NamedTuple):
    """A capture that is not stored yet.

    Attributes:
        capture: with ``id`` None.
        payload: the entity as it came, where its content encoding makes it differ from
            ``capture.body``.
        headers: HTTP headers as far as known.
        not_modified: the server answered 304, so the bytes are those of the capture before.
    """

    capture: Capture
    payload: bytes | None = None
    headers: Headers = ()
    not_modified: bool = False


class Article(BaseModel):
    """One press release, as a parser read it and as the stages completed it.

    A parser fills the first group, the stages the second. Text fields hold a newline between
    paragraphs and nowhere else.

    Attributes:
        url: canonical address (``scraper.sources``), the identity of the article.
        site: slug of the source, ``thaigov`` or ``practice``.
        site_id: the number in the URL.
        lead: the summary under the headline, None unless it is a text of its own.
        tail: sign-off lines under the body: hashtags, separators, press units, links.
        published_on: the long date of the page.
        published_raw: that date as written.
        entered_on: the short date, when the entry was made; rarely differs.
        links: canonical addresses of other articles the text refers to, in order, once each.
        parser: name and version of the parser, such as ``contents/1``.
        facts: values of each kind of fact that the stages found, by ``FactKind.name``.
        words: of title, lead and body, in order.
        engine: name of what segmented them.
    """

    model_config = ConfigDict(extra="forbid")

    url: str
    site: str
    layout: Layout
    site_id: int
    title: str
    lead: str | None = None
    body: str = ""
    tail: str = ""
    category: str | None = None
    language: str = "th"
    published_on: date | None = None
    published_raw: str | None = None
    entered_on: date | None = None
    hashtags: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    links: tuple[str, ...] = ()
    parser: str

    facts: dict[str, tuple[Any, ...]] = Field(default_factory=dict)
    words: tuple[str, ...] = ()
    engine: str | None = None

    @property
    def ministries(self) -> tuple[MinistryScore, ...]:
        """The ministries the article is about, strongest first; they decide what is in scope."""
        return self.facts.get("ministries", ())


class Page(BaseModel):
    """A capture and what has been made of it so far: the item that runs through the stages.

    The parse stage sets ``outcome`` and, for an article, ``article``; later stages fill the
    article in and add problems. Pages without an article pass through untouched.
    """

    model_config = ConfigDict(extra="forbid")

    capture: Capture
    outcome: Outcome | None = None
    article: Article | None = None
    problems: list[Problem] = Field(default_factory=list)

    def add_problem(self, stage: str, kind: str, detail: str) -> None:
        """Note something that was not as expected; the page is kept."""
        self.problems.append(Problem(stage=stage, kind=kind, detail=detail))
