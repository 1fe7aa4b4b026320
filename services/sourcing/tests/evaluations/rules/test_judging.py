"""Rankings by hand: what owning costs, what a bid is out for, which marks lie far off, who goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.bids.rules.content import BidContent
from sourcing.evaluations.rules.digests import digest_of, written
from sourcing.evaluations.rules.inputs import (
    DutyRate,
    EvaluationInputs,
    GivenMark,
    JudgedBid,
    Justified,
    Known,
)
from sourcing.evaluations.rules.judging import judge
from sourcing.evaluations.rules.knockouts import knocked_out, mean_mark
from sourcing.evaluations.rules.marks import outliers, to_be_given
from sourcing.evaluations.rules.ownership import Part, duty_percent, off_for
from sourcing.evaluations.rules.results import RankedBid
from sourcing.evaluations.rules.rounds import Light, best_of, gap_percent, light
from sourcing.tenders.rules.content import CONTENT, TenderContent, TenderKind
from sourcing.tenders.rules.timetable import working_days_after, zone_called

A, B, C = (UUID(int=number) for number in (1, 2, 3))
AT = datetime(2026, 12, 1, tzinfo=UTC)


def tender(**changes: Any) -> TenderContent:
    item = CONTENT["lots"][0]["items"][0] | changes.pop("item", {})
    lots = [{"code": "bolts", "title": "Bolts", "items": [item]}]
    return TenderContent.model_validate(CONTENT | {"lots": lots, "criteria": []} | changes)


def offered(price: str = "0.10", **changes: Any) -> BidContent:
    bid = {
        key: changes.pop(key) for key in ("currency", "payment_days", "bundles", "answers") if key in changes
    }
    stated = {
        "currency": "EUR",
        "valid_until": "2027-03-01",
        "prices": [{"item": 1, "price": price} | changes],
    }
    return BidContent.model_validate(stated | bid)


def inputs(content: TenderContent, *bids: BidContent, **more: Any) -> EvaluationInputs:
    judged = [
        JudgedBid(
            supplier_id=supplier,
            received_at=AT + timedelta(minutes=place),
            digest="00",
            content=bid,
            initial=bid,
            why_not=None,
        )
        for place, (supplier, bid) in enumerate(zip((A, B, C), bids, strict=False))
    ]
    given: dict[str, Any] = {"marks": [], "known": {}, "medians": {}, "duties": [], "justified": []}
    return EvaluationInputs(
        tender_id=A,
        number="T-000001",
        kind=TenderKind.RFQ,
        edition=1,
        round=1,
        content=content,
        bids=judged,
        **given | more,
    )


def ranked(content: TenderContent, *bids: BidContent, **more: Any) -> list[RankedBid]:
    return judge(inputs(content, *bids, **more)).lots[0].bids


def parts(content: TenderContent, bid: BidContent, **more: Any) -> dict[str, str]:
    (found,) = ranked(content, bid, **more)
    return {part.value: f"{amount:f}" for part, amount in found.items[0].parts.items()}


def test_each_part_of_what_owning_costs_is_reckoned_by_itself() -> None:
    ownership = {
        "duties": True,
        "payment_rate": "7.3",
        "reject_cost": "250",
        "holding_rate": "36.5",
        "discount_rate": "10",
    }
    content = tender(ownership=ownership, item={"incumbent": str(B), "switching_cost": "12.5"})
    bid = offered(
        "0.11",
        breaks=[{"from_quantity": "500", "price": "0.10"}],
        freight="20",
        lead_time_days=8,
        origin="CN",
        hs_code="731815",
        yearly_costs=["11", "12.1"],
        payment_days=50,
    )
    known = {A: Known(rejected_ppm=Decimal(4000), days_late=Decimal(2))}
    duties = [
        DutyRate(origin="CN", hs_code="7318", percent=Decimal("3.7")),
        DutyRate(origin="CN", hs_code="73", percent=Decimal(50)),
    ]
    assert parts(content, bid, known=known, duties=duties) == {
        "price": "100.000000",
        "freight": "20.000000",
        "duty": "4.440000",
        "payment": "-1.000000",
        "poor_quality": "1.000000",
        "inventory": "1.000000",
        "switching": "12.500000",
        "life_cycle": "20.000000",
    }


def test_who_has_no_data_is_given_the_medians_of_the_category_and_marked() -> None:
    content = tender(ownership={"reject_cost": "100", "holding_rate": "36.5"})
    medians = {"fasteners": Known(rejected_ppm=Decimal(1000))}
    (found,) = ranked(content, offered(lead_time_days=10), medians=medians)
    assert (found.items[0].estimated, found.items[0].unknown) == (["poor_quality"], ["inventory"])
    assert found.items[0].parts[Part.POOR_QUALITY] == Decimal("0.1")


def test_costs_are_compared_at_the_rates_that_the_tender_fixed() -> None:
    first, second = ranked(tender(), offered("0.10"), offered("0.10", currency="USD"))
    assert (first.supplier_id, f"{first.amount:f}") == (B, "92.592593")
    assert second.place == 2


def test_bundles_of_one_lot_are_cheaper_and_those_of_several_do_not_count() -> None:
    bid = offered(bundles=[{"items": [1, 2], "percent_off": "5"}, {"items": [2, 3], "percent_off": "9"}])
    assert off_for(bid, [1, 2]) == {1: Decimal(5), 2: Decimal(5)}
    assert off_for(bid, [1]) == {}


def test_the_longest_code_of_the_origin_says_the_duty() -> None:
    rates = [DutyRate(origin="CN", hs_code=code, percent=Decimal(len(code))) for code in ("73", "731815")]
    assert duty_percent(offered(origin="CN", hs_code="73181500").prices[0], rates) == 6
    assert duty_percent(offered(origin="IN", hs_code="73181500").prices[0], rates) is None
    assert duty_percent(offered().prices[0], rates) is None


def test_a_bid_that_does_not_offer_all_of_a_lot_or_cannot_deliver_it_has_no_place() -> None:
    first, second = ranked(tender(), offered(capacity="999"), offered("0.11"))
    assert (first.supplier_id, second.out) == (B, "Of item 1, it can deliver 999 of 1000.")


def test_an_answer_or_too_few_points_end_the_matter() -> None:
    asked = [{"code": "iso", "text": "ISO 9001?", "required_answer": "Yes"}]
    criteria = [{"code": "warranty", "title": "W", "weight": "100", "formula": "scored", "least": "50"}]
    content = tender(asked=asked, criteria=criteria)
    said = {answer: offered(answers=[{"question": "iso", "text": answer}]) for answer in ("yes", "no")}
    marks = [
        GivenMark(supplier_id=A, criterion="warranty", person=p, mark=Decimal(m))
        for p, m in (("o", 49), ("p", 50))
    ]
    assert "iso" in str(knocked_out(content, A, said["no"], []))
    assert knocked_out(content, A, said["yes"], []) is None
    assert "warranty" in str(knocked_out(content, A, said["yes"], marks))
    assert mean_mark(marks, A, "warranty") == Fraction(99, 2)
    assert to_be_given(content, [A, B]) == [(A, "warranty"), (B, "warranty")]


def test_a_mark_that_far_off_the_median_is_an_outlier_at_the_bound_too() -> None:
    marks = [
        GivenMark(supplier_id=A, criterion="w", person=p, mark=Decimal(m))
        for p, m in (("o", 50), ("p", 60), ("q", 85))
    ]
    assert [one.person for one in outliers(marks, 25)] == ["q"]
    assert outliers(marks, 26) == []


def test_formulas_judge_what_is_stated_and_what_is_known() -> None:
    bounds = {"best": "36", "worst": "12"}
    criteria = [
        {"code": "months", "title": "M", "weight": "20", "formula": "linear", "asked": "months"} | bounds,
        {"code": "days", "title": "D", "weight": "20", "formula": "lead_time"},
        {"code": "place", "title": "P", "weight": "20", "formula": "rank"},
        {"code": "score", "title": "S", "weight": "20", "formula": "performance"},
        {"code": "risk", "title": "R", "weight": "20", "formula": "risk"},
    ]  # fmt: skip
    content = tender(criteria=criteria, asked=[{"code": "months", "text": "How many months?"}])
    bids = [
        offered(price, lead_time_days=days, answers=[{"question": "months", "text": months}])
        for price, days, months in (("0.10", 14, "24"), ("0.11", 7, "36"))
    ]
    bids.append(offered("0.12"))
    known = {A: Known(score=Decimal(80), risk=Decimal(30)), B: Known(score=Decimal(60))}
    medians = {"fasteners": Known(risk=Decimal(40))}
    points = {
        one.supplier_id: [f"{of.points.normalize():f}" for of in one.criteria]
        for one in ranked(content, *bids, known=known, medians=medians)
    }
    assert points == {
        A: ["50", "50", "100", "80", "70"],
        B: ["100", "100", "50", "60", "60"],
        C: ["0", "0", "0", "0", "60"],
    }


def test_what_is_not_justified_has_no_place_and_bids_of_before_say_how_low_it_is() -> None:
    bids = [offered("0.06"), offered("0.10"), offered("0.10")]
    for accepted, places in ((None, [1, 1, None]), (False, [1, 1, None]), (True, [1, 2, 2])):
        justified = [Justified(supplier_id=A, lot="bolts", accepted=accepted)]
        found = ranked(tender(), *bids, justified=justified)
        assert [one.place for one in found] == places
        assert sum(len(one.low) for one in found) == 2
    fallen = inputs(tender(), offered("0.07"), offered("0.09"))
    dear = fallen.bids[1].model_copy(update={"initial": offered("0.20")})
    found = judge(fallen.model_copy(update={"bids": [fallen.bids[0], dear]})).lots[0].bids
    assert [str(one.why) for one in found[-1].low] == ["under_mean"]


def test_of_equal_bids_the_earlier_stands_first_and_both_share_the_place() -> None:
    found = ranked(tender(), offered(), offered(), offered("0.12"))
    assert [(one.supplier_id, one.place) for one in found] == [(A, 1), (B, 1), (C, 3)]


PRICES = st.decimals("0.05", "0.50", places=2).map(str)


@settings(max_examples=60)
@given(st.lists(PRICES, min_size=1, max_size=3), st.sampled_from(["EUR", "USD"]))
def test_a_ranking_is_always_written_alike_and_the_cheapest_that_is_in_wins(
    prices: list[str], currency: str
) -> None:
    kept = written(inputs(tender(), *(offered(price, currency=currency) for price in prices)))
    again = EvaluationInputs.model_validate_json(kept)
    assert written(again) == kept
    first, second = written(judge(again)), written(judge(EvaluationInputs.model_validate_json(kept)))
    assert first == second
    assert len(digest_of(kept, first)) == 64
    bids = judge(again).lots[0].bids
    placed = [one.cost for one in bids if one.place is not None]
    assert placed == sorted(placed, key=lambda cost: cost or 0)
    assert bids[0].place in (1, None)
    assert all((one.place is None) == (one.out is not None) for one in bids)


def test_the_next_round_takes_who_has_a_place_that_good_in_any_lot_and_feedback_follows_the_amounts() -> None:
    result = judge(inputs(tender(), offered("0.10"), offered("0.11"), offered("0.12")))
    assert best_of(result, 2) == [A, B]
    lot = result.lots[0]
    assert [gap_percent(lot, one.amount) for one in lot.bids] == [Decimal(0), Decimal(10), Decimal(20)]
    assert [light(lot, one.place, one.amount) for one in lot.bids] == [Light.GREEN, Light.YELLOW, Light.RED]
    assert (gap_percent(lot, None), light(lot, None, None)) == (None, Light.RED)


@pytest.mark.parametrize(
    ("asked", "due"), [("2026-12-18T10:00", 21), ("2026-12-19T10:00", 21), ("2026-12-17T10:00", 18)]
)
def test_a_working_day_later_is_monday_after_a_weekend(asked: str, due: int) -> None:
    zone = zone_called("Europe/Berlin")
    assert zone is not None
    moment = datetime.fromisoformat(asked).replace(tzinfo=zone)
    assert working_days_after(moment, 1, zone).astimezone(zone).day == due
