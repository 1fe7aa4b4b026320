"""The numbers by which others know a supplier, checked by their check digits and brought to one form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from stdnum import ean, get_cc_module, lei
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

from purveyor.errors import FieldError, InvalidError
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier

PREFIXES = {"GR": "EL"}
"""What VAT numbers start with where it is not their country's code."""
EU_PREFIXES = frozenset({state.upper() for state in vat.MEMBER_STATES} | set(PREFIXES.values()))


class Scheme(StrEnum):
    """Registers that number companies and their places."""

    VAT = "VAT"
    LEI = "LEI"
    GLN = "GLN"
    DUNS = "DUNS"


def canonical_identifiers(
    stated: Iterable[tuple[Scheme, str]], country: str | None
) -> tuple[SupplierIdentifier, ...]:
    """Return a supplier's identifiers in their one form; raises InvalidError naming each that is wrong."""
    identifiers: dict[tuple[str, str], SupplierIdentifier] = {}
    errors = []
    for position, (scheme, written) in enumerate(stated):
        try:
            value = canonical(scheme, written, country)
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


def canonical_lei(value: str) -> str:
    """Return a legal entity identifier: 20 characters, check digits by ISO 7064 mod 97-10 (ISO 17442)."""
    try:
        return str(lei.validate(value)).upper()
    except ValidationError as error:
        raise ValueError(f"{value!r} is not a LEI (ISO 17442): {error}") from None


def canonical_gln(value: str) -> str:
    """Return a global location number: 13 digits, the last a check digit modulo 10 (GS1 standard)."""
    try:
        number = str(ean.validate(value))
    except ValidationError as error:
        raise ValueError(f"{value!r} is not a GLN (GS1): {error}") from None
    if len(number) != 13:
        raise ValueError(f"{value!r} is not a GLN (GS1): it has {len(number)} digits instead of 13.")
    return number


def canonical_duns(value: str) -> str:
    """Return a D-U-N-S number: nine digits; it has had no check digit since 2006 (Dun & Bradstreet)."""
    number = re.sub(r"[\s-]", "", value)
    if not re.fullmatch(r"[0-9]{9}", number):
        raise ValueError(f"{value!r} is not a D-U-N-S number: it has nine digits, such as 15-048-3782.")
    return number


def canonical_vat(value: str, country: str | None) -> str:
    """Return a VAT number with its country's prefix, checked by that country's rules.

    It may be a number of the supplier's own country, or of another that its prefix names. A country whose
    rules are not known here has its numbers taken as they are, when they look like one.
    """
    number = re.sub(r"[^0-9A-Z]", "", value.upper())
    refusals = []
    for issuing_country in _possible_countries(number, country):
        try:
            return _checked_vat(number, issuing_country)
        except ValidationError as error:
            refusals.append(f"as one of {issuing_country}: {error}")
    refusals.append(
        "it starts with no country's prefix, such as DE, and the supplier's country is not known."
    )
    raise ValueError(f"{value!r} is not a VAT number: {refusals[0]}")


def _possible_countries(number: str, country: str | None) -> list[str]:
    """Return the countries whose number this may be, the likeliest first."""
    stated = number[:2]
    if not _has_rules(stated):
        return [] if country is None else [country]
    return [stated] + ([country] if country is not None and country != stated and _has_rules(country) else [])


def _has_rules(country: str) -> bool:
    return country in EU_PREFIXES or (country.isalpha() and get_cc_module(country, "vat") is not None)


def _checked_vat(number: str, country: str) -> str:
    if country in EU_PREFIXES:
        prefix = PREFIXES.get(country, country)
        bare = number[2:] if number.startswith((country, prefix)) else number
        return str(vat.validate(prefix + bare))
    module = get_cc_module(country, "vat")
    if module is None:
        if not re.fullmatch(r"[0-9A-Z]{4,20}", number):
            raise ValidationError
        return number if number.startswith(country) else country + number
    checked = str(module.validate(number))
    return checked if checked.startswith(country) else country + checked
