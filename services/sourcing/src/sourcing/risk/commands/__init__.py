"""What is done with risk: said, noticed, loaded, assessed."""

from sourcing.risk.commands.assessing import assess_due, assess_suppliers, follow
from sourcing.risk.commands.stating import state_countries, state_factor, take_signal

__all__ = [
    "assess_due",
    "assess_suppliers",
    "follow",
    "state_countries",
    "state_factor",
    "take_signal",
]
