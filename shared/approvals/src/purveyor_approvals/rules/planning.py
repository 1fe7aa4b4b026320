"""Which steps a policy wants of a document, and which of its conditions put each of them there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from purveyor_approvals.rules.policy import ApprovalPolicy, Conditions, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What conditions look at; amounts are in the policy's currency.

    `categories` are those of the lines and all that they lie in.
    """

    kind: str
    amount: Decimal
    currency: str
    business_unit: str | None = None
    cost_centres: Collection[str] = ()
    categories: Collection[str] = ()
    supplier_risk: str | None = None
    supplier_grade: str | None = None
    on_contract: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """A step that is wanted; all of a stage are decided side by side, later stages wait."""

    stage: int
    step: Step
    because: tuple[str, ...]


NOT_COVERED = "no rule covers it"


def plan(policy: ApprovalPolicy, facts: Facts, undecided: tuple[Step, ...] = ()) -> list[Planned]:
    """Return the steps of all rules that hold, in the rules' order; the same step is taken once.

    `undecided` are the steps of a kind that the policy does not speak of. No step at all: it is refused.
    """
    answer = policy.answer_for(facts.kind)
    wanted = [
        (rule.steps, f"rule “{rule.name}”: {'; '.join(why) or 'always'}")
        for rule in policy.rules
        if (why := reasons(rule.when, facts)) is not None
    ]
    if not wanted and answer is not None:
        wanted = [(answer.steps, NOT_COVERED)]
    elif not wanted:
        wanted = [(undecided, f"no policy speaks of {facts.kind.replace('_', ' ')}")]
    return _staged(wanted)


def _staged(wanted: Iterable[tuple[tuple[Step, ...], str]]) -> list[Planned]:
    found: dict[str, Planned] = {}
    stage = 0
    for steps, why in wanted:
        for place, step in enumerate(steps):
            if place == 0 or not step.beside:
                stage += 1
            key = step.model_copy(update={"beside": False}).model_dump_json()
            known = found.get(key)
            found[key] = (
                Planned(stage, step, (why,))
                if known is None
                else Planned(known.stage, known.step, (*known.because, why))
            )
    return list(found.values())


def reasons(when: Conditions, facts: Facts) -> tuple[str, ...] | None:
    """Return in words which conditions hold; None as soon as one does not."""
    found: list[str] = []
    for holds, why in _looked_at(when, facts):
        if not holds:
            return None
        found.append(why)
    return tuple(found)


def _looked_at(when: Conditions, facts: Facts) -> Iterator[tuple[bool, str]]:
    worth = f"{facts.amount:,} {facts.currency}"
    if when.kinds is not None:
        yield facts.kind in when.kinds, f"it is a {facts.kind.replace('_', ' ')}"
    if when.amount_from is not None:
        yield facts.amount >= when.amount_from, f"{worth} is {when.amount_from:,} or more"
    if when.amount_below is not None:
        yield facts.amount < when.amount_below, f"{worth} is less than {when.amount_below:,}"
    if when.categories is not None:
        yield _any_of("category", when.categories, facts.categories)
    if when.business_units is not None:
        yield _any_of("business unit", when.business_units, _one(facts.business_unit))
    if when.cost_centres is not None:
        yield _any_of("cost centre", when.cost_centres, facts.cost_centres)
    if when.supplier_risks is not None:
        yield _any_of("the supplier's risk", when.supplier_risks, _one(facts.supplier_risk))
    if when.supplier_grades is not None:
        yield _any_of("the supplier's grade", when.supplier_grades, _one(facts.supplier_grade))
    if when.on_contract is not None:
        said = "a contract covers it" if facts.on_contract else "no contract covers it"
        yield facts.on_contract == when.on_contract, said


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _any_of(what: str, wanted: Collection[str], there: Collection[str]) -> tuple[bool, str]:
    met = [one for one in wanted if one in there]
    return bool(met), f"{what} {', '.join(met)}"
