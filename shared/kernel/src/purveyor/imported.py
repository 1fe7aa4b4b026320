"""Documents that were imported: known again by their key and the digest of what they said."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from purveyor.errors import ConflictError, FieldError


def digest_of(document: BaseModel, *, written: Collection[str] = ()) -> bytes:
    """Return what tells this document from another; a column added later does not change it while absent.

    Fields come in the order in which models declare them, numbers as they were written: 10 is not 10.0. What
    has its default, in a document and in lines of it, is left out, so a default may never change. `written`
    names fields that are not left out.
    """
    stated = document.model_dump_json(exclude=_absent(document, written))
    return hashlib.sha256(stated.encode()).digest()


def _absent(value: Any, written: Collection[str]) -> dict[Any, Any] | None:
    """Return the fields that have their defaults, as a dump's `exclude` names them."""
    parts: dict[Any, Any] = {}
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            content = getattr(value, name)
            # Not ==, to which 1.0 is the default 1.
            absent = not field.is_required() and repr(content) == repr(
                field.get_default(call_default_factory=True, validated_data={})
            )
            parts[name] = name not in written if absent else _absent(content, written)
    elif isinstance(value, list | tuple):
        parts = {place: _absent(item, written) for place, item in enumerate(value)}
    return {key: part for key, part in parts.items() if part} or None


@dataclass(frozen=True, slots=True)
class ImportKey:
    """A document's key in the system it came from, and what it said there.

    `formerly_written` names the fields whose defaults were part of its kind's digests once; none is added.
    """

    reference: str
    document: BaseModel
    formerly_written: frozenset[str] = frozenset()

    @property
    def digest(self) -> bytes:
        """The digest to store with the document."""
        return digest_of(self.document)

    def former_digest(self) -> bytes:
        """Return the digest as it was stored before defaults were left out.

        Columns that came later are left out of it while absent, for it never had them. It is needed for as
        long as a document that was stored with it may be sent again.
        """
        return digest_of(self.document, written=self.formerly_written)

    def is_of(self, stored: bytes | None) -> bool:
        """Return whether a stored digest is that of this document."""
        return stored == self.digest or stored == self.former_digest()

    def expect_same(self, stored: bytes | None) -> None:
        """Raise ConflictError unless a document stored with this digest says what this one says.

        One that is here without a digest was not imported, and no import changes it.
        """
        if stored is None:
            raise ConflictError(
                "differs_from_import",
                f"{self.reference} is here and was not imported; change it there.",
                errors=[FieldError("/external_reference", "here already, and not imported")],
            )
        if not self.is_of(stored):
            raise ConflictError(
                "differs_from_import",
                f"{self.reference} was imported before and said something else; what was imported"
                " is not changed.",
                errors=[FieldError("/external_reference", "imported before with other content")],
            )
