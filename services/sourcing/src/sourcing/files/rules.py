"""What becomes of a file: how long it may wait, who is shown it, who deletes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from purveyor.errors import ConflictError

ARRIVES_WITHIN = timedelta(hours=1)
"""After it, what was announced and is not here was cut off: its bytes go, and its record too."""
WAITS_FOR = timedelta(days=1)
"""How long a file waits for something that takes it."""
NOBODY_TOOK_IT = "Nothing took it within a day"


class FileStatus(StrEnum):
    """Where a file is in its life."""

    ARRIVING = "arriving"
    KEPT = "kept"
    DELETED = "deleted"


class FileAction(StrEnum):
    """What is done to a file that is here."""

    CLAIM = "claim"
    DELETE = "delete"


POSSIBLE: Mapping[FileStatus, tuple[FileAction, ...]] = {
    FileStatus.ARRIVING: (),
    FileStatus.KEPT: (FileAction.CLAIM, FileAction.DELETE),
    FileStatus.DELETED: (),
}


def expect_possible(action: FileAction, status: FileStatus) -> None:
    """Raise ConflictError when a file's status does not allow an action."""
    if action not in POSSIBLE[status]:
        raise ConflictError(
            "wrong_state", f"The file is {status}.", allowed=[str(one) for one in POSSIBLE[status]]
        )


def opens_to(shown_to: UUID, shown_so_far: UUID | None, *, unclaimed: bool, own: bool) -> bool:
    """Whether naming a file may show it to a supplier: it is that supplier's already, or nobody's yet.

    Nobody's is what was just uploaded by who names it: what something has, and what others sent, may be
    internal, and whoever knows its id would open it.
    """
    return shown_so_far == shown_to or (shown_so_far is None and unclaimed and own)


def key_of(file_id: UUID) -> str:
    """Return where the bytes of a file are kept: by its id alone, in folders of a few thousand."""
    return f"sourcing/{file_id.hex[-2:]}/{file_id}"
