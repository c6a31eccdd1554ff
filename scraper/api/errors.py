"""The errors of the library; the message of each says what to do."""

from __future__ import annotations

from scraper.errors import ReportedError


class ArticleNotFoundError(ReportedError, LookupError):
    """No article has an address or number, or several have the number."""


class SqlError(ReportedError, ValueError):
    """SQL that cannot be answered: it has a mistake, or it would write."""


class PandasMissingError(ReportedError, ImportError):
    """A frame was asked for, and pandas is not installed."""
