"""What a supplier answers: of the question's kind, within its bounds, and only to what it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.days import EARLIEST, LATEST, Day
from purveyor.decimals import as_written
from purveyor.errors import FieldError, InvalidError
from purveyor.texts import Code, Line, Prose
from sourcing.questionnaires.rules.checks import codes_of
from sourcing.questionnaires.rules.questions import (
    MOST_COLUMNS,
    MOST_OPTIONS,
    MOST_ROWS,
    NO,
    YES,
    ColumnKind,
    Content,
    Kind,
    Number,
    Question,
    TableColumn,
)

ANSWERS: list[dict[str, Any]] = [
    {"question": "qms", "yes": True},
    {"question": "standards", "chosen": ["iso9001"]},
    {"question": "turnover", "number": "2400000"},
]
STATED_BY: Mapping[Kind, str] = {
    Kind.TEXT: "text",
    Kind.NUMBER: "number",
    Kind.DATE: "day",
    Kind.CHOICE: "chosen",
    Kind.SEVERAL: "chosen",
    Kind.YES_NO: "yes",
    Kind.FILE: "file_id",
    Kind.TABLE: "rows",
}
"""In which field a question of a kind is answered."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TableCell(_Part):
    """What stands in a column of a row."""

    column: Code
    value: Line = Field(description="A number with a point, a day as in 2026-03-02")


class TableRow(_Part):
    """A row of a table that is an answer."""

    cells: list[TableCell] = Field(min_length=1, max_length=MOST_COLUMNS)


class Answer(_Part):
    """An answer: its question, and the one field that fits the question's kind."""

    model_config = ConfigDict(json_schema_extra={"examples": [ANSWERS[1]]})

    question: Code
    text: Prose | None = None
    number: Number | None = Field(default=None, description="In the question's unit")
    day: Day | None = None
    chosen: list[Code] | None = Field(
        default=None, min_length=1, max_length=MOST_OPTIONS, description="Of a choice one, of several some"
    )
    yes: bool | None = None
    file_id: UUID | None = Field(default=None, description="Of a file that was uploaded before")
    rows: list[TableRow] | None = Field(default=None, min_length=1, max_length=MOST_ROWS)

    @property
    def codes(self) -> frozenset[str]:
        """The codes that it chooses, which others are shown or knocked out by."""
        if self.yes is not None:
            return frozenset({YES if self.yes else NO})
        return frozenset(self.chosen or ())


def shown(content: Content, answers: Iterable[Answer]) -> list[Question]:
    """Return the questions that are asked, in view of the answers to those before them."""
    given = {answer.question: answer for answer in answers}
    asked: dict[str, Question] = {}
    for _, _, question in content.questions():
        when = question.shown_when
        if when is None or (
            when.question in asked
            and when.question in given
            and given[when.question].codes & set(when.answers)
        ):
            asked[question.code] = question
    return list(asked.values())


def check_answers(content: Content, answers: Sequence[Answer]) -> None:
    """Raise InvalidError naming answers to what is not asked, of another kind, or out of bounds."""
    questions = content.by_code()
    _expect_none("question_unknown", list(_unknown(questions, answers)))
    _expect_none("question_answered_twice", list(_twice(answers)))
    _expect_none(
        "answer_not_fitting",
        [
            error
            for place, answer in enumerate(answers)
            for error in _against(f"/answers/{place}", questions[answer.question], answer)
        ],
    )
    asked = {question.code for question in shown(content, answers)}
    _expect_none("question_not_asked", list(_not_asked(questions, asked, answers)))


def check_complete(content: Content, answers: Sequence[Answer]) -> None:
    """Raise InvalidError naming what has to be answered before anything is submitted."""
    given = {answer.question for answer in answers}
    missing = [
        FieldError("/answers", f"{question.code} is not answered: {question.text}")
        for question in shown(content, answers)
        if question.mandatory and question.code not in given
    ]
    _expect_none("answers_missing", missing)


def _expect_none(code: str, errors: list[FieldError]) -> None:
    if errors:
        raise InvalidError(code, errors[0].detail, errors=errors)


