"""How answers are shown."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from supplier_performance.answers.model import Answer


class AnswerShown(BaseModel):
    """What somebody answered to a question about a supplier."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    question: str = Field(examples=["cooperation"])
    points: Decimal = Field(description="0 to 100", examples=["80"])
    period_ends_on: date = Field(description="The last day of what it is about")
    note: str | None = Field(examples=["Answers within the hour"])
    answered_by: str = Field(examples=["quentin"])
    answered_at: datetime

    @classmethod
    def of(cls, answer: Answer) -> Self:
        """Show an answer."""
        return cls.model_validate(answer)
