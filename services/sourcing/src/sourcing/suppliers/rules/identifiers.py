"""The numbers by which others know a supplier, checked by their check digits and brought to one form."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from enum import StrEnum

from stdnum import ean, lei
from stdnum.exceptions import ValidationError

from purveyor.errors import FieldError, InvalidError
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from sourcing.suppliers.rules.placeholders import is_placeholder
from sourcing.suppliers.rules.vat import canonical_vat

OF_GLNS = "0088"


class Scheme(StrEnum):
    """Registers that number companies and their places."""

    VAT = "VAT"
    LEI = "LEI"
    GLN = "GLN"
    DUNS = "DUNS"
    PEPPOL = "PEPPOL"


def canonical_identifiers(
    stated: Iterable[tuple[Scheme, str]],
    country: str | None,
    held: Container[tuple[str, str]] = frozenset(),
) -> tuple[SupplierIdentifier, ...]:
    """Return a supplier's identifiers in their one form; raises InvalidError naming each that is wrong.

    Those that it `held` before are not judged again: what is shown is taken.
    """
    identifiers: dict[tuple[str, str], SupplierIdentifier] = {}
    errors = []
    for position, (scheme, written) in enumerate(stated):
        try:
            value = written if (scheme, written) in held else canonical(scheme, written, country)
        except ValueError as error:
            errors.append(FieldError(f"/identifiers/{position}/value", str(error)))
        else:
            identifiers[scheme, value] = SupplierIdentifier(scheme=scheme.value, value=value)
    if errors:
        raise InvalidError(
            "identifier_invalid", " ".join(error.detail for error in errors[:3]), errors=errors
        )
    return tuple(identifiers[key] for key in sorted(identifiers))


def canonical(scheme: Scheme, value: str, country: str | None = None) -> str:
    """Return an identifier in its one form; raises ValueError saying what is wrong with it.

    `country` (ISO 3166-1 alpha-2) is where the supplier is: it tells how to read a VAT number without prefix.
    """
    match scheme:
        case Scheme.VAT:
            return canonical_vat(value, country)
        case Scheme.LEI:
            return canonical_lei(value)
        case Scheme.GLN:
            return canonical_gln(value)
        case Scheme.DUNS:
            return canonical_duns(value)
        case Scheme.PEPPOL:
            return canonical_participant(value)


def canonical_lei(value: str) -> str:
    """Return a legal entity identifier: 20 characters, check digits by ISO 7064 mod 97-10 (ISO 17442)."""
    try:
        found = str(lei.validate(value)).upper()
    except ValidationError as error:
        raise ValueError(f"{value!r} is not a LEI (ISO 17442): {error}") from None
    return _somebodys(found, "LEI (ISO 17442)", check_digits=2)


def canonical_gln(value: str) -> str:
    """Return a global location number: 13 digits, the last a check digit modulo 10 (GS1 standard)."""
    try:
        number = str(ean.validate(value))
    except ValidationError as error:
        raise ValueError(f"{value!r} is not a GLN (GS1): {error}") from None
    if len(number) != 13:
        raise ValueError(f"{value!r} is not a GLN (GS1): it has {len(number)} digits instead of 13.")
    return _somebodys(number, "GLN (GS1)", check_digits=1)


def canonical_duns(value: str) -> str:
    """Return a D-U-N-S number: nine digits; it has had no check digit since 2006 (Dun & Bradstreet)."""
    number = re.sub(r"[\s-]", "", value)
    if not re.fullmatch(r"[0-9]{9}", number):
        raise ValueError(f"{value!r} is not a D-U-N-S number: it has nine digits, such as 15-048-3782.")
    return _somebodys(number, "D-U-N-S number")


def canonical_participant(value: str) -> str:
    """Return where a company is sent electronic documents: `0088:4006381000017`, without regard to case.

    A scheme of Peppol's list of electronic addresses and a value in it (Peppol Policy for use of identifiers,
    policies 1 and 5). Of a GLN the check digit is held, other schemes are their registers' own affair.
    """
    said = re.fullmatch(r"(?:ISO6523-ACTORID-UPIS::)?([0-9]{4}):([^\s:]{1,45})", value.strip().upper())
    if said is None:
        raise ValueError(
            f"{value!r} is no Peppol participant: state scheme and value, as in 0088:4006381000017."
        )
    scheme, number = said.groups()
    if scheme == OF_GLNS:
        return f"{scheme}:{canonical_gln(number)}"
    return f"{scheme}:{_somebodys(number, 'Peppol participant')}"


def _somebodys(number: str, what: str, check_digits: int = 0) -> str:
    if is_placeholder(number, check_digits):
        raise ValueError(f"{number!r} is not a {what}: it stands for one that nobody knows; leave it out.")
    return number
