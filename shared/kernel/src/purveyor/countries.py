"""Countries, by the codes that ISO 3166-1 gives them."""

from __future__ import annotations

from typing import Annotated

import pycountry
from pydantic import AfterValidator, Field, StringConstraints


def _known_country(code: str) -> str:
    if pycountry.countries.get(alpha_2=code) is None:
        raise ValueError("not an ISO 3166-1 alpha-2 country code, such as DE")
    return code


Country = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_upper=True, min_length=2, max_length=2),
    AfterValidator(_known_country),
    Field(description="ISO 3166-1 alpha-2", examples=["DE"]),
]
