"""Which words one slip of the pen makes of each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.suppliers.rules.slips import is_slip, learned, slips_of, without_a_letter

WORDS = st.text("abc", max_size=6)


@pytest.mark.parametrize(
    "typed", ["schruaben", "schraben", "schrauuben", "schrouben", "chrauben", "schraubne"]
)
def test_a_letter_swapped_missing_doubled_or_wrong_is_a_slip(typed: str) -> None:
    assert is_slip(typed, "schrauben")


@pytest.mark.parametrize("typed", ["schrauben", "schrueban", "schrabne", "schraub", "schrauuuben", ""])
def test_more_or_less_than_one_is_none(typed: str) -> None:
    assert not is_slip(typed, "schrauben")


def distance(one: str, other: str) -> int:
    """Return the distance by optimal alignment, as textbooks have it."""
    rows = [[i + j if not i or not j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            changed = rows[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, changed)
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(WORDS, WORDS)
def test_a_slip_is_a_distance_of_one(one: str, other: str) -> None:
    assert is_slip(one, other) == is_slip(other, one) == (distance(one, other) == 1)


@given(WORDS, WORDS)
def test_words_one_slip_apart_have_a_rest_in_common(one: str, other: str) -> None:
    if is_slip(one, other):
        assert set(without_a_letter(one)) & set(without_a_letter(other))


def test_words_that_begin_as_typed_are_meant_first() -> None:
    assert slips_of("berg", ["born", "aberg", "berg", "herg", "burg"]) == ["burg", "aberg", "herg"]


def test_numbers_and_short_words_are_not_learned() -> None:
    assert learned(" muller edelstahl ag s 000001 v10042 钢 铁 ") == {"muller", "edelstahl"}
