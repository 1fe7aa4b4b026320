"""The codes by which risk refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_STATE_RISK = ("POST /v1/suppliers/{supplier_id}/risk-factors",)
_SIGNALS = ("POST /v1/risk-signals",)
_COUNTRIES = ("POST /v1/country-risks:bulk",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "factor_malformed",
        422,
        "Of a factor of risk more was stated than one of what points come of, or what belongs to another.",
        "State `points`, or what `errors` names.",
        _STATE_RISK,
    ),
    Refusal(
        "ends_before_it_begins",
        422,
        "What was said would have ended before it began.",
        "State a later `holds_until`, or leave it out.",
        (*_STATE_RISK, *_SIGNALS, *_COUNTRIES),
    ),
    Refusal(
        "signal_differs",
        409,
        "The source said something else under this reference before; `signal_id` is that.",
        "Send what is new under a reference of its own.",
        _SIGNALS,
    ),
)
