"""A supplier's details as a caller states them, checked field by field."""

from __future__ import annotations

from typing import Annotated

import pycountry
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from purveyor.errors import FieldError, InvalidError
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from sourcing.suppliers.identifiers import Scheme, canonical, canonical_gln

ONE_LINE = r"^[^\x00-\x1f\x7f]+$"

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300, pattern=ONE_LINE)
]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=ONE_LINE)]
Reference = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE)
]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000, pattern=r"^[^\x00]+$"),
    Field(description="Kept with the supplier and in the audit record"),
]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$"
    ),
]
Phone = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\+?[0-9][0-9 ()./-]{2,30}$")]


def _known_country(code: str) -> str:
    if pycountry.countries.get(alpha_2=code) is None:
        raise ValueError("not an ISO 3166-1 alpha-2 country code, such as DE")
    return code


def _each_once(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Country = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, min_length=2, max_length=2),
    AfterValidator(_known_country),
    Field(description="ISO 3166-1 alpha-2", examples=["DE"]),
]
Categories = Annotated[
    list[Code], Field(max_length=200, examples=[["fasteners"]]), AfterValidator(_each_once)
]
Gln = Annotated[
    str,
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
    value: str = Field(min_length=1, max_length=64, examples=["DE136695976"])


class Contact(_Part):
    """A person or desk to write to."""

    name: Name = Field(examples=["Erika Muster"])
    email: Email | None = Field(default=None, examples=["erika.muster@example.com"])
    phone: Phone | None = Field(default=None, examples=["+49 89 1234567"])
    role: Name | None = Field(default=None, examples=["sales"])


class SupplierSite(_Part):
    """A place that the supplier makes or sends goods from."""

    name: Name = Field(examples=["Plant Augsburg"])
    address: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)] = Field(
        pattern=r"^[^\x00]+$", examples=["Industriestraße 1, 86165 Augsburg"]
    )
    country: Country
    gln: Gln | None = None


class SupplierDetails(_Part):
    """What a supplier is: all of it is given at once, at registration and at every change."""

    legal_name: Name = Field(examples=["Muster Schrauben GmbH"])
    country: Country | None
    identifiers: list[IdentifierStated] = Field(default=[], max_length=50)
    contacts: list[Contact] = Field(default=[], max_length=100)
    categories: Categories = []
    sites: list[SupplierSite] = Field(default=[], max_length=500)


def canonical_identifiers(details: SupplierDetails) -> tuple[SupplierIdentifier, ...]:
    """Return a supplier's identifiers in their one form; raises InvalidError naming each that is wrong."""
    identifiers: dict[tuple[str, str], SupplierIdentifier] = {}
    errors = []
    for position, stated in enumerate(details.identifiers):
        try:
            value = canonical(stated.scheme, stated.value, details.country)
        except ValueError as error:
            errors.append(FieldError(f"/identifiers/{position}/value", str(error)))
        else:
            identifiers[stated.scheme, value] = SupplierIdentifier(scheme=stated.scheme.value, value=value)
    if errors:
        raise InvalidError(
            "identifier_invalid", " ".join(error.detail for error in errors[:3]), errors=errors
        )
    return tuple(identifiers[key] for key in sorted(identifiers))
