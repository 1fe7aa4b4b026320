"""Which version of the policy `on-time` judges a line: the one in force where it belongs when it is promised.

A version begins later than everything judged before it, so that it meets only lines promised since then.
"""

from __future__ import annotations

from purveyor.policies import History
from supplier_performance.deliveries.rules import OnTime

Arguments = tuple[list[int], list[object], list[str | None], list[str | None]]


def days(versions: int, first: int) -> str:
    """Return the grace of a line in SQL; its `arguments` begin with parameter number `first`."""
    return f"(${first}::integer[])[{chosen(versions, first)}]"


def chosen(versions: int, first: int) -> str:
    """Return the place, from 1, of the version that judges a line in SQL: the first in order that fits."""
    fits = "".join(
        f" WHEN promised_on >= (${first + 1}::date[])[{place}]"
        f" AND coalesce(category = (${first + 2}::text[])[{place}], true)"
        f" AND coalesce(business_unit = (${first + 3}::text[])[{place}], true) THEN {place}"
        for place in range(1, versions + 1)
    )
    return f"CASE{fits} END"


def arguments(graces: History[OnTime]) -> Arguments:
    """Return the four arguments: days, and where and from which day on they hold."""
    versions = graces.versions
    return (
        [version.value.grace_days for version in versions],
        [version.valid_from for version in versions],
        [version.place.category for version in versions],
        [version.place.business_unit for version in versions],
    )
