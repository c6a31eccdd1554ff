"""Every class that the settings name exists."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from scraper import settings

NAMED = re.findall(
    r'"((?:scraper|pipelines)\.[\w.]+)"', Path(settings.__file__).read_text(encoding="utf-8")
)


@pytest.mark.parametrize("path", NAMED)
def test_a_class_named_by_the_settings_exists(path: str) -> None:
    module, _, name = path.rpartition(".")
    assert isinstance(getattr(import_module(module), name), type)


def test_the_settings_name_classes() -> None:
    assert len(NAMED) > 15
