"""What is taken off an order and put on it, how it is taxed, and what its lines cost with all of that."""

from __future__ import annotations

from typing import Any

import pytest

from purveyor_contract.roles import Role

from .amending import amended, draft, kept, read, stated
from .conftest import World, line, order_body

FREIGHT: dict[str, Any] = {"reason": "freight", "reason_code": "FC", "amount": "10.00", "tax_code": "S19"}
REBATE: dict[str, Any] = {
    "reason": "yearly turnover",
    "reason_code": "105",
    "percent": "2",
    "tax_code": "S19",
}
RATES = {
    "S19": ("S", [{"valid_from": "2021-01-01", "rate": "19"}]),
    "S7": ("S", [{"valid_from": "2021-01-01", "rate": "7"}]),
    "FALLS": (
        "S",
        [
            {"valid_from": "2021-01-01", "valid_to": "2026-02-28", "rate": "19"},
            {"valid_from": "2026-03-01", "rate": "16"},
        ],
    ),
    "OVER": ("S", [{"valid_from": "2021-01-01", "valid_to": "2026-03-01", "rate": "19"}]),
    "AE19": ("AE", [{"valid_from": "2021-01-01", "rate": "19"}]),
}


@pytest.fixture(autouse=True)
async def tax_codes(world: World) -> None:
    paula = world.person("paula", Role.ACCOUNTS_PAYABLE)
    for code, (category, periods) in RATES.items():
        body = {
            "name": code,
            "country": "DE",
            "category": category,
            "reverse_charge": category == "AE",
            "periods": periods,
        }
        answer = await paula.put(f"/v1/tax-codes/{code}", json=body)
        assert answer.status_code in {200, 201}, answer.text


