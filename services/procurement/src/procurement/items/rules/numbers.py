"""Numbers that others gave to things, checked: GTINs, and codes of the Harmonized System."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator
from stdnum import ean
from stdnum.exceptions import ValidationError

from purveyor.texts import TextKind

GTIN_DIGITS = 14
HS_DIGITS = frozenset({6, 8, 10})


def gtin(stated: str) -> str:
    """Return a GTIN-8, -12, -13 or -14 as the fourteen digits that barcodes carry (GS1, AI 01).

    Raises ValueError for a wrong length or a wrong check digit.
    """
    try:
        return ean.validate(stated).rjust(GTIN_DIGITS, "0")
    except ValidationError:
        raise ValueError(
            "is no GTIN: those have 8, 12, 13 or 14 digits, and the last one checks the others"
        ) from None


def hs_code(stated: str) -> str:
    """Return a code of the Harmonized System in digits; raises ValueError for what is none."""
    digits = stated.replace(".", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) in HS_DIGITS):
        raise ValueError("is no HS code: those have 6 digits, or 8 or 10 in a tariff that divides them")
    return digits


Gtin = Annotated[str, TextKind(14, form="NFKC", shortest=8), AfterValidator(gtin)]
"""A GTIN of whatever length, shown in the fourteen digits of a barcode."""

HsCode = Annotated[str, TextKind(13, form="NFKC", shortest=6), AfterValidator(hs_code)]
"""A code of the Harmonized System; dots and blanks are left out."""

SSCC_DIGITS = 18


def sscc(stated: str) -> str:
    """Return a Serial Shipping Container Code in its eighteen digits (GS1, AI 00); blanks are left out.

    Raises ValueError for a wrong length or a wrong check digit.
    """
    digits = stated.replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == SSCC_DIGITS):
        raise ValueError("is no SSCC: those have 18 digits, and the last one checks the others")
    if (right := ean.calc_check_digit(digits[:-1])) != digits[-1]:
        raise ValueError(f"is no SSCC: its last digit would be {right}")
    return digits


Sscc = Annotated[str, TextKind(30, form="NFKC", shortest=SSCC_DIGITS), AfterValidator(sscc)]
"""The number of a logistic unit, a pallet or a box that travels."""
