"""What `--profile` measures and prints."""

from __future__ import annotations

import pytest

from scraper import timing


@pytest.fixture(autouse=True)
def _off() -> object:
    yield
    timing.stop()


def test_nothing_is_measured_unless_it_is_started() -> None:
    with timing.part("parse"), timing.waiting("nobody"):
        pass
    assert (timing.is_on(), timing.take()) == (False, None)
    timing.add_worker(({"parse": 1.0}, {}))


def test_parts_add_up_and_a_worker_sends_each_once() -> None:
    times = timing.start()
    for _ in range(2):
        with timing.part("parse"):
            sum(range(10_000))
    with timing.waiting("workers for this process"):
        pass
    taken = timing.take()
    assert taken is not None
    assert taken[0]["parse"] > 0
    assert list(taken[1]) == ["workers for this process"]
    assert timing.take() == ({}, {})
    timing.add_worker(taken)
    timing.add_worker(taken)
    assert times.workers["parse"] == pytest.approx(2 * taken[0]["parse"])


def test_a_report_has_each_process_largest_part_first() -> None:
    times = timing.start()
    times.here.update(rows=0.5)
    times.workers.update(parse=1.0, words=3.0)
    times.waits.update({"this process for workers": 2.0})
    lines = [line.strip() for line in timing.report(times, 1000)]
    assert lines[0] == "ms an item, of 1,000"
    assert "0.500    rows" in lines
    assert lines[-4:] == [
        "4.000  CPU of workers",
        "3.000    words",
        "1.000    parse",
        "2.000  waited: this process for workers",
    ]
