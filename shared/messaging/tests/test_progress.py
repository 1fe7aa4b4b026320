"""How a relay keeps track: against a model of a database whose transactions end in any order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from purveyor_messaging.progress import Gap, Progress

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KEEP = timedelta(minutes=2)


def missing(progress: Progress) -> set[int]:
    return {id_ for gap in progress.gaps for id_ in range(gap.first, gap.last + 1)}


@given(
    appear=st.lists(st.integers(0, 12), min_size=1, max_size=60),
    limit=st.integers(1, 20),
)
def test_every_id_that_appears_is_seen_once_and_none_is_forgotten(appear, limit):
    """Id n becomes visible in round appear[n-1]; a round reads what is unpublished, `limit` at most."""
    progress, seen = Progress(), []
    for now in range(40):
        unpublished = sorted(
            id_
            for id_, round_ in enumerate(appear, 1)
            if round_ <= now and progress.lists_as_unpublished(id_)
        )
        ids = unpublished[:limit]
        before = progress
        progress = progress.advanced(ids, NOW, KEEP, saw_all=len(ids) < limit)
        seen += ids
        assert progress.next_position == before.next_position + len(ids)
        assert missing(progress) == set(range(1, progress.watermark + 1)) - set(seen)
        assert not any(progress.lists_as_unpublished(id_) for id_ in seen)
        assert all(
            a.last < b.first - 1 or a.since != b.since
            for a, b in zip(progress.gaps, progress.gaps[1:], strict=False)
        )
    rounds_needed = -(-len(appear) // limit) + 13
    if rounds_needed <= 40:
        assert sorted(seen) == list(range(1, len(appear) + 1))


def test_a_gap_is_kept_until_no_transaction_can_still_fill_it():
    progress = Progress().advanced([3], NOW, KEEP, saw_all=True)
    assert progress.gaps == (Gap(1, 2, NOW),)
    assert progress.advanced([], NOW + KEEP - timedelta(seconds=1), KEEP, saw_all=True).gaps
    assert not progress.advanced([], NOW + KEEP, KEEP, saw_all=True).gaps


def test_a_gap_that_was_not_looked_at_is_not_given_up_however_old_it_is():
    progress = Progress(5, 100, (Gap(10, 20, NOW), Gap(50, 60, NOW)))
    after = progress.advanced([15], NOW + 2 * KEEP, KEEP, saw_all=False)
    assert after.gaps == (Gap(16, 20, NOW), Gap(50, 60, NOW))


def test_what_appears_in_a_gap_splits_it_and_its_rest_keeps_its_age():
    progress = Progress(5, 100, (Gap(10, 20, NOW),))
    after = progress.advanced([12, 20, 103], NOW + timedelta(seconds=9), KEEP, saw_all=True)
    later = NOW + timedelta(seconds=9)
    assert after == Progress(8, 103, (Gap(10, 11, NOW), Gap(13, 19, NOW), Gap(101, 102, later)))
