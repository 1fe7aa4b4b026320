"""Units of measure: UN/ECE Recommendation 20, with the packages of Recommendation 21 (prefixed X)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def units() -> Mapping[str, str]:
    """Return the name of every unit by its code: `C62` is "one", `KGM` is "kilogram"."""
    with files(__package__).joinpath("unece_rec20.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}
