"""How a supplier ends that should never have been one of its own: merged into another, or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from purveyor.authored import decided_by_another
from purveyor_contract.events.sourcing.merging import SuppliersMerged, SupplierWithdrawn
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from sourcing.suppliers.rules.qualification import Move, Status

END_RULES = (
    CheckConstraint("(status = 'merged') = (merged_into IS NOT NULL)", name="merged"),
    CheckConstraint("merged_into <> id", name="merged_into_another"),
    CheckConstraint("num_nonnulls(merged_into, merged_by) IN (0, 2)", name="merged_by_somebody"),
    CheckConstraint("(status = 'withdrawn') = (withdrawn_by IS NOT NULL)", name="withdrawn"),
    decided_by_another("author_does_not_merge", by="merged_by"),
    decided_by_another("author_does_not_withdraw", by="withdrawn_by"),
)
"""What of it the database itself holds."""


class Ended:
    """What a supplier knows of its end as one that is another, or nobody."""

    if TYPE_CHECKING:  # what it needs of the supplier that it is a part of
        id: Mapped[UUID]
        status: Mapped[Status]
        legal_name: Mapped[str]
        external_reference: Mapped[str | None]

        @property
        def display_number(self) -> str:
            """Its number as people use it."""

        def _move(self, move: Move, reason: str | None, told: str | None = None) -> None: ...

    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    merged_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_by: Mapped[str | None] = mapped_column(Text)

    def merge_into(self, other: Ended, reason: str, told: str | None, by: str) -> SuppliersMerged:
        """Go on as another, which is the same company, and end as one of its own."""
        before = self.status
        self._move(Move.MERGE, reason, told)
        self.merged_into, self.merged_by = other.id, by
        return SuppliersMerged(
            supplier_id=self.id,
            number=self.display_number,
            into_supplier_id=other.id,
            into_number=other.display_number,
            into_legal_name=other.legal_name,
            status_before=before.value,
            reason=reason,
            reason_for_supplier=told,
            merged_by=by,
        )

    def withdraw(
        self, identifiers: Sequence[SupplierIdentifier], reason: str, told: str | None, by: str
    ) -> SupplierWithdrawn:
        """Have been a mistake: its numbers, and its key elsewhere, are free for whoever has them."""
        self._move(Move.WITHDRAW, reason, told)
        reference, self.external_reference = self.external_reference, None
        self.withdrawn_by = by
        return SupplierWithdrawn(
            supplier_id=self.id,
            number=self.display_number,
            identifiers=tuple(identifiers),
            external_reference=reference,
            reason=reason,
            reason_for_supplier=told,
            withdrawn_by=by,
        )
