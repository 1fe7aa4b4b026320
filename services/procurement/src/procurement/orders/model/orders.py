"""A purchase order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    Text,
    column,
    func,
    literal_column,
    text,
)
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.amounts.rules.adjustments import Adjustment
from procurement.database import Base
from procurement.orders.model.kept import Kept
from procurement.orders.model.lines import ADJUSTMENTS, PurchaseOrderLine
from procurement.orders.rules.amending import LineNow
from procurement.orders.rules.amounts import order_total
from procurement.orders.rules.drafts import DraftOrder
from procurement.orders.rules.permissions import check_orderer
from procurement.orders.rules.reversing import TakenBack
from procurement.orders.rules.states import Action, Status, next_status, status_by_lines
from procurement.orders.rules.versions import Version
from procurement.taxes.rules import TaxRate
from purveyor.authored import Authored, decided_by_another
from purveyor.changes import Changing
from purveyor.days import BEFORE_ALL
from purveyor.duties import with_author
from purveyor_messaging.outbox import Aggregate

TAX_RATES = Kept(TaxRate)
NUMBER = DatabaseSequence("purchase_order_number", metadata=Base.metadata)


def order_number(serial_number: int) -> str:
    """Return an order's number for people, such as PO-000042."""
    return f"PO-{serial_number:06d}"


