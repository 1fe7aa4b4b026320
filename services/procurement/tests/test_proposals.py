"""An import is of the past, proposed by one person and let in by another, and nothing else gets in."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.proposals import past_problems
from purveyor_contract.roles import Role

from .conftest import World, arrived, line, world_in
from .test_imports import TO_ORDERS, TO_RECEIPTS, let_in, orders, receipt_row, row, send

TODAY = date(2026, 3, 2)


def mika(world: World) -> httpx.AsyncClient:
    return world.person("mika", Role.ADMIN)


async def proposed(world: World, path: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """Propose rows as mika."""
    proposal: dict[str, Any] = (await mika(world).post("/v1/imports", json={"name": "the past"})).json()
    for result in await send(mika(world), path, *rows, proposal=proposal["id"]):
        assert result["status"] == "proposed", result
    shown: dict[str, Any] = (await mika(world).get(f"/v1/imports/{proposal['id']}")).json()
    return shown


async def approve(by: httpx.AsyncClient, proposal: dict[str, Any]) -> httpx.Response:
    digest = proposal["figures"]["digest"]
    return await by.post(f"/v1/imports/{proposal['id']}:approve", json={"digest": digest})


def not_let_in(results: list[dict[str, Any]]) -> bool:
    return [(r["status"], r["code"]) for r in results] == [("refused", "import_not_let_in")] * len(results)


async def test_nobody_imports_alone(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    order = row("ALONE")
    assert not_let_in(await send(mika(world), TO_ORDERS, order))
    proposal = await proposed(world, TO_ORDERS, order)
    answer = await approve(mika(world), proposal)
    assert (answer.status_code, answer.json()["code"]) == (403, "segregation_of_duties")
    assert not_let_in(await send(mika(world), TO_ORDERS, order))
    with pytest.raises(asyncpg.CheckViolationError, match="proposer_does_not_approve"):
        await world.value(
            "UPDATE import_proposal SET status = 'approved', decided_by = 'mika' WHERE id = $1",
            UUID(proposal["id"]),
        )
    assert (await approve(world.ada, proposal)).status_code == 200
    assert [r["status"] for r in await send(mika(world), TO_ORDERS, order)] == ["created"]
    receipt = receipt_row("ALONE-1", "ALONE")
    assert not_let_in(await send(mika(world), TO_RECEIPTS, receipt))
    assert await world.value("SELECT count(*) FROM goods_receipt WHERE external_reference = 'ALONE-1'") == 0


async def test_only_rows_of_the_approved_digest_are_let_in(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    await let_in(world, TO_ORDERS, row("DIGEST"))
    dearer = row("DIGEST", lines=[line(line_number=10, promised_on="2025-11-01", price="99900000")])
    other = row("DIGEST-2")
    assert not_let_in(await send(world.ada, TO_ORDERS, dearer, other))


async def test_who_approves_approves_what_they_saw(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    proposal = await proposed(world, TO_ORDERS, row("SEEN"))
    await send(mika(world), TO_ORDERS, row("UNSEEN"), proposal=proposal["id"])
    answer = await approve(world.ada, proposal)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_rows")
    now = (await world.ada.get(f"/v1/imports/{proposal['id']}")).json()
    assert (await approve(world.ada, now)).status_code == 200
    (late,) = await send(mika(world), TO_ORDERS, row("LATE"), proposal=proposal["id"])
    assert (late["status"], late["code"]) == ("refused", "wrong_state")


async def test_rows_of_a_proposal_are_its_proposers(world: World) -> None:
    proposal = await proposed(world, TO_ORDERS, row("MINE"))
    (theirs,) = await send(world.ada, TO_ORDERS, row("THEIRS"), proposal=proposal["id"])
    assert (theirs["status"], theirs["code"]) == ("refused", "not_your_proposal")


async def test_a_refused_proposal_lets_nothing_in(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    proposal = await proposed(world, TO_ORDERS, row("NO"))
    answer = await world.ada.post(f"/v1/imports/{proposal['id']}:refuse", json={"reason": "not ours"})
    assert (answer.json()["status"], answer.json()["decided_by"]) == ("refused", "ada")
    assert (await approve(world.ada, proposal)).json()["code"] == "wrong_state"
    assert not_let_in(await send(mika(world), TO_ORDERS, row("NO")))


async def test_figures_are_counted_by_the_service(world: World) -> None:
    proposal = await proposed(
        world,
        TO_ORDERS,
        row("F-1", supplier="V-8", currency="EUR", ordered_on="2024-01-31"),
        row("F-2", supplier="V-9", currency="JPY", ordered_on=None),
        row("F-3", supplier="V-9", currency="EUR"),
        row("F-3", supplier="V-9", currency="EUR"),
    )
    await send(mika(world), TO_RECEIPTS, receipt_row("F-1", "F-1"), proposal=proposal["id"])
    figures = (await world.ada.get(f"/v1/imports/{proposal['id']}")).json()["figures"]
    assert len(figures.pop("digest")) == 64
    assert figures == {
        "rows": 4,
        "kinds": {"order": 3, "receipt": 1},
        "amounts": {"EUR": "50.00", "JPY": "25"},
        "suppliers": 2,
        "first_day": "2024-01-31",
        "last_day": "2025-12-01",
        "undated": 1,
    }


async def test_what_is_here_already_is_no_part_of_a_proposal(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    await orders(world, row("HERE"))
    proposal = (await mika(world).post("/v1/imports", json={"name": "again"})).json()
    results = await send(
        mika(world), TO_ORDERS, row("HERE"), row("HERE", cost_centre="other"), proposal=proposal["id"]
    )
    assert [(r["status"], r["code"]) for r in results] == [
        ("unchanged", None),
        ("refused", "differs_from_import"),
    ]
    assert (await mika(world).get(f"/v1/imports/{proposal['id']}")).json()["figures"]["rows"] == 0


@pytest.mark.parametrize(
    ("path", "document", "column"),
    [
        (TO_ORDERS, row("CUT", ordered_on="2026-01-01"), "ordered_on"),
        (TO_ORDERS, row("CUT", ordered_on=None, lines=[line(line_number=1)]), "ordered_on"),
        (TO_RECEIPTS, receipt_row("CUT", "BEFORE", arrived(10), received_on="2026-01-01"), "received_on"),
    ],
    ids=["an order", "an order whose day nobody knows", "a receipt"],
)
async def test_nothing_that_is_dated_on_the_cut_over_or_later_is_imported(
    procurement_database: str, issuer: Any, path: str, document: dict[str, Any], column: str
) -> None:
    async with world_in(procurement_database, issuer, import_cut_over=date(2026, 1, 1)) as world:
        await world.supplier((), external_reference="V-1")
        await orders(world, row("BEFORE", ordered_on="2025-12-31"))
        proposal = (await mika(world).post("/v1/imports", json={"name": "late"})).json()
        for results in (
            await send(mika(world), path, document, proposal=proposal["id"]),
            await send(mika(world), path, document),
        ):
            (result,) = results
            assert (result["status"], result["code"]) == ("refused", "not_of_the_past")
            assert result["errors"][0]["column"] == column
            assert "is not before the cut-over, 2026-01-01" in result["errors"][0]["detail"]


async def test_nothing_of_today_is_imported_by_however_many(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (order,) = await orders(world, row("TODAY", ordered_on=TODAY.isoformat()))
    assert (order["status"], order["code"]) == ("refused", "not_of_the_past")


async def test_imports_can_be_switched_off(procurement_database: str, issuer: Any) -> None:
    async with world_in(procurement_database, issuer, imports=False) as world:
        headers = {"Content-Type": "application/x-ndjson"}
        for answer in (
            await world.ada.post(TO_ORDERS, content="{}", headers=headers),
            await world.ada.post(TO_RECEIPTS, content="{}", headers=headers),
            await world.ada.post("/v1/imports", json={"name": "the past"}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "imports_off")


days = st.dates(date(2020, 1, 1), date(2027, 1, 1))


@given(day=days, cut_over=st.none() | days, today=days)
def test_a_day_is_of_the_past_when_it_is_before_today_and_before_the_cut_over(
    day: date, cut_over: date | None, today: date
) -> None:
    problems = past_problems("/ordered_on", day, cut_over, today)
    assert bool(problems) == (day >= min(cut_over or today, today))
