"""Which lines are not ordered before a supplier was looked for."""

from decimal import Decimal

import pytest

from procurement.requisitions.rules.sourcing import RequisitionSourcing, why_sourced

NOBODY_ASKED, WITHOUT = RequisitionSourcing(), RequisitionSourcing(without_agreement=True)
ABOVE = RequisitionSourcing(above=Decimal("5000.00"))
BOTH = RequisitionSourcing(without_agreement=True, above=Decimal(5000))
TOO_MUCH = "5000.01 EUR is above the 5000 EUR up to which nobody is asked"


@pytest.mark.parametrize(
    ("policy", "worth", "agreed", "why"),
    [
        (NOBODY_ASKED, None, False, None),
        (WITHOUT, None, True, None),
        (WITHOUT, None, False, "no blanket order has it"),
        (ABOVE, "5000", False, None),
        (ABOVE, "5000.01", True, TOO_MUCH),
        (BOTH, "5000.01", False, f"no blanket order has it; {TOO_MUCH}"),
    ],
)
def test_a_line_is_sourced_without_an_agreement_or_above_a_value(
    policy: RequisitionSourcing, worth: str | None, agreed: bool, why: str | None
) -> None:
    assert why_sourced(policy, None if worth is None else Decimal(worth), agreed=agreed) == why
