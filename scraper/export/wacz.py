"""``wacz``: the archived pages and attached files of the articles, for ReplayWeb.page and pywb.

Records are copied byte for byte from the archive's WARC files. The program ``wacz`` indexes and
packs them (docs/decisions/0020-exports.md says why it is a program and not a library); its time
stamps are replaced by that of the archive, so that the same export gives the same bytes.
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
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from warcio.warcwriter import WARCWriter

from scraper.archive.attachment_rows import ADDRESS
from scraper.archive.attachment_tables import ATTACHMENT_TEXTS
from scraper.archive.database import warc_folder
from scraper.attachments.formats import FORMATS, file_name
from scraper.clock import to_iso
from scraper.export.format import Format, FormatError
from scraper.install import install_command
from scraper.model import Outcome
from scraper.warc.own_files import RecordPlace, locate, read_capture
from scraper.warc.record import WarcError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord

    from scraper.export.format import Notes, Options
    from scraper.export.selection import ArticleBatch, Selection
    from scraper.model import Capture

PROGRAM = "wacz"
WARC, PAGES, PACKED = "thaigov.warc.gz", "pages.jsonl", "packed.wacz"
EXTRA_PAGES = "extraPages.jsonl"  # those that nobody begins with
PACKAGE, PACKAGE_DIGEST = "datapackage.json", "datapackage-digest.json"
PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
FILES_HEAD = {**PAGES_HEAD, "id": "attachments", "title": "Attached files"}
LONGEST_TEXT = 20_000  # characters of a file; players read the whole list into memory
PICTURES = "it has attached pictures, which may be under copyright"
HTML = "text/html; charset=utf-8"
STORED_SUFFIX = ".gz"  # what is compressed already, and read by offsets
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
# A repeated capture refers to the first one with the same bytes, which replay needs too.
RECORDS = """
SELECT a.id AS article_id, c.id, c.url, c.fetched_at, c.rendered, c.warc_file, c.warc_offset,
       c.warc_length, o.id AS first_id, o.warc_file AS first_file, o.warc_offset AS first_offset,
       o.warc_length AS first_length
FROM articles a JOIN captures c ON c.id = a.capture_id
JOIN captures o ON o.id = (SELECT min(id) FROM captures WHERE url = c.url AND digest = c.digest)
WHERE a.id IN ({ids})
"""
# Of the same bytes, the first capture under the address of the article, which may refer to the
# first one under any address.
FILE_RECORDS = f"""
SELECT DISTINCT l.article_id, c.id, c.url, c.fetched_at, c.rendered, c.warc_file, c.warc_offset,
       c.warc_length, o.id AS first_id, o.warc_file AS first_file, o.warc_offset AS first_offset,
       o.warc_length AS first_length, t.format, substr(t.text, 1, {LONGEST_TEXT}) AS text
FROM attachment_files l JOIN attachment_texts t ON t.id = l.file
JOIN attachments a ON a.article_id = l.article_id AND a.url = l.url
JOIN captures c ON c.id = (SELECT min(id) FROM captures WHERE attachment_url = {ADDRESS}
    AND digest = t.digest AND outcome = '{Outcome.ATTACHMENT}')
JOIN captures o ON o.id = (SELECT min(id) FROM captures WHERE digest = t.digest
    AND attachment_url IS NOT NULL AND outcome = '{Outcome.ATTACHMENT}')
WHERE l.article_id IN ({{ids}}) ORDER BY c.id
"""


def write_wacz(selection: Selection, out: Path, options: Options) -> Notes:
    """Write the records and pages, have them packed, and set the times of the package.

    Raises:
        FormatError: the program is missing or fails, or a WARC file is missing.
    """
    program = wacz_program()
    folder = out.parent
    warc, pages, packed = folder / WARC, folder / PAGES, folder / PACKED
    extra = folder / EXTRA_PAGES
    formats = _write_parts(selection, warc_folder(options.archive), warc, pages, extra)
    more = ["--extra-pages", str(extra)] if formats else []
    done = subprocess.run(  # noqa: S603 - the program is named here, the files are ours
        [*program, "create", "--output", packed, "--pages", pages,
         *more, "--copy-pages",
         "--title", "Thai government news", warc],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode or not packed.exists():
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise FormatError(f"`{' '.join(program)}` failed ({last}), so nothing was written")
    (as_of,) = selection.db.execute("SELECT max(fetched_at) FROM captures").fetchone()
    warc.unlink()
    _repack(packed, out, as_of)
    return [PICTURES] if any(FORMATS[name].kind == "image" for name in formats) else []


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


def _write_parts(
    selection: Selection, warcs: Path, warc: Path, pages: Path, extra: Path
) -> set[str]:
    """Write the records of articles and files to one WARC file, and lists of both.

    Returns:
        The formats of the files.
    """
    has_files = ATTACHMENT_TEXTS in selection.db.table_names()
    copied: set[int] = set()
    formats: dict[int, str] = {}
    with ExitStack() as opened:
        records = opened.enter_context(warc.open("wb"))
        listed = opened.enter_context(_list(pages, PAGES_HEAD))
        files = opened.enter_context(_list(extra, FILES_HEAD))

        def copy(capture: dict[str, Any]) -> None:
            for key, place in _places(capture):
                if key not in copied:
                    copied.add(key)
                    _copy(warcs, place, capture, records)

        for batch in selection.batches():
            captures = _captures(selection, batch)
            for article in selection.article_rows(batch):
                copy(captures[article["id"]])
                _write(listed, _page(article, captures[article["id"]]))
            for file in _files(selection, batch) if has_files else ():
                if file["id"] not in formats:  # of two articles
                    copy(file)
                    formats[file["id"]] = file["format"]
                    _write(files, _file_page(file))
    return set(formats.values())


def _list(path: Path, head: dict[str, Any]) -> TextIO:
    listed = path.open("w", encoding="utf-8", newline="\n")
    _write(listed, head)
    return listed


def _write(listed: TextIO, page: dict[str, Any]) -> None:
    listed.write(json.dumps(page, ensure_ascii=False) + "\n")


def _files(selection: Selection, batch: ArticleBatch) -> Iterator[dict[str, Any]]:
    """Yield the stored files of some articles, with the text that is listed."""
    return selection.db.query(FILE_RECORDS.format(ids=", ".join(map(str, batch.ids))))


def _captures(selection: Selection, batch: ArticleBatch) -> dict[int, dict[str, Any]]:
    ids = ", ".join(map(str, batch.ids))
    rows = selection.db.query(RECORDS.format(ids=ids))
    return {row["article_id"]: row for row in rows}


def _places(capture: dict[str, Any]) -> Iterator[tuple[int, RecordPlace]]:
    """Yield the records that are needed to show a capture, each with the id of its capture."""
    if capture["first_id"] != capture["id"]:
        first = (capture["first_file"], capture["first_offset"], capture["first_length"])
        yield capture["first_id"], RecordPlace(*first)
    own = (capture["warc_file"], capture["warc_offset"], capture["warc_length"])
    yield capture["id"], RecordPlace(*own)


def _copy(warcs: Path, place: RecordPlace, capture: dict[str, Any], out: BinaryIO) -> None:
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


def _resource(rendered: Capture, place: RecordPlace) -> ArcWarcRecord:
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


def _file_page(file: dict[str, Any]) -> dict[str, str]:
    return {
        "id": str(uuid5(NAMESPACE_URL, file["url"])),
        "url": file["url"],
        "ts": file["fetched_at"],
        "title": file_name(file["url"]),
        "text": file["text"],
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
