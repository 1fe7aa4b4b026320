"""What a questionnaire asks: sections of questions, each of one kind."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from purveyor.decimals import AS_WRITTEN, SHORTEST
from purveyor.texts import Code, Line, Prose

HUNDRED = Decimal(100)
MOST_SECTIONS, MOST_QUESTIONS, MOST_OPTIONS, MOST_COLUMNS, MOST_ROWS = 50, 300, 200, 20, 500
LONGEST_TEXT = 2_000

OPTION: dict[str, Any] = {"code": "iso9001", "text": "ISO 9001"}
QUESTION: dict[str, Any] = {
    "code": "turnover",
    "text": "What was your turnover in the last business year?",
    "kind": "number",
    "mandatory": True,
    "unit": "EUR",
    "at_least": "0",
    "knock_out": {"below": "100000"},
    "weight": "40",
}
CONTENT: dict[str, Any] = {
    "sections": [
        {
            "code": "quality",
            "title": "Quality",
            "weight": "60",
            "questions": [
                {
                    "code": "qms",
                    "text": "Do you have a certified quality management system?",
                    "kind": "yes_no",
                    "mandatory": True,
                    "knock_out": {"answers": ["no"]},
                },
                {
                    "code": "standards",
                    "text": "Certified by which standards?",
                    "kind": "several",
                    "mandatory": True,
                    "options": [OPTION, {"code": "iatf16949", "text": "IATF 16949"}],
                    "shown_when": {"question": "qms", "answers": ["yes"]},
                    "weight": "100",
                },
            ],
        },
        {"code": "finance", "title": "Finance", "weight": "40", "questions": [QUESTION | {"weight": "100"}]},
    ]
}


class Kind(StrEnum):
    """What a question is answered with."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    SEVERAL = "several"
    YES_NO = "yes_no"
    FILE = "file"
    TABLE = "table"


class ColumnKind(StrEnum):
    """What stands in a column of a table."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


YES, NO = "yes", "no"
CHOSEN = frozenset({Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO})
"""Questions that are answered with one or several of known codes."""


Weight = Annotated[
    Decimal, Field(gt=0, le=100, max_digits=5, decimal_places=2, examples=["40"]), SHORTEST, AS_WRITTEN
]
Number = Annotated[Decimal, Field(max_digits=24, decimal_places=6, examples=["250000"]), SHORTEST, AS_WRITTEN]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AnswerOption(_Part):
    """One of the answers to choose from."""

    code: Code
    text: Line


class TableColumn(_Part):
    """A column of a table."""

    code: Code
    text: Line
    kind: ColumnKind = ColumnKind.TEXT
    mandatory: bool = False


class AskedWhen(_Part):
    """When something is shown: when a question before it, itself shown, has one of these answers."""

    question: Code
    answers: list[Code] = Field(
        min_length=1, max_length=MOST_OPTIONS, description="Codes of options; `yes` or `no`"
    )


class Disqualifying(_Part):
    """Which answers end the matter, whatever the marks are."""

    answers: list[Code] = Field(
        default=[], max_length=MOST_OPTIONS, description="Codes of options; `yes` or `no`"
    )
    below: Number | None = Field(default=None, description="A number under it knocks out")
    above: Number | None = Field(default=None, description="A number over it knocks out")


class QuestionForSupplier(_Part):
    """A question as a supplier is asked it."""

    code: Code = Field(description="Its key in the questionnaire")
    text: Line = Field(description="What is asked")
    guidance: Prose | None = Field(default=None, description="What helps to answer it")
    kind: Kind
    mandatory: bool = False
    unit: Code | None = Field(default=None, description="Of a number")
    at_least: Number | None = Field(default=None, description="The least that a number may be")
    at_most: Number | None = Field(default=None, description="The most that a number may be")
    options: list[AnswerOption] = Field(
        default=[], max_length=MOST_OPTIONS, description="Of `choice` and `several`"
    )
    columns: list[TableColumn] = Field(default=[], max_length=MOST_COLUMNS, description="Of a table")
    shown_when: AskedWhen | None = Field(
        default=None, description="Asked only when another answer says so; always when left out"
    )


class Question(QuestionForSupplier):
    """A question, with what is ours to know of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [QUESTION]})

    weight: Weight | None = Field(
        default=None,
        description="What it counts in its section, of 100; those of a section add up to 100. Without it, "
        "nobody gives marks for its answer",
    )
    knock_out: Disqualifying | None = None

    def for_supplier(self) -> QuestionForSupplier:
        """Return it without what is ours to know."""
        return QuestionForSupplier(**{name: getattr(self, name) for name in QuestionForSupplier.model_fields})


class QuestionnaireSectionForSupplier(_Part):
    """Questions about one matter, as a supplier is asked them."""

    code: Code
    title: Line
    questions: list[QuestionForSupplier]


class QuestionnaireSection(_Part):
    """Questions about one matter."""

    code: Code
    title: Line
    weight: Weight | None = Field(
        default=None, description="What it counts, of 100; those of a questionnaire add up to 100"
    )
    questions: list[Question] = Field(min_length=1, max_length=MOST_QUESTIONS)

    def for_supplier(self) -> QuestionnaireSectionForSupplier:
        """Return it without what is ours to know."""
        asked = [question.for_supplier() for question in self.questions]
        return QuestionnaireSectionForSupplier(code=self.code, title=self.title, questions=asked)


class Content(_Part):
    """All that a questionnaire asks, in order."""

    model_config = ConfigDict(json_schema_extra={"examples": [CONTENT]})

    sections: list[QuestionnaireSection] = Field(min_length=1, max_length=MOST_SECTIONS)

    def questions(self) -> Iterator[tuple[str, QuestionnaireSection, Question]]:
        """Yield each question with its section and the JSON pointer to it, in order."""
        for place, section in enumerate(self.sections):
            for number, question in enumerate(section.questions):
                yield f"/sections/{place}/questions/{number}", section, question

    def by_code(self) -> dict[str, Question]:
        """Return its questions by their codes."""
        return {question.code: question for _, _, question in self.questions()}
