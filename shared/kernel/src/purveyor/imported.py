"""Documents that were imported: known again by their key and the digest of what they said."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, Field

from purveyor.errors import ConflictError, FieldError
from purveyor.texts import Code

MAIN = "main"
"""The system that a reference belongs to where nobody says which, as one that was imported before there were
several. It may never change: what rows say of themselves is compared without it."""

SourceSystem = Annotated[
    Code,
    Field(
        description="The system that its references belong to; two systems may use the same ones",
        examples=["main"],
    ),
]


class SourceKey(NamedTuple):
    """What another system knows something by."""

    system: str
    reference: str

    def __str__(self) -> str:
        return self.reference if self.system == MAIN else f"{self.reference} of {self.system}"


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
    if isinstance(value, list | tuple):
        parts = {
            place: _absent(item, written) for place, item in enumerate(value) if _has_parts(item.__class__)
        }
        return {place: part for place, part in parts.items() if part} or None
    absent: dict[Any, Any] = {}
    defaults = _defaults(value.__class__)
    for name, content in value.__dict__.items():
        # Not ==, to which 1.0 is the default 1.
        if name in defaults and repr(content) == defaults[name]:
            if name not in written:
                absent[name] = True
        elif _has_parts(content.__class__) and (part := _absent(content, written)):
            absent[name] = part
    return absent or None


@cache
def _has_parts(kind: type[Any]) -> bool:
    return issubclass(kind, BaseModel | list | tuple)


@cache
def _defaults(model: type[BaseModel]) -> dict[str, str]:
    """Return how the defaults of a model's fields are written: asked of each document and each line of it."""
    return {
        name: repr(field.get_default(call_default_factory=True, validated_data={}))
        for name, field in model.model_fields.items()
        if not field.is_required()
    }


@dataclass(frozen=True)
class ImportKey:
    """A document's key in the system it came from, and what it said there.

    `formerly_written` names the fields whose defaults were part of its kind's digests once; none is added.
    """

    source: SourceKey
    document: BaseModel
    formerly_written: frozenset[str] = frozenset()

    @cached_property
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
                f"{self.source} is here and was not imported; change it there.",
                errors=[FieldError("/external_reference", "here already, and not imported")],
            )
        if not self.is_of(stored):
            raise ConflictError(
                "differs_from_import",
                f"{self.source} was imported before and said something else; what was imported"
                " is not changed.",
                errors=[FieldError("/external_reference", "imported before with other content")],
            )
