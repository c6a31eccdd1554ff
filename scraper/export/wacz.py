"""``wacz``: the archived pages of the articles, for ReplayWeb.page and pywb.

Records are copied byte for byte from the archive's WARC files. The program ``wacz`` indexes and
packs them (docs/decisions/0020-exports.md says why it is a program and not a library); what it
stamps with the moment is set to that of the archive.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from contextlib import ExitStack
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from warcio.warcwriter import WARCWriter

from scraper.archive.database import warc_folder
from scraper.clock import to_iso
from scraper.export.format import Format, FormatError
from scraper.install import install_command
from scraper.warc.own_files import Place, locate, read_capture
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord

    from scraper.export.format import Notes, Options
    from scraper.export.selection import Batch, Selection
    from scraper.model import Capture

PROGRAM = "wacz"
WARC, PAGES, PACKED = "thaigov.warc.gz", "pages.jsonl", "packed.wacz"
PACKAGE, PACKAGE_DIGEST = "datapackage.json", "datapackage-digest.json"
PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
HTML = "text/html; charset=utf-8"
STORED_SUFFIX = ".gz"  # what is compressed already, and read by offsets
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
# A repeated capture refers to the first one of the same bytes, which is needed to show it.
RECORDS = """
SELECT a.id AS article_id, c.id, c.url, c.fetched_at, c.rendered, c.warc_file, c.warc_offset,
       c.warc_length, o.id AS first_id, o.warc_file AS first_file, o.warc_offset AS first_offset,
       o.warc_length AS first_length
FROM articles a JOIN captures c ON c.id = a.capture_id
JOIN captures o ON o.id = (SELECT min(id) FROM captures WHERE url = c.url AND digest = c.digest)
WHERE a.id IN ({ids})
"""


def write_wacz(selection: Selection, out: Path, options: Options) -> Notes:
    """Write the records and pages, have them packed, and set the times of the package.

    Raises:
        FormatError: the program is missing or fails, or a WARC file is missing.
    """
    program = wacz_program()
    folder = out.parent
    warc, pages, packed = folder / WARC, folder / PAGES, folder / PACKED
    _write_parts(selection, warc_folder(options.archive), warc, pages)
    done = subprocess.run(  # noqa: S603 - the program is named here, the files are ours
        [*program, "create", "--output", packed, "--pages", pages, "--copy-pages",
         "--title", "Thai government news", warc],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode or not packed.exists():
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise FormatError(f"`{' '.join(program)}` failed ({last}), so nothing was written")
    (as_of,) = selection.db.execute("SELECT max(fetched_at) FROM captures").fetchone()
    warc.unlink()
    _repack(packed, out, as_of)
    return []


def wacz_program() -> list[str]:
    """Return how to call the program, from the extra ``wacz`` or installed by itself.

    Raises:
        FormatError: it is not installed.
    """
    if find_spec(PROGRAM) is not None:
        return [sys.executable, "-m", PROGRAM]
    if (found := shutil.which(PROGRAM)) is not None:
        return [found]
    raise FormatError(
        f"wacz needs the program `{PROGRAM}`, which is not installed; run "
        f"`{install_command('wacz')}`, or `pipx install wacz` to install it separately"
    )


def _write_parts(selection: Selection, warcs: Path, warc: Path, pages: Path) -> None:
    """Write the records of the chosen articles to one WARC file, and the list of their pages."""
    with ExitStack() as files:
        records = files.enter_context(warc.open("wb"))
        listed = files.enter_context(pages.open("w", encoding="utf-8", newline="\n"))
        listed.write(json.dumps(PAGES_HEAD) + "\n")
        copied: set[int] = set()
        for batch in selection.batches():
            captures = _captures(selection, batch)
            for article in selection.article_rows(batch):
                capture = captures[article["id"]]
                for key, place in _places(capture):
                    if key not in copied:
                        copied.add(key)
                        _copy(warcs, place, capture, records)
                listed.write(json.dumps(_page(article, capture), ensure_ascii=False) + "\n")


def _captures(selection: Selection, batch: Batch) -> dict[int, dict[str, Any]]:
    ids = ", ".join(map(str, batch.ids))
    rows = selection.db.query(RECORDS.format(ids=ids))
    return {row["article_id"]: row for row in rows}


def _places(capture: dict[str, Any]) -> Iterator[tuple[int, Place]]:
    """Yield the records that are needed to show a capture, each with the id of its capture."""
    if capture["first_id"] != capture["id"]:
        first = (capture["first_file"], capture["first_offset"], capture["first_length"])
        yield capture["first_id"], Place(*first)
    own = (capture["warc_file"], capture["warc_offset"], capture["warc_length"])
    yield capture["id"], Place(*own)


def _copy(warcs: Path, place: Place, capture: dict[str, Any], out: BinaryIO) -> None:
    """Copy a record; one of a rendered page becomes a ``resource``, which replay programs show.

    Raises:
        FormatError: its file is missing or damaged.
    """
    try:
        if capture["rendered"] and (rendered := read_capture(warcs, place)) is not None:
            WARCWriter(out, gzip=True).write_record(_resource(rendered, place))
            return
        with locate(warcs, place.file).open("rb") as file:
            file.seek(place.offset)
            out.write(file.read(place.length))
    except WarcError as error:
        raise FormatError(
            f"{error}. wacz needs the WARC files beside the archive; a snapshot has none, and "
            f"`thaigov verify` finds damage"
        ) from error


def _resource(rendered: Capture, place: Place) -> ArcWarcRecord:
    """Return a record of a rendered page that is the same each time."""
    name = f"{place.file}:{place.offset}"
    fields = {
        "WARC-Date": to_iso(rendered.fetched_at),
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>",
    }
    return WARCWriter(BytesIO(), gzip=True, warc_version="1.1").create_warc_record(
        rendered.url, "resource", payload=BytesIO(rendered.body), length=len(rendered.body),
        warc_content_type=rendered.content_type or HTML, warc_headers_dict=fields,
    )  # fmt: skip


def _page(article: dict[str, Any], capture: dict[str, Any]) -> dict[str, str]:
    text = "\n".join(filter(None, (article["title"], article["lead"], article["body"])))
    return {
        "id": str(uuid5(NAMESPACE_URL, article["url"])),
        "url": capture["url"],
        "ts": capture["fetched_at"],
        "title": article["title"],
        "text": text,
    }


def _repack(packed: Path, out: Path, as_of: str) -> None:
    """Copy a package with fixed times."""
    with ZipFile(packed) as source, ZipFile(out, "w") as target:
        for entry in source.infolist():
            if entry.filename in {PACKAGE, PACKAGE_DIGEST}:
                continue
            name = _entry(entry.filename)
            with source.open(entry) as content, target.open(name, "w", force_zip64=True) as copy:
                shutil.copyfileobj(content, copy)
        package = json.loads(source.read(PACKAGE)) | {"created": as_of}
        text = json.dumps(package, indent=2)
        target.writestr(_entry(PACKAGE), text)
        digest = {"path": PACKAGE, "hash": f"sha256:{sha256(text.encode()).hexdigest()}"}
        target.writestr(_entry(PACKAGE_DIGEST), json.dumps(digest, indent=2))


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, ZIP_EPOCH)
    entry.compress_type = ZIP_STORED if name.endswith(STORED_SUFFIX) else ZIP_DEFLATED
    return entry


FORMAT = Format("wacz", ".wacz", write_wacz)
