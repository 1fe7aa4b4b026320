"""What the organisation decides for itself in supplier performance, as data that hold from a day on."""

from __future__ import annotations

from typing import Any

from purveyor.policies import Policy
from supplier_performance.alerts.queries import AT_RISK
from supplier_performance.deliveries.queries import ON_TIME, ROLLING_WINDOW
from supplier_performance.scorecards.queries import SCORING

POLICIES: tuple[Policy[Any], ...] = (ON_TIME, ROLLING_WINDOW, SCORING, AT_RISK)
