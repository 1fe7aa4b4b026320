"""Files as they are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.files import FileKind
from sourcing.files.model import StoredFile
from sourcing.files.rules import FileStatus

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256 of its bytes, in hexadecimal")]
EXAMPLE: dict[str, Any] = {
    "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "status": "kept",
    "name": "ISO 9001 Muster Schrauben.pdf",
    "media_type": "application/pdf",
    "size": 182044,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "uploaded_at": "2026-03-02T09:30:00Z",
    "deleted_at": None,
}


class FileForSupplier(BaseModel):
    """A file, as its supplier sees it."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    status: FileStatus = Field(description="`kept`, or `deleted`: then its record alone is left")
    name: str
    media_type: FileKind = Field(description="What it is by its content")
    size: int = Field(ge=1, description="In bytes")
    sha256: Digest
    uploaded_at: datetime
    deleted_at: datetime | None

    @classmethod
    def of(cls, file: StoredFile) -> Self:
        """Return what is shown of a file."""
        return cls.model_validate(
            {name: getattr(file, name) for name in cls.model_fields} | {"sha256": file.sha256.hex()}
        )


class FileOut(FileForSupplier):
    """A file that somebody sent."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                EXAMPLE
                | {
                    "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a11",
                    "uploaded_by": "bob",
                    "claimed_at": "2026-03-02T09:31:00Z",
                    "deleted_by": None,
                    "delete_reason": None,
                }
            ]
        }
    )

    supplier_id: UUID | None = Field(description="The supplier that is shown it, if any")
    uploaded_by: str
    claimed_at: datetime | None = Field(description="Since when something has it; before, it waits a day")
    deleted_by: str | None
    delete_reason: str | None
