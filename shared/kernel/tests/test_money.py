"""Amounts are in currencies that are owed: those of ISO 4217 that have a minor unit."""

# ruff: noqa: RUF001  # look-alikes are tried

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from iso4217 import Currency
from pydantic import TypeAdapter, ValidationError

from purveyor.currencies import WITHDRAWN
from purveyor.money import CurrencyCode, round_amount, why_not_owed

CURRENCY: TypeAdapter[str] = TypeAdapter(CurrencyCode)


@pytest.mark.parametrize(
    ("stated", "kept"), [("EUR", "EUR"), (" jpy ", "JPY"), ("ＫＷＤ", "KWD"), ("CLF", "CLF")]
)
def test_a_currency_is_kept_in_capitals(stated: str, kept: str) -> None:
    assert CURRENCY.validate_python(stated) == kept


@pytest.mark.parametrize("stated", ["XXX", "XTS", "XAU", "XPT", "XDR", "XBA", "xxx"])
def test_what_no_amount_is_owed_in_is_refused_with_the_reason(stated: str) -> None:
    with pytest.raises(ValidationError, match=f"{stated.upper()} has no minor unit in ISO 4217"):
        CURRENCY.validate_python(stated)


@pytest.mark.parametrize("stated", ["EURO", "E", "", "ZZZ", "978", "€€€"])
def test_what_iso_4217_does_not_list_is_refused(stated: str) -> None:
    with pytest.raises(ValidationError):
        CURRENCY.validate_python(stated)


@pytest.mark.parametrize(
    ("code", "day", "until"),
    [
        ("HRK", date(2015, 6, 1), None),
        ("HRK", date(2023, 1, 14), None),
        ("HRK", date(2023, 1, 15), "HRK was withdrawn on 2023-01-14; say it in EUR"),
        ("DEM", date(2001, 12, 31), None),
        ("BGN", date(2026, 2, 1), "BGN was withdrawn on 2026-01-31; say it in EUR"),
        ("EUR", date(2026, 11, 28), None),
    ],
)
def test_a_currency_of_the_past_is_owed_on_its_days(code: str, day: date, until: str | None) -> None:
    assert CURRENCY.validate_python(code) == code
    assert why_not_owed(code, day) == until


def test_amounts_of_the_past_have_the_decimals_that_they_had() -> None:
    assert round_amount(Decimal("1234.5"), "ITL") == 1235
    assert str(round_amount(Decimal("12.345"), "DEM")) == "12.35"


def test_a_currency_of_the_past_is_not_one_of_today() -> None:
    today = {currency.code for currency in Currency}
    assert not today & WITHDRAWN.keys()
    assert {gone.successor for gone in WITHDRAWN.values()} <= today
