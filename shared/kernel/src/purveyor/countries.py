"""Countries, by the codes that ISO 3166-1 gives them."""

from __future__ import annotations

import re
from typing import Annotated

import pycountry
from pydantic import AfterValidator, Field

from purveyor.texts import TextKind

USER_ASSIGNED = re.compile("AA|Q[M-Z]|X[A-Z]|ZZ")
"""Codes that ISO 3166-1 leaves to its users: `XX` and `ZZ` stand for no country in most systems."""


def _known_country(stated: str) -> str:
    code = stated.upper() if stated.isascii() else stated
    if USER_ASSIGNED.fullmatch(code):
        raise ValueError("stands for no country (ISO 3166-1, user-assigned): say which one, such as DE")
    if len(code) != 2 or pycountry.countries.get(alpha_2=code) is None:
        raise ValueError("not an ISO 3166-1 alpha-2 country code, such as DE")
    return code


Country = Annotated[
    str,
    TextKind(2, form="NFKC", shortest=2),
    AfterValidator(_known_country),
    Field(description="ISO 3166-1 alpha-2", examples=["DE"]),
]
