"""Risk over HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from purveyor.auth import Principal, requires
from purveyor.bulk import BulkOutcome, SetCommand
from purveyor.db import Transaction
from purveyor.errors import ProblemError
from purveyor.http import bulk
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role
from sourcing.risk import commands, queries, store
from sourcing.risk.queries import ConfirmedHits
from sourcing.risk.views.risks import (
    CountryRiskIn,
    CountryRiskOut,
    RiskAssessmentOut,
    RiskFactorStated,
    RiskSignalOut,
    RiskSignalStated,
)
from sourcing.risk.views.what_if import RiskAnswer, RiskQuestion
from sourcing.suppliers.store.rows import get_supplier

router = APIRouter(prefix="/v1", tags=["risk"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:risk:read")]
Writer = Annotated[Principal, requires("sourcing:risk:write", Role.CATEGORY_MANAGER, Role.ADMIN)]


def _confirmed_hits(request: Request) -> ConfirmedHits:
    found: ConfirmedHits = request.app.state.confirmed_hits
    return found


Confirmed = Annotated[ConfirmedHits, Depends(_confirmed_hits)]


@router.get("/supplier-risks")
async def list_supplier_risks(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.SUPPLIER_RISKS, RiskAssessmentOut)]
) -> Page[RiskAssessmentOut]:
    """List how risky suppliers are: the riskiest first with `?sort=-overall`."""
    return asked.page(await store.find_risks(tx, asked), RiskAssessmentOut.model_validate)


@router.post("/supplier-risks:what-if")
async def ask_what_if(tx: Tx, by: Reader, body: RiskQuestion) -> RiskAnswer:
    """Ask what other weights would make of all suppliers, by what was known of each at its last assessment.

    Nothing is kept: weights are decided by a version of the policy `supplier-risk`.
    """
    return RiskAnswer.of(await queries.what_if(tx, body.weights, body.after, body.limit))


@router.get("/suppliers/{supplier_id}/risk")
async def get_supplier_risk(tx: Tx, by: Reader, supplier_id: UUID, confirmed: Confirmed) -> RiskAssessmentOut:
    """Read how risky a supplier is, of what, and how that adds up."""
    return RiskAssessmentOut.model_validate(await queries.risk_of(tx, supplier_id, confirmed))


@router.get("/suppliers/{supplier_id}/risk-assessments")
async def list_risk_assessments(
    tx: Tx,
    by: Reader,
    supplier_id: UUID,
    asked: Annotated[Listed, listed(store.ASSESSMENTS, RiskAssessmentOut)],
) -> Page[RiskAssessmentOut]:
    """List how risky a supplier was found, the latest first: what was found is never changed."""
    await get_supplier(tx, supplier_id)
    found = await store.find_assessments(tx, supplier_id, asked)
    return asked.page(found, RiskAssessmentOut.model_validate)


@router.post("/suppliers/{supplier_id}/risk-factors")
async def state_risk_factor(
    tx: Tx, by: Writer, supplier_id: UUID, body: RiskFactorStated, confirmed: Confirmed
) -> RiskAssessmentOut:
    """Say something of a factor of a supplier; of what was said of it, the latest counts.

    The answer is the supplier's risk with that.
    """
    risk = await commands.state_factor(tx, supplier_id, body.factor, body.said(), body.held(), confirmed)
    return RiskAssessmentOut.model_validate(risk)


@router.get("/risk-signals")
async def list_risk_signals(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.SIGNALS, RiskSignalOut)]
) -> Page[RiskSignalOut]:
    """List signals, the latest first."""
    return asked.page(await store.find_signals(tx, asked), RiskSignalOut.model_validate)


@router.post(
    "/risk-signals",
    status_code=201,
    responses={200: {"model": RiskSignalOut, "description": "It was taken before"}},
)
async def take_risk_signal(
    tx: Tx, by: Writer, body: RiskSignalStated, response: Response, confirmed: Confirmed
) -> RiskSignalOut:
    """Take a signal of a supplier; sent again, it changes nothing."""
    signal, new = await commands.take_signal(tx, body.stated(), confirmed)
    response.status_code = 201 if new else 200
    return RiskSignalOut.model_validate(signal)


@router.get("/country-risks")
async def list_country_risks(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.COUNTRY_RISKS, CountryRiskOut)]
) -> Page[CountryRiskOut]:
    """List what the table says of countries and categories."""
    return asked.page(await store.find_country_risks(tx, asked), CountryRiskOut.model_validate)


def taking(_proposal: UUID | None) -> SetCommand[CountryRiskIn]:
    """Return what takes rows of the table."""

    async def take(tx: Transaction, rows: Sequence[CountryRiskIn]) -> Sequence[BulkOutcome | ProblemError]:
        return await commands.state_countries(tx, [row.stated() for row in rows])

    return take


BULK = bulk.Kind("put-country-risks", CountryRiskIn, many=taking)


@router.post("/country-risks:bulk", summary="Load the table of countries", **bulk.route(BULK))
async def put_country_risks(by: Writer, rows: bulk.Bulk) -> Response:
    """State how risky countries are, for a category or for all: NDJSON or CSV, a country and category a row.

    A row takes the place of what was said of its country and category; suppliers are assessed soon after.
    """
    return await rows.take(BULK)
