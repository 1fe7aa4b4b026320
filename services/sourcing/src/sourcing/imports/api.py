"""Supplier imports over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Response

from purveyor.auth import Principal, requires
from purveyor.http import bulk
from purveyor_contract.roles import Role
from sourcing.imports import commands
from sourcing.imports.rows import SupplierRow

router = APIRouter(prefix="/v1", tags=["imports"])


@router.post("/suppliers:import", **bulk.route(SupplierRow))
async def import_suppliers(
    by: Annotated[Principal, requires("sourcing:import", Role.ADMIN)], rows: bulk.Bulk
) -> Response:
    """Import suppliers from another system, as NDJSON or CSV; the same rows again change nothing.

    A row with `approved_categories` becomes an approved supplier: that decision was taken elsewhere.
    """
    return await rows.answer(SupplierRow, commands.import_supplier)
