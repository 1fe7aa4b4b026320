"""Settings are checked at start."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from supplier_performance.scorecards.queries import rules_of
from supplier_performance.settings import SupplierPerformanceSettings

BASE = {"database_url": "postgresql://localhost/x", "oidc_issuer": "urn:x"}


def test_weights_that_do_not_sum_to_a_hundred_are_refused():
    with pytest.raises(ValidationError, match="must sum to 100, not 90"):
        SupplierPerformanceSettings(**BASE, weight_on_time=30)


def test_weights_may_be_shifted_among_each_other():
    rules = rules_of(SupplierPerformanceSettings(**BASE, weight_on_time=55, weight_punctuality=0))
    assert (rules.weights.on_time, rules.weights.punctuality) == (55, 0)


def test_grades_must_fall():
    with pytest.raises(ValidationError, match="must fall from A to D"):
        SupplierPerformanceSettings(**BASE, grade_b=95)
