"""Documents that were imported: known again by their key and the digest of what they said."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class ImportKey:
    """A document's key in the system it came from, and a digest of what it said there."""

    reference: str
    digest: bytes

    @classmethod
    def of(cls, reference: str, document: BaseModel) -> Self:
        """Return the key of a document that was read."""
        return cls(reference, hashlib.sha256(document.model_dump_json().encode()).digest())
