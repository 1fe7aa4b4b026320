"""Which version of the policy `on-time` judges a line: the one in force where it belongs when it is promised.

A version begins later than everything judged before it, so that it meets only lines promised since then.
"""

from __future__ import annotations

from typing import Any

from purveyor.policies import History
from supplier_performance.deliveries.rules import OnTime

DAYS = "(:grace_days::integer[])[{chosen}]"
"""The grace of a line, in SQL."""


def chosen(versions: int) -> str:
    """Return the place, from 1, of the version that judges a line in SQL: the first in order that fits."""
    fits = "".join(
        f" WHEN promised_on >= (:grace_begins::date[])[{place}]"
        f" AND coalesce(category = (:grace_categories::text[])[{place}], true)"
        f" AND coalesce(business_unit = (:grace_units::text[])[{place}], true) THEN {place}"
        for place in range(1, versions + 1)
    )
    return f"CASE{fits} END"


def arguments(graces: History[OnTime]) -> dict[str, list[Any]]:
    """Return the values of the parameters: the days, and where and from which day on they hold."""
    versions = graces.versions
    return {
        "grace_days": [version.value.grace_days for version in versions],
        "grace_versions": [version.number for version in versions],
        "grace_begins": [version.valid_from for version in versions],
        "grace_categories": [version.place.category for version in versions],
        "grace_units": [version.place.business_unit for version in versions],
    }
