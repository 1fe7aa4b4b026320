"""Contracts arrive by events, and what things cost by them is found and told with the arithmetic."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from purveyor.db import new_id
from purveyor_contract.events.sourcing.contracts import (
    ContractActivated,
    ContractAmended,
    ContractedPrice,
    ContractedTerms,
    ContractedTier,
    ContractExpired,
    ContractRenewed,
    ContractResumed,
    ContractSuspended,
    ContractTerminated,
)

if TYPE_CHECKING:
    from services.procurement.tests.conftest import World

Json = dict[str, Any]


def price(cost: str = "12.40", **changes: Any) -> ContractedPrice:
    stated: Json = {
        "number": 1,
        "category": "fasteners",
        "item": "M8-HEX-40",
        "site": None,
        "unit": "C62",
        "price_base_quantity": Decimal(100),
        "tiers": (ContractedTier(from_quantity=Decimal(0), below=None, price=Decimal(cost)),),
        "pack_quantity": None,
        "least_quantity": None,
        "most_quantity": None,
        "valid_from": date(2026, 1, 1),
        "valid_to": date(2026, 12, 31),
    }
    return ContractedPrice(**(stated | changes))


def version(supplier_id: UUID, contract_id: UUID, *prices: ContractedPrice, **changes: Any) -> Json:
    stated: Json = {
        "contract_id": contract_id,
        "number": "C-000042",
        "supplier_id": supplier_id,
        "parties": (supplier_id,),
        "edition": 1,
        "kind": "framework",
        "title": "Fasteners 2026",
        "currency": "EUR",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2026, 12, 31),
        "ceiling_value": None,
        "prices": prices or (price(),),
        "terms": ContractedTerms(),
    }
    return stated | changes


async def activated(world: World, *prices: ContractedPrice, **changes: Any) -> Json:
    """Let a contract begin, with a supplier that is approved; returns what its versions say."""
    supplier_id = await world.supplier()
    said = version(supplier_id, new_id(), *prices, **changes)
    await world.hears(ContractActivated(**said, signed_by=("ava", "mel")))
    return said


async def asked(world: World, contract: Json, **changes: Any) -> Json:
    asking = {
        "supplier_id": str(contract["supplier_id"]),
        "item": "M8-HEX-40",
        "category": "fasteners",
        "unit": "C62",
        "quantity": "500",
        "currency": "EUR",
        "day": "2026-03-02",
    }
    response = await world.bea.get("/v1/contract-price", params=asking | changes)
    assert response.status_code == 200, response.text
    found: Json = response.json()
    return found


def happened(contract: Json, **more: Any) -> Json:
    return {name: contract[name] for name in ("contract_id", "number", "supplier_id", "parties")} | more


async def test_a_contract_price_is_told_with_its_arithmetic(world: World) -> None:
    contract = await activated(world)
    found = await asked(world, contract)
    assert (found["contract_id"], found["edition"], found["line_number"]) == (
        str(contract["contract_id"]),
        1,
        1,
    )
    assert found["amount"] == {"amount": "62.00", "currency": "EUR"}
    assert found["arithmetic"][-1] == "500 × 12.40 ÷ 100 = 62.00 EUR"
    assert (await asked(world, contract, item="other"))["why_none"] == "No contract prices it on that day."
    elsewhere = {"supplier_id": await world.supplier()}
    assert (await asked(world, elsewhere))["contract_id"] is None


async def test_each_day_has_the_price_of_one_version_and_none_after_the_end(world: World) -> None:
    contract = await activated(world)
    amended = contract | {"edition": 2, "prices": (price("13.00"),)}
    await world.hears(
        ContractAmended(**amended, in_force_from=date(2026, 6, 1), why="Steel", signed_by=("ava", "mel"))
    )
    renewed = amended | {"edition": 3, "ends_on": date(2027, 6, 30)}
    renewed["prices"] = (price("13.00", valid_to=date(2027, 6, 30)),)
    await world.hears(
        ContractRenewed(
            **renewed,
            in_force_from=date(2026, 10, 1),
            previous_ends_on=date(2026, 12, 31),
            automatic=True,
        )
    )
    for day, edition, cost in (
        ("2026-05-31", 1, "12.40"),
        ("2026-06-01", 2, "13.00"),
        ("2026-10-01", 3, "13.00"),
        ("2027-06-30", 3, "13.00"),
    ):
        found = await asked(world, contract, day=day)
        assert (found["edition"], found["price"]["amount"]) == (edition, cost)
    for day in ("2025-12-31", "2027-07-01"):
        assert (await asked(world, contract, day=day))["contract_id"] is None


async def test_two_versions_of_one_day_leave_the_last(world: World) -> None:
    contract = await activated(world)
    for edition, cost in ((2, "13.00"), (3, "14.00")):
        said = contract | {"edition": edition, "prices": (price(cost),)}
        await world.hears(
            ContractAmended(**said, in_force_from=date(2026, 3, 2), why="Steel", signed_by=("ava", "mel"))
        )
    assert (await asked(world, contract))["price"]["amount"] == "14.00"
    assert (await asked(world, contract, day="2026-03-01"))["price"]["amount"] == "12.40"


async def test_nothing_is_priced_by_a_contract_that_is_suspended_or_over(world: World) -> None:
    contract = await activated(world)
    of = happened(contract, reason="An audit is due")
    await world.hears(ContractSuspended(**of, suspended_by="mia"))
    assert (await asked(world, contract))["why_none"] == "Contract C-000042 prices it and is suspended."
    await world.hears(ContractResumed(**of, resumed_by="mia"))
    assert (await asked(world, contract))["contract_number"] == "C-000042"
    await world.hears(ContractTerminated(**of, ended_on=date(2026, 3, 2), terminated_by="mia"))
    assert (await asked(world, contract))["contract_id"] is None
    over = await activated(world)
    await world.hears(ContractExpired(**happened(over), ended_on=date(2026, 12, 31)))
    assert (await asked(world, over))["contract_id"] is None


async def test_a_company_of_the_group_that_is_a_party_has_its_prices(world: World) -> None:
    affiliate = await world.supplier()
    contract = await activated(world)
    said = contract | {"edition": 2, "parties": (contract["supplier_id"], affiliate)}
    await world.hears(
        ContractAmended(**said, in_force_from=date(2026, 3, 2), why="More", signed_by=("ava", "mel"))
    )
    assert (await asked(world, {"supplier_id": affiliate}))["contract_number"] == "C-000042"


async def test_the_price_of_a_category_holds_for_what_no_line_names(world: World) -> None:
    general = price("9.00", number=2, item=None)
    contract = await activated(world, price(), general, price("8.00", number=3, site="HAM-1"))
    assert (await asked(world, contract, item="other"))["line_number"] == 2
    assert (await asked(world, contract))["line_number"] == 1
    assert (await asked(world, contract, site="HAM-1"))["line_number"] == 3
    assert (await asked(world, contract, unit="KGM", site="HAM-1"))["why_none"] == (
        "Contract C-000042 prices it for the unit C62."
    )


async def test_less_than_is_sold_has_no_price(world: World) -> None:
    contract = await activated(world, price(least_quantity=Decimal(1000), pack_quantity=Decimal(100)))
    assert (await asked(world, contract))["why_none"] == "Contract C-000042 sells 1000 or more."
    odd = await asked(world, contract, quantity="1001")
    assert odd["why_none"] == "Contract C-000042 sells whole packs of 100."
