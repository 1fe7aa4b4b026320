"""The policy of how much more than ordered may come."""

from __future__ import annotations

from procurement.tolerances.rules import OverReceipt
from purveyor.policies import Policy

OVER_RECEIPT = Policy(
    "over-receipt",
    OverReceipt,
    "How much more than ordered may be received; a line is judged by what is in force on the day it arrives",
    frozenset({"category", "business_unit"}),
)
