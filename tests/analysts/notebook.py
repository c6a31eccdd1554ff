"""Runs docs/notebooks/tour.ipynb, whose pictures docs/analysts.md shows."""

from __future__ import annotations

import os
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import nbformat
from nbclient import NotebookClient

from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOUR = REPOSITORY / "docs" / "notebooks" / "tour.ipynb"
# The pictures of the notebook, in its order.
PICTURES = [
    REPOSITORY / "docs" / "images" / f"tour-{name}.svg"
    for name in ("volume", "official", "money", "term")
]
SVG = "image/svg+xml"


def read_notebook() -> Any:
    """Return the notebook with the outputs written in it."""
    return nbformat.read(TOUR, as_version=4)  # type: ignore[no-untyped-call]


def write_notebook(notebook: Any) -> None:
    """Write the notebook."""
    nbformat.write(notebook, TOUR)  # type: ignore[no-untyped-call]


def run_notebook(db: Path) -> Any:
    """Return the notebook with its outputs for an archive."""
    notebook = read_notebook()
    os.environ["THAIGOV_DB"] = str(db)
    try:
        NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    finally:
        del os.environ["THAIGOV_DB"]
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran
        # Where a figure was drawn, such as <Figure size 800x400 with 1 Axes>, says nothing.
        for output in cell.get("outputs", ()):
            if SVG in output.get("data", {}):
                output.data = {SVG: output.data[SVG]}
    return notebook


def pictures_of(notebook: Any) -> list[str]:
    """Return its pictures, SVG."""
    return [output.data[SVG] for output in _outputs(notebook) if SVG in output.get("data", {})]


def words_of(picture: str) -> list[str]:
    """Return the texts in a picture."""
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture)]


def prints_of(notebook: Any) -> list[str]:
    """Return what it prints; errors too."""
    return [
        output.get("text", output.get("ename", ""))
        for output in _outputs(notebook)
        if SVG not in output.get("data", {})
    ]


def _outputs(notebook: Any) -> Iterator[Any]:
    for cell in notebook.cells:
        yield from cell.get("outputs", ())
