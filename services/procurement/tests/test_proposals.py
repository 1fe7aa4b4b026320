"""An import is of the past, proposed by one person and let in by another, and nothing else gets in."""

import asyncio
from collections.abc import Awaitable
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor import proposals
from purveyor.errors import ConflictError
from purveyor.proposals import Proposal, Proposed, past_problems
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


LATE = Proposed(b"late" * 8, "order")


async def adds(world: World, proposal_id: UUID, row: Proposed) -> None:
    """Add a row as mika."""
    async with world.database.transaction() as tx:
        tx.actor = "mika"
        await proposals.add(tx, proposal_id, [row])


async def approves(world: World, shown: dict[str, Any]) -> Proposal:
    """Approve what was shown, as ada."""
    async with world.database.transaction() as tx:
        tx.actor = "ada"
        return await proposals.approve(tx, UUID(shown["id"]), bytes.fromhex(shown["figures"]["digest"]))


async def is_let_in(world: World, row: Proposed) -> bool:
    async with world.database.transaction() as tx:
        return bool(await proposals.let_in(tx, [row.digest]))


async def waiting(world: World, what: Awaitable[Any]) -> asyncio.Future[Any]:
    """Begin something, and return when it waits for a lock of another."""
    begun = asyncio.ensure_future(what)
    async with asyncio.timeout(10):
        while not begun.done() and not await world.value(  # noqa: ASYNC110  # a lock tells nobody
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND wait_event_type = 'Lock'"
        ):
            await asyncio.sleep(0.01)
    assert not begun.done()
    return begun


async def test_a_row_that_comes_while_another_approves_is_not_let_in(world: World) -> None:
    shown = await proposed(world, TO_ORDERS, row("SEEN"))
    async with world.database.transaction() as tx:
        tx.actor = "ada"
        await proposals.approve(tx, UUID(shown["id"]), bytes.fromhex(shown["figures"]["digest"]))
        adding = await waiting(world, adds(world, UUID(shown["id"]), LATE))
    with pytest.raises(ConflictError, match="approved"):
        await adding
    assert not await is_let_in(world, LATE)


async def test_an_approval_while_a_row_comes_is_refused_since_it_saw_others(world: World) -> None:
    shown = await proposed(world, TO_ORDERS, row("SEEN"))
    async with world.database.transaction() as tx:
        tx.actor = "mika"
        await proposals.add(tx, UUID(shown["id"]), [LATE])
        approving = await waiting(world, approves(world, shown))
    with pytest.raises(ConflictError) as refused:
        await approving
    assert refused.value.code == "other_rows"
    assert not await is_let_in(world, LATE)


async def test_what_was_decided_of_a_proposal_is_never_decided_again(world: World) -> None:
    for decided, body in (("approve", {}), ("refuse", {"reason": "not ours"})):
        shown = await proposed(world, TO_ORDERS, row("ONCE"))
        path, approval = f"/v1/imports/{shown['id']}", {"digest": shown["figures"]["digest"]}
        answer = await world.ada.post(f"{path}:{decided}", json=body or approval)
        assert answer.status_code == 200, answer.text
        for again in (
            await world.ada.post(f"{path}:approve", json=approval),
            await world.ada.post(f"{path}:refuse", json={"reason": "second thoughts"}),
        ):
            problem = again.json()
            assert (again.status_code, problem["code"], problem["allowed"]) == (409, "wrong_state", [])
            assert "nobody approves or refuses it" in problem["detail"]
        (late,) = await send(mika(world), TO_ORDERS, row("LATE"), proposal=shown["id"])
        assert late["code"] == "wrong_state"
        assert (await world.ada.get(path)).json() == answer.json()


async def test_who_proposed_approved_and_refused_which_rows_is_in_the_audit_trail(world: World) -> None:
    taken = await proposed(world, TO_ORDERS, row("IN"))
    assert (await approve(world.ada, taken)).status_code == 200
    other = await proposed(world, TO_ORDERS, row("OUT"))
    await world.ada.post(f"/v1/imports/{other['id']}:refuse", json={"reason": "not ours"})
    async with world.database.connection() as connection:
        records = await connection.fetch(
            "SELECT actor, action, entity_id, after, reason FROM audit_record "
            "WHERE entity = 'import' AND entity_id = ANY($1) ORDER BY id",
            [taken["id"], other["id"]],
        )
    figures = {name: taken["figures"][name] for name in ("digest", "rows", "kinds", "amounts")}
    assert [tuple(record) for record in records] == [
        ("mika", "propose", taken["id"], {"name": "the past"}, None),
        ("ada", "approve", taken["id"], {"status": "approved", **figures}, None),
        ("mika", "propose", other["id"], {"name": "the past"}, None),
        ("ada", "refuse", other["id"], {"status": "refused"}, "not ours"),
    ]


