"""The platform as a client sees it: three APIs, spoken to over HTTP with bearer tokens."""

from __future__ import annotations

import json
from asyncio import sleep
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

TIMEOUT_SECONDS = 60.0
PAUSES = 10
LONGEST_PAUSE_SECONDS = 60


class RefusedError(RuntimeError):
    """A service refused a request; `answer` is its problem document."""

    def __init__(self, answer: Answer) -> None:
        problem = answer.body if isinstance(answer.body, dict) else {}
        super().__init__(f"{answer.request}: {answer.status} {problem.get('code')}: {problem.get('detail')}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said."""

    request: str
    status: int
    body: Any
    etag: str | None


class Platform:
    """The three APIs, by service name."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._clients = {
            name: httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS) for name, url in urls.items()
        }

    async def close(self) -> None:
        """Let go of connections."""
        for client in self._clients.values():
            await client.aclose()

    async def ask(
        self,
        token: str,
        service: str,
        method: str,
        path: str,
        *,
        body: Any = None,
        if_match: str | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> Answer:
        """Send a request and return the answer, whatever it is."""
        headers = {"Authorization": f"Bearer {token}"}
        if if_match is not None:
            headers["If-Match"] = if_match
        response = await self._patiently(service, method, path, json=body, headers=headers, params=params)
        content = response.json() if response.content else None
        return Answer(
            f"{method} {service} {path}", response.status_code, content, response.headers.get("ETag")
        )

    async def done(self, token: str, service: str, method: str, path: str, **request: Any) -> Answer:
        """Send a request that is to succeed; raises RefusedError otherwise."""
        answer = await self.ask(token, service, method, path, **request)
        if answer.status >= 400:
            raise RefusedError(answer)
        return answer

    async def _patiently(self, service: str, method: str, path: str, **request: Any) -> httpx.Response:
        """Send a request, and again when the service has asked for a pause (429, 503; RFC 9110, 10.2.3)."""
        for _ in range(PAUSES):
            response = await self._clients[service].request(method, path, **request)
            pause = response.headers.get("Retry-After", "")
            if response.status_code not in {429, 503} or not pause.isdecimal():
                break
            await sleep(min(int(pause), LONGEST_PAUSE_SECONDS))
        return response

    async def bulk(
        self, token: str, service: str, path: str, rows: bytes, *, proposal: str | None = None
    ) -> list[dict[str, Any]]:
        """Send rows (NDJSON) and return what became of each; raises RefusedError when none was looked at."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
        params = {"proposal": proposal} if proposal is not None else {}
        response = await self._patiently(service, "POST", path, content=rows, headers=headers, params=params)
        if response.status_code >= 400:
            answer = Answer(f"POST {service} {path}", response.status_code, response.json(), None)
            raise RefusedError(answer)
        return [json.loads(line) for line in response.content.splitlines() if line]
