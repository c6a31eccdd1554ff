"""Rows as pandas frames, where pandas is installed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scraper.api.errors import PandasMissingError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def make_frame(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> pd.DataFrame:
    """Return rows as a frame.

    Columns named ``…_on`` whose values are ISO days or NULL become ``datetime64[s]``; columns
    named ``…_at`` whose values are UTC times or NULL become ``datetime64[s, UTC]``.

    Raises:
        PandasMissingError: pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415 - slow to load, and not everybody has it
    except ImportError as error:
        raise PandasMissingError(
            "pandas is not installed, so frames are unavailable; run `pip install pandas`, or use "
            "rows(), which needs no extra package"
        ) from error
    frame = pd.DataFrame(list(rows), columns=list(columns))
    for number, name in enumerate(columns):
        if columns.count(name) > 1:
            continue  # two columns of a query; left as they are
        values = frame.iloc[:, number]
        if name.endswith("_on") and _all_match(_DAY, values):
            frame[name] = values.astype("datetime64[s]")
        elif name.endswith("_at") and _all_match(_MOMENT, values):
            naive = [None if pd.isna(one) else one.removesuffix("Z") for one in values]
            frame[name] = pd.Series(naive, dtype="datetime64[s]").dt.tz_localize("UTC")
    return frame


def _all_match(pattern: re.Pattern[str], values: Any) -> bool:
    """Return whether all values match that are not NULL."""
    return all(isinstance(v, str) and pattern.fullmatch(v) for v in values.dropna())
