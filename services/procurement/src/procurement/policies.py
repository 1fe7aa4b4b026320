"""What the organisation decides for itself in procurement, as data that hold from a day on."""

from __future__ import annotations

from typing import Any

from procurement.approving.queries import APPROVALS
from procurement.budgets.queries import BUDGET_CONTROL, BUDGET_YEAR_END
from procurement.intake.queries import ROUTES
from procurement.items.queries import ITEMS_REQUIRED
from procurement.matching.queries import MATCHING
from procurement.promises.queries import SCHEDULE_HORIZON
from procurement.rates.queries import RATE_AGE
from procurement.receipts.queries import DELIVERY_NOTES, RECEIVING_DUTIES, REJECTED_GOODS, REMAINING_LIFE
from procurement.requisitions.queries import SOURCING
from procurement.responses.queries import ACKNOWLEDGEMENT_DUE
from procurement.tolerances.queries import OVER_RECEIPT, UNDER_RECEIPT
from purveyor.policies import Policy

POLICIES: tuple[Policy[Any], ...] = (
    OVER_RECEIPT,
    UNDER_RECEIPT,
    RECEIVING_DUTIES,
    REJECTED_GOODS,
    DELIVERY_NOTES,
    REMAINING_LIFE,
    ITEMS_REQUIRED,
    RATE_AGE,
    SCHEDULE_HORIZON,
    ACKNOWLEDGEMENT_DUE,
    MATCHING,
    SOURCING,
    ROUTES,
    APPROVALS,
    BUDGET_CONTROL,
    BUDGET_YEAR_END,
)
