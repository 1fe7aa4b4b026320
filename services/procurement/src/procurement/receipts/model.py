"""A goods receipt and its lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    Sequence,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base
from procurement.orders.model import PurchaseOrder, order_number
from procurement.orders.rules.expected import Balance, Expected
from procurement.orders.rules.reversing import TakenBack
from procurement.receipts.rules.arriving import Arrival
from procurement.receipts.rules.rejecting import RejectedIs, RejectionKind
from procurement.receipts.rules.reversing import Standing
from purveyor.authored import decided_by_another
from purveyor.changes import Changing
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    POClosed,
    ReceivedLine,
    ReversedLine,
)

NUMBER = Sequence("goods_receipt_number", metadata=Base.metadata)


def receipt_number(serial_number: int) -> str:
    """Return a receipt's number for people, such as GR-000042."""
    return f"GR-{serial_number:06d}"


class GoodsReceiptLine(Base):
    """What arrived of one order line."""

    __tablename__ = "goods_receipt_line"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND scale(quantity) <= 6", name="quantity"),
        CheckConstraint("rejected_quantity >= 0 AND rejected_quantity <= quantity", name="rejected_quantity"),
        CheckConstraint("rejection_reason IS NULL OR rejected_quantity > 0", name="rejection_reason"),
        CheckConstraint(
            "refused_for_good_quantity BETWEEN 0 AND rejected_quantity", name="refused_for_good_quantity"
        ),
        CheckConstraint("cancelled_quantity >= 0", name="cancelled_quantity"),
        CheckConstraint(
            "rejection_kind IS NULL OR rejected_quantity > 0"
            f" AND rejection_kind IN ({', '.join(repr(kind.value) for kind in RejectionKind)})",
            name="rejection_kind",
        ),
        CheckConstraint(
            "reversed_quantity BETWEEN 0 AND quantity"
            " AND reversed_rejected_quantity BETWEEN 0 AND rejected_quantity"
            " AND rejected_quantity - reversed_rejected_quantity <= quantity - reversed_quantity",
            name="reversed_quantity",
        ),
    )

    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("goods_receipt.id"), primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quantity: Mapped[Decimal]
    rejected_quantity: Mapped[Decimal]
    rejection_reason: Mapped[str | None] = mapped_column(Text)
    rejection_kind: Mapped[str | None] = mapped_column(Text)
    cancelled_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))
    """What was called off of the order's line because what came is enough."""
    over_receipt: Mapped[dict[str, Any] | None]
    under_receipt: Mapped[dict[str, Any] | None]
    """The rules by which it was judged, in their words; null where none was, or before they were kept."""
    tolerance_version: Mapped[int | None]
    refused_for_good_quantity: Mapped[Decimal | None]
    """Null before it could be said: nothing that was rejected was owed again."""
    reversed_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))
    """What all reversals have taken back, and of it what had been rejected: the sums of their lines."""
    reversed_rejected_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))

    def standing(self) -> Standing:
        """Return what is left of it."""
        return Standing(
            self.line_number,
            self.quantity - self.reversed_quantity,
            self.rejected_quantity - self.reversed_rejected_quantity,
            owed_again=self.rejected_is == RejectedIs.OWED_AGAIN,
        )

    @property
    def rejected_is(self) -> RejectedIs | None:
        """What becomes of what was rejected; None when nothing was."""
        if not self.rejected_quantity:
            return None
        return RejectedIs.OWED_AGAIN if self.refused_for_good_quantity == 0 else RejectedIs.ENDS


class GoodsReceiptReversalLine(Base):
    """What of one line of a receipt was taken back."""

    __tablename__ = "goods_receipt_reversal_line"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND scale(quantity) <= 6", name="quantity"),
        CheckConstraint("rejected_quantity BETWEEN 0 AND quantity", name="rejected_quantity"),
    )

    reversal_id: Mapped[UUID] = mapped_column(
        ForeignKey("goods_receipt_reversal.id", name="fk_goods_receipt_reversal_line_reversal_id"),
        primary_key=True,
    )
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quantity: Mapped[Decimal]
    rejected_quantity: Mapped[Decimal]


