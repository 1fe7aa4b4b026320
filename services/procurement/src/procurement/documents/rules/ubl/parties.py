"""Who writes and who is written to, as a document names them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from procurement.documents.rules.ubl.reading import Identifier, Party
from procurement.documents.rules.ubl.writing import Part, identified, said, within

SCHEMES = {"GLN": "0088", "LEI": "0199", "DUNS": "0060"}
"""Codes of ISO 6523 for the registers whose numbers we know of a supplier."""
PARTICIPANT = "PEPPOL"
VAT_NUMBER = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,13}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is; `lines` is what is not known part by part."""

    street: str | None = None
    additional_street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    region: str | None = None
    lines: Sequence[str] = ()
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask."""

    name: str
    telephone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A company that sends or is sent documents."""

    name: str
    endpoint: Identifier | None
    identifiers: Sequence[Identifier] = ()
    registration: Identifier | None = None
    tax_number: str | None = None
    address: Address = Address()
    contact: Contact | None = None


def party(correspondent: Correspondent, *, tax: bool = False) -> Part:
    """Return who somebody is, with the number for value-added tax where the document has a place for it."""
    known = (identified("ID", one) for one in correspondent.identifiers)
    address = correspondent.address
    return within(
        "Party",
        identified("EndpointID", correspondent.endpoint),
        *(within("PartyIdentification", one) for one in known),
        within("PartyName", said("Name", correspondent.name)),
        postal("PostalAddress", address),
        _tax_scheme(correspondent.tax_number) if tax else None,
        within(
            "PartyLegalEntity",
            said("RegistrationName", correspondent.name),
            identified("CompanyID", correspondent.registration),
            within("RegistrationAddress", said("CityName", address.city), country(address.country)),
        ),
        None if correspondent.contact is None else _contact(correspondent.contact),
    )


def postal(name: str, address: Address) -> Part:
    """Return an address, with its country or not at all: without one it is nowhere."""
    if address.country is None:
        return None
    return within(
        name,
        said("StreetName", address.street),
        said("AdditionalStreetName", address.additional_street),
        said("CityName", address.city),
        said("PostalZone", address.postal_code),
        said("CountrySubentity", address.region),
        within("AddressLine", said("Line", ", ".join(address.lines))),
        country(address.country),
    )


def country(code: str | None) -> Part:
    """Return a country."""
    return within("Country", said("IdentificationCode", code))


def of_supplier(identifiers: Iterable[tuple[str, str]]) -> tuple[Identifier | None, tuple[Identifier, ...]]:
    """Return where a supplier is sent documents, and the numbers that ISO 6523 has codes for.

    It is sent them where it says so; one that has not said so is reached by its GLN, which is an address of
    Peppol itself. No other number is taken for an address: that a company has one does not say that it is
    listening there.
    """
    known = list(identifiers)
    stated = next((value for scheme, value in known if scheme == PARTICIPANT), None)
    numbers = tuple(Identifier(SCHEMES[scheme], value) for scheme, value in known if scheme in SCHEMES)
    if stated is not None:
        scheme, _, value = stated.partition(":")
        return Identifier(scheme, value), numbers
    return next((one for one in numbers if one.scheme == SCHEMES["GLN"]), None), numbers


def contradiction(said_to_be: Party | None, known: Correspondent) -> str | None:
    """Return how a document contradicts who we know its sender to be; None where it does not.

    One number that both have is enough, as a company has many; where they have none in common, other numbers
    in the same scheme speak against it. What we do not know says nothing.
    """
    if said_to_be is None:
        return None
    ours = set(_numbers(known.endpoint, known.identifiers))
    theirs = list(_numbers(said_to_be.endpoint, said_to_be.identifiers))
    if not ours.isdisjoint(theirs):
        return None
    for scheme, value in theirs:
        others = sorted(number for of, number in ours if of == scheme)
        if others:
            expected = " or ".join(others)
            return f"It comes from {value} of scheme {scheme}, and {known.name} is {expected} there."
    return None


def _numbers(
    endpoint: Identifier | None, identifiers: Iterable[Identifier]
) -> Iterator[tuple[str | None, str]]:
    for number in (endpoint, *identifiers):
        if number is not None and number.scheme is not None:
            yield number.scheme, number.value.lower()


def _tax_scheme(number: str | None) -> Part:
    if number is None or not VAT_NUMBER.fullmatch(number):
        return None
    return within("PartyTaxScheme", said("CompanyID", number), within("TaxScheme", said("ID", "VAT")))


def _contact(contact: Contact) -> Part:
    return within(
        "Contact",
        said("Name", contact.name),
        said("Telephone", contact.telephone),
        said("ElectronicMail", contact.email),
    )