class PurchaseOrder(Aggregate, Authored, Changing, Base):
    """An order to a supplier, for one site, charged to one cost centre of one business unit."""

    __tablename__ = "purchase_order"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(Status), name="status"),
        CheckConstraint("total >= 0", name="total"),
        CheckConstraint(
            "imported OR approved_by IS NULL OR approved_by <> created_by", name="creator_does_not_approve"
        ),
        CheckConstraint(
            "imported OR approved_by IS NULL"
            " OR (supplier_onboarded_by IS NOT NULL AND approved_by <> supplier_onboarded_by)",
            name="onboarder_does_not_approve",
        ),
        decided_by_another("author_does_not_approve", unless="imported"),
        decided_by_another("supplier_does_not_approve", kept_apart="supplier_authors", unless="imported"),
        decided_by_another("site_does_not_approve", kept_apart="site_authors", unless="imported"),
        CheckConstraint(
            "imported OR issued_by IS NULL OR approved_by IS NOT NULL", name="issued_after_approval"
        ),
        CheckConstraint("imported OR ordered_on IS NOT NULL", name="ordered_on"),
        CheckConstraint(
            "num_nulls(held_at, held_by, hold_reason) = 0 OR num_nulls(held_at, held_by, hold_reason) = 3"
            " AND hold_reason_for_supplier IS NULL AND NOT hold_stops_receipts",
            name="hold",
        ),
        CheckConstraint("NOT (orderers && receivers)", name="orderers_do_not_receive"),
        CheckConstraint("(flag_reason IS NULL) = (flagged_at IS NULL)", name="flag"),
        CheckConstraint(
            "NOT imported OR (external_reference IS NOT NULL AND import_digest IS NOT NULL)", name="imported"
        ),
        CheckConstraint("(current_version > 0) = (issued_at IS NOT NULL)", name="current_version"),
        CheckConstraint(
            "(current_version > 1) = (amendment_id IS NOT NULL)"
            " AND (amendment_id IS NULL) = (amended_at IS NULL)",
            name="amended",
        ),
        CheckConstraint("awaits_approval IS NULL OR status = 'submitted'", name="awaits_approval"),
        Index("ix_purchase_order_supplier_id_id", "supplier_id", "id"),
        Index("ix_purchase_order_status_id", "status", "id"),
        Index("ix_purchase_order_site_id", "site", "id"),
        Index("ix_purchase_order_business_unit_id", "business_unit", "id"),
        Index("ix_purchase_order_cost_centre_id", "cost_centre", "id"),
        Index("ix_purchase_order_imported_id", "imported", "id"),
        Index("ix_purchase_order_source_system_id", "source_system", "id"),
        Index("ix_purchase_order_changed_in", "changed_in", "id"),
        Index(
            "uq_purchase_order_external_reference_source_system",
            "external_reference",
            "source_system",
            unique=True,
            postgresql_where=text("external_reference IS NOT NULL"),
        ),
        Index(
            "ix_purchase_order_blanket_order_id",
            "blanket_order_id",
            postgresql_where=text("blanket_order_id IS NOT NULL"),
        ),
        Index("ix_purchase_order_project_id", "project", "id", postgresql_where=text("project IS NOT NULL")),
        Index("ix_purchase_order_flagged", "id", postgresql_where=text("flagged_at IS NOT NULL")),
    )

    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    status: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    currency: Mapped[str] = mapped_column(Text)
    total: Mapped[Decimal]
    site: Mapped[str] = mapped_column(Text, ForeignKey("site.code"))
    business_unit: Mapped[str] = mapped_column(Text)
    cost_centre: Mapped[str] = mapped_column(Text)
    ordered_on: Mapped[date | None]
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    submitted_by: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None]
    supplier_onboarded_by: Mapped[str | None] = mapped_column(Text)
    supplier_authors: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    site_authors: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    approved_by: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None]
    issued_by: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(Text)
    acknowledged_on: Mapped[date | None]
    supplier_reference: Mapped[str | None] = mapped_column(Text)
    cancelled_by: Mapped[str | None] = mapped_column(Text)
    cancelled_on: Mapped[date | None]
    cancellation_reason: Mapped[str | None] = mapped_column(Text)
    cancellation_reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    closed_on: Mapped[date | None]
    flag_reason: Mapped[str | None] = mapped_column(Text)
    flagged_at: Mapped[datetime | None]
    imported: Mapped[bool] = mapped_column(server_default=text("false"))
    external_reference: Mapped[str | None] = mapped_column(Text)
    source_system: Mapped[str] = mapped_column(Text, server_default=text("'main'"))
    import_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    blanket_order_id: Mapped[UUID | None] = mapped_column(ForeignKey("blanket_order.id"))
    from_requisitions: Mapped[bool] = mapped_column(server_default=text("false"))
    """Whether any of its lines orders what a requisition asks for."""
    current_version: Mapped[int] = mapped_column(server_default=text("0"))
    held_at: Mapped[datetime | None]
    held_by: Mapped[str | None] = mapped_column(Text)
    hold_reason: Mapped[str | None] = mapped_column(Text)
    hold_reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    hold_stops_receipts: Mapped[bool] = mapped_column(server_default=text("false"))
    former_approvers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    orderers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    receivers: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    amended_by: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    amended_at: Mapped[datetime | None]
    amendment_id: Mapped[UUID | None]
    amendment_reason: Mapped[str | None] = mapped_column(Text)
    amendment_reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    payment_terms: Mapped[str | None] = mapped_column(Text)
    incoterm: Mapped[str | None] = mapped_column(Text)
    delivery_place: Mapped[str | None] = mapped_column(Text)
    project: Mapped[str | None] = mapped_column(Text)
    allowances: Mapped[tuple[Adjustment, ...]] = mapped_column(ADJUSTMENTS, nullable=True)
    charges: Mapped[tuple[Adjustment, ...]] = mapped_column(ADJUSTMENTS, nullable=True)
    tax_rates: Mapped[tuple[TaxRate, ...]] = mapped_column(TAX_RATES, nullable=True)
    awaits_approval: Mapped[UUID | None]
    """The approval that has to end before it is approved: nobody approves it past that."""

    lines: Mapped[list[PurchaseOrderLine]] = relationship(
        order_by=PurchaseOrderLine.line_number,
        cascade="all, delete-orphan",
        passive_deletes=True,
        lazy="raise",
    )

    @property
    def number(self) -> str:
        """The order's number for people."""
        return order_number(self.serial_number)

    def stated(self) -> DraftOrder:
        """Return what its author stated, or the version in force orders; its lines have to be loaded."""
        return DraftOrder(
            lines=tuple(line.ordered() for line in self.lines if line.dropped_by_version is None),
            **{name: getattr(self, name) for name in DraftOrder.__slots__ if name != "lines"},
        )

    def restate(self, draft: DraftOrder, ordered_on: date, amounts: Sequence[Decimal]) -> None:
        """Replace what its author stated, header and lines; its lines have to be loaded."""
        self._say(draft)
        self.ordered_on, self.total = ordered_on, order_total(draft, amounts)
        self.lines = [
            PurchaseOrderLine.of(line, amount) for line, amount in zip(draft.lines, amounts, strict=True)
        ]

    def _say(self, content: DraftOrder) -> None:
        """Say of itself what is stated of the order, but for its lines."""
        for name in DraftOrder.__slots__:
            if name not in {"lines", "ordered_on"}:
                setattr(self, name, getattr(content, name))

    def wanted(self) -> dict[int, Decimal]:
        """Return what it orders of each line and has not called off; they have to be loaded."""
        return {line.line_number: line.quantity - line.cancelled_quantity for line in self.lines}

    def lines_now(self) -> dict[int, LineNow]:
        """Return all lines that it has ever had, by number; they have to be loaded."""
        return {line.line_number: line.standing() for line in self.lines}

    def version_in_force(self) -> Version:
        """Return what it says now, as a version; its lines have to be loaded."""
        return Version(
            number=self.current_version,
            content=self.stated(),
            amounts=[line.amount for line in self.lines if line.dropped_by_version is None],
            authors=self.authors,
            approved_by=self.approved_by,
            approved_at=self.approved_at,
            issued_by=self.amended_by[-1] if self.amended_by else self.issued_by,
            issued_at=self.amended_at or self.issued_at,
            acknowledged_on=self.acknowledged_on,
            reason=self.amendment_reason,
            reason_for_supplier=self.amendment_reason_for_supplier,
            amendment_id=self.amendment_id,
        )

    def amend(self, version: Version, on: date) -> bool:
        """Order what the next version says; return whether nothing is open any more.

        What is not in it is called off, and stays. Its lines have to be loaded.
        """
        content, by = version.content, version.issued_by or ""
        self.status = next_status(Action.AMEND, self.status)
        self.acknowledged_by = self.acknowledged_on = None
        self._say(content)
        self.total = order_total(content, version.amounts)
        self.current_version = version.number
        self._amend_lines(version, by, on)
        for author in version.authors:
            self.note_author(author)
        if self.approved_by is not None:
            self.former_approvers = with_author(self.former_approvers, self.approved_by)
        self.approved_by, self.approved_at = version.approved_by, version.approved_at
        self.amended_by, self.amended_at = with_author(self.amended_by, by), version.issued_at
        self.amendment_id, self.amendment_reason = version.amendment_id, version.reason
        self.amendment_reason_for_supplier = version.reason_for_supplier
        done = all(line.closed_as is not None for line in self.lines)
        if done:
            self.status, self.closed_on = Status.CLOSED, on
        return done

    def _amend_lines(self, version: Version, by: str, on: date) -> None:
        ordered = {line.line_number: line for line in self.lines}
        stated = {line.line_number for line in version.content.lines}
        for number, line in ordered.items():
            if number not in stated and line.dropped_by_version is None:
                line.call_off(by, on)
                line.dropped_by_version = version.number
        for stating, amount in zip(version.content.lines, version.amounts, strict=True):
            if stating.line_number in ordered:
                ordered[stating.line_number].restate(stating, amount, by, on)
            else:
                self.lines.append(PurchaseOrderLine.of(stating, amount))

    def note_orderer(self, by: str) -> None:
        """Note who has a part in what is ordered since it was issued.

        Raises ForbiddenError for who received its goods.
        """
        check_orderer(by, self.receivers)
        if by not in self.orderers:
            self.orderers = with_author(self.orderers, by)

    def note_approver(self, by: str) -> None:
        """Note who approves what it is to say next; raises ForbiddenError for who received its goods."""
        check_orderer(by, self.receivers)
        if by not in self.former_approvers:
            self.former_approvers = with_author(self.former_approvers, by)

    def note_receiver(self, by: str) -> None:
        """Note who received its goods, or took them back."""
        if by not in self.receivers:
            self.receivers = with_author(self.receivers, by)

    def close_line(self, number: int, by: str, on: date, reason: str, told: str | None) -> PurchaseOrderLine:
        """Call off what is open of a line, and the order when nothing is open any more.

        It is cancelled when all its lines are, closed when any brought something. Its lines are loaded.
        """
        self.status = next_status(Action.CLOSE_LINE, self.status)
        line = self.line(number)
        line.call_off(by, on)
        if (status := self._status_by_lines()) == Status.CANCELLED:
            self.status = status
            self._note_cancelled(by, on, reason, told)
        elif status == Status.CLOSED:
            self.status, self.closed_on = status, on
        return line

    def reopen_line(self, number: int) -> bool:
        """Let what was called off of a line be wanted again; return whether the order was closed."""
        was_closed = self.status == Status.CLOSED
        next_status(Action.REOPEN_LINE, self.status)
        self.line(number).reopen()
        if was_closed:
            self.status = self._status_by_lines()
            self._unclose()
        return was_closed

    def take_goods_back(
        self, goods: Iterable[TakenBack], by: str, on: date, reason: str, told: str | None
    ) -> None:
        """Let goods of it never have come. Its lines are loaded.

        It is open again when that opens a line, and cancelled when nothing of it came to stay and nothing is
        wanted; who had called its rest off before is kept.
        """
        for taken in goods:
            self.line(taken.line_number).take_back(taken)
        before = self.status
        if before == Status.CANCELLED:
            return
        self.status = self._status_by_lines()
        if self.status == Status.CANCELLED:
            self.closed_on = None
            if self.cancelled_on is None:
                self._note_cancelled(by, on, reason, told)
        elif before == Status.CLOSED != self.status:
            self._unclose()

    def _status_by_lines(self) -> Status:
        return status_by_lines(
            [line.closed_as for line in self.lines],
            acknowledged=self.acknowledged_on is not None,
            anything_came=any(line.received_quantity > 0 for line in self.lines),
        )

    def _note_cancelled(self, by: str, on: date, reason: str, told: str | None) -> None:
        self.cancelled_by, self.cancelled_on, self.cancellation_reason = by, on, reason
        self.cancellation_reason_for_supplier = told

    def _unclose(self) -> None:
        self.closed_on = self.cancelled_by = self.cancelled_on = None
        self.cancellation_reason = self.cancellation_reason_for_supplier = None

    def line(self, number: int) -> PurchaseOrderLine:
        """Return a line by its number; raises LookupError. Its lines have to be loaded."""
        return next(line for line in self.lines if line.line_number == number)

    def hold(self, by: str, at: datetime, reason: str, told: str | None, *, receipts: bool) -> None:
        """Keep it from being issued, and its amendments; and its goods from being received, if so said."""
        self.held_by, self.held_at, self.hold_reason = by, at, reason
        self.hold_reason_for_supplier, self.hold_stops_receipts = told, receipts

    def release(self) -> None:
        """Let it go on."""
        self.held_by = self.held_at = self.hold_reason = self.hold_reason_for_supplier = None
        self.hold_stops_receipts = False

    def flag(self, reason: str | None, at: datetime | None) -> None:
        """Carry its supplier's flag, if there is one."""
        if reason != self.flag_reason:
            self.flag_reason, self.flagged_at = reason, at

    def take_back(self) -> None:
        """Make it a draft again: it is submitted and approved anew, but keeps its authors."""
        self.status = next_status(Action.RETURN, self.status)
        self.awaits_approval = None
        self.submitted_by = self.submitted_at = None
        self.approved_by = self.approved_at = None
        self.supplier_onboarded_by = self.supplier_authors = self.site_authors = None

    def acknowledge(self, by: str, on: date, supplier_reference: str | None) -> None:
        """Note that the supplier accepted its version in force; of what has come in part it goes on so."""
        if self.status not in {Status.PARTIALLY_RECEIVED, Status.ACKNOWLEDGED}:
            self.status = next_status(Action.ACKNOWLEDGE, self.status)
        self.acknowledged_by, self.acknowledged_on = by, on
        self.supplier_reference = supplier_reference

    def unacknowledge(self) -> None:
        """Note that the supplier does not accept its version in force, whatever a buyer said for it."""
        if self.acknowledged_on is None:
            return
        if self.status == Status.ACKNOWLEDGED:
            self.status = Status.ISSUED
        self.acknowledged_by = self.acknowledged_on = None

    def cancel(self, by: str, on: date, reason: str, told: str | None) -> tuple[PurchaseOrderLine, ...]:
        """Call it off, with all lines that are open; what was partly received is closed with what came.

        When nothing of what came was kept, or is not owed again, it is cancelled like one that nothing came
        of. Its lines have to be loaded.
        """
        self.status = next_status(Action.CANCEL, self.status)
        self.awaits_approval = None
        self._note_cancelled(by, on, reason, told)
        called_off = tuple(line for line in self.lines if line.call_off(by, on))
        if self.status == Status.CLOSED:
            self.status = self._status_by_lines()
            self.closed_on = on if self.status == Status.CLOSED else None
        return called_off


ORDERED_ON: ColumnElement[date] = func.coalesce(
    PurchaseOrder.ordered_on, literal_column(f"DATE '{BEFORE_ALL}'", Date())
)
"""The day in a list's order, before all others where nobody knows it; spelt out, as an index has it."""

Index("ix_purchase_order_ordered_on_id", ORDERED_ON, PurchaseOrder.id)
