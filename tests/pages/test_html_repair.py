"""Repair of HTML source, and reported faults."""

from __future__ import annotations

import pytest

from scraper.pages.html_repair import repair_html


@pytest.mark.parametrize(
    "html",
    [
        "<!DOCTYPE html><html><body><p>ลม</p>",
        "<!-- </div> --><p>ลม</p><!-- <div> -->",
        "<!-- <div><p>ลมเก่า</p></div> --><p>ลม</p>",
        "<!--[if gte mso 9]><xml><w:a>ลม</w:a></xml><![endif]--><![if !a]>ลม<![endif]>",
        "<script>document.write('<div>ลม</div>'); if (a<b && c>d) {}</script>",
        "<script>document.write('<script src=\"a.js\"><\\/script>');</script>",
        '<script type="application/json">{"a": "<p>ลม</p></div>"}</script>',
        '<a title="<b>ลม</b>" href="a.html">ลม</a><img alt=ลม src=\'ลม 1.jpg\'>',
        "<?xml:namespace prefix = o ns = 'urn:schemas-microsoft-com' /><o:p></o:p>",
        "<button>พิมพ์</button><nav>เมนู</nav>",
        "1 < 2 และ 3 <4, R&D",
    ],
)
def test_sound_markup_is_unchanged(html: str) -> None:
    assert repair_html(html) == (html, ())


@pytest.mark.parametrize(
    ("html", "prepared"),
    [
        ("<p>ก</body>ข</html>ค", "<p>กขค"),
        ("<p>ก</BODY\n>ข</html >", "<p>กข"),
        ("ก</bo\0dy>ข", "กข"),
        ("ก<![CDATA[ข]]>", "กข"),
        ("ก<!--ข<p>ค", "กข<p>ค"),
        ("ก<script src='a'>ข<p>ค", "กข<p>ค"),
        ("ก<TEXTAREA>ข<p>ค", "กข<p>ค"),
        ("ก<plaintext>ข<p>ค", "กข<p>ค"),
        ("<script><!--<script></script>ก", "<script>\\u003c!--<script></script>ก"),
        ("ก<b hr", "ก"),
        ("ก<b ข<p>ค", "ก&lt;b ข<p>ค"),
        ("ก<!ข<p>ค", "ก&lt;!ข<p>ค"),
    ],
)
def test_text_after_stray_or_unclosed_markup_is_kept(html: str, prepared: str) -> None:
    assert repair_html(html).text == prepared


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("</html>ก", "there is text after </html>: 'ก'"),
        ("<!-- ก", "a comment is never closed; the text after it was read"),
        ("<style>ก", "<style> is never closed; the text after it was read"),
        ("<!-- ลม</div> -->", "a comment seems to contain text of the page: 'ลม'"),
        (
            "<script>ลม</p><script>a</script>",
            "<script> seems to contain text of the page: 'ลม a'",
        ),
        ("<a href='x>ลม</b>' >", "an attribute value seems to contain text: 'x>ลม</b>'"),
        ("<b ลม>", "a tag seems to contain text: '<b ลม'"),
        ("<br it.<p>", "a tag seems to contain text: '<br it.'"),
        ("<nav>ลม", "<nav> has 1 more starts than ends"),
        ("</article></article>", "<article> has 2 more ends than starts"),
        ("<div role=navigation>ลม", "<div> has 1 more starts than ends"),
        ("<p id=a ROLE='search'>ลม<p>", "<p> has 2 more starts than ends"),
        ("<!-- ลม <!-- ว่าว -->", "a comment seems to contain text of the page: 'ลม'"),
        ("<!--!>ลม<!--!>", "a comment seems to contain text of the page: '!>ลม'"),
        ("<style>ลมว่าว&nbsp;</style>", "<style> seems to contain text of the page: 'ลมว่าว&nbsp;'"),
        ("<script src='a'/>ลม</script>", "<script> seems to contain text of the page: 'ลม'"),
        (
            "<a href='x>a kite that flies very high'>",
            "an attribute value seems to contain text: 'x>a kite that flies very high'",
        ),
        ("<p>ลม<a hr", "it ends in a tag: '<a hr'"),
    ],
)
def test_faults_are_reported(html: str, fault: str) -> None:
    assert repair_html(html).faults == (fault,)


def test_number_of_faults_is_limited() -> None:
    faults = repair_html("".join(f"<b{n} ลม>" for n in range(1000))).faults
    assert len(faults) == 21
    assert faults[-1] == "there are 980 more faults"
