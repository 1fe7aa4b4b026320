"""How much may come of an order line, said as properties."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.expected import Balance
from procurement.orders.rules.quantities import open_quantity
from procurement.tolerances.rules import Tolerance, dispensable, receivable, still_receivable

QUANTITIES = st.decimals(0, 10**6, places=6)
PERCENT = st.decimals(0, 100, places=4)


@st.composite
def balances(draw: st.DrawFn) -> Balance:
    """Return a line of which something was called off, and something came."""
    quantity = draw(st.decimals(Decimal("0.000001"), 10**6, places=6))
    received = draw(QUANTITIES)
    rejected = draw(st.decimals(0, received, places=6))
    return Balance(
        "fasteners",
        quantity,
        received,
        rejected,
        cancelled_quantity=draw(st.decimals(0, quantity, places=6)),
        refused_for_good_quantity=draw(st.decimals(0, rejected, places=6)),
    )


def test_five_percent_more_than_a_hundred_is_a_hundred_and_five() -> None:
    assert receivable(Decimal(100), Decimal(5)) == 105
    assert still_receivable(Balance("fasteners", Decimal(100), Decimal(98)), Decimal(5)) == 7


def test_what_was_called_off_is_tolerated_no_more() -> None:
    balance = Balance("fasteners", Decimal(100), Decimal(0), cancelled_quantity=Decimal(60))
    assert still_receivable(balance, Decimal(5)) == 42


@given(balance=balances())
def test_without_a_tolerance_what_is_open_may_come_and_no_more(balance: Balance) -> None:
    assert still_receivable(balance, Decimal(0)) == open_quantity(balance)


@given(balance=balances(), percent=PERCENT)
def test_a_tolerance_never_takes_away_from_what_is_open(balance: Balance, percent: Decimal) -> None:
    assert still_receivable(balance, percent) >= open_quantity(balance)


def test_two_percent_less_than_a_hundred_are_two_and_nothing_of_what_was_called_off() -> None:
    assert dispensable(Balance("fasteners", Decimal(100), Decimal(98)), Decimal(2)) == 2
    called_off = Balance("fasteners", Decimal(100), Decimal(0), cancelled_quantity=Decimal(50))
    assert dispensable(called_off, Decimal(2)) == 1


def test_a_tolerance_says_which_rule_it_is() -> None:
    default = Tolerance(Decimal(0), "over-receipt", 0)
    decided = Tolerance(Decimal(5), "over-receipt", 3, {"category": "fasteners", "business_unit": "drives"})
    of_item = Tolerance(Decimal("2.5"), "over-receipt", None, {"item": "M8-HEX-40"})
    assert [str(one) for one in (default, decided, of_item)] == [
        "0 % (policy over-receipt, version 0)",
        "5 % (policy over-receipt, version 3, category fasteners, business unit drives)",
        "2.5 % (item M8-HEX-40)",
    ]
    assert of_item.content() == {
        "percent": "2.5",
        "policy": "over-receipt",
        "version": None,
        "item": "M8-HEX-40",
    }
