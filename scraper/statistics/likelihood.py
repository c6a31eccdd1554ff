"""The log-likelihood ratio G², which shows whether two counts differ by more than chance.

Unlike chi-squared it is reliable for rare words (Dunning, "Accurate Methods for the Statistics of
Surprise and Coincidence", Computational Linguistics 19, 1993).
"""

from __future__ import annotations

from math import log

SIGNIFICANT = 15.13
"""The G² that chance exceeds once in ten thousand comparisons, as Rayson, Berridge and Francis
(2004) advise for words."""


def log_likelihood(both: int, first_only: int, second_only: int, neither: int) -> float:
    """Return G² of a table of two features, such as two words that occur together.

    0 if the features are independent. It does not say whether they attract or repel each other.

    >>> round(log_likelihood(110, 2442, 111, 29114), 2)  # "the swiss", Dunning's table 3
    270.72
    """
    total = both + first_only + second_only + neither
    cells = (
        (both, both + first_only, both + second_only),
        (first_only, both + first_only, first_only + neither),
        (second_only, second_only + neither, both + second_only),
        (neither, second_only + neither, first_only + neither),
    )
    ratio = sum(n * log(n * total / (row * column)) for n, row, column in cells if n)
    return max(0.0, 2 * ratio)  # rounding may make it slightly negative


def per_hundred(part: int, whole: int) -> float:
    """Return a share in percent, rounded to two places; 0 if the whole is 0."""
    return round(100 * part / whole, 2) if whole else 0.0
