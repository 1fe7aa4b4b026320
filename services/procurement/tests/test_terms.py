"""Terms of payment, tax codes and exchange rates, as people state them and ask for them."""

import json
from typing import Any

import httpx
import pytest

from purveyor_contract.roles import Role

from .conftest import World

TERMS: dict[str, Any] = {
    "name": "Half at once, half at the end of the month",
    "instalments": [{"percent": "50", "days": 0}, {"percent": "50", "days": 30, "to_end_of_month": True}],
}
TAX: dict[str, Any] = {
    "name": "Standard rate",
    "country": "DE",
    "category": "S",
    "periods": [
        {"valid_from": "2020-07-01", "valid_to": "2020-12-31", "rate": "16"},
        {"valid_from": "2021-01-01", "rate": "19"},
    ],
}


def paula(world: World) -> httpx.AsyncClient:
    return world.person("paula", Role.ACCOUNTS_PAYABLE)


def cora(world: World) -> httpx.AsyncClient:
    return world.person("cora", Role.CATEGORY_MANAGER)


@pytest.mark.parametrize(
    ("path", "body", "change", "by", "not_by"),
    [
        ("payment-terms", TERMS, {"valid_to": "2026-12-31"}, cora, paula),
        ("tax-codes", TAX, {"name": "Input tax"}, paula, cora),
    ],
)
async def test_they_are_created_read_listed_and_changed_by_who_saw_them(
    world: World, path: str, body: dict[str, Any], change: dict[str, Any], by: Any, not_by: Any
) -> None:
    where = f"/v1/{path}/T-1"
    assert (await not_by(world).put(where, json=body)).status_code == 403
    created = await by(world).put(where, json=body)
    assert (created.status_code, created.headers["ETag"]) == (201, '"1"')
    again = await by(world).put(where, json=body)
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')
    assert (await by(world).put(where, json=body | change)).status_code == 428
    changed = await by(world).put(where, json=body | change, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    read = await world.bea.get(where)
    assert (read.json(), read.headers["ETag"][:2]) == (changed.json(), '"2')
    listed = (await world.bea.get(f"/v1/{path}", params={"limit": 200})).json()["items"]
    assert read.json() in listed
    assert (await world.bea.get(f"/v1/{path}/none")).status_code == 404


async def test_terms_say_what_falls_due_when_and_what_paying_early_takes_off(world: World) -> None:
    terms = TERMS | {"discounts": []}
    assert (await cora(world).put("/v1/payment-terms/HALVES", json=terms)).status_code == 201
    asked = {"day": "2026-01-15", "amount": "100.01", "currency": "EUR"}
    found = await world.rita.get("/v1/payment-terms/HALVES/due", params=asked)
    assert [(one["due_on"], one["amount"]["amount"]) for one in found.json()["items"]] == [
        ("2026-01-15", "50.01"),
        ("2026-02-28", "50.00"),
    ]
    net = {
        "name": "30 net, 2 % in 10",
        "instalments": [{"percent": "100.0", "days": 30}],
        "discounts": [{"percent": "2", "days": 10}],
    }
    assert (await cora(world).put("/v1/payment-terms/2-10", json=net)).status_code == 201
    for paid_on, taken_off in (("2026-01-25", "2.00"), ("2026-01-26", "0.00")):
        found = await world.rita.get("/v1/payment-terms/2-10/due", params=asked | {"paid_on": paid_on})
        assert found.json()["discount"] == {"amount": taken_off, "currency": "EUR"}
    assert (await world.rita.get("/v1/payment-terms/none/due", params=asked)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"instalments": [{"percent": "99.9", "days": 30}]}, "/instalments"),
        ({"instalments": []}, "/instalments"),
        ({"instalments": [{"percent": "0", "days": 30}]}, "/instalments/0/percent"),
        ({"instalments": [{"percent": "100", "days": -1}]}, "/instalments/0/days"),
        ({"discounts": [{"percent": "101", "days": 10}]}, "/discounts/0/percent"),
        ({"valid_from": "2026-02-01", "valid_to": "2026-01-31"}, "/valid_to"),
    ],
)
async def test_terms_that_cannot_be_are_refused_where_they_are_wrong(
    world: World, changes: dict[str, Any], pointer: str
) -> None:
    answer = await cora(world).put("/v1/payment-terms/BAD", json=TERMS | changes)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_terms_of_a_day_are_listed(world: World) -> None:
    spring = TERMS | {"valid_from": "2026-02-01", "valid_to": "2026-02-28"}
    await cora(world).put("/v1/payment-terms/SPRING", json=spring)
    for day, is_there in (
        ("2026-01-31", False),
        ("2026-02-01", True),
        ("2026-02-28", True),
        ("2026-03-01", False),
    ):
        listed = await world.bea.get("/v1/payment-terms", params={"valid_on": day, "limit": 200})
        assert ("SPRING" in {one["code"] for one in listed.json()["items"]}) == is_there, day


