"""Tells a story at the terminal: who asks which service for what, what it said, which events followed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from rich.console import Console
from rich.markup import escape

from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import Role
from purveyor_history.platform import Answer, Platform, RefusedError

PATIENCE_SECONDS = 20.0
Found = TypeVar("Found")


class StoryError(RuntimeError):
    """The story did not go as it should; the platform or the story is wrong."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a token."""

    name: str
    role: str
    token: str


class Teller:
    """Plays a story on a platform and prints it."""

    def __init__(
        self, console: Console, platform: Platform, issuer: LocalIssuer, services: list[str]
    ) -> None:
        self.console = console
        self.platform = platform
        self._issuer = issuer
        self._positions = dict.fromkeys(services, 0)
        self._auditor = issuer.token("ole", Role.AUDITOR)
        self._chapter = 0

    def person(self, name: str, *roles: Role, supplier_id: UUID | None = None) -> Person:
        """Introduce somebody."""
        token = self._issuer.token(name, *roles, supplier_id=supplier_id)
        return Person(name, ", ".join(role.value for role in roles), token)

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self._chapter += 1
        self.console.print(f"\n[bold]{self._chapter}. {title}[/]")

    def say(self, text: str) -> None:
        """Tell something that nobody asked a service for."""
        self.console.print(f"   {text}")

    async def do(
        self, who: Person, what: str, service: str, method: str, path: str, **request: Any
    ) -> Answer:
        """Have somebody do something that succeeds."""
        answer = await self.platform.done(who.token, service, method, path, **request)
        self._asked(who, what, answer)
        return answer

    async def refused(
        self, who: Person, what: str, service: str, method: str, path: str, **request: Any
    ) -> Answer:
        """Have somebody try something that is refused; raises StoryError when it is not."""
        answer = await self.platform.ask(who.token, service, method, path, **request)
        if answer.status < 400:
            raise StoryError(f"{answer.request} was not refused")
        self._asked(who, what, answer)
        self.console.print(f"     [red]{answer.body['code']}[/]: {escape(answer.body['detail'])}")
        for error in answer.body.get("errors", ()):
            self.console.print(f"     [red]{error['pointer']}[/]: {escape(error['detail'])}")
        return answer

    def _asked(self, who: Person, what: str, answer: Answer) -> None:
        method, service, path = answer.request.split(" ", 2)
        colour = "green" if answer.status < 400 else "red"
        self.console.print(f"   [cyan]{who.name}[/] ({who.role}) {what}")
        self.console.print(f"     [dim]{method} {service} {path}[/] → [{colour}]{answer.status}[/]", end="")
        if answer.status < 400 and isinstance(answer.body, dict):
            shown = [
                str(answer.body[key]) for key in ("number", "status") if answer.body.get(key) is not None
            ]
            self.console.print(f" {' '.join(shown)}", end="")
        self.console.print()

    async def events(self, *expected: str) -> None:
        """Show what was published since, waiting until the expected events are among it."""
        missing = list(expected)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            for service in self._positions:
                for published in await self._new_events(service):
                    event = published["event"]
                    name = event["type"].split(".")[-2]
                    if name in missing:
                        missing.remove(name)
                    self.console.print(
                        f"     [yellow]event[/] {service} #{published['position']} [yellow]{name}[/] "
                        f"[dim]{published['topic']} {event['subject']} sequence {event['streamsequence']}[/]"
                    )
            if not missing:
                return
            if time.monotonic() > deadline:
                raise StoryError(f"These events did not come: {', '.join(missing)}")
            await asyncio.sleep(0.05)

    async def _new_events(self, service: str) -> list[dict[str, Any]]:
        answer = await self.platform.done(
            self._auditor,
            service,
            "GET",
            "/v1/events",
            params={"after": self._positions[service], "limit": 200},
        )
        events: list[dict[str, Any]] = answer.body["items"]
        if events:
            self._positions[service] = events[-1]["position"]
        return events

    async def until(self, what: str, look: Callable[[], Awaitable[Found | None]]) -> Found:
        """Wait until looking finds something; raises StoryError when it takes too long."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                found = await look()
            except RefusedError as error:
                if error.answer.status != 404:
                    raise
                found = None
            if found is not None:
                return found
            if time.monotonic() > deadline:
                raise StoryError(f"This did not happen: {what}")
            await asyncio.sleep(0.03)
