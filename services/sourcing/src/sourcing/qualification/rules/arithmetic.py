"""How marks become a result: knock-outs first, then the weighted mean of what was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from purveyor.decimals import shortest
from purveyor.errors import FieldError, InvalidError
from purveyor.figures import rounded
from sourcing.qualification.rules.answers import Answer, shown
from sourcing.qualification.rules.states import Decision
from sourcing.questionnaires.rules.questions import HUNDRED, Content, Question

Marks = Mapping[str, Decimal]
"""The marks of one evaluator by question, of 100."""


@dataclass(frozen=True, slots=True)
class KnockedOut:
    """An answer that ends the matter."""

    question: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What an answer's marks count."""

    section: str
    question: str
    section_weight: Decimal
    weight: Decimal
    counts: Decimal
    """Of 100: section's weight × question's weight."""
    marks: Mapping[str, Decimal]
    """By evaluator."""
    mean: Decimal


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A result with everything that it was made of."""

    knocked_out: tuple[KnockedOut, ...]
    questions: tuple[Reckoned, ...]
    counted: Decimal
    """How much of 100 was asked; the mean is over that."""
    result: Decimal | None
    """None where nobody gives marks."""


def reckon(content: Content, answers: Sequence[Answer], marks: Mapping[str, Marks]) -> Reckoning:
    """Return the result of a case, reckoned exactly and rounded once, to one decimal."""
    asked = {question.code for question in shown(content, answers)}
    reckoned = tuple(_reckoned(content, asked, marks)) if marks else ()
    counted = sum((one.counts for one in reckoned), Decimal(0))
    result = None
    if counted:
        total = sum(
            (
                Fraction(one.counts) * Fraction(sum(one.marks.values(), Decimal(0))) / len(one.marks)
                for one in reckoned
            ),
            Fraction(0),
        )
        result = _rounded(total / Fraction(counted), 1)
    return Reckoning(knocked_out(content, answers), reckoned, counted, result)


def _reckoned(content: Content, asked: set[str], marks: Mapping[str, Marks]) -> Iterator[Reckoned]:
    for _, section, question in content.questions():
        if question.code not in asked or question.weight is None or section.weight is None:
            continue
        given = {by: of[question.code] for by, of in sorted(marks.items())}
        yield Reckoned(
            section=section.code,
            question=question.code,
            section_weight=section.weight,
            weight=question.weight,
            counts=section.weight * question.weight / HUNDRED,
            marks=given,
            mean=_rounded(Fraction(sum(given.values(), Decimal(0))) / len(given), 2),
        )


def _rounded(value: Fraction, decimals: int) -> Decimal:
    """Round half up, as `purveyor.figures` does, what no decimal may hold exactly."""
    scale = 10**decimals
    whole = (2 * value.numerator * scale + value.denominator) // (2 * value.denominator)
    return rounded(Decimal(whole) / scale, decimals)


def to_mark(content: Content, answers: Sequence[Answer]) -> list[str]:
    """Return the questions that an evaluator gives marks for: those with a weight that are asked."""
    return [question.code for question in shown(content, answers) if question.weight is not None]


def check_marks_given(content: Content, answers: Sequence[Answer], marked: Sequence[str]) -> None:
    """Raise InvalidError unless exactly the questions are marked that marks are given for."""
    wanted = to_mark(content, answers)
    errors = [
        FieldError(f"/marks/{place}/question", f"Marks are given for {', '.join(wanted) or 'nothing'}, once.")
        for place, code in enumerate(marked)
        if code not in wanted or code in marked[:place]
    ]
    errors += [FieldError("/marks", f"{code} has no mark.") for code in wanted if code not in marked]
    if errors:
        raise InvalidError("marks_incomplete", errors[0].detail, errors=errors)


def knocked_out(content: Content, answers: Sequence[Answer]) -> tuple[KnockedOut, ...]:
    """Return the answers that end the matter, in the order of their questions."""
    given = {answer.question: answer for answer in answers}
    return tuple(
        KnockedOut(question.code, reason)
        for question in shown(content, answers)
        if question.code in given
        for reason in _reasons(question, given[question.code])
    )


def _reasons(question: Question, answer: Answer) -> Iterator[str]:
    out = question.knock_out
    if out is None:
        return
    for code in out.answers:
        if code in answer.codes:
            yield f"answered {code}"
    if answer.number is not None and out.below is not None and answer.number < out.below:
        yield f"{shortest(answer.number)} is below {shortest(out.below)}"
    if answer.number is not None and out.above is not None and answer.number > out.above:
        yield f"{shortest(answer.number)} is above {shortest(out.above)}"


def earned(
    reckoning: Reckoning, pass_mark: Decimal | None, conditional_mark: Decimal | None
) -> frozenset[Decision]:
    """Return what may be decided: never better than the answers and the marks allow, always worse."""
    found = {Decision.REJECTED}
    if not reckoning.knocked_out:
        if pass_mark is None or (reckoning.result is not None and reckoning.result >= pass_mark):
            found |= {Decision.QUALIFIED, Decision.CONDITIONALLY_QUALIFIED}
        least = conditional_mark if conditional_mark is not None else pass_mark
        if least is not None and reckoning.result is not None and reckoning.result >= least:
            found.add(Decision.CONDITIONALLY_QUALIFIED)
    return frozenset(found)


def check_earned(
    decision: Decision,
    reckoning: Reckoning,
    pass_mark: Decimal | None,
    conditional_mark: Decimal | None,
) -> None:
    """Raise InvalidError for a decision that is better than the answers and the marks allow."""
    allowed = earned(reckoning, pass_mark, conditional_mark)
    if decision in allowed:
        return
    if reckoning.knocked_out:
        first = reckoning.knocked_out[0]
        why = f"{first.question} knocks it out ({first.reason})"
    elif reckoning.result is None:
        why = "none of the questions that marks are given for was asked"
    else:
        why = f"its result is {reckoning.result}, the pass mark {pass_mark}"
        if conditional_mark is not None:
            why += f", with conditions {conditional_mark}"
    may = ", ".join(sorted(allowed))
    detail = f"It cannot be {decision}, for {why}; it may be {may}."
    raise InvalidError(
        "decision_not_earned", detail, errors=[FieldError("/decision", detail)], allowed=sorted(allowed)
    )
