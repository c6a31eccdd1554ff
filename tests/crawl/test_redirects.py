"""Redirects that are not followed: traps, and those that lead away from the article."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import Response

from scraper.crawl.origins import COPY, ORIGIN
from scraper.crawl.redirects import KeepForeignRedirects, UnusableRedirectError, trap_reason
from scraper.model import Origin
from scraper.sources.indexes import Copy

URL = "https://www.thaigov.go.th/news/contents/details/5"


def redirect(target: str, *visited: str) -> tuple[Request, Response]:
    """Return a request after some redirects, and the response that redirects it to the target."""
    request = Request(visited[-1] if visited else URL, meta={"redirect_urls": list(visited[:-1])})
    return request, Response(request.url, status=302, headers={"Location": target})


@pytest.mark.parametrize(
    ("target", "meaning"),
    [
        ("/login", "a login"),
        ("/th/user/Sign-In?next=5", "a login"),
        ("/wp-login.php", None),
        ("https://login.example/adfs/ls/?wa=1", "a login"),
        ("https://sso.example/oauth2/v1/authorize", "a login"),
        ("https://192.0.2.1:1003/fgtauth?0123", "a login"),
        ("/cookie-consent", "a consent"),
        ("/consent_form.html", "a consent"),
        ("/captive-portal/", "a captive portal"),
        ("/.well-known/sgcaptcha/?r=%2F", "a bot check"),
        ("https://validate.perfdrive.com/fb803c746e9148689b3984a31fccd902/", "a bot check"),
        ("/browser-check", "a bot check"),
        ("/site_blocked.html", "a block page"),
        ("/access-denied", "a block page"),
        ("/maintenance.html", "a maintenance page"),
        ("/", None),
        ("/th/news", None),
        ("/th/news/163000", None),
        ("/news/contents/ministry_details/5", None),
        ("https://media.thaigov.go.th/uploads/document/authority.pdf", None),
        ("https://www.example.go.th/news/road-maintenance-of-2026", None),
    ],
)
def test_redirects_to_pages_for_people_are_traps(target: str, meaning: str | None) -> None:
    reason = trap_reason(*redirect(target))
    assert (meaning is None) == (reason is None)
    assert reason is None or f"a redirect to {meaning} (" in reason


@pytest.mark.parametrize(
    ("visited", "target", "is_circle"),
    [
        ((URL,), URL, True),
        ((URL,), f"{URL}#top", True),
        ((URL, f"{URL}/"), URL, True),
        ((URL, f"{URL}/"), f"{URL}?1", False),
        ((URL,), f"{URL}/", False),
    ],
)
def test_circles(visited: tuple[str, ...], target: str, is_circle: bool) -> None:
    reason = trap_reason(*redirect(target, *visited))
    assert (reason is not None) == is_circle
    assert reason is None or " -> ".join([*visited, target.partition("#")[0]]) in reason


def test_a_location_without_a_redirect_status_is_ignored() -> None:
    request = Request(URL)
    assert trap_reason(request, Response(URL, status=200, headers={"Location": URL})) is None


@pytest.mark.parametrize(("target", "is_kept"), [(URL, True), ("/robots2.txt", False)])
def test_a_trap_is_not_followed(target: str, is_kept: bool) -> None:
    request, response = redirect(target)
    KeepForeignRedirects().process_response(request, response)
    assert (302 in request.meta.get("handle_httpstatus_list", [])) == is_kept


@pytest.mark.parametrize("location", [None, "", "  "])
@pytest.mark.parametrize("origin", [None, Origin.LIVE, Origin.COMMONCRAWL])
def test_a_redirect_without_a_location_is_unusable(
    location: str | None, origin: Origin | None
) -> None:
    request = Request(URL, meta={ORIGIN: origin})
    headers = {} if location is None else {"Location": location}
    response = Response(URL, status=302, headers=headers)
    assert trap_reason(request, response) is None  # not a circle
    middleware = KeepForeignRedirects(frozenset({"www.thaigov.go.th"}))
    if origin is Origin.COMMONCRAWL:  # refused by ``origins.warc_record``
        middleware.process_response(request, response)
        return
    with pytest.raises(UnusableRedirectError, match="HTTP 302 without a Location header"):
        middleware.process_response(request, response)


@pytest.mark.parametrize("target", ["http://[", "http://[::1"])
def test_a_redirect_to_an_invalid_address_is_a_trap(target: str) -> None:
    reason = trap_reason(*redirect(target))
    assert reason is not None
    assert "to an invalid address" in reason


def test_a_listing_on_another_host_is_not_followed() -> None:
    request, response = redirect("https://elsewhere.example/")
    middleware = KeepForeignRedirects(frozenset({"www.thaigov.go.th"}))
    with pytest.raises(
        UnusableRedirectError, match=r"to elsewhere\.example, which is not an allowed host"
    ):
        middleware.process_response(request, response)
    KeepForeignRedirects().process_response(request, response)


REPLAY = "https://web.archive.org/web/20240306060606id_/"


@pytest.mark.parametrize(
    ("target", "is_followed"),
    [
        (f"/web/20240306060605id_/{URL}", True),
        (f"/web/20240306060605id_/{URL.replace('https://www.', 'http://')}/", True),
        (f"http://web.archive.org/web/2024id_/{URL}", True),
        ("/web/20240306060605id_/https://www.thaigov.go.th/", False),
        (f"/web/20240306060605id_/{URL}1", False),
        (URL, False),
        ("https://www.thaigov.go.th/", False),
        (f"https://archive.example/web/2024id_/{URL}", False),
        ("http://[", False),
    ],
)
def test_redirects_of_a_web_archive(target: str, *, is_followed: bool) -> None:
    copy = Copy(URL, 5, "20240306060606", "D", REPLAY + URL)
    request = Request(copy.source, meta={ORIGIN: Origin.WAYBACK, COPY: copy})
    response = Response(request.url, status=302, headers={"Location": target})
    KeepForeignRedirects().process_response(request, response)
    assert (302 not in request.meta.get("handle_httpstatus_list", [])) == is_followed
