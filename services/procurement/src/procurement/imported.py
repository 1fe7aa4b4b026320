"""Documents that were imported: known again by their key and the digest of what they said."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from pydantic import BaseModel

from purveyor.errors import ConflictError, FieldError


@dataclass(frozen=True, slots=True)
class ImportKey:
    """A document's key in the system it came from, and a digest of what it said there."""

    reference: str
    digest: bytes

    @classmethod
    def of(cls, reference: str, document: BaseModel) -> Self:
        """Return the key of a document that was read."""
        return cls(reference, hashlib.sha256(document.model_dump_json().encode()).digest())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an imported document: written now, or there already and the same."""

    id: UUID
    created: bool


def already_imported(key: ImportKey, document_id: UUID, digest: bytes | None) -> Outcome:
    """Return that a document is there already; raises ConflictError when it says something else now."""
    if digest != key.digest:
        raise ConflictError(
            "differs_from_import",
            f"{key.reference} was imported before and said something else; what was imported is not changed.",
            errors=[FieldError("/external_reference", "imported before with other content")],
        )
    return Outcome(document_id, created=False)
