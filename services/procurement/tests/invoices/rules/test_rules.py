"""The rules of EN 16931 by themselves: what adds up breaks none, and what does not is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.amounts.rules.categories import TaxCategory
from procurement.invoices.rules.en16931.checking import EN16931, IDENTIFIERS, PEPPOL, check, is_valid
from procurement.invoices.rules.en16931.peppol import comes_to
from procurement.invoices.rules.en16931.violations import rounded
from procurement.invoices.rules.terms import Adjustment, Category, Invoice, Line, Party, TaxTotal

from .writing import BUYER, EXEMPT, S25, SELLER, broken, invoice, line

CENT = Decimal("0.01")
amounts = st.decimals("-100000", "100000", places=2)
lines_of = st.lists(
    st.builds(lambda net, kind: line(str(net), kind, price="0"), amounts, st.sampled_from([S25, EXEMPT])),
    min_size=1,
    max_size=6,
)


def with_line(**changed: object) -> Invoice:
    said = invoice([line("100.00")])
    return replace(said, lines=(replace(said.lines[0], **changed),))  # type: ignore[arg-type]


@settings(max_examples=60)
@given(lines_of, st.decimals("0", "500", places=2))
def test_an_invoice_that_adds_up_breaks_no_rule_of_the_standard(lines: list[Line], prepaid: Decimal) -> None:
    assert is_valid(check(invoice(lines, prepaid=prepaid)))


@settings(max_examples=60)
@given(lines_of, st.sampled_from(["lines_total", "net", "gross", "payable"]), st.integers(1, 10**6))
def test_a_total_that_is_off_by_any_cent_is_found(lines: list[Line], name: str, cents: int) -> None:
    said = invoice(lines)
    changed = replace(said, **{name: getattr(said, name) + cents * CENT})
    expected = {"lines_total": "BR-CO-10", "net": "BR-CO-13", "gross": "BR-CO-15", "payable": "BR-CO-16"}
    assert expected[name] in broken(changed)
    assert not is_valid(check(changed))


def test_v01_and_v03_a_line_is_quantity_by_price_by_base_and_its_charges() -> None:
    charged = (Adjustment(True, Decimal(1)), Adjustment(False, Decimal(101)))
    assert comes_to(Line(quantity=Decimal(10), price=Decimal(410), adjustments=charged)) == 4000
    assert comes_to(Line(quantity=Decimal(10), price=Decimal(200), base_quantity=Decimal(2))) == 1000


def test_v04_totals_of_lines_charges_allowances_and_what_was_paid() -> None:
    said = invoice(
        [line("4000"), line("1000", EXEMPT), line("900")],
        [
            Adjustment(True, Decimal(200), Decimal(1000), Decimal(20), "freight", category=S25),
            Adjustment(False, Decimal(200), reason="rebate", category=S25),
        ],
        prepaid=Decimal(1000),
    )
    amounts = (said.lines_total, said.net, said.tax, said.gross, said.payable)
    assert amounts == tuple(map(Decimal, (5900, 5900, 1225, 7125, 6125)))
    assert broken(said) == set()


def test_v06_a_line_may_be_as_far_off_as_rounding_makes_it() -> None:
    assert broken(with_line(quantity=Decimal(7), price=Decimal("0.3333"), net_amount=Decimal("2.33"))) == {
        "BR-CO-10",
        "BR-S-08",
    }, "only its totals, which are those of before"


def test_v08_tax_is_of_the_category_and_not_of_lines() -> None:
    s7 = Category("S", Decimal(7))
    said = invoice([line(net, s7) for net in ("0.99", "1.49", "2.49")])
    assert (said.breakdown[0].taxable_amount, said.tax) == (Decimal("4.97"), Decimal("0.35"))
    assert broken(said) == set()


def test_v10_a_line_that_is_not_its_quantity_by_price_is_an_exception_and_no_refusal() -> None:
    said = invoice([line("109.98", S25, "6", "18.33"), line("100.00")])
    wrong = replace(said, lines=(replace(said.lines[0], net_amount=Decimal("-109.98")), said.lines[1]))
    wrong = replace(invoice(wrong.lines), number="R-1")
    [found] = check(wrong)
    assert (found.rule, found.term, found.value, found.at) == (
        "PEPPOL-EN16931-R120",
        "BT-131",
        "-109.98",
        "/lines/0",
    )
    assert is_valid((found,))


def test_v12_an_amount_has_two_decimals_at_most_even_in_kuwait() -> None:
    said = replace(with_line(net_amount=Decimal("100.005")), currency="KWD", amount_currencies=("KWD",))
    assert {"BR-DEC-23", "UBL-DT-01"} <= broken(said)


def test_less_than_one_of_tax_is_let_pass_and_one_is_not() -> None:
    said = invoice([line("100.00")])
    for off, rules in (("0.99", set()), ("1.00", {"BR-CO-17", "BR-S-09"})):
        tax = Decimal(25) + Decimal(off)
        assert said.gross is not None
        changed = replace(
            said,
            breakdown=(replace(said.breakdown[0], tax_amount=tax),),
            tax_totals=(TaxTotal(tax, "EUR", is_broken_down=True),),
            gross=said.gross + Decimal(off),
            payable=said.gross + Decimal(off),
        )
        assert broken(changed) == rules


TAKEN_AWAY: dict[str, Callable[[Invoice], Invoice]] = {
    "BR-01": lambda it: replace(it, specification=None),
    "BR-02": lambda it: replace(it, number=None),
    "BR-03": lambda it: replace(it, issued_on=None),
    "BR-04": lambda it: replace(it, type_code=None),
    "BR-06": lambda it: replace(it, seller=replace(SELLER, name=None)),
    "BR-07": lambda it: replace(it, buyer=replace(BUYER, name=None)),
    "BR-08": lambda it: replace(it, seller=replace(SELLER, has_address=False)),
    "BR-09": lambda it: replace(it, seller=replace(SELLER, country=None)),
    "BR-10": lambda it: replace(it, buyer=replace(BUYER, has_address=False)),
    "BR-11": lambda it: replace(it, buyer=replace(BUYER, country=None)),
    "BR-17": lambda it: replace(it, payee=Party()),
    "BR-49": lambda it: replace(it, means_codes=(None,)),
    "BR-61": lambda it: replace(it, accounts=()),
    "BR-CO-09": lambda it: replace(it, seller=replace(SELLER, vat_id="QQ136695976")),
    "BR-CO-25": lambda it: replace(it, due_on=None),
    "BR-CL-01": lambda it: replace(it, type_code="381"),
    "BR-CL-14": lambda it: replace(it, seller=replace(SELLER, country="QQ")),
    "BR-CL-16": lambda it: replace(it, means_codes=("999",)),
}


@pytest.mark.parametrize("rule", TAKEN_AWAY)
def test_what_is_not_said_is_named_by_its_rule_alone(rule: str) -> None:
    assert broken(TAKEN_AWAY[rule](invoice([line("100.00")]))) == {rule}


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("BR-21", {"number": None}),
        ("BR-23", {"unit": None}),
        ("BR-25", {"name": None}),
        ("BR-CL-23", {"unit": "dozen"}),
        ("BR-27", {"price": Decimal(-100), "quantity": Decimal(-1)}),
        ("PEPPOL-EN16931-R121", {"base_quantity": Decimal(0)}),
        ("PEPPOL-EN16931-R046", {"gross_price": Decimal(110), "discount": Decimal(9)}),
    ],
)
def test_what_a_line_says_wrongly_is_named_with_the_line(rule: str, changed: dict[str, object]) -> None:
    [found] = check(with_line(**changed))
    assert (found.rule, found.at) == (rule, "/lines/0")


@pytest.mark.parametrize("code", [one for one in TaxCategory if one not in {"S", "O", "E"}])
def test_every_category_has_its_breakdown_and_its_rate(code: TaxCategory) -> None:
    letters = {"K": "IC", "L": "AF", "M": "AG"}.get(code, code)
    wrong = invoice([line("100.00", Category(code, Decimal(-1)))])
    assert f"BR-{letters}-05" in broken(wrong)
    assert f"BR-{letters}-01" in broken(replace(wrong, breakdown=()))


def test_what_is_not_subject_to_vat_has_no_rate_and_stands_alone() -> None:
    said = invoice([line("100.00", Category("O", Decimal(0))), line("50.00")])
    assert {"BR-O-05", "BR-O-02", "BR-O-11", "BR-O-12", "BR-O-10"} <= broken(said)


@given(st.decimals("-1000", "1000", places=4))
def test_halves_are_rounded_towards_the_greater_amount(amount: Decimal) -> None:
    assert -Decimal("0.005") < rounded(amount) - amount <= Decimal("0.005")


def test_every_rule_has_an_identifier_of_its_own() -> None:
    assert len(IDENTIFIERS) == len(EN16931) + len(PEPPOL)
