"""Which account may be paid."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.bank_accounts.rules import NotPayableError, Why, expect_not_held, is_payable

DAY = date(2026, 3, 2)
DAYS = st.integers(-3, 3).map(lambda days: DAY + timedelta(days))


def test_an_open_change_holds_payments_and_is_named() -> None:
    expect_not_held([], "EUR")
    with pytest.raises(NotPayableError) as held:
        expect_not_held([UUID(int=2), UUID(int=1)], "EUR")
    assert held.value.why is Why.HELD
    assert str(held.value) == (
        "Payments in EUR are held: sourcing has yet to verify or reject the change "
        f"{UUID(int=1)}, {UUID(int=2)}."
    )


@given(DAYS, DAYS)
def test_an_account_is_paid_from_its_first_day_and_not_on_the_day_of_its_end(
    active: date, ended: date
) -> None:
    assert is_payable(active, ended, DAY) == (active <= DAY < ended)
    assert is_payable(active, None, DAY) == (active <= DAY)


def test_an_account_that_was_never_active_is_not_paid() -> None:
    assert not is_payable(None, None, DAY)
