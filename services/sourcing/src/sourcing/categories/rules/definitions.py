"""What may be stated of a category, and the words by which it is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from purveyor.errors import FieldError, InvalidError
from purveyor.texts import words_of

CONTENT = ("names", "parent", "owner", "unspsc", "cpv")
"""What people state of a category."""
MOVED_BY_ANOTHER = (
    "Who asked for another place of a category does not confirm it: approvals, blocks and questionnaires "
    "of what it lies in cover it. Ask a colleague."
)
"""Why one person alone moves no category (COSO: segregation of duties)."""


class UnknownCategories(BaseModel):
    """What becomes of a code that a supplier is registered with and that no category has."""

    model_config = ConfigDict(frozen=True)

    refused: bool = Field(
        default=False,
        description="Refuse it, naming codes that are like it; else it becomes a category of its own",
        examples=[True],
    )


def check_new_code(code: str) -> None:
    """Raise InvalidError for the code of a new category that differs from others by its capitals alone.

    Codes that were in use before stay as they are.
    """
    if code != code.lower():
        detail = f"A new category has a code in small letters: {code.lower()}."
        raise InvalidError("category_invalid", detail, errors=[FieldError("/code", detail)])


def check_names(names: Sequence[Mapping[str, str]]) -> None:
    """Raise InvalidError for a category that has two names in one language."""
    languages = [one["language"] for one in names]
    errors = [
        FieldError(f"/names/{place}/language", f"has a name in {language} already")
        for place, language in enumerate(languages)
        if language in languages[:place]
    ]
    if errors:
        raise InvalidError("category_invalid", "A category has one name in each language.", errors=errors)


def found_by(code: str, stated: Mapping[str, Any]) -> list[str]:
    """Return the words by which a category is found: of its code, and its names in every language."""
    return words_of(code, *(one["name"] for one in stated["names"]))
