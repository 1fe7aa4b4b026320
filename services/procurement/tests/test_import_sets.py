"""A thousand rows in few statements leave what each of them alone would have left."""

import asyncio
import json
import random
import re
from typing import Any

import pytest

from purveyor_messaging import outbox

from .conftest import World, arrived, line
from .test_imports import TO_ORDERS, TO_RECEIPTS, let_in, orders, receipt_row, receipts, row

NDJSON = {"Content-Type": "application/x-ndjson"}
LEFT = """
SELECT 'order', status, version, sequence, total::text, authors::text, issued_by, closed_on, imported,
       external_reference, import_digest::text, NULL
FROM purchase_order WHERE external_reference LIKE $1
UNION ALL
SELECT 'line', o.external_reference, line_number, NULL, line.quantity::text, received_quantity::text,
       rejected_quantity::text, promised_on, NULL, amount::text, description, NULL
FROM purchase_order_line AS line JOIN purchase_order AS o ON o.id = line.order_id
WHERE o.external_reference LIKE $1
UNION ALL
SELECT 'receipt', r.external_reference, line_number, tolerance_version, line.quantity::text, received_by,
       despatch_reference, received_on, r.imported, rejection_reason, r.import_digest::text, NULL
FROM goods_receipt AS r JOIN goods_receipt_line AS line ON line.receipt_id = r.id
JOIN purchase_order AS o ON o.id = r.order_id WHERE o.external_reference LIKE $1
UNION ALL
SELECT 'event', e.type, e.sequence::integer, NULL, NULL, e.epoch::text, NULL, NULL, e.previous IS NOT NULL,
       NULL, e.data::text, (SELECT b.sequence FROM outbox AS b WHERE b.event_id = e.previous)::text
FROM outbox AS e JOIN purchase_order AS o ON o.id::text = e.key WHERE o.external_reference LIKE $1
UNION ALL
SELECT 'audit', a.action, NULL, NULL, a.entity, a.actor, a.reason, NULL, NULL, NULL, a.before::text,
       a.after::text
FROM audit_record AS a
LEFT JOIN goods_receipt AS r ON r.id::text = a.entity_id
JOIN purchase_order AS o ON o.id::text = a.entity_id OR o.id = r.order_id WHERE o.external_reference LIKE $1
"""
OF_A_RUN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|PO-\d+|\\+x[0-9a-f]{64}")


def history(prefix: str, chance: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return orders and receipts: good ones, the same again, others under their names, wrong ones."""
    bought, received = [], []
    for number in range(12):
        name = f"{prefix}{number}"
        lines = [line(line_number=at, quantity=str(chance.randint(1, 9))) for at in range(1, 4)]
        bought.append(row(name, cost_centre=chance.choice("12"), lines=lines[: chance.randint(1, 3)]))
        if chance.random() < 0.3:
            bought.append(dict(bought[-1], cost_centre=chance.choice("12")))
        if chance.random() < 0.2:
            bought.append(row(f"{name}x", **chance.choice([{"site": "no"}, {"ordered_on": "2031-01-01"}])))
        for part in range(chance.randint(0, 5)):
            at, quantity = chance.randint(1, 3), str(chance.randint(1, 6))
            day = f"2025-12-{chance.randint(1, 28):02}"
            received.append(
                receipt_row(f"{part}", name, arrived(at, quantity), received_on=day, despatch_reference=day)
            )
            if chance.random() < 0.3:
                received.append(dict(received[-1], received_on=chance.choice([day, "2025-11-30"])))
    chance.shuffle(received)
    return bought, received


async def left(world: World, prefix: str) -> list[str]:
    """Return what is in the database of orders with a prefix, without what differs from run to run."""
    async with world.database.connection() as connection:
        rows = [str(tuple(record)) for record in await connection.fetch(LEFT, f"{prefix}%")]
    return sorted(OF_A_RUN.sub("…", text).replace(prefix, "") for text in rows)


def told(results: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [
        (r["status"], r["code"], r["id"] is None, [(e["pointer"], e["detail"]) for e in r["errors"]])
        for r in results
    ]


@pytest.mark.parametrize("seed", range(5))
async def test_a_set_leaves_what_its_rows_one_by_one_leave(world: World, seed: int) -> None:
    await world.supplier((), external_reference="V-1")
    together, alone = f"set-{seed}-", f"one-{seed}-"
    bought, received = history(together, random.Random(seed))  # noqa: S311  # no secret
    results = [await orders(world, *bought), await receipts(world, *received)]

    bought, received = history(alone, random.Random(seed))  # noqa: S311  # no secret
    one_by_one = [
        [(await orders(world, each))[0] for each in bought],
        [(await receipts(world, each))[0] for each in received],
    ]
    assert str(list(map(told, results))).replace(together, "") == str(list(map(told, one_by_one))).replace(
        alone, ""
    )
    assert {result["status"] for kind in results for result in kind} == {"created", "unchanged", "refused"}
    assert await left(world, together) == await left(world, alone)


async def test_a_row_whose_event_could_not_travel_costs_no_other_of_its_set(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.supplier((), external_reference="V-1")
    monkeypatch.setattr(outbox, "LARGEST_EVENT_BYTES", 5_000)
    rows = [row(f"D-{number}") for number in range(9)]
    rows[4]["lines"] = [line(line_number=number) for number in range(1, 50)]
    results = await orders(world, *rows)
    assert [result["code"] for result in results] == [*[None] * 4, "event_too_large", *[None] * 4]


async def test_an_order_and_a_receipt_that_are_imported_six_times_at_once_are_there_once(
    world: World,
) -> None:
    await world.supplier((), external_reference="V-1")
    for path, document in (
        (TO_ORDERS, row("SIX")),
        (TO_RECEIPTS, receipt_row("SIX", "SIX", arrived(10, "4"))),
    ):
        await let_in(world, path, document)
        answers = await asyncio.gather(
            *(world.ada.post(path, content=json.dumps(document), headers=NDJSON) for _ in range(6))
        )
        results = [answer.json() for answer in answers]
        assert sorted(result["status"] for result in results) == ["created"] + ["unchanged"] * 5
        assert len({result["id"] for result in results}) == 1
