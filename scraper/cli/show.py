"""``thaigov show``: prints one article with everything the archive knows about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scraper.archive.article import article_details, find_articles
from scraper.archive.database import open_for_reading
from scraper.cli.options import db_option, json_option
from scraper.facts import KINDS
from scraper.terminal import Bold, line, print_json, say

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.argument("address", metavar="URL|NUMBER")
@db_option
@json_option
@click.pass_context
def show(ctx: click.Context, address: str, db: Path, as_json: bool) -> None:
    """Show an article, its dates, its ministry with the evidence, and its captures."""
    with open_for_reading(db) as archive:
        articles = [article_details(archive, row) for row in find_articles(archive, address)]
    if not articles:
        raise click.ClickException(f"{db} has no article {address}")
    if as_json:
        print_json(articles[0] if len(articles) == 1 else articles)
    elif len(articles) == 1:
        _print_article(articles[0])
    else:
        say(f"{len(articles)} articles have the number {address}; use the URL of one:")
        for article in articles:
            say(f"  {line(article['url'])}  {line(article['title'])}")
        ctx.exit(2)


def _file_line(file: dict[str, Any]) -> str:
    """Return what a stored file is, and what is wrong with it."""
    pages = f", {file['pages']} pages" if file["pages"] else ""
    text = f", {len(file['text']):,} characters" if file["text"] else ", no text"
    problems = f" ({file['problems']})" if file["problems"] else ""
    about = f"{file['format']}, {file['size']:,} bytes{pages}{text}{problems}"
    return f"{file['fetched_at']} {about}: {file['url']}"


def _print_article(article: dict[str, Any]) -> None:
    """Print an article's text, then its facts, revisions, captures and problems."""
    say(Bold(line(article["title"])))
    say(f"{article['published_on']} · {line(article['category'] or 'no category')}")
    say(f"{line(article['url'])}\n")
    for field in ("lead", "body", "tail"):
        if article[field]:
            say(article[field].replace("\n", "\n\n") + "\n")
    lines = {
        **{kind.heading: kind.lines(article[kind.name]) for kind in KINDS if kind.heading},
        "Stored files": list(map(_file_line, article["stored_files"])),
        "Same text": [row["url"] for row in article["duplicates"]],
        "Related": [
            f"{row['kind']} {row['similarity']:.2f}: {row['published_on']} {row['url']} "
            f"{row['title']}"
            for row in article["related"]
        ],
        "Earlier revisions": [
            f"{row['revision']}, seen {row['seen_at']}: {row['title']}"
            for row in article["revisions"]
        ],
        "Captures": [
            f"{c['fetched_at']} {c['origin']} {c['outcome']} {c['warc_file']}:{c['warc_offset']}"
            for c in article["captures"]
        ],
        "Problems": [f"{p['stage']} {p['kind']}: {p['detail']}" for p in article["problems"]],
    }
    for heading, values in lines.items():
        if values:
            say(Bold(heading))
            for value in values:
                say(f"  {line(value)}")
