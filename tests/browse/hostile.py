"""Articles with an attack in every field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.model import Attachment, MinistryScore
from tests.factories import make_article

if TYPE_CHECKING:
    from collections.abc import Iterator

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
)
ADDRESSES = (
    "javascript:owned()",
    "JaVaScRiPt:owned()",
    "data:text/html,<script>owned()</script>",
    'https://evil.example/"><script>owned()</script>',
    "https://evil.example/' onmouseover='owned()",
    "vbscript:owned()",
    "//evil.example/x.js",
)


def hostile_articles() -> Iterator[Article]:
    """Yield an article for each payload, with it wherever a page may put text."""
    for number, payload in enumerate(PAYLOADS, 1):
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
            words=(payload, "เมื่อ"),
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
