"""Questionnaires over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.db import Transaction
from purveyor.decimals import AS_WRITTEN
from purveyor.http.headers import ETAG, LOCATION, carries
from purveyor.http.lists import Listed, listed
from purveyor.http.preconditions import IfMatch, set_etag
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Line, Prose
from purveyor_contract.roles import Role
from sourcing.questionnaires import commands, store
from sourcing.questionnaires.commands import Stated
from sourcing.questionnaires.model import Questionnaire
from sourcing.questionnaires.rules.questions import CONTENT, MOST_SECTIONS, Content, QuestionnaireSection
from sourcing.questionnaires.views import QuestionnaireHeader, QuestionnaireOut

router = APIRouter(prefix="/v1/questionnaires", tags=["questionnaires"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("sourcing:qualification:read")]
CategoryManager = Annotated[Principal, requires("sourcing:qualification:write", Role.CATEGORY_MANAGER)]
PassMark = Annotated[
    Decimal, Field(gt=0, le=100, max_digits=4, decimal_places=1, examples=["70"]), AS_WRITTEN
]
STATED: dict[str, Any] = {
    "title": "Quality of suppliers of fasteners",
    "category": "fasteners",
    "required": True,
    "pass_mark": "70",
    "conditional_mark": "50",
} | CONTENT


class QuestionnaireStated(BaseModel):
    """All of an edition."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [STATED]})

    title: Line
    category: Code | None = Field(
        default=None, description="For suppliers of this category; left out: of every one"
    )
    region: Code | None = Field(
        default=None, description="For this region, by a code of yours such as EMEA; left out: for all"
    )
    required: bool = Field(
        default=False,
        description="Whether a supplier is approved for the category only once it has qualified by it, but "
        "for exceptions with a reason and an end",
    )
    pass_mark: PassMark | None = Field(
        default=None, description="From this result on, of 100, a supplier may qualify"
    )
    conditional_mark: PassMark | None = Field(
        default=None, description="From this result on it may qualify with conditions"
    )
    sections: list[QuestionnaireSection] = Field(min_length=1, max_length=MOST_SECTIONS)

    def stated(self) -> Stated:
        """Return what it states."""
        return Stated(
            title=self.title,
            category=self.category,
            region=self.region,
            required=self.required,
            pass_mark=self.pass_mark,
            conditional_mark=self.conditional_mark,
            content=Content(sections=self.sections),
        )


class QuestionnaireDraft(QuestionnaireStated):
    """An edition to draft: the first of its code, or the next."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "quality"} | STATED]})

    code: Code = Field(description="The questionnaire's own key, which all its editions share")


class QuestionnaireRetirement(BaseModel):
    """Why nobody is asked it any more."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "We ask this in another one"}]}
    )

    reason: Prose


@router.get("")
async def list_questionnaires(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(store.QUESTIONNAIRES, QuestionnaireHeader)]
) -> Page[QuestionnaireHeader]:
    """List editions of questionnaires, those that suppliers are asked now with `?status=published`."""
    return asked.page(await store.find_questionnaires(tx, asked), QuestionnaireHeader.model_validate)


@router.post("", status_code=201, responses={201: carries(ETAG, LOCATION)})
async def draft_questionnaire(
    tx: Tx, by: CategoryManager, body: QuestionnaireDraft, response: Response
) -> QuestionnaireOut:
    """Draft a questionnaire; with the code of one that there is, its next edition."""
    questionnaire = await commands.begin(tx, body.code, body.stated())
    response.headers["Location"] = f"{router.prefix}/{questionnaire.id}"
    return await _shown(tx, response, questionnaire)


@router.get("/{questionnaire_id}", responses={200: carries(ETAG)})
async def get_questionnaire(
    tx: Tx, by: Reader, questionnaire_id: UUID, response: Response
) -> QuestionnaireOut:
    """Read an edition."""
    return await _shown(tx, response, await store.get_questionnaire(tx, questionnaire_id))


@router.put("/{questionnaire_id}")
async def change_questionnaire(
    tx: Tx,
    by: CategoryManager,
    questionnaire_id: UUID,
    seen: IfMatch,
    body: QuestionnaireStated,
    response: Response,
) -> QuestionnaireOut:
    """State a draft anew, all of it; what was published never changes."""
    return await _shown(tx, response, await commands.change(tx, questionnaire_id, seen, body.stated()))


@router.post("/{questionnaire_id}:publish")
async def publish_questionnaire(
    tx: Tx, by: CategoryManager, questionnaire_id: UUID, seen: IfMatch, response: Response
) -> QuestionnaireOut:
    """Publish an edition that others drafted: suppliers may be asked it, in place of the one before."""
    return await _shown(tx, response, await commands.publish(tx, questionnaire_id, seen))


@router.post("/{questionnaire_id}:retire")
async def retire_questionnaire(
    tx: Tx,
    by: CategoryManager,
    questionnaire_id: UUID,
    seen: IfMatch,
    body: QuestionnaireRetirement,
    response: Response,
) -> QuestionnaireOut:
    """Ask nobody an edition any more; nobody has to qualify by it either.

    One that is required is retired by two: the first asks (`retirement_asked_by`), and it is retired once
    somebody else does the same who drafted none of it.
    """
    return await _shown(tx, response, await commands.retire(tx, questionnaire_id, seen, body.reason))


async def _shown(tx: Transaction, response: Response, questionnaire: Questionnaire) -> QuestionnaireOut:
    await tx.flush()
    set_etag(response, questionnaire)
    return QuestionnaireOut.of(questionnaire)
