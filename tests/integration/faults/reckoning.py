"""The reckoning: what people were told, what every service holds, and what is on the topics must agree."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from tests.integration.faults.business import Business, OrderFile, quantities

from procurement.suppliers.commands import LOST
from purveyor.audit.verifying import verify
from purveyor_cli.services import SERVICES
from purveyor_messaging import feed
from purveyor_messaging.envelope import Envelope

QUIET_SECONDS = 180.0
STREAM_COUNTERS = {
    "sourcing": {
        "sourcing.categories": "SELECT id::text, sequence FROM category",
        "sourcing.suppliers": "SELECT id::text, sequence FROM supplier",
    },
    "procurement": {
        "procurement.orders": "SELECT id::text, sequence FROM purchase_order",
    },
    "supplier-performance": {
        "performance.suppliers": "SELECT id::text, sequence FROM scorecard",
    },
}
"""How many events each aggregate says that it has recorded, by the topic where they are."""
STATUS_AFTER = {
    "create": "draft",
    "submit": "submitted",
    "approve": "approved",
    "issue": "issued",
    "acknowledge": "acknowledged",
    "cancel": "cancelled",
}
EVENT_OF = {"issue": "POIssued", "acknowledge": "POAcknowledged", "cancel": "POCancelled"}


@dataclass(frozen=True)
class Topic:
    """What a topic holds: every message, and every event where it stands first."""

    messages: int
    events: list[Envelope]


class Reckoning:
    """Reads what the services hold and compares."""

    def __init__(self, databases: Mapping[str, asyncpg.Connection[asyncpg.Record]], kafka: str) -> None:
        self.databases = databases
        self.kafka = kafka

    async def wait_until_quiet(self) -> None:
        """Wait until every event was published and handled, and every score that is due was judged."""
        outstanding: list[str] = []
        try:
            async with asyncio.timeout(QUIET_SECONDS):
                while outstanding := await self._outstanding():
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"never quiet: {outstanding[:10]}") from None

    async def _outstanding(self) -> list[str]:
        outstanding = []
        for service, database in self.databases.items():
            unpublished = await database.fetchval(
                "SELECT count(*) FROM outbox WHERE id NOT IN (SELECT unnest(ids) FROM publication)"
            )
            unsealed = await database.fetchval("SELECT count(*) FROM audit_record WHERE position IS NULL")
            if unpublished or unsealed:
                outstanding.append(f"{service}: {unpublished} unpublished, {unsealed} unsealed")
        due = await self.databases["supplier-performance"].fetchval(
            "SELECT count(*) FROM score_due WHERE due_at <= clock_timestamp()"
        )
        if due:
            outstanding.append(f"{due} scores due")
        for consumer, recorded, handled in await self._streams_of_consumers():
            outstanding += [
                f"{consumer}: {key} is at {handled.get(key)} of {last}"
                for key, last in recorded.items()
                if handled.get(key, 0) < last
            ]
        return outstanding

    async def _streams_of_consumers(self) -> list[tuple[str, dict[str, int], dict[str, int]]]:
        """Return for each consumer how far its streams were recorded, and how far they were handled."""
        streams = []
        for service in SERVICES:
            for consumer in service.code().consumers:
                producer = consumer.subscriptions[0].event.service
                recorded = await self.databases[producer].fetch(
                    "SELECT key, max(sequence) FROM outbox WHERE topic = $1 GROUP BY key", consumer.topic
                )
                handled = await self.databases[service.name].fetch(
                    "SELECT key, sequence FROM inbox WHERE consumer = $1 AND topic = $2",
                    consumer.name,
                    consumer.topic,
                )
                streams.append((consumer.name, dict(map(tuple, recorded)), dict(map(tuple, handled))))
        return streams

    async def compare_logs(self) -> None:
        """Every stream is numbered without gaps, as its aggregate counts; every event published once."""
        for service, database in self.databases.items():
            assert not await feed.verify(database), service
            assert [finding async for finding in verify(database)] == [], service
            assert await database.fetchval("SELECT count(*) FROM parked_event") == 0, service
            recorded = sorted(row[0] for row in await database.fetch("SELECT id FROM outbox"))
            batches = await database.fetch("SELECT first_position, ids FROM publication ORDER BY 1")
            listed = [id_ for batch in batches for id_ in batch["ids"]]
            assert sorted(listed) == recorded, service
            position = 1
            for batch in batches:
                assert batch["first_position"] == position, service
                position += len(batch["ids"])
            streams = await database.fetch(
                "SELECT key, array_agg(sequence ORDER BY sequence) FROM outbox GROUP BY topic, key"
            )
            counted = {
                row[0]: row[1]
                for counters in STREAM_COUNTERS[service].values()
                for row in await database.fetch(counters)
                if row[1]
            }
            assert {key: numbers[-1] for key, numbers in streams} == counted, service
            for key, numbers in streams:
                assert numbers == list(range(1, len(numbers) + 1)), f"{service}: {key}"
            topics = await database.fetchval("SELECT array_agg(DISTINCT topic) FROM outbox")
            assert topics == sorted(STREAM_COUNTERS[service])

    async def compare_inboxes(self) -> None:
        """Every consumer stands at the end of every stream, and in no other."""
        for consumer, recorded, handled in await self._streams_of_consumers():
            assert handled == recorded, consumer

    async def compare_topics(self) -> int:
        """Every event is on its topic, in the order of its stream; returns how many stand there again."""
        repeated = 0
        for service, name in [(service, name) for service, of in STREAM_COUNTERS.items() for name in of]:
            topic = await self._read_topic(name)
            recorded = await self.databases[service].fetch(
                "SELECT event_id, key, sequence FROM outbox WHERE topic = $1", name
            )
            assert {(event.id, event.key, event.sequence) for event in topic.events} == set(
                map(tuple, recorded)
            ), name
            streams = defaultdict(list)
            for event in topic.events:
                streams[event.key].append(event.sequence)
            for key, numbers in streams.items():
                assert numbers == list(range(1, len(numbers) + 1)), f"{name}: {key}"
            repeated += topic.messages - len(topic.events)
        return repeated

    async def _read_topic(self, name: str) -> Topic:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka, auto_offset_reset="earliest")
        await consumer.start()
        try:
            partitions = [TopicPartition(name, number) for number in range(12)]
            consumer.assign(partitions)
            ends = await consumer.end_offsets(partitions)
            events: dict[Any, Envelope] = {}
            messages = 0
            while any([await consumer.position(partition) < end for partition, end in ends.items()]):
                for batch in (await consumer.getmany(timeout_ms=100)).values():
                    messages += len(batch)
                    for message in batch:
                        event = Envelope.from_headers(name, message.headers, message.value)
                        events.setdefault(event.id, event)
        finally:
            await consumer.stop()
        return Topic(messages, list(events.values()))

    async def compare_copies(self) -> None:
        """What a service took over from another is what the other holds: nothing less, more, or twice."""
        sourcing, procurement, performance = (
            self.databases[name] for name in ("sourcing", "procurement", "supplier-performance")
        )
        await _equal(
            (
                procurement,
                "SELECT key::uuid, sequence, event_id, type FROM outbox WHERE type NOT LIKE '%Restated.v1'",
            ),
            (performance, "SELECT order_id, sequence, event_id, type FROM order_event"),
        )
        columns = (
            "order_id, supplier_id, line_number, item, quantity, price, amount, promised_on, "
            "received_quantity, rejected_quantity"
        )
        await _equal(
            (
                procurement,
                f"SELECT {columns} FROM purchase_order_line JOIN purchase_order o ON o.id = order_id "
                "WHERE o.issued_at IS NOT NULL",
            ),
            (performance, f"SELECT {columns} FROM order_line"),
        )
        receipt = "order_id, line_number, received_on, {0}quantity, {0}rejected_quantity"
        await _equal(
            (
                procurement,
                f"SELECT {receipt.format('l.')} FROM goods_receipt_line l "
                "JOIN goods_receipt r ON r.id = l.receipt_id",
            ),
            (performance, f"SELECT {receipt.format('')} FROM received_line"),
        )
        supplier = "SELECT id, legal_name, status FROM supplier"
        told = "SELECT id, legal_name, replace(status, 'submitted', 'registered') FROM supplier"
        not_lost = f"{supplier} WHERE status_reason IS DISTINCT FROM '{LOST}'"
        await _equal((sourcing, told), (procurement, not_lost))
        await _equal((sourcing, told), (performance, "SELECT id, name, status FROM supplier"))
        score = "SELECT id, score, grade FROM {} WHERE score IS NOT NULL"
        known = f"{score} AND id IN (SELECT id FROM supplier)"
        await _equal((sourcing, score.format("supplier")), (performance, known.format("scorecard")))

    async def compare_promises(self, business: Business) -> None:
        """What was acknowledged is there once; what was given up is there whole, or not at all."""
        await self._compare_suppliers(business)
        database = self.databases["procurement"]
        orders = defaultdict(list)
        for row in await database.fetch(
            """
            SELECT l.description AS mark, o.id::text, o.status, o.version, o.sequence, o.supplier_id::text,
                   count(*) AS lines,
                   (SELECT count(*) FROM audit_record a
                    WHERE a.entity = 'purchase_order' AND a.entity_id = o.id::text) AS audited,
                   (SELECT array_agg(split_part(type, '.', 3) ORDER BY sequence) FROM outbox
                    WHERE key = o.id::text) AS events
            FROM purchase_order o JOIN purchase_order_line l ON l.order_id = o.id
            GROUP BY l.description, o.id
            """
        ):
            orders[row["mark"]].append(row)
        receipts: dict[str, dict[str, dict[int, tuple[Decimal, Decimal]]]] = defaultdict(dict)
        for row in await database.fetch(
            """
            SELECT order_id::text, despatch_reference,
                   array_agg(ROW(line_number, quantity, rejected_quantity)) AS lines
            FROM goods_receipt JOIN goods_receipt_line ON receipt_id = id GROUP BY id
            """
        ):
            of_order = receipts[row["order_id"]]
            assert row["despatch_reference"] not in of_order, f"twice: {row['despatch_reference']}"
            of_order[row["despatch_reference"]] = {line[0]: (line[1], line[2]) for line in row["lines"]}
        assert orders.keys() <= {order.mark for order in business.orders}
        for order in business.orders:
            _compare_order(order, orders[order.mark], receipts)

    async def _compare_suppliers(self, business: Business) -> None:
        found = defaultdict(list)
        for row in await self.databases["sourcing"].fetch(
            "SELECT legal_name, id::text, status FROM supplier"
        ):
            found[row["legal_name"]].append((row["id"], row["status"]))
        assert found.keys() <= {supplier.name for supplier in business.suppliers}
        statuses = ["", "registered", "submitted", "approved"]
        for supplier in business.suppliers:
            rows = found[supplier.name]
            possible = statuses[supplier.version : supplier.version + (2 if supplier.doubtful else 1)]
            if not rows:
                assert possible[0] == "", f"lost: {supplier}"
                continue
            assert len(rows) == 1, f"twice: {supplier}"
            assert rows[0][1] in possible, f"{supplier} is {rows[0]}"
            assert supplier.id in {None, rows[0][0]}, f"{supplier} is {rows[0]}"


def _compare_order(
    order: OrderFile,
    rows: list[asyncpg.Record],
    receipts: Mapping[str, Mapping[str, Mapping[int, tuple[Decimal, Decimal]]]],
) -> None:
    if not rows:
        assert order.doubtful == "create", f"lost: {order}"
        return
    assert len(rows) == 1, f"twice: {order}"
    row = rows[0]
    assert order.id in {None, row["id"]}, f"{order} is {row}"
    assert (row["lines"], row["supplier_id"]) == (len(order.lines), order.supplier_id), f"half: {order}"
    received = receipts.get(row["id"], {})
    promised = {reference: quantities(lines) for reference, lines in order.receipts.items()}
    doubtful = {reference: quantities(lines) for reference, lines in order.doubtful_receipts.items()}
    assert promised.items() <= received.items(), f"lost: {order} has {received}"
    assert received.items() <= (promised | doubtful).items(), f"more than was received: {order}"
    took_place = row["version"] - len(received) - len(order.steps)
    assert took_place in ({0, 1} if order.doubtful else {0}), f"{order} is {row}"
    steps = [*order.steps, order.doubtful] if took_place and order.doubtful else order.steps
    assert row["audited"] == row["version"], f"half: {order} is {row}"
    assert (row["status"], Counter(row["events"] or ())) == _standing(order, steps, received), (
        f"{order} is {row}"
    )


def _standing(
    order: OrderFile,
    steps: list[str],
    received: Mapping[str, Mapping[int, tuple[Decimal, Decimal]]],
) -> tuple[str, Counter[str]]:
    """Return where an order must stand after these steps and receipts, and the events that say so."""
    status = STATUS_AFTER[steps[-1]]
    events = Counter(EVENT_OF[step] for step in steps if step in EVENT_OF)
    if received:
        arrived: Counter[int] = Counter()
        for lines in received.values():
            for number, (quantity, _) in lines.items():
                arrived[number] += int(quantity)
        complete = all(arrived[line["line_number"]] >= int(line["quantity"]) for line in order.lines)
        status = "closed" if complete else "partially_received"
        events["GoodsReceived"] = len(received)
        events["POClosed"] = int(complete)
    return status, +events


async def _equal(*sides: tuple[asyncpg.Connection[asyncpg.Record], str]) -> None:
    """Assert that two queries of two services find the same rows, each as often."""
    (one, this), (other, that) = sides
    here, there = Counter(map(tuple, await one.fetch(this))), Counter(map(tuple, await other.fetch(that)))
    assert here == there, f"only here: {list(here - there)[:5]}, only there: {list(there - here)[:5]}"
