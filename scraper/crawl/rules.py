"""What a robots.txt says to us: RFC 9309, and what Google's parser makes of faulty files.

Protego, Scrapy's own choice, matches paths. It finds the group of a robot by any token that is part
of its name, splits lines at characters that are none's end, and reads neither UTF-16 nor the key
of a line as Google does. So the file is read here, and Protego is given one group: ours.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple, Self

from protego import Protego
from scrapy.robotstxt import RobotParser

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LONGEST_LINE = 2083 * 8 - 1  # bytes of a line that are read
LINE_END = re.compile(r"\r\n|\r|\n")
TOKEN = re.compile(r"[A-Za-z_-]*")
DELAY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)\s*(?:s|sec|seconds?)?", re.IGNORECASE)
# What the key of a line begins with; what comes after it is forgiven, as are common misspellings.
KEYS = {
    "user-agent": ("user-agent", "useragent", "user agent"),
    "allow": ("allow",),
    "disallow": ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw"),
    "crawl-delay": ("crawl-delay", "crawldelay", "crawl delay"),
}
BLANKS = " \t\v\f"  # \r and \n end a line


class Rule(NamedTuple):
    """A line of a group: ``allow``, ``disallow`` or ``crawl-delay``, and its value."""

    key: str
    value: str


class Rules(RobotParser):
    """The rules of one file, for Scrapy's middleware (setting ``ROBOTSTXT_PARSER``).

    Args:
        body: of the file.
    """

    def __init__(self, body: bytes) -> None:
        told = map(_key_and_value, LINE_END.split(_decoded(body)))
        self._lines = [Rule(key, value) for key, value in told if key]
        self._groups: dict[str, list[Rule]] = {}
        self._matchers: dict[str, Protego] = {}

    @classmethod
    def from_crawler(cls, _crawler: Crawler, robotstxt_body: bytes) -> Self:
        """Read a file."""
        return cls(robotstxt_body)

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Say whether a robot may ask for a URL."""
        agent = _text(user_agent).lower()
        if agent not in self._matchers:
            lines = [line for rule in self.group(agent) for line in _for_protego(rule)]
            self._matchers[agent] = Protego.parse("\n".join(["user-agent: *", *lines]))
        return self._matchers[agent].can_fetch(_text(url), "*")

    def crawl_delay(self, user_agent: str | bytes) -> float | None:
        """Return the longest ``Crawl-delay`` (seconds) of a robot's group, None without one."""
        told = (r.value for r in self.group(_text(user_agent)) if r.key == "crawl-delay")
        return max((float(m[1]) for m in map(DELAY.fullmatch, told) if m), default=None)

    def group(self, agent: str) -> list[Rule]:
        """Return the rules for a robot: of all groups that name it, else of those for all.

        Only ``allow`` and ``disallow`` end the list of robots that a group is for; any other line,
        Crawl-delay too, does not (RFC 9309, 2.2.4).

        Args:
            agent: its token; case makes no difference.
        """
        agent = agent.lower()
        if agent not in self._groups:
            ours: list[Rule] = []
            everybodys: list[Rule] = []
            is_named = is_ours = is_everybodys = False
            begins = True  # whether the next user-agent line begins a group
            for rule in self._lines:
                if rule.key == "user-agent":
                    robot = _token(rule.value)
                    is_ours = (is_ours and not begins) or (robot == agent != "")
                    is_everybodys = (is_everybodys and not begins) or robot == "*"
                    is_named, begins = is_named or is_ours, False
                    continue
                begins = begins or rule.key != "crawl-delay"
                if is_ours:
                    ours.append(rule)
                elif is_everybodys:
                    everybodys.append(rule)
            self._groups[agent] = ours if is_named else everybodys
        return self._groups[agent]


def _text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _decoded(body: bytes) -> str:
    """Return the text of a file: UTF-16 by its mark or its zero bytes, else UTF-8.

    The mark of UTF-8 is passed over, a part of it too. Bytes that are no UTF-8 stand for
    themselves, so that an escape of the same byte matches them.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    head = body[:64]
    for zeros, codec in ((head[1::2], "utf-16-le"), (head[::2], "utf-16-be")):
        if zeros and zeros.count(0) == head.count(0) > len(zeros) // 2:
            return body.decode(codec, "replace")
    for mark in (codecs.BOM_UTF8, codecs.BOM_UTF8[:2], codecs.BOM_UTF8[:1]):
        if body.startswith(mark):
            body = body[len(mark) :]
            break
    return body.decode("utf-8", "surrogateescape")


def _key_and_value(line: str) -> tuple[str, str]:
    """Return what a line says, an empty key where it says nothing to a robot."""
    cut = line.encode("utf-8", "surrogateescape")[:LONGEST_LINE].decode("utf-8", "surrogateescape")
    content = cut.partition("#")[0].strip(BLANKS)
    key, colon, value = content.partition(":")
    if not colon:
        # A forgotten colon, if there are a key and a value and nothing else.
        words = content.split()
        known = next((n for n in (2, 1) if len(words) == n + 1 and _known(" ".join(words[:n]))), 0)
        if not known:
            return "", ""
        key, value = " ".join(words[:known]), words[known]
    key = key.strip(BLANKS)
    return _known(key), value.strip(BLANKS)


def _known(key: str) -> str:
    lower = key.lower()
    return next((name for name, forms in KEYS.items() if lower.startswith(forms)), "")


def _token(value: str) -> str:
    """Return the token of a user-agent line: up to a version, a blank, or anything else."""
    if value == "*" or (value.startswith("*") and value[1] in BLANKS):
        return "*"
    token = TOKEN.match(value)
    return token[0].lower() if token else ""


def _for_protego(rule: Rule) -> list[str]:
    """Return a path's rule as Protego is given it: what is not ASCII escaped, byte by byte.

    ``index.htm`` stands for its folder as ``index.html`` does, which Protego knows.
    """
    if rule.key == "crawl-delay":
        return []
    octets = rule.value.encode("utf-8", "surrogateescape")
    path = "".join(chr(octet) if octet < 0x80 else f"%{octet:02X}" for octet in octets)
    lines = [f"{rule.key}: {path}"]
    folder, slash, page = path.rpartition("/")
    if rule.key == "allow" and slash and page.startswith("index.htm"):
        lines.append(f"allow: {folder}/$")
    return lines
