"""What the program costs, beside other programs on the same inputs: ``make bench``.

Nothing here is part of the tests, and the tests assert no times. Each group of figures is a module
of ``GROUPS`` in ``__main__``; the figures are values of ``results``, and ``report`` writes them to
docs/performance.md and docs/performance.json.
"""
