"""What requests about cases state."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.days import Day
from purveyor.decimals import AS_WRITTEN
from purveyor.texts import Code, Line, Prose, Reference
from sourcing.qualification.commands.deciding import ConditionStated, Verdict
from sourcing.qualification.commands.evaluating import Marked
from sourcing.qualification.commands.inviting import Invitation
from sourcing.qualification.rules.answers import ANSWERS, Answer
from sourcing.qualification.rules.states import Decision
from sourcing.questionnaires.rules.questions import MOST_QUESTIONS
from sourcing.suppliers.views.stated import Reason, ReasonForSupplier

MOST_CONDITIONS = 50
Person = Annotated[Reference, Field(description="Who: the `sub` of their tokens", examples=["quinn.quality"])]


def _with(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class CaseInvitation(BaseModel):
    """Which supplier is to qualify for what, by which questionnaire."""

    model_config = _with(
        {
            "supplier_id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
            "questionnaire_id": "0197a3f2-9d0b-7f42-8b3e-5c1a7d2e6f90",
            "category": "fasteners",
            "site": "Plant Augsburg",
            "due_on": "2026-12-20",
        }
    )

    supplier_id: UUID
    questionnaire_id: UUID = Field(description="A published edition, for the category and region")
    category: Code = Field(description="One that the supplier offers")
    region: Code | None = Field(default=None, description="For which region, by a code of yours")
    site: Line | None = Field(
        default=None, description="The name of the supplier's site that it is about; left out: all of it"
    )
    due_on: Day = Field(description="By when it is to be answered")

    def invitation(self) -> Invitation:
        """Return what it says."""
        return Invitation(**dict(self))


class CaseAnswers(BaseModel):
    """All answers as they are so far: what is left out is gone."""

    model_config = _with({"answers": ANSWERS})

    answers: list[Answer] = Field(max_length=MOST_QUESTIONS)


class CaseReturn(BaseModel):
    """What the supplier is to answer better."""

    model_config = _with({"reason_for_supplier": "The certificate is of another plant"})

    reason_for_supplier: Prose = Field(description="What the supplier is told")
    due_on: Day | None = Field(default=None, description="By when now; left out: as before")


class CaseWithdrawal(BaseModel):
    """Why a case ends without a decision."""

    model_config = _with({"reason": "We buy no fasteners any more"})

    reason: Reason
    reason_for_supplier: ReasonForSupplier = None


class EvaluatorNamed(BaseModel):
    """Who is to evaluate a case."""

    model_config = _with({"person": "quinn.quality"})

    person: Person


class ConflictDeclared(BaseModel):
    """Whether the caller has a conflict of interest."""

    model_config = _with({"conflict": "My sister works there"})

    conflict: Prose | None = Field(description="What it is; null: there is none")


class MarkStated(BaseModel):
    """A mark for an answer."""

    model_config = ConfigDict(extra="forbid")

    question: Code
    mark: Annotated[Decimal, Field(ge=0, le=100, max_digits=4, decimal_places=1), AS_WRITTEN] = Field(
        description="Of 100", examples=["80"]
    )
    comment: Prose | None = None


class CaseMarks(BaseModel):
    """The caller's marks, for every answer that counts, once and for all."""

    model_config = _with(
        {"marks": [{"question": "standards", "mark": "80"}, {"question": "turnover", "mark": "60"}]}
    )

    marks: list[MarkStated] = Field(max_length=MOST_QUESTIONS)

    def marked(self) -> list[Marked]:
        """Return what it says."""
        return [Marked(**dict(one)) for one in self.marks]


class CaseConditionStated(BaseModel):
    """What the supplier has to do yet."""

    model_config = ConfigDict(extra="forbid")

    text: Prose = Field(description="The supplier is told it", examples=["Send the new certificate"])
    owner: Person
    due_on: Day


class CaseDecision(BaseModel):
    """What is decided of a case."""

    model_config = _with(
        {
            "decision": "conditionally_qualified",
            "valid_until": "2028-12-31",
            "conditions": [
                {"text": "Send the new certificate", "owner": "quinn.quality", "due_on": "2027-03-31"}
            ],
            "reason": "All but the new plant is certified",
        }
    )

    decision: Decision
    valid_until: Day | None = Field(default=None, description="The last day; not for a rejection")
    conditions: list[CaseConditionStated] = Field(default=[], max_length=MOST_CONDITIONS)
    reason: Reason
    reason_for_supplier: ReasonForSupplier = None

    def verdict(self) -> Verdict:
        """Return what it says."""
        return Verdict(
            decision=self.decision,
            valid_until=self.valid_until,
            conditions=[ConditionStated(**dict(one)) for one in self.conditions],
            reason=self.reason,
            told=self.reason_for_supplier,
        )


class ConditionMet(BaseModel):
    """How somebody knows that a condition is met."""

    model_config = _with({"note": "The certificate came, valid until 2029"})

    note: Prose
