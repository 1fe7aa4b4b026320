"""Where a category, or a supplier in it, has stood in the portfolio, from when until when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, column, literal_column, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from sourcing.database import Base
from sourcing.segments.rules.segmenting import Position, Quadrant, Segment

NAMES = UUID("7c1d7f4e-52c9-4c5e-8d0b-0f3b6a9f7a51")
"""Under which positions have ids: the same position has the same one, always."""
POINTS = Numeric(4, 1)
PERCENT = Numeric(5, 2)
SHARE = literal_column("coalesce(share, -1.00)", PERCENT)


class SegmentRow(Base):
    """A quadrant, or why there is none, while it stays what it is; the figures are those of its last day."""

    __tablename__ = "segment"
    __table_args__ = (
        CheckConstraint(column("quadrant", Text).in_(Quadrant), name="quadrant"),
        CheckConstraint("(quadrant IS NULL) = (cardinality(lacks) > 0)", name="lacks"),
        CheckConstraint("ended_on >= from_on", name="ended"),
        Index("uq_segment_current", "position", unique=True, postgresql_where=text("ended_on IS NULL")),
        Index("ix_segment_position", "position", "from_on"),
        Index("ix_segment_from_on", "from_on", "id"),
        Index("ix_segment_as_of", "as_of"),
        Index("ix_segment_category", "category", "id"),
        Index("ix_segment_supplier_id", "supplier_id", "id"),
        Index("ix_segment_quadrant", "quadrant", "id", postgresql_where=text("ended_on IS NULL")),
        Index("ix_segment_currency", "currency", "id", postgresql_where=text("ended_on IS NULL")),
        Index(
            "ix_segment_share",
            text("coalesce(share, -1.00)"),
            "id",
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[UUID]
    category: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID | None] = mapped_column(ForeignKey("supplier.id"))
    currency: Mapped[str | None] = mapped_column(String(3))
    quadrant: Mapped[str | None] = mapped_column(Text)
    lacks: Mapped[list[str]] = mapped_column(ARRAY(Text))
    from_on: Mapped[date]
    ended_on: Mapped[date | None]
    as_of: Mapped[date]
    policy_version: Mapped[int]
    spend: Mapped[Decimal] = mapped_column(Numeric)
    total: Mapped[Decimal] = mapped_column(Numeric)
    share: Mapped[Decimal | None] = mapped_column(PERCENT)
    share_of_category: Mapped[Decimal | None] = mapped_column(PERCENT)
    share_high_from: Mapped[Decimal] = mapped_column(PERCENT)
    suppliers: Mapped[int]
    scarcity: Mapped[Decimal] = mapped_column(POINTS)
    scarcity_weight: Mapped[int]
    assessed: Mapped[int]
    risk: Mapped[Decimal | None] = mapped_column(POINTS)
    risk_points: Mapped[Decimal | None] = mapped_column(POINTS)
    risk_high_from: Mapped[Decimal] = mapped_column(POINTS)


def id_of(position: Position) -> UUID:
    """Return the id that a position has always."""
    return uuid5(NAMES, "\n".join(map(str, (position.category, position.supplier_id, position.currency))))


def columns_of(segment: Segment) -> dict[str, object]:
    """Return what a row says of a segment."""
    impact, risk, position = segment.impact, segment.supply_risk, segment.position
    return {
        "position": id_of(position),
        "category": position.category,
        "supplier_id": position.supplier_id,
        "currency": position.currency,
        "quadrant": segment.quadrant,
        "lacks": segment.lacks,
        "spend": impact.spend,
        "total": impact.total,
        "share": impact.share,
        "share_of_category": impact.share_of_category,
        "share_high_from": impact.high_from,
        "suppliers": risk.suppliers,
        "scarcity": risk.scarcity,
        "scarcity_weight": risk.scarcity_weight,
        "assessed": risk.assessed,
        "risk": risk.risk,
        "risk_points": risk.points,
        "risk_high_from": risk.high_from,
    }
