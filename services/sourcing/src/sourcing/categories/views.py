"""Categories as HTTP takes and shows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from purveyor.http.rows import InCell
from purveyor.texts import Code, Name
from sourcing.categories.rules.codes import Cpv, Language, Unspsc

CATEGORY: dict[str, Any] = {
    "names": [{"language": "de", "name": "Verbindungselemente"}, {"language": "en", "name": "Fasteners"}],
    "parent": "hardware",
    "owner": "carla",
    "unspsc": "31160000",
    "cpv": "44530000-4",
}

STANDING: dict[str, Any] = {
    "retired_on": None,
    "taken_over": False,
    "proposed_parent": None,
    "proposed_by": None,
}


class CategoryName(BaseModel):
    """What a category is called in a language."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": CATEGORY["names"]})

    language: Language
    name: Name


class CategoryNameInRow(CategoryName, InCell):
    """The same in a row; in a cell of CSV `en: Fasteners`."""

    mark: ClassVar[str] = ":"

    @classmethod
    def read_cell(cls, cell: str) -> Mapping[str, str]:
        """Return the language and, behind the first colon, the name."""
        language, _, name = cell.partition(":")
        return {"language": language, "name": name}

    @classmethod
    def write_cell(cls, shown: Mapping[str, Any]) -> str:
        """Return the same."""
        return f"{shown['language']}: {shown['name']}"


class CategoryIn(BaseModel):
    """A category as the organisation states it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [CATEGORY]})

    names: list[CategoryName] = Field(min_length=1, max_length=50, description="One in each language")
    parent: Code | None = Field(default=None, description="What it lies in; null: at the top")
    owner: Name | None = Field(default=None, description="Who answers for it: the subject of their token")
    unspsc: Unspsc | None = None
    cpv: Cpv | None = None

    def content(self) -> dict[str, Any]:
        """Return what it states, as it is kept."""
        names = sorted((one.model_dump() for one in self.names), key=lambda one: one["language"])
        return {
            "names": names,
            "parent": self.parent,
            "owner": self.owner,
            "unspsc": self.unspsc,
            "cpv": self.cpv,
        }


class CategoryRow(CategoryIn):
    """A category in bulk: an existing one is changed, and only as it was seen where a version says so."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "fasteners", "version": None} | CATEGORY]}
    )

    code: Code
    names: list[CategoryNameInRow] = Field(  # type: ignore[assignment]  # in a cell, too
        min_length=1, max_length=50, description="In CSV `de: Verbindungselemente;en: Fasteners`"
    )
    version: int | None = Field(default=None, ge=1, le=999_999_999, description="The ETag's number")

    @property
    def seen(self) -> tuple[int, ...] | None:
        """The version that it names."""
        return None if self.version is None else (self.version,)


class CategoryListed(CategoryIn):
    """A kind of thing that is bought, under one code."""

    model_config = ConfigDict(
        extra="ignore",
        from_attributes=True,
        json_schema_extra={"examples": [{"code": "fasteners"} | CATEGORY | STANDING]},
    )

    code: str
    retired_on: date | None = Field(description="From then on nothing new is begun in it")
    taken_over: bool = Field(description="Whether its code was in use, and nobody has stated it since")
    proposed_parent: str | None = Field(
        description="What it is to lie in once somebody else confirms it; null with a `proposed_by`: the top"
    )
    proposed_by: str | None = Field(description="Who asks for that; null: it stays where it lies")


class Category(CategoryListed):
    """A category, with what it lies in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "fasteners"} | CATEGORY | STANDING | {"ancestors": ["hardware", "metals"]}]
        }
    )

    ancestors: list[str] = Field(description="What it lies in, the nearest first: their approvals cover it")


class CategoryVersion(CategoryIn):
    """A category as it was stated once, which held until the next version began."""

    model_config = ConfigDict(
        extra="ignore",
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {"number": 2}
                | CATEGORY
                | {
                    "retired_on": None,
                    "proposed_parent": None,
                    "asked_by": "cem",
                    "change": "moved",
                    "reason": None,
                    "changed_by": "carla",
                    "valid_from": "2026-03-02T09:30:00Z",
                }
            ]
        },
    )

    number: int = Field(description="The version of its ETag")
    retired_on: date | None
    proposed_parent: str | None = Field(description="What it was to lie in then, were it confirmed")
    asked_by: str | None = Field(description="Who had asked for the move that `changed_by` confirmed")
    change: str = Field(
        description="`defined`, `taken_over`, `move_proposed`, `moved`, `move_refused`, `retired`, "
        "`reinstated`"
    )
    reason: str | None = Field(description="Why it was retired or reinstated, or not moved")
    changed_by: str
    valid_from: datetime = Field(description="From when on it held")
