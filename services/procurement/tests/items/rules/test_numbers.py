"""Numbers that others gave to things, checked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.items.rules.numbers import sscc


def test_the_number_of_a_logistic_unit_is_checked_by_its_last_digit() -> None:
    assert sscc("340123450000000017") == sscc("3 4012345 000000001 7") == "340123450000000017"
    with pytest.raises(ValueError, match="its last digit would be 7"):
        sscc("340123450000000018")


@pytest.mark.parametrize("stated", ["34012345000000001", "3401234500000000170", "34012345000000001X", ""])
def test_what_has_not_eighteen_digits_is_no_number_of_a_logistic_unit(stated: str) -> None:
    with pytest.raises(ValueError, match="those have 18 digits"):
        sscc(stated)


@given(
    digits=st.text("0123456789", min_size=17, max_size=17), place=st.integers(0, 17), step=st.integers(1, 9)
)
def test_one_wrong_digit_is_always_found(digits: str, place: int, step: int) -> None:
    (right,) = (f"{digits}{last}" for last in range(10) if _is_sscc(f"{digits}{last}"))
    wrong = str((int(right[place]) + step) % 10)
    assert not _is_sscc(right[:place] + wrong + right[place + 1 :])


def _is_sscc(stated: str) -> bool:
    try:
        return sscc(stated) == stated
    except ValueError:
        return False