def figures(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what an order comes to, but for its taxes."""
    return {name: value for name, value in shown["amounts"].items() if name != "taxes"}


def taxes(shown: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    return [(one["category"], one["rate"], one["taxable_amount"], one["tax_amount"]) for one in shown]


async def test_an_order_comes_to_the_sum_of_its_rounded_parts_with_tax_a_category(world: World) -> None:
    order = await world.order(
        await world.supplier(),
        line(quantity="10", price="10", tax_code="S19"),
        line(quantity="3", price="33.333", tax_code="S7"),
        line(quantity="1", price="50", tax_code="AE19"),
        allowances=[REBATE],
        charges=[FREIGHT],
    )
    assert [one["amount"] for one in order["lines"]] == ["100.00", "100.00", "50.00"]
    assert figures(order) == {
        "lines": "250.00",
        "allowances": "5.00",
        "charges": "10.00",
        "net": "255.00",
        "tax": "26.95",
        "gross": "281.95",
    }
    assert order["total"]["amount"] == "255.00"
    assert taxes(order["amounts"]["taxes"]) == [
        ("AE", "0", "50.00", "0.00"),
        ("S", "7", "100.00", "7.00"),
        ("S", "19", "105.00", "19.95"),
    ]
    assert [one["landed_cost"] for one in order["lines"]] == ["102.00", "102.00", "51.00"]
    [taken_off], [put_on] = order["allowances"], order["charges"]
    assert (taken_off["comes_to"], taken_off["percent"], taken_off["amount"]) == ("5.00", "2", None)
    assert (put_on["comes_to"], put_on["spread_by"]) == ("10.00", "value")
    again = await read(world, order)
    assert {name: again[name] for name in ("lines", "allowances", "charges", "amounts", "total")} == {
        name: order[name] for name in ("lines", "allowances", "charges", "amounts", "total")
    }


async def test_allowances_and_charges_of_a_line_are_in_its_amount(world: World) -> None:
    """(410 × 10) + 1 − 101, as Peppol's guide has it."""
    order = await world.order(
        await world.supplier(),
        line(
            price="410",
            allowances=[{"reason": "sample", "reason_code": "67", "amount": "101"}],
            charges=[{"reason": "packaging", "amount": "1"}],
        ),
    )
    [shown] = order["lines"]
    assert (shown["amount"], shown["landed_cost"], order["total"]["amount"]) == (
        "4000.00",
        "4000.00",
        "4000.00",
    )
    assert (shown["allowances"][0]["comes_to"], shown["charges"][0]["comes_to"]) == ("101.00", "1.00")
    assert order["amounts"]["tax"] is None


async def test_what_an_order_comes_to_is_told_and_of_each_version(world: World) -> None:
    order = await world.order(
        await world.supplier(),
        line(tax_code="S19", allowances=[{"reason": "end of range", "percent": "10"}]),
        line(tax_code="S19", price="5.00"),
        charges=[FREIGHT],
    )
    order = await read(world, await world.brought_to(order, "issued"))
    [(_, _, told)] = await world.events_of(order)
    assert [one["landed_cost"] for one in told["lines"]] == ["25.60", "56.90"]
    assert [one["tax_code"] for one in told["lines"]] == ["S19", "S19"]
    assert told["lines"][0]["allowances"][0]["amount"] == "2.50"
    assert [(one["reason"], one["amount"], one["spread_by"]) for one in told["charges"]] == [
        ("freight", "10.00", "value")
    ]
    assert (told["total"]["amount"], told["total_with_tax"]["amount"]) == ("82.50", "98.18")
    assert taxes(told["taxes"]) == [("S", "19", "82.50", "15.68")]
    now = await amended(world, order, kept(order, 1), kept(order, 2, allowances=[]), charges=[])
    assert (now["total"]["amount"], now["amounts"]["gross"]) == ("72.50", "86.28")
    told = (await world.events_of(order))[-1][2]
    assert (told["total_with_tax"]["amount"], told["charges"]) == ("86.28", [])
    path = f"/v1/purchase-orders/{order['id']}/versions"
    first = (await world.bea.get(f"{path}/1")).json()
    assert (first["total"]["amount"], figures(first), first["charges"]) == (
        "82.50",
        figures(order),
        order["charges"],
    )
    assert [one["landed_cost"] for one in first["lines"]] == ["25.60", "56.90"]
    words = (await world.bea.get(f"{path}/2/differences")).json()["words"]
    assert words == ["Order: charges freight 10.00 (FC), taxed S19 → nothing"]


async def test_an_order_that_says_nothing_of_it_comes_to_what_its_lines_do(world: World) -> None:
    order = await world.issued()
    [(_, _, told)] = await world.events_of(order)
    assert (told["total"]["amount"], told["total_with_tax"], told["taxes"]) == ("25.00", None, [])
    assert told["lines"][0]["landed_cost"] is None
    shown = await read(world, order)
    assert figures(shown) == {
        "lines": "25.00",
        "allowances": "0",
        "charges": "0",
        "net": "25.00",
        "tax": None,
        "gross": None,
    }


async def test_a_rate_is_that_of_the_orders_day_and_stays_it(world: World) -> None:
    supplier_id = await world.supplier()
    before = await world.order(supplier_id, line(tax_code="FALLS"), ordered_on="2026-02-28")
    today = await world.order(supplier_id, line(tax_code="FALLS"))
    assert [one["amounts"]["tax"] for one in (before, today)] == ["4.75", "4.00"]
    paula = world.person("paula", Role.ACCOUNTS_PAYABLE)
    code = (await paula.get("/v1/tax-codes/FALLS")).json()
    other = {name: code[name] for name in ("name", "country", "category", "reverse_charge")} | {
        "periods": [{"valid_from": "2021-01-01", "rate": "20"}]
    }
    seen = (await paula.get("/v1/tax-codes/FALLS")).headers["ETag"]
    assert (await paula.put("/v1/tax-codes/FALLS", json=other, headers={"If-Match": seen})).status_code == 200
    try:
        issued = await read(world, await world.brought_to(before, "issued"))
        now = await amended(world, issued, kept(issued, 1, quantity="20"))
        assert (now["amounts"]["tax"], (await read(world, today))["amounts"]["tax"]) == ("9.50", "4.00")
    finally:
        seen = (await paula.get("/v1/tax-codes/FALLS")).headers["ETag"]
        back = other | {"periods": RATES["FALLS"][1]}
        await paula.put("/v1/tax-codes/FALLS", json=back, headers={"If-Match": seen})


async def test_an_amendment_that_taxes_otherwise_goes_by_todays_rate(world: World) -> None:
    order = await world.order(await world.supplier(), line(tax_code="OVER"), ordered_on="2026-03-01")
    order = await read(world, await world.brought_to(order, "issued"))
    added = await amended(world, order, kept(order, 1), line(tax_code="FALLS"))
    assert taxes(added["amounts"]["taxes"]) == [
        ("S", "16", "25.00", "4.00"),
        ("S", "19", "25.00", "4.75"),
    ]
    untaxed = await amended(world, added, kept(added, 1, tax_code=None), kept(added, 2, tax_code=None))
    assert (untaxed["amounts"]["tax"], untaxed["amounts"]["taxes"]) == (None, [])


@pytest.mark.parametrize(
    ("by", "landed"),
    [
        ("value", ["30.00", "60.00", "120.01"]),
        ("quantity", ["30.84", "61.67", "117.50"]),
        ("weight", ["33.34", "53.33", "123.34"]),
    ],
)
async def test_freight_is_spread_by_value_quantity_or_weight_to_the_cent(
    world: World, by: str, landed: list[str]
) -> None:
    order = await world.order(
        await world.supplier(),
        line(quantity="10", price="2.50", weight="5"),
        line(quantity="20", price="2.50", weight="2"),
        line(quantity="30", price="3.3333", weight="14"),
        charges=[{"reason": "freight", "amount": "35.01", "spread_by": by}],
    )
    assert [one["landed_cost"] for one in order["lines"]] == landed
    assert [one["weight"] for one in order["lines"]] == ["5", "2", "14"]


async def test_charges_are_not_spread_by_quantities_that_are_not_added_up(world: World) -> None:
    body = order_body(
        await world.supplier(),
        line(),
        line(unit="KGM"),
        charges=[{"reason": "freight", "amount": "1", "spread_by": "quantity"}],
    )
    refused = (await world.robin.post("/v1/purchase-orders", json=body)).json()
    assert [(one["pointer"], one["detail"]) for one in refused["errors"]] == [
        ("/charges/0/spread_by", "quantities of C62 and KGM are not added up: spread it by value or weight")
    ]
    free = body | {"lines": [line(price="0")], "charges": [{"reason": "freight", "amount": "1"}]}
    refused = (await world.robin.post("/v1/purchase-orders", json=free)).json()
    assert refused["errors"][0]["pointer"] == "/charges/0/spread_by"


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"charges": [{"reason": "freight"}]}, "amounts_invalid", "/charges/0/amount"),
        (
            {"charges": [{"reason": "freight", "amount": "1", "percent": "2"}]},
            "amounts_invalid",
            "/charges/0/amount",
        ),
        (
            {"charges": [{"reason": "freight", "amount": "1", "base_amount": "2"}]},
            "amounts_invalid",
            "/charges/0/base_amount",
        ),
        (
            {"charges": [{"reason": "freight", "amount": "1", "reason_code": "95"}]},
            "amounts_invalid",
            "/charges/0/reason_code",
        ),
        (
            {"allowances": [{"reason": "rebate", "amount": "1", "reason_code": "FC"}]},
            "amounts_invalid",
            "/allowances/0/reason_code",
        ),
        ({"allowances": [{"reason": "rebate", "amount": "25.01"}]}, "amounts_invalid", "/allowances"),
        (
            {"charges": [{"reason": "freight", "amount": "1", "spread_by": "weight"}]},
            "amounts_invalid",
            "/lines/0/weight",
        ),
        (
            {"charges": [{"reason": "freight", "amount": "1", "spread_by": "length"}]},
            "validation_failed",
            "/charges/0/spread_by",
        ),
        (
            {"lines": [line(allowances=[{"reason": "rebate", "amount": "25.01"}])]},
            "lines_invalid",
            "/lines/0/allowances",
        ),
        ({"lines": [line(charges=[{"reason": "x"}])]}, "lines_invalid", "/lines/0/charges/0/amount"),
        ({"lines": [line(tax_code="NONE")]}, "tax_codes_not_valid", "/lines/0/tax_code"),
        ({"lines": [line(tax_code="OVER")]}, "tax_codes_not_valid", "/lines/0/tax_code"),
        ({"lines": [line(tax_code="S19"), line()]}, "tax_codes_incomplete", "/lines/1/tax_code"),
        (
            {"lines": [line(tax_code="S19")], "charges": [{"reason": "freight", "amount": "1"}]},
            "tax_codes_incomplete",
            "/charges/0/tax_code",
        ),
    ],
)
async def test_what_no_total_could_be_right_with_is_refused_of_drafts_and_of_amendments(
    world: World, changes: dict[str, Any], code: str, pointer: str
) -> None:
    supplier_id = await world.supplier()
    answers = [await world.robin.post("/v1/purchase-orders", json=order_body(supplier_id) | changes)]
    order = await world.order(supplier_id)
    path, seen = f"/v1/purchase-orders/{order['id']}", {"If-Match": '"1"'}
    answers.append(await world.robin.put(path, json=order_body(supplier_id) | changes, headers=seen))
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    order = await read(world, await world.brought_to(order, "issued"))
    lines = changes.get("lines", [line()])
    lines = [one | {"line_number": number} for number, one in enumerate(lines, start=1)]
    refused = await draft(world, order, stated(order, *lines) | changes | {"lines": lines})
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


