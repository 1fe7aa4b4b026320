"""Rows of OFAC's lists, whose remarks say in words what has no column: aliases, numbers, countries."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sourcing.screening.rules.parties import Party, PartyKind
from sourcing.screening.rules.places import country

NULL = "-0-"
KINDS = {"individual": PartyKind.PERSON, "vessel": PartyKind.VESSEL, "aircraft": PartyKind.AIRCRAFT}
ALSO_KNOWN_AS = re.compile(r"(?:alt\. )?[afn]\.k\.a\.,? (?P<name>.+)", re.IGNORECASE)
NUMBER = re.compile(
    r"(?P<what>.*?)(?:^|\s)#?(?P<value>[A-Za-z0-9./-]*[0-9][A-Za-z0-9./-]*)(?: \((?P<country>[^()]+)\))?"
)
NO_NUMBER = re.compile(
    r"(?:alt\. )?(?:DOB|POB|Aircraft|Executive|Website|Email|Linked|Phone|Fax|Government Gazette|Vessel Y)"
)
IS_NUMBER = re.compile(
    r"(?:No\.|Number|#|ID|ID No\.|Passport|License|[A-Z]\.[A-Z.]+|NIT|RUC|RFC|RTN|SSN|RIF|IMO)$"
)
OF_COUNTRY = re.compile(r"(?:alt\. )?(?:nationality|citizen|Flag) (?P<country>.+)")


def party_of(fields: Sequence[str]) -> Party:
    """Return the party of a row of sdn.csv; raises ValueError."""
    number, name, kind, *_, flag, _owner, remarks = ("" if field == NULL else field for field in fields)
    if not number.isdigit():
        raise ValueError(f"begins with {number!r}, which is no number of an entry")
    names: list[str] = [name]
    weak: list[str] = []
    numbers: list[str] = []
    countries = {country(flag)}
    for remark in remarks.removesuffix(".").split("; "):
        known_as = ALSO_KNOWN_AS.fullmatch(remark)
        if known_as:
            alias, is_weak = _unquoted(known_as["name"])
            (weak if is_weak else names).append(alias)
        elif of_country := OF_COUNTRY.fullmatch(remark):
            countries.add(country(of_country["country"]))
        elif not NO_NUMBER.match(remark) and (found := NUMBER.fullmatch(remark)):
            if IS_NUMBER.search(found["what"].strip()):
                numbers.append(found["value"])
            countries.add(country(found["country"] or ""))
    return Party(
        number,
        KINDS.get(kind, PartyKind.ORGANISATION),
        _each_once(names),
        _each_once(weak),
        tuple(sorted(code for code in countries if code)),
        _each_once(numbers),
    )


def alias_of(fields: Sequence[str]) -> Party:
    """Return another name of an entry, a row of alt.csv, as a party of its own: `36/12`; raises ValueError.

    The file does not say of what kind it is: a comma before given names tells a person.
    """
    number, nth, _kind, name, _remarks = ("" if field == NULL else field for field in fields)
    if not number.isdigit() or not nth.isdigit():
        raise ValueError(f"begins with {number!r}, {nth!r}, which are no numbers of an entry and its alias")
    alias, is_weak = _unquoted(name)
    if is_weak:
        raise ValueError("is a weak alias, which says nothing apart from its entry")
    kind = PartyKind.PERSON if re.search(r", [A-Z][a-z]", alias) else PartyKind.ORGANISATION
    return Party(f"{number}/{nth}", kind, _each_once([alias]))


def _unquoted(name: str) -> tuple[str, bool]:
    """Return an alias, and whether it is a weak one, which OFAC puts in quotes."""
    name = name.strip().removesuffix(".")
    quoted = len(name) > 2 and name[0] == name[-1] and name[0] in "'\""
    return (name[1:-1].strip(), True) if quoted else (name, False)


def _each_once(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
