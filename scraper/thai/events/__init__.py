"""The event that an article reports or announces: `find_event`.

`words` has the verbs of events and statements, `reading` chooses the day, `venue` finds the place
beside it.
"""

from scraper.thai.events.days import PossibleDay
from scraper.thai.events.reading import EventReading, find_event

__all__ = ["EventReading", "PossibleDay", "find_event"]
