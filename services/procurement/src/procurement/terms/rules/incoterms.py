"""Where goods, costs and risk are handed over: the Incoterms rules of the ICC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from purveyor.errors import FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class Incoterm:
    """One of the rules: for which carriage it is made, and what of it the seller pays."""

    code: str
    name: str
    any_mode: bool
    carriage: bool
    insurance: bool
    import_duty: bool


def _named(*rules: Incoterm) -> Mapping[str, Incoterm]:
    return MappingProxyType({rule.code: rule for rule in rules})


INCOTERMS_2020 = _named(
    Incoterm("EXW", "Ex Works", True, False, False, False),
    Incoterm("FCA", "Free Carrier", True, False, False, False),
    Incoterm("CPT", "Carriage Paid To", True, True, False, False),
    Incoterm("CIP", "Carriage and Insurance Paid To", True, True, True, False),
    Incoterm("DAP", "Delivered at Place", True, True, False, False),
    Incoterm("DPU", "Delivered at Place Unloaded", True, True, False, False),
    Incoterm("DDP", "Delivered Duty Paid", True, True, False, True),
    Incoterm("FAS", "Free Alongside Ship", False, False, False, False),
    Incoterm("FOB", "Free on Board", False, False, False, False),
    Incoterm("CFR", "Cost and Freight", False, True, False, False),
    Incoterm("CIF", "Cost, Insurance and Freight", False, True, True, False),
)
"""The eleven of 2020."""

SUCCESSORS: Mapping[str, str] = MappingProxyType(
    {"DAT": "DPU", "DAF": "DAP", "DES": "DAP", "DEQ": "DPU", "DDU": "DAP"}
)
"""Rules of 2000 and 2010 that are no more, and what took their place."""


def check_incoterm(code: str, *, imported: bool = False, pointer: str = "/incoterm") -> None:
    """Raise InvalidError for what is none of the rules of 2020; imports of the past may name older ones."""
    if code in INCOTERMS_2020 or (imported and code in SUCCESSORS):
        return
    if code in SUCCESSORS:
        why = f"{code} is no rule of 2020 any more; {SUCCESSORS[code]} took its place"
    else:
        why = f"{code} is none of {', '.join(INCOTERMS_2020)}"
    raise InvalidError("incoterm_unknown", f"{why}.", errors=[FieldError(pointer, why)])
