"""When what falls due."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.terms.rules import payment
from procurement.terms.rules.payment import Discount, Instalment, PaymentTerms
from purveyor.errors import InvalidError

ALL = Decimal(100)
DAY = date(2026, 1, 30)
days = st.dates(date(2000, 1, 1), date(2090, 1, 1))
instalments = st.builds(
    Instalment,
    st.just(ALL),
    st.integers(0, 400),
    from_end_of_month=st.booleans(),
    to_end_of_month=st.booleans(),
)


@pytest.mark.parametrize(
    ("day", "terms", "due_on"),
    [
        ("2026-01-30", Instalment(ALL, 30), "2026-03-01"),
        ("2024-01-30", Instalment(ALL, 30), "2024-02-29"),
        ("2026-01-30", Instalment(ALL, 0), "2026-01-30"),
        ("2026-01-15", Instalment(ALL, 30, from_end_of_month=True), "2026-03-02"),
        ("2026-01-15", Instalment(ALL, 30, to_end_of_month=True), "2026-02-28"),
        ("2026-01-15", Instalment(ALL, 0, to_end_of_month=True), "2026-01-31"),
        ("2026-01-31", Instalment(ALL, 0, to_end_of_month=True), "2026-01-31"),
        ("2026-01-15", Instalment(ALL, 15, from_end_of_month=True, to_end_of_month=True), "2026-02-28"),
        ("2026-12-31", Instalment(ALL, 1), "2027-01-01"),
    ],
)
def test_an_amount_is_due_so_many_days_on_from_or_to_the_end_of_a_month(
    day: str, terms: Instalment, due_on: str
) -> None:
    assert str(terms.due_on(date.fromisoformat(day))) == due_on


@given(instalments, days, days)
def test_nothing_falls_due_before_it_is_invoiced_and_who_invoices_later_is_not_paid_earlier(
    terms: Instalment, one: date, other: date
) -> None:
    assert terms.due_on(one) >= one + timedelta(terms.days)
    assert (terms.due_on(one) <= terms.due_on(other)) or one > other
    if terms.to_end_of_month:
        assert (terms.due_on(one) + timedelta(1)).day == 1


def test_instalments_add_up_to_the_cent_and_come_by_their_days() -> None:
    terms = PaymentTerms(
        (Instalment(Decimal("33.4"), 60), Instalment(Decimal("33.3"), 30), Instalment(Decimal("33.3"), 0))
    )
    payment.check_terms(terms)
    falls = payment.due(terms, DAY, Decimal("100.01"), "EUR")
    assert [(str(one.on), str(one.amount)) for one in falls] == [
        ("2026-01-30", "33.30"),
        ("2026-03-01", "33.30"),
        ("2026-03-31", "33.41"),
    ]


@given(
    st.lists(st.integers(1, 1000), min_size=1, max_size=8),
    st.decimals("0", "1e9", places=3),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_whatever_the_instalments_nothing_is_lost(shares: list[int], amount: Decimal, currency: str) -> None:
    terms = PaymentTerms(tuple(Instalment(Decimal(share), n) for n, share in enumerate(shares)))
    falls = payment.due(terms, DAY, amount, currency)
    assert abs(sum(one.amount for one in falls) - amount) <= Decimal("0.5")
    assert len(falls) == len(shares)


@pytest.mark.parametrize(
    ("paid", "taken_off"), [(0, "3.00"), (10, "3.00"), (11, "2.00"), (20, "2.00"), (21, "0.00"), (30, "0.00")]
)
def test_the_highest_discount_still_open_is_taken_off(paid: int, taken_off: str) -> None:
    terms = PaymentTerms((Instalment(ALL, 30),), (Discount(Decimal(3), 10), Discount(Decimal(2), 20)))
    payment.check_terms(terms)
    found = payment.discount(terms, DAY, DAY + timedelta(paid), Decimal("100.10"), "EUR")
    assert str(found) == taken_off


@pytest.mark.parametrize(
    ("terms", "pointer", "says"),
    [
        (PaymentTerms((Instalment(Decimal(99), 30),)), "/instalments", "add up to 99 %, not to 100 %"),
        (
            PaymentTerms((Instalment(ALL, 30), Instalment(Decimal("0.01"), 60))),
            "/instalments",
            "add up to 100.01 %, not to 100 %",
        ),
        (
            PaymentTerms((Instalment(ALL, 30),), (Discount(Decimal(2), 10), Discount(Decimal(3), 20))),
            "/discounts/1",
            "takes no less for paying no later than the one before: name the earliest first",
        ),
        (
            PaymentTerms((Instalment(ALL, 30),), (Discount(Decimal(3), 10), Discount(Decimal(2), 10))),
            "/discounts/1",
            "takes no less for paying no later than the one before: name the earliest first",
        ),
        (
            PaymentTerms((Instalment(ALL, 30),), (Discount(Decimal(2), 30),)),
            "/discounts/0/days",
            "is for paying within 30 days, and 30 days on it falls due anyway",
        ),
    ],
)
def test_what_terms_cannot_be_is_named(terms: PaymentTerms, pointer: str, says: str) -> None:
    with pytest.raises(InvalidError) as refused:
        payment.check_terms(terms)
    [error] = refused.value.errors
    assert (refused.value.code, error.pointer) == ("terms_invalid", pointer)
    assert error.detail == says
    assert refused.value.detail == "The terms of payment contradict themselves."


def test_a_discount_may_end_after_the_days_of_what_is_due_at_a_months_end() -> None:
    early = (Discount(Decimal(2), 10),)
    payment.check_terms(PaymentTerms((Instalment(ALL, 0, from_end_of_month=True),), early))
    payment.check_terms(PaymentTerms((Instalment(ALL, 0, to_end_of_month=True),), early))
