"""Scorecards by templates: live, as of any day, with evidence that adds up, and right where others err."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest

from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import Role

from .test_scores import published
from .test_templates import ON_TIME, STATED, Owners
from .world import NOON, TODAY, World

IN_FULL: dict[str, Any] = ON_TIME | {"kpi": "in-full"}
HALF_EACH: dict[str, Any] = STATED | {"kpis": [ON_TIME | {"weight": "60"}, IN_FULL | {"weight": "40"}]}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
async def owners(world: World, api: httpx.AsyncClient, issuer: LocalIssuer) -> Owners:
    for code, parent in (("metals", None), ("fasteners", "metals"), ("paper", None)):
        await world.category(code, parent)
    return Owners(api, issuer)


async def card_of(
    api: httpx.AsyncClient, supplier: UUID, as_of: date | None = None, headers: dict[str, str] | None = None
) -> dict[str, Any]:
    params = {} if as_of is None else {"as_of": as_of.isoformat()}
    shown = await api.get(f"/v1/suppliers/{supplier}/scorecard", params=params, headers=headers)
    assert shown.status_code == 200, shown.text
    found: dict[str, Any] = shown.json()
    return found


async def figures_of(api: httpx.AsyncClient, kpi: str, supplier: UUID) -> list[dict[str, Any]]:
    shown = await api.get(f"/v1/kpis/{kpi}/figures", params={"supplier_id": str(supplier)})
    items: list[dict[str, Any]] = shown.json()["items"]
    return items


async def deliver(world: World, supplier: UUID, *late: int, category: str = "fasteners") -> None:
    """Order a line for each number, which arrives so many days after it was promised."""
    for number, days in enumerate(late):
        promised_on = ago(60 + number)
        order = await world.order(supplier, promised_on, category=category)
        await world.receive(order, promised_on + timedelta(days=days))


async def test_a_template_judges_whom_it_fits_from_its_activation_on(world: World, owners: Owners) -> None:
    fits, other = await world.supplier(), await world.supplier("Paper Mill AG")
    await deliver(world, fits, 0, 5, 5, 5)
    await deliver(world, other, 0, 5, 5, 5, category="paper")
    await world.rescore()
    before = {one: (await card_of(owners.api, one))["known"] for one in (fits, other)}
    assert {one["template"] for one in before.values()} == {"default"}

    await owners.let_judge("metals", HALF_EACH | {"category": "metals"})
    await world.rescore()

    known = (await card_of(owners.api, fits))["known"]
    assert (known["template"], known["template_number"]) == ("metals", 1)
    assert [(part["code"], part["points"], part["share"]) for part in known["parts"]] == [
        ("on-time", "25.00", "60.00"),
        ("in-full", "100.00", "40.00"),
    ]
    assert (known["score"], known["grade"], known["consequence"]) == ("55.0", "D", "none")
    assert (await card_of(owners.api, other))["known"] == before[other]
    event = (await published(world, fits))[-1]
    assert (event.score, event.template, event.template_number) == (Decimal("55.0"), "metals", 1)
    score = (await owners.api.get(f"/v1/suppliers/{fits}/score")).json()
    assert [(part["name"], part["weight"]) for part in score["components"]] == [
        ("on-time", 60),
        ("in-full", 40),
    ]
    [standing, _] = (await owners.api.get("/v1/scorecards")).json()["items"]
    assert standing["grade"] == "D" or standing["supplier"]["id"] == str(other)


async def test_a_receipt_changes_the_score_that_a_template_makes(world: World, owners: Owners) -> None:
    supplier = await world.supplier()
    await deliver(world, supplier, 0, 0)
    await owners.let_judge("fasteners", STATED)
    order = await world.order(supplier, ago(1))
    await world.rescore()
    assert (await card_of(owners.api, supplier))["known"]["score"] == "66.7"
    await world.receive(order, ago(1))
    await world.rescore()
    assert (await card_of(owners.api, supplier))["known"]["score"] == "100.0"


async def test_a_new_version_of_a_kpi_moves_the_scores_of_templates_that_name_it(
    world: World, owners: Owners
) -> None:
    supplier = await world.supplier()
    await deliver(world, supplier, 0, 5, 9)
    await owners.let_judge("fasteners", STATED)
    await world.rescore()
    assert (await card_of(owners.api, supplier))["known"]["score"] == "33.3"

    drafted = await owners.api.post("/v1/kpis/on-time/versions", json=GRACE, headers=owners.headers("cora"))
    path = f"{drafted.headers['Location']}:activate"
    await owners.api.post(path, headers=owners.headers("carl", drafted.headers["ETag"]))
    await world.rescore()

    known = (await card_of(owners.api, supplier))["known"]
    assert (known["score"], known["parts"][0]["kpi_number"]) == ("66.7", 1)


async def test_as_of_says_what_was_known_and_apart_what_is_known_now(
    world: World, owners: Owners, issuer: LocalIssuer
) -> None:
    supplier = await world.supplier()
    await deliver(world, supplier, 0, 0, 5)
    order = await world.order(supplier, ago(20))
    await owners.let_judge("fasteners", STATED)
    await world.rescore()
    world.clock.now = NOON + timedelta(days=3)
    await world.receive(order, ago(20))  # booked late
    await world.rescore()

    then = await card_of(owners.api, supplier, TODAY)

    assert (then["known"]["score"], then["now_known"]["score"]) == ("50.0", "75.0")
    assert datetime.fromisoformat(then["known"]["judged_at"]) == NOON
    assert then["now_known"]["judged_at"] is None
    assert then["now_known"]["window_to"] == TODAY.isoformat()
    assert (await card_of(owners.api, supplier))["known"]["score"] == "75.0"
    assert (await card_of(owners.api, supplier, ago(1)))["known"] is None
    tomorrow = {"as_of": (TODAY + timedelta(days=9)).isoformat()}
    refused = await owners.api.get(f"/v1/suppliers/{supplier}/scorecard", params=tomorrow)
    assert (refused.status_code, refused.json()["code"]) == (422, "as_of_in_future")
    headers = {"Authorization": f"Bearer {issuer.token('sue', Role.SUPPLIER, supplier_id=supplier)}"}
    own = await card_of(owners.api, supplier, TODAY, headers)
    assert own["known"]["score"] == "50.0"
    assert "template" not in own["known"]
    assert "kpi_number" not in own["known"]["parts"][0]


async def test_periods_of_a_template_have_figures_of_their_own(world: World, owners: Owners) -> None:
    supplier = await world.supplier()
    for days, late in ((10, 0), (80, 0), (120, 9), (200, 9)):
        order = await world.order(supplier, ago(days))
        await world.receive(order, ago(days) + timedelta(days=late))
    periods = [{"days": 90, "weight": "60"}, {"days": 275, "weight": "40"}]
    await owners.let_judge("fasteners", STATED | {"periods": periods})
    await world.rescore()
    [part] = (await card_of(owners.api, supplier))["known"]["parts"]
    assert [(one["period"], one["value"], one["sample"]) for one in part["figures"]] == [
        (0, "100.00", 2),
        (1, "0.00", 2),
    ]
    assert part["points"] == "60.00"
    world.clock.now = NOON + timedelta(days=11)  # the line of 80 days ago leaves the latest period
    await world.judge(TODAY + timedelta(days=11))
    [part] = (await card_of(owners.api, supplier))["known"]["parts"]
    assert [one["value"] for one in part["figures"]] == ["100.00", "33.33"]


async def test_parts_add_up_and_every_figure_is_that_of_its_evidence(world: World, owners: Owners) -> None:
    supplier = await world.supplier()
    await deliver(world, supplier, 0, 0, 5, 9)
    await owners.let_judge("fasteners", HALF_EACH)
    await world.rescore()
    known = (await card_of(owners.api, supplier))["known"]
    weighed = [Decimal(part["points"]) * Decimal(part["weight"]) for part in known["parts"]]
    assert sum(weighed) / 100 == Decimal(known["score"])
    for part in known["parts"]:
        [figure] = part["figures"]
        params = {"supplier_id": str(supplier), "from": known["window_from"], "to": known["window_to"]}
        behind = await owners.api.get(f"/v1/kpis/{part['code']}/evidence", params=params)
        facts = behind.json()["items"]
        for side in ("numerator", "denominator"):
            assert sum(Decimal(fact[side] or 0) for fact in facts) == Decimal(figure[side])
        assert all(fact["events"] for fact in facts if fact["denominator"])


GRACE: dict[str, Any] = {
    "title": "On time",
    "formula": "Within 7 days",
    "definition": {
        "of": "lines",
        "numerator": {
            "aggregate": "count",
            "where": {
                "condition": "compares",
                "left": {"operand": "column", "column": "arrived_on"},
                "by": "at_most",
                "right": {"operand": "column", "column": "promised_on", "plus_days": 7},
            },
        },
        "denominator": {"aggregate": "count", "where": {"condition": "is_true", "column": "due"}},
        "unit": "percent",
        "scale": "100",
        "direction": "higher",
        "decimals": 2,
    },
}


async def test_deliveries_in_parts_add_up_to_a_line_on_time(world: World, owners: Owners) -> None:
    """V37, odoo#225529: 10 ordered, 6 and 4 received in time are 100 % on time and not 71.43 %."""
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(14), "6")
    await world.receive(order, ago(10), "4")
    [figure] = await figures_of(owners.api, "on-time", supplier)
    assert (figure["value"], figure["numerator"], figure["denominator"]) == ("100.00", "1", "1")


