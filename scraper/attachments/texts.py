"""Reads the text of PDF, Word and Excel files with libraries of the extra ``attachments``."""

from __future__ import annotations

import logging
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from docx.document import Document
    from docx.table import Table

MAX_PAGES = 300  # of a PDF; a page takes 5 ms, or far longer if it is drawn, and a file gets 30 s
MAX_CHARACTERS = 2_000_000


class FileText(NamedTuple):
    """The text of a file as its library gives it.

    Attributes:
        text: not cleaned.
        pages: number of pages or sheets; None if the format has none.
        reader: name and version of the library.
        cut: what was left out, or None.
    """

    text: str
    pages: int | None
    reader: str
    cut: str | None = None


class UnreadableFileError(Exception):
    """The text of a file cannot be read.

    Attributes:
        kind: of the problem: ``encrypted``, ``damaged`` or ``no-reader``.
        pages: number of pages, if that is known.
    """

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def read_text(name: str, body: bytes) -> FileText | None:
    """Return the text of a file; None for a format whose text no library here reads.

    Args:
        name: its format, a key of ``FORMATS``.
        body: the file.

    Raises:
        UnreadableFileError: it is encrypted or damaged, or the library is not installed.
        MemoryError: reading it takes too much memory.
    """
    if name not in _READERS:
        return None
    read, library = _READERS[name]
    try:
        return read(body)
    except (UnreadableFileError, MemoryError):
        raise
    except ImportError as error:
        detail = f"its text is not read, since {library} is not installed"
        raise UnreadableFileError("no-reader", detail) from error
    except RecursionError as error:
        raise UnreadableFileError("damaged", "its parts contain each other in a loop") from error
    except Exception as error:  # the libraries raise whatever their parsers meet
        detail = f"{library} cannot read it ({type(error).__name__}: {str(error)[:200]})"
        raise UnreadableFileError("damaged", detail) from error


def missing_libraries() -> list[str]:
    """Return the libraries of the extra that are not installed, by name."""
    modules = {"pypdf": "pypdf", "python-docx": "docx", "openpyxl": "openpyxl"}
    return [name for name, module in modules.items() if find_spec(module) is None]


def _read_pdf(body: bytes) -> FileText:
    import pypdf  # noqa: PLC0415  an extra
    from pypdf.errors import DependencyError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs each oddity it can live with
    document = pypdf.PdfReader(BytesIO(body))
    try:
        # An empty password opens files that only forbid printing.
        if document.is_encrypted and not document.decrypt(""):
            raise UnreadableFileError("encrypted", "it needs a password")
    except (DependencyError, NotImplementedError) as error:
        raise UnreadableFileError("encrypted", f"its encryption is not known ({error})") from error
    count = len(document.pages)
    pages = (document.pages[number].extract_text() for number in range(min(count, MAX_PAGES)))
    text, cut = _joined(pages)
    if cut is None and count > MAX_PAGES:
        cut = f"only the first {MAX_PAGES} of its {count:,} pages were read"
    return FileText(text, count, _reader("pypdf"), cut)


def _read_docx(body: bytes) -> FileText:
    import docx  # noqa: PLC0415  an extra

    text, cut = _joined(_docx_lines(docx.Document(BytesIO(body))))
    return FileText(text, None, _reader("python-docx"), cut)


def _docx_lines(part: Document) -> Iterator[str]:
    """Yield the paragraphs, and the rows of tables."""
    from docx.table import Table  # noqa: PLC0415  an extra

    for item in part.iter_inner_content():
        if isinstance(item, Table):
            yield from _table_lines(item)
        else:
            yield item.text


def _table_lines(table: Table) -> Iterator[str]:
    for row in table.rows:
        # A merged cell is given once for each column.
        cells = dict.fromkeys(cell._tc for cell in row.cells)  # noqa: SLF001
        texts = {cell._tc: cell.text for cell in row.cells}  # noqa: SLF001
        yield "\t".join(texts[cell] for cell in cells)


def _read_xlsx(body: bytes) -> FileText:
    import openpyxl  # noqa: PLC0415  an extra

    book = openpyxl.load_workbook(BytesIO(body), read_only=True, data_only=True)
    lines = (
        line
        for sheet in book.worksheets
        for line in (sheet.title, *_sheet_lines(sheet.iter_rows(values_only=True)))
    )
    text, cut = _joined(lines)
    return FileText(text, len(book.worksheets), _reader("openpyxl"), cut)


def _sheet_lines(rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    for row in rows:
        if cells := [str(value) for value in row if value is not None]:
            yield "\t".join(cells)


def _joined(pieces: Iterable[str]) -> tuple[str, str | None]:
    """Return pieces as lines, and what was left out if they are too long."""
    kept, size = [], 0
    for piece in pieces:
        kept.append(piece[: MAX_CHARACTERS - size])
        size += len(piece) + 1
        if size >= MAX_CHARACTERS:
            return "\n".join(kept), f"only its first {MAX_CHARACTERS:,} characters were read"
    return "\n".join(kept), None


def _reader(library: str) -> str:
    return f"{library} {version(library)}"


_READERS: dict[str, tuple[Callable[[bytes], FileText], str]] = {
    "pdf": (_read_pdf, "pypdf"),
    "docx": (_read_docx, "python-docx"),
    "xlsx": (_read_xlsx, "openpyxl"),
}
