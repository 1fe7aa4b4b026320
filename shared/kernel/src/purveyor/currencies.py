"""Currencies that ISO 4217 lists no more: what they were owed in until which day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A currency of the past: how many decimals its amounts had, and the last day on which it was money."""

    minor_units: int
    until: date
    successor: str


WITHDRAWN: Mapping[str, Withdrawn] = {
    "ANG": Withdrawn(2, date(2025, 7, 1), "XCG"),
    "ATS": Withdrawn(2, date(2002, 2, 28), "EUR"),
    "AZM": Withdrawn(2, date(2006, 12, 31), "AZN"),
    "BEF": Withdrawn(0, date(2002, 2, 28), "EUR"),
    "BGN": Withdrawn(2, date(2026, 1, 31), "EUR"),
    "BYR": Withdrawn(0, date(2016, 12, 31), "BYN"),
    "CUC": Withdrawn(2, date(2021, 6, 30), "CUP"),
    "CYP": Withdrawn(2, date(2008, 1, 31), "EUR"),
    "DEM": Withdrawn(2, date(2001, 12, 31), "EUR"),
    "EEK": Withdrawn(2, date(2011, 1, 14), "EUR"),
    "ESP": Withdrawn(0, date(2002, 2, 28), "EUR"),
    "FIM": Withdrawn(2, date(2002, 2, 28), "EUR"),
    "FRF": Withdrawn(2, date(2002, 2, 17), "EUR"),
    "GHC": Withdrawn(2, date(2007, 12, 31), "GHS"),
    "GRD": Withdrawn(0, date(2002, 2, 28), "EUR"),
    "HRK": Withdrawn(2, date(2023, 1, 14), "EUR"),
    "IEP": Withdrawn(2, date(2002, 2, 9), "EUR"),
    "ITL": Withdrawn(0, date(2002, 2, 28), "EUR"),
    "LTL": Withdrawn(2, date(2015, 1, 15), "EUR"),
    "LUF": Withdrawn(0, date(2002, 2, 28), "EUR"),
    "LVL": Withdrawn(2, date(2014, 1, 14), "EUR"),
    "MRO": Withdrawn(2, date(2018, 12, 31), "MRU"),
    "MTL": Withdrawn(2, date(2008, 1, 31), "EUR"),
    "NLG": Withdrawn(2, date(2002, 1, 28), "EUR"),
    "PTE": Withdrawn(0, date(2002, 2, 28), "EUR"),
    "ROL": Withdrawn(2, date(2006, 12, 31), "RON"),
    "SIT": Withdrawn(2, date(2007, 1, 14), "EUR"),
    "SKK": Withdrawn(2, date(2009, 1, 16), "EUR"),
    "STD": Withdrawn(2, date(2018, 12, 31), "STN"),
    "TRL": Withdrawn(0, date(2005, 12, 31), "TRY"),
    "ZMK": Withdrawn(2, date(2013, 6, 30), "ZMW"),
}
"""With the end of dual circulation, as the central banks set it; those that histories since 1999 hold."""
