"""Spend: no currency is added to another without a rate, nothing is lost on the way up a tree."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sourcing.spend.rules import Spent, by_category, in_currency, of_present, total_by_currency, window

ONE, TWO = UUID(int=1), UUID(int=2)
ABOVE = {"bolts": ("fasteners", "metals"), "fasteners": ("metals",)}
SPENT = st.lists(
    st.builds(
        Spent,
        supplier_id=st.sampled_from([ONE, TWO]),
        category=st.sampled_from(["bolts", "fasteners", "metals", "paper"]),
        currency=st.sampled_from(["EUR", "USD", "JPY"]),
        amount=st.decimals(0, 1000, places=2),
    )
)


@given(st.integers(1, 2000))
def test_a_window_has_so_many_days_and_ends_with_its_last(days: int) -> None:
    found = window(date(2026, 11, 20), days)
    assert found.last == date(2026, 11, 20)
    assert found.last - found.first == timedelta(days=days - 1)


@given(SPENT)
def test_what_is_spent_in_a_category_is_spent_in_all_that_it_lies_in(spent: list[Spent]) -> None:
    found = by_category(spent, ABOVE)
    for (category, currency), of_category in found.items():
        inside = {category, *(code for code, above in ABOVE.items() if category in above)}
        for supplier_id, amount in of_category.items():
            assert amount == sum(
                one.amount
                for one in spent
                if one.category in inside and (one.supplier_id, one.currency) == (supplier_id, currency)
            )
    tops = [(code, currency) for code, currency in found if code in ("metals", "paper")]
    totals = total_by_currency(spent)
    for currency, total in totals.items():
        assert total == sum(sum(found[top].values()) for top in tops if top[1] == currency)
        assert total == sum(one.amount for one in spent if one.currency == currency)


@given(SPENT)
def test_only_currencies_with_a_rate_become_the_reporting_one(spent: list[Spent]) -> None:
    rates = {"USD": Decimal("0.9"), "EUR": Decimal(1)}
    found = total_by_currency(in_currency(spent, "EUR", rates))
    before = total_by_currency(spent)
    assert found.get("JPY") == before.get("JPY")
    assert "USD" not in found
    together = before.get("EUR", Decimal(0)) + before.get("USD", Decimal(0)) * rates["USD"]
    assert found.get("EUR", Decimal(0)) == together
    assert in_currency(spent, None, rates) == spent


def test_what_was_ordered_of_a_supplier_that_was_merged_is_of_the_one_that_it_is() -> None:
    spent = [Spent(ONE, "bolts", "EUR", Decimal(7)), Spent(TWO, "bolts", "EUR", Decimal(5))]
    assert by_category(of_present(spent, {ONE: TWO}), {}) == {("bolts", "EUR"): {TWO: Decimal(12)}}
