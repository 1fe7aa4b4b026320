"""The services that this one listens to, as its tests want them, and a clock that tests set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from purveyor import policies
from purveyor.db import new_id
from purveyor.money import Money, round_amount
from purveyor.policies import EVERYWHERE, Place, Policy
from purveyor.service import ServiceContext
from purveyor_contract.events.procurement.orders import (
    GoodsReceiptReversed,
    GoodsReceived,
    OrderedLine,
    OrderedSchedule,
    POAcknowledged,
    POAmended,
    POCancelled,
    POClosed,
    POIssued,
    POLineClosed,
    POLineReopened,
    PromisedSchedule,
    ReceivedLine,
    ReversedLine,
)
from purveyor_contract.events.procurement.promises import MovedPromise, PromiseChanged
from purveyor_contract.events.procurement.shipments import (
    ShipmentCancelled,
    ShipmentDelayed,
    ShipmentNotified,
    ShippedLine,
    ShippedQuantity,
)
from purveyor_contract.events.sourcing.categories import CategoryDefined, CategoryName
from purveyor_contract.events.sourcing.suppliers import SupplierRegistered
from purveyor_messaging.consumer import Consumer
from purveyor_messaging.envelope import Envelope, Event
from purveyor_messaging.inbox import Inbox
from supplier_performance.categories.consumers import CATEGORIES
from supplier_performance.deliveries.consumers import ORDERS
from supplier_performance.facts.consumers import ORDER_FACTS, SUPPLIER_FACTS
from supplier_performance.groups.consumers import GROUPS
from supplier_performance.scorecards.commands import judge_overdue_lines, rescore_due_suppliers
from supplier_performance.suppliers.consumers import SUPPLIERS

TODAY = date(2026, 6, 15)
NOON = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)


class Clock:
    """The service's clock: noon of a day in UTC until a test sets it."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """Return the moment that it is."""
        return self.now


@dataclass
class Order:
    """An order as its publisher sees it: its key, its supplier, the number of its last event."""

    id: UUID
    supplier_id: UUID
    number: str
    sequence: int = 0
    imported: bool = False
    version: int = 1


def in_parts(*parts: tuple[date, str], number: int = 1, price: str = "2.50") -> OrderedLine:
    """Return a line that is needed in parts, by days, as an event says it."""
    schedules = tuple(
        OrderedSchedule(schedule_number=nth, quantity=Decimal(quantity), need_by=need_by)
        for nth, (need_by, quantity) in enumerate(parts, start=1)
    )
    total = sum((one.quantity for one in schedules), Decimal(0))
    line = ordered(max(one.need_by for one in schedules), str(total), number, price)
    return line.model_copy(update={"schedules": schedules})


def ordered(promised_on: date, quantity: str = "10", number: int = 1, price: str = "2.50") -> OrderedLine:
    """Return a line as an event says it."""
    return OrderedLine(
        line_number=number,
        item="M8-HEX-40",
        description="Hexagon bolt",
        category="fasteners",
        quantity=Decimal(quantity),
        unit="C62",
        price=Decimal(price),
        price_base_quantity=Decimal(1),
        amount=round_amount(Decimal(quantity) * Decimal(price), "EUR"),
        promised_on=promised_on,
    )


