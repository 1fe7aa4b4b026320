"""Which suppliers may bid: approved for every category that is asked for, and for the region."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

Above = Mapping[str, Sequence[str]]
"""What each category lies in, from its parent upwards."""


def lacking(
    categories: Collection[str],
    approved: Collection[str],
    blocked: Collection[str] | None,
    above: Above,
) -> list[str]:
    """Return the categories that a supplier may not bid for.

    An approval covers its category and all that lies in it, and so does a block; None is a block of all.
    """
    if blocked is None:
        return sorted(categories)
    return sorted(
        one for one in categories if not _covered(one, approved, above) or _covered(one, blocked, above)
    )


def of_other_regions(
    category: str, region: str | None, held: Collection[tuple[str, str | None]], above: Above
) -> bool:
    """Whether a supplier is qualified for a category in other regions only.

    `held` are the categories and regions of its cases that hold; a case without a region is of all. One that
    was approved without any case is so everywhere.
    """
    regions = {of for one, of in held if one == category or one in above.get(category, ())}
    return region is not None and bool(regions) and not regions & {region, None}


def _covered(category: str, by: Collection[str], above: Above) -> bool:
    return any(one in by for one in (category, *above.get(category, ())))
