"""Files in SQL: one by its id, one to change, those whose time is over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from purveyor.db import Transaction
from sourcing.files.model import StoredFile
from sourcing.files.rules import FileStatus


async def get_file(tx: Transaction, file_id: UUID) -> StoredFile | None:
    """Return a file, if there is one."""
    found: StoredFile | None = await tx.session.get(StoredFile, file_id)
    return found


async def lock_file(tx: Transaction, file_id: UUID) -> StoredFile | None:
    """Return a file that nobody else changes before this transaction ends, if there is one."""
    await tx.session.flush()
    found: StoredFile | None = await tx.session.get(
        StoredFile, file_id, with_for_update=True, populate_existing=True
    )
    return found


async def over(tx: Transaction, arriving: datetime, waiting: datetime) -> StoredFile | None:
    """Return a file that came before one of these moments and is not here, or that nothing took.

    Those that another transaction is at are passed over.
    """
    found: StoredFile | None = await tx.session.scalar(
        select(StoredFile)
        .where(
            StoredFile.claimed_at.is_(None),
            StoredFile.status != FileStatus.DELETED,
            or_(
                and_(StoredFile.status == FileStatus.ARRIVING, StoredFile.uploaded_at < arriving),
                and_(StoredFile.status == FileStatus.KEPT, StoredFile.uploaded_at < waiting),
            ),
        )
        .order_by(StoredFile.uploaded_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found


async def to_remove(tx: Transaction) -> StoredFile | None:
    """Return a deleted file whose bytes are still here, unless another transaction is at it."""
    found: StoredFile | None = await tx.session.scalar(
        select(StoredFile)
        .where(StoredFile.status == FileStatus.DELETED, StoredFile.bytes_removed_at.is_(None))
        .order_by(StoredFile.deleted_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return found
