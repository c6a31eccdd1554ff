"""What may follow ``-a``: the arguments of the spiders, as their own code has them."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, NamedTuple

import click

from spiders.arguments import ArgumentError
from spiders.latest import LatestSpider
from spiders.numbers import NumbersSpider

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spiders.base import ArchiveSpider

SPIDERS: dict[str, type[ArchiveSpider]] = {
    spider.name: spider for spider in (LatestSpider, NumbersSpider)
}
"""The spiders of ``thaigov crawl``, by name."""

_ENTRY = re.compile(r"(\w+): (.*(?:\n(?: +.*|$))*)", re.MULTILINE)


class SpiderArgument(NamedTuple):
    """An argument of a spider.

    Attributes:
        name: as it follows ``-a``.
        meaning: from the docstring of the class that takes it.
    """

    name: str
    meaning: str


def arguments_of(spider: type[ArchiveSpider]) -> Iterator[SpiderArgument]:
    """Yield what a spider takes: its own arguments first, then those of its base classes.

    Raises:
        LookupError: an argument is not described in the docstring of its class.
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
    """Return the entries of the section "Args" of a class's docstring, each on one line."""
    _, _, section = (inspect.getdoc(kind) or "").partition("\nArgs:\n")
    entries = _ENTRY.findall(inspect.cleandoc(section))
    return {name: " ".join(text.replace("``", "").split()) for name, text in entries}


def pairs_as_arguments(pairs: tuple[str, ...], site: str | None = None) -> dict[str, str]:
    """Return NAME=VALUE pairs, and a site if one is given, as the arguments of a spider.

    Raises:
        click.UsageError: a pair has no ``=``.
    """
    for pair in pairs:
        if "=" not in pair:
            raise click.UsageError(f"-a takes NAME=VALUE, not {pair!r}")
    return dict(pair.split("=", 1) for pair in pairs) | ({"site": site} if site else {})


def check_arguments(name: str, arguments: dict[str, str]) -> None:
    """Return if a spider takes these arguments and their values; nobody is asked for anything.

    Args:
        name: of the spider.
        arguments: as ``pairs_as_arguments`` returns them.

    Raises:
        click.UsageError: it does not; the message says which argument and what it may be.
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
    """A command that checks its spider's arguments at once and lists them in its help.

    ``schedule`` parses the options of a crawl without running it, so that a mistake is told on the
    day it is made and not every night.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse options, then check what follows ``-a`` and ``--site``."""
        rest = super().parse_args(ctx, args)
        if not ctx.resilient_parsing:
            given = pairs_as_arguments(ctx.params["pairs"], ctx.params["site"])
            check_arguments(ctx.params["spider"], given)
        return rest

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments of each spider below the options."""
        for name, spider in SPIDERS.items():
            with formatter.section(f"Arguments of {name}, each as -a NAME=VALUE"):
                formatter.write_dl([(found.name, found.meaning) for found in arguments_of(spider)])
        super().format_epilog(ctx, formatter)