async def test_a_supplier_is_shown_what_its_order_comes_to_but_not_what_lines_cost_us(world: World) -> None:
    supplier_id = await world.supplier()
    order = await world.order(supplier_id, line(tax_code="S19"), charges=[FREIGHT])
    await world.brought_to(order, "issued")
    sue = world.person("sue", Role.SUPPLIER, supplier_id=supplier_id)
    for path in ("", "/versions/1"):
        shown = (await sue.get(f"/v1/purchase-orders/{order['id']}{path}")).json()
        assert (shown["amounts"]["gross"], shown["charges"][0]["comes_to"]) == ("41.65", "10.00")
        assert (shown["lines"][0]["tax_code"], "landed_cost" in shown["lines"][0]) == ("S19", False)


async def test_a_line_that_is_called_off_costs_nothing_whether_by_itself_or_by_an_amendment(
    world: World,
) -> None:
    freight = {"reason": "freight", "amount": "10", "spread_by": "value"}
    shown = []
    for by_itself in (True, False):
        order = await world.order(await world.supplier(), line(), line(), charges=[freight])
        order = await read(world, await world.brought_to(order, "issued"))
        assert (order["worth"], order["total"]["amount"]) == ("60.00", "60.00")
        if by_itself:
            seen = {"If-Match": f'"{await world.version_of(order["id"])}"'}
            path = f"/v1/purchase-orders/{order['id']}/lines/2:cancel"
            answer = await world.bea.post(path, json={"reason": "not needed"}, headers=seen)
            assert answer.status_code == 200, answer.text
        else:
            await amended(world, order, kept(order, 1), cancelled_lines=[2])
        now = await read(world, order)
        shown.append((now["worth"], [one["landed_cost"] for one in now["lines"]]))
    assert shown == [("35.00", ["35.00", None])] * 2
