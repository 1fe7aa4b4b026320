"""The codes by which risk refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import COUNTRIES, SIGNALS, STATE_RISK

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "factor_malformed",
        422,
        "Of a factor of risk more was stated than one of what points come of, or what belongs to another.",
        "State `points`, or what `errors` names.",
        STATE_RISK,
    ),
    Refusal(
        "ends_before_it_begins",
        422,
        "What was said would have ended before it began.",
        "State a later `holds_until`, or leave it out.",
        (*STATE_RISK, *SIGNALS, *COUNTRIES),
    ),
    Refusal(
        "signal_differs",
        409,
        "The source said something else under this reference before; `signal_id` is that.",
        "Send what is new under a reference of its own.",
        SIGNALS,
    ),
)
