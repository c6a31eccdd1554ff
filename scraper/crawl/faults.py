"""Says in plain words why a page could not be fetched, whoever noticed it, at whatever depth."""

from __future__ import annotations

from scrapy.exceptions import DownloadFailedError, IgnoreRequest
from scrapy.spidermiddlewares.httperror import HttpError

# By the qualified names of what Scrapy, Twisted and OpenSSL raise; not all of them can be imported.
SENTENCES = {
    "scrapy.exceptions.CannotResolveHostError": "no address is known for its host",
    "scrapy.exceptions.DownloadCancelledError": "the answer is larger than a page may be",
    "scrapy.exceptions.DownloadConnectionRefusedError": "the connection was refused",
    "scrapy.exceptions.DownloadTimeoutError": "no whole answer came in time",
    "scrapy.exceptions.ResponseDataLossError": "the answer broke off",
    "twisted.internet.error.ConnectionDone": "the connection was closed without an answer",
    "twisted.internet.error.ConnectionLost": "the connection was lost without an answer",
    "twisted.web._newclient.ParseError": "the answer is no HTTP",
    "OpenSSL.SSL.Error": "no secure connection could be made",
}


def explain(error: BaseException | None) -> str:
    """Return why a request failed, in a few words, without a full stop."""
    if isinstance(error, HttpError):
        return f"HTTP {error.response.status}"
    if isinstance(error, DownloadFailedError):
        # What Twisted noticed, in the order in which it came.
        reasons = getattr(error.__cause__, "reasons", ())
        error = next((reason.value for reason in reasons), error)
    kind = type(error)
    sentence = SENTENCES.get(f"{kind.__module__}.{kind.__qualname__}")
    if sentence is not None:
        return sentence + _openssl_says(error)
    told = str(error).rstrip(".")
    return told if isinstance(error, IgnoreRequest) and told else f"{kind.__name__}: {told}"


def _openssl_says(error: BaseException | None) -> str:
    """Return the reasons in an error of OpenSSL: triples of library, function and reason."""
    triples = error.args[0] if error and error.args and isinstance(error.args[0], list) else ()
    reasons = "; ".join(str(triple[-1]) for triple in triples)
    return f" ({reasons})" if reasons else ""
