"""Files over HTTP: sent as they are, and sent back to be kept, never to be shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.files import FileKind, FileName, as_attachment, file_place
from purveyor.http.accepted import expect_taken
from purveyor.http.headers import CONTENT_DISPOSITION, ETAG, LOCATION, carries
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.problems import MEDIA_TYPE
from purveyor.http.transaction import TransactionRoute, Tx, end_reading
from purveyor.http.uploads import BODY, BYTES, Upload
from purveyor.jobs import Chore
from purveyor_contract.roles import Role
from sourcing.files import commands, queries
from sourcing.files.model import StoredFile
from sourcing.files.rules import key_of
from sourcing.files.views import FileForSupplier, FileOut
from sourcing.settings import SourcingSettings
from sourcing.suppliers.views.stated import Reason

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
CONTENT: dict[str, Any] = {str(kind): BYTES for kind in FileKind}

router = APIRouter(prefix="/v1/files", tags=["files"], route_class=TransactionRoute)
Writer = Annotated[
    Principal,
    requires(
        "sourcing:files:write",
        Role.BUYER,
        Role.CATEGORY_MANAGER,
        Role.QUALITY,
        Role.ACCOUNTS_PAYABLE,
        Role.ADMIN,
        Role.SUPPLIER,
    ),
]
Reader = Annotated[Principal, requires("sourcing:files:read", suppliers_too=True)]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What needs files; as that knows files, `main` hands it down."""

    uses: Sequence[commands.FindUse]


async def _keeping(request: Request) -> Keeping:
    keeping: Keeping = request.app.state.keeping
    return keeping


class FileResponse(StreamingResponse):
    """A file's bytes, a piece at a time, to be kept and not to be shown."""

    @classmethod
    def of(cls, content: AsyncIterator[bytes], file: StoredFile) -> Self:
        """Return a file's answer, which no page shows and no browser guesses anything of."""
        headers = {
            CONTENT_DISPOSITION: as_attachment(file.name),
            "Content-Length": str(file.size),
            "Content-Security-Policy": SANDBOX,
        }
        return cls(content, media_type=file.media_type, headers=headers)


class Deletion(BaseModel):
    """Why a file is deleted."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "It shows a person's passport"}]}
    )

    reason: Reason


@router.post(
    "",
    status_code=201,
    summary="Upload a file",
    responses={201: carries(ETAG, LOCATION)},
    openapi_extra=BODY,
)
async def upload_file(
    by: Writer,
    upload: Upload,
    request: Request,
    response: Response,
    name: Annotated[
        FileName,
        Query(
            description="What it is called, without its folder", examples=["ISO 9001 Muster Schrauben.pdf"]
        ),
    ],
) -> FileOut | FileForSupplier:
    """Send a file, its bytes being the body; name it afterwards by its id where it belongs.

    PDF, PNG, JPEG, DOCX, XLSX, CSV and plain text in UTF-8 are taken, judged by their content. What nothing
    takes within a day is deleted.
    """
    place = file_place(request.app.state.context.settings)
    async with upload.arrived(name) as arrived:
        content = commands.Content(arrived.kind, arrived.size, arrived.sha256)
        async with upload.announcing(arrived) as announcing:
            file_id = await commands.announce(announcing, name, content, by)
        await place.put(key_of(file_id), arrived.content)
        file = await commands.keep(await upload.transaction(arrived), file_id)
    response.headers["Location"] = f"/v1/files/{file.id}"
    set_etag(response, file)
    return _shown(file, by)


@router.get("/{file_id}", summary="Read what a file is", responses={200: carries(ETAG)})
async def get_file(file_id: UUID, tx: Tx, by: Reader, response: Response) -> FileOut | FileForSupplier:
    """Read what a file is and whether its content is here; of a deleted one the record stays."""
    file = await queries.file_for(tx, file_id, by)
    set_etag(response, file)
    return _shown(file, by)


@router.get(
    "/{file_id}/content",
    summary="Download a file",
    response_class=FileResponse,
    responses={
        200: {"description": "Its bytes as they came", "content": CONTENT} | carries(CONTENT_DISPOSITION),
        410: {
            "description": "Its content was deleted",
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        },
    },
)
async def get_file_content(file_id: UUID, tx: Tx, by: Reader, request: Request) -> FileResponse:
    """Download a file byte by byte as it came: somebody else made it, so look before you open it."""
    file = await queries.content_for(tx, file_id, by)
    expect_taken(request.headers.getlist("accept"), file.media_type)
    await end_reading(request)
    place = file_place(request.app.state.context.settings)
    return FileResponse.of(await place.get(key_of(file.id)), file)


@router.post("/{file_id}:delete", summary="Delete a file", responses={200: carries(ETAG)})
async def delete_file(
    file_id: UUID,
    body: Deletion,
    tx: Tx,
    by: Writer,
    seen: IfMatch,
    response: Response,
    keeping: Annotated[Keeping, Depends(_keeping)],
) -> FileOut | FileForSupplier:
    """Delete a file's content, with a reason; its record stays.

    Who uploaded it may while nothing has it; afterwards a category manager or an admin, once no document
    that is submitted or accepted and no case that is open or holds rests on it: withdraw that first.
    """
    file = await commands.delete(tx, file_id, seen, body.reason, by, keeping.uses)
    set_etag(response, file)
    return _shown(file, by)


def _shown(file: StoredFile, by: Principal) -> FileOut | FileForSupplier:
    return (FileForSupplier if by.is_supplier else FileOut).of(file)


async def remove_bytes(tx: Transaction) -> bool:
    """Remove the bytes of a file that was deleted, or that nothing took; returns whether there was one.

    They go before that is noted: what fails in between is done again.
    """
    file, forgotten = await commands.delete_orphan(tx)
    if file is None:
        return False
    settings = tx.database.settings
    assert isinstance(settings, SourcingSettings)  # noqa: S101  # as the service was made
    await file_place(settings).delete(key_of(file.id))
    if not forgotten:
        file.bytes_removed_at = tx.now
    return True


REMOVING = Chore("remove-files", timedelta(minutes=1), remove_bytes)