async def test_twice_the_quantity_is_not_twice_as_good(world: World, owners: Owners) -> None:
    """odoo#219691: 20 received of 10 ordered were 200 %."""
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(10), "20")
    for kpi in ("on-time", "in-full", "on-time-in-full"):
        [figure] = await figures_of(owners.api, kpi, supplier)
        assert figure["value"] == "100.00", kpi


@pytest.mark.parametrize("hour", [0, 11, 23])
async def test_any_hour_of_the_promised_day_is_on_time(world: World, owners: Owners, hour: int) -> None:
    """V39, odoo#260384: what came on the promised day after its first minute was late."""
    supplier = await world.supplier()
    order = await world.order(supplier, TODAY, time_zone="UTC")
    world.clock.now = NOON.replace(hour=hour, minute=59)
    await world.receive(order, TODAY)
    [figure] = await figures_of(owners.api, "on-time", supplier)
    assert figure["value"] == "100.00"


async def test_a_rest_that_was_cancelled_in_time_is_not_overdue(world: World, owners: Owners) -> None:
    """odoo#268488: what nobody wants any more counted as late for ever."""
    supplier = await world.supplier()
    order = await world.order(supplier, ago(10))
    await world.receive(order, ago(14), "6")
    await world.close_line(order, ago(11), rest="4")
    [figure] = await figures_of(owners.api, "on-time", supplier)
    assert (figure["value"], figure["denominator"]) == (None, "0")
    assert (await figures_of(owners.api, "lines-late", supplier))[0]["value"] == "0"


