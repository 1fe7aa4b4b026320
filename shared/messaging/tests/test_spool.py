"""Lost events are kept on disk until an epoch begins without them: there may be a day's worth of them."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from uuid import UUID

from purveyor_messaging.envelope import Envelope
from purveyor_messaging.spool import Spool

PAGES, A_PAGE, BYTES = 40, 250, 1_000


def page(number: int) -> list[Envelope]:
    time = datetime(2026, 11, 29, tzinfo=UTC)
    return [
        Envelope(UUID(int=number), "lost", "toys", "toys", str(place), number, time, b"%d" % place * BYTES)
        for place in range(A_PAGE)
    ]


def test_pages_come_back_as_they_were_as_often_as_they_are_asked_for():
    with Spool() as spool:
        assert list(spool) == []
        spool.add(page(1))
        spool.add(page(2))
        assert list(spool) == [page(1), page(2)]
        spool.add(page(3))
        assert (list(spool), spool.count) == ([page(1), page(2), page(3)], 3 * A_PAGE)


def test_memory_holds_a_page_however_many_there_are():
    with Spool() as spool:
        tracemalloc.start()
        try:
            for number in range(PAGES):
                spool.add(page(number))
            for _ in spool:
                pass
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert spool.count == PAGES * A_PAGE
    assert most < 8 * A_PAGE * BYTES * 3, "a few pages, of forty"
