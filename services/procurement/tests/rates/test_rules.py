"""What an amount is worth in another currency."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.rates import rules
from procurement.rates.rules import DayRates, RateAge
from purveyor.errors import InvalidError
from purveyor.money import minor_units, round_amount

THURSDAY = date(2026, 4, 2)
KNOWN = DayRates(
    THURSDAY, "EUR", {"USD": Decimal("1.0842"), "JPY": Decimal("162.35"), "KWD": Decimal("0.3333")}
)
AGE = RateAge().most_days
currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD"])
amounts = st.decimals("-1e9", "1e9", places=3)


@pytest.mark.parametrize(
    ("amount", "currency", "into", "expected", "rate"),
    [
        ("100", "EUR", "USD", "108.42", "1.0842"),
        ("108.42", "USD", "EUR", "100.00", "0.922339051835"),
        ("100", "USD", "JPY", "14974", "149.741745065"),
        ("1", "EUR", "KWD", "0.333", "0.3333"),
        ("0.5", "EUR", "JPY", "81", "162.35"),
        ("7.005", "EUR", "EUR", "7.01", "1"),
        ("-100", "EUR", "USD", "-108.42", "1.0842"),
    ],
)
def test_an_amount_is_converted_and_rounded_once_to_the_minor_unit(
    amount: str, currency: str, into: str, expected: str, rate: str
) -> None:
    found = rules.convert(Decimal(amount), currency, into, KNOWN, THURSDAY, AGE)
    assert (str(found.amount), str(found.rate), found.rated_on) == (expected, rate, THURSDAY)


@pytest.mark.parametrize("days", range(5))
def test_thursdays_rates_hold_over_easter(days: int) -> None:
    found = rules.convert(Decimal(1), "EUR", "USD", KNOWN, THURSDAY + timedelta(days), AGE)
    assert found.rated_on == THURSDAY


def test_no_rate_is_guessed_over_a_gap() -> None:
    with pytest.raises(InvalidError) as refused:
        rules.convert(Decimal(1), "EUR", "USD", KNOWN, THURSDAY + timedelta(5), AGE)
    assert (refused.value.code, refused.value.detail) == (
        "no_rate",
        "There is no rate to convert EUR to USD on 2026-04-07: the last one is of 2026-04-02, 5 days before."
        " None is guessed.",
    )
    with pytest.raises(InvalidError) as refused:
        rules.convert(Decimal(1), "EUR", "USD", None, THURSDAY, AGE)
    assert "there is none on that day or before" in refused.value.detail


def test_what_no_amount_can_be_worth_is_refused() -> None:
    tiny = DayRates(THURSDAY, "EUR", {"USD": Decimal("0.0000000001"), "JPY": Decimal("1e9")})
    with pytest.raises(InvalidError) as refused:
        rules.convert(Decimal("1e6"), "USD", "JPY", tiny, THURSDAY, AGE)
    assert refused.value.code == "amount_too_large"
    assert rules.convert(Decimal(999_999), "EUR", "JPY", tiny, THURSDAY, AGE).amount == 999_999 * 10**9


def test_rates_that_lack_a_currency_are_nobodys_mistake_but_ours() -> None:
    with pytest.raises(ValueError, match="lack"):
        rules.convert(Decimal(1), "EUR", "GBP", KNOWN, THURSDAY, AGE)


@given(amounts, currencies, currencies)
def test_a_conversion_is_exact_but_for_its_one_rounding(amount: Decimal, currency: str, into: str) -> None:
    found = rules.convert(amount, currency, into, KNOWN, THURSDAY, AGE)
    worth = {one: Fraction(KNOWN.of(one) or 0) for one in (currency, into)}
    exact = Fraction(amount) * worth[into] / worth[currency]
    unit = Fraction(1, 10 ** minor_units(into))
    assert abs(Fraction(found.amount) - exact) <= unit / 2
    assert Fraction(found.amount) % unit == 0
    assert rules.convert(-amount, currency, into, KNOWN, THURSDAY, AGE).amount == -found.amount
    if currency == into:
        assert found.amount == round_amount(amount, into)


@given(amounts)
def test_halves_go_up_as_everywhere(amount: Decimal) -> None:
    one_to_one = DayRates(THURSDAY, "EUR", {"USD": Decimal(1)})
    found = rules.convert(amount, "EUR", "USD", one_to_one, THURSDAY, AGE)
    assert found.amount == amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
