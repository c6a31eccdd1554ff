"""The arguments of the spiders (``-a NAME=VALUE``), read from their signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, NamedTuple

import click

from spiders.arguments import ArgumentError
from spiders.attachments import AttachmentsSpider
from spiders.latest import LatestSpider
from spiders.numbers import NumbersSpider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spiders.base import ArchiveSpider

SPIDERS: dict[str, type[ArchiveSpider]] = {
    spider.name: spider for spider in (LatestSpider, NumbersSpider, AttachmentsSpider)
}
"""The spiders of ``thaigov crawl``, by name."""

_ARGUMENT = re.compile(r"(\w+): (.*(?:\n(?: +.*|$))*)", re.MULTILINE)


class SpiderArgument(NamedTuple):
    """An argument of a spider.

    Attributes:
        name: as after ``-a``.
        meaning: from the docstring of its class.
    """

    name: str
    meaning: str


def arguments_of(spider: type[ArchiveSpider]) -> Iterator[SpiderArgument]:
    """Yield the arguments of a spider, then those of its base classes.

    Raises:
        LookupError: the docstring of the class does not describe an argument.
    """
    for kind in inspect.getmro(spider):
        own = vars(kind).get("__init__")
        if own is None or not kind.__module__.startswith("spiders."):
            continue
        meanings = _meanings(kind)
        for name, parameter in list(inspect.signature(own).parameters.items())[1:]:
            if parameter.kind is not inspect.Parameter.VAR_KEYWORD:
                yield SpiderArgument(name, meanings[name])


def _meanings(kind: type) -> dict[str, str]:
    """Return the "Args" of a class's docstring by name, each meaning on one line."""
    _, _, section = (inspect.getdoc(kind) or "").partition("\nArgs:\n")
    entries = _ARGUMENT.findall(inspect.cleandoc(section))
    return {name: " ".join(text.replace("``", "").split()) for name, text in entries}


def pairs_as_arguments(pairs: tuple[str, ...], site: str | None = None) -> dict[str, str]:
    """Return NAME=VALUE pairs, and ``--site`` if given, as the arguments of a spider.

    Raises:
        click.UsageError: a pair has no ``=``.
    """
    for pair in pairs:
        if "=" not in pair:
            raise click.UsageError(f"-a takes NAME=VALUE, not {pair!r}")
    return dict(pair.split("=", 1) for pair in pairs) | ({"site": site} if site else {})


def check_arguments(name: str, arguments: dict[str, str]) -> None:
    """Check a spider's arguments and their values, without a request.

    Raises:
        click.UsageError: the spider does not take one; the message says which and what it may be.
    """
    spider = SPIDERS[name]
    known = [argument.name for argument in arguments_of(spider)]
    if unknown := sorted(set(arguments) - set(known)):
        raise click.UsageError(
            f"the spider {name} takes no argument {', '.join(unknown)}; it takes {', '.join(known)}"
        )
    try:
        spider(**arguments)
    except ArgumentError as error:
        raise click.UsageError(str(error)) from error


class CrawlCommand(click.Command):
    """A command that checks its spider's arguments while parsing, and lists them in its help.

    ``schedule`` parses the options of a crawl without running it, so that mistakes are reported
    when the schedule is made and not every night.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options, then check the values of ``-a`` and ``--site``."""
        rest = super().parse_args(ctx, args)
        if not ctx.resilient_parsing:
            arguments = pairs_as_arguments(ctx.params["pairs"], ctx.params["site"])
            check_arguments(ctx.params["spider"], arguments)
        return rest

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments of each spider below the options."""
        for name, spider in SPIDERS.items():
            with formatter.section(f"Arguments of {name}, each as -a NAME=VALUE"):
                formatter.write_dl([(found.name, found.meaning) for found in arguments_of(spider)])
        super().format_epilog(ctx, formatter)
