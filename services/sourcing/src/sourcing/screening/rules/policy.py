"""What an organisation decides about screening."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Screening(BaseModel):
    """From which score on a supplier is held, and what beside the name counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    threshold: int = Field(
        default=86, ge=50, le=100, description="From which score on a hit is raised and the supplier held"
    )
    elsewhere: int = Field(
        default=3,
        ge=0,
        le=20,
        description="What a name loses of 100 when the list names countries, and none of the supplier's",
    )
    confirming: int = Field(
        default=2,
        ge=0,
        le=20,
        description="What a name gains for each of: a weak alias that is alike, an address that is alike",
    )
    broken_percent: int = Field(
        default=1,
        ge=0,
        le=100,
        description="Of how many rows in a hundred that cannot be read a list may still be loaded; "
        "ten rows always",
    )
    lost_percent: int = Field(
        default=30,
        ge=0,
        le=100,
        description="How many entries of a hundred a new version may lack of those before; ten always, "
        "or half of fewer. "
        "A file that was cut short would clear suppliers",
    )
