"""Who takes each step: nobody who wrote any of it, nobody above their limit, nobody who has left.

Where the one who is named may not, the question goes to that one's manager, and on upwards; where nobody is
left, the document is refused and nothing passes for want of a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from purveyor_approvals.rules.planning import Planned
from purveyor_approvals.rules.policy import CostCentreManagerStep, GroupStep, LineStep, PersonStep, RoleStep


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody of the organisation; `limit` is in the policy's currency, None without one.

    `subject` is who it is in tokens. `there` says whether the day lies between the first and the last one.
    """

    code: str
    subject: str
    manager: str | None = None
    limit: Decimal | None = None
    there: bool = True


@dataclass(frozen=True, slots=True)
class Directory:
    """Those people whom a plan may need, with all who stand above them."""

    people: Mapping[str, Person] = field(default_factory=dict)
    managers: Mapping[str, str | None] = field(default_factory=dict)
    """By cost centre."""
    groups: Mapping[str, Collection[str]] = field(default_factory=dict)
    author: str | None = None
    """The code of who hands it in, if that is one of the people."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A step with those who may take it; `needs` of them have to agree.

    One that is `limited` is taken within one's limit; the lower ones of a managers' line only endorse.
    """

    number: int
    stage: int
    who: str
    label: str
    needs: int
    people: tuple[str, ...]
    role: str | None
    limited: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """All steps, and the problems of those that nobody may take."""

    steps: tuple[Assigned, ...]
    problems: tuple[str, ...]


def why_not(person: Person, amount: Decimal, kept_apart: Collection[str]) -> str | None:
    """Return why somebody does not decide so much; None when they may."""
    if not person.there:
        return f"{person.code} is not there"
    if person.subject in kept_apart:
        return f"{person.code} had a part in it"
    if person.limit is not None and person.limit < amount:
        return f"{person.code} approves up to {person.limit:,}"
    return None


def line_above(directory: Directory, code: str | None) -> Iterator[Person]:
    """Yield somebody and all who stand above, each once."""
    seen: set[str] = set()
    while code is not None and code not in seen and code in directory.people:
        seen.add(code)
        person = directory.people[code]
        yield person
        code = person.manager


def above_all(
    directory: Directory, people: Collection[str], amount: Decimal | None, kept_apart: Collection[str]
) -> list[str]:
    """Return who stands nearest above each of some people, may decide so much (None: any) and is new."""
    found: list[str] = []
    for code in people:
        for person in list(line_above(directory, code))[1:]:
            may = why_not(person, Decimal(0) if amount is None else amount, kept_apart) is None
            if may and person.code not in people:
                if person.code not in found:
                    found.append(person.code)
                break
    return found


def assign(
    planned: Collection[Planned], directory: Directory, amount: Decimal, kept_apart: Collection[str]
) -> Assignment:
    """Return who takes each of the steps, numbered from 1, their stages without gaps."""
    steps: list[Assigned] = []
    problems: list[str] = []
    stage, last = 0, None
    for one in sorted(planned, key=lambda step: step.stage):
        found = list(_of(one, directory, amount, kept_apart))
        if one.stage != last:
            stage, last = stage + 1, one.stage
        for offset, step in enumerate(found):
            if isinstance(step, str):
                problems.append(step)
                continue
            if offset and isinstance(one.step, LineStep):
                stage += 1
            steps.append(replace(step, number=len(steps) + 1, stage=stage))
    return Assignment(tuple(steps), tuple(problems))


def _of(
    planned: Planned, directory: Directory, amount: Decimal, kept_apart: Collection[str]
) -> Iterator[Assigned | str]:
    match planned.step:
        case PersonStep(person=code):
            yield _upwards(planned, directory, code, f"person {code}", amount, kept_apart)
        case CostCentreManagerStep():
            for centre, manager in sorted(directory.managers.items()):
                label = f"manager of cost centre {centre}"
                yield _upwards(planned, directory, manager, label, amount, kept_apart)
        case LineStep():
            yield from _line(planned, directory, amount, kept_apart)
        case GroupStep():
            yield _group(planned, planned.step, directory, amount, kept_apart)
        case RoleStep(role=role):
            yield Assigned(0, 0, "role", f"role {role}", 1, (), role, True, planned.because)


def _upwards(
    planned: Planned,
    directory: Directory,
    code: str | None,
    label: str,
    amount: Decimal,
    kept_apart: Collection[str],
) -> Assigned | str:
    passed: list[str] = []
    for person in line_above(directory, code):
        why = why_not(person, amount, kept_apart)
        if why is None:
            because = planned.because + tuple(f"{one}: it goes to who stands above" for one in passed)
            return Assigned(0, 0, planned.step.who, label, 1, (person.code,), None, True, because)
        passed.append(why)
    unknown = "nobody is known as that" if not passed else "; ".join(passed)
    return f"{label}: {unknown}, and nobody stands above who may"


def _line(
    planned: Planned, directory: Directory, amount: Decimal, kept_apart: Collection[str]
) -> Iterator[Assigned | str]:
    author = directory.people.get(directory.author or "")
    passed: list[str] = []
    for person in line_above(directory, author.manager if author else None):
        why = why_not(person, amount, kept_apart)
        enough = person.limit is None or person.limit >= amount
        if why is not None and enough:
            passed.append(why)
            continue
        if not person.there or person.subject in kept_apart:
            continue
        label = f"managers' line: {person.code}"
        yield Assigned(0, 0, "line", label, 1, (person.code,), None, enough, planned.because)
        if enough:
            return
    known = "who hands it in is none of the people" if author is None else "; ".join(passed)
    yield f"managers' line: nobody in it may approve {amount:,}{': ' if known else ''}{known}"


def _group(
    planned: Planned, step: GroupStep, directory: Directory, amount: Decimal, kept_apart: Collection[str]
) -> Assigned | str:
    members = [directory.people[code] for code in sorted(directory.groups.get(step.group, ()))]
    refused = {person.code: why_not(person, amount, kept_apart) for person in members}
    able = tuple(code for code, why in refused.items() if why is None)
    needs = max(len(able), 1) if step.every else step.needs
    if len(able) < needs:
        why = "; ".join(why for why in refused.values() if why) or "it has no members"
        return f"group {step.group}: {needs} have to approve and {len(able)} may ({why})"
    how_many = "all" if step.every else "any" if needs == 1 else f"{needs} of it"
    label = f"group {step.group}, {how_many}"
    return Assigned(0, 0, "group", label, needs, able, None, True, planned.because)
