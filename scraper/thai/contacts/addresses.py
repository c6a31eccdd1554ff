"""Online addresses: URLs with or without a scheme, e-mail, Facebook pages, LINE names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.thai.contacts.contact import Contact

if TYPE_CHECKING:
    from collections.abc import Iterator

_PATH = r"[a-z0-9\-._~:/?#@!$&'()*+,;=%\[\]]"
_TOP = r"(?:(?:go|or|co|ac|in|mi|net)\.th|th|com|org|net|info|asia|ly|ee|be|me|gg)"
_URL = re.compile(
    # https://…; a host in Thai letters ends with the top domain.
    rf"https?://(?:[ก-๙0-9a-z.-]{{2,60}}\.{_TOP}(?![a-z0-9-])|[a-z0-9]){_PATH}{{0,2000}}"
    # www.…, also in Thai letters: www.คนละครึ่ง.com.
    rf"|www\.(?:[ก-๙0-9a-z-]{{1,60}}\.){{1,5}}{_TOP}(?![a-z0-9-])(?:[/?:#]{_PATH}{{0,2000}})?"
    # A bare host, from the first letter of its run.
    rf"|[a-z0-9](?<![a-z0-9@.\-_/][a-z0-9])[a-z0-9-]{{0,62}}(?:\.[a-z0-9-]{{1,63}}){{0,4}}\."
    rf"{_TOP}(?![a-z0-9_@-]|\.[a-z])(?:/{_PATH}{{0,2000}})?"
)
_EMAIL = re.compile(
    r"[a-z0-9_%+-](?<![a-z0-9._%+-]{2})[a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![a-z0-9@-])"
)
_THAI_PATH = re.compile("[ก-๙0-9a-z._-]{2,60}")
_ADDRESS_MARK = re.compile(
    r"https?://|www\.|@|\.(?:com|org|net|info|asia|th|ly|ee|be|me|gg)(?![a-z0-9-])"
)

_FACEBOOK_HOST = re.compile(
    r"(?:https?://)?(?:[a-z-]{1,10}\.)?(?:facebook\.com|fb\.com|fb\.me|fb\.watch)(?![a-z0-9.-])"
)
_LINE_HOST = re.compile(
    r"(?:https?://)?(?:lin\.ee|line\.me|page\.line\.me|liff\.line\.me)(?![a-z0-9.-])"
)

_FACEBOOK = r"(?:facebook|เฟ[ซส]บุ[๊็]?[กค])"
_PAGE_WORDS = r"(?: ?(?:fan ?page|official|page|แฟนเพจ|เพจ|ชื่อ(?:ว่า)?))"
_FACEBOOK_PAGE = re.compile(
    rf"(?:{_FACEBOOK}{_PAGE_WORDS}{{0,3}}|เพจ ?{_FACEBOOK}?(?: ?ชื่อ(?:ว่า)?)?) ?(?:"
    # A name in quotes, or a handle.
    r"[:=]? ?[“\"‘](?P<quoted>[^“”\"‘’\n]{2,80})[”\"’]"
    r"|[:=]? ?(?P<handle>@[a-z0-9.]{3,50})"
    # Behind a colon, a name up to a mark, a blank line end, or the next kind of contact.
    r"|: ?(?! ?https?:| ?www\.)(?P<name>[^,/|(\n“\"]{2,60}?)(?= ?(?:[,/|(\n]|\Z"
    r"| (?:หรือ|และ|โทร|line|ไลน์|เว็บ|web|www|http|youtube|twitter|ig|instagram|tiktok"
    r"|สายด่วน|e-?mail)))"
    r")"
)
_LINE = r"(?:line(?<![a-z]line)(?![a-z])|ไลน์(?<!ออนไลน์)(?<!ออฟไลน์))"
_LINE_NAME = re.compile(
    rf"{_LINE}(?:[^@\n0-9]{{0,40}}(?P<at>@[a-z0-9][a-z0-9._-]{{2,29}})"
    r"| ?(?:official ?)?(?:id|ไอดี)[ .:=“\"]{0,4}(?P<id>[a-z0-9][a-z0-9._-]{3,29}))"
    r"(?![a-z0-9@])"
)
_OTHER_NETWORK = re.compile(
    "facebook|เฟ[ซส]บุ|twitter|ทวิต|instagram|tiktok|ติ๊กต|youtube|e-?mail|อีเมล"
)


def find_addresses(text: str) -> Iterator[Contact]:
    """Yield the addresses in a folded text. Linear.

    Their values are as written here, in lower case; ``address_value`` makes them absolute. URLs
    cut short (with ``…`` or ``...`` inside) and ``[email protected]`` do not count.
    """
    if _ADDRESS_MARK.search(text):
        yield from _urls(text)
        if "@" in text:
            for match in _EMAIL.finditer(text):
                yield Contact("email", *match.span(), match[0])
    for match in _FACEBOOK_PAGE.finditer(text):
        group = match.lastgroup or "name"
        yield Contact("facebook", *match.span(group), match[group])
    for match in _LINE_NAME.finditer(text):
        group = match.lastgroup or "id"
        if not _OTHER_NETWORK.search(text, match.start(), match.start(group)):
            name = match[group].rstrip(".")
            yield Contact("line", match.start(group), match.start(group) + len(name), name)


def _urls(text: str) -> Iterator[Contact]:
    for match in _URL.finditer(text):
        url = _without_end(match[0])
        start, end = match.start(), match.start() + len(url)
        kind = "url"
        if host := _FACEBOOK_HOST.match(url):
            kind = "facebook"
            # A page may have a Thai name, which no other address has after its host.
            if url[host.end() :] == "/" and (name := _THAI_PATH.match(text, end)):
                end = name.end()
        elif _LINE_HOST.match(url):
            kind = "line"
        if "..." not in url and "." in url:
            yield Contact(kind, start, end, text[start:end])


def _without_end(url: str) -> str:
    """Return a URL without the marks of the sentence after it."""
    while url:
        last = url[-1]
        if (
            last in ".,;:!?'*_~&="
            or (last == ")" and url.count("(") < url.count(")"))
            or last in "[("
            or (last == "]" and url.count("[") < url.count("]"))
        ):
            url = url[:-1]
        else:
            break
    return url


def address_value(kind: str, written: str) -> str:
    """Return an address in one form, from its letters as written in the article.

    URLs become absolute: without a scheme they begin with ``https://``, as browsers read them; a
    scheme that is written stays. The host is in lower case, a lone slash at the end is left out. A
    Facebook handle becomes the URL of its page; the name of a page stays a name. LINE names and
    e-mail addresses are in lower case.
    """
    if kind in ("email", "line") and "/" not in written:
        return written.lower()
    if kind == "facebook" and written.startswith("@"):
        return f"https://www.facebook.com/{written[1:]}"
    if kind == "facebook" and not _FACEBOOK_HOST.match(written.lower()):
        return " ".join(written.split())
    scheme, mark, rest = written.partition("://")
    if not mark:
        scheme, rest = "https", written
    host, slash, path = rest.partition("/")
    path = slash + path if path else ""
    return f"{scheme.lower()}://{host.lower()}{path}"
