"""What a supplier's standing means for its orders."""

from procurement.suppliers.rules import SupplierStatus, order_flag


def test_orders_to_suspended_and_terminated_suppliers_are_flagged() -> None:
    flagged = {status for status in SupplierStatus if order_flag(status, "x", [])}
    assert flagged == {SupplierStatus.SUSPENDED, SupplierStatus.TERMINATED}