def _unknown(questions: Mapping[str, Question], answers: Sequence[Answer]) -> Iterator[FieldError]:
    for place, answer in enumerate(answers):
        if answer.question not in questions:
            yield FieldError(f"/answers/{place}/question", f"{answer.question} is not asked here.")


def _twice(answers: Sequence[Answer]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for place, answer in enumerate(answers):
        if answer.question in seen:
            yield FieldError(f"/answers/{place}/question", f"{answer.question} was answered before.")
        seen.add(answer.question)


def _not_asked(
    questions: Mapping[str, Question], asked: set[str], answers: Sequence[Answer]
) -> Iterator[FieldError]:
    for place, answer in enumerate(answers):
        when = questions[answer.question].shown_when
        if answer.question not in asked and when is not None:
            yield FieldError(
                f"/answers/{place}",
                f"{answer.question} is asked only when {when.question} is answered with "
                f"{' or '.join(when.answers)}: leave it out.",
            )


def _against(at: str, question: Question, answer: Answer) -> Iterator[FieldError]:
    """Yield what an answer has against it."""
    fits = STATED_BY[question.kind]
    stated = [name for name in dict.fromkeys(STATED_BY.values()) if getattr(answer, name) is not None]
    if stated != [fits]:
        wrong = next((name for name in stated if name != fits), fits)
        yield FieldError(
            f"{at}/{wrong}",
            f"{question.code} is a {question.kind}: it is answered with {fits}, and that only.",
        )
        return
    if answer.number is not None:
        yield from _outside(f"{at}/number", question, answer.number)
    if answer.chosen is not None:
        yield from _choice(f"{at}/chosen", question, answer.chosen)
    for place, row in enumerate(answer.rows or ()):
        yield from _row(f"{at}/rows/{place}", question.columns, row)


def _outside(at: str, question: Question, number: Decimal) -> Iterator[FieldError]:
    unit = f" {question.unit}" if question.unit else ""
    if question.at_least is not None and number < question.at_least:
        yield FieldError(at, f"{question.code} is {question.at_least}{unit} at least.")
    if question.at_most is not None and number > question.at_most:
        yield FieldError(at, f"{question.code} is {question.at_most}{unit} at most.")


def _choice(at: str, question: Question, chosen: Sequence[str]) -> Iterator[FieldError]:
    known = codes_of(question)
    if question.kind is Kind.CHOICE and len(chosen) > 1:
        yield FieldError(at, f"Of {question.code} one is chosen.")
    for place, code in enumerate(chosen):
        if code not in known:
            yield FieldError(f"{at}/{place}", f"{question.code} is one of {', '.join(known)}.")
        if code in chosen[:place]:
            yield FieldError(f"{at}/{place}", f"{code} was chosen before.")


def _row(at: str, columns: Sequence[TableColumn], row: TableRow) -> Iterator[FieldError]:
    known = {column.code: column for column in columns}
    seen: set[str] = set()
    for place, cell in enumerate(row.cells):
        column = known.get(cell.column)
        pointer = f"{at}/cells/{place}"
        if column is None:
            yield FieldError(f"{pointer}/column", f"The table has the columns {', '.join(known)}.")
        elif cell.column in seen:
            yield FieldError(f"{pointer}/column", f"The row says {cell.column} twice.")
        elif column.kind is ColumnKind.NUMBER and not _is_number(cell.value):
            yield FieldError(f"{pointer}/value", f"{cell.column} is a number, as in 1234.50.")
        elif column.kind is ColumnKind.DATE and not _is_day(cell.value):
            yield FieldError(f"{pointer}/value", f"{cell.column} is a day, as in 2026-03-02.")
        seen.add(cell.column)
    for column in columns:
        if column.mandatory and column.code not in seen:
            yield FieldError(f"{at}/cells", f"The row says no {column.code}.")


def _is_number(written: str) -> bool:
    try:
        as_written(written)
    except ValueError:
        return False
    return True


def _is_day(written: str) -> bool:
    try:
        return len(written) == len("2026-03-02") and EARLIEST <= date.fromisoformat(written) <= LATEST
    except ValueError:
        return False
