"""Answers to the questions of scorecards over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from purveyor.auth import Principal, requires
from purveyor.days import Day
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.pages import Page
from purveyor.texts import Code, Why
from purveyor_contract.roles import Role
from supplier_performance.answers import commands, store
from supplier_performance.answers.views import AnswerShown
from supplier_performance.deliveries.queries import visible_supplier
from supplier_performance.templates.rules.template import OfHundred

router = APIRouter(
    prefix="/v1/suppliers/{supplier_id}/answers", tags=["scores"], route_class=TransactionRoute
)


class QuestionAnswered(BaseModel):
    """What somebody thinks of a supplier."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "question": "cooperation",
                    "points": "80",
                    "period_ends_on": "2026-06-30",
                    "note": "Answers within the hour",
                }
            ]
        },
    )

    question: Code = Field(description="Of a template that holds")
    points: OfHundred
    period_ends_on: Day = Field(description="The last day of what it is about")
    note: Why | None = None


@router.post("", status_code=201, summary="Answer a question of scorecards")
async def answer_question(
    supplier_id: UUID,
    tx: Tx,
    by: Annotated[
        Principal,
        requires("performance:scores:write", Role.BUYER, Role.CATEGORY_MANAGER, Role.QUALITY),
    ],
    body: QuestionAnswered,
) -> AnswerShown:
    """Answer a question about a supplier and a period; the latest answer of the latest period holds."""
    await visible_supplier(tx, by, supplier_id)
    found = await commands.answer(tx, supplier_id, body.question, body.points, body.period_ends_on, body.note)
    return AnswerShown.of(found)


@router.get("", summary="The answers about a supplier")
async def list_answers(
    supplier_id: UUID,
    tx: Tx,
    by: Annotated[Principal, requires("performance:scores:read")],
    asked: Annotated[Listed, listed(store.ANSWERS, AnswerShown)],
) -> Page[AnswerShown]:
    """List every answer that was given, the newest first unless another order is asked for."""
    await visible_supplier(tx, by, supplier_id)
    return asked.page(await store.answers_about(tx, supplier_id, asked), AnswerShown.of)
