"""Routes of purchase orders."""

from __future__ import annotations

from fastapi import APIRouter

from procurement.orders.api import call_offs, drafts, imports, lines, moves, reads, requested, versions

ROUTERS: tuple[APIRouter, ...] = (
    drafts.router,
    imports.router,
    reads.router,
    moves.router,
    versions.router,
    lines.router,
    call_offs.router,
    requested.router,
)
