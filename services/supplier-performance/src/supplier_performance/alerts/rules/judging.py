"""When a rule rings for a series of figures, and whether what it rang for came true. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from supplier_performance.alerts.rules.grammar import FEWEST, Change, Silence, Threshold, Trend, WatchRule
from supplier_performance.alerts.rules.statistics import mann_kendall, segments
from supplier_performance.kpis.rules.grammar import Direction


@dataclass(frozen=True, slots=True)
class Point:
    """A supplier's figure of a period."""

    key: str
    value: Decimal | None = None
    sample: Decimal = Decimal(0)
    """How much it is of: its denominator, or the facts that it adds up."""
    facts: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a supplier is in breach of a rule; None: nothing is concluded, and all stays as it was."""

    breached: bool | None
    because: str


def is_worse(value: Decimal, than: Decimal, direction: Direction) -> bool:
    """Whether a figure is worse than another."""
    return value < than if direction is Direction.HIGHER else value > than


def judge(rule: WatchRule, direction: Direction, series: Sequence[Point], *, was: bool) -> Verdict:
    """Return what a rule says of a series, whose last point is judged; `was`: whether it was in breach."""
    match rule.test:
        case Threshold() as test:
            return _judge_level(test, direction, series[-1], was=was)
        case Trend() as test:
            return _judge_trend(test, direction, series)
        case Change() as test:
            return _judge_change(test, direction, series)
        case Silence() as test:
            return _judge_silence(test, series, was=was)


def came_true(
    rule: WatchRule, direction: Direction, before: Sequence[Point], following: Point
) -> bool | None:
    """Return whether a ring was right: the period after it is still bad; None: nothing is known of that.

    Of a threshold, it has not recovered; of silence, nothing is heard; of a trend and a change it is worse
    than the mean of what was before the ring.
    """
    if isinstance(rule.test, Silence):
        return following.facts == 0
    if following.value is None:
        return None
    if isinstance(rule.test, Threshold):
        return is_worse(following.value, rule.test.recover_at, direction)
    values = [one.value for one in before if one.value is not None]
    return is_worse(following.value, sum(values, Decimal(0)) / len(values), direction) if values else None


def _judge_level(test: Threshold, direction: Direction, point: Point, *, was: bool) -> Verdict:
    if point.value is None or point.sample < test.sample:
        return Verdict(None, f"{point.key} is of fewer than {test.sample}")
    limit = test.recover_at if was else test.breach_at
    if is_worse(point.value, limit, direction):
        return Verdict(True, f"{point.value:f} in {point.key} is worse than {limit:f}")
    return Verdict(False, f"{point.value:f} in {point.key} is as good as {limit:f}")


def _judge_trend(test: Trend, direction: Direction, series: Sequence[Point]) -> Verdict:
    values = _values(series)
    if len(values) < FEWEST:
        return Verdict(None, f"Of {test.periods} periods only {len(values)} have a figure")
    found = mann_kendall(values)
    falls = found.s < 0
    towards_worse = falls if direction is Direction.HIGHER else found.s > 0
    said = f"Kendall's S {found.s} of {len(values)} figures, p {found.p:.4f}"
    return Verdict(towards_worse and found.p <= 1 - float(test.confidence), said)


def _judge_change(test: Change, direction: Direction, series: Sequence[Point]) -> Verdict:
    values = _values(series)
    if len(values) < FEWEST:
        return Verdict(None, f"Of {test.periods} periods only {len(values)} have a figure")
    starts = segments(values, float(test.penalty))
    last = starts[-1]
    if last == 0 or len(values) - last > test.recent:
        return Verdict(False, f"One level over the last {test.recent} of {len(values)} figures")
    before = values[starts[-2] : last]
    was, now = _mean(before), _mean(values[last:])
    by = was - now if direction is Direction.HIGHER else now - was
    said = f"{now:.2f} over the last {len(values) - last} figures, {was:.2f} over {len(before)} before"
    return Verdict(by > 0 and by >= float(test.worse_by), said)


def _judge_silence(test: Silence, series: Sequence[Point], *, was: bool) -> Verdict:
    before, lately = series[: -test.silent], series[-test.silent :]
    if any(point.facts for point in lately):
        return Verdict(False, f"Something is known of {lately[-1].key}")
    said = f"Nothing is known of {lately[0].key}"
    if len(lately) > 1:
        said += f" to {lately[-1].key}"
    if was:
        return Verdict(True, said)
    heard = len(before) >= test.periods and all(point.facts for point in before[-test.periods :])
    return Verdict(heard, f"{said}, of each of {test.periods} periods before something is")


def _values(series: Sequence[Point]) -> list[float]:
    return [float(one.value) for one in series if one.value is not None]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
