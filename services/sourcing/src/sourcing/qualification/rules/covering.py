"""Which categories a qualification is required for, and which one of them it covers, in the tree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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


def covers(questionnaires: str | None, category: str, above: Above) -> bool:
    """Whether a questionnaire for a category (None: for all) is for what lies in it, too."""
    return questionnaires in (None, category, *above.get(category, ()))
