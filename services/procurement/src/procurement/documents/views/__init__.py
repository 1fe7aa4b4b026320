"""Documents as PDF, each set by a process that is ended when it takes too long."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from procurement.documents.rules.orders import Document
from purveyor.errors import UnavailableError

SECONDS = 20.0
"""The time that a document may take, with the wait for its turn."""
AT_ONCE = asyncio.Semaphore(2)
TYPESET = Path(__file__).parent / "typeset.py"


async def pdf_of(
    document: Document, at: datetime | None, fonts: Path | None = None, seconds: float = SECONDS
) -> bytes:
    """Return a document as PDF: of the same data the same bytes; raises UnavailableError after a time."""
    data = json.dumps(asdict(document), ensure_ascii=False)
    second = 0 if at is None else int(at.timestamp())
    asked = json.dumps({"data": data, "second": second, "fonts": None if fonts is None else str(fonts)})
    try:
        async with asyncio.timeout(seconds), AT_ONCE:
            return await _typeset(asked.encode())
    except TimeoutError:
        raise UnavailableError(
            "document_takes_too_long", f"The document was not ready after {seconds:g} seconds."
        ) from None


async def _typeset(asked: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", TYPESET, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    try:
        done, complaint = await process.communicate(asked)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise RuntimeError(f"a document could not be set: {complaint.decode(errors='replace')}")
    return done
