"""The names shared by the modules of this package: shells, and the programs that render them."""

from __future__ import annotations

from typing import NamedTuple

from scrapy.exceptions import IgnoreRequest

from scraper.install import install_command

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")  # in order
INSTALL = (
    f"Run `{install_command('render')}` and install Chromium, on Debian `apt-get install chromium` "
    "(THAIGOV_CHROMIUM names a browser elsewhere)"
)
SHELL = "thaigov_shell"  # request.meta: the shell that the browser is to render


class NoBrowserError(IgnoreRequest):
    """There is no browser to render pages; the message says what to install."""


class RenderError(Exception):
    """A page could not be rendered. Its shell is kept.

    Args:
        reason: why, as the end of a sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"The page was not rendered: {reason}")


class Shell(NamedTuple):
    """A response whose text its scripts still have to fill in.

    Attributes:
        body: decompressed.
        content_type: with its charset.
        is_article: whether it is an article's page; else it is a listing.
    """

    body: bytes
    content_type: str
    is_article: bool
