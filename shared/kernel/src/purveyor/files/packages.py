"""Office documents (ECMA-376, part 2) as they arrive in bad faith: archives that are looked through first.

An archive says how large its parts are and may lie; a bomb of 25 MiB expands to 25 GiB. So both are bounded,
what is declared and what comes of it, and nothing is kept of what is expanded.
"""

from __future__ import annotations

import os
import re
import struct
import zlib
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

MOST_EXPANDED = 256 * 1_048_576
MOST_PARTS = 5_000
MOST_OF_DIRECTORY = 1_048_576
"""Of what lists the parts, which is read as a whole: a directory of 25 MiB would take half a gigabyte."""
MOST_OF_TYPES = 1_048_576
AT_A_TIME = 65_536
END = struct.Struct("<4s4H2LH")
"""The end of the central directory (APPNOTE 6.3.10, 4.3.16), here without a comment."""
LOCATOR = b"PK\x06\x07"
LOCATOR_SIZE = 20
ENCRYPTED = 0x1
TYPES = "[Content_Types].xml"
MAIN = re.compile(r'ContentType\s*=\s*["\']([^"\']+\.main\+xml)["\']', re.IGNORECASE)
ACTIVE = re.compile(r"macroEnabled|vbaProject|activeX|oleObject|ms-office\.macro", re.IGNORECASE)
ACTIVE_PART = re.compile(
    r"vbaProject|activeX/|oleObject|\.(exe|dll|js|vbs|ps1|bat|cmd|scr|lnk|jar)$", re.IGNORECASE
)


class UnsafeError(Exception):
    """An archive that nobody should open, with the reason as the end of a sentence."""


def main_part_of(content: IO[bytes]) -> str:
    """Return the type of a package's main part; raises UnsafeError for what is unsafe or broken.

    Every part is expanded once, to the end, with its checksum: what it declares is then what it is.
    """
    _expect_a_plain_archive(content)
    try:
        with ZipFile(content) as archive:
            parts = archive.infolist()
            _expect_sane(parts)
            types = _types_of(archive)
            _expand(archive, parts)
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        KeyError,
    ) as error:
        raise UnsafeError("its archive is damaged") from error
    if ACTIVE.search(types):
        raise UnsafeError("it holds macros or embedded programs: save it without, as .docx or .xlsx")
    named = MAIN.findall(types)
    return named[0] if len(named) == 1 else ""


def _expect_a_plain_archive(content: IO[bytes]) -> None:
    """Raise UnsafeError unless the directory is small and the archive is all that there is of the file."""
    size = content.seek(0, os.SEEK_END)
    if size < END.size:
        raise UnsafeError("its archive is damaged")
    content.seek(max(0, size - END.size - LOCATOR_SIZE))
    rest = content.read()
    signature, disk, first, here, parts, length, offset, comment = END.unpack(rest[-END.size :])
    if (
        signature != b"PK\x05\x06"
        or comment
        or LOCATOR in rest[: -END.size]
        or disk
        or first
        or here != parts
    ):
        raise UnsafeError("its archive does not end as those of documents do")
    if parts > MOST_PARTS or length > MOST_OF_DIRECTORY:
        raise UnsafeError(f"its archive has more than {MOST_PARTS:,} parts, or names that long")
    if offset + length + END.size != size:
        raise UnsafeError("something stands before its archive, or within")


def _expect_sane(parts: list[ZipInfo]) -> None:
    """Raise UnsafeError for parts that no document has: hidden, outside, one in another, or too large."""
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len({name.lower() for name in names}) < len(names):
        raise UnsafeError("its archive has two parts of one name, or too many")
    for part in parts:
        steps = part.filename.split("/")
        if part.filename != part.orig_filename or "\\" in part.filename or steps[0] == "" or ".." in steps:
            raise UnsafeError("its archive has a part whose name leads out of it")
        if part.flag_bits & ENCRYPTED or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise UnsafeError("its archive is encrypted, or packed in a way that documents are not")
        if ACTIVE_PART.search(part.filename):
            raise UnsafeError("it holds macros or embedded programs: save it without, as .docx or .xlsx")
    if sum(part.file_size for part in parts) > MOST_EXPANDED:
        raise UnsafeError(
            f"it would expand to more than {MOST_EXPANDED // 1_048_576} MiB, as a zip bomb does"
        )
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        if part.header_offset < end:
            raise UnsafeError("parts of its archive lie upon each other, as in a zip bomb")
        end = part.header_offset + part.compress_size


def _types_of(archive: ZipFile) -> str:
    """Return what says of which type the parts are; raises UnsafeError where none does, or in odd ways."""
    if TYPES not in archive.namelist() or archive.getinfo(TYPES).file_size > MOST_OF_TYPES:
        raise UnsafeError("it is a zip archive, and no document")
    types = archive.read(TYPES).decode("utf-8-sig")
    if "<!" in types.replace("<!--", ""):
        raise UnsafeError("its list of parts declares entities")
    return types


def _expand(archive: ZipFile, parts: list[ZipInfo]) -> None:
    """Read every part to its end; raises UnsafeError when they are larger than they say."""
    left = MOST_EXPANDED
    for part in parts:
        with archive.open(part) as expanded:
            while read := expanded.read(AT_A_TIME):
                left -= len(read)
                if left < 0:
                    raise UnsafeError("it expands to more than it says, as a zip bomb does")
