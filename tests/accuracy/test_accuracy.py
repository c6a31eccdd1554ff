"""The facts read from labelled real articles stay as right as docs/accuracy.md says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.accuracy.__main__ import HERE, read_articles
from tests.accuracy.labelled import FOLDER_OF_LABELS, HALVES, labelled_articles, read_labels
from tests.accuracy.scores import KINDS_COMPARED, Score, score_all

if TYPE_CHECKING:
    from pathlib import Path


# The least precision and recall of either half: what was measured, less an article or two.
FLOORS = {
    "people": (0.94, 0.90),
    "posts": (0.93, 0.89),
    "agencies": (0.94, 0.90),
    "provinces": (0.95, 0.97),
    "money": (0.97, 0.94),
    "phones": (0.97, 0.90),
    "laws": (0.75, 0.70),
    "event days": (0.85, 0.72),
    "ministry": (0.95, 0.95),
    "dates": (0.98, 0.97),
    "title": (1.0, 1.0),
    "lead": (0.89, 0.96),
    "body": (0.92, 0.92),
    "tail": (0.80, 0.75),
}


@pytest.fixture(scope="module", params=HALVES)
def scores(request: pytest.FixtureRequest, shared: Path) -> dict[str, Score]:
    labels = read_labels(HERE / FOLDER_OF_LABELS / f"{request.param}.jsonl")
    return score_all(read_articles(labelled_articles(labels, shared / "corpus")))


@pytest.mark.parametrize("kind", KINDS_COMPARED)
def test_precision_and_recall_do_not_fall(scores: dict[str, Score], kind: str) -> None:
    precision, recall = FLOORS[kind]
    score = scores[kind]
    assert score.precision >= precision, score.false
    assert score.recall >= recall, score.missed
