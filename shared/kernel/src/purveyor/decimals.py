"""Decimals as they enter: texts in the form that the contract documents, and nothing else."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from pydantic import BeforeValidator

FORM = re.compile(r"(?!-0*(\.0*)?$)-?[0-9]+(\.[0-9]+)?", re.ASCII)
"""No less than nothing is nothing: -0 is none."""
LONGEST = 100
ANY, ABOVE_ZERO = r"[0-9]+(\.[0-9]+)?", r"0*[1-9][0-9]*(\.[0-9]+)?|0+\.0*[1-9][0-9]*"
OF_A_HUNDRED = r"0*[0-9]{1,2}(\.[0-9]+)?|0*100(\.0+)?"
OF_A_HUNDRED_ABOVE_ZERO = r"0*[1-9][0-9]?(\.[0-9]+)?|0+\.0*[1-9][0-9]*|0*100(\.0+)?"
HUNDRED = 100


def as_written(stated: Any) -> Any:
    """Return a decimal that is written as such; raises ValueError for another text, and for a JSON number.

    `1E3` and `1_000` are numbers to Python and to nobody who reads an order, and a JSON number has been a
    float at one end or the other.
    """
    if isinstance(stated, Decimal):
        return stated
    if isinstance(stated, str) and len(stated) <= LONGEST and FORM.fullmatch(stated):
        return stated
    raise ValueError('is a text of digits, with a point where there is a fraction: "1000" or "12.50"')


def documented(number: dict[str, Any]) -> str:
    """Return the pattern of the texts that say a number of a JSON schema, as far as a pattern can."""
    lowest = number.get("minimum", number.get("exclusiveMinimum"))
    sign = "" if lowest is not None and lowest >= 0 else "-?"
    forms = (OF_A_HUNDRED, OF_A_HUNDRED_ABOVE_ZERO) if number.get("maximum") == HUNDRED else (ANY, ABOVE_ZERO)
    return f"^{sign}({forms[number.get('exclusiveMinimum') == 0]})$"


def shortest(value: Decimal) -> Decimal:
    """Return the same number without zeros that say nothing: 12.50 is 12.5, and 100 stays so."""
    return Decimal(f"{value.normalize():f}")


AS_WRITTEN = BeforeValidator(as_written)
"""Of a field that somebody states."""
