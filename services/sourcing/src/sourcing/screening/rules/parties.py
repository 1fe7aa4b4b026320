"""Who is compared with whom: a supplier as screening sees it, and a party that a list names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class PartyKind(StrEnum):
    """What a list names."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    OTHER = "other"


class NameRole(StrEnum):
    """What a name is to the supplier."""

    LEGAL_NAME = "legal_name"
    ALIAS = "alias"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Party:
    """A party that a list names; a weak alias is one that many others have too (`THE DOCTOR`)."""

    reference: str
    kind: PartyKind
    names: tuple[str, ...]
    weak_names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    def content(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    @classmethod
    def kept(cls, content: dict[str, Any]) -> Party:
        """Return what was kept."""
        several = {
            name: tuple(content[name])
            for name in ("names", "weak_names", "countries", "identifiers", "addresses")
        }
        return cls(reference=content["reference"], kind=PartyKind(content["kind"]), **several)

    @property
    def digest(self) -> bytes:
        """What tells whether it is still what it was; the order of its parts says nothing."""
        return _digest(
            [
                self.reference,
                self.kind.value,
                *map(sorted, (self.names, self.weak_names, self.countries, self.identifiers, self.addresses)),
            ]
        )


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a supplier, and what it is to it."""

    text: str
    role: NameRole = NameRole.LEGAL_NAME


@dataclass(frozen=True, slots=True)
class Subject:
    """A supplier as screening sees it."""

    names: tuple[Named, ...]
    countries: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @property
    def digest(self) -> bytes:
        """What tells whether it is still what it was; the order of its parts says nothing."""
        names = sorted([name.role.value, name.text] for name in self.names)
        return _digest([names, *map(sorted, (self.countries, self.identifiers, self.addresses))])


def _digest(content: Sequence[Any]) -> bytes:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode(errors="surrogatepass")).digest()
