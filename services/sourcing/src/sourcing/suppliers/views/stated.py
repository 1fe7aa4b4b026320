"""What callers state of suppliers, checked field by field."""

from __future__ import annotations

from typing import Annotated, Any

import phonenumbers
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    WithJsonSchema,
)

from purveyor.countries import Country
from purveyor.days import Day
from purveyor.http.personal import personal
from purveyor.texts import Code, GivenNumber, Name, Needs, Prose, TextKind
from sourcing.suppliers.rules.identifiers import Scheme, canonical_gln
from sourcing.suppliers.rules.placeholders import named

DETAILS: dict[str, Any] = {
    "legal_name": "Muster Schrauben GmbH",
    "country": "DE",
    "identifiers": [{"scheme": "VAT", "value": "DE136695976"}],
    "contacts": [{"name": "Erika Muster", "email": "erika.muster@example.com", "role": "sales"}],
    "categories": ["fasteners"],
    "sites": [
        {
            "name": "Plant Augsburg",
            "address": "Industriestraße 1, 86165 Augsburg",
            "country": "DE",
            "makes": ["fasteners"],
        }
    ],
}

Reason = Annotated[
    Prose, Field(description="For our own people: kept with the supplier and in the audit record")
]
ReasonForSupplier = Annotated[
    Prose | None,
    Field(description="What the supplier is told of why, in its answers and events; nothing when left out"),
]
Address = Annotated[str, TextKind(1000, is_prose=True, needs=Needs.LETTER_OR_DIGIT)]


def _can_be_dialled(number: str) -> str:
    """Refuse an international number that has no country's form; how a national one is read, nobody says."""
    if number.startswith("+"):
        try:
            possible = phonenumbers.is_possible_number(phonenumbers.parse(number))
        except phonenumbers.NumberParseException:
            possible = False
        if not possible:
            raise ValueError("not an international phone number (ITU-T E.164), such as +49 89 1234567")
    return number


def _each_once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


DIALLED = r"^\+?[0-9][0-9 ()./-]{2,30}$"
Phone = Annotated[
    str,
    TextKind(32, form="NFKC"),
    # Said twice: what is checked behind a TextKind, pydantic leaves out of the schema.
    Field(pattern=DIALLED),
    WithJsonSchema({"type": "string", "pattern": DIALLED}),
    AfterValidator(_can_be_dialled),
]
Categories = Annotated[
    list[Code], Field(max_length=200, examples=[["fasteners"]]), AfterValidator(_each_once)
]
Gln = Annotated[
    Code,
    Field(description="GS1 global location number", examples=["4006381000017"]),
    AfterValidator(canonical_gln),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class IdentifierStated(_Part):
    """A number by which others know the supplier, in any usual spelling."""

    scheme: Annotated[
        Scheme, BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value)
    ]
    value: GivenNumber = Field(examples=["DE136695976"])


class Contact(_Part):
    """A person or desk to write to."""

    model_config = personal("contacts")

    name: Name = Field(examples=["Erika Muster"])
    email: EmailStr | None = Field(default=None, examples=["erika.muster@example.com"])
    phone: Phone | None = Field(default=None, examples=["+49 89 1234567"])
    role: Name | None = Field(default=None, examples=["sales"])


class SupplierSite(_Part):
    """A place that the supplier makes or sends goods from."""

    name: Name = Field(examples=["Plant Augsburg"])
    address: Address = Field(examples=["Industriestraße 1, 86165 Augsburg"])
    country: Country
    gln: Gln | None = None
    makes: Categories = Field(
        default=[], description="What is made there, of what the supplier offers; none: it is not known"
    )


LegalName = Annotated[Name, AfterValidator(named)]
"""The name that a supplier is registered under."""


class SupplierDetails(_Part):
    """What a supplier is: all of it is given at once, at registration and at every change."""

    legal_name: LegalName = Field(examples=["Muster Schrauben GmbH"])
    country: Country | None
    identifiers: list[IdentifierStated] = Field(default=[], max_length=50)
    contacts: list[Contact] = Field(default=[], max_length=100)
    categories: Categories = []
    sites: list[SupplierSite] = Field(default=[], max_length=500)

    def identifiers_as_written(self) -> list[tuple[Scheme, str]]:
        """Return the numbers that it states, in the order and spelling in which it does."""
        return [(identifier.scheme, identifier.value) for identifier in self.identifiers]


class SupplierApproval(BaseModel):
    """What a supplier is to be approved for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"categories": ["fasteners"], "expires_on": "2027-12-31"}]},
    )

    categories: list[Code] = Field(min_length=1, max_length=200)
    expires_on: Day = Field(
        description="The last day of the approval, on which an order may still be issued: the day at the "
        "order's site. Here, where no site is known, days are those of UTC."
    )
    exception_reason: Prose | None = Field(
        default=None,
        description="Why it is approved without the qualification that a questionnaire is required for; the "
        "exception ends on `expires_on`. For our own people; refused where it is not needed",
    )


class WithReason(BaseModel):
    """Why it is done."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "reason": "Three late deliveries in a row",
                    "reason_for_supplier": "Your deliveries were late",
                }
            ]
        },
    )

    reason: Reason
    reason_for_supplier: ReasonForSupplier = None
