"""Where an alert stands, what may be done about it, and when a supplier is at risk. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from supplier_performance.alerts.rules.grammar import Severity


class Status(StrEnum):
    """Where an alert stands; `recovered`: the KPI has, and nobody had resolved it before."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RECOVERED = "recovered"
    RESOLVED = "resolved"


class RuleStatus(StrEnum):
    """Where a version of a rule stands; only what is active rings."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


class Move(StrEnum):
    """What people do about an alert."""

    ACKNOWLEDGE = "acknowledge"
    ASSIGN = "assign"
    SNOOZE = "snooze"
    RESOLVE = "resolve"


MOVES: Mapping[Status, tuple[Move, ...]] = {
    Status.OPEN: (Move.ACKNOWLEDGE, Move.ASSIGN, Move.SNOOZE, Move.RESOLVE),
    Status.ACKNOWLEDGED: (Move.ASSIGN, Move.SNOOZE, Move.RESOLVE),
    Status.RECOVERED: (Move.RESOLVE,),
    Status.RESOLVED: (),
}


class AtRisk(BaseModel):
    """How many alerts make a supplier one that is at risk; what is snoozed or resolved does not count."""

    model_config = ConfigDict(frozen=True)

    alerts: int = Field(default=3, ge=1, le=100, description="So many of any severity", examples=[3])
    critical_alerts: int = Field(
        default=1, ge=1, le=100, description="Or so many critical ones", examples=[1]
    )


def is_at_risk(severities: Iterable[Severity], policy: AtRisk) -> bool:
    """Whether a supplier with alerts of these severities is at risk."""
    found = list(severities)
    return len(found) >= policy.alerts or found.count(Severity.CRITICAL) >= policy.critical_alerts
