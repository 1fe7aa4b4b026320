"""When a score asks for a review."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sourcing.reviews.rules import DecidedReview, asks_for_review

GRADES = "ABCDE"
SIXTY = Decimal(60)
scores = st.decimals(0, 100, places=1)


@given(scores, st.sampled_from(GRADES), scores)
def test_a_first_score_asks_for_a_review_exactly_under_the_threshold(
    score: Decimal, grade: str, threshold: Decimal
) -> None:
    assert asks_for_review(score, grade, threshold, None) is (score < threshold)


@given(scores, st.sampled_from(GRADES), st.sampled_from(GRADES))
def test_after_a_decision_only_recovery_or_a_worse_grade_lets_it_ask_again(
    score: Decimal, grade: str, decided_on: str
) -> None:
    low = score < SIXTY
    assert asks_for_review(score, grade, SIXTY, DecidedReview(decided_on, recovered_since=True)) is low
    assert asks_for_review(score, grade, SIXTY, DecidedReview(decided_on, recovered_since=False)) is (
        low and grade > decided_on
    )


def test_no_score_asks_for_nothing() -> None:
    assert not asks_for_review(None, None, SIXTY, None)


def test_a_grade_that_nobody_knows_is_no_worse_and_any_grade_is_worse_than_none() -> None:
    decided = DecidedReview("D", recovered_since=False)
    assert not asks_for_review(Decimal(10), None, SIXTY, decided)
    assert asks_for_review(Decimal(10), "A", SIXTY, DecidedReview(None, recovered_since=False))
