"""Anchors: the audit trail's end, signed and told outside of the database, so that nobody rewrites what was.

An anchor names the one before it, so that none can be left out, and the key that signed it.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from purveyor.signing import SigningKey, is_signed

BEGINNING = "0" * 64
"""What the first anchor follows."""
OPENING = '{"at":"'
"""How every anchor is written, since its fields stand in the order of their names."""
READ_AT_ONCE = 8_192


class AnchorError(ValueError):
    """A document is no anchor that is believed; the message says why."""


class Anchor(BaseModel):
    """The end of a service's trail at a moment, as it was told outside."""

    model_config = ConfigDict(frozen=True)

    service: str
    number: int
    at: AwareDatetime
    position: int
    hash: str
    previous: str
    restored: str | None = None
    """Why the trail goes on from an earlier end: what was anchored beyond it was lost, and that is known."""
    key: str
    signature: str = ""

    @classmethod
    def signed(cls, key: SigningKey, previous: Told | None, **content: object) -> Self:
        """Sign the anchor that follows on the one told before."""
        place = {
            "number": previous.number + 1 if previous else 1,
            "previous": digest_of(previous.document) if previous else BEGINNING,
        }
        anchor = cls.model_validate({**content, **place, "key": key.id})
        return anchor.model_copy(update={"signature": key.sign(anchor.message)})

    @classmethod
    def read(cls, document: str, service: str, keys: Mapping[str, Ed25519PublicKey]) -> Self:
        """Read a document; raises AnchorError unless it is this service's and one of these keys signed it."""
        try:
            anchor = cls.model_validate_json(document)
        except ValidationError as error:
            raise AnchorError("is no anchor") from error
        if anchor.document != document:
            raise AnchorError("is not written as it was signed")
        if anchor.service != service:
            raise AnchorError(f"is an anchor of {anchor.service}")
        if anchor.key not in keys:
            raise AnchorError(f"is signed with the key {anchor.key}, which is not among those believed")
        if not is_signed(keys[anchor.key], anchor.signature, anchor.message):
            raise AnchorError("does not carry the signature of its key")
        return anchor

    @property
    def message(self) -> bytes:
        """What is signed: everything but the signature, as canonical JSON."""
        return _canonical(self.model_dump(mode="json", exclude={"signature"})).encode()

    @property
    def document(self) -> str:
        """The anchor as it is told, in one line."""
        return _canonical(self.model_dump(mode="json"))


@dataclass(frozen=True, slots=True)
class Told:
    """An anchor as the database, or a place, has it."""

    number: int
    document: str


class AnchorPlace(Protocol):
    """Where anchors are told: only ever added to, and better not in the hands of who runs the database."""

    @property
    def name(self) -> str:
        """How findings call it."""

    async def last(self) -> str | None:
        """Return the document told last."""

    async def append(self, documents: Sequence[str]) -> None:
        """Return when these documents are there for good, in this order."""

    def all(self) -> AsyncIterator[str]:
        """Yield all documents, in the order in which they were told; those told again may come twice."""


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file, a line an anchor: on a volume that only lets append (`chattr +a`), or of another machine."""

    file: Path

    @property
    def name(self) -> str:
        """How findings call it."""
        return f"file {self.file}"

    async def last(self) -> str | None:
        """Return the last line that is finished."""
        return await asyncio.to_thread(self._last)

    def _last(self) -> str | None:
        if not self.file.exists():
            return None
        with self.file.open("rb") as file:
            start = file.seek(0, os.SEEK_END)
            behind = b""
            while start > 0:
                end, start = start, max(0, start - READ_AT_ONCE)
                file.seek(start)
                behind = file.read(end - start) + behind
                lines = behind.decode(errors="replace").split("\n")
                for line in reversed(lines if start == 0 else lines[1:]):
                    if not is_unfinished(line):
                        return line
        return None

    async def append(self, documents: Sequence[str]) -> None:
        """Append lines and wait for the disk; behind an unfinished line they begin on the next."""
        await asyncio.to_thread(self._append, "".join(f"{document}\n" for document in documents).encode())

    def _append(self, lines: bytes) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with self.file.open("a+b") as file:
            if file.seek(0, os.SEEK_END):
                file.seek(-1, os.SEEK_END)
                lines = lines if file.read() == b"\n" else b"\n" + lines
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())

    async def all(self) -> AsyncIterator[str]:
        """Yield all lines, unfinished ones too."""
        if not self.file.exists():
            return
        with self.file.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                yield line.rstrip("\n")


def digest_of(document: str) -> str:
    """Return what the next anchor calls this one by."""
    return sha256(document.encode()).hexdigest()


def is_unfinished(document: str) -> bool:
    """Whether it is only the beginning of an anchor: what a full disk or a killed process leaves in a file.

    It says nothing and is passed over. Nothing can hide behind it: anchors are numbered, and name each other.
    """
    written = document.rstrip("\0")
    if written[: len(OPENING)] != OPENING[: len(written)]:
        return False
    try:
        from_json(written)
    except ValueError:
        return True
    return False


def number_of(document: str) -> int:
    """Return an anchor's number, whoever signed it; raises AnchorError for what is none."""
    try:
        return Anchor.model_validate_json(document).number
    except ValidationError as error:
        raise AnchorError("what was told last is no anchor") from error


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
