"""Dates in Thai government texts: `find_dates` for prose, the rest for a page's head.

Reading order: `mentions` defines a mention, `phrases` is the grammar, `tokens` its terminals;
`years`, `names` and `context` help them.
"""

from scraper.thai.dates.header import HeaderDate, read_long_date, read_short_date, read_stamp
from scraper.thai.dates.mentions import find_dates

__all__ = ["HeaderDate", "find_dates", "read_long_date", "read_short_date", "read_stamp"]
