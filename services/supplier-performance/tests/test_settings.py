"""The environment holds what belongs to a process; what the organisation decides is a policy."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from supplier_performance.scorecards.rules import Grading, Weights
from supplier_performance.settings import SupplierPerformanceSettings


def test_weights_that_do_not_sum_to_a_hundred_are_refused() -> None:
    with pytest.raises(ValidationError, match="must sum to 100, not 90"):
        Weights(on_time=30)


def test_weights_may_be_shifted_among_each_other() -> None:
    weights = Weights(on_time=55, punctuality=0)
    assert (weights.on_time, weights.in_full, weights.quality, weights.punctuality) == (55, 20, 25, 0)


def test_grades_must_fall() -> None:
    with pytest.raises(ValidationError, match="must fall from A to D"):
        Grading(b=95)


@pytest.mark.parametrize(
    ("variable", "policy"),
    [
        ("PURVEYOR_ON_TIME_GRACE_DAYS", "on-time"),
        ("PURVEYOR_SCORE_WINDOW_DAYS", "rolling-window"),
        ("PURVEYOR_WEIGHT_QUALITY", "scoring"),
        ("purveyor_grade_a", "scoring"),
    ],
)
def test_what_became_a_policy_is_refused_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, variable: str, policy: str
) -> None:
    monkeypatch.setenv(variable, "7")
    with pytest.raises(ValidationError, match=f"{variable.upper()} is the policy {policy} now"):
        SupplierPerformanceSettings(database_url="postgresql://localhost/x", oidc_issuer="urn:x")
