"""What a ranking is reckoned from: kept as it was, so that anybody can reckon it again."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from purveyor.decimals import AS_WRITTEN
from purveyor.texts import Code
from sourcing.bids.rules.content import BidContent, Origin
from sourcing.tenders.rules.content import TenderContent, TenderKind

MOST_RATES = 5_000
HsPrefix = Annotated[
    Code,
    StringConstraints(pattern="^[0-9]{2,10}$"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{2,10}$"}),
]


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class JudgedBid(_Kept):
    """An opened bid, as it takes part in a round."""

    supplier_id: UUID
    received_at: datetime
    digest: str = Field(description="As its receipt says")
    content: BidContent | None
    initial: BidContent | None = Field(description="Of the first round")
    why_not: str | None = Field(description="Why it takes no part")


class GivenMark(_Kept):
    """What an evaluator gave an answer."""

    supplier_id: UUID
    criterion: str
    person: str
    mark: Decimal


class Known(_Kept):
    """What is known of a supplier, or as the median of those of a category."""

    score: Decimal | None = Field(default=None, description="Of its performance, of 100")
    risk: Decimal | None = Field(default=None, description="Of 100, which is the worst")
    rejected_ppm: Decimal | None = None
    days_late: Decimal | None = Field(default=None, description="The 90th percentile: what lead times spread")


class DutyRate(_Kept):
    """What is paid on what comes from somewhere."""

    origin: Origin = Field(description="ISO 3166-1 alpha-2", examples=["CN"])
    hs_code: HsPrefix = Field(description="Of all codes that begin with it", examples=["7318"])
    percent: Annotated[
        Decimal, Field(ge=0, le=1_000, max_digits=7, decimal_places=3, examples=["3.7"]), AS_WRITTEN
    ]


class DutyRates(_Kept):
    """What is paid on imports; the longest code that fits holds."""

    rates: list[DutyRate] = Field(default=[], max_length=MOST_RATES)


class Justified(_Kept):
    """Whether a bid that is abnormally low was justified; null while nobody has decided that."""

    supplier_id: UUID
    lot: str
    accepted: bool | None


class EvaluationInputs(_Kept):
    """All that a ranking is reckoned from."""

    tender_id: UUID
    number: str
    kind: TenderKind
    edition: int
    round: int
    content: TenderContent
    bids: list[JudgedBid]
    marks: list[GivenMark]
    known: dict[UUID, Known]
    medians: dict[str, Known] = Field(description="By category")
    duties: list[DutyRate]
    justified: list[Justified]
