"""What lines and documents come to, to the cent."""

import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.amounts.rules import lines
from procurement.amounts.rules.documents import Part, Tax, Taxation, totals
from procurement.amounts.rules.spread import spread
from purveyor.errors import InvalidError

VECTORS = Path(__file__).parents[6] / "shared/data/vectors/vectors.json"
"""Numeric vectors of others, beside the repository where there are any."""
NONE = ("nothing_to_spread_over", "No line has a share of the amount: spread it by something else.")
NEGATIVE = ("share_negative", "An amount is spread by shares of zero and above only.")
S25, S7, EXEMPT = (
    Taxation("S", Decimal(25)),
    Taxation("S", Decimal(7)),
    Taxation("E", Decimal(0)),
)
CENTS = {"EUR": Decimal("0.01"), "JPY": Decimal(1), "KWD": Decimal("0.001")}
currencies = st.sampled_from(sorted(CENTS))
amounts = st.decimals("-1e12", "1e12", places=4)
positive = st.decimals("0", "1e9", places=6)
parts = st.builds(Part, amounts, st.sampled_from([S25, S7, EXEMPT, Taxation("AE", Decimal(0))]))


def money(*stated: str) -> list[Decimal]:
    return [Decimal(one) for one in stated]


def worth(quantity: str, price: str, base: str, currency: str = "EUR") -> Decimal:
    return lines.gross(Decimal(quantity), Decimal(price), Decimal(base), currency)


def test_a_line_is_its_gross_less_allowances_plus_charges() -> None:
    gross = worth("10", "410", "1")
    assert lines.net(gross, money("101"), money("1"), "EUR") == Decimal("4000.00")


def test_a_price_is_for_its_base_quantity() -> None:
    assert worth("10", "200", "2") == Decimal("1000.00")


def test_each_part_of_a_line_is_rounded_apart_before_it_is_added() -> None:
    gross = worth("7", "0.3333", "1")
    assert gross == Decimal("2.33")
    assert lines.net(gross, money("0.005", "0.005"), money("0.004"), "EUR") == Decimal("2.31")
    assert lines.net(Decimal("2.3331"), (), money("0.0049"), "EUR") == Decimal("2.33")


def test_a_percentage_is_of_its_base_and_rounded_half_up() -> None:
    assert lines.percentage(Decimal("1000"), Decimal("20"), "EUR") == Decimal("200.00")
    assert lines.percentage(Decimal("0.10"), Decimal("5"), "EUR") == Decimal("0.01")
    assert lines.percentage(Decimal("-0.10"), Decimal("5"), "EUR") == Decimal("-0.01")


def test_a_document_adds_up_rounded_parts_and_taxes_each_category_once() -> None:
    found = totals(
        "EUR",
        [Part(Decimal(4000), S25), Part(Decimal(1000), EXEMPT), Part(Decimal(900), S25)],
        allowances=[Part(Decimal(200), S25)],
        charges=[Part(lines.percentage(Decimal("1000"), Decimal("20"), "EUR"), S25)],
        prepaid=Decimal(1000),
    )
    assert [found.lines, found.allowances, found.charges, found.net] == money("5900", "200", "200", "5900")
    assert found.taxes == (Tax(EXEMPT, *money("1000", "0")), Tax(S25, *money("4900", "1225")))
    assert [found.tax, found.gross, found.prepaid, found.payable] == money("1225", "7125", "1000", "6125")


def test_tax_is_counted_on_the_sum_of_a_category_and_never_a_line() -> None:
    found = totals("EUR", [Part(amount, S7) for amount in money("0.99", "1.49", "2.49")])
    assert [(tax.basis, tax.tax) for tax in found.taxes] == [(Decimal("4.97"), Decimal("0.35"))]


def test_a_stated_line_that_contradicts_its_price_is_an_exception_of_the_line_and_not_of_the_document() -> (
    None
):
    nets = money("60.00", "279.58", "-109.98")
    assert worth("6", "18.33", "1") == Decimal("109.98")
    assert not lines.agrees(nets[-1], Decimal("109.98"))
    assert lines.agrees(Decimal("109.96"), Decimal("109.98"))
    assert not lines.agrees(Decimal("109.959"), Decimal("109.98"))
    assert totals("EUR", [Part(net, S7) for net in nets]).net == Decimal("229.60")


@pytest.mark.parametrize(
    ("currency", "price", "amount"),
    [("JPY", "100.5", "101"), ("KWD", "1.0005", "1.001"), ("EUR", "1.005", "1.01")],
)
def test_a_currency_has_its_own_minor_unit_and_halves_go_up(currency: str, price: str, amount: str) -> None:
    gross = worth("1", price, "1", currency=currency)
    assert str(gross) == amount


