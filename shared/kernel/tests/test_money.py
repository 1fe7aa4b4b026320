"""Amounts are in currencies that are owed: those of ISO 4217 that have a minor unit."""

# ruff: noqa: RUF001  # look-alikes are tried

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from purveyor.money import CurrencyCode

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
