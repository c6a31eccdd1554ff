"""Dates in Thai government texts: `find_dates` for prose, the others for lines of a page's head.

Text in, values out: nothing here knows where a text came from. Reading order: `mentions` says what
a mention is, `phrases` is the grammar, `tokens` what it is made of; `years`, `names` and `context`
help them.
"""

from scraper.thai.dates.header import HeaderDate, read_long_date, read_short_date, read_stamp
from scraper.thai.dates.mentions import find_dates

__all__ = ["HeaderDate", "find_dates", "read_long_date", "read_short_date", "read_stamp"]
