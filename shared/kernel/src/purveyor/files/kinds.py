"""What a file is, judged by its bytes: what its name and its sender say has to agree with them.

The list is short on purpose: what certificates, answers and evidence come as.
"""

from __future__ import annotations

import codecs
import os
from enum import StrEnum
from typing import IO

from purveyor.errors import FieldError, InvalidError
from purveyor.files.packages import UnsafeError, main_part_of

AT_A_TIME = 65_536
TAIL = 1_024
"""Within so many last bytes readers of PDF look for the end (ISO 32000-1, annex H)."""
ARCHIVE_ENDS, LONGEST_ARCHIVE_END = b"PK\x05\x06", 65_557
"""What an archive ends with, and how far from a file's end at most (APPNOTE 6.3.10, 4.3.16)."""
BLANK = b"\0\t\n\f\r "
PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTROLS = frozenset(range(32)) - set(b"\t\n\r\f") | {127}
OF_OFFICE = "application/vnd.openxmlformats-officedocument"


class FileKind(StrEnum):
    """The kinds of files that are taken, as they are sent back."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    DOCX = f"{OF_OFFICE}.wordprocessingml.document"
    XLSX = f"{OF_OFFICE}.spreadsheetml.sheet"
    CSV = "text/csv"
    TEXT = "text/plain"


ENDINGS: dict[FileKind, tuple[str, ...]] = {
    FileKind.PDF: (".pdf",),
    FileKind.PNG: (".png",),
    FileKind.JPEG: (".jpg", ".jpeg"),
    FileKind.DOCX: (".docx",),
    FileKind.XLSX: (".xlsx",),
    FileKind.CSV: (".csv",),
    FileKind.TEXT: (".txt",),
}
SAID_TOO: dict[FileKind, frozenset[str]] = {
    FileKind.JPEG: frozenset({"image/jpg", "image/pjpeg"}),
    FileKind.CSV: frozenset({"text/plain", "application/csv", "application/vnd.ms-excel"}),
}
"""What senders call a kind besides: Windows calls CSV what it opens it with."""
SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream"})
DECLARABLE = (*FileKind, "application/octet-stream")
"""What a sender may declare; the last says nothing, so that only name and content are compared."""
TAKEN = "PDF, PNG, JPEG, DOCX, XLSX, CSV and plain text in UTF-8"


def judge(content: IO[bytes], name: str, declared: str) -> FileKind:
    """Return what a file is; raises InvalidError when it is not taken, or not what it is said to be."""
    kind = _by_content(content, name)
    if not name.lower().endswith(ENDINGS[kind]):
        endings = " or ".join(ENDINGS[kind])
        raise _not_as_said("/query/name", f"It is {kind.name} by its content: let its name end on {endings}")
    said = declared.partition(";")[0].strip().lower()
    if said not in SAYS_NOTHING and said != kind and said not in SAID_TOO.get(kind, ()):
        raise _not_as_said("/header/Content-Type", f"It is {kind} by its content, not {said[:100]}")
    return kind


def _by_content(content: IO[bytes], name: str) -> FileKind:
    content.seek(0)
    head = content.read(8)
    size = content.seek(0, os.SEEK_END)
    content.seek(max(0, size - LONGEST_ARCHIVE_END))
    end = content.read(LONGEST_ARCHIVE_END)
    tail = end[-TAIL:]
    if not head:
        raise _refused("file_empty", "The file has no content: send its bytes as the body.")
    if not head.startswith(b"PK") and head != OLE and ARCHIVE_ENDS in end:
        raise _refused("file_unsafe", "The file is not taken: a zip archive stands behind what it begins as.")
    if head.startswith(b"%PDF-"):
        if tail.rpartition(b"%%EOF")[2].strip(BLANK) and b"%%EOF" in tail:
            raise _refused("file_unsafe", "The file is not taken: something stands behind the PDF's end.")
        return _whole(FileKind.PDF, b"%%EOF" in tail)
    if head == b"\x89PNG\r\n\x1a\n":
        return _whole(FileKind.PNG, tail.endswith(PNG_END))
    if head.startswith(b"\xff\xd8\xff"):
        return _whole(FileKind.JPEG, b"\xff\xd9" in tail)
    if head.startswith(b"PK"):
        return _package(content)
    if head == OLE:
        raise _not_taken(
            "It is of an old Office format, or protected by a password: save it without, as OOXML"
        )
    if _is_text(content):
        return FileKind.CSV if name.lower().endswith(".csv") else FileKind.TEXT
    raise _not_taken("It is none of them by its content")


def _package(content: IO[bytes]) -> FileKind:
    try:
        main = main_part_of(content)
    except UnsafeError as error:
        raise _refused("file_unsafe", f"The file is not taken: {error}.") from error
    for kind in (FileKind.DOCX, FileKind.XLSX):
        if main == f"{kind}.main+xml":
            return kind
    raise _not_taken(f"It is a zip archive, and no document: its main part is {main or 'not named'}")


def _whole(kind: FileKind, ends: bool) -> FileKind:
    if not ends:
        raise _refused(
            "file_incomplete", f"The file begins as {kind.name} and does not end as one: send all of it."
        )
    return kind


def _is_text(content: IO[bytes]) -> bool:
    """Return whether all of a file is UTF-8 without control characters."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    content.seek(0)
    try:
        while part := content.read(AT_A_TIME):
            if not CONTROLS.isdisjoint(part):
                return False
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _not_taken(why: str) -> InvalidError:
    return _refused("file_type_refused", f"{why}. Taken are {TAKEN}.")


def _not_as_said(pointer: str, right: str) -> InvalidError:
    return InvalidError(
        "file_not_what_it_says",
        f"{pointer}: {right}.",
        errors=[FieldError(pointer, right)],
    )


def _refused(code: str, detail: str) -> InvalidError:
    return InvalidError(code, detail, errors=[FieldError("", detail)])
