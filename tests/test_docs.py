"""Links of the documents lead somewhere, and their commands exist."""

from __future__ import annotations

import re
import shlex
import subprocess
from typing import TYPE_CHECKING

import click
import pytest

from scraper.cli import COMMANDS, main
from tests.conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md")])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_links_have_targets(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def examples(path: Path) -> str:
    """Return the shell examples of a document."""
    text = path.read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL))


def commands(path: Path) -> list[str]:
    """Return every line of a document's shell examples that calls the program."""
    lines = examples(path).splitlines()
    calls = (re.search(r"^(?:.*/)?(thaigov [a-z-].*)", line) for line in lines)
    return [call[1] for call in calls if call]


@pytest.mark.parametrize("line", sorted({line for path in DOCUMENTS for line in commands(path)}))
def test_commands_and_options_exist(line: str) -> None:
    _, *arguments = shlex.split(line, comments=True)
    if "--" in arguments:  # options of another command
        arguments = arguments[: arguments.index("--")]
    command: click.Command = main
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        found = command.get_command(click.Context(command), name)
        assert found is not None, f"no command {name}"
        command = found
    known = {
        option
        for parameter in command.params
        for option in [*parameter.opts, *parameter.secondary_opts]
    }
    used = {word for word in arguments if re.match(r"--?[a-z]", word)}
    assert used <= known


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_shell_examples_are_valid(path: Path) -> None:
    done = subprocess.run(
        ["sh", "-n"], input=examples(path), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_readme_shows_every_command() -> None:
    shown = {line.split()[1] for line in commands(REPOSITORY / "README.md")} | {"demo"}
    assert shown == set(COMMANDS)