async def test_the_eleven_terms_of_delivery_are_listed(world: World) -> None:
    listed = (await world.bea.get("/v1/incoterms")).json()["items"]
    assert [one["code"] for one in listed] == [
        "EXW",
        "FCA",
        "CPT",
        "CIP",
        "DAP",
        "DPU",
        "DDP",
        "FAS",
        "FOB",
        "CFR",
        "CIF",
    ]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"category": "X"}, "/category"),
        ({"country": "XX"}, "/country"),
        ({"reverse_charge": True}, "/reverse_charge"),
        ({"periods": []}, "/periods"),
        ({"periods": [{"valid_from": "2021-01-01", "rate": "0"}]}, "/periods/0/rate"),
        ({"periods": [TAX["periods"][1], TAX["periods"][0]]}, "/periods/1/valid_from"),
        ({"periods": [TAX["periods"][1] | {"recoverable_part": "101"}]}, "/periods/0/recoverable_part"),
    ],
)
async def test_a_tax_code_that_cannot_be_is_refused_where_it_is_wrong(
    world: World, changes: dict[str, Any], pointer: str
) -> None:
    answer = await paula(world).put("/v1/tax-codes/BAD", json=TAX | changes)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_tax_codes_of_a_country_are_listed(world: World) -> None:
    assert (await paula(world).put("/v1/tax-codes/IS-S", json=TAX | {"country": "IS"})).status_code == 201
    listed = (await world.bea.get("/v1/tax-codes", params={"country": "IS"})).json()["items"]
    assert [one["code"] for one in listed] == ["IS-S"]


async def record(
    world: World, *rows: dict[str, Any], by: httpx.AsyncClient | None = None
) -> list[dict[str, Any]]:
    answer = await (by or paula(world)).post(
        "/v1/exchange-rates:bulk",
        content="\n".join(map(json.dumps, rows)),
        headers={"Content-Type": "application/x-ndjson"},
    )
    assert answer.status_code == 200, answer.text
    return [json.loads(row) for row in answer.text.splitlines()]


def rate(day: str, currency: str = "USD", value: str = "1.25", **more: Any) -> dict[str, Any]:
    return {"day": day, "currency": currency, "rate": value} | more


async def convert(world: World, **asked: str) -> httpx.Response:
    stated = {"amount": "100", "currency": "USD", "into": "EUR", "day": "2026-02-02"} | asked
    return await world.rita.get("/v1/exchange-rates/conversion", params=stated)


async def test_a_rate_is_what_its_source_said_until_somebody_says_that_it_was_wrong(world: World) -> None:
    known = rate("2026-01-05", source="BANK")
    [first, same, other, twice] = await record(
        world, known, known, known | {"rate": "1.3"}, known | {"rate": "1.250"}
    )
    assert (first["status"], same["status"], twice["status"]) == ("created", "unchanged", "unchanged")
    assert (other["status"], other["code"]) == ("refused", "rate_differs")
    assert other["errors"][0]["detail"] == "BANK said 1.25 of that day; say corrects: true if that was wrong"
    [again, corrected] = await record(world, known, known | {"rate": "1.3", "corrects": True})
    assert (again["status"], corrected["status"]) == ("unchanged", "updated")
    found = (await world.rita.get("/v1/exchange-rates", params={"source": "BANK"})).json()["items"]
    assert [(one["rate"], one["recorded_by"]) for one in found] == [("1.3", "paula")]
    actions = await world.value(
        "SELECT array_agg(action ORDER BY at, id) FROM audit_record WHERE entity_id LIKE 'BANK EUR/USD%'"
    )
    assert actions == ["record", "correct"]
    assert (await cora(world).post("/v1/exchange-rates:bulk", content="")).status_code == 403


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"rate": "0"}, "rate"),
        ({"rate": "-1"}, "rate"),
        ({"rate": "1e30"}, "rate"),
        ({"rate": "N/A"}, "rate"),
        ({"currency": "EUR"}, "currency"),
        ({"currency": "XAU"}, "currency"),
        ({"currency": "ZZZ"}, "currency"),
        ({"day": "1900-01-01"}, "day"),
    ],
)
async def test_what_is_no_rate_is_refused_and_costs_no_other(
    world: World, changes: dict[str, Any], pointer: str
) -> None:
    good = rate("2026-01-06", source=f"GOOD {' '.join(changes.values())}")
    [bad, fine] = await record(world, good | changes, good)
    assert (bad["status"], bad["errors"][0]["pointer"], fine["status"]) == (
        "refused",
        f"/{pointer}",
        "created",
    )


