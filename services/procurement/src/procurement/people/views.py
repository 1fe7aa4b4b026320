"""People as HTTP takes and shows them."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from procurement.fields import Price
from procurement.people import model
from purveyor.days import Day
from purveyor.http.personal import MARK
from purveyor.money import CurrencyCode
from purveyor.texts import Code, Name, Reference

PERSON: dict[str, Any] = {
    "subject": "mara.manager",
    "name": "Mara Lindner",
    "manager": "otto",
    "approval_limit": {"amount": "10000", "currency": "EUR"},
    "groups": ["finance"],
    "site": "HAM-1",
    "valid_from": "2020-01-01",
    "valid_to": None,
}


class ApprovalLimit(BaseModel):
    """How much somebody approves at most."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"amount": "10000", "currency": "EUR"}]}
    )

    amount: Price
    currency: CurrencyCode


class PersonIn(BaseModel):
    """Somebody as the organisation states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [PERSON]})

    subject: Reference = Field(description="Who it is in tokens (`sub`); nobody else is the same")
    name: Name
    manager: Code | None = Field(description="The person who stands above; null: nobody does")
    approval_limit: ApprovalLimit | None = Field(
        description="What this person approves at most; null: whatever a policy asks"
    )
    groups: Annotated[list[Code], Field(max_length=100)] = Field(
        default_factory=list, description="Those that a policy may ask"
    )
    site: Code | None = Field(default=None, description="Where this person works")
    valid_from: Day | None = Field(default=None, description="The first day on which the person is there")
    valid_to: Day | None = Field(default=None, description="The last day; nobody is deleted")

    def stated(self) -> dict[str, Any]:
        """Return what is kept."""
        kept = {name: getattr(self, name) for name in type(self).model_fields if name != "approval_limit"}
        limit = self.approval_limit
        return kept | {
            "groups": sorted(set(self.groups)),
            "limit_amount": limit and limit.amount,
            "limit_currency": limit and limit.currency,
        }


class Person(PersonIn):
    """Somebody of the organisation."""

    model_config = ConfigDict(
        extra="ignore", json_schema_extra={MARK: "people", "examples": [{"code": "mara"} | PERSON]}
    )

    code: str

    @classmethod
    def of(cls, row: model.Person) -> Self:
        """Show somebody."""
        names = cls.model_fields.keys() - {"approval_limit"}
        limit = None
        if row.limit_amount is not None and row.limit_currency is not None:
            limit = ApprovalLimit(amount=row.limit_amount, currency=row.limit_currency)
        return cls(approval_limit=limit, **{name: getattr(row, name) for name in names})
