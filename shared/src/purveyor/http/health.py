"""`/healthz` and `/readyz`: whether the process lives, and whether it can do its work."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request

from purveyor.auth import public

router = APIRouter(tags=["operations"], dependencies=[Depends(public)])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Answer that the process is alive."""
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(request: Request) -> dict[str, str]:
    """Answer that the service can do its work."""
    async with request.app.state.database.connection() as connection:
        await connection.fetchval("SELECT 1")
    return {"status": "ready"}
