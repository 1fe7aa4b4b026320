"""Who a supplier is: what makes it one legal person and not another, and what follows when that changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

CONFIRMED_BY_ANOTHER = "Who changed who a supplier is does not confirm that: ask a colleague."
"""Why authors of a change neither confirm it nor reinstate the supplier (COSO: segregation of duties)."""

REPRESENTATIVE = "Who acts for a supplier, or has acted for it, decides nothing about it: ask a colleague."


@dataclass(frozen=True, slots=True)
class Identity:
    """What an approval vouches for: legal name, country, and every register or tax number."""

    legal_name: str
    country: str | None
    identifiers: frozenset[tuple[str, str]]

    @classmethod
    def kept(cls, content: dict[str, Any]) -> Self:
        """Read what `content` returned."""
        numbers = ((number["scheme"], number["value"]) for number in content["identifiers"])
        return cls(content["legal_name"], content["country"], frozenset(numbers))

    def content(self) -> dict[str, Any]:
        """Return it by name, its numbers in order."""
        numbers = [{"scheme": scheme, "value": value} for scheme, value in sorted(self.identifiers)]
        return {"legal_name": self.legal_name, "country": self.country, "identifiers": numbers}


def differences(approved: Identity, now: Identity) -> list[str]:
    """Return in what they differ: `legal_name`, `country`, and schemes of numbers, such as `VAT`."""
    found = [name for name in ("legal_name", "country") if getattr(approved, name) != getattr(now, name)]
    return found + sorted({scheme for scheme, _ in approved.identifiers ^ now.identifiers})


def why_unconfirmed(changed: Iterable[str], by: str) -> str:
    """Return the reason that a supplier is not ordered from until another has confirmed who it is."""
    return f"{', '.join(changed).replace('_', ' ')} changed by {by}: to be confirmed by another"
