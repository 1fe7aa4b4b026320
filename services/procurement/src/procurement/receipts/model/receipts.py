"""A goods receipt, and the counter-entries that take it back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Sequence, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base
from procurement.receipts.model.lines import GoodsReceiptLine, GoodsReceiptReversalLine
from purveyor.authored import decided_by_another
from purveyor.changes import Changing

NUMBER = Sequence("goods_receipt_number", metadata=Base.metadata)


def receipt_number(serial_number: int) -> str:
    """Return a receipt's number for people, such as GR-000042."""
    return f"GR-{serial_number:06d}"


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
        Index(
            "ix_goods_receipt_shipment_id_id",
            "shipment_id",
            "id",
            postgresql_where=text("shipment_id IS NOT NULL"),
        ),
        Index("ix_goods_receipt_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"))
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    received_on: Mapped[date]
    despatch_reference: Mapped[str | None] = mapped_column(Text)
    shipment_id: Mapped[UUID | None] = mapped_column(ForeignKey("shipment.id"))
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
