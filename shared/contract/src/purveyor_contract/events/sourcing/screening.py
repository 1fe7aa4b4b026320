"""Hits in lists of whom nobody may trade with, on the stream `sourcing.suppliers`; no supplier is told."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from pydantic import Field

from purveyor_contract.events.sourcing.suppliers import SupplierEvent

LIST = Field(description="Our code of the list", examples=["ofac"])
REFERENCE = Field(description="The list's own key of the entry", examples=["26235"])


class ScreeningHitRaised(SupplierEvent):
    """The supplier may be a party of a list; `SupplierBlocked` follows, until the hit is cleared."""

    hit_id: UUID
    list: str = LIST
    list_version: int = Field(description="Which version of the list was looked into", examples=[3])
    reference: str = REFERENCE
    listed_as: str = Field(description="The name there", examples=["TARKANOV, Viktor Nikolaevich"])
    score: Decimal = Field(description="How likely, of 100", examples=["97.0"])
    words: tuple[str, ...] = Field(
        description="The words of the listed name that matched, in Latin letters; empty: a number did",
        examples=[["viktor", "tarkanov"]],
    )
    policy_version: int = Field(description="Of the policy `screening`", examples=[0])


class ScreeningHitCleared(SupplierEvent):
    """Somebody decided that the supplier is not the party; `SupplierUnblocked` follows."""

    hit_id: UUID
    list: str = LIST
    reference: str = REFERENCE
    reason: str = Field(examples=["Another person: born 1950, ours 1985"])
    decided_by: str = Field(examples=["carl.category"])


class ScreeningHitConfirmed(SupplierEvent):
    """Somebody decided that the supplier is the party: it stays blocked."""

    hit_id: UUID
    list: str = LIST
    reference: str = REFERENCE
    reason: str = Field(examples=["Same register number"])
    decided_by: str = Field(examples=["carl.category"])
