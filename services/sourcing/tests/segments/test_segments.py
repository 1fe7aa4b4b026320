"""Segments day by day: reckoned from spend and risk, kept while they hold, and what moved meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.sourcing.tests.conftest import NOW, answered
from services.sourcing.tests.spend.ordering import Order, receive

from purveyor.jobs import run_job
from purveyor_contract.roles import Role
from sourcing.segments.rules.policy import SegmentPolicy
from sourcing.worker import JOBS

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Clock, Desk

[SEGMENT] = [job for job in JOBS if job.name == "segment"]
FIRST = NOW.date()


async def segment(desk: Desk, day: date = FIRST, *, again: bool = False) -> None:
    await run_job(desk.context.database, SEGMENT, day, again=again)


async def listed(desk: Desk, path: str = "/v1/segments", **asked: Any) -> list[Any]:
    items: list[Any] = answered(await desk.buyer.get(path, params=asked))["items"]
    return items


async def moves(desk: Desk, since: date, until: date, **asked: Any) -> list[tuple[Any, ...]]:
    found = await listed(desk, "/v1/segment-moves", since=since, until=until, **asked)
    return [
        (one["became"]["category"], one["was"] and one["was"]["quadrant"], one["became"]["quadrant"])
        for one in found
    ]


async def ordered(desk: Desk, supplier: Any, *wanted: tuple[str, str], currency: str = "EUR") -> Order:
    order = Order(supplier["id"], currency=currency)
    await receive(desk.context.database, [order.issued(*wanted)])
    return order


async def risky(desk: Desk, supplier: Any, points: str) -> None:
    """Let a supplier be found as risky as that."""
    async with desk.context.database.transaction() as tx:
        await tx.connection.execute(
            """
            INSERT INTO supplier_risk (supplier_id, number, level, overall, share_known, caps, policy_version,
              factors, assessed_for, assessed_at, assessed_by)
            VALUES ($1, 1, 'low', $2, 50, '{}', 0, '[]', $3, now(), 'sourcing')
            ON CONFLICT (supplier_id) DO UPDATE SET overall = excluded.overall
            """,
            UUID(supplier["id"]),
            Decimal(points),
            FIRST,
        )


async def test_a_category_and_its_suppliers_are_segmented_with_their_arithmetic(desk: Desk) -> None:
    supplier = await desk.approved()
    await risky(desk, supplier, "44.0")
    await ordered(desk, supplier, ("fasteners", "30"), ("bearings", "970"))
    await segment(desk)
    [of_category] = await listed(desk, category="fasteners", of_suppliers=False)
    assert of_category["quadrant"] == "bottleneck"
    assert of_category["impact"] == {
        "spend": {"amount": "30.00", "currency": "EUR"},
        "total": {"amount": "1000.00", "currency": "EUR"},
        "share": "3.00",
        "share_of_category": None,
        "high_from": "5.00",
        "is_high": False,
    }
    assert of_category["supply_risk"] == {
        "suppliers": 1,
        "scarcity": "100.0",
        "scarcity_weight": 50,
        "assessed": 1,
        "risk": "44.0",
        "points": "72.0",
        "high_from": "50.0",
        "is_high": True,
    }
    [of_supplier] = await listed(desk, supplier_id=supplier["id"])
    assert (of_supplier["quadrant"], of_supplier["impact"]["share_of_category"]) == ("strategic", "100.00")
    [bearings] = await listed(desk, category="bearings")
    assert (bearings["quadrant"], bearings["lacks"]) == (None, ["risk"])


async def test_what_moved_between_two_days_is_told_with_what_it_was(desk: Desk, clock: Clock) -> None:
    supplier = await desk.approved()
    await risky(desk, supplier, "44.0")
    order = await ordered(desk, supplier, ("fasteners", "30"), ("bearings", "970"))
    await segment(desk)
    days = [FIRST + timedelta(days=number) for number in range(4)]
    clock.wait(days=3)
    await segment(desk, days[1])
    assert await moves(desk, days[0], days[1]) == []
    await ordered(desk, supplier, ("fasteners", "500"))
    await segment(desk, days[2])
    assert await moves(desk, days[0], days[2]) == [("fasteners", "bottleneck", "strategic")]
    assert await moves(desk, days[0], days[1]) == []
    assert len(await moves(desk, days[0] - timedelta(days=1), days[0])) == 3, "nothing was segmented before"
    answered(await desk.act("suspend", supplier, reason="Audit"))
    await segment(desk, days[3])
    assert await moves(desk, days[2], days[3], of_suppliers=True) == [("fasteners", "strategic", None)]
    [gone] = await listed(desk, "/v1/segment-moves", since=days[2], until=days[3], of_suppliers=True)
    assert gone["became"]["lacks"] == ["ended"]
    assert await listed(desk, supplier_id=supplier["id"]) == []
    assert order.told == 1


async def test_a_day_that_is_segmented_again_or_late_changes_nothing_of_the_past(
    desk: Desk, clock: Clock
) -> None:
    supplier = await desk.approved()
    await risky(desk, supplier, "44.0")
    await ordered(desk, supplier, ("fasteners", "30"))
    clock.wait(days=1)
    await segment(desk, FIRST + timedelta(days=1))
    before = await listed(desk)
    await segment(desk)
    await segment(desk, FIRST + timedelta(days=1), again=True)
    assert await listed(desk) == before
    await risky(desk, supplier, "0.0")
    await segment(desk, FIRST + timedelta(days=1), again=True)
    [changed] = await listed(desk, category="fasteners", of_suppliers=False)
    assert (changed["supply_risk"]["points"], changed["from_on"]) == ("50.0", str(FIRST + timedelta(days=1)))


async def test_currencies_are_segmented_apart_until_rates_are_decided(desk: Desk, clock: Clock) -> None:
    supplier = await desk.approved()
    await risky(desk, supplier, "10.0")
    await ordered(desk, supplier, ("fasteners", "90"))
    await ordered(desk, supplier, ("bearings", "100"), currency="USD")
    await segment(desk)
    shares = {
        (one["category"], one["impact"]["spend"]["currency"]): one["impact"]["share"]
        for one in await listed(desk, of_suppliers=False)
    }
    assert shares == {
        ("fasteners", "EUR"): "100.00",
        ("bearings", "EUR"): "0.00",
        ("fasteners", "USD"): "0.00",
        ("bearings", "USD"): "100.00",
    }
    rates = {"reporting_currency": "EUR", "rates": [{"currency": "USD", "worth": "0.9"}]}
    value = SegmentPolicy().model_dump(mode="json") | rates
    seen = (await desk.manager.get("/v1/policies/segments")).headers["ETag"]
    next_day = FIRST + timedelta(days=1)
    body = {"valid_from": str(next_day), "value": value, "reason": "we report in euros"}
    decided = await desk.manager.post("/v1/policies/segments/versions", json=body, headers={"If-Match": seen})
    assert decided.status_code == 201, decided.text
    approve = f"/v1/policies/segments/versions/{decided.json()['version']}:approve"
    answered(await desk.other_manager.post(approve))
    clock.wait(days=1)
    await segment(desk, next_day)
    current = await listed(desk, of_suppliers=False)
    assert {(one["category"], one["impact"]["share"], one["policy_version"]) for one in current} == {
        ("fasteners", "50.00", 1),
        ("bearings", "50.00", 1),
    }


async def test_before_anything_was_ordered_no_share_is_known(desk: Desk) -> None:
    await desk.approved()
    await segment(desk)
    found = await listed(desk, category="fasteners")
    assert [(one["lacks"], one["impact"]["spend"]) for one in found] == [(["spend", "risk"], None)] * 2


async def test_segments_are_for_our_own_people_and_days_in_their_order(
    desk: Desk, as_person: AsPerson
) -> None:
    sue = as_person("sue", Role.SUPPLIER, supplier_id=(await desk.registered())["id"])
    assert (await sue.get("/v1/segments")).status_code == 403
    asked = {"since": str(FIRST), "until": "2026-11-19"}
    refused = await desk.buyer.get("/v1/segment-moves", params=asked)
    assert refused.json()["code"] == "range_reversed"
