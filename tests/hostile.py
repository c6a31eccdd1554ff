"""Input that is made to take long, and the measure for it: CPU time of doubled input.

Wall-clock time says nothing on a busy machine. A single run says little, so the best of a few
runs counts, and the garbage collector is off meanwhile.
"""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MEASURABLE = 0.05
"""Seconds of CPU time below which a run tells nothing about the next larger one."""

MOST = 3.5
"""Times as long as the half an input may take; twice is linear, four times is quadratic."""

# Runs of every kind of character that some pattern repeats, and the beginnings of what is read.
UNITS = (
    " ",
    "\xa0",
    "\n",
    "\r",
    "\t",
    "1",
    "๑",
    "่",
    "ุ่",
    "ู้",
    "ก",
    "ำ",
    "ํา",
    "เเ",
    "a",
    "A",
    "<",
    "&",
    "'",
    '"',
    "(",
    "[",
    "{",
    ".",
    ",",
    "-",
    "/",
    ":",
    "#",
    "@",
    "_",
    "=",
    "\\",
    "\u0301\u0323",
    "\u200d",
    "\u200b",
    "\ufffd",
    "👩\u200d",
    "e\u0301",
    "\u1100\u1161",
    "Σ",
    "İ",
    "\x85",
    "1,",
    "1.",
    "1/",
    "1 และ ",
    "1, ",
    "ก.",
    "ก. ",
    "#ก",
    "#ก#",
    "x ",
    "วันที่",
    "วันที่ ",
    "วันที่ : ",
    "date ",
    "1/1/2568 ",
    "1/1/2568, ",
    "1 ม.ค. ",
    "1 มกราคม 2568 - ",
    "May 1, ",
    "July 1, 2, ",
    "5 กรกฎาค 2568 ",
    "1กรกาคมม ",
    "ปี 2568 (มกราคม - ",
    "09.30 น. ",
    "10.00 น. - ",
    "วันนี้ (",
    "จันทร์ - ",
    "ร.ศ. ",
    "5 เมษายน ปีมะเส็ง ",
    "www.",
    "www.!",
    "http://a ",
    "https://a/https://b/",
    "facebook ",
    "โทร 1",
    "กลุ่มข่าว",
    "กระทรวง",
    "อก.",
    "&amp;#",
    "&#1",
    "emailprotected",
    "charset ",
    "charset=",
    "src:",
    "cf-turnstile",
    "ที่มา :",
)
TAGS = (
    "x<br>",
    "<p>",
    "</p>",
    "<div>",
    "</div>",
    "<b>",
    "</b>",
    "</x>",
    "<td>",
    "<td>x",
    "<td> ",
    "<tr>",
    "<tr><td>",
    "<table>",
    "<table><tr><td>",
    "<li>",
    "<h1>",
    "<h1>x",
    "<h1>x</h1>",
    "<h3 class=news-1>",
    "<title>",
    "<title ",
    "<title",
    "<!--",
    "<!-->",
    "-->",
    "<![CDATA[",
    "<?",
    "<!",
    "</",
    "<a href=",
    "<a href='",
    '<a href="',
    "<a href=x>y</a>",
    "<a href=x>y</a><br>",
    "<img src=a.jpg>",
    "<a ",
    "a b",
    "<script>",
    "<script></script>",
    "<style>",
    "<svg>",
    "<form>",
    "<select>",
    "<button>",
    "<nav>",
    "<footer>",
    "<footer></footer>",
    "<aside>",
    "<article>",
    "<main>",
    "<main role=main>",
    "<time datetime=2025-08-21>x</time>",
    "<main>วันที่ 1/1/2568</main>",
    '<i data-cfemail="00">',
    "<template>",
    "<noscript>",
    "<textarea>",
    "<plaintext>",
    "<xmp>",
    "<frameset>",
    "<iframe>",
    "<html>",
    "<body class=x>",
    "</body>",
    "</html>",
    "</body",
    "</html><p>x",
    "<a href='http://['>x</a>",
    "<p class=hidden-print>",
    '<p title="<b>',
    "&nbsp;",
    "อัลบั้มภาพ<br>",
    "ข่าวที่เกี่ยวข้อง<br>",
    "Next<br>",
    "1<br>",
    "กำลังโหลด<br>",
    "สำนักเลขาธิการนายกรัฐมนตรี<br>",
    "*****<br>",
    "<p>#ก</p>",
)


def repeated(unit: str, begin: str = "", end: str = "") -> Callable[[int], str]:
    """Return what makes a text of about some number of characters of one unit."""
    return lambda length: f"{begin}{unit * (length // len(unit))}{end}"


def cpu_time(function: Callable[[Any], object], value: object) -> float:
    """Return the seconds of CPU time that a call takes."""
    gc.disable()
    try:
        started = time.process_time()
        function(value)
        return time.process_time() - started
    finally:
        gc.enable()


def time_without_care(function: Callable[[Any], object], value: object) -> float:
    """Return the same as `cpu_time`, with the garbage collector on: quick, and sometimes more."""
    started = time.process_time()
    function(value)
    return time.process_time() - started


def assert_linear(
    function: Callable[[Any], object], make: Callable[[int], object], length: int
) -> None:
    """Assert that doubled input takes about twice as long.

    Args:
        function: what is measured.
        make: returns an input of about some number of characters.
        length: of the smaller input.
    """
    small, large = make(length), make(2 * length)
    if time_without_care(function, large) < MEASURABLE:
        return
    for _ in range(3):
        longer = cpu_time(function, large)
        shorter = min(cpu_time(function, small) for _ in range(2))
        if longer < MOST * shorter:
            return
    raise AssertionError(f"{2 * length} characters took {longer:.2f} s, half of it {shorter:.2f} s")
