"""The forms that lists come in: what a row of each says of a party."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from sourcing.screening.rules.names import written
from sourcing.screening.rules.ofac import alias_of, party_of
from sourcing.screening.rules.parties import Party, PartyKind
from sourcing.screening.rules.places import country

LONGEST, MOST = 1_000, 500
"""How long a value may be, and how many of a kind a party may have: more is a mistake in the file."""


class Form(StrEnum):
    """How a list is written."""

    OFAC_SDN = "ofac-sdn"
    """OFAC's sdn.csv, without a header; rows of its alt.csv may stand among them or behind them."""

    OPENSANCTIONS_SIMPLE = "opensanctions-simple"
    """OpenSanctions' targets.simple.csv."""

    FOLLOW_THE_MONEY = "follow-the-money"
    """Entities of FollowTheMoney as JSON, one a line."""

    CSV = "csv"
    """A header of `reference`, `name` and others (`PLAIN`), values of one kind with `;` between them."""


PLAIN = ("reference", "name", "kind", "aliases", "weak_aliases", "countries", "identifiers", "addresses")
SIMPLE = ("id", "schema", "name", "aliases", "countries", "addresses", "identifiers")
KINDS = {
    "person": PartyKind.PERSON,
    "company": PartyKind.ORGANISATION,
    "organization": PartyKind.ORGANISATION,
    "organisation": PartyKind.ORGANISATION,
    "legalentity": PartyKind.ORGANISATION,
    "publicbody": PartyKind.ORGANISATION,
    "vessel": PartyKind.VESSEL,
    "airplane": PartyKind.AIRCRAFT,
    "aircraft": PartyKind.AIRCRAFT,
}
NUMBERS = (
    *("registrationNumber", "taxNumber", "vatCode", "leiCode", "dunsCode", "innCode", "ogrnCode", "idNumber"),
    *("passportNumber", "imoNumber", "uniqueEntityId", "swiftBic", "okpoCode"),
)


def read_ofac(fields: Sequence[str]) -> Party:
    """Return the party of a row of sdn.csv, or of alt.csv; raises ValueError for what is neither."""
    stated = [clean(field) for field in fields]
    if len(stated) == 12:
        return _checked(party_of(stated))
    if len(stated) == 5:
        return _checked(alias_of(stated))
    raise ValueError(f"has {len(fields)} fields; a row of sdn.csv has 12, one of alt.csv 5")


def read_simple(row: Mapping[str, str]) -> Party:
    """Return the party of a row of targets.simple.csv; raises ValueError."""
    kind = KINDS.get(row["schema"].strip().lower(), PartyKind.OTHER)
    names = (row["name"], *_several(row["aliases"]))
    return _party(
        row["id"],
        kind,
        names,
        (),
        _several(row["countries"]),
        _several(row["identifiers"]),
        _several(row["addresses"]),
    )


def read_plain(row: Mapping[str, str]) -> Party:
    """Return the party of a row of plain CSV; raises ValueError."""
    stated = {name: row.get(name, "") for name in PLAIN}
    kind = stated["kind"].strip().lower()
    if kind and kind not in KINDS:
        raise ValueError(f"kind {kind!r} is not known: {', '.join(sorted(set(KINDS)))}")
    for name in filter(None, map(clean, _several(stated["countries"]))):
        if country(name) is None:
            raise ValueError(f"{name!r} is no country that is known; several have semicolons between them")
    return _party(
        stated["reference"],
        KINDS.get(kind, PartyKind.OTHER),
        (stated["name"], *_names(stated["aliases"])),
        _several(stated["weak_aliases"]),
        _several(stated["countries"]),
        _several(stated["identifiers"]),
        _several(stated["addresses"]),
    )


def read_ftm(line: str) -> Party | None:
    """Return the party of an entity of FollowTheMoney; None for one that is none: an address, a sanction."""
    try:
        entity = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(entity, dict) or not isinstance(entity.get("schema"), str):
        raise ValueError("not an entity: it has no `schema`")
    kind = KINDS.get(entity["schema"].lower())
    if kind is None:
        return None
    stated = entity.get("properties")
    if not isinstance(stated, dict) or not isinstance(entity.get("id"), str):
        raise ValueError("not an entity: it has no `id` or no `properties`")

    def of(*names: str) -> list[str]:
        values: list[str] = []
        for name in names:
            found = stated.get(name, [])
            for value in found if isinstance(found, list) else [found]:
                if not isinstance(value, str):
                    raise ValueError(f"a value of `{name}` is no text")
                values.append(value)
        return values

    names = of("name", "alias", "previousName")
    countries = of("country", "nationality", "citizenship", "jurisdiction", "flag", "mainCountry")
    return _party(entity["id"], kind, names, of("weakAlias"), countries, of(*NUMBERS), of("address"))


READERS: Mapping[Form, tuple[Sequence[str], Callable[[Mapping[str, str]], Party]]] = {
    Form.OPENSANCTIONS_SIMPLE: (SIMPLE, read_simple),
    Form.CSV: (PLAIN[:2], read_plain),
}
"""Of forms with a header: which columns it must name, and what reads a row by them."""


def clean(text: str) -> str:
    """Return a text without what no text may hold, blanks made one."""
    seen = "".join(c if unicodedata.category(c) not in {"Cc", "Cs", "Cn", "Co"} else " " for c in text)
    return " ".join(seen.split())


def _several(cell: str) -> list[str]:
    return cell.split(";")


def _names(cell: str) -> list[str]:
    """Return the names of a cell, and those within one that has commas or bars: each may be somebody.

    A comma is of a name, too (`Doe, John`; `Acme Co., Ltd`): what has two words on either side may be a list,
    and then the whole and its parts are screened. Better a hit too many than one too few.
    """
    names = _several(cell)
    for name in names.copy():
        parts = re.split("[,|]", name)
        if len(parts) > 1 and all(len(part.split()) > 1 for part in parts):
            names += parts
    return names


def _party(  # the parts of a party, in the order in which it has them
    reference: str,
    kind: PartyKind,
    names: Iterable[str],
    weak: Iterable[str],
    countries: Iterable[str],
    identifiers: Iterable[str],
    addresses: Iterable[str],
) -> Party:
    known = {code for stated in countries if (code := country(clean(stated)))}
    return _checked(
        Party(
            clean(reference),
            kind,
            _each_once(names),
            _each_once(weak),
            tuple(sorted(known)),
            _each_once(identifiers),
            _each_once(addresses),
        )
    )


def _each_once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kept for value in values if (kept := clean(value))))


def _checked(party: Party) -> Party:
    """Return a party; raises ValueError for one without reference or name, or with too much."""
    if not party.reference or len(party.reference) > 200:
        raise ValueError("has no reference of 1 to 200 characters: nothing tells it from others")
    if not any(written(name).words for name in party.names):
        raise ValueError("has no name")
    several: dict[str, Any] = {
        "names": party.names,
        "weak aliases": party.weak_names,
        "identifiers": party.identifiers,
        "addresses": party.addresses,
    }
    for what, values in several.items():
        if len(values) > MOST:
            raise ValueError(f"has {len(values)} {what}; at most {MOST} are taken")
        if any(len(value) > LONGEST for value in values):
            raise ValueError(f"one of its {what} is longer than {LONGEST} characters")
    return party
