"""Sites as HTTP shows them."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from procurement.postal import ADDRESS, PostalAddress

SITE: dict[str, Any] = {
    "name": "Hamburg, hall 1",
    "country": "DE",
    "time_zone": "Europe/Berlin",
    "address": ADDRESS,
    "gln": "4006381000017",
    "valid_from": None,
    "valid_to": None,
}


class Site(BaseModel):
    """A place where goods are delivered."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [{"code": "HAM-1"} | SITE]}
    )

    name: str
    country: str = Field(description="ISO 3166-1 alpha-2")
    time_zone: str = Field(description="IANA name; its days are the site's business days")
    address: PostalAddress | None
    gln: str | None = Field(description="Its GS1 global location number")
    valid_from: date | None
    valid_to: date | None
    code: str