class GoodsReceiptReversal(Base):
    """A counter-entry: some or all of a receipt never came, or not so. It is never changed itself."""

    __tablename__ = "goods_receipt_reversal"
    __table_args__ = (
        decided_by_another("kept_apart_does_not_reverse", by="reversed_by", kept_apart="kept_apart"),
        Index("ix_goods_receipt_reversal_receipt_id_id", "receipt_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    receipt_id: Mapped[UUID] = mapped_column(ForeignKey("goods_receipt.id"))
    reversed_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    reversed_by: Mapped[str] = mapped_column(Text)
    reversed_at: Mapped[datetime]
    kept_apart: Mapped[list[str]] = mapped_column(ARRAY(Text))

    lines: Mapped[list[GoodsReceiptReversalLine]] = relationship(
        order_by=GoodsReceiptReversalLine.line_number, lazy="selectin"
    )


class GoodsReceipt(Changing, Base):
    """Goods of one order that arrived together; what it says never changes, reversals are entries beside it.

    `ordered_by` and `issued_by` are the order's, and `kept_apart` names all whose part in it keeps them from
    receiving its goods, so that the database itself can refuse who received them.
    """

    __tablename__ = "goods_receipt"
    __table_args__ = (
        CheckConstraint("imported OR received_by <> ordered_by", name="creator_does_not_receive"),
        CheckConstraint("imported OR received_by <> issued_by", name="issuer_does_not_receive"),
        decided_by_another(
            "kept_apart_does_not_receive", by="received_by", kept_apart="kept_apart", unless="imported"
        ),
        CheckConstraint(
            "NOT imported OR (external_reference IS NOT NULL AND import_digest IS NOT NULL)", name="imported"
        ),
        Index(
            "uq_goods_receipt_external_reference_order_id",
            "external_reference",
            "order_id",
            unique=True,
            postgresql_where=text("external_reference IS NOT NULL"),
        ),
        Index("ix_goods_receipt_order_id", "order_id"),
        Index("ix_goods_receipt_supplier_id_id", "supplier_id", "id"),
        Index("ix_goods_receipt_received_on_id", "received_on", "id"),
        Index("ix_goods_receipt_imported_id", "imported", "id"),
        Index("ix_goods_receipt_source_system_id", "source_system", "id"),
        Index(
            "ix_goods_receipt_despatch_reference",
            "despatch_reference",
            "id",
            postgresql_where=text("despatch_reference IS NOT NULL"),
        ),
        Index("ix_goods_receipt_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"))
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    received_on: Mapped[date]
    despatch_reference: Mapped[str | None] = mapped_column(Text)
    ordered_by: Mapped[str] = mapped_column(Text)
    issued_by: Mapped[str] = mapped_column(Text)
    received_by: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    kept_apart: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    imported: Mapped[bool] = mapped_column(server_default=text("false"))
    external_reference: Mapped[str | None] = mapped_column(Text)
    source_system: Mapped[str] = mapped_column(Text, server_default=text("'main'"))
    import_digest: Mapped[bytes | None] = mapped_column(LargeBinary)

    lines: Mapped[list[GoodsReceiptLine]] = relationship(
        order_by=GoodsReceiptLine.line_number, lazy="selectin"
    )
    reversals: Mapped[list[GoodsReceiptReversal]] = relationship(
        order_by=GoodsReceiptReversal.id, lazy="selectin"
    )

    @property
    def number(self) -> str:
        """The receipt's number for people."""
        return receipt_number(self.serial_number)


def received_event(
    order: Expected,
    balances: Mapping[int, Balance],
    receipt_id: UUID,
    arrival: Arrival,
    received_by: str,
    *,
    imported: bool,
) -> GoodsReceived:
    """Return what the world learns when goods arrive."""
    return GoodsReceived(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order_number(order.serial_number),
        receipt_id=receipt_id,
        received_on=arrival.received_on,
        despatch_reference=arrival.despatch_reference,
        lines=tuple(
            ReceivedLine(
                line_number=line.line_number,
                quantity=line.quantity,
                rejected_quantity=line.rejected_quantity,
                rejection_reason=line.rejection_reason,
                refused_for_good_quantity=line.refused_for_good_quantity,
                rejection_kind=line.rejection_kind,
                cancelled_quantity=line.cancelled_quantity
                and line.cancelled_quantity + balances[line.line_number].cancelled_quantity,
            )
            for line in arrival.lines
        ),
        received_by=received_by,
        imported=imported,
    )


def reversed_event(
    order: PurchaseOrder, receipt: GoodsReceipt, reversal: GoodsReceiptReversal, goods: Iterable[TakenBack]
) -> GoodsReceiptReversed:
    """Return what the world learns when goods of an order, as it stands now, never came."""
    return GoodsReceiptReversed(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order.number,
        receipt_id=receipt.id,
        reversal_id=reversal.id,
        received_on=receipt.received_on,
        reversed_on=reversal.reversed_on,
        lines=tuple(
            ReversedLine(
                line_number=taken.line_number,
                quantity=taken.quantity,
                rejected_quantity=taken.rejected_quantity,
                refused_for_good_quantity=taken.refused_for_good_quantity,
                cancelled_quantity=order.line(taken.line_number).cancelled_quantity,
            )
            for taken in goods
        ),
        reason=reversal.reason,
        reason_for_supplier=reversal.reason_for_supplier,
        reversed_by=reversal.reversed_by,
    )


def closed_event(order: Expected, closed_on: date) -> POClosed:
    """Return what the world learns when the last of an order has arrived."""
    return POClosed(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order_number(order.serial_number),
        closed_on=closed_on,
    )
