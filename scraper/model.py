"""The shared models: captures, articles and the facts found in them.

Everything that passes between spiders, parsers, stages and the archive is one of these models.
This module knows nothing about HTTP, HTML or SQL and imports nothing from the project.

Times are aware datetimes in UTC; dates are common-era dates in Asia/Bangkok.
"""

from __future__ import annotations

from datetime import date, datetime
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
    """A generation of the site, with its own URLs and markup."""

    CONTENTS = "contents"
    NEWS = "news"


class Outcome(StrEnum):
    """The result of reading a capture. A capture without an outcome has not been read yet.

    ``SHELL`` is a page without text of its own, which its scripts fill in. ``REDIRECT`` is an
    answer that names another address instead of an article. ``ATTACHMENT`` is a file that an
    article shows or links to.
    """

    ARTICLE = "article"
    MISSING = "missing"
    BLOCKED = "blocked"
    OUT_OF_SCOPE = "out_of_scope"
    UNPARSED = "unparsed"
    DUPLICATE = "duplicate"
    SHELL = "shell"
    REDIRECT = "redirect"
    ATTACHMENT = "attachment"


class Scope(StrEnum):
    """Which articles an archive keeps."""

    INDUSTRY = "industry"
    ALL = "all"


class TextField(StrEnum):
    """The parts of an article's text, in reading order."""

    TITLE = "title"
    LEAD = "lead"
    BODY = "body"
    TAIL = "tail"


class Value(BaseModel):
    """Base of the immutable models, which are equal if their fields are equal."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Value):
    """Something unexpected, with a name by which it can be counted.

    Attributes:
        stage: the parser or stage that noticed it, such as ``contents`` or ``dates``.
        kind: a short, stable name with hyphens, such as ``no-long-date``.
        detail: one English sentence that says what was expected and what was found.
    """

    stage: str
    kind: str
    detail: str


class Attachment(Value):
    """A file that an article shows or links to.

    Attributes:
        kind: image, document, audio or video.
        url: absolute address; the signed address of an image proxy is kept in full.
        original: the address of the file itself if ``url`` is the address of a proxy.
    """

    kind: str
    url: str
    original: str | None = None


class MinistryScore(Value):
    """A ministry that an article is about.

    Attributes:
        ministry: a slug from ``data/reference/ministries.csv``.
        score: weighted count of its names; comparable only within one article.
        evidence: the names found, with field and count, strongest first.
    """

    ministry: str
    score: float
    evidence: tuple[str, ...]


class AgencyMentions(Value):
    """An agency that an article names.

    Attributes:
        agency: a slug from ``data/reference/agencies.csv``.
        mentions: how often any of its names occurs in the article.
        evidence: the names found, with field and count, in reading order.
    """

    agency: str
    mentions: int
    evidence: tuple[str, ...]


class Capture(Value):
    """The bytes of one answer from one source at one time.

    Attributes:
        url: the requested address, unchanged.
        fetched_at: when the source answered; when it was read, for a file without a date.
        status: HTTP status; None for a file.
        content_type: the source's Content-Type, with charset; empty if it gave none.
        body: the decoded entity, without transfer and content encodings.
        digest: SHA-256 of the payload in the WARC record, in hexadecimal.
        source: for files, the path inside the folder, tarball or zip.
        rendered: whether this is the HTML of the page in a browser after its scripts ran. It has
            no status of its own.
        cut: why the bytes are truncated, or None. No article is read from truncated bytes.
        doubt: how the content encoding was damaged or differed from the headers, although the
            bytes could be decoded.
        scope: the scope of the run that made the capture, if the reading run has another.
        attachment: address of the file itself, as the article has it, if this is an answer to a
            request for an attachment.
        id: id of the row in ``captures``; None until the capture is stored.
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
    attachment: str | None = None
    id: int | None = None


Headers = tuple[tuple[str, str], ...]
"""HTTP headers in order, with names as the server wrote them."""


class Incoming(NamedTuple):
    """A capture that is not stored yet.

    Attributes:
        capture: its ``id`` is None.
        payload: the encoded entity, if its content encoding makes it differ from
            ``capture.body``.
        headers: the HTTP headers that are known.
        not_modified: whether the server answered 304, so the bytes are from an earlier capture.
    """

    capture: Capture
    payload: bytes | None = None
    headers: Headers = ()
    not_modified: bool = False


class Article(BaseModel):
    """One press release.

    The parser fills the first group of fields, the stages the second. In text fields, a newline
    separates paragraphs and nothing else.

    Attributes:
        url: canonical address (``scraper.sources``), which identifies the article.
        site: slug of the source, ``thaigov`` or ``practice``.
        site_id: the number in the URL.
        lead: the summary under the headline; None unless it is a text of its own.
        tail: sign-off lines under the body: hashtags, separators, press units, links.
        published_on: the long date on the page.
        published_raw: that date as written.
        entered_on: the short date, of data entry; rarely differs from ``published_on``.
        links: canonical addresses of other articles in the text, in order, without repeats.
        parser: name and version of the parser, such as ``contents/1``.
        facts: the facts that the stages found, by ``FactKind.name``.
        words: the words of title, lead and body, in order.
        engine: name of the segmenter.
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
        """The ministries the article is about, strongest first; they decide the scope."""
        return self.facts.get("ministries", ())


class AttachedFile(Value):
    """The file of an attachment, as far as it could be read.

    Attributes:
        format: key of ``scraper.attachments.formats.FORMATS``, judged by the bytes.
        size: bytes.
        pages: number of pages or sheets; None if it is not known or has none.
        text: clean text; empty if there is none, or none that can be read.
        reader: name and version of the library that read the text; empty if none did.
    """

    format: str
    size: int
    pages: int | None = None
    text: str = ""
    reader: str = ""


class Page(BaseModel):
    """The pipeline item: a capture and what the stages have read from it so far.

    The parse stage sets ``outcome`` and, if there is one, ``article``, or an attachment's ``file``;
    later stages complete the article and add problems. Pages without an article pass through
    unchanged.
    """

    model_config = ConfigDict(extra="forbid")

    capture: Capture
    outcome: Outcome | None = None
    article: Article | None = None
    file: AttachedFile | None = None
    problems: list[Problem] = Field(default_factory=list)

    def add_problem(self, stage: str, kind: str, detail: str) -> None:
        """Record something unexpected; the page is kept."""
        self.problems.append(Problem(stage=stage, kind=kind, detail=detail))
