"""The rates of a day are picked by the statement that inserts an order as the rule in plain words says."""

from __future__ import annotations

from datetime import date, timedelta

from procurement.orders.model import TAX_RATES
from procurement.taxes import store
from procurement.taxes.rules import TaxRate
from purveyor.sql import Statement, only
from purveyor_contract.roles import Role

from .conftest import World

PICK = Statement(only, store.RATES.format(codes=":codes", day=":day::date"))
CODES: dict[str, tuple[str, list[tuple[str, str | None, str]]]] = {
    "PICK-ENDS": ("S", [("2026-01-01", "2026-01-10", "19"), ("2026-01-12", "2026-01-20", "16")]),
    "PICK-OPEN": ("S", [("2026-01-05", None, "7.5")]),
    "PICK-OWED": ("AE", [("2026-01-03", "2026-01-04", "19"), ("2026-01-05", None, "20")]),
}


async def test_the_statement_picks_what_the_rule_says_of_every_day(world: World) -> None:
    paula = world.person("paula", Role.ACCOUNTS_PAYABLE)
    for code, (category, periods) in CODES.items():
        body = {
            "name": code,
            "country": "DE",
            "category": category,
            "reverse_charge": category == "AE",
            "periods": [
                {"valid_from": begins, "valid_to": ends, "rate": rate} for begins, ends, rate in periods
            ],
        }
        answer = await paula.put(f"/v1/tax-codes/{code}", json=body)
        assert answer.status_code in {200, 201}, answer.text
    async with world.database.transaction() as tx:
        known = await store.known(tx, [*CODES, "PICK-NONE"])
        assert known.keys() == CODES.keys()
        for after in range(25):
            day = date(2025, 12, 31) + timedelta(after)
            expected = tuple(
                TaxRate(code, taxation.category, taxation.rate)
                for code in CODES
                if (taxation := known[code].taxation(day)) is not None
            )
            picked = await PICK.one_or_none(tx.connection, codes=[*CODES, "PICK-NONE"], day=day)
            assert TAX_RATES.read(picked) == expected, day
        assert await PICK.one_or_none(tx.connection, codes=[], day=day) is None
