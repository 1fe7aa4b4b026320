"""Who takes goods in, and them back."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.orders.rules.expected import Expected, Parts
from procurement.receipts.rules import duties as receipts
from procurement.receipts.rules.duties import ReceivingDuties
from purveyor.errors import ForbiddenError

TODAY = date(2026, 3, 2)
ORDERED = "Who created, changed, submitted or issued an order does not receive its goods."
APPROVED = "Who approved an order does not receive its goods: so says the policy receiving-duties."
REORDERED = (
    "Who wrote, submitted or issued an amendment of an order, reopened a line of it or answered for its "
    "supplier does not receive its goods."
)
VOUCHED = "Who approved a supplier does not receive its goods: so says the policy receiving-duties."
WHO = st.sampled_from("abcd")


@given(
    WHO,
    WHO,
    st.lists(WHO),
    st.none() | WHO,
    st.lists(WHO, max_size=1),
    st.lists(WHO, max_size=1),
    st.lists(WHO),
    st.lists(WHO, max_size=1),
    st.booleans(),
    st.booleans(),
)
def test_who_ordered_or_agreed_to_buy_does_not_take_the_goods_in_unless_it_is_so_decided(
    receiver: str,
    hand: str,
    authors: list[str],
    approver: str | None,
    former: list[str],
    amenders: list[str],
    vouchers: list[str],
    orderers: list[str],
    may_approver: bool,
    may_voucher: bool,
) -> None:
    order = Expected(uuid4(), 1, "issued", uuid4(), "drives", TODAY, hand, hand, None, False, TODAY)
    duties = ReceivingDuties(order_approver_receives=may_approver, supplier_approver_receives=may_voucher)
    kept = receipts.kept_from_receiving(
        order, Parts(authors, approver, former, amenders, [], vouchers, [], orderers), duties
    )
    why = None
    if receiver in {hand, *authors, *amenders}:
        why = ORDERED
    elif receiver in orderers:
        why = REORDERED
    elif receiver in {approver, *former} and not may_approver:
        why = APPROVED
    elif receiver in vouchers and not may_voucher:
        why = VOUCHED
    if why is None:
        receipts.check_receiver(receiver, kept)
        return
    with pytest.raises(ForbiddenError) as refused:
        receipts.check_receiver(receiver, kept)
    assert (refused.value.code, refused.value.detail) == ("segregation_of_duties", why)


def test_until_somebody_decides_neither_approver_receives() -> None:
    assert ReceivingDuties() == ReceivingDuties(
        order_approver_receives=False, supplier_approver_receives=False
    )
