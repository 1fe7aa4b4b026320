"""Routes of approvals: what waits for whom, decisions, deputies, and what a policy would want."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode
from purveyor.pages import Page
from purveyor.texts import Code, Reference, Why
from purveyor_approvals import commands, queries
from purveyor_approvals.commands.simulating import Simulated, simulate
from purveyor_approvals.kinds import Kinds
from purveyor_approvals.model import Approval as ApprovalRow
from purveyor_approvals.queries import APPROVALS, DELEGATIONS
from purveyor_approvals.rules.policy import ApprovalPolicy
from purveyor_approvals.views import (
    DELEGATION,
    STEP,
    ApprovalHeader,
    Delegation,
    DocumentApproval,
    PlannedStep,
)
from purveyor_contract.roles import Role

Amount = Annotated[Decimal, Field(ge=0, max_digits=24, decimal_places=6), AS_WRITTEN]
StepNumber = Annotated[int, Field(ge=1, le=1000)]
TAGS = {"approvals": "What has to be decided, by whom, and what was"}
FACTS: dict[str, Any] = {
    "kind": "purchase_order",
    "amount": "12000.00",
    "currency": "EUR",
    "business_unit": "drives",
    "cost_centres": ["4711"],
    "categories": ["fasteners"],
    "on_contract": False,
    "submitted_by": "robin",
}


class ApprovalDecision(BaseModel):
    """What somebody decides, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"decision": "approve", "reason": "within the plan"}]},
    )

    decision: Literal["approve", "reject"]
    reason: Why | None = Field(default=None, description="Has to be stated to reject")
    step: StepNumber | None = Field(default=None, description="Null: the first that waits for the caller")

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if self.decision == "reject" and self.reason is None:
            raise ValueError("a rejection says why: state `reason`")
        return self


class ApprovalQuestion(BaseModel):
    """What somebody wants to know before they decide."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "why not by the frame contract?"}]}
    )

    question: Why
    step: StepNumber | None = Field(default=None, description="Null: the first that waits for the caller")


class ApprovalAnswer(BaseModel):
    """The answer to what was asked about a step."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"answer": "it has ended in February", "step": 1}]}
    )

    answer: Why
    step: StepNumber


class ApprovalOverride(BaseModel):
    """Why a document is approved past its steps."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "the line stands still without it"}]}
    )

    reason: Why


class DelegationIn(BaseModel):
    """In whose place somebody decides, and for how long."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [DELEGATION]})

    person: Code
    delegate: Code
    valid_from: Day
    valid_to: Day
    reason: Why


class SimulationIn(BaseModel):
    """A document as conditions look at it, and a policy that is only being thought of."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [FACTS]})

    kind: Code
    amount: Amount
    currency: CurrencyCode
    business_unit: Code | None = None
    cost_centres: Annotated[list[Code], Field(max_length=200)] = Field(default_factory=list)
    categories: Annotated[list[Code], Field(max_length=200)] = Field(
        default_factory=list, description="Those of its lines and all that they lie in"
    )
    supplier_risk: Code | None = None
    supplier_grade: Code | None = None
    on_contract: bool = False
    submitted_by: Reference = Field(description="The subject of who would hand it in")
    policy: ApprovalPolicy | None = Field(
        default=None, description="Null: the version that is in force", examples=[None]
    )


class Simulation(BaseModel):
    """What a policy would want of such a document; nothing was asked of anybody."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "policy_version": 2,
                    "covered": True,
                    "amount": "12000.00",
                    "currency": "EUR",
                    "steps": [STEP],
                    "problems": [],
                }
            ]
        }
    )

    policy_version: int | None = Field(description="Null: the policy that was stated")
    covered: bool = Field(description="Whether any step is wanted; what is not covered is refused")
    amount: Decimal = Field(description="In the policy's currency")
    currency: str
    steps: list[PlannedStep]
    problems: list[str] = Field(description="Steps that nobody may take, and why")

    @classmethod
    def of(cls, found: Simulated) -> Simulation:
        """Show what was found."""
        assigned = found.assignment
        return cls(
            policy_version=found.policy_version,
            covered=bool(assigned.steps or assigned.problems),
            amount=found.amount,
            currency=found.currency,
            steps=[PlannedStep.of(step) for step in assigned.steps],
            problems=list(assigned.problems),
        )


