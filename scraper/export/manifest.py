"""The manifest of an export: what was requested and written, and how to check and cite it."""

from __future__ import annotations

import json
import sqlite3
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from scraper import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.export.format import Format, Notes, Options
    from scraper.export.selection import ExportQuery, Selection

MANIFEST = "manifest.json"
SOFTWARE = "thaigov export"
LICENCE = (
    "Texts of news and official announcements: no copyright (Copyright Act B.E. 2537, s. 7); "
    "photographs are not covered by that"
)
SOURCE = "https://www.thaigov.go.th/"
_CHUNK = 1 << 20  # bytes


def manifest_of(
    selection: Selection, form: Format, query: ExportQuery, options: Options, notes: Notes
) -> dict[str, Any]:
    """Return the manifest of a written export, without its files."""
    first, last = selection.first_on, selection.last_on
    as_of = _as_of(selection)
    articles = len(selection)
    return {
        "made_by": SOFTWARE,
        "format": form.name,
        "query": query.described(),
        "options": {"excel": True} if options.excel else {},
        "as_of": as_of,
        "articles": articles,
        "first_on": first,
        "last_on": last,
        "tables": dict(selection.counts),
        "notes": notes,
        "licence": LICENCE,
        "source": SOURCE,
        "cite": f"News of the Thai government's site ({SOURCE}), {articles:,} articles published "
        f"from {first or '?'} to {last or '?'}, archive as of {as_of}, exported by thaigov "
        f"{__version__} as {form.name}, content digest {{content_digest}}. Cite one article by "
        f"its url, published_on, fetched_at and digest.",
        "versions": {
            "thaigov": __version__,
            "sqlite": sqlite3.sqlite_version,
            **{package: version(package) for package in form.packages},
        },
    }  # fmt: skip


def with_files(manifest: dict[str, Any], root: Path) -> dict[str, Any]:
    """Return a manifest with path, size and SHA-256 of every file.

    Args:
        manifest: from ``manifest_of``.
        root: the written file or folder.
    """
    files = [
        {"path": name, "bytes": path.stat().st_size, "sha256": digest_of_file(path)}
        for name, path in sorted(_files(root))
    ]
    listed = "".join(f"{entry['sha256']}  {entry['path']}\n" for entry in files)
    digest = sha256(listed.encode()).hexdigest()
    cite = manifest["cite"].format(content_digest=digest)
    return {**manifest, "cite": cite, "content_digest": digest, "files": files}


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name of each file as in ``sha256sum``, and its path."""
    if root.is_dir():
        for path in root.rglob("*"):
            if path.is_file():
                yield path.relative_to(root).as_posix(), path
    else:
        yield root.name, root


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON that people can read, too."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def read_manifest(path: Path) -> dict[str, Any] | None:
    """Return the manifest in a file, None if it is not one of ours."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    is_ours = isinstance(found, dict) and found.get("made_by") == SOFTWARE
    return found if is_ours and isinstance(found.get("files"), list) else None


def _as_of(selection: Selection) -> str:
    """Return when the archive last changed: the end of its last run, or when that began."""
    (moment,) = selection.db.execute(
        "SELECT max(coalesce(finished_at, started_at)) FROM runs"
    ).fetchone()
    return str(moment)
