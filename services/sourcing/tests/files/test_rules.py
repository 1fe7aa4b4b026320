"""What becomes of a file."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import ConflictError
from sourcing.files.rules import FileAction, FileStatus, expect_possible, key_of, opens_to

SUPPLIER, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("status", [FileStatus.ARRIVING, FileStatus.DELETED])
@pytest.mark.parametrize("action", FileAction)
def test_nothing_is_done_to_a_file_that_is_not_here(action: FileAction, status: FileStatus) -> None:
    with pytest.raises(ConflictError) as refused:
        expect_possible(action, status)
    assert (refused.value.code, refused.value.detail) == ("wrong_state", f"The file is {status}.")


@pytest.mark.parametrize("action", FileAction)
def test_a_file_that_is_here_is_claimed_and_deleted(action: FileAction) -> None:
    expect_possible(action, FileStatus.KEPT)


@given(st.booleans(), st.booleans())
def test_what_a_supplier_sees_already_is_named_again_and_what_another_sees_is_not(
    unclaimed: bool, own: bool
) -> None:
    assert opens_to(SUPPLIER, SUPPLIER, unclaimed=unclaimed, own=own)
    assert not opens_to(SUPPLIER, OTHER, unclaimed=unclaimed, own=own)


@given(st.booleans(), st.booleans())
def test_of_what_no_supplier_sees_only_ones_own_that_nothing_has_is_shown(unclaimed: bool, own: bool) -> None:
    assert opens_to(SUPPLIER, None, unclaimed=unclaimed, own=own) == (unclaimed and own)


def test_bytes_are_kept_by_their_files_id_in_folders_by_its_end() -> None:
    file_id = UUID("0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10")
    assert key_of(file_id) == "sourcing/10/0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10"
