"""Writes what docs/analysts.md shows: ``python -m tests.analysts.reference``.

The answers below its blocks, the picture of the tables, the outputs of the notebook and its
pictures, all of the practice archive.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from tests.analysts.archive import build_archive
from tests.analysts.document import PAGE, ask, with_answers
from tests.analysts.notebook import PICTURES, pictures_of, run_notebook, write_notebook
from tests.analysts.picture import PICTURE, draw_tables


def main() -> None:
    """Write every file."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "thaigov.db"
        build_archive(db)
        PAGE.write_text(with_answers(PAGE.read_text("utf-8"), partial(ask, db)), "utf-8")
        PICTURE.write_text(draw_tables(db), "utf-8")
        notebook = run_notebook(db)
    write_notebook(notebook)
    for path, picture in zip(PICTURES, pictures_of(notebook), strict=True):
        path.write_text(picture, "utf-8")


if __name__ == "__main__":
    main()