async def test_all_suppliers_stand_in_one_view(world: World, owners: Owners) -> None:
    """odoo#264993: each supplier had to be opened to be compared."""
    suppliers = {await world.supplier(f"Supplier {number}") for number in range(3)}
    for supplier in suppliers:
        await deliver(world, supplier, 0, 0, 3)
    await world.rescore()
    items = (await owners.api.get("/v1/scorecards")).json()["items"]
    assert {UUID(one["supplier"]["id"]) for one in items} == suppliers
    assert all(one["score"] and one["grade"] for one in items)


async def test_who_is_idle_has_no_score(world: World, owners: Owners) -> None:
    """erpnext#31597, odoo#58653: without a delivery there is nothing to be good or bad at."""
    supplier = await world.supplier()
    await world.order(supplier, TODAY + timedelta(days=30))
    await owners.let_judge("fasteners", HALF_EACH)
    await world.rescore()
    known = (await card_of(owners.api, supplier))["known"]
    assert (known["score"], known["grade"], known["consequence"]) == (None, None, "none")
    assert {part["not_rated"] for part in known["parts"]} == {"no_data"}


async def test_a_poor_supplier_warns_by_default(world: World, owners: Owners) -> None:
    """erpnext#36269: nothing followed of the worst standing."""
    supplier = await world.supplier()
    await deliver(world, supplier, 90, 90, 90)
    await world.rescore()
    known = (await card_of(owners.api, supplier))["known"]
    assert (known["grade"], known["consequence"]) == ("E", "warn")
    assert (await published(world, supplier))[-1].consequence == "warn"


async def test_percentiles_are_days_that_occurred(world: World, owners: Owners) -> None:
    """V43: of 3 5 5 6 7 8 8 9 12 30 days every other took 7 at most, and nine in ten 12."""
    supplier = await world.supplier()
    for days in (3, 5, 5, 6, 7, 8, 8, 9, 12, 30):
        order = await world.order(supplier, ago(50), ordered_on=ago(80))
        await world.receive(order, ago(80) + timedelta(days=days))
    for kpi, value in (("lead-time-p50", "7"), ("lead-time-p90", "12")):
        [figure] = await figures_of(owners.api, kpi, supplier)
        assert figure["value"] == value
