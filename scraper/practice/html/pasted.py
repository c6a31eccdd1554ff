"""Turns the lines of a draft into HTML as pasted from Word by an editor.

The content of the form's text field does not depend on the page around it, so both layouts share
this module. It knows nothing about pages.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from scraper.practice.html import dirt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from scraper.practice.prose.drafts import Draft

AUDIO_FALLBACK = "Your browser does not support the audio element."

_URL = re.compile(r"https?://[^\s<]+")
_EMAIL = re.compile(r"[A-Za-z0-9.]+@[A-Za-z0-9.]+\w")
_EMAIL_KEY = 0x5A
_INLINE_TAGS = (
    "<strong>{}</strong>",
    "<span style='color:#1f497d'>{}</span>",
    "<b>{}</b>",
    "<u>{}</u>",
)
_WORD = (
    '<p class="MsoNormal" style="text-align:justify;text-indent:2.5cm"><span lang="TH" '
    'style="font-size:16.0pt;font-family:&quot;TH SarabunPSK&quot;,sans-serif">{}</span>'
    "<span><o:p></o:p></span></p>"
)

Lines = list[str]
LAYOUTS: dict[str, Callable[[Lines], str]] = {
    # Each function marks up a body, given its lines as HTML.
    "paragraphs": lambda lines: "\r\n".join(f"<p>{line}</p>" for line in lines),
    "word": lambda lines: "\r\n\r\n".join(_WORD.format(line) for line in lines),
    "breaks": lambda lines: "<p>" + "<br />\r\n".join(lines) + "</p>",
    "fonts": lambda lines: "\n".join(
        f'<p><font face="Angsana New"><font size="4">{line}</font></font></p>' for line in lines
    ),
    "divs": lambda lines: "<div>&nbsp;</div>".join(f"<div>{line}</div>" for line in lines),
    "table": lambda lines: "<table border='1'><tbody>{}</tbody></table>".format(
        "\n".join(f"<tr>\n<td>{line}</td>\n</tr>" for line in lines)
    ),
}


class Paste:
    """The texts of one draft as HTML.

    Args:
        draft: decides how its body is marked up, and which dirt is certain.
        rng: draws the rest of the dirt.
        hides_emails: whether Cloudflare's protection rewrites e-mail addresses, as it does in
            HTML that passes through it.
    """

    def __init__(self, draft: Draft, rng: Random, *, hides_emails: bool) -> None:
        self._layout = LAYOUTS[draft.layout]
        self._rng = rng
        self._hides_emails = hides_emails
        self._dirt = dirt.draw(rng, draft.dirt)

    def line(self, text: str) -> str:
        """Return a headline, or one line of a lead."""
        return self._markup(self.dirty(text))

    def body(self, texts: Iterable[str]) -> str:
        """Return a body, given its lines."""
        indents = (0, 0, 0, 6)
        return self._layout(
            ["&nbsp;" * self._rng.choice(indents) + self._set_off(self.line(t)) for t in texts]
        )

    def dirty(self, text: str) -> str:
        """Return a line as plain text with dirt."""
        return dirt.strew(self._rng, text, self._dirt)

    def _markup(self, text: str) -> str:
        """Return text as HTML: odd spaces as entities, URLs as links, e-mail hidden."""
        text = escape(text, quote=False).replace("\xa0", "&nbsp;")
        text = _URL.sub(lambda match: f'<a href="{match[0]}">{match[0]}</a>', text)
        return (
            _EMAIL.sub(lambda match: hidden_email(match[0]), text) if self._hides_emails else text
        )

    def _set_off(self, markup: str) -> str:
        """Wrap a word of some lines in a tag: tags inside words are common."""
        words = markup.split(" ")
        if "<" in markup or self._rng.random() < 0.8:
            return markup
        at = self._rng.randrange(len(words))
        words[at] = self._rng.choice(_INLINE_TAGS).format(words[at])
        return " ".join(words)


def hidden_email(address: str) -> str:
    """Return an e-mail address as rewritten by Cloudflare: each byte XOR a key."""
    code = bytes((_EMAIL_KEY, *(byte ^ _EMAIL_KEY for byte in address.encode()))).hex()
    return (
        f'<a href="/cdn-cgi/l/email-protection" class="__cf_email__" data-cfemail="{code}">'
        "[email&#160;protected]</a>"
    )


def audio_player(url: str) -> str:
    """Return an audio player, with fallback text for browsers that lack one."""
    source = f'<source src="{escape(url)}" type="audio/mpeg">'
    return f"<p><audio controls>{source}{AUDIO_FALLBACK}</audio></p>"


def furniture(lines: Iterable[str]) -> str:
    """Return the block of pictures and other headlines that editors paste in by mistake."""
    return "\n".join(f"<div>{escape(line)}</div>" for line in lines)