def approvals_router(service: str, kinds: Kinds) -> APIRouter:
    """Return the routes of a service's approvals."""
    router = APIRouter(prefix="/v1", tags=["approvals"], route_class=TransactionRoute)
    reader: Any = requires(f"{service}:approvals:read")
    decider: Any = requires(f"{service}:approvals:decide")
    overrider: Any = requires(
        f"{service}:approvals:override", Role.APPROVER, Role.CATEGORY_MANAGER, Role.ADMIN
    )
    paths = {kind.name: kind.path for kind in kinds.by_name.values()}
    approving = kinds.approving

    def shown(response: Response, row: ApprovalRow) -> DocumentApproval:
        set_etag(response, row)
        return DocumentApproval.of(row, paths)

    @router.get("/approvals", summary="List approvals")
    async def list_approvals(
        tx: Tx, *, by: Principal = reader, asked: Annotated[Listed, listed(APPROVALS, ApprovalHeader)]
    ) -> Page[ApprovalHeader]:
        """List approvals, newest first; `?waiting_for=me` are those that the caller may decide now."""
        found = await queries.find_approvals(tx, approving, asked, by)
        return asked.page(found, partial(ApprovalHeader.of, paths=paths))

    @router.get("/approvals/{approval_id}", summary="Read an approval", responses={200: carries(ETAG)})
    async def get_approval(
        approval_id: UUID, response: Response, tx: Tx, *, by: Principal = reader
    ) -> DocumentApproval:
        """Read an approval: its steps and why they are there, who decided what, and who is next."""
        return shown(response, await queries.approval(tx, approval_id))

    @router.post("/approvals/{approval_id}:decide", summary="Decide a step", responses={200: carries(ETAG)})
    async def decide_approval(
        approval_id: UUID,
        body: ApprovalDecision,
        response: Response,
        tx: Tx,
        *,
        by: Principal = decider,
        seen: IfMatch,
    ) -> DocumentApproval:
        """Approve or reject in one's own place, or in that of somebody whose deputy one is.

        The last step lets the document stand as approved, and a rejection gives it back to its author.
        """
        approve = body.decision == "approve"
        row = await commands.decide(
            tx, kinds, approval_id, seen, by, approve=approve, reason=body.reason, step=body.step
        )
        return shown(response, row)

    @router.post("/approvals/{approval_id}:ask", summary="Ask back", responses={200: carries(ETAG)})
    async def ask_about_approval(
        approval_id: UUID,
        body: ApprovalQuestion,
        response: Response,
        tx: Tx,
        *,
        by: Principal = decider,
        seen: IfMatch,
    ) -> DocumentApproval:
        """Ask those who wrote the document; the step's time stands still until they answer."""
        row = await commands.ask(tx, kinds, approval_id, seen, by, question=body.question, step=body.step)
        return shown(response, row)

    @router.post(
        "/approvals/{approval_id}:answer", summary="Answer what was asked", responses={200: carries(ETAG)}
    )
    async def answer_about_approval(
        approval_id: UUID,
        body: ApprovalAnswer,
        response: Response,
        tx: Tx,
        *,
        by: Principal = decider,
        seen: IfMatch,
    ) -> DocumentApproval:
        """Answer as one of its authors; the step's time begins anew."""
        row = await commands.answer(tx, kinds, approval_id, seen, by, text=body.answer, step=body.step)
        return shown(response, row)

    @router.post(
        "/approvals/{approval_id}:override",
        summary="Approve past the steps",
        responses={200: carries(ETAG)},
    )
    async def override_approval(
        approval_id: UUID,
        body: ApprovalOverride,
        response: Response,
        tx: Tx,
        *,
        by: Principal = overrider,
        seen: IfMatch,
    ) -> DocumentApproval:
        """Approve past the steps that are left, as the policy permits; `?overridden=true` lists all such."""
        return shown(response, await commands.override(tx, kinds, approval_id, seen, by, reason=body.reason))

    @router.post("/approval-policies:simulate", summary="Ask what a policy would want")
    async def simulate_approval_policy(body: SimulationIn, tx: Tx, *, by: Principal = reader) -> Simulation:
        """Name the steps that a document would have, and the conditions that put each of them there."""
        stated = body.model_dump(exclude={"policy", "submitted_by"})
        found = await simulate(tx, kinds, body.policy, submitted_by=body.submitted_by, **stated)
        return Simulation.of(found)

    @router.post(
        "/approval-delegations",
        status_code=201,
        summary="Let somebody decide in one's place",
        responses={201: carries(ETAG, LOCATION)},
    )
    async def create_approval_delegation(
        body: DelegationIn, response: Response, tx: Tx, *, by: Principal = decider
    ) -> Delegation:
        """Let a deputy decide from a day to a day: in one's own place, or as an administrator in anybody's.

        A deputy decides within both limits, never what they wrote themselves, and never in a circle.
        """
        row = await commands.delegate(
            tx, approving, by, for_others=Role.ADMIN in by.roles, **body.model_dump()
        )
        response.headers["Location"] = f"/v1/approval-delegations?id={row.id}"
        set_etag(response, row)
        return Delegation.model_validate(row)

    @router.post(
        "/approval-delegations/{delegation_id}:end",
        summary="Take one's place back",
        responses={200: carries(ETAG)},
    )
    async def end_approval_delegation(
        delegation_id: UUID, response: Response, tx: Tx, *, by: Principal = decider, seen: IfMatch
    ) -> Delegation:
        """Let nobody else decide in one's place any more."""
        row = await commands.end_delegation(
            tx, approving, delegation_id, seen, by, for_others=Role.ADMIN in by.roles
        )
        set_etag(response, row)
        return Delegation.model_validate(row)

    @router.get("/approval-delegations", summary="List delegations")
    async def list_approval_delegations(
        tx: Tx, *, by: Principal = reader, asked: Annotated[Listed, listed(DELEGATIONS, Delegation)]
    ) -> Page[Delegation]:
        """List who decides for whom, newest first."""
        return asked.page(await queries.find_delegations(tx, asked), Delegation.model_validate)

    return router
