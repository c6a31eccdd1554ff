"""The documents point at what is there, and name commands that exist."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import click
import pytest

from scraper.cli import main
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_lead_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def commands() -> list[str]:
    """Return every line of a shell example in the README that calls the program."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh|cron)\n(.*?)```", text, flags=re.DOTALL)
    lines = "\n".join(blocks).splitlines()
    calls = (re.search(r"^(?:.*/)?(thaigov [a-z-].*)", line) for line in lines)
    return [call[1] for call in calls if call]


@pytest.mark.parametrize("line", commands())
def test_the_commands_of_the_readme_are_understood(line: str) -> None:
    _, *arguments = shlex.split(line, comments=True)
    command: click.Command = main
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        found = command.get_command(click.Context(command), name)
        assert found is not None, f"no command {name}"
        command = found
    known = {option for parameter in command.params for option in parameter.opts}
    used = {word for word in arguments if re.match(r"--?[a-z]", word)}
    assert used <= known


def test_the_readme_shows_every_command() -> None:
    shown = {line.split()[1] for line in commands()} | {"demo"}
    assert shown == set(main.commands)
