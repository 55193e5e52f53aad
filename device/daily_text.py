"""The text of a table that an app exported: bytes to rows of cells, each with its line."""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from device.errors import BeatwiseError

LARGEST_BYTES = 8 << 20
"""Sixty years of daily rows as wide as any app writes them."""
MOST_DIGITS = 40
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?", re.ASCII)
_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")

Cells = tuple[int, list[str]]
"""A row: the line it begins on, counted from 1, and what stands in it."""


class UnreadableDailyFile(BeatwiseError, ValueError):
    """A file that nothing can be taken from: one line with file, line, reason and what to do."""

    def __init__(self, path: Path, reason: str, *, line: int | None = None) -> None:
        shown = str(path) if str(path).isprintable() else ascii(str(path))
        super().__init__(": ".join([shown, *([f"line {line}"] if line else []), reason]))
        self.reason = reason
        self.line = line


class NotDaily(UnreadableDailyFile):
    """No table of days at all: it may be a recording."""


def read_text(path: Path) -> str:
    """A file's text with plain ends of lines, however it was written and encoded.

    Raises:
        UnreadableDailyFile: it cannot be opened.
        NotDaily: it is not text, or far too long.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise UnreadableDailyFile(path, error.strerror or "cannot be read") from None
    if len(content) > LARGEST_BYTES:
        raise NotDaily(path, f"holds more than {LARGEST_BYTES >> 20} MB: no daily history")
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if binary := _NO_TEXT.search(text):
        raise NotDaily(path, "binary, not text", line=text.count("\n", 0, binary.start()) + 1)
    return text


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    # ASCII in UTF-16 without its mark has a zero in every other byte.
    for first_zero, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = content[:200][first_zero::2]
        if half and not any(half):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Only names and notes are ever beyond ASCII; what Windows wrote is the likeliest.
        return content.decode("cp1252", errors="replace")


def delimiter_of(header: str) -> str:
    """What parts the cells of a header."""
    return max(";\t,", key=header.count)


def columns_of(header: str) -> list[str]:
    """The names in a header, in lower case and without spaces around them."""
    cells = next(csv.reader([header], delimiter=delimiter_of(header)), [])
    return [" ".join(cell.split()).lower() for cell in cells]


def rows_below(path: Path, lines: Sequence[str], header: int) -> Iterator[Cells]:
    """The rows under the header, which is the line of that index; blank ones are left out.

    Raises:
        UnreadableDailyFile: a quotation mark is never closed.
    """
    below = (line + "\n" for line in lines[header + 1 :])
    reader = csv.reader(below, delimiter=delimiter_of(lines[header]), strict=True)
    begins = header + 2
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield begins, cells
            begins = header + 2 + reader.line_num
    except csv.Error:
        raise UnreadableDailyFile(
            path, "a quotation mark stands where none belongs, or is never closed", line=begins
        ) from None


def number(cell: str, *, decimal_comma: bool) -> float | None:
    """A finite decimal number; None where the cell holds none."""
    text = cell.replace(",", ".") if decimal_comma else cell
    if len(text) > MOST_DIGITS or not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if abs(value) < 1e9 else None


def shown(text: str) -> str:
    """Untrusted text, short and on one line, in quotation marks."""
    return ascii(text if len(text) <= 40 else text[:37] + "...")
