"""Categories as HTTP shows them."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field


class CategoryName(BaseModel):
    """What a category is called in a language."""

    language: str
    name: str


class Category(BaseModel):
    """A category as sourcing described it last."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "code": "bolts",
                    "names": [{"language": "en", "name": "Bolts"}],
                    "parent": "fasteners",
                    "ancestors": ["fasteners", "metals"],
                    "unspsc": "31161600",
                    "cpv": "44531400-5",
                    "retired_on": None,
                    "changed_at": "2026-03-02T09:30:00Z",
                }
            ]
        },
    )

    code: str
    names: list[CategoryName]
    parent: str | None
    ancestors: list[str] = Field(description="What it lies in, the nearest first: their approvals cover it")
    unspsc: str | None
    cpv: str | None
    retired_on: date | None = Field(description="From then on nothing new is begun in it")
    changed_at: datetime = Field(description="When this service heard of the last change")
