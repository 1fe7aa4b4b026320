"""What an organisation decides about approvals: rules whose conditions lead to steps.

Every rule whose conditions hold adds its steps. What no rule covers has the answer that was stated for it,
and a policy without one is not taken: nothing passes in silence.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from purveyor.decimals import AS_WRITTEN
from purveyor.money import CurrencyCode
from purveyor.texts import Code, Name

MOST_RULES = 200
MOST_STEPS = 20
BESIDE = Field(
    default=False, description="Decided side by side with the step before it, and not after that one"
)
Amount = Annotated[Decimal, Field(ge=0, max_digits=24, decimal_places=6), AS_WRITTEN]
Share = Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4), AS_WRITTEN]
Codes = Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PersonStep(_Value):
    """A person decides, or whoever stands above when that one may not."""

    who: Literal["person"]
    person: Code
    beside: bool = BESIDE


class CostCentreManagerStep(_Value):
    """The manager of each cost centre that is charged decides, or whoever stands above."""

    who: Literal["cost_centre_manager"]
    beside: bool = BESIDE


class LineStep(_Value):
    """The managers above who hands it in decide, one after the other, up to one whose limit covers it."""

    who: Literal["line"]
    beside: bool = BESIDE


class GroupStep(_Value):
    """Members of a group decide: any one, so many, or every one of them."""

    who: Literal["group"]
    group: Code
    needs: int = Field(default=1, ge=1, le=100, description="So many of them")
    every: bool = Field(default=False, description="All who may, however many `needs` says")
    beside: bool = BESIDE


class RoleStep(_Value):
    """Anybody with a role decides."""

    who: Literal["role"]
    role: Code
    beside: bool = BESIDE


Step = Annotated[
    PersonStep | CostCentreManagerStep | LineStep | GroupStep | RoleStep, Field(discriminator="who")
]


class Conditions(_Value):
    """When a rule holds: all that is stated has to, and what is left out is not looked at."""

    kinds: Codes | None = Field(default=None, description="Documents of these kinds; null: of every kind")
    amount_from: Amount | None = Field(default=None, description="As much or more, in the policy's currency")
    amount_below: Amount | None = Field(default=None, description="Less, in the policy's currency")
    categories: Codes | None = Field(default=None, description="A line of one of these, or of one within")
    business_units: Codes | None = None
    cost_centres: Codes | None = None
    supplier_risks: Codes | None = Field(default=None, description="The supplier's risk, as it is known here")
    supplier_grades: Codes | None = Field(default=None, description="Its grade, as it is known here")
    on_contract: bool | None = Field(default=None, description="Whether a contract or blanket covers it")


class Rule(_Value):
    """Steps, and when they are wanted."""

    name: Name
    when: Conditions = Conditions()
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=MOST_STEPS)]


class Otherwise(_Value):
    """The answer to what no rule covers: steps, or none at all, which refuses it."""

    kinds: Codes | None = Field(default=None, description="Of these kinds; null: of every kind left")
    steps: Annotated[tuple[Step, ...], Field(max_length=MOST_STEPS)] = Field(
        default=(), description="None: such a document is refused"
    )


class ApprovalPolicy(_Value):
    """Who approves what."""

    currency: CurrencyCode = Field(default="EUR", description="Of all its amounts")
    rules: Annotated[tuple[Rule, ...], Field(max_length=MOST_RULES)] = ()
    otherwise: Annotated[tuple[Otherwise, ...], Field(max_length=MOST_RULES)] = ()
    growth: Amount | None = Field(
        default=None, description="By how much an approved document may grow without being approved anew"
    )
    growth_tolerance: (
        Annotated[Decimal, Field(ge=0, le=100, max_digits=7, decimal_places=4), AS_WRITTEN] | None
    ) = Field(
        default=None, description="By how many percent it may; where both are stated, both have to hold"
    )
    split_days: int | None = Field(
        default=None, ge=1, le=366, description="How far apart documents are looked at as one; null: never"
    )
    remind_after: int | None = Field(default=None, ge=1, le=60, description="Working days, at the site")
    escalate_after: int | None = Field(default=None, ge=1, le=60, description="Working days, at the site")
    overriders: Code | None = Field(
        default=None, description="The group whose members may approve past the steps; null: nobody may"
    )

    @model_validator(mode="after")
    def _answers_what_no_rule_covers(self) -> Self:
        answered = {kind for one in self.otherwise for kind in one.kinds or ()}
        if any(one.kinds is None for one in self.otherwise):
            return self
        for rule in self.rules:
            if rule.when.kinds is None:
                raise ValueError(
                    f"the rule “{rule.name}” is for every kind: say in `otherwise`, with kinds null, what "
                    "happens to documents that no rule covers"
                )
            if missing := sorted(set(rule.when.kinds) - answered):
                raise ValueError(
                    f"the rule “{rule.name}” speaks of {', '.join(missing)}: say in `otherwise` what happens "
                    "to documents of that kind that no rule covers"
                )
        return self

    def speaks_of(self, kind: str) -> bool:
        """Whether anything was decided of a kind of document."""
        return self.answer_for(kind) is not None

    def answer_for(self, kind: str) -> Otherwise | None:
        """Return the answer to documents of a kind that no rule covers: first one that names the kind."""
        naming = (one for one in self.otherwise if one.kinds is not None and kind in one.kinds)
        general = (one for one in self.otherwise if one.kinds is None)
        return next(naming, None) or next(general, None)