async def test_proposals_are_listed_the_latest_first_page_by_page(world: World) -> None:
    made = [(await mika(world).post("/v1/imports", json={"name": name})).json() for name in "abc"]
    for proposal in made:
        del proposal["figures"]
    first = (await world.ada.get("/v1/imports", params={"limit": 2})).json()
    assert first["items"] == [made[2], made[1]]
    following = {"limit": 1, "cursor": first["next_cursor"]}
    assert (await world.ada.get("/v1/imports", params=following)).json()["items"] == [made[0]]


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
        "suppliers_not_here": 2,
        "first_day": "2024-01-31",
        "last_day": "2025-12-01",
        "undated": 1,
    }


async def test_figures_say_how_many_suppliers_were_not_imported_yet(world: World) -> None:
    await world.supplier((), external_reference="V-here")
    await world.supplier((), external_reference="V-registered", imported=False)
    places = ("here", "here", "registered", "nowhere")
    rows = [row(f"N-{nth}", supplier=f"V-{place}") for nth, place in enumerate(places)]
    figures = (await proposed(world, TO_ORDERS, *rows))["figures"]
    assert (figures["suppliers"], figures["suppliers_not_here"]) == (3, 2)


async def test_an_order_that_was_let_in_is_not_bound_to_who_takes_its_suppliers_key_first(
    world: World,
) -> None:
    await let_in(world, TO_ORDERS, past := row("KEY", supplier="V-key"))
    taken = await world.supplier(external_reference="V-key", imported=False)
    (refused,) = await send(mika(world), TO_ORDERS, past)
    assert (refused["status"], refused["code"]) == ("refused", "supplier_unknown")
    assert await world.value("SELECT count(*) FROM purchase_order WHERE supplier_id = $1", taken) == 0
    imported = await world.supplier((), external_reference="V-key")
    (created,) = await send(mika(world), TO_ORDERS, past)
    order = (await world.bea.get(f"/v1/purchase-orders/{created['id']}")).json()
    assert order["supplier_id"] == str(imported)


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
    ("order", "lines", "pointers"),
    [
        ("THERE", [arrived(10, "1", rejected_quantity="5")], ["/lines/0/rejected_quantity"]),
        ("THERE", [arrived(99)], ["/lines/0/line_number"]),
        ("ON ITS WAY", [arrived(10, "1", rejected_quantity="5")], ["/lines/0/rejected_quantity"]),
        ("ON ITS WAY", [arrived(10), arrived(10)], ["/lines/0/line_number", "/lines/1/line_number"]),
    ],
)
async def test_a_receipt_is_proposed_as_it_would_be_imported(
    world: World, order: str, lines: list[dict[str, Any]], pointers: list[str]
) -> None:
    await world.supplier((), external_reference="V-1")
    await orders(world, row("THERE"))
    proposal = (await mika(world).post("/v1/imports", json={"name": "goods"})).json()["id"]
    receipt, good = receipt_row("BAD", order, *lines), receipt_row("GOOD", order)
    bad, fine = await send(mika(world), TO_RECEIPTS, receipt, good, proposal=proposal)
    assert (bad["status"], bad["code"]) == ("refused", "receipt_invalid")
    assert [error["pointer"] for error in bad["errors"]] == pointers
    assert fine["status"] == "proposed"


async def test_goods_of_an_order_that_was_called_off_here_are_not_proposed(world: World) -> None:
    await world.supplier((), external_reference="V-1")
    (order,) = await orders(world, row("CALLED-OFF"))
    assert (await world.act(world.bea, order, "cancel", {"reason": "not needed"})).status_code == 200
    proposal = (await mika(world).post("/v1/imports", json={"name": "goods"})).json()["id"]
    (result,) = await send(
        mika(world), TO_RECEIPTS, receipt_row("R", "CALLED-OFF", arrived(10, "1")), proposal=proposal
    )
    assert (result["status"], result["code"]) == ("refused", "wrong_state")


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
            assert result["errors"][0]["pointer"] == f"/{column}"
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
