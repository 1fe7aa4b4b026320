"""A service that asks for a pause gets one, and the same request again; what it refuses is not repeated."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from purveyor_history import platform
from purveyor_history.platform import LONGEST_PAUSE_SECONDS, PAUSES, Platform, RefusedError

ROWS = b'{"number": "1"}\n{"number": "2"}\n'
PATH = "/v1/purchase-orders:import"


class Service:
    """A service that answers as it is told, and notes what it was asked and how long it was left alone."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, answer: Callable[[int], httpx.Response]) -> None:
        self.asked: list[bytes] = []
        self.pauses: list[float] = []
        self._answer = answer

        async def pause(seconds: float) -> None:
            self.pauses.append(seconds)

        monkeypatch.setattr(platform, "sleep", pause)  # everybody else goes on sleeping
        self.platform = Platform({"procurement": "http://procurement.test"})
        transport = httpx.MockTransport(self._take)
        self.platform._clients = {"procurement": httpx.AsyncClient(base_url="http://x", transport=transport)}

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.content)
        return self._answer(len(self.asked))


def refusal(status: int, code: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "detail": "Later."}, headers=headers)


def taken() -> httpx.Response:
    rows = [{"row": number, "status": "created"} for number in (1, 2)]
    return httpx.Response(200, content="".join(json.dumps(row) + "\n" for row in rows).encode())


@pytest.mark.parametrize("status", [429, 503])
async def test_rows_are_sent_again_after_the_pause_that_was_asked_for(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses = {1: "7", 2: "3600"}
    service = Service(
        monkeypatch,
        lambda nth: (
            refusal(status, "too_many_requests", **{"Retry-After": pauses[nth]}) if nth in pauses else taken()
        ),
    )
    fates = await service.platform.bulk("token", "procurement", PATH, ROWS)
    assert [fate["status"] for fate in fates] == ["created", "created"]
    assert service.asked == [ROWS] * 3
    assert service.pauses == [7, LONGEST_PAUSE_SECONDS], "no pause is longer than we wait"


async def test_a_service_that_asks_for_ever_more_pauses_is_given_up_with_what_it_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = Service(monkeypatch, lambda _: refusal(429, "too_many_requests", **{"Retry-After": "1"}))
    with pytest.raises(RefusedError, match=r"429 too_many_requests: Later\."):
        await service.platform.bulk("token", "procurement", PATH, ROWS)
    assert (len(service.asked), service.pauses) == (PAUSES, [1] * PAUSES)


@pytest.mark.parametrize(
    "answer",
    [refusal(422, "rows_refused"), refusal(429, "too_many_requests"), refusal(403, "missing_scope")],
    ids=["what is refused", "too many requests without a pause", "what is forbidden"],
)
async def test_what_asks_for_no_pause_is_not_repeated(
    answer: httpx.Response, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Service(monkeypatch, lambda _: answer)
    with pytest.raises(RefusedError):
        await service.platform.bulk("token", "procurement", PATH, ROWS)
    assert (len(service.asked), service.pauses) == (1, [])
