"""Files as their readers see them."""

from __future__ import annotations

from uuid import UUID

from purveyor.auth import Principal
from purveyor.db import Transaction
from purveyor.errors import GoneError, NotFoundError
from sourcing.files import store
from sourcing.files.model import StoredFile
from sourcing.files.rules import FileStatus


async def file_for(tx: Transaction, file_id: UUID, by: Principal) -> StoredFile:
    """Return a file; raises NotFoundError, also for what is not its own to a supplier."""
    return visible(await store.get_file(tx, file_id), file_id, by)


async def content_for(tx: Transaction, file_id: UUID, by: Principal) -> StoredFile:
    """Return a file whose content is here; raises GoneError when it was deleted."""
    file = await file_for(tx, file_id, by)
    if file.status == FileStatus.DELETED:
        raise GoneError("file_content_gone", "The file was deleted: its record is kept, its content is not.")
    return file


def visible(file: StoredFile | None, file_id: UUID, by: Principal) -> StoredFile:
    """Return a file that is here, or was; raises NotFoundError, also to a supplier whose it is not."""
    if (
        file is None
        or file.status == FileStatus.ARRIVING
        or (by.is_supplier and file.supplier_id != by.supplier_id)
    ):
        raise NotFoundError("file", file_id)
    return file
