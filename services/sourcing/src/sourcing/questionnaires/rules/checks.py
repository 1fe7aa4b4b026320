"""Which questionnaires make sense: codes once, fields of their kind, weights that add up, no circles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from purveyor.decimals import shortest
from purveyor.errors import FieldError, InvalidError
from sourcing.questionnaires.rules.questions import (
    CHOSEN,
    HUNDRED,
    MOST_QUESTIONS,
    NO,
    YES,
    Content,
    Kind,
    Question,
)

MAY_HAVE: Mapping[Kind, frozenset[str]] = {
    Kind.NUMBER: frozenset({"unit", "at_least", "at_most"}),
    Kind.CHOICE: frozenset({"options"}),
    Kind.SEVERAL: frozenset({"options"}),
    Kind.TABLE: frozenset({"columns"}),
}
"""Which fields only questions of a kind have."""
OF_ONE_KIND = ("unit", "at_least", "at_most", "options", "columns")
TWO_OPTIONS = 2


def check(content: Content) -> None:
    """Raise InvalidError for a questionnaire that nobody could answer or add up, naming where."""
    _expect_none("codes_repeated", "Each code stands once.", _repeated(content))
    _expect_none("question_malformed", "A question has the fields of its kind.", _malformed(content))
    circles = list(_circles(content))
    _expect_none("questions_circular", "No question waits for its own answer.", circles)
    _expect_none("condition_unmet", "A question waits for an answer to one before it.", _conditions(content))
    _expect_none("weights_do_not_add_up", "Weights add up to 100.", _weights(content))


def check_marks(content: Content, pass_mark: Decimal | None, conditional_mark: Decimal | None) -> None:
    """Raise InvalidError for marks to pass by that nobody gives, that are missing, or that are reversed."""
    errors = []
    has_marks = any(question.weight is not None for _, _, question in content.questions())
    if has_marks and pass_mark is None:
        errors.append(FieldError("/pass_mark", "Say from which result on a supplier qualifies, of 100."))
    if not has_marks and (pass_mark, conditional_mark) != (None, None):
        pointer = "/pass_mark" if pass_mark is not None else "/conditional_mark"
        errors.append(FieldError(pointer, "No question has a weight, so there is no result: leave it out."))
    if _reversed(conditional_mark, pass_mark):
        errors.append(FieldError("/conditional_mark", f"It lies over the pass mark, {pass_mark}."))
    _expect_none("pass_mark_wrong", "Who qualifies is said by marks that are given.", errors)


def codes_of(question: Question) -> list[str]:
    """Return the codes that a question may be answered with."""
    if question.kind is Kind.YES_NO:
        return [YES, NO]
    return [option.code for option in question.options]


def _expect_none(code: str, rule: str, errors: Iterable[FieldError]) -> None:
    found = list(errors)
    if found:
        raise InvalidError(code, f"{rule} {found[0].detail}", errors=found)


def _repeated(content: Content) -> Iterator[FieldError]:
    sections = [(f"/sections/{place}", one.code) for place, one in enumerate(content.sections)]
    yield from _twice(sections, "section")
    asked = list(content.questions())
    yield from _twice([(at, question.code) for at, _, question in asked], "question")
    if len(asked) > MOST_QUESTIONS:
        yield FieldError("/sections", f"{len(asked)} questions are asked; {MOST_QUESTIONS} are the most.")
    for at, _, question in asked:
        options = [(f"{at}/options/{place}", one.code) for place, one in enumerate(question.options)]
        columns = [(f"{at}/columns/{place}", one.code) for place, one in enumerate(question.columns)]
        yield from _twice(options, "option")
        yield from _twice(columns, "column")


def _twice(codes: list[tuple[str, str]], what: str) -> Iterator[FieldError]:
    counted = Counter(code for _, code in codes)
    seen: set[str] = set()
    for at, code in codes:
        if counted[code] > 1 and code in seen:
            yield FieldError(f"{at}/code", f"Another {what} has the code {code}.")
        seen.add(code)


def _malformed(content: Content) -> Iterator[FieldError]:
    for at, _, question in content.questions():
        may_have = MAY_HAVE.get(question.kind, frozenset())
        for name in OF_ONE_KIND:
            if getattr(question, name) not in (None, []) and name not in may_have:
                yield FieldError(f"{at}/{name}", f"A question of kind {question.kind} has no {name}.")
        if "options" in may_have and len(question.options) < TWO_OPTIONS:
            yield FieldError(f"{at}/options", "There are at least two options to choose from.")
        if "columns" in may_have and not question.columns:
            yield FieldError(f"{at}/columns", "A table has at least one column.")
        if _reversed(question.at_least, question.at_most):
            yield FieldError(f"{at}/at_most", f"It lies under at_least, {question.at_least}.")
        yield from _knock_outs(at, question)


def _knock_outs(at: str, question: Question) -> Iterator[FieldError]:
    out = question.knock_out
    if out is None:
        return
    bounds = (out.below, out.above)
    if not out.answers and bounds == (None, None):
        yield FieldError(f"{at}/knock_out", "Say which answers knock out, or leave it out.")
    if bounds != (None, None) and question.kind is not Kind.NUMBER:
        yield FieldError(f"{at}/knock_out", f"Only a number is below or above, not a {question.kind}.")
    if _reversed(out.below, out.above):
        yield FieldError(f"{at}/knock_out/above", "Every number lies below or above.")
    if out.answers:
        yield from _unknown(f"{at}/knock_out/answers", question, out.answers)
        chooses_one = question.kind in (Kind.CHOICE, Kind.YES_NO)
        if chooses_one and set(codes_of(question)) <= set(out.answers):
            yield FieldError(f"{at}/knock_out/answers", "Every answer would knock out.")


def _reversed(least: Decimal | None, most: Decimal | None) -> bool:
    return least is not None and most is not None and most < least


def _unknown(at: str, question: Question, answers: Iterable[str]) -> Iterator[FieldError]:
    if question.kind not in CHOSEN:
        yield FieldError(at, f"{question.code} is answered with a {question.kind}, not with codes.")
        return
    known = codes_of(question)
    for place, answer in enumerate(answers):
        if answer not in known:
            yield FieldError(f"{at}/{place}", f"{question.code} is answered with {', '.join(known)}.")


def _circles(content: Content) -> Iterator[FieldError]:
    waits_for = {
        question.code: question.shown_when.question
        for _, _, question in content.questions()
        if question.shown_when is not None
    }
    for at, _, question in content.questions():
        path = [question.code]
        while (following := waits_for.get(path[-1])) is not None and following not in path:
            path.append(following)
        if following == question.code:
            way = " → ".join([*path, question.code])
            yield FieldError(f"{at}/shown_when/question", f"It waits for itself: {way}.")


def _conditions(content: Content) -> Iterator[FieldError]:
    questions = content.by_code()
    before: dict[str, Question] = {}
    for at, _, question in content.questions():
        condition = question.shown_when
        if condition is not None:
            pointer = f"{at}/shown_when"
            if condition.question not in questions:
                yield FieldError(f"{pointer}/question", f"There is no question {condition.question}.")
            elif condition.question not in before:
                yield FieldError(
                    f"{pointer}/question",
                    f"{condition.question} comes later: what is asked depends on what was asked before.",
                )
            else:
                yield from _unknown(f"{pointer}/answers", before[condition.question], condition.answers)
        before[question.code] = question


def _weights(content: Content) -> Iterator[FieldError]:
    yield from _sum("/sections", "the sections", [section.weight for section in content.sections])
    for place, section in enumerate(content.sections):
        at = f"/sections/{place}"
        weights = [question.weight for question in section.questions]
        yield from _sum(f"{at}/questions", f"section {section.code}", weights)
        has_marks = any(weight is not None for weight in weights)
        if has_marks and section.weight is None:
            yield FieldError(f"{at}/weight", "Marks are given for its answers: say what they count, of 100.")
        if section.weight is not None and not has_marks:
            yield FieldError(f"{at}/weight", "It counts something, and none of its questions has a weight.")


def _sum(at: str, what: str, weights: Iterable[Decimal | None]) -> Iterator[FieldError]:
    stated = [weight for weight in weights if weight is not None]
    total = sum(stated, Decimal(0))
    if stated and total != HUNDRED:
        yield FieldError(at, f"The weights of {what} add up to {shortest(total)}, not to 100.")
