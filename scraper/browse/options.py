"""How the site is served: what an operator may choose, checked before anything starts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasette.app import DEFAULT_SETTINGS
from datasette.utils import (
    BadMetadataError,
    ValueAsBooleanError,
    parse_metadata,
    value_as_boolean,
)

from scraper.errors import ReportedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class OptionError(ReportedError):
    """An option of the site has a value that it cannot have."""


@dataclass(frozen=True)
class Options:
    """How the site is served.

    Attributes:
        public: serve the public: from a snapshot, without custom SQL, with tight limits.
        robots: let search engines index the site.
        mcp: serve language-model clients, too, with tight limits; needs the extra ``mcp``.
        base_path: URL path under which a proxy serves the site, such as ``/news/``.
        cors: let pages of other sites read JSON, CSV and feeds.
        settings: Datasette's settings, names and values as typed; they override ours.
        metadata: a file of Datasette's metadata, JSON or YAML, which overrides ours.
        plugins_dir: a folder of further Datasette plugins.
    """

    public: bool = False
    robots: bool = False
    mcp: bool = False
    base_path: str = "/"
    cors: bool = False
    settings: tuple[tuple[str, str], ...] = ()
    metadata: Path | None = None
    plugins_dir: Path | None = None


def read_settings(given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return Datasette's settings with the types that it expects.

    Raises:
        OptionError: there is no such setting, or it cannot have the value.
    """
    return {name: _setting(name, value) for name, value in given}


def _setting(name: str, value: str) -> Any:
    if name not in DEFAULT_SETTINGS:
        raise OptionError(
            f"Datasette has no setting “{name}”; it has {', '.join(sorted(DEFAULT_SETTINGS))}"
        )
    kind = type(DEFAULT_SETTINGS[name])
    try:
        return value_as_boolean(value) if kind is bool else kind(value)
    except (ValueAsBooleanError, ValueError) as error:
        wanted = "on or off" if kind is bool else "a number"
        raise OptionError(f"the setting {name} is {wanted}, not “{value}”") from error


def read_metadata(file: Path | None) -> dict[str, Any]:
    """Return the contents of a file of metadata; nothing for None.

    Raises:
        OptionError: it cannot be read, or is neither JSON nor YAML.
    """
    if file is None:
        return {}
    try:
        found = parse_metadata(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, BadMetadataError) as error:
        raise OptionError(f"{file}: could not be read as Datasette metadata ({error})") from error
    if not isinstance(found, dict):
        raise OptionError(f"{file}: Datasette's metadata is a mapping with keys such as “title:”")
    return found


def normal_base_path(path: str) -> str:
    """Return a URL path with one slash at either end.

    Raises:
        OptionError: it is no path, such as a whole URL.
    """
    inner = path.strip("/")
    if any(part in {"", ".", ".."} for part in inner.split("/") if inner) or set(inner) & set(
        ":?# %"
    ):
        raise OptionError(f"“{path}” is not a URL path such as /news/")
    return f"/{inner}/" if inner else "/"
