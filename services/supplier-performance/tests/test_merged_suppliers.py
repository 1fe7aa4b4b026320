"""What a merged supplier delivered, and delivers yet, counts with the one that it is."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import httpx

from purveyor_contract.events.sourcing.merging import SuppliersMerged

from .world import World

TODAY = date(2026, 6, 15)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def merged(one: UUID, into: UUID) -> SuppliersMerged:
    return SuppliersMerged(
        supplier_id=one,
        number="S-000001",
        into_supplier_id=into,
        into_number="S-000002",
        into_legal_name="Good GmbH",
        status_before="approved",
        reason="entered twice",
        merged_by="mia",
    )


async def counted(api: httpx.AsyncClient, supplier: UUID) -> tuple[int, int]:
    """Return how many lines count for a supplier as it was last judged, and measured anew."""
    score = (await api.get(f"/v1/suppliers/{supplier}/score")).json()
    anew = (await api.get(f"/v1/suppliers/{supplier}/performance")).json()
    return score["measures"]["lines_due"], anew["measures"]["lines_due"]


async def test_a_bad_score_is_not_left_behind(world: World, api: httpx.AsyncClient) -> None:
    bad, good = await world.supplier("Bad GmbH"), await world.supplier("Good GmbH")
    late = await world.order(bad, *[ago(60)] * 4)
    for line in range(1, 4):
        await world.receive(late, ago(20), line=line)
    prompt = await world.order(good, *[ago(60)] * 3)
    for line in range(1, 4):
        await world.receive(prompt, ago(60), line=line)
    await world.rescore()
    before = (await api.get(f"/v1/suppliers/{good}/score")).json()
    assert before["grade"] == "A"

    await world.say_of_supplier(merged(bad, good))
    await world.rescore()
    after = (await api.get(f"/v1/suppliers/{good}/score")).json()
    assert float(after["score"]) < float(before["score"])
    assert (after["grade"], after["measures"]["lines_due"]) != ("A", 3)
    assert await counted(api, good) == (7, 7)
    # What it did itself stays to be read, under its own name, and it is ranked no more.
    own = (await api.get(f"/v1/suppliers/{bad}/score")).json()
    assert own["supplier"]["status"] == "merged"
    assert await counted(api, bad) == (4, 4)
    for query in ({}, {"from": str(ago(365)), "to": str(TODAY)}):
        league = (await api.get("/v1/scorecards", params=query)).json()["items"]
        assert [one["supplier"]["name"] for one in league] == ["Good GmbH"]
    evidence = await api.get(f"/v1/suppliers/{good}/score/evidence", params={"measure": "on_time"})
    assert len(evidence.json()["items"]) == 7

    # What is told of its open orders from now on counts there, too.
    await world.receive(late, TODAY, line=4)
    await world.rescore()
    assert await counted(api, good) == (7, 7)
    new = await world.order(bad, ago(5))
    await world.receive(new, ago(5))
    await world.rescore()
    assert await counted(api, good) == (8, 8)
    assert await world.fetch("SELECT supplier_id FROM score_due WHERE due_at <= now()") == []


async def test_a_chain_counts_at_its_end_whichever_merge_is_heard_first(
    world: World, api: httpx.AsyncClient
) -> None:
    first, second, third = [await world.supplier(name) for name in ("A", "B", "C")]
    for supplier in (first, second, third):
        order = await world.order(supplier, ago(30))
        await world.receive(order, ago(30))
    await world.say_of_supplier(merged(second, third))
    await world.say_of_supplier(merged(first, second))
    await world.rescore()
    assert await counted(api, third) == (3, 3)
