"""Codes of classifications that others keep, checked: UNSPSC, CPV; and the languages of names."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from purveyor.texts import TextKind

CPV_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)
"""Of the eight digits of a code of the Common Procurement Vocabulary, for the ninth, which checks them."""
LANGUAGE = r"^[a-z]{2,3}(-[A-Z]{2})?$"


def unspsc(stated: str) -> str:
    """Return a code of the UNSPSC in its eight digits: segment, family, class, commodity.

    Raises ValueError for another length, and for a level that is left out above one that is not.
    """
    digits = stated.replace(" ", "").replace("-", "")
    if not re.fullmatch("[0-9]{8}", digits):
        raise ValueError("is no code of the UNSPSC: those have 8 digits, such as 31161500")
    levels = [digits[at : at + 2] for at in range(0, 8, 2)]
    said = [level != "00" for level in levels]
    if not said[0] or sorted(said, reverse=True) != said:
        raise ValueError(f"is no code of the UNSPSC: below 00 there is nothing, and {digits} says otherwise")
    return digits


def cpv(stated: str) -> str:
    """Return a code of the Common Procurement Vocabulary with its check digit: `44530000-4`.

    Without the check digit it is taken, and gets it. Raises ValueError for a wrong length or check digit.
    """
    found = re.fullmatch("([0-9]{8})(?:-?([0-9]))?", stated.replace(" ", ""))
    if found is None or found[1].startswith("00"):
        raise ValueError("is no CPV code: those have 8 digits and one that checks them, such as 44530000-4")
    right = str(sum(int(digit) * weight for digit, weight in zip(found[1], CPV_WEIGHTS, strict=True)) % 10)
    if found[2] not in (None, right):
        raise ValueError(f"is no CPV code: its last digit would be {right}")
    return f"{found[1]}-{right}"


Unspsc = Annotated[
    str,
    TextKind(12, form="NFKC", shortest=8),
    AfterValidator(unspsc),
    Field(
        description="United Nations Standard Products and Services Code, eight digits", examples=["31161500"]
    ),
]
Cpv = Annotated[
    str,
    TextKind(12, form="NFKC", shortest=8),
    AfterValidator(cpv),
    Field(description="Common Procurement Vocabulary (EU 213/2008)", examples=["44530000-4"]),
]
Language = Annotated[
    str,
    TextKind(6, form="NFKC", shortest=2),
    # Said twice: what is checked behind a TextKind, pydantic leaves out of the schema.
    Field(pattern=LANGUAGE),
    WithJsonSchema(
        {"type": "string", "pattern": LANGUAGE, "description": "ISO 639, with a country where that matters"}
    ),
]
