"""What arrived of one order line, told apart by lots and serials, and what of it was taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Numeric, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base
from procurement.receipts.rules.rejecting import RejectedIs, RejectionKind
from procurement.receipts.rules.reversing import LotLeft, Standing

LEFT = (
    "reversed_quantity BETWEEN 0 AND quantity"
    " AND reversed_rejected_quantity BETWEEN 0 AND rejected_quantity"
    " AND rejected_quantity - reversed_rejected_quantity <= quantity - reversed_quantity"
)
"""What holds reversals: never more than came is taken back, nor more that was rejected than is left."""


class GoodsReceiptLot(Base):
    """How much of a line is of one lot, and until when it can be used."""

    __tablename__ = "goods_receipt_lot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["receipt_id", "line_number"],
            ["goods_receipt_line.receipt_id", "goods_receipt_line.line_number"],
            name="fk_goods_receipt_lot_receipt_id_goods_receipt_line",
        ),
        CheckConstraint("quantity > 0 AND scale(quantity) <= 6", name="quantity"),
        CheckConstraint("rejected_quantity BETWEEN 0 AND quantity", name="rejected_quantity"),
        CheckConstraint(LEFT, name="reversed_quantity"),
        Index("ix_goods_receipt_lot_lot", "lot", "receipt_id"),
    )

    receipt_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lot: Mapped[str] = mapped_column(Text, primary_key=True)
    quantity: Mapped[Decimal]
    rejected_quantity: Mapped[Decimal]
    expires_on: Mapped[date | None]
    reversed_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))
    reversed_rejected_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))


class GoodsReceiptSerial(Base):
    """A single thing that came: unique among those of its item that are neither rejected nor taken back."""

    __tablename__ = "goods_receipt_serial"
    __table_args__ = (
        ForeignKeyConstraint(
            ["receipt_id", "line_number"],
            ["goods_receipt_line.receipt_id", "goods_receipt_line.line_number"],
            name="fk_goods_receipt_serial_receipt_id_goods_receipt_line",
        ),
        Index("ix_goods_receipt_serial_serial", "serial", "receipt_id"),
        Index(
            "uq_goods_receipt_serial_item_serial",
            "item",
            "serial",
            unique=True,
            postgresql_where=text("reversal_id IS NULL AND NOT rejected"),
        ),
    )

    receipt_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    serial: Mapped[str] = mapped_column(Text, primary_key=True)
    item: Mapped[str | None] = mapped_column(Text)
    """Its item's code; null where the order's line is free text."""
    rejected: Mapped[bool]
    reversal_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("goods_receipt_reversal.id", name="fk_goods_receipt_serial_reversal_id")
    )


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
        CheckConstraint(LEFT, name="reversed_quantity"),
        CheckConstraint(
            "num_nulls(stated_unit, stated_quantity, stated_rejected_quantity) IN (0, 3)", name="stated"
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
    schedule_number: Mapped[int | None]
    stated_unit: Mapped[str | None] = mapped_column(Text)
    stated_quantity: Mapped[Decimal | None]
    stated_rejected_quantity: Mapped[Decimal | None]
    """What the receiver counted, where that was in another unit than the order's."""

    lots: Mapped[list[GoodsReceiptLot]] = relationship(order_by=GoodsReceiptLot.lot, lazy="selectin")
    kept_serials: Mapped[list[GoodsReceiptSerial]] = relationship(
        order_by=GoodsReceiptSerial.serial, lazy="selectin"
    )

    @property
    def serials(self) -> list[str]:
        """The serial numbers that came."""
        return [one.serial for one in self.kept_serials]

    @property
    def rejected_serials(self) -> list[str]:
        """Those of what was refused."""
        return [one.serial for one in self.kept_serials if one.rejected]

    @property
    def reversed_serials(self) -> list[str]:
        """Those that were taken back."""
        return [one.serial for one in self.kept_serials if one.reversal_id is not None]

    def standing(self) -> Standing:
        """Return what is left of it."""
        return Standing(
            self.line_number,
            self.quantity - self.reversed_quantity,
            self.rejected_quantity - self.reversed_rejected_quantity,
            owed_again=self.rejected_is == RejectedIs.OWED_AGAIN,
            lots={
                lot.lot: LotLeft(
                    lot.quantity - lot.reversed_quantity,
                    lot.rejected_quantity - lot.reversed_rejected_quantity,
                )
                for lot in self.lots
                if lot.reversed_quantity < lot.quantity
            },
            serials={one.serial: one.rejected for one in self.kept_serials if one.reversal_id is None},
            serials_of_one=Fraction(len(self.kept_serials)) / Fraction(self.quantity),
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
