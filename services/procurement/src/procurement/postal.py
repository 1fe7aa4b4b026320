"""Where something is and where it is written to, as documents that machines read say it."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from stdnum import ean

from purveyor.texts import Line, Reference

GLN_SCHEME = "0088"
"""Of ISO 6523 and of Peppol's electronic addresses: GS1 global location numbers."""
ADDRESS: dict[str, Any] = {
    "street": "Hafenstraße 12",
    "additional_street": "Tor 3",
    "postal_code": "20457",
    "city": "Hamburg",
    "region": None,
}
Scheme = Annotated[
    Reference,
    Field(pattern=r"^[0-9]{4}$", description="A code of ISO 6523, or of Peppol's list of addresses"),
]


def _checked_gln(value: str) -> str:
    if not (len(value) == 13 and ean.is_valid(value)):
        raise ValueError(f"{value!r} is not a GLN (GS1): it has 13 digits, the last of which is checked")
    return value


Gln = Annotated[
    Reference,
    Field(description="Its GS1 global location number", examples=["4006381000017"]),
    AfterValidator(_checked_gln),
]


class PostalAddress(BaseModel):
    """An address, part by part; its country stands beside it."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, json_schema_extra={"examples": [ADDRESS]})

    street: Line | None = None
    additional_street: Line | None = None
    postal_code: Reference | None = None
    city: Line
    region: Line | None = Field(default=None, description="A county or state, where addresses name one")


class Registered(BaseModel):
    """A number in a scheme, of somebody or of where they are written to."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"scheme": "0088", "value": "4006381000017"}]}
    )

    scheme: Scheme
    value: Reference

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if self.scheme == GLN_SCHEME:
            _checked_gln(self.value)
        return self
