"""Reads pages in worker processes: each page within bounds of CPU time and memory.

Imports, ``reparse`` and crawls all read through a ``Crew``. A page that exceeds a bound, or that
ends the process that reads it, becomes ``unparsed`` with a named problem; everything else goes on.
"""

from scraper.reading.bounds import Bounds
from scraper.reading.crew import Crew
from scraper.reading.signals import ENDING, uninterrupted
from scraper.reading.worker import WorkerError

__all__ = ["ENDING", "Bounds", "Crew", "WorkerError", "uninterrupted"]
