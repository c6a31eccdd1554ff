"""Articles with an attack in every field, and in every fact that is read out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import AgencyMentions, Attachment, MinistryScore
from tests.factories import make_article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

    from scraper.model import Article

# Each would call owned() in a page that trusted it.
PAYLOADS = (
    "<script>owned()</script>",
    "<img src=x onerror=owned()>",
    "<svg/onload=owned()>",
    '"><script>owned()</script>',
    "'><img src=x onerror=owned()>",
    '" autofocus onfocus=owned() x="',
    "</title><script>owned()</script>",
    "</textarea><script>owned()</script>",
    "--><script>owned()</script><!--",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:owned()",
    "<a href=javascript:owned()>x</a>",
    "<iframe srcdoc='<script>parent.owned()</script>'></iframe>",
    "<style>*{background:url(http://evil.example/)}</style>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/'>",
    "<base href=http://evil.example/>",
    '=HYPERLINK("http://evil.example/")',
    "\u202e<script>owned()</script>",
    "\u2067\u2066\u202b owned \u202d<script>owned()</script>",
    "\x01\x02\x08\x1b]0;owned\x07\x7f\x9b31m\u2028\ufffe<script>owned()</script>",
    "</style><style>@import 'http://evil.example/x.css'; td { position: fixed }</style>",
)
LONG_WORD = "owned" + "ก" * 60_000
EVERYTHING = " ".join(PAYLOADS)
MANY = (EVERYTHING, LONG_WORD)  # of the articles after those of each payload
ADDRESSES = (
    "javascript:owned()",
    "JaVaScRiPt:owned()",
    "data:text/html,<script>owned()</script>",
    'https://evil.example/"><script>owned()</script>',
    "https://evil.example/' onmouseover='owned()",
    "vbscript:owned()",
    "//evil.example/x.js",
)


# Facts of an article whose id is {id}; :text is the attack. The ids of people follow the articles.
FACTS = """
INSERT INTO people VALUES (:id, :text);
INSERT INTO person_mentions VALUES (:id, 'body', 0, :text, :id, :text, :text, 'diw', 'full');
INSERT INTO agency_mentions VALUES (:id, 'body', 1, :text, 'diw');
INSERT INTO place_mentions VALUES (:id, 'body', 2, :text, 'province', 'TH-20', NULL, :text);
INSERT INTO money_mentions VALUES (:id, 'body', 3, :text, 5e9, NULL, 'THB', 1, NULL);
INSERT INTO money_mentions VALUES (:id, 'body', 4, :text, 7e9, 8e9, :text, 1, :text);
INSERT INTO law_mentions VALUES (:id, 'body', 5, :text, 'act', :text);
INSERT INTO programme_mentions VALUES (:id, 'body', 6, :text, 'project', :text);
INSERT INTO contacts VALUES (:id, 'body', 7, :text, 'url', :text, 1);
INSERT INTO contacts VALUES (:id, 'body', 8, :text, 'email', :text, 0);
INSERT INTO events VALUES
    (:id, :id, '2025-08-21', '2025-08-22', substr(:text, 1, 99), NULL, :text, 'TH-20', :id, 0.9);
INSERT INTO attachment_texts VALUES (:id, :digest, 'pdf', 9, 1, :text || ' owned', :text);
INSERT INTO attachment_files SELECT article_id, url, :text, :id FROM attachments
    WHERE article_id = :id AND kind = 'image' LIMIT 1;
INSERT INTO problems (run_id, url, capture_id, stage, kind, detail)
    VALUES (1, :text, NULL, :text, :text, :text);
"""


def add_hostile_facts(db: Database) -> None:
    """Give every hostile article facts, a file and a problem that are attacks, too."""
    for article_id, title in list(db.execute("SELECT id, title FROM articles")):
        values = {"id": article_id, "text": title, "digest": f"{article_id:064x}"}
        for statement in FACTS.strip().split(";\n"):
            db.execute(statement.rstrip(";"), values)


def hostile_articles() -> Iterator[Article]:
    """Yield an article for each payload, with it wherever a page may put text, and for ``MANY``."""
    for number, payload in enumerate((*PAYLOADS, *MANY), 1):
        if payload is LONG_WORD:
            yield make_article(
                number, title=payload, category=payload, hashtags=(payload[:60_000],),
                lead=payload[:500], body=f"owned {payload}", words=("owned", payload),
            )  # fmt: skip
            continue
        line = f"{payload} http://evil.example/{payload} เมื่อวันที่ 20 สิงหาคม 2568 {payload}"
        yield make_article(
            number,
            title=payload,
            lead=f"lead {payload}",
            body=f"{line}\n{line}",
            tail=f"#{payload}",
            category=payload,
            published_raw=payload,
            hashtags=(payload,),
            words=(payload, "เมื่อ", "owned"),
            agencies=(AgencyMentions(agency="diw", mentions=1, evidence=(f"title: {payload}",)),),
            attachments=tuple(
                Attachment(kind=kind, url=url) for url in ADDRESSES for kind in ("image", payload)
            ),
            links=ADDRESSES,
            ministries=(
                MinistryScore(ministry="industry", score=1, evidence=(f"title: {payload} ×1",)),
            ),
            engine=payload,
            parser=payload,
        )