@given(
    currencies, st.lists(parts, max_size=8), st.lists(parts, max_size=3), st.lists(parts, max_size=3), amounts
)
def test_totals_are_sums_of_rounded_parts_whatever_the_order_of_the_lines(
    currency: str, stated: list[Part], allowances: list[Part], charges: list[Part], prepaid: Decimal
) -> None:
    found = totals(currency, stated, allowances, charges, prepaid)
    assert totals(currency, stated[::-1], allowances[::-1], charges[::-1], prepaid) == found
    assert found.net == found.lines - found.allowances + found.charges == sum(t.basis for t in found.taxes)
    assert found.gross == found.net + sum(tax.tax for tax in found.taxes)
    assert found.payable == found.gross - found.prepaid
    for tax in found.taxes:
        assert abs(tax.tax - tax.basis * tax.taxation.rate / 100) <= CENTS[currency] / 2
    for amount in (found.lines, found.net, found.tax, found.gross, found.payable):
        assert amount % CENTS[currency] == 0
    assert len({tax.taxation for tax in found.taxes}) == len(found.taxes)


shares = st.dictionaries(st.integers(1, 99), positive, min_size=1, max_size=12).filter(
    lambda stated: any(stated.values())
)


@given(amounts, shares, currencies, st.randoms(use_true_random=False))
def test_what_is_spread_adds_up_to_the_cent_and_no_part_is_a_cent_off_its_share(
    amount: Decimal, stated: dict[int, Decimal], currency: str, chance: Random
) -> None:
    found = spread(amount, stated, currency)
    cent = CENTS[currency]
    whole = sum(found.values())
    assert abs(whole - amount) <= cent / 2
    assert whole % cent == 0
    total = sum(map(Fraction, stated.values()))
    for key, part in found.items():
        assert part % cent == 0
        assert abs(Fraction(part) - Fraction(whole) * Fraction(stated[key]) / total) < Fraction(cent)
        assert stated[key] or not part
    mixed = list(stated.items())
    chance.shuffle(mixed)
    assert spread(amount, dict(mixed), currency) == found
    assert spread(-amount, stated, currency) == {key: -part for key, part in found.items()}


@pytest.mark.parametrize(
    ("amount", "currency", "stated", "expected"),
    [
        ("100", "EUR", {1: 1, 2: 1, 3: 1}, ["33.34", "33.33", "33.33"]),
        ("100", "JPY", {1: 1, 2: 2, 3: 4}, ["14", "29", "57"]),
        ("0.01", "EUR", {7: 1, 3: 1}, ["0.00", "0.01"]),
        ("1.000", "KWD", {1: 2, 2: 1}, ["0.667", "0.333"]),
        ("-10", "EUR", {1: 1, 2: 2}, ["-3.33", "-6.67"]),
        ("0", "EUR", {1: 1, 2: 0}, ["0.00", "0.00"]),
    ],
)
def test_the_last_cent_goes_to_the_largest_remainder_and_of_equal_ones_to_the_lowest_line(
    amount: str, currency: str, stated: Mapping[int, int], expected: list[str]
) -> None:
    found = spread(Decimal(amount), {key: Decimal(share) for key, share in stated.items()}, currency)
    assert [str(part) for part in found.values()] == expected


@pytest.mark.parametrize(
    ("stated", "refusal"),
    [({1: "0"}, NONE), ({}, NONE), ({1: "-1", 2: "1"}, NEGATIVE)],
)
def test_without_a_share_nothing_is_spread(stated: dict[int, str], refusal: tuple[str, str]) -> None:
    with pytest.raises(InvalidError) as refused:
        spread(Decimal(1), {key: Decimal(share) for key, share in stated.items()}, "EUR")
    assert (refused.value.code, refused.value.detail) == refusal


def test_the_vectors_of_others_say_the_same() -> None:
    if not VECTORS.exists():
        pytest.skip(f"no vectors of others at {VECTORS}")
    outputs = {vector["id"]: vector["output"] for vector in json.loads(VECTORS.read_text())}
    first = lines.net(worth("10", "410", "1"), money("101"), money("1"), "EUR")
    document = totals(
        "EUR",
        [Part(Decimal(4000), S25), Part(Decimal(1000), EXEMPT), Part(Decimal(900), S25)],
        [Part(Decimal(200), S25)],
        [Part(Decimal(200), S25)],
        Decimal(1000),
    )
    taxed = totals("EUR", [Part(amount, S7) for amount in money("0.99", "1.49", "2.49")])
    said = {
        "V01": str(first),
        "V03": str(worth("10", "200", "2")),
        "V04": f"VAT {document.tax}, BT-112 {document.gross:.0f}, due {document.payable}",
        "V06": f"-> {worth('7', '0.3333', '1')};",
        "V08": f"basis {taxed.net}, VAT 0.3479 -> {taxed.tax} ",
        "V10": f"net {sum(money('60.00', '279.58', '-109.98'))}",
        "V12": "; ".join(
            str(worth("1", p, "1", currency=c)) for c, p in (("JPY", "100.5"), ("KWD", "1.0005"))
        ),
    }
    for vector, figure in said.items():
        assert figure in outputs[vector], vector
