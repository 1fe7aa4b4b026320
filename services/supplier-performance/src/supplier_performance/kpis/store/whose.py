"""Whose facts figures are of where groups of companies are asked for or by."""

from __future__ import annotations

from supplier_performance.deliveries.store.judged import Whose
from supplier_performance.groups import store as groups

AS_GROUP, AS_SUPPLIER = "coalesce(head_id, supplier_id)", "coalesce(present_id, supplier_id)"
OF_GROUP = f"{AS_GROUP} = :group_id::uuid"


def _grouped(counted_as: str, whose: str) -> Whose:
    return Whose(f"LEFT JOIN {groups.HEADS} AS same USING (supplier_id)", counted_as, whose)


ALL_GROUPS = _grouped(AS_GROUP, "true")
"""Of all suppliers, each fact counted as one of the head of its group."""
THIS_GROUP = _grouped(AS_GROUP, OF_GROUP)
MEMBERS = _grouped(AS_SUPPLIER, OF_GROUP)
"""Of the suppliers of one group, each fact counted as its own supplier's."""
