"""How a relay keeps track: against a model of a database whose transactions end in any order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from purveyor_messaging.progress import Gap, Progress

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SECOND = timedelta(seconds=1)


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
        progress = progress.advanced(ids, NOW, 0, saw_all=len(ids) < limit)
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


@dataclass(frozen=True)
class Writer:
    """A transaction: it takes an id, begins to write then or a little later, and ends some time."""

    takes: int
    writes_after: int
    lasts: int
    commits: bool

    @property
    def writes(self) -> int:
        return self.takes + self.writes_after

    @property
    def ends(self) -> int:
        return self.writes + self.lasts


TIMEOUT = 3
"""Rounds within which who has taken an id writes; to commit may last as long as it likes."""

WRITERS = st.lists(
    st.builds(Writer, st.integers(0, 15), st.integers(0, TIMEOUT), st.integers(0, 25), st.booleans()),
    min_size=1,
    max_size=25,
)


class Cluster:
    """What PostgreSQL says of its transactions, round by round: writers get ids and numbers in order."""

    def __init__(self, writers: list[Writer]) -> None:
        self.writers = sorted(writers, key=lambda writer: writer.takes)
        by_number = sorted(range(len(self.writers)), key=lambda index: self.writers[index].writes)
        self._numbered: list[int | None] = []
        """Transactions in the order of their numbers, from 1; a fence of ours is one that ended at once."""
        self._to_come = by_number

    def begin(self, now: int) -> None:
        while self._to_come and self.writers[self._to_come[0]].writes <= now:
            self._numbered.append(self._to_come.pop(0))

    def visible(self, now: int) -> list[int]:
        return [id_ for id_, writer in enumerate(self.writers, 1) if writer.commits and writer.ends <= now]

    def ended(self, now: int) -> int:
        """As pg_snapshot_xmin: the oldest that is open, of those below the newest that has ended."""
        open_ = [index is not None and self.writers[index].ends > now for index in self._numbered]
        newest_ended = max((n for n, is_open in enumerate(open_, 1) if not is_open), default=0)
        return next((n for n, is_open in enumerate(open_[:newest_ended], 1) if is_open), newest_ended + 1)

    def fence(self) -> int:
        """As pg_current_xact_id, of a transaction that ends with its statement."""
        self._numbered.append(None)
        return len(self._numbered)


@given(writers=WRITERS, limit=st.integers(1, 8))
def test_no_gap_is_given_up_that_somebody_fills_and_all_others_are(writers, limit):
    cluster, progress, seen = Cluster(writers), Progress(), []
    for round_ in range(80):
        cluster.begin(round_)
        now = NOW + round_ * SECOND
        ended, seen_by = cluster.ended(round_), now - TIMEOUT * SECOND
        if progress.has_unfenced(seen_by):
            progress = progress.fenced(seen_by, cluster.fence())
        ids = [id_ for id_ in cluster.visible(round_) if progress.lists_as_unpublished(id_)][:limit]
        progress = progress.advanced(ids, now, ended, saw_all=len(ids) < limit)
        seen += ids
    assert sorted(seen) == cluster.visible(80)
    assert progress.gaps == ()


def test_a_gap_is_kept_until_a_transaction_has_passed_that_began_after_all_who_could_fill_it():
    progress = Progress().advanced([3], NOW, 0, saw_all=True)
    assert progress.gaps == (Gap(1, 2, NOW),)
    assert progress.advanced([], NOW + 1000 * SECOND, 500, saw_all=True) == progress
    assert not progress.has_unfenced(NOW - SECOND)
    fenced = progress.fenced(NOW, 100)
    assert fenced.gaps == (Gap(1, 2, NOW, 100),)
    assert fenced.advanced([], NOW, 100, saw_all=True) == fenced
    assert not fenced.advanced([], NOW, 101, saw_all=True).gaps


def test_a_fence_stays_where_it_was_put():
    progress = Progress(5, 100, (Gap(10, 20, NOW, 7), Gap(50, 60, NOW), Gap(70, 80, NOW + SECOND)))
    assert [gap.fence for gap in progress.fenced(NOW, 9).gaps] == [7, 9, None]


def test_a_gap_that_was_not_looked_at_is_not_given_up_though_its_fence_has_passed():
    progress = Progress(5, 100, (Gap(10, 20, NOW, 7), Gap(50, 60, NOW, 7)))
    after = progress.advanced([15], NOW, 8, saw_all=False)
    assert after.gaps == (Gap(16, 20, NOW, 7), Gap(50, 60, NOW, 7))


def test_what_appears_in_a_gap_splits_it_and_its_rest_keeps_its_age_and_fence():
    later = NOW + 9 * SECOND
    progress = Progress(5, 100, (Gap(10, 20, NOW, 7),))
    after = progress.advanced([12, 20, 103], later, 0, saw_all=True)
    assert after == Progress(8, 103, (Gap(10, 11, NOW, 7), Gap(13, 19, NOW, 7), Gap(101, 102, later)))
