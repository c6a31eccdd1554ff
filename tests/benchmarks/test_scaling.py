"""The arithmetic of docs/scaling.md."""

from __future__ import annotations

import pytest

from benchmarks.scaling import Unit, needs, predicted

UNIT = Unit(text=8000, warc=3000, database=30_000, worker=36, writer=3.6, crawl=30)


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("text, GB", 8),
        ("SQLite archive, GB", 30),
        ("reading, hours of one core", 10),
        ("one writer, hours", 1),
        # 39.6 ms over 16 cores is less than what the writer takes alone
        ("import on one machine of 16 cores, hours", 1),
        ("machines of 16 cores that write parts, for one day", 1),
        ("crawl of one host, days", 1e6 * 2 / 86_400),
        ("hosts at once, to be done in 30 days", 1),
    ],
)
def test_needs_of_a_million_pages(what: str, value: float) -> None:
    found = {need.what: need.value for need in needs(UNIT)}
    assert found[what](10**6) == pytest.approx(value)


def test_many_readers_wait_for_the_writer_and_few_do_not() -> None:
    hours = next(need.value for need in needs(UNIT) if need.what.startswith("import on"))
    slow = UNIT._replace(writer=0.36)
    slower = next(need.value for need in needs(slow) if need.what.startswith("import on"))
    assert hours(10**8) == pytest.approx(100)
    assert slower(10**8) == pytest.approx(10**8 * 36.36 / 16 / 3.6e6)


def test_a_prediction_takes_what_every_run_takes_once_apart() -> None:
    assert predicted({20: 3.0, 220: 5.0}, 1020) == pytest.approx(13.0)
    with pytest.raises(ValueError, match="two counts"):
        predicted({20: 3.0}, 1000)
