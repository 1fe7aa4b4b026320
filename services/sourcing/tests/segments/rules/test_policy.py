"""What can be decided of segments: nothing that contradicts itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from sourcing.segments.rules.policy import SegmentPolicy


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"scarcity": {"one": "50", "two": "60"}}, "more suppliers are no greater risk"),
        ({"rates": [{"currency": "USD", "worth": "0.9"}]}, "name it"),
        (
            {"reporting_currency": "EUR", "rates": [{"currency": "USD", "worth": "0.9"}] * 2},
            "a currency has two rates",
        ),
        ({"reporting_currency": "EUR", "rates": [{"currency": "EUR", "worth": "1"}]}, "it is worth 1"),
        ({"reporting_currency": "EUR", "rates": [{"currency": "USD", "worth": "0"}]}, "greater than 0"),
        ({"scarcity_weight": 101}, "less than or equal to 100"),
        ({"window_days": 29}, "greater than or equal to 30"),
    ],
)
def test_what_contradicts_itself_is_refused(value: Any, why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        SegmentPolicy.model_validate(value)


def test_rates_are_by_currency() -> None:
    rates = [{"currency": "USD", "worth": "0.9"}, {"currency": "JPY", "worth": "0.006"}]
    policy = SegmentPolicy.model_validate({"reporting_currency": "EUR", "rates": rates})
    assert policy.worth() == {"USD": Decimal("0.9"), "JPY": Decimal("0.006")}
    assert SegmentPolicy().worth() == {}
