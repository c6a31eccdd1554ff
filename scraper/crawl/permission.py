"""Decides which sites may be crawled: practice sites on loopback, real sites with permission."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

from scraper.errors import ReportedError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class RefusedError(ReportedError):
    """The crawl may not start; the message says what is missing and what works without it."""

    exit_code = 4


class StopAskingError(IgnoreRequest):
    """A server refuses further requests, and the run ends."""


def is_loopback(url: str) -> bool:
    """Return whether a URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_permission(url: str, settings: BaseSettings) -> None:
    """Check that the site at ``url`` may be crawled.

    Raises:
        RefusedError: it is a real site, and the operator has not set a contact and a permission.
    """
    if is_loopback(url):
        return
    missing = [f"THAIGOV_{name}" for name in ("CONTACT", "PERMISSION") if not settings.get(name)]
    if missing:
        raise RefusedError(
            f"{urlsplit(url).hostname} bars automated access unless it is explicitly authorised. "
            f"To crawl it, set {' and '.join(missing)}: THAIGOV_CONTACT is an address the site can "
            f"reach you at (it goes into the user agent), THAIGOV_PERMISSION says who allowed it "
            f"and when (it is kept with the run). Without permission, build the archive from the "
            f"public corpora: thaigov import corpus PATH."
        )
