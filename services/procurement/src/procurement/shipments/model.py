"""A shipment with its lines and packages, how its day moved, and what was told to be overdue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    Text,
    column,
    func,
    text,
)
from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.database import Base
from procurement.orders.model import PurchaseOrder
from procurement.shipments.rules.advising import Lot, Package, Packed, ShippedLine
from procurement.shipments.rules.overdue import OnItsWay, Overdue
from procurement.shipments.rules.states import EndedAs, ShipmentAction, ShipmentStatus, check_move, standing
from purveyor.changes import Changing
from purveyor.db import new_id
from purveyor_contract.events.procurement.shipments import (
    DeliveryOverdue,
    PackedLine,
    ShipmentCancelled,
    ShipmentDelayed,
    ShipmentLot,
    ShipmentNotified,
    ShipmentUnderWay,
    ShippedQuantity,
)
from purveyor_contract.events.procurement.shipments import ShipmentPackage as ToldPackage
from purveyor_contract.events.procurement.shipments import ShippedLine as ToldLine

NUMBER = DatabaseSequence("shipment_number", metadata=Base.metadata)


def shipment_number(serial_number: int) -> str:
    """Return a shipment's number for people, such as SH-000042."""
    return f"SH-{serial_number:06d}"


class ShipmentLine(Base):
    """How much of a line of an order travels with a shipment, in that line's unit."""

    __tablename__ = "shipment_line"
    __table_args__ = (
        CheckConstraint("position > 0", name="position"),
        CheckConstraint("quantity > 0 AND scale(quantity) <= 6", name="quantity"),
        CheckConstraint("stated_quantity > 0", name="stated_quantity"),
        CheckConstraint("received_quantity >= 0", name="received_quantity"),
        CheckConstraint(column("ended_as", Text).in_(EndedAs), name="ended_as"),
        CheckConstraint("(ended_as IS NULL) = (ended_on IS NULL)", name="ended"),
        Index("ix_shipment_line_order_id", "order_id", "shipment_id"),
        Index(
            "ix_shipment_line_serials",
            "serials",
            postgresql_using="gin",
            postgresql_where=text("ended_as IS NULL"),
        ),
    )

    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"))
    line_number: Mapped[int]
    schedule_number: Mapped[int | None]
    quantity: Mapped[Decimal]
    stated_quantity: Mapped[Decimal]
    stated_unit: Mapped[str] = mapped_column(Text)
    lots: Mapped[list[dict[str, Any]]]
    serials: Mapped[list[str]] = mapped_column(ARRAY(Text))
    received_quantity: Mapped[Decimal] = mapped_column(Numeric, server_default=text("0"))
    ended_as: Mapped[str | None] = mapped_column(Text)
    ended_on: Mapped[date | None]

    @classmethod
    def of(cls, position: int, line: ShippedLine) -> ShipmentLine:
        """Return a line that is under way."""
        return cls(
            position=position,
            order_id=line.stated.order_id,
            line_number=line.stated.line_number,
            schedule_number=line.stated.schedule_number,
            quantity=line.quantity,
            stated_quantity=line.stated.quantity,
            stated_unit=line.unit,
            lots=[_lot(lot) for lot in line.lots],
            serials=list(line.stated.serials),
            received_quantity=Decimal(0),
        )

    @property
    def is_under_way(self) -> bool:
        """Whether it has neither arrived nor been called back."""
        return self.ended_as is None

    @property
    def under_way_quantity(self) -> Decimal:
        """What of it is on its way."""
        return self.quantity if self.ended_as is None else Decimal(0)

    def end(self, ended_as: EndedAs, on: date) -> None:
        """Let it be under way no more."""
        self.ended_as, self.ended_on = ended_as, on


class ShipmentPackage(Base):
    """A package of a shipment, by its number, and what is in it."""

    __tablename__ = "shipment_package"
    __table_args__ = (
        CheckConstraint("sscc ~ '^[0-9]{18}$'", name="sscc"),
        Index("ix_shipment_package_sscc", "sscc", "shipment_id"),
    )

    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    sscc: Mapped[str] = mapped_column(Text, primary_key=True)
    contents: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)


