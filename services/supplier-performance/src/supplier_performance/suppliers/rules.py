"""How a supplier is called."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SupplierName:
    """A supplier as people know it; nameless while its orders are known sooner than itself."""

    id: UUID
    number: str | None = None
    name: str | None = None
    status: str | None = None
    spelling: str = ""
    """What it is sorted by among names, the same wherever a list is put in order."""


@dataclass(frozen=True, slots=True)
class CountedAs:
    """A supplier whose deliveries count with those of another, or as its own."""

    supplier_id: UUID
    counted_as: UUID
