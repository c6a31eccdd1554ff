"""Parses robots.txt by RFC 9309, and faulty files as Google's parser does.

Protego, Scrapy's default, is used only to match paths. It finds the group of a robot by any token
that is part of its name, splits lines at characters that do not end one, and does not read UTF-16
or the keys of lines as Google does. So the file is parsed here, and Protego is given our group.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, NamedTuple, Self

from protego import Protego
from scrapy.robotstxt import RobotParser

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

MAX_LINE_BYTES = 2083 * 8 - 1  # read of a line
MAX_DELAY = 10.0**9  # seconds; more is the same
LINE_END = re.compile(r"\r\n|\r|\n")
TOKEN = re.compile(r"[A-Za-z_-]*")
DELAY = re.compile(r"([0-9]++(?:\.[0-9]++)?)\s*(?:s|sec|seconds?)?", re.IGNORECASE)
# Prefixes of a line's key, common misspellings included; anything may follow.
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


class RobotsRules(RobotParser):
    """The rules of a file, for Scrapy's middleware (setting ``ROBOTSTXT_PARSER``).

    Args:
        body: the bytes of the file.
    """

    def __init__(self, body: bytes) -> None:
        rules = map(_parse_line, LINE_END.split(_decode_robots(body)))
        self._lines = [rule for rule in rules if rule is not None]
        self._groups: dict[str, list[Rule]] = {}
        self._matchers: dict[str, Protego] = {}

    @classmethod
    def from_crawler(cls, _crawler: Crawler, robotstxt_body: bytes) -> Self:
        """Parse a file."""
        return cls(robotstxt_body)

    def allowed(self, url: str | bytes, user_agent: str | bytes) -> bool:
        """Return whether a robot may request a URL."""
        agent = _to_str(user_agent).lower()
        if agent not in self._matchers:
            lines = [line for rule in self.group(agent) for line in _for_protego(rule)]
            self._matchers[agent] = Protego.parse("\n".join(["user-agent: *", *lines]))
        return self._matchers[agent].can_fetch(_to_str(url), "*")

    def crawl_delay(self, user_agent: str | bytes) -> float | None:
        """Return the longest ``Crawl-delay`` (seconds) of a robot's group, None without one."""
        delays = (r.value for r in self.group(_to_str(user_agent)) if r.key == "crawl-delay")
        found = (float(m[1]) for m in map(DELAY.fullmatch, delays) if m)
        return max((min(delay, MAX_DELAY) for delay in found), default=None)

    def group(self, agent: str) -> list[Rule]:
        """Return the rules for a robot: of all groups that name it, else of the groups for ``*``.

        Only ``allow`` and ``disallow`` end the list of robots of a group; other lines, Crawl-delay
        included, do not (RFC 9309, 2.2.4).

        Args:
            agent: its token, in any case.
        """
        agent = agent.lower()
        if agent not in self._groups:
            ours: list[Rule] = []
            for_all: list[Rule] = []
            is_named = is_ours = is_for_all = False
            begins = True  # whether a user-agent line here begins a new group
            for rule in self._lines:
                if rule.key == "user-agent":
                    robot = _token(rule.value)
                    is_ours = (is_ours and not begins) or (robot == agent != "")
                    is_for_all = (is_for_all and not begins) or robot == "*"
                    is_named, begins = is_named or is_ours, False
                    continue
                begins = begins or rule.key != "crawl-delay"
                if is_ours:
                    ours.append(rule)
                elif is_for_all:
                    for_all.append(rule)
            self._groups[agent] = ours if is_named else for_all
        return self._groups[agent]


def _to_str(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def _decode_robots(body: bytes) -> str:
    """Decode a file: UTF-16 by its byte order mark or its zero bytes, else UTF-8.

    The mark of UTF-8 is skipped, even if incomplete. Invalid bytes become surrogates, so that an
    escape of the same byte matches them.
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


def _parse_line(line: str) -> Rule | None:
    """Return the rule of a line, None if it has no known key."""
    octets = line.encode("utf-8", "surrogateescape")[:MAX_LINE_BYTES]
    content = octets.decode("utf-8", "surrogateescape").partition("#")[0].strip(BLANKS)
    key, colon, value = content.partition(":")
    if not colon:
        # A forgotten colon: a key of one or two words and one word as its value.
        words = content.split()
        if len(words) not in {2, 3}:
            return None
        key, value = " ".join(words[:-1]), words[-1]
    lower = key.strip(BLANKS).lower()
    name = next((name for name, forms in KEYS.items() if lower.startswith(forms)), None)
    return None if name is None else Rule(name, value.strip(BLANKS))


def _token(value: str) -> str:
    """Return the token of a user-agent line, without a version or anything else that follows."""
    if value == "*" or (value.startswith("*") and value[1] in BLANKS):
        return "*"
    token = TOKEN.match(value)
    return token[0].lower() if token else ""


def _for_protego(rule: Rule) -> list[str]:
    """Return the lines of a rule for Protego, with bytes other than ASCII escaped.

    To allow ``index.htm`` allows its folder, too; Protego knows only ``index.html``.
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