class ShipmentDelay(Base):
    """That the day on which a shipment is expected was moved, by whom and why; it is never changed."""

    __tablename__ = "shipment_delay"
    __table_args__ = (CheckConstraint("expected_on <> expected_before", name="moved"),)

    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    nth: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    expected_before: Mapped[date]
    expected_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    reason_for_supplier: Mapped[str | None] = mapped_column(Text)
    moved_by: Mapped[str] = mapped_column(Text)
    moved_by_supplier: Mapped[bool]
    moved_at: Mapped[datetime]


class Shipment(Changing, Base):
    """Goods of one supplier that travel together to one site, for one order or several."""

    __tablename__ = "shipment"
    __table_args__ = (
        CheckConstraint(column("status", Text).in_(ShipmentStatus), name="status"),
        CheckConstraint("expected_on >= shipped_on AND first_expected_on >= shipped_on", name="expected"),
        CheckConstraint("(status = 'arrived') = (arrived_on IS NOT NULL)", name="arrived"),
        CheckConstraint(
            "num_nulls(cancelled_on, cancelled_by, cancelled_by_supplier, cancellation_reason) IN (0, 4)"
            " AND (status <> 'cancelled' OR cancelled_on IS NOT NULL)",
            name="cancelled",
        ),
        Index("ix_shipment_supplier_id_id", "supplier_id", "id"),
        Index("ix_shipment_site_id", "site", "id"),
        Index("ix_shipment_status_id", "status", "id"),
        Index("ix_shipment_expected_on_id", "expected_on", "id"),
        Index("ix_shipment_changed_in", "changed_in", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(default=1)
    serial_number: Mapped[int] = mapped_column(BigInteger, server_default=NUMBER.next_value(), unique=True)
    status: Mapped[str] = mapped_column(Text)
    supplier_id: Mapped[UUID] = mapped_column(ForeignKey("supplier.id"))
    site: Mapped[str] = mapped_column(Text, ForeignKey("site.code"))
    despatch_reference: Mapped[str] = mapped_column(Text)
    shipped_on: Mapped[date]
    expected_on: Mapped[date]
    first_expected_on: Mapped[date]
    carrier: Mapped[str | None] = mapped_column(Text)
    tracking: Mapped[str | None] = mapped_column(Text)
    notified_by: Mapped[str] = mapped_column(Text)
    notified_by_supplier: Mapped[bool]
    notified_at: Mapped[datetime]
    arrived_on: Mapped[date | None]
    cancelled_on: Mapped[date | None]
    cancelled_by: Mapped[str | None] = mapped_column(Text)
    cancelled_by_supplier: Mapped[bool | None]
    cancellation_reason: Mapped[str | None] = mapped_column(Text)
    cancellation_reason_for_supplier: Mapped[str | None] = mapped_column(Text)

    lines: Mapped[list[ShipmentLine]] = relationship(order_by=ShipmentLine.position, lazy="raise")
    packages: Mapped[list[ShipmentPackage]] = relationship(order_by=ShipmentPackage.sscc, lazy="raise")
    delays: Mapped[list[ShipmentDelay]] = relationship(order_by=ShipmentDelay.nth, lazy="raise")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy reads it as it is

    @property
    def number(self) -> str:
        """Its number for people, such as SH-000042."""
        return shipment_number(self.serial_number)

    def brings_for(self, order_id: UUID) -> bool:
        """Whether it brings something for an order."""
        return any(line.order_id == order_id for line in self.lines)

    def under_way(self, order_id: UUID | None = None) -> list[ShipmentLine]:
        """Return its lines, of one order or of all, that are under way."""
        return [line for line in self.lines if line.is_under_way and order_id in {None, line.order_id}]

    def receive(self, order_id: UUID, received: dict[int, Decimal], on: date) -> dict[int, Decimal]:
        """Let goods of an order have come with it; return what of the order's lines is under way no more.

        A line of which something came is not under way any more, whatever came of it: the count says how
        much that was.
        """
        check_move(ShipmentAction.RECEIVE, self.status)
        ended: dict[int, Decimal] = {}
        for number, quantity in received.items():
            lines = [line for line in self.lines if (line.order_id, line.line_number) == (order_id, number)]
            rest = quantity
            for line in lines:
                ended[number] = ended.get(number, Decimal(0)) + line.under_way_quantity
                if line.is_under_way:
                    line.end(EndedAs.ARRIVED, on)
                missing = max(line.quantity - line.received_quantity, Decimal(0))
                counted = rest if line is lines[-1] else min(rest, missing)
                line.received_quantity += counted
                rest -= counted
        self._stand()
        return ended

    def take_back(self, order_id: UUID, quantities: dict[int, Decimal]) -> dict[int, Decimal]:
        """Let goods of an order never have come with it; return what of its lines is under way again."""
        check_move(ShipmentAction.TAKE_BACK, self.status)
        again: dict[int, Decimal] = {}
        for number, quantity in quantities.items():
            rest = quantity
            for line in reversed(self.lines):
                if (line.order_id, line.line_number) != (order_id, number):
                    continue
                taken = min(rest, line.received_quantity)
                line.received_quantity -= taken
                rest -= taken
                if taken and line.received_quantity == 0 and line.ended_as == EndedAs.ARRIVED:
                    line.ended_as = line.ended_on = None
                    again[number] = again.get(number, Decimal(0)) + line.quantity
        self._stand()
        return again

    def cancel(
        self, by: str, on: date, reason: str, told: str | None, *, by_supplier: bool
    ) -> list[ShipmentLine]:
        """Call back what of it is under way; return that. What has arrived stays."""
        check_move(ShipmentAction.CANCEL, self.status)
        lines = self.under_way()
        for line in lines:
            line.end(EndedAs.CANCELLED, on)
        self.cancelled_by, self.cancelled_on, self.cancelled_by_supplier = by, on, by_supplier
        self.cancellation_reason, self.cancellation_reason_for_supplier = reason, told
        self._stand()
        return lines

    def delay(self, delay: ShipmentDelay) -> None:
        """Expect it on another day."""
        check_move(ShipmentAction.DELAY, self.status)
        self.delays.append(delay)
        self.expected_on = delay.expected_on

    def _stand(self) -> None:
        self.status = standing(line.ended_as for line in self.lines)
        arrived = [
            line.ended_on
            for line in self.lines
            if line.ended_on is not None and line.ended_as == EndedAs.ARRIVED
        ]
        self.arrived_on = max(arrived) if self.status == ShipmentStatus.ARRIVED else None


Index(
    "uq_shipment_supplier_id_despatch_reference",
    Shipment.supplier_id,
    func.lower(Shipment.despatch_reference),
    unique=True,
    postgresql_where=text("status <> 'cancelled'"),
)
Index("ix_shipment_despatch_reference_id", func.lower(Shipment.despatch_reference), Shipment.id)


class OverdueDelivery(Base):
    """That it was told of a line that what was due on a day has not come: that is told once."""

    __tablename__ = "overdue_delivery"

    order_id: Mapped[UUID] = mapped_column(ForeignKey("purchase_order.id"), primary_key=True)
    line_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_on: Mapped[date] = mapped_column(primary_key=True)
    told_on: Mapped[date]
    told_at: Mapped[datetime]


class DayBegun(Base):
    """A site's business day with which deliveries may fall overdue, and how far its orders were looked at."""

    __tablename__ = "day_begun"
    __table_args__ = (Index("ix_day_begun_begins_at", "begins_at"),)

    site: Mapped[str] = mapped_column(Text, ForeignKey("site.code"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    begins_at: Mapped[datetime]
    looked_through: Mapped[UUID | None]


def package_row(package: Package) -> ShipmentPackage:
    """Return a package as it is kept."""
    return ShipmentPackage(sscc=package.sscc, contents=[_packed(part) for part in package.contents])


def _lot(lot: Lot) -> dict[str, Any]:
    return {
        "lot": lot.lot,
        "quantity": str(lot.quantity),
        "expires_on": lot.expires_on and lot.expires_on.isoformat(),
    }


def _packed(part: Packed) -> dict[str, Any]:
    return {
        "order_id": str(part.order_id),
        "line_number": part.line_number,
        "schedule_number": part.schedule_number,
        "quantity": str(part.quantity),
    }


def notified_event(shipment: Shipment, order: PurchaseOrder) -> ShipmentNotified:
    """Return what the world learns of what is sent for one of a shipment's orders."""
    units = {line.line_number: line.unit for line in order.lines}
    return ShipmentNotified(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order.number,
        shipment_id=shipment.id,
        shipment_number=shipment.number,
        despatch_reference=shipment.despatch_reference,
        site=shipment.site,
        shipped_on=shipment.shipped_on,
        expected_on=shipment.expected_on,
        carrier=shipment.carrier,
        tracking=shipment.tracking,
        lines=tuple(
            ToldLine(
                line_number=line.line_number,
                schedule_number=line.schedule_number,
                quantity=line.quantity,
                unit=units[line.line_number],
                lots=tuple(ShipmentLot.model_validate(lot) for lot in line.lots),
                serials=tuple(line.serials),
            )
            for line in shipment.lines
            if line.order_id == order.id
        ),
        packages=_packages_with(shipment, order.id),
        notified_by=shipment.notified_by,
        notified_by_supplier=shipment.notified_by_supplier,
    )


def _packages_with(shipment: Shipment, order_id: UUID) -> tuple[ToldPackage, ...]:
    """Return the packages that hold something of an order, or of which nobody said what they hold."""
    found = []
    for package in shipment.packages:
        inside = [part for part in package.contents if part["order_id"] == str(order_id)]
        if inside or not package.contents:
            contents = tuple(PackedLine.model_validate(part) for part in inside)
            found.append(ToldPackage(sscc=package.sscc, contents=contents))
    return tuple(found)


def delayed_event(shipment: Shipment, order: PurchaseOrder, delay: ShipmentDelay) -> ShipmentDelayed:
    """Return what one of a shipment's orders learns of when it is expected now."""
    return ShipmentDelayed(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order.number,
        shipment_id=shipment.id,
        despatch_reference=shipment.despatch_reference,
        expected_before=delay.expected_before,
        expected_on=delay.expected_on,
        lines=_quantities(shipment.under_way(order.id)),
        reason=delay.reason,
        reason_for_supplier=delay.reason_for_supplier,
        moved_by=delay.moved_by,
        moved_by_supplier=delay.moved_by_supplier,
    )


def cancelled_event(
    shipment: Shipment, order: PurchaseOrder, lines: Collection[ShipmentLine]
) -> ShipmentCancelled:
    """Return what one of a shipment's orders learns when what was under way of it is called back."""
    if shipment.cancelled_on is None or shipment.cancelled_by is None:
        raise ValueError("it was not cancelled")
    return ShipmentCancelled(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order.number,
        shipment_id=shipment.id,
        despatch_reference=shipment.despatch_reference,
        cancelled_on=shipment.cancelled_on,
        lines=_quantities([line for line in lines if line.order_id == order.id]),
        reason=shipment.cancellation_reason or "",
        reason_for_supplier=shipment.cancellation_reason_for_supplier,
        cancelled_by=shipment.cancelled_by,
        cancelled_by_supplier=bool(shipment.cancelled_by_supplier),
    )


def _quantities(lines: Sequence[ShipmentLine]) -> tuple[ShippedQuantity, ...]:
    return tuple(
        ShippedQuantity(
            line_number=line.line_number, schedule_number=line.schedule_number, quantity=line.quantity
        )
        for line in lines
    )


def overdue_event(order: PurchaseOrder, late: Overdue, today: date) -> DeliveryOverdue:
    """Return what the world learns when what was due has not come."""
    line = order.line(late.line_number)
    return DeliveryOverdue(
        order_id=order.id,
        supplier_id=order.supplier_id,
        number=order.number,
        line_number=late.line_number,
        due_on=late.due_on,
        found_on=today,
        quantity=late.quantity,
        promised_on=line.promised_on,
        open_quantity=line.open_quantity,
        under_way_quantity=line.under_way_quantity,
        shipments=tuple(_under_way(one) for one in late.shipments),
    )


def _under_way(one: OnItsWay) -> ShipmentUnderWay:
    return ShipmentUnderWay(
        shipment_id=one.shipment_id,
        despatch_reference=one.despatch_reference,
        expected_on=one.expected_on,
        quantity=one.quantity,
    )