async def test_an_amount_is_converted_by_the_last_rate_within_reason_and_by_none_otherwise(
    empty_world: World,
) -> None:
    world = empty_world
    assert (await convert(world)).json()["code"] == "no_rate"
    await record(
        world,
        rate("2026-01-26", "USD", "2"),
        rate("2026-01-29", "USD", "1.25"),
        rate("2026-01-29", "JPY", "160"),
        rate("2026-01-30", "JPY", "170"),
        rate("2026-02-02", "USD", "9", source="BANK"),
        rate("2026-01-30", "ISK", "150"),
    )
    found = (await convert(world)).json()
    assert found == {
        "amount": {"amount": "80.00", "currency": "EUR"},
        "rate": "0.8",
        "rated_on": "2026-01-29",
        "source": "ECB",
    }
    assert (await convert(world, source="BANK")).json()["rated_on"] == "2026-02-02"
    across = (await convert(world, into="JPY")).json()
    assert (across["amount"]["amount"], across["rated_on"]) == ("12800", "2026-01-29")
    late = await convert(world, day="2026-02-03")
    assert (late.status_code, late.json()["code"]) == (422, "no_rate")
    assert "the last one is of 2026-01-29, 5 days before" in late.json()["detail"]
    assert (await convert(world, day="2026-01-28")).json()["rated_on"] == "2026-01-26"
    assert (await convert(world, day="2026-01-25")).json()["code"] == "no_rate"
    assert (await convert(world, into="ISK")).json()["code"] == "no_rate"
    assert (await convert(world, day="2026-03-03")).json()["errors"][0]["pointer"] == "/query/day"
    same = (await convert(world, into="USD", amount="7.005")).json()
    assert same["amount"] == {"amount": "7.01", "currency": "USD"}


async def test_how_old_a_rate_may_be_is_decided(empty_world: World) -> None:
    world = empty_world
    await record(world, rate("2026-01-20"))
    policy = "/v1/policies/rate-age"
    seen = (await cora(world).get(policy)).headers["ETag"]
    decision = {"valid_from": "2026-01-01", "value": {"most_days": 13}, "reason": "our bank sleeps"}
    proposed = await cora(world).post(f"{policy}/versions", json=decision, headers={"If-Match": seen})
    assert (await convert(world)).status_code == 422
    carl = world.person("carl", Role.CATEGORY_MANAGER)
    approved = await carl.post(f"{policy}/versions/{proposed.json()['version']}:approve")
    assert approved.status_code == 200, approved.text
    assert (await convert(world)).json()["rated_on"] == "2026-01-20"


async def test_rates_are_listed_the_latest_first_and_paged(empty_world: World) -> None:
    world = empty_world
    await record(
        world, *(rate(f"2026-01-{day:02}", currency) for day in range(5, 10) for currency in ("USD", "JPY"))
    )
    asked: dict[str, Any] = {"limit": 3}
    walked = []
    while True:
        page = (await world.rita.get("/v1/exchange-rates", params=asked)).json()
        walked += [(one["day"], one["currency"]) for one in page["items"]]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    assert walked == [
        (f"2026-01-{day:02}", currency) for day in range(9, 4, -1) for currency in ("USD", "JPY")
    ]
    within = {"day_from": "2026-01-06", "day_to": "2026-01-07", "currency": "JPY", "base": "EUR"}
    found = (await world.rita.get("/v1/exchange-rates", params=within)).json()["items"]
    assert [one["day"] for one in found] == ["2026-01-07", "2026-01-06"]
