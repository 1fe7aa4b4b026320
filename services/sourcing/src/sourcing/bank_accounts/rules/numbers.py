"""Numbers of bank accounts: IBAN (ISO 13616), numbers of countries without, BIC (ISO 9362)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from schwifty import BIC, IBAN
from schwifty.exceptions import (
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)
from schwifty.registry import get_iban_spec

from purveyor.errors import FieldError, InvalidError

SEPARATORS = re.compile(r"[\s./-]")
LOCAL = re.compile(r"[0-9A-Z]{3,34}")
SHOWN = 4
"""How many signs of a number are shown, and a third of them at most."""
SHORTEST_IN_TEXT = 6


@dataclass(frozen=True, slots=True)
class StatedAccount:
    """An account as somebody states it, in whatever spelling."""

    country: str | None
    iban: str | None
    number: str | None
    bank_code: str | None
    bic: str | None


@dataclass(frozen=True, slots=True)
class AccountNumber:
    """An account that passed its checks: an IBAN, or a number with its bank's code in a country."""

    country: str
    number: str
    is_iban: bool
    bank_code: str | None
    bic: str | None

    def __repr__(self) -> str:
        return f"AccountNumber({self.masked})"

    @property
    def masked(self) -> str:
        """What is shown of it: where it is, and its last signs."""
        shown = min(SHOWN, len(self.number) // 3)
        return f"{self.country}****{self.number[len(self.number) - shown :]}"

    @property
    def identity(self) -> str:
        """What is the same for one account, however it was stated."""
        return "\n".join(
            (self.country, "" if self.is_iban else self.bank_code or self.bic or "", self.number)
        )


def checked(stated: StatedAccount) -> AccountNumber:
    """Return an account that can be one; raises InvalidError naming the field that breaks its rule."""
    bic = None if stated.bic is None else _checked_bic(stated.bic)
    if stated.iban is not None:
        return _checked_iban(stated, stated.iban, bic)
    if stated.number is None:
        raise _invalid("account_incomplete", "/iban", "State an IBAN, or the number where there are none.")
    return _checked_local(stated, stated.number, bic)


def has_ibans(country: str) -> bool:
    """Whether accounts of a country have IBANs."""
    try:
        return not get_iban_spec(country).aspirational
    except InvalidCountryCode:
        return False


def mentions(text: str | None, number: str) -> bool:
    """Whether a text names an account by its number, or by all of it but the country's signs."""
    if text is None:
        return False
    said = "".join(filter(str.isalnum, text)).upper()
    sought = {number, number[4:] if number[:2].isalpha() else number}
    return any(len(one) >= SHORTEST_IN_TEXT and one in said for one in sought)


def _checked_iban(stated: StatedAccount, iban: str, bic: str | None) -> AccountNumber:
    if stated.number is not None or stated.bank_code is not None:
        field = "/number" if stated.number is not None else "/bank_code"
        raise _invalid("account_incomplete", field, "An IBAN says it all: leave this out.")
    written = SEPARATORS.sub("", iban).upper()
    try:
        account = IBAN(written)
    except SchwiftyException as error:
        raise _invalid("account_invalid", "/iban", _why(written, error)) from None
    if stated.country not in (None, account.country_code):
        detail = f"The IBAN is of {account.country_code}, not of {stated.country}."
        raise _invalid("account_invalid", "/country", detail)
    return AccountNumber(account.country_code, account.compact, True, None, bic or _bic_of(account))


def _why(written: str, error: SchwiftyException) -> str:
    """Return what is wrong with an IBAN and what would be right; never the number itself."""
    country = written[:2]
    match error:
        case _ if isinstance(error, InvalidCountryCode) or not country.isalpha():
            return "No country that has IBANs begins like this (ISO 13616): an IBAN begins with one, as DE."
        case InvalidLength() if has_ibans(country):
            length = get_iban_spec(country).iban_length
            return f"An IBAN of {country} has {length} signs, and this has {len(written)}."
        case InvalidChecksumDigits():
            return "Its check digits do not fit (ISO 7064, MOD 97-10): a sign is wrong or out of its place."
    return f"An IBAN of {country} has its letters and digits in other places (ISO 13616)."


def _bic_of(account: IBAN) -> str | None:
    try:
        found = account.bic
    except SchwiftyException:
        return None
    return None if found is None else found.compact


def _checked_local(stated: StatedAccount, number: str, bic: str | None) -> AccountNumber:
    if stated.country is None:
        raise _invalid("account_incomplete", "/country", "Say in which country the account is.")
    if has_ibans(stated.country):
        detail = f"Accounts of {stated.country} have IBANs, which check themselves: state the IBAN."
        raise _invalid("account_invalid", "/number", detail)
    if stated.bank_code is None and bic is None:
        raise _invalid("account_incomplete", "/bank_code", "Say which bank has it: by its code, or its BIC.")
    compact = SEPARATORS.sub("", number).upper()
    code = None if stated.bank_code is None else SEPARATORS.sub("", stated.bank_code).upper()
    for field, text in (("/number", compact), ("/bank_code", code)):
        if text is not None and not LOCAL.fullmatch(text):
            detail = "It has 3 to 34 letters and digits, beside blanks, points, strokes."
            raise _invalid("account_invalid", field, detail)
    if not re.search("[1-9A-Z]", compact):
        raise _invalid("account_invalid", "/number", "Only zeros: a placeholder, no account.")
    return AccountNumber(stated.country, compact, False, code, bic)


def _checked_bic(bic: str) -> str:
    try:
        return BIC(SEPARATORS.sub("", bic).upper()).compact
    except SchwiftyException:
        detail = "No BIC (ISO 9362): four letters of the bank, its country, two signs, and three of a branch."
        raise _invalid("account_invalid", "/bic", detail) from None


def _invalid(code: str, pointer: str, detail: str) -> InvalidError:
    field = f"/account{pointer}"
    return InvalidError(code, detail, errors=[FieldError(field, detail)])
