"""Which categories a qualification is required for, and which one of them it covers, in the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

Above = Mapping[str, Iterable[str]]
"""What each category lies in, the nearest first; nothing of those at the top."""


def is_required(category: str, required: Collection[str | None], above: Above) -> bool:
    """Whether a qualification is required to be approved for a category.

    It is where a questionnaire is required for all, for it, for what it lies in, or for what lies in it: an
    approval covers that too. `above` knows what all of these lie in.
    """
    lies_in = {category, *above.get(category, ())}
    return any(one is None or one in lies_in or category in above.get(one, ()) for one in required)


def qualified_until(category: str, held: Mapping[str, date], above: Above) -> date | None:
    """Return until when a supplier is qualified for a category: for itself, or for what it lies in."""
    days = [held[one] for one in (category, *above.get(category, ())) if one in held]
    return max(days, default=None)


@dataclass(frozen=True, slots=True)
class Covered:
    """How far what a supplier is qualified by lets it be approved for a category."""

    required: tuple[str, ...]
    """The codes of the questionnaires that are required for it."""
    lacking: tuple[str, ...]
    """Those of them that the supplier is not qualified by."""
    until: date | None
    """Until when it is qualified; None: it is not, and where nothing is required either, nothing ends it."""


def covered(
    category: str,
    required: Iterable[tuple[str, str | None]],
    held: Mapping[str, Mapping[str, date]],
    above: Above,
) -> Covered:
    """Return how far a supplier is qualified for a category: by every questionnaire that is required for it.

    `held` says by which questionnaire, for what and until when it is. One that is required for a part of the
    category is fulfilled for that part. Where none is required, the longest case counts.
    """
    wanted = {code: one for code, one in required if is_required(category, [one], above)}
    if not wanted:
        days = [qualified_until(category, cases, above) for cases in held.values()]
        return Covered((), (), max((day for day in days if day is not None), default=None))
    ends = {}
    for code, one in wanted.items():
        part = one if one is not None and category in above.get(one, ()) else category
        ends[code] = qualified_until(part, held.get(code, {}), above)
    lacking = tuple(code for code, day in ends.items() if day is None)
    return Covered(tuple(wanted), lacking, min((day for day in ends.values() if day), default=None))


def covers(questionnaires: str | None, category: str, above: Above) -> bool:
    """Whether a questionnaire for a category (None: for all) is for what lies in it, too."""
    return questionnaires in (None, category, *above.get(category, ()))
