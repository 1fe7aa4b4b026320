"""What a tax code can be, and what it says of a day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.amounts.rules.categories import TaxCategory
from procurement.amounts.rules.documents import Taxation
from procurement.taxes import rules
from procurement.taxes.rules import Period, TaxCode
from purveyor.errors import InvalidError

FULL = Decimal(100)
GERMAN = TaxCode(
    TaxCategory.STANDARD,
    False,
    (
        Period(date(2007, 1, 1), date(2020, 6, 30), Decimal(19), FULL),
        Period(date(2020, 7, 1), date(2020, 12, 31), Decimal(16), FULL),
        Period(date(2021, 1, 1), None, Decimal(19), FULL),
    ),
)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        ("2006-12-31", None),
        ("2007-01-01", 19),
        ("2020-06-30", 19),
        ("2020-07-01", 16),
        ("2020-12-31", 16),
        ("2021-01-01", 19),
        ("2050-01-01", 19),
    ],
)
def test_a_rate_is_that_of_the_day_and_none_is_guessed(day: str, rate: int | None) -> None:
    found = GERMAN.taxation(date.fromisoformat(day))
    assert found == (None if rate is None else Taxation("S", Decimal(rate)))


@pytest.mark.parametrize("category", [TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY])
def test_under_reverse_charge_the_document_says_nothing_and_the_buyer_owes_the_rate(
    category: TaxCategory,
) -> None:
    code = replace(GERMAN, category=category, reverse_charge=True)
    rules.check_tax_code(code)
    day = date(2026, 3, 2)
    assert code.taxation(day) == Taxation(category, Decimal(0))
    period = code.on(day)
    assert period is not None
    assert period.rate == 19


@given(st.decimals("0", "1e9", places=2), st.integers(0, 100), st.sampled_from(["EUR", "JPY"]))
def test_what_is_got_back_and_what_is_not_add_up_to_the_tax(
    tax: Decimal, percent: int, currency: str
) -> None:
    back, cost = rules.recoverable(tax, Decimal(percent), currency)
    assert back + cost == tax
    assert abs(back - tax * percent / 100) <= Decimal("0.5")


def test_half_of_a_tax_of_one_cent_is_got_back_as_a_cent() -> None:
    assert rules.recoverable(Decimal("0.01"), Decimal(50), "EUR") == (Decimal("0.01"), Decimal("0.00"))
    assert rules.recoverable(Decimal("19.00"), Decimal(0), "EUR") == (Decimal("0.00"), Decimal("19.00"))


def at(rate: int, begins: date = date(2021, 1, 1), ends: date | None = None) -> Period:
    return Period(begins, ends, Decimal(rate), FULL)


@pytest.mark.parametrize(
    ("code", "pointer", "says"),
    [
        (TaxCode(TaxCategory.STANDARD, True, (at(19),)), "/reverse_charge", "is for the categories AE, K"),
        (
            TaxCode(TaxCategory.REVERSE_CHARGE, False, (at(19),)),
            "/reverse_charge",
            "in the category AE the buyer owes the tax: say true",
        ),
        (
            TaxCode(TaxCategory.STANDARD, False, (at(0),)),
            "/periods/0/rate",
            "is above 0 in the category S (BR-S-05); Z is the one of 0 %",
        ),
        (TaxCode(TaxCategory.ZERO, False, (at(7),)), "/periods/0/rate", "is 0 in the category Z (EN 16931)"),
        (
            TaxCode(TaxCategory.EXEMPT, False, (at(7),)),
            "/periods/0/rate",
            "is 0 in the category E (EN 16931)",
        ),
        (
            TaxCode(TaxCategory.STANDARD, False, (at(19), at(20, date(2022, 1, 1)))),
            "/periods/1/valid_from",
            "the period before ends never: name the earliest first, and let each end before the next",
        ),
        (
            TaxCode(TaxCategory.STANDARD, False, (at(19, ends=date(2022, 1, 1)), at(20, date(2022, 1, 1)))),
            "/periods/1/valid_from",
            "the period before ends 2022-01-01: name the earliest first, and let each end before the next",
        ),
        (
            TaxCode(TaxCategory.STANDARD, False, (at(19, ends=date(2020, 1, 1)),)),
            "/periods/0/valid_to",
            "lies before valid_from, 2021-01-01",
        ),
    ],
)
def test_what_a_tax_code_cannot_be_is_named(code: TaxCode, pointer: str, says: str) -> None:
    with pytest.raises(InvalidError) as refused:
        rules.check_tax_code(code)
    [error] = refused.value.errors
    assert (refused.value.code, error.pointer) == ("tax_code_invalid", pointer)
    assert error.detail == says
    assert refused.value.detail == "The tax code contradicts itself."


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.integers(0, 2500))
def test_of_periods_that_are_taken_one_at_most_holds_on_a_day(lengths: list[int], after: int) -> None:
    begins, periods = date(2020, 1, 1), []
    for length in lengths:
        ends = begins + timedelta(length - 1)
        periods.append(at(length % 20 + 1, begins, ends))
        begins = ends + timedelta(1)
    code = TaxCode(TaxCategory.STANDARD, False, tuple(periods))
    rules.check_tax_code(code)
    day = date(2020, 1, 1) + timedelta(after)
    holding = [one for one in periods if one.valid_from <= day and (one.valid_to or day) >= day]
    assert code.on(day) == (holding[0] if holding else None)
    assert len(holding) == (1 if after < sum(lengths) else 0)


@pytest.mark.parametrize("category", [TaxCategory.CANARY_ISLANDS, TaxCategory.CEUTA_AND_MELILLA])
@pytest.mark.parametrize("rate", [0, 7])
def test_the_islands_have_rates_of_their_own_zero_too(category: TaxCategory, rate: int) -> None:
    rules.check_tax_code(TaxCode(category, False, (at(rate),)))


def test_an_order_keeps_the_rate_of_each_code_once_and_asks_for_none_where_none_is_named() -> None:
    named = [("/lines/0/tax_code", "DE-S"), ("/lines/1/tax_code", None), ("/charges/0/tax_code", "DE-S")]
    rates = rules.rates_on(date(2020, 12, 31), named, {"DE-S": GERMAN})
    assert rates == (rules.TaxRate("DE-S", "S", Decimal(16)),)
    assert rules.rates_on(date(2020, 12, 31), named[1:2], {}) == ()


def test_codes_that_say_nothing_of_the_day_are_named_where_they_stand() -> None:
    named = [("/lines/0/tax_code", "NONE"), ("/charges/0/tax_code", "DE-S")]
    with pytest.raises(InvalidError) as refused:
        rules.rates_on(date(2006, 12, 31), named, {"DE-S": GERMAN})
    assert (refused.value.code, refused.value.detail) == (
        "tax_codes_not_valid",
        "The order names tax codes that say nothing of its day.",
    )
    assert [(one.pointer, one.detail) for one in refused.value.errors] == [
        ("/lines/0/tax_code", "no tax code NONE exists; PUT /v1/tax-codes/NONE creates it"),
        ("/charges/0/tax_code", "DE-S says no rate of 2006-12-31"),
    ]