@dataclass
class World:
    """The services that this one listens to, and its own worker, step by step."""

    context: ServiceContext
    clock: Clock
    sent: list[Envelope] = field(default_factory=list)
    _numbers: dict[UUID, int] = field(default_factory=dict)

    async def supplier(self, name: str = "Acme Fasteners GmbH") -> UUID:
        """Let sourcing register a supplier."""
        supplier_id = new_id()
        number = f"S-{len(self._numbers) + 1:06}"
        event = SupplierRegistered(
            supplier_id=supplier_id, number=number, legal_name=name, country="DE", registered_by="rita"
        )
        await self.say_of_supplier(event)
        return supplier_id

    async def category(self, code: str, parent: str | None = None) -> None:
        """Let sourcing define a category."""
        category_id = new_id()
        names = (CategoryName(language="en", name=code.title()),)
        event = CategoryDefined(
            category_id=category_id, code=code, names=names, parent=parent, defined_by="carla"
        )
        await self.deliver(CATEGORIES, self.envelope(event, 1))

    async def say_of_supplier(self, event: Event) -> None:
        """Let sourcing publish an event of a supplier."""
        supplier_id = UUID(event.key)
        self._numbers[supplier_id] = self._numbers.get(supplier_id, 0) + 1
        await self.deliver(SUPPLIERS, self.envelope(event, self._numbers[supplier_id]))

    async def order(
        self,
        supplier_id: UUID,
        *promised: date,
        quantity: str = "10",
        price: str = "2.50",
        base: str = "1",
        off: str = "0",
        currency: str = "EUR",
        time_zone: str = "Europe/Berlin",
        category: str = "fasteners",
        unit: str = "C62",
        business_unit: str = "BU-1",
        ordered_on: date | None = None,
        imported: bool = False,
    ) -> Order:
        """Let procurement issue an order with a line a promised date, each less so much."""
        order = Order(new_id(), supplier_id, f"PO-{len(self.sent) + 1:06}", imported=imported)
        amount = round_amount(Decimal(quantity) * Decimal(price) / Decimal(base), currency)
        amount = max(amount - Decimal(off), Decimal(0))
        lines = tuple(
            OrderedLine(
                line_number=number,
                item="M8-HEX-40",
                description="Hexagon bolt",
                category=category,
                quantity=Decimal(quantity),
                unit=unit,
                price=Decimal(price),
                price_base_quantity=Decimal(base),
                amount=amount,
                promised_on=promised_on,
            )
            for number, promised_on in enumerate(promised, start=1)
        )
        event = POIssued(
            order_id=order.id,
            supplier_id=supplier_id,
            number=order.number,
            ordered_on=ordered_on or min(promised) - timedelta(days=30),
            business_unit=business_unit,
            cost_centre="4711",
            site="HAM",
            time_zone=time_zone,
            currency=currency,
            lines=lines,
            total=Money(amount=amount * len(lines), currency=currency),
            issued_by="bob",
            imported=imported,
        )
        await self.say_of_order(order, event)
        return order

    async def receive(
        self,
        order: Order,
        on: date,
        quantity: str = "10",
        rejected: str = "0",
        line: int = 1,
        *,
        ended: str | None = None,
        rest: str = "0",
        shipment: UUID | None = None,
    ) -> Envelope:
        """Let procurement record a goods receipt for one line, whose rest need not come."""
        received = ReceivedLine(
            line_number=line,
            quantity=Decimal(quantity),
            rejected_quantity=Decimal(rejected),
            rejection_reason="wrong thread" if Decimal(rejected) else None,
            refused_for_good_quantity=None if ended is None else Decimal(ended),
            cancelled_quantity=Decimal(rest),
        )
        event = GoodsReceived(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            receipt_id=new_id(),
            received_on=on,
            shipment_id=shipment,
            lines=(received,),
            received_by="gus",
            imported=order.imported,
        )
        return await self.say_of_order(order, event)

    async def ship(self, order: Order, expected_on: date, *quantities: str) -> UUID:
        """Let the supplier announce a shipment of the first line, in so many parts."""
        shipment_id = new_id()
        event = ShipmentNotified(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            shipment_id=shipment_id,
            shipment_number="SH-000001",
            despatch_reference="DA-1",
            site="HAM",
            shipped_on=expected_on - timedelta(days=3),
            expected_on=expected_on,
            lines=tuple(
                ShippedLine(line_number=1, quantity=Decimal(one), unit="C62") for one in quantities or ("10",)
            ),
            notified_by="sam",
            notified_by_supplier=True,
        )
        await self.say_of_order(order, event)
        return shipment_id

    async def delay(self, order: Order, shipment: UUID, expected_on: date) -> None:
        """Let the supplier tell that a shipment is expected on another day."""
        event = ShipmentDelayed(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            shipment_id=shipment,
            despatch_reference="DA-1",
            expected_before=expected_on - timedelta(days=1),
            expected_on=expected_on,
            lines=(ShippedQuantity(line_number=1, quantity=Decimal(10)),),
            reason="the lorry broke down",
            moved_by="sam",
            moved_by_supplier=True,
        )
        await self.say_of_order(order, event)

    async def call_back(self, order: Order, shipment: UUID, on: date) -> None:
        """Let the supplier tell that a shipment does not come."""
        event = ShipmentCancelled(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            shipment_id=shipment,
            despatch_reference="DA-1",
            cancelled_on=on,
            lines=(ShippedQuantity(line_number=1, quantity=Decimal(10)),),
            reason="the wrong pallet",
            cancelled_by="sam",
            cancelled_by_supplier=True,
        )
        await self.say_of_order(order, event)

    async def reverse(
        self,
        order: Order,
        of: date,
        on: date,
        quantity: str = "10",
        rejected: str = "0",
        line: int = 1,
        receipt: UUID | None = None,
    ) -> None:
        """Let procurement take back, on a day, goods of one line that a receipt of a day was of."""
        taken = ReversedLine(
            line_number=line,
            quantity=Decimal(quantity),
            rejected_quantity=Decimal(rejected),
            refused_for_good_quantity=Decimal(rejected),
            cancelled_quantity=Decimal(0),
        )
        event = GoodsReceiptReversed(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            receipt_id=receipt or new_id(),
            reversal_id=new_id(),
            received_on=of,
            reversed_on=on,
            lines=(taken,),
            reason="another delivery was counted",
            reversed_by="gus",
        )
        await self.say_of_order(order, event)

    async def cancel(self, order: Order, on: date) -> None:
        """Let procurement call an order off."""
        event = POCancelled(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            cancelled_on=on,
            reason="demand fell away",
            cancelled_by="bob",
        )
        await self.say_of_order(order, event)

    async def amend(self, order: Order, on: date, *lines: OrderedLine) -> None:
        """Let procurement issue the next version of an order."""
        order.version += 1
        total = sum((line.amount for line in lines), Decimal(0))
        event = POAmended(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            version=order.version,
            previous_version=order.version - 1,
            amended_on=on,
            amended_by="bob",
            reason="demand has moved",
            changed=(),
            ordered_on=min(line.promised_on for line in lines) - timedelta(days=60),
            business_unit="BU-1",
            cost_centre="4711",
            site="HAM",
            time_zone="Europe/Berlin",
            currency="EUR",
            lines=lines,
            total=Money(amount=total, currency="EUR"),
        )
        await self.say_of_order(order, event)

    async def close_line(self, order: Order, on: date, line: int = 1, rest: str = "10") -> None:
        """Let procurement call off the rest of a line."""
        event = POLineClosed(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            line_number=line,
            cancelled_quantity=Decimal(rest),
            closed_as="short",
            closed_on=on,
            reason="demand fell away",
            closed_by="bob",
        )
        await self.say_of_order(order, event)

    async def reopen_line(self, order: Order, on: date, line: int = 1, rest: str = "10") -> None:
        """Let procurement want the rest of a line after all."""
        event = POLineReopened(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            line_number=line,
            open_quantity=Decimal(rest),
            reopened_on=on,
            reason="demand is back",
            reopened_by="bob",
        )
        await self.say_of_order(order, event)

    async def issue(self, supplier_id: UUID, *lines: OrderedLine) -> Order:
        """Let procurement issue an order of some lines."""
        order = Order(new_id(), supplier_id, f"PO-{len(self.sent) + 1:06}")
        event = POIssued(
            order_id=order.id,
            supplier_id=supplier_id,
            number=order.number,
            ordered_on=min(line.promised_on for line in lines) - timedelta(days=60),
            business_unit="BU-1",
            cost_centre="4711",
            site="HAM",
            time_zone="Europe/Berlin",
            currency="EUR",
            lines=lines,
            total=Money(amount=sum((line.amount for line in lines), Decimal(0)), currency="EUR"),
            issued_by="bob",
        )
        await self.say_of_order(order, event)
        return order

    async def move(
        self,
        order: Order,
        promised_on: date,
        due_on: date,
        *,
        by: Literal["buyer", "supplier"],
        part: int = 1,
        first: date | None = None,
    ) -> None:
        """Let procurement tell that a promise of the first line was moved, and what is due of it."""
        moved = MovedPromise(
            line_number=1,
            schedule_number=part,
            need_by=due_on,
            first_promised_on=first,
            moved_from=due_on,
            promised_on=promised_on,
            due_on=due_on,
        )
        event = PromiseChanged(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            changed_on=promised_on - timedelta(days=20),
            moved_by=by,
            agreed=by == "buyer",
            promises=(moved,),
            reason="the furnace is being repaired",
            changed_by="bob",
        )
        await self.say_of_order(order, event)

    async def acknowledge(
        self, order: Order, on: date, *promised: date, part_of_line: int = 1, due_on: date | None = None
    ) -> None:
        """Let the supplier confirm an order, and promise parts of a line by that."""
        event = POAcknowledged(
            order_id=order.id,
            supplier_id=order.supplier_id,
            number=order.number,
            acknowledged_on=on,
            acknowledged_by="sam",
            promises=tuple(
                PromisedSchedule(
                    line_number=part_of_line, schedule_number=nth, promised_on=day, due_on=due_on
                )
                for nth, day in enumerate(promised, start=1)
            ),
        )
        await self.say_of_order(order, event)

    async def close(self, order: Order, on: date) -> None:
        """Let procurement close an order."""
        event = POClosed(order_id=order.id, supplier_id=order.supplier_id, number=order.number, closed_on=on)
        await self.say_of_order(order, event)

    async def say_of_order(self, order: Order, event: Event) -> Envelope:
        """Let procurement publish an event of an order."""
        order.sequence += 1
        envelope = self.envelope(event, order.sequence)
        await self.deliver(ORDERS, envelope)
        return envelope

    async def keep_facts(self) -> None:
        """Let the consumers that keep facts, and groups, read all that was said until now."""
        for consumer in (ORDER_FACTS, SUPPLIER_FACTS, GROUPS):
            said = [envelope for envelope in self.sent if envelope.topic == consumer.topic]
            await Inbox(self.context.database, consumer).apply(said)

    async def deliver(self, consumer: Consumer, *envelopes: Envelope) -> None:
        """Hand events to this service, as a transport does."""
        self.sent.extend(envelopes)
        await Inbox(self.context.database, consumer).apply(envelopes)

    def envelope(self, event: Event, sequence: int) -> Envelope:
        """Wrap an event as the relay does."""
        return Envelope(
            id=new_id(),
            type=event.type_name(),
            source=event.service,
            topic=event.topic,
            key=event.key,
            sequence=sequence,
            time=self.clock.now,
            data=event.model_dump_json().encode(),
        )

    async def rescore(self) -> None:
        """Run the chore as the worker does: until it says that nothing is left."""
        more = True
        while more:
            async with self.context.database.transaction() as tx:
                more = await rescore_due_suppliers(tx)

    async def judge(self, business_date: date) -> None:
        """Run the daily job, then the chore."""
        async with self.context.database.transaction() as tx:
            await judge_overdue_lines(tx, business_date)
        await self.rescore()

    async def decide(
        self,
        policy: Policy[Any],
        value: BaseModel,
        valid_from: date = date(1900, 1, 1),
        place: Place = EVERYWHERE,
    ) -> int:
        """Let the organisation decide a policy, even for days that were judged; returns the version."""
        async with self.context.database.transaction() as tx:
            history = await policies.locked(tx, policy)
            version = policies.record(
                tx, history, value, valid_from=valid_from, place=place, reason="a test", judged_until=None
            )
        return version.number

    async def forget_decisions(self) -> None:
        """Go back to the defaults of all policies, for another example of a property."""
        async with self.context.database.connection() as connection:
            await connection.execute("DELETE FROM policy_version")
        policies.forget(self.context.database)

    async def fetch(self, sql: str, *arguments: object) -> list[dict[str, Any]]:
        """Read this service's database."""
        async with self.context.database.connection() as connection:
            return [dict(row) for row in await connection.fetch(sql, *arguments)]
