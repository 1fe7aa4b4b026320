"""A tender of ProZorro's, with its bids as they were after the auction, has the winner that it had."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from sourcing.bids.rules.content import BidContent
from sourcing.evaluations.rules.inputs import EvaluationInputs, JudgedBid
from sourcing.evaluations.rules.judging import judge
from sourcing.tenders.rules.content import TenderContent, TenderKind

TENDER = Path(__file__).parents[6] / "shared/data/auction/has-auction-true-tender-complete.json"


@pytest.mark.skipif(not TENDER.exists(), reason=f"needs {TENDER.name}")
def test_a_real_tender_has_the_winner_that_it_had() -> None:
    real = json.loads(TENDER.read_text())["data"]
    numbers = {item["id"]: number for number, item in enumerate(real["items"], 1)}
    lots = [
        {
            "code": lot["id"],
            "title": lot["title"],
            "items": [
                {
                    "number": numbers[item["id"]],
                    "description": item["description"],
                    "category": item["classification"]["id"],
                    "quantity": f"{item['quantity']:g}",
                    "unit": item["unit"]["code"],
                }
                for item in real["items"]
                if item["relatedLot"] == lot["id"]
            ],
        }
        for lot in real["lots"]
    ]
    content = TenderContent.model_validate(
        {
            "title": "Replayed",
            "currency": real["value"]["currency"],
            "lots": lots,
            "method": "weighted_price",
            "timetable": {"time_zone": "Europe/Kyiv", "closes_at": "2027-01-30T12:00"},
        }
    )
    inputs = EvaluationInputs(
        tender_id=UUID(real["id"]),
        number="T-000001",
        kind=TenderKind.RFQ,
        edition=1,
        round=1,
        content=content,
        bids=[judged(bid, numbers) for bid in real["bids"]],
        marks=[],
        known={},
        medians={},
        duties=[],
        justified=[],
    )
    won = {
        lot.lot: (str(lot.bids[0].supplier_id.hex), f"{lot.bids[0].weighted}") for lot in judge(inputs).lots
    }
    assert won == {
        award["lotID"]: (award["bid_id"], f"{award['value']['amount']:.2f}") for award in real["awards"]
    }


def judged(bid: Any, numbers: dict[str, int]) -> JudgedBid:
    prices = [
        {"item": numbers[item["id"]], "price": f"{item['unit']['value']['amount']:.2f}"}
        for item in bid["items"]
    ]
    said = BidContent.model_validate({"currency": "UAH", "valid_until": "2027-12-31", "prices": prices})
    return JudgedBid(
        supplier_id=UUID(bid["id"]),
        received_at=datetime.fromisoformat(bid["date"]),
        digest="00",
        content=said,
        initial=said,
        why_not=None,
    )
