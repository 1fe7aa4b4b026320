"""Figures of several rounds, in each of which everything is measured in turn."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field


@dataclass(slots=True)
class Rounds:
    """What was measured, round by round."""

    rates: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, rate: float) -> None:
        """Add a round's figure."""
        self.rates.setdefault(name, []).append(rate)

    def medians(self) -> dict[str, float]:
        """Return the median figure of each."""
        return {name: statistics.median(rates) for name, rates in self.rates.items()}

    def ratio(self, name: str, to: str) -> float:
        """Return the median of the ratios within each round: what slows the machine slows both sides."""
        pairs = zip(self.rates[name], self.rates[to], strict=True)
        return statistics.median(one / other for one, other in pairs)
