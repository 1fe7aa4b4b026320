"""VAT numbers: one for a company, however it is written, checked by its country's rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

from stdnum import get_cc_module
from stdnum.ca import bn
from stdnum.ch import uid
from stdnum.exceptions import ValidationError
from stdnum.no import orgnr

from sourcing.suppliers.rules.placeholders import is_placeholder

PREFIXES = {"GR": "EL", "CH": "CHE", "MC": "FR"}
"""What VAT numbers start with where it is not their country's code (VIES; Swiss UID; France for Monaco)."""
RULES_OF = {"EL": "GR", "XI": "GB", "CHE": "CH"}
"""Whose rules a number follows whose prefix is no country of ISO 3166-1."""
BARE = {"CH": uid, "NO": orgnr, "CA": bn}
"""The number of the company, where the tax's number is that with a suffix."""
PREFIXED = {"CH": "CHE", "MC": "FR", "EU": "EU"}
"""What python-stdnum returns before the bare number."""
SUFFIXES = {
    "CH": re.compile(r"(HR|RC)?(MWST|TVA|IVA|TPV|VAT)(NR)?$"),
    "NO": re.compile(r"MVA$"),
    "CA": re.compile(r"R[A-Z][0-9]{4}$"),
}
"""What may follow a number and tells no company from another: a register, the tax's name, an account."""
MARKS = {"JP": re.compile(r"T(?=[0-9]{13}$)")}
"""What a tax puts before a number that it shares with others: Japanese invoices print T and the company's."""
GENERIC = {"MX": {"XEXX010101000", "XAXX010101000"}, "PY": {"444444017"}}
"""Numbers that a tax authority gives to whoever has none: foreigners and the public (SAT), no name (DNIT)."""
FEWEST_DIGITS = 5
"""What has fewer beside letters counts small offices, such as GB GD001: its digits alone tell nothing."""
LABELS = re.compile(
    r"(UST|UMSATZSTEUER|MWST|VAT|TVA|IVA|BTW|MOMS|MVA|GSTIN|GST|VKN"
    r"|UID|NIF|NIP|DIC|CIF|CVR|OIB|CUI|RUC|RFC|CNPJ|CUIT|ABN"
    r"|PARTITA|P)(ST)?(ID|IDENT|IDENTIFIKATIONS)?(NR|NO|NUM|NUMBER|NUMMER|IVA)?"
)
"""What stands before a number in letters: USt-IdNr., MwSt-Nr., VAT No., Partita IVA."""
NOBODY_S = "{!r} is not a VAT number: it stands for one that nobody knows; leave it out."
UNCHECKED = re.compile(r"(?=.*[0-9])[0-9A-Z]{4,20}")
"""What a number may look like in a country whose rules are not known here."""


def canonical_vat(value: str, country: str | None) -> str:
    """Return a VAT number with its country's prefix, in the one form that its company has.

    It may be a number of the supplier's own country (ISO 3166-1 alpha-2), or of one that its prefix names.
    A country whose rules are not known here has its numbers taken as they are, when they look like one.
    Raises ValueError saying what is wrong.
    """
    refusals = []
    number = _plain(value)
    for written in _with_and_without_label(number):
        for issuer in _possible_issuers(written, country):
            try:
                found = _checked(written, issuer)
            except ValidationError as error:
                refusals.append(f"as one of {issuer}: {error}")
                continue
            if _is_nobodys(found, issuer):
                raise ValueError(NOBODY_S.format(value))
            return found
    refusals.append(
        "it starts with no country's prefix, such as DE, and the supplier's country is not known."
    )
    raise ValueError(f"{value!r} is not a VAT number: {refusals[0]}")


def _is_nobodys(found: str, issuer: str) -> bool:
    bare = found.removeprefix(PREFIXES.get(issuer, issuer))
    if bare in GENERIC.get(issuer, ()):
        return True
    digits = re.sub(r"[^0-9]", "", bare)
    if bare != digits and len(digits) < FEWEST_DIGITS:
        return False
    return is_placeholder(digits) or is_placeholder(digits, check_digits=1)


def _plain(value: str) -> str:
    """Return letters and digits alone: of any width and, for digits, of any script."""
    wide = unicodedata.normalize("NFKC", value).upper()
    ascii_digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in wide)
    return re.sub(r"[^0-9A-Z]", "", ascii_digits)


def _with_and_without_label(number: str) -> Iterator[str]:
    yield number
    label = LABELS.match(number)
    if label and label.end() < len(number):
        yield number[label.end() :]


def _possible_issuers(number: str, country: str | None) -> list[str]:
    """Return the countries whose number this may be, the likeliest first."""
    stated = number[:2]
    if not _has_rules(stated):
        return [] if country is None else [country]
    return [stated] + ([country] if country is not None and country != stated and _has_rules(country) else [])


def _has_rules(country: str) -> bool:
    return country in RULES_OF or (country.isalpha() and _rules(country) is not None)


def _checked(number: str, country: str) -> str:
    """Return a number of a country with its prefix; raises ValidationError."""
    prefix = PREFIXES.get(country, country)
    rules = _rules(RULES_OF.get(country, country))
    last: ValidationError | None = None
    for bare in _without_prefix(number, {prefix, country}):
        if rules is None:
            if UNCHECKED.fullmatch(bare):
                return prefix + bare
            continue
        try:
            return prefix + rules(bare)
        except ValidationError as error:
            last = last or error
    raise last or ValidationError("it has four to twenty letters and digits, and one digit at least.")


def _without_prefix(number: str, prefixes: set[str]) -> Iterator[str]:
    """Return what a number is without its prefix, and as it is: a Mexican one may begin with MX itself."""
    for prefix in sorted(prefixes, key=len, reverse=True):
        if number.startswith(prefix):
            yield number[len(prefix) :]
    yield number


@cache
def _rules(country: str) -> Callable[[str], str] | None:
    """Return what checks a country's bare numbers and returns them in one form."""
    module = BARE.get(country) or get_cc_module(country, "vat")
    if module is None:
        return None
    mark, suffix, prefix = MARKS.get(country), SUFFIXES.get(country), PREFIXED.get(country, "")

    def check(bare: str) -> str:
        written = bare if mark is None else mark.sub("", bare)
        written = written if suffix is None else suffix.sub("", written)
        return str(module.validate(written)).removeprefix(prefix)

    return check
