"""Who a supplier is: what makes it one legal person and not another, and what follows when that changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

CONFIRMED_BY_ANOTHER = "Who changed who a supplier is does not confirm that: ask a colleague."
"""Why authors of a change neither confirm it nor reinstate the supplier (COSO: segregation of duties)."""

REPRESENTATIVE = "Who acts for a supplier, or has acted for it, decides nothing about it: ask a colleague."


@dataclass(frozen=True, slots=True)
class Identity:
    """What an approval vouches for: legal name, country, every register or tax number, whose it is."""

    legal_name: str
    country: str | None
    identifiers: frozenset[tuple[str, str]]
    parent_id: UUID | None = None

    @classmethod
    def kept(cls, content: dict[str, Any]) -> Self:
        """Read what `content` returned."""
        numbers = ((number["scheme"], number["value"]) for number in content["identifiers"])
        parent = content.get("parent_id")
        return cls(
            content["legal_name"],
            content["country"],
            frozenset(numbers),
            None if parent is None else UUID(parent),
        )

    def content(self) -> dict[str, Any]:
        """Return it by name, its numbers in order."""
        numbers = [{"scheme": scheme, "value": value} for scheme, value in sorted(self.identifiers)]
        parent = None if self.parent_id is None else str(self.parent_id)
        return {
            "legal_name": self.legal_name,
            "country": self.country,
            "identifiers": numbers,
            "parent_id": parent,
        }


def differences(approved: Identity, now: Identity) -> list[str]:
    """Return in what they differ: `legal_name`, `country`, `parent`, schemes of numbers, such as `VAT`."""
    found = [name for name in ("legal_name", "country") if getattr(approved, name) != getattr(now, name)]
    found += ["parent"] if approved.parent_id != now.parent_id else []
    return found + sorted({scheme for scheme, _ in approved.identifiers ^ now.identifiers})


def why_unconfirmed(changed: Iterable[str], by: str) -> str:
    """Return the reason that a supplier is not ordered from until another has confirmed who it is."""
    return f"{', '.join(changed).replace('_', ' ')} changed by {by}: to be confirmed by another"
