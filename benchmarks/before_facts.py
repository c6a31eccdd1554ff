"""The program with the facts it found before it found people, places, events, money and laws.

A script, not a module: worker processes run a script up to its last lines, so they find the same.
"""

from scraper import facts

EARLIER = frozenset({"ministries", "agencies", "dates", "hashtags", "attachments", "links"})

facts.KINDS = tuple(kind for kind in facts.KINDS if kind.name in EARLIER)  # type: ignore[assignment]

if __name__ == "__main__":
    from scraper.cli import main

    main()
