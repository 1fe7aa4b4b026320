"""Questionnaires as answers show them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.figures import Points
from sourcing.questionnaires.model import Questionnaire
from sourcing.questionnaires.rules.questions import CONTENT, QuestionnaireSection
from sourcing.questionnaires.rules.states import EditionStatus

HEADER: dict[str, Any] = {
    "id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6f90",
    "code": "quality",
    "edition": 1,
    "status": "published",
    "title": "Quality of suppliers of fasteners",
    "category": "fasteners",
    "region": None,
    "required": True,
    "pass_mark": "70.0",
    "conditional_mark": "50.0",
    "drafted_by": "carla",
    "drafted_at": "2026-11-20T09:30:00Z",
    "published_by": "cem",
    "published_at": "2026-11-20T10:30:00Z",
    "retirement_asked_by": None,
}


class QuestionnaireHeader(BaseModel):
    """An edition of a questionnaire, without what it asks."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [HEADER]})

    id: UUID
    code: str = Field(description="The questionnaire's, which all its editions share")
    edition: int = Field(description="Which one it is, from 1; once published it never changes")
    status: EditionStatus
    title: str
    category: str | None = Field(description="For suppliers of it; null: of every category")
    region: str | None = Field(description="For which region; null: for all")
    required: bool = Field(description="Whether nobody is approved for the category without it")
    pass_mark: Points | None = Field(description="From this result on, of 100, a supplier may qualify")
    conditional_mark: Points | None = Field(
        description="From this result on it may qualify with conditions; null: from the pass mark on"
    )
    drafted_by: str
    drafted_at: datetime
    published_by: str | None
    published_at: datetime | None
    retirement_asked_by: str | None = Field(
        description="Who asked to retire what is required; it is retired once somebody else asks, too"
    )


class QuestionnaireOut(QuestionnaireHeader):
    """An edition of a questionnaire."""

    model_config = ConfigDict(json_schema_extra={"examples": [HEADER | CONTENT]})

    sections: list[QuestionnaireSection]

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> Self:
        """Return what is shown of an edition."""
        return cls.model_validate(questionnaire)
