"""Finds the archive that a Datasette serves, and sets the Datasette up for it.

``thaigov browse`` makes a Datasette for one archive. As a plugin we are loaded by every Datasette
of the environment: we change none that serves no archive, and no other database beside an archive.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from datasette import __version__
from datasette.plugins import pm

from scraper.archive.database import ArchiveError, open_for_reading
from scraper.browse.archive_database import ArchiveDatabase
from scraper.browse.metadata import merged, metadata

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

PLUGIN_NAME = "thaigov"  # key of its settings in the metadata, as ``plugins``
DEFAULTS = {"public": False, "robots": True, "mcp": False}  # of `datasette` with our plugin
HAS_OUR_TEMPLATES = __version__.startswith("0.")  # those of tables and queries are for 0.65
ERROR_PLUGIN = "datasette.handle_exception"
BESIDE = {"_internal", "_memory"}  # databases of Datasette itself


@dataclass(frozen=True)
class Adopted:
    """What we know of a Datasette that serves an archive.

    Attributes:
        archive: the database.
        is_alone: whether all of the site is ours: its look, home page, headers and errors.
        is_public: whether it serves the public, see ``Options``.
        robots: whether search engines may index it.
        mcp: whether it serves language-model clients.
    """

    archive: ArchiveDatabase
    is_alone: bool
    is_public: bool
    robots: bool
    mcp: bool


_known: WeakKeyDictionary[Datasette, Adopted | None] = WeakKeyDictionary()


def adopted(site: Datasette) -> Adopted | None:
    """Return what we know of a Datasette; None if it serves no archive."""
    if site not in _known:
        _known[site] = _adopt(site)
    return _known[site]


def _adopt(site: Datasette) -> Adopted | None:
    name = next((name for name, db in site.databases.items() if _is_archive(db)), None)
    is_alone = HAS_OUR_TEMPLATES and not (set(site.databases) - {name} - BESIDE)
    if name is None or not is_alone:
        _restore_error_pages()
    if name is None:
        return None
    archive = site.databases[name]
    if not isinstance(archive, ArchiveDatabase):
        archive = _replaced(site, name)
        described = metadata(name) if is_alone else {"databases": metadata(name)["databases"]}
        _describe(site, described)
    if is_alone and pm.has_plugin(ERROR_PLUGIN):
        # Datasette calls every plugin for an error, even after one has answered it. Its own handler
        # logs every 404 with the local variables of the whole stack.
        pm.unregister(name=ERROR_PLUGIN)
    given: dict[str, Any] = {**DEFAULTS, **(site.plugin_config(PLUGIN_NAME) or {})}
    return Adopted(
        archive, is_alone, bool(given["public"]), bool(given["robots"]), bool(given["mcp"])
    )


def _is_archive(database: Database) -> bool:
    if isinstance(database, ArchiveDatabase):
        return True
    if not database.path:
        return False
    try:
        open_for_reading(Path(database.path)).close()
    except (ArchiveError, OSError):
        return False
    return True


def _replaced(site: Datasette, name: str) -> ArchiveDatabase:
    """Replace Datasette's database by an ``ArchiveDatabase``, and list it first."""
    old = site.databases[name]
    archive = ArchiveDatabase(site, Path(old.path), is_mutable=old.is_mutable)
    archive.name, archive.route = name, old.route
    others = {other: db for other, db in site.databases.items() if other != name}
    site.databases = {name: archive, **others}
    return archive


def _describe(site: Datasette, ours: dict[str, Any]) -> None:
    """Add our metadata and canned queries; the operator's own take precedence.

    Datasette 1.0a reads both at its start, the queries from its configuration.
    """
    site._metadata_local = merged(ours, site._metadata_local or {})  # noqa: SLF001 - has no other way
    if not HAS_OUR_TEMPLATES:
        queries = {name: {"queries": entry["queries"]} for name, entry in ours["databases"].items()}
        site.config = merged({"databases": queries}, site.config or {})


def _restore_error_pages() -> None:
    """Restore Datasette's error pages, which an earlier site of this process replaced."""
    if not pm.has_plugin(ERROR_PLUGIN):
        from datasette import handle_exception  # noqa: PLC0415 - registers nothing by itself

        pm.register(handle_exception, ERROR_PLUGIN)
