"""Lines of text in HTML."""

from __future__ import annotations

import pytest

from scraper.pages.lines import lines_of
from tests.pages.samples import block


def texts(html: str) -> list[str]:
    return [line.text for line in lines_of(block(html))]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<p>ก</p><p>ข</p>", ["ก", "ข"]),
        ("ก<br>ข<br/><br/>ค", ["ก", "ข", "ค"]),
        ("ก<p>ข</p>ค", ["ก", "ข", "ค"]),
        ("<ul><li>ก<li>ข</ul>", ["ก", "ข"]),
        ("<div>&nbsp;</div><div>ก&nbsp;&nbsp; ข\r\n ค</div>", ["ก ข ค"]),
        ("<p>ว่<b>า</b><span style='x'>ว</span> <u>ไทย</u></p>", ["ว่าว ไทย"]),
        ("<p class=MsoNormal>ก<o:p></o:p></p><p><o:p>&nbsp;</o:p></p>", ["ก"]),
        ("ก<script>var a = 'ข';</script><style>ค{}</style><!-- ง --><noscript>จ</noscript>", ["ก"]),
        ("<p>ก\u2028ข\u200b</p>", ["ก ข"]),
        ("<table><tr><td>ก<td>ข</tr><tr><td>ค<td>ง</table>", ["ก | ข", "ค | ง"]),
        ("<table><tr><td><p>ก</p><p>ข</p></td><td>74</td><td> </td></tr></table>", ["ก ข | 74"]),
        ("<table><tr><td></td><td>ก</td></tr></table>ข", ["ก", "ข"]),
        ("<table><tr><td><p>ก</p><p>ข</p></td></tr></table>", ["ก", "ข"]),
        (
            "<table><tr><td>ก<table><tr><td>ข</td></tr></table></td><td>ค</td></tr></table>ง",
            ["ก | ข | ค", "ง"],
        ),
        ("", []),
    ],
)
def test_lines_are_those_a_browser_shows(html: str, lines: list[str]) -> None:
    assert texts(html) == lines


def test_line_has_its_links_and_block() -> None:
    first, second = lines_of(block("<p>ดู <a href='/a'>ก</a><a href='/b'>ข</a></p><h3>ค</h3>"))
    assert (first.hrefs, first.block.name) == (("/a", "/b"), "p")
    assert (second.hrefs, second.block.name) == ((), "h3")


def test_nesting_may_be_deep() -> None:
    depth = 5_000
    assert texts("<font>" * depth + "ก") == ["ก"]
