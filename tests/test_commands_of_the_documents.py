"""Runs every command line of README.md and docs/ as written.

A command that would send requests, or serve until it is ended, is only parsed by the program, down
to each option and value. ``WAYS`` says which.

The documents name folders of an operator's machine. Here that machine is a temporary folder:
``/srv`` and ``/etc`` are in it, as are ``~`` and the working directory, and programs that would
change something are stubs.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import pytest

from scraper.archive.writer import ArchiveWriter
from scraper.cli import main
from scraper.imports.ingest import ingest
from scraper.model import Incoming
from scraper.practice.__main__ import main as practice
from scraper.practice.site.still import PracticeSite
from spiders.arguments import ArgumentError
from spiders.attachments import AttachmentsSpider
from spiders.latest import LatestSpider
from spiders.numbers import NumbersSpider
from tests.commands import ENVIRONMENT
from tests.conftest import REPOSITORY
from tests.factories import make_capture
from tests.imports.warcs import WarcMaker
from tests.practice_corpus import write_corpus
from tests.test_docs import DOCUMENTS, examples

if TYPE_CHECKING:
    from collections.abc import Callable

SPIDERS: dict[str, Callable[..., object]] = {
    "attachments": AttachmentsSpider,
    "latest": LatestSpider,
    "numbers": NumbersSpider,
}
RUN, PARSE, ELSEWHERE = "run", "parse", "elsewhere"
SITE = PracticeSite(size=20)

# How a line that matches is tested; the first match decides. Everything else is run, and must exit
# with 0. The codes are those allowed.
WAYS: list[tuple[str, str, tuple[int, ...]]] = [
    (r"thaigov (crawl|recover)\b", PARSE, ()),  # sends requests
    (r"thaigov import .*--cluster", ELSEWHERE, ()),  # tests/stages/test_cluster.py has a cluster
    (r"thaigov reparse .*--cluster", PARSE, ()),
    (r"thaigov browse\b", PARSE, ()),  # serves until a signal
    (r"thaigov export (ics|geojson|wacz)\b", PARSE, ()),  # no events here, or another program
    (r"thaigov export .*--(query|ministry)", RUN, (0, 1)),  # this archive may have none
    (r"(dask|datasette|docker)\b", ELSEWHERE, ()),  # served by tests/browse/test_plain.py; not here
    (r"thaigov check\b", RUN, (0, 3)),  # this archive has no crawls
    (r"make (demo|test|render|check|pins)\b", ELSEWHERE, ()),  # see test_make_targets_exist
    (r"(python|\.venv/bin/python) -m", ELSEWHERE, ()),  # see test_modules_exist
    (r"cd /srv/thaigov && git pull && make demo", RUN, (0,)),
    (r"thaigov doctor\b", RUN, (0, 3)),  # this machine may lack what the operator's has
    # The week of docs/practice.md: tests/practice/test_calendar.py runs it.
    (r"for |  |done$|thaigov status --db data/week\.db", ELSEWHERE, ()),
]
NOT_A_COMMAND = {"thaigov news"}  # a group of robots.txt


class Example(NamedTuple):
    """A command line of a document."""

    document: str
    line: str

    @property
    def way(self) -> tuple[str, tuple[int, ...]]:
        """How it is tested, and the exit codes that are right."""
        for pattern, way, codes in WAYS:
            if re.match(pattern, self.line):
                return way, codes
        return RUN, (0,)


def lines_of(script: str) -> list[str]:
    """Return the commands of a script; one may go over several lines."""
    found, rest = [], ""
    for line in script.splitlines():
        rest += line
        try:
            words = shlex.split(rest, comments=True)
        except ValueError:  # a quotation mark is open
            rest += "\n"
            continue
        if words:
            found.append(rest)
        rest = ""
    assert not rest, f"a command without its end: {rest}"
    return found


# Each command once, whatever the comment behind it, in the first document that has it.
EXAMPLES = list(
    {
        tuple(shlex.split(line, comments=True)): Example(str(path.relative_to(REPOSITORY)), line)
        for path in reversed(DOCUMENTS)
        for line in reversed(lines_of(examples(path)))
    }.values()
)[::-1]
# Complete commands within a sentence.
INLINE = sorted(
    {
        Example(str(path.relative_to(REPOSITORY)), found)
        for path in DOCUMENTS
        for found in re.findall(r"`(thaigov [a-z][^`\n]*)`", path.read_text("utf-8"))
        if found not in NOT_A_COMMAND
    }
)
NAMED = ["import", "corpus"], ["import", "warc"]  # named in a sentence, not called
STUBS = ("git", "make", "rsync", "curl", "mail", "crontab", "systemctl", "jq", "pip", "sudo")


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the operator's machine, with an archive and the named files."""
    root = tmp_path_factory.mktemp("machine")
    for folder in ("srv/archive", "srv/www", "srv/backup", "srv/thaigov", "etc/systemd/system"):
        (root / folder).mkdir(parents=True)
    work, home, programs = (root / name for name in ("work", "home", "programs"))
    for place in (work, home, programs):
        place.mkdir()
    (programs / "thaigov").symlink_to(Path(sys.executable).with_name("thaigov"))
    for name in STUBS:
        (programs / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {root}/called\n')
        (programs / name).chmod(0o755)
    write_corpus(SITE, home / "thaigov-v2-corpus")
    # An archive holds practice pages or real ones, so these invented pages get real addresses.
    for file in (home / "thaigov-v2-corpus").rglob("*.txt"):
        text = file.read_text("utf-8")
        file.write_text(text.replace("practice.example", "www.thaigov.go.th"), "utf-8")
    number = next(SITE.numbers())
    page = SITE.html(number)
    (work / "saved.html").write_bytes(page)
    maker = WarcMaker().add(f"https://www.thaigov.go.th/news/contents/details/{number}", page)
    maker.save(work / "crawl.warc.gz")
    shutil.copy(work / "crawl.warc.gz", work / "saved.wacz")
    db = work / "data" / "thaigov.db"
    with ArchiveWriter(db, "import corpus", {}) as writer:
        for url in ("https://www.thaigov.go.th/th/news/165000",):
            incoming = [Incoming(make_capture(url=url, body=page))]
            ingest(writer, incoming, workers=0)
        capture = make_capture(
            url="https://www.thaigov.go.th/news/contents/details/87574",
            body=page.replace(str(number).encode(), b"87574"),
        )
        ingest(writer, [Incoming(capture)], workers=0)
    for crawler in ("north", "south"):
        shutil.copytree(work / "data", work / crawler)
    shutil.copytree(work / "data", root / "srv" / "archive", dirs_exist_ok=True)
    shutil.copytree(root / "srv" / "archive", work / "data" / "demo")  # in place of `make demo`
    return root


def shell(machine: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a command line on the machine."""
    placed = re.sub(r"(?<![\w.:/])/(srv|etc)/", rf"{machine}/\1/", line)
    return subprocess.run(
        ["sh", "-c", placed],
        cwd=machine / "work",
        env={
            **ENVIRONMENT,
            "HOME": str(machine / "home"),
            "PATH": f"{machine / 'programs'}:{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def parse(line: str) -> None:
    """Parse a command line; fail if an option, value or argument is wrong."""
    _, *arguments = shlex.split(re.split(r"&&|\|", line)[0], comments=True)
    command: click.Command = main
    context: click.Context | None = None
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        found = command.get_command(click.Context(command), name)
        assert found is not None, f"no command {name}"
        context = click.Context(command, parent=context, info_name=name, **command.context_settings)
        command = found
    if "--help" in arguments:
        return
    context = command.make_context(command.name, arguments, parent=context)
    if command.name == "crawl":
        spider = SPIDERS[context.params["spider"]]
        given = dict(pair.split("=", 1) for pair in context.params["pairs"])
        try:
            spider(**given)
        except ArgumentError as error:
            pytest.fail(f"{line}: {error}")


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if example.way[0] == RUN],
    ids=lambda example: f"{example.document}: {example.line[:60]}",
)
def test_a_line_runs_as_written(example: Example, machine: Path) -> None:
    done = shell(machine, example.line)
    report = f"{example.line}\nexited with {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert done.returncode in example.way[1], report
    assert "Traceback" not in done.stderr, report


@pytest.mark.parametrize(
    "example",
    [example for example in EXAMPLES if example.way[0] == PARSE],
    ids=lambda example: f"{example.document}: {example.line[:60]}",
)
def test_a_line_can_be_parsed(example: Example) -> None:
    parse(example.line)


@pytest.mark.parametrize(
    "example", INLINE, ids=lambda example: f"{example.document}: {example.line}"
)
def test_a_command_in_a_sentence_can_be_parsed(example: Example, tmp_path: Path) -> None:
    (tmp_path / "PATH").touch()
    line = example.line.replace("PATH…", str(tmp_path)).replace("URL|FILE", "saved.html")
    line = line.replace("export FORMAT", "export jsonl")
    words = shlex.split(line)
    if words[1:] in NAMED or len(words) == 2:
        assert main.get_command(click.Context(main), words[1]) is not None
    else:
        parse(line)


def test_make_targets_exist() -> None:
    targets = {
        target
        for path in DOCUMENTS
        for target in re.findall(r"(?:^|`|&& )make ([a-z]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {"demo", "test", "render", "check"} <= targets
    makefile = (REPOSITORY / "Makefile").read_text("utf-8")
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_modules_exist() -> None:
    lines = [
        line
        for path in DOCUMENTS
        for line in re.findall(r"python -m ([\w.]+)", path.read_text("utf-8"))
    ]
    assert "scraper.practice" in lines
    for module in set(lines):
        place = REPOSITORY / module.replace(".", "/")
        assert place.with_suffix(".py").exists() or (place / "__main__.py").exists(), module


def test_commands_of_the_practice_site_can_be_parsed() -> None:
    page = (REPOSITORY / "docs" / "practice.md").read_text("utf-8")
    lines = re.findall(r"python -m scraper\.practice( [^`\n#&]*)?", page)
    for line in lines:
        practice.make_context("practice", shlex.split(line))
    assert len(lines) >= 3


def test_python_examples_compile() -> None:
    count = 0
    for path in DOCUMENTS:
        for code in re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.DOTALL):
            compile(code, str(path), "exec")
            count += 1
    assert count >= 3
