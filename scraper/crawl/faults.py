"""Explains in plain words why a page could not be fetched."""

from __future__ import annotations

from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

# By qualified name of the exceptions of Scrapy, Twisted and OpenSSL; some cannot be imported.
EXPLANATIONS = {
    "scrapy.exceptions.CannotResolveHostError": "the name of its host does not resolve",
    "scrapy.exceptions.DownloadCancelledError": "the answer is larger than allowed",
    "scrapy.exceptions.DownloadConnectionRefusedError": "the connection was refused",
    "scrapy.exceptions.DownloadTimeoutError": "no complete answer came in time",
    "scrapy.exceptions.ResponseDataLossError": "the answer broke off",
    "twisted.internet.error.ConnectionDone": "the connection was closed without an answer",
    "twisted.internet.error.ConnectionLost": "the connection was lost without an answer",
    "twisted.web._newclient.ParseError": "the answer is not HTTP",
    "OpenSSL.SSL.Error": "no secure connection could be made",
}


def explain(error: BaseException | None) -> str:
    """Return why a request failed, in a few words without a full stop."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, DownloadFailedError):
        # The causes that Twisted recorded, in order.
        reasons = getattr(error.__cause__, "reasons", ())
        error = next((reason.value for reason in reasons), error)
    kind = type(error)
    explanation = EXPLANATIONS.get(f"{kind.__module__}.{kind.__qualname__}")
    if explanation is not None:
        return explanation + _openssl_reasons(error)
    message = str(error).rstrip(".")
    return (
        message if isinstance(error, IgnoreRequest) and message else f"{kind.__name__}: {message}"
    )


def _openssl_reasons(error: BaseException | None) -> str:
    """Return the reasons in an OpenSSL error, which holds triples of library, function, reason."""
    triples = error.args[0] if error and error.args and isinstance(error.args[0], list) else ()
    reasons = "; ".join(str(triple[-1]) for triple in triples)
    return f" ({reasons})" if reasons else ""
