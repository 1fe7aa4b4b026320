"""How many open a tender's bids, and which shares of its key come together."""

from __future__ import annotations

from collections.abc import Collection

from purveyor.errors import FieldError, InvalidError

MOST_OPENERS = 16


def check_openers(openers: Collection[str], needed: int) -> None:
    """Raise InvalidError unless as many are named as are needed; with one needed, each opens alone."""
    if not openers:
        detail = "Nobody is named who may open the bids: name somebody, who states a key and no conflict."
        raise InvalidError("openers_missing", detail, errors=[FieldError("/openers_needed", detail)])
    if len(openers) > MOST_OPENERS:
        detail = f"{len(openers)} are named to open; {MOST_OPENERS} are the most."
        raise InvalidError("openers_missing", detail, errors=[FieldError("/openers_needed", detail)])
    if needed > len(openers):
        detail = f"{needed} are needed to open, and {len(openers)} can: with a key, and without a conflict."
        raise InvalidError("openers_missing", detail, errors=[FieldError("/openers_needed", detail)])
