"""An amendment of an order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, Text, column, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from procurement.amendments.rules import (
    OPEN,
    AmendmentAction,
    AmendmentStatus,
    Proposal,
    next_status,
)
from procurement.database import Base
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.versions import Difference, as_json, differences, from_json
from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.db import new_id


class Amendment(Authored, Changing, Base):
    """What an order is to say next. An order has one that is open, at most.

    `changed` is what it says otherwise than the version that it is based on.
    """

    __tablename__ = "purchase_order_amendment"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(AmendmentStatus), name="status"),
        CheckConstraint("based_on > 0", name="based_on"),
        decided_by_another("author_does_not_approve"),
        decided_by_another("order_author_does_not_approve", kept_apart="order_authors"),
        decided_by_another("supplier_does_not_approve", kept_apart="supplier_authors"),
        CheckConstraint(
            "approved_by IS NULL OR num_nulls(order_authors, supplier_authors) = 0", name="approved"
        ),
        CheckConstraint(
            "(status = 'issued') = (issued_by IS NOT NULL)"
            " AND (issued_by IS NULL OR approved_by IS NOT NULL AND issued_version IS NOT NULL)",
            name="issued_after_approval",
        ),
        CheckConstraint("awaits_approval IS NULL OR status = 'submitted'", name="awaits_approval"),
        Index("ix_purchase_order_amendment_order_id_id", "order_id", "id"),
        Index("ix_purchase_order_amendment_changed_in", "order_id", "changed_in", "id"),
        Index(
            "uq_purchase_order_amendment_open",
            "order_id",
            unique=True,
            postgresql_where=column("status", Text).in_(OPEN),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"))
    status: Mapped[str] = mapped_column(Text)
    based_on: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    cancelled_lines: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{}'"))
    changed: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    submitted_by: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None]
    order_authors: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    supplier_authors: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None]
    issued_by: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime | None]
    issued_version: Mapped[int | None]
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]
    awaits_approval: Mapped[UUID | None]
    """The approval that has to end before it is approved: nobody approves it past that."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy reads it as it is

    def stated(self) -> DraftOrder:
        """Return what the order is to say."""
        return from_json(self.content)

    def differences(self) -> list[Difference]:
        """Return what it says otherwise than the version that it is based on."""
        return [Difference(**one) for one in self.changed]

    def state(self, proposal: Proposal, before: DraftOrder, content: DraftOrder, actor: str) -> None:
        """Say what its author states; who states it is an author of it."""
        self.based_on, self.content = proposal.based_on, as_json(content)
        self.cancelled_lines = list(proposal.cancelled_lines)
        self.changed = [
            {"pointer": one.pointer, "before": one.before, "after": one.after}
            for one in differences(before, content)
        ]
        self.reason, self.reason_for_supplier = proposal.reason, proposal.reason_for_supplier
        self.note_author(actor)

    def submit(self, by: str, at: datetime) -> None:
        """Hand it in for approval."""
        self.status = next_status(AmendmentAction.SUBMIT, self.status)
        self.submitted_by, self.submitted_at = by, at
        self.note_author(by)

    def approve(
        self, by: str, at: datetime, order_authors: Collection[str], supplier_authors: Collection[str]
    ) -> None:
        """Note who approved it, and whom that was held against."""
        self.status = next_status(AmendmentAction.APPROVE, self.status)
        self.awaits_approval = None
        self.order_authors, self.supplier_authors = list(order_authors), list(supplier_authors)
        self.approved_by, self.approved_at = by, at

    def take_back(self) -> None:
        """Make it a draft again: it is submitted and approved anew, but keeps its authors."""
        self.status = next_status(AmendmentAction.RETURN, self.status)
        self.awaits_approval = None
        self.submitted_by = self.submitted_at = None
        self.approved_by = self.approved_at = None
        self.order_authors = self.supplier_authors = None

    def issue(self, by: str, at: datetime, version: int) -> None:
        """Note that it became a version of its order."""
        self.status = next_status(AmendmentAction.ISSUE, self.status)
        self.issued_by, self.issued_at, self.issued_version = by, at, version

    def withdraw(self, by: str, at: datetime) -> None:
        """Give it up."""
        self.status = next_status(AmendmentAction.WITHDRAW, self.status)
        self.awaits_approval = None
        self.withdrawn_by, self.withdrawn_at = by, at
