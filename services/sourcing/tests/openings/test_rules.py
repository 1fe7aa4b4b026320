"""As many open a tender as are needed, and not a crowd."""

from __future__ import annotations

import pytest

from purveyor.errors import InvalidError
from sourcing.openings.rules import MOST_OPENERS, check_openers

MANY = [f"opener {number}" for number in range(MOST_OPENERS + 1)]


@pytest.mark.parametrize(("openers", "needed"), [(1, 1), (2, 1), (3, 3), (MOST_OPENERS, MOST_OPENERS)])
def test_as_many_as_are_needed_are_enough(openers: int, needed: int) -> None:
    check_openers(MANY[:openers], needed)


@pytest.mark.parametrize(
    ("openers", "needed", "said"),
    [
        (0, 1, "Nobody is named who may open the bids: name somebody, who states a key and no conflict."),
        (2, 3, "3 are needed to open, and 2 can: with a key, and without a conflict."),
        (MOST_OPENERS + 1, 2, "17 are named to open; 16 are the most."),
    ],
)
def test_too_few_and_too_many_are_refused_in_words(openers: int, needed: int, said: str) -> None:
    with pytest.raises(InvalidError) as refused:
        check_openers(MANY[:openers], needed)
    assert (refused.value.code, str(refused.value)) == ("openers_missing", said)
    (error,) = refused.value.errors
    assert (error.pointer, error.detail) == ("/openers_needed", said)
