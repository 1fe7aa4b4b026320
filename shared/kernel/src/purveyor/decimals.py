"""Decimals as they enter: texts in the form that the contract documents, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pydantic import AfterValidator, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

FORM = re.compile(r"(?!-0*(\.0*)?$)-?[0-9]+(\.[0-9]+)?", re.ASCII)
"""No less than nothing is nothing: -0 is none."""
LONGEST = 100
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


def shortest(value: Decimal) -> Decimal:
    """Return the same number without zeros that say nothing: 12.50 is 12.5, and 100 stays so."""
    return Decimal(f"{value.normalize():f}")


SHORTEST = AfterValidator(shortest)
"""Of a field that is kept without such zeros."""


def form_of(bounds: Mapping[str, Any]) -> str:
    """Return the pattern of the decimals within bounds, as they are written without more zeros than needed.

    `bounds` are `ge`, `gt`, `le`, `max_digits` and `decimal_places`; of those above, a hundred alone is said.
    """
    places, digits = bounds.get("decimal_places"), bounds.get("max_digits")
    most = "" if places is None else str(places)
    part = rf"(\.[0-9]{{1,{most}}})?" if places != 0 else ""
    wide = "" if digits is None or places is None else str(digits - places)
    above_zero = bounds.get("gt") == 0
    if bounds.get("le") == HUNDRED:
        forms = [rf"[1-9][0-9]?{part}" if above_zero else rf"[0-9]{{1,2}}{part}"]
        forms.append("100" + (rf"(\.0{{1,{most}}})?" if part else ""))
    elif above_zero:
        forms = [rf"[1-9][0-9]{{0,{int(wide) - 1 if wide else ''}}}{part}"]
    else:
        forms = [rf"[0-9]{{1,{wide}}}{part}"]
    if above_zero and part:
        forms.append(rf"0\.({_above_zero(places)})")
    lowest = bounds.get("ge", bounds.get("gt"))
    sign = "" if lowest is not None and lowest >= 0 else "-?"
    return f"^{sign}({'|'.join(forms)})$"


def _above_zero(places: int | None) -> str:
    """Return the form of digits behind the point that are not all zeros."""
    if places is None:
        return "0*[1-9][0-9]*"
    return "|".join(f"{'0' * zeros}[1-9][0-9]{{0,{places - zeros - 1}}}" for zeros in range(places))


class AsWritten:
    """Of a field that somebody states: a text in the form of a decimal, whose digits the schema says."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Look at what is stated before it is read."""
        return core_schema.no_info_before_validator_function(as_written, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say that it is a text, and what it looks like."""
        said = handler(schema)
        bounds: Any = schema
        while bounds["type"] != "decimal":
            bounds = bounds["schema"]
        beside = {name: value for name, value in said.items() if name not in {"anyOf", "type", "pattern"}}
        return {"type": "string", "pattern": form_of(bounds)} | beside


AS_WRITTEN = AsWritten()
"""Of a field that somebody states."""
