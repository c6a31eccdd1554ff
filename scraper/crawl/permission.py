"""Who may be asked: practice sites on loopback always, a real site only with its permission."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest

from scraper.errors import ReportedError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class RefusedError(ReportedError):
    """The crawl may not begin; the message says what is needed and what works without it."""

    exit_code = 4


class StopAskingError(IgnoreRequest):
    """A server has said that it wants no more requests; the run ends."""


def is_loopback(url: str) -> bool:
    """Say whether a URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_permission(url: str, settings: BaseSettings) -> None:
    """Return if the site at ``url`` may be crawled.

    Raises:
        RefusedError: the host is a real one, and the operator has not said who they are and by
            whose leave they ask.
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
