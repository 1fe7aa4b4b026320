"""Office documents (ECMA-376, part 2) as they arrive in bad faith: archives that are looked through first.

An archive says how large its parts are and may lie; a bomb of 25 MiB expands to 25 GiB. So both are bounded,
what is declared and what comes of it, and nothing is kept of what is expanded.
"""

from __future__ import annotations

import os
import struct
import zlib
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from purveyor.files.parts import ACTIVE, KNOWN, Types, UnreadableError, is_known, leads_out, types_of

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
LONGEST_HEAD = 64
HOLDS_OTHERS = (
    "it holds macros, programs, other files or what is elsewhere: save it without, as .docx or .xlsx"
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
            heads = _expand(archive, parts)
            active = [kind for kind in types.every() if ACTIVE.search(kind)]
            if active or any(leads_out(_listing(archive, name)) for name in heads if name.endswith(".rels")):
                raise UnsafeError(HOLDS_OTHERS)
    except (
        BadZipFile,
        zlib.error,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        KeyError,
        UnreadableError,
    ) as error:
        raise UnsafeError("its archive is damaged") from error
    mains = types.mains()
    if len(mains) != 1 or mains[0].lower() not in KNOWN:
        return mains[0] if len(mains) == 1 else ""
    for name, head in heads.items():
        if name != TYPES and not is_known(name, types, head):
            raise UnsafeError(f"{HOLDS_OTHERS} ({name[:200]} is no part of a plain document)")
    return mains[0]


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
    if sum(part.file_size for part in parts) > MOST_EXPANDED:
        raise UnsafeError(
            f"it would expand to more than {MOST_EXPANDED // 1_048_576} MiB, as a zip bomb does"
        )
    end = 0
    for part in sorted(parts, key=lambda one: one.header_offset):
        if part.header_offset < end:
            raise UnsafeError("parts of its archive lie upon each other, as in a zip bomb")
        end = part.header_offset + part.compress_size


def _types_of(archive: ZipFile) -> Types:
    """Return what says of which type the parts are; raises UnsafeError where none does."""
    if TYPES not in archive.namelist():
        raise UnsafeError("it is a zip archive, and no document")
    return types_of(_listing(archive, TYPES))


def _listing(archive: ZipFile, name: str) -> bytes:
    """Return a part that says what others are; raises UnsafeError for one that is too long to."""
    if archive.getinfo(name).file_size > MOST_OF_TYPES:
        raise UnsafeError("a list of its parts is longer than those of documents are")
    return archive.read(name)


def _expand(archive: ZipFile, parts: list[ZipInfo]) -> dict[str, bytes]:
    """Read every part to its end; returns how each begins. Raises UnsafeError for more than they say."""
    left = MOST_EXPANDED
    heads = dict[str, bytes]()
    for part in parts:
        with archive.open(part) as expanded:
            while read := expanded.read(AT_A_TIME):
                heads.setdefault(part.filename, read[:LONGEST_HEAD])
                left -= len(read)
                if left < 0:
                    raise UnsafeError("it expands to more than it says, as a zip bomb does")
    return heads
