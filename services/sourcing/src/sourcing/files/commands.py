"""What can be done with files, one function a use case; who has their bytes is told beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from purveyor.auth import Principal
from purveyor.db import Transaction, new_id
from purveyor.errors import ConflictError, FieldError, ForbiddenError, InvalidError, NotFoundError
from purveyor.files import FileKind
from purveyor.versions import Seen, expect_version
from purveyor_contract.roles import Role
from sourcing.files import store
from sourcing.files.model import StoredFile
from sourcing.files.queries import visible
from sourcing.files.rules import (
    ARRIVES_WITHIN,
    NOBODY_TOOK_IT,
    WAITS_FOR,
    FileAction,
    FileStatus,
    expect_possible,
    opens_to,
)

DELETERS = frozenset({Role.CATEGORY_MANAGER, Role.ADMIN})
FindUse = Callable[[Transaction, UUID], Awaitable[str | None]]
"""Tells what needs a file now, in words that people know it by; None when nothing does."""


@dataclass(frozen=True, slots=True)
class Content:
    """What came as a file's content."""

    kind: FileKind
    size: int
    sha256: bytes


async def announce(tx: Transaction, name: str, content: Content, by: Principal) -> UUID:
    """Note that a file's bytes are about to be kept, so that what is cut off is found."""
    file = StoredFile(
        id=new_id(),
        status=FileStatus.ARRIVING,
        name=name,
        media_type=str(content.kind),
        size=content.size,
        sha256=content.sha256,
        supplier_id=by.supplier_id,
        uploaded_by=tx.actor,
        uploaded_at=tx.now,
    )
    tx.session.add(file)
    await tx.flush()
    return file.id


async def keep(tx: Transaction, file_id: UUID) -> StoredFile:
    """Note that a file's bytes are here, all of them."""
    file = await store.lock_file(tx, file_id)
    if file is None or file.status != FileStatus.ARRIVING:
        raise ConflictError("file_lost", "The file took too long to be kept; send it again.", allowed=[])
    file.status = FileStatus.KEPT
    await tx.flush()
    tx.audit("upload", "file", file.id, after=_said(file))
    return file


async def claim(
    tx: Transaction,
    file_id: UUID,
    by: Principal,
    *,
    pointer: str = "/file_id",
    shown_to: UUID | None = None,
) -> StoredFile:
    """Take an uploaded file into the keeping of another thing; again, it changes nothing.

    Raises InvalidError, at the field that names it, when it is unknown, somebody else's or deleted. A
    supplier has its own files only. With `shown_to`, one of ours is that supplier's from now on: only who
    uploaded it opens it so, and only before anything else has it.
    """
    file = await store.lock_file(tx, file_id)
    try:
        file = visible(file, file_id, by)
    except NotFoundError as error:
        raise _refused("file_unknown", pointer, f"There is no file {file_id}: upload it first") from error
    if file.status == FileStatus.DELETED:
        raise _refused("file_deleted", pointer, "The file was deleted, or waited too long: upload it again")
    if shown_to is not None and not opens_to(
        shown_to, file.supplier_id, unclaimed=file.claimed_at is None, own=file.uploaded_by == by.subject
    ):
        right = "Only what is the supplier's, or what you uploaded and nothing has yet: upload one for this"
        raise _refused("file_of_another", pointer, right)
    if file.claimed_at is None:
        file.claimed_at = tx.now
    if shown_to is not None:
        file.supplier_id = shown_to
    await tx.flush()
    return file


async def delete(
    tx: Transaction, file_id: UUID, seen: Seen, reason: str, by: Principal, uses: Sequence[FindUse]
) -> StoredFile:
    """Delete a file: nobody reads it any more, a worker removes its bytes, and the record stays.

    Who uploaded it deletes it while nothing has it; what something has, category managers and admins do.
    Raises ConflictError while something needs it: what was decided on it stays to be seen until that is
    withdrawn.
    """
    file = visible(await store.lock_file(tx, file_id), file_id, by)
    expect_version(file, seen)
    unused = file.claimed_at is None and file.uploaded_by == tx.actor
    if not unused and (by.is_supplier or not DELETERS.intersection(by.roles)):
        raise ForbiddenError(
            "file_in_use",
            "What something has as evidence is deleted by a category manager or an admin; what nothing has, "
            "by who uploaded it.",
        )
    expect_possible(FileAction.DELETE, FileStatus(file.status))
    for find_use in uses:
        use = await find_use(tx, file.id)
        if use is not None:
            raise ConflictError(
                "file_kept", f"{use} rests on this file: withdraw that first, then delete it.", allowed=[]
            )
    before = _said(file)
    file.delete(tx.actor, tx.now, reason)
    await tx.flush()
    tx.audit("delete", "file", file.id, before=before, after=_said(file), reason=reason)
    return file


async def delete_orphan(tx: Transaction) -> tuple[StoredFile | None, bool]:
    """Delete a file that nothing took in its time, or forget one that never was here as a whole.

    Returns the file, whose bytes are then removed, and whether its record goes too.
    """
    file = await store.over(tx, tx.now - ARRIVES_WITHIN, tx.now - WAITS_FOR)
    if file is None:
        return await store.to_remove(tx), False
    if file.status == FileStatus.ARRIVING:
        await tx.session.delete(file)
        await tx.flush()
        return file, True
    before = _said(file)
    file.delete(tx.actor, tx.now, NOBODY_TOOK_IT)
    await tx.flush()
    tx.audit("delete", "file", file.id, before=before, after=_said(file), reason=NOBODY_TOOK_IT)
    return file, False


def _said(file: StoredFile) -> dict[str, object]:
    names = ("status", "name", "media_type", "size", "supplier_id", "claimed_at")
    return {name: getattr(file, name) for name in names} | {"sha256": file.sha256.hex()}


def _refused(code: str, pointer: str, right: str) -> InvalidError:
    return InvalidError(code, f"{pointer}: {right}.", errors=[FieldError(pointer, right)])
