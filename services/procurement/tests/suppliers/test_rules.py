"""What a supplier's standing means for its orders."""

import pytest

from procurement.suppliers.rules import GONE, SupplierStatus, check_goes_on, order_flag
from purveyor.errors import InvalidError


def test_orders_to_suppliers_that_do_not_go_on_are_flagged() -> None:
    flagged = {status for status in SupplierStatus if order_flag(status, "x", [])}
    assert flagged == {SupplierStatus.SUSPENDED, SupplierStatus.TERMINATED} | GONE


def test_what_speaks_against_the_present_supplier_speaks_against_the_orders_of_a_merged_one() -> None:
    assert order_flag("merged", "it is S-2", [], of_present="supplier suspended: late") == (
        "supplier merged: it is S-2; supplier suspended: late"
    )


@pytest.mark.parametrize("status", SupplierStatus)
def test_nothing_is_drafted_for_a_supplier_that_is_another_or_nobody(status: SupplierStatus) -> None:
    if status not in GONE:
        check_goes_on(status, "x")
        return
    with pytest.raises(InvalidError, match=f"the supplier is {status}: x") as refused:
        check_goes_on(status, "x")
    assert refused.value.errors[0].pointer == "/supplier_id"
