"""Due diligence over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from purveyor.auth import Principal, requires
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor_contract.roles import Role
from sourcing.due_diligence import commands, queries, store
from sourcing.due_diligence.model import Complaint
from sourcing.due_diligence.rules import ComplaintMove
from sourcing.due_diligence.views import (
    ComplaintListed,
    ComplaintOut,
    ComplaintStated,
    ComplaintStep,
    DueDiligenceAnalysis,
    DueDiligenceYear,
    FindingOut,
    FindingStated,
    MeasureDone,
    MeasureStated,
    ReporterErasure,
    RiskPlace,
    as_csv,
)

router = APIRouter(prefix="/v1/due-diligence", tags=["due-diligence"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:risk:read")]
Writer = Annotated[Principal, requires("sourcing:risk:write", Role.CATEGORY_MANAGER)]
Confidant = Annotated[Principal, requires("sourcing:risk:write", Role.CATEGORY_MANAGER)]
Year = Annotated[int, Path(ge=1990, le=2100, description="A calendar year", examples=[2026])]
CSV = "year,as_of,figure,subject,state,count\n2026,2026-11-20,measures,,overdue,2\n"


@router.get("/risk-analysis")
async def get_risk_analysis(tx: Tx, by: Reader) -> DueDiligenceAnalysis:
    """Read where the risk lies, by the countries and categories that suppliers are and sell in."""
    places = await queries.analysed(tx, tx.day)
    return DueDiligenceAnalysis(as_of=tx.day, places=[RiskPlace.of(place) for place in places])


@router.get("/findings")
async def list_findings(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.FINDINGS, FindingOut)]
) -> Page[FindingOut]:
    """List findings, the latest first."""
    return asked.page(await store.find_findings(tx, asked), FindingOut.model_validate)


@router.get("/findings/{finding_id}", responses={200: carries(ETAG)})
async def get_finding(tx: Tx, by: Reader, finding_id: UUID, response: Response) -> FindingOut:
    """Read a finding, and what is done about it."""
    finding = await store.get_finding(tx, finding_id)
    set_etag(response, finding)
    return FindingOut.model_validate(finding)


@router.post("/findings", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def record_finding(tx: Tx, by: Writer, body: FindingStated, response: Response) -> FindingOut:
    """Record what was found at a supplier: a risk, or a violation."""
    finding = await commands.find(tx, body.stated())
    response.headers["Location"] = f"{router.prefix}/findings/{finding.id}"
    set_etag(response, finding)
    return FindingOut.model_validate(finding)


@router.post("/findings/{finding_id}/measures")
async def add_measure(
    tx: Tx, by: Writer, finding_id: UUID, body: MeasureStated, seen: IfMatch, response: Response
) -> FindingOut:
    """Say what is done about a finding, who answers for it, and until when."""
    finding = await commands.add_measure(tx, finding_id, seen, body.what, body.owner, body.due_on)
    set_etag(response, finding)
    return FindingOut.model_validate(finding)


@router.post("/findings/{finding_id}/measures/{number}:complete")
async def complete_measure(
    tx: Tx,
    by: Writer,
    finding_id: UUID,
    number: Annotated[int, Path(ge=1, le=100_000, description="Of the measure", examples=[1])],
    body: MeasureDone,
    seen: IfMatch,
    response: Response,
) -> FindingOut:
    """Say that a measure is done."""
    finding = await commands.complete(tx, finding_id, number, seen, body.done_on, body.result)
    set_etag(response, finding)
    return FindingOut.model_validate(finding)


@router.get("/complaints")
async def list_complaints(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.COMPLAINTS, ComplaintListed)]
) -> Page[ComplaintListed]:
    """List complaints, the latest first, without who complained."""
    return asked.page(await store.find_complaints(tx, asked), ComplaintListed.model_validate)


@router.get("/complaints/{complaint_id}", responses={200: carries(ETAG)})
async def get_complaint(tx: Tx, by: Confidant, complaint_id: UUID, response: Response) -> ComplaintOut:
    """Read a complaint, and who complained, if they said so and it was not erased."""
    return _shown(response, await store.get_complaint(tx, complaint_id))


@router.post("/complaints", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def record_complaint(tx: Tx, by: Confidant, body: ComplaintStated, response: Response) -> ComplaintOut:
    """Record a complaint; without a `reporter` it is anonymous."""
    complaint = await commands.complain(tx, body.stated())
    response.headers["Location"] = f"{router.prefix}/complaints/{complaint.id}"
    return _shown(response, complaint)


@router.post("/complaints/{complaint_id}:investigate")
async def investigate_complaint(
    tx: Tx, by: Confidant, complaint_id: UUID, body: ComplaintStep, seen: IfMatch, response: Response
) -> ComplaintOut:
    """Begin to look into a complaint."""
    return _shown(
        response, await commands.move(tx, complaint_id, seen, ComplaintMove.INVESTIGATE, body.outcome)
    )


@router.post("/complaints/{complaint_id}:substantiate")
async def substantiate_complaint(
    tx: Tx, by: Confidant, complaint_id: UUID, body: ComplaintStep, seen: IfMatch, response: Response
) -> ComplaintOut:
    """Find that it is as the complaint says."""
    return _shown(
        response, await commands.move(tx, complaint_id, seen, ComplaintMove.SUBSTANTIATE, body.outcome)
    )


@router.post("/complaints/{complaint_id}:dismiss")
async def dismiss_complaint(
    tx: Tx, by: Confidant, complaint_id: UUID, body: ComplaintStep, seen: IfMatch, response: Response
) -> ComplaintOut:
    """Find that it is not as the complaint says."""
    return _shown(response, await commands.move(tx, complaint_id, seen, ComplaintMove.DISMISS, body.outcome))


@router.post("/complaints/{complaint_id}:remedy")
async def remedy_complaint(
    tx: Tx, by: Confidant, complaint_id: UUID, body: ComplaintStep, seen: IfMatch, response: Response
) -> ComplaintOut:
    """Say that what the complaint was about is made good."""
    return _shown(response, await commands.move(tx, complaint_id, seen, ComplaintMove.REMEDY, body.outcome))


@router.post("/complaints/{complaint_id}:erase-reporter")
async def erase_reporter(
    tx: Tx, by: Confidant, complaint_id: UUID, body: ReporterErasure, seen: IfMatch, response: Response
) -> ComplaintOut:
    """Erase who complained; the complaint stays."""
    return _shown(response, await commands.forget_reporter(tx, complaint_id, seen, body.reason))


@router.get("/years/{year}")
async def get_due_diligence_year(tx: Tx, by: Reader, year: Year) -> DueDiligenceYear:
    """Read what a year came to."""
    return DueDiligenceYear.of(await queries.year_of(tx, year))


@router.get(
    "/years/{year}/figures.csv",
    response_class=Response,
    responses={
        200: {
            "description": "A figure a line",
            "content": {"text/csv": {"schema": {"type": "string"}, "example": CSV}},
        }
    },
)
async def get_due_diligence_year_as_csv(tx: Tx, by: Reader, year: Year) -> Response:
    """Read what a year came to as CSV."""
    content = as_csv(await queries.year_of(tx, year))
    return Response(content, media_type="text/csv; charset=utf-8")


def _shown(response: Response, complaint: Complaint) -> ComplaintOut:
    set_etag(response, complaint)
    return ComplaintOut.model_validate(complaint)
