"""Brings suppliers over from another system, a row each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from purveyor.auth import Principal, requires
from purveyor.bulk import BulkOutcome, SetCommand
from purveyor.db import Transaction
from purveyor.errors import ProblemError
from purveyor.http import bulk
from purveyor.http.proposals import ProposalId, imports_on
from purveyor_contract.roles import Role
from sourcing.suppliers.imports import taking
from sourcing.suppliers.imports.rows import SupplierRow

router = APIRouter(prefix="/v1", tags=["imports"])


def commands_for(proposal: UUID | None) -> SetCommand[SupplierRow]:
    """Return what takes suppliers: into a proposal, or for good."""

    async def take(tx: Transaction, suppliers: Sequence[SupplierRow]) -> Sequence[BulkOutcome | ProblemError]:
        if proposal:
            return await taking.propose_suppliers(tx, proposal, suppliers)
        return await taking.import_suppliers(tx, suppliers)

    return take


IMPORT = bulk.Kind("import-suppliers", SupplierRow, many=commands_for)


@router.post("/suppliers:import", dependencies=[Depends(imports_on)], **bulk.route(IMPORT))
async def import_suppliers(
    by: Annotated[Principal, requires("sourcing:import", Role.ADMIN)],
    rows: bulk.Bulk,
    proposal: ProposalId = None,
) -> Response:
    """Import suppliers from another system, as NDJSON or CSV; the same rows again change nothing.

    With a proposal they are only looked at and added to it; once somebody else has let it in they are sent
    again without. A row with `approved_categories` becomes an approved supplier: that decision was taken
    elsewhere.
    """
    return await rows.take(IMPORT, proposal)
