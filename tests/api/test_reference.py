"""docs/library.md says what the library does: it is up to date, complete, and its examples run."""

from __future__ import annotations

import ast
import doctest
import re
from typing import TYPE_CHECKING

from scraper import api
from scraper.api import open_archive
from tests.api.reference import PAGE, SECTIONS, read_docstring, reference
from tests.api.small_archive import write_archive

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

TEXT = PAGE.read_text("utf-8") if PAGE.exists() else ""
BLOCKS = re.findall(r"```pycon\n(.*?)```", TEXT, re.DOTALL)


def test_the_page_is_up_to_date() -> None:
    assert reference() == TEXT, "run `python -m tests.api.reference`"


def test_the_page_has_every_name() -> None:
    named = [name for names in SECTIONS.values() for name in names]
    assert sorted(named) == sorted(api.__all__)


def test_every_function_has_its_errors_and_an_example() -> None:
    for section in ("Texts", "Facts in texts"):
        for name in SECTIONS[section]:
            found = read_docstring(getattr(api, name))
            assert found.entries["Raises"], name
            assert found.example, name
    for name in ("search", "article", "rows", "frame"):
        found = read_docstring(getattr(api.OpenArchive, name))
        assert found.entries["Args"] and found.entries["Raises"] and found.example, name  # noqa: PT018


def test_every_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    write_archive(tmp_path / "data" / "thaigov.db")
    monkeypatch.chdir(tmp_path)
    names = {name: getattr(api, name) for name in api.__all__}
    runner = doctest.DocTestRunner(verbose=False)
    with open_archive("data/thaigov.db") as archive:
        names["archive"] = archive
        for number, block in enumerate(BLOCKS):
            example = doctest.DocTestParser().get_doctest(
                block, {**names}, f"library.md {number}", None, None
            )
            report: list[str] = []
            runner.run(example, out=report.append)
            assert not runner.failures, "".join(report)
    assert len(BLOCKS) >= 18


def test_signatures_are_python() -> None:
    found = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert len(found) >= 15
    for code in found:
        ast.parse(code)
