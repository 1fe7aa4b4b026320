"""How the scenarios speak to Purveyor: over HTTP with a person's token, and nothing else.

Addresses come from SOURCING_URL, PROCUREMENT_URL and PERFORMANCE_URL, by default those of `purveyor up`, and
tokens from `purveyor token`, which finds the stack's issuer in PURVEYOR_DATA_DIR, by default `.purveyor`.
"""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

SERVICES = {"sourcing": 8001, "procurement": 8002, "performance": 8003}
PATIENCE_SECONDS = 30
PURVEYOR = Path(sys.executable).with_name("purveyor")
TRUSTED = ssl.create_default_context()
"""Read once: it takes longer than most answers here, and everybody has three clients."""
Json = dict[str, Any]


class DifferentError(AssertionError):
    """Something is not as the scenario says that it is."""


def is_(what: str, found: object, right: object) -> None:
    """Print what something is; raises DifferentError when it is not what is right."""
    if found != right:
        raise DifferentError(f"{what}: {found!r}, not {right!r}")
    print(f"     {what}: {found}")


def chapter(title: str) -> None:
    """Begin a part of a scenario."""
    print(f"\n{title}")


def name_of(event: Json) -> str:
    """Return what an event is called."""
    return str(event["type"].split(".")[-2])


class Person:
    """Somebody with a token, who asks services for things."""

    def __init__(self, name: str, *roles: str, supplier_id: str | None = None, invited: bool = False) -> None:
        self.name, self.roles = name, roles
        options = [option for role in roles for option in ("--role", role)]
        if supplier_id is not None:
            options += ["--supplier-id", supplier_id]
        if invited:
            options.append("--invited")
        said = subprocess.run(
            [PURVEYOR, "token", "--subject", name, *options], capture_output=True, text=True, check=True
        )
        headers = {"Authorization": f"Bearer {said.stdout.strip()}"}
        self.services = {
            service: httpx.Client(
                base_url=os.environ.get(f"{service.upper()}_URL", f"http://127.0.0.1:{port}"),
                headers=headers,
                verify=TRUSTED,
                timeout=60,
            )
            for service, port in SERVICES.items()
        }

    def ask(
        self, method: str, path: str, body: Any = None, *, of: str = "procurement", **more: Any
    ) -> httpx.Response:
        """Send a request, print what became of it, and return the answer."""
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        answer = self.services[of].request(method, path, **(content if body is not None else {}), **more)
        print(f"   {self.name} ({', '.join(self.roles)}): {method} {of}{path} -> {answer.status_code}")
        return answer

    def does(self, method: str, path: str, body: Any = None, **more: Any) -> Json:
        """Send a request that is done, and return what is shown then."""
        answer = self.ask(method, path, body, **more)
        if answer.status_code >= 300:
            raise DifferentError(f"{method} {path}: {answer.status_code} {answer.text}")
        shown: Json = answer.json() if answer.content else {}
        return shown

    def moves(self, path: str, action: str, body: Any = None, *, of: str = "procurement") -> Json:
        """Do something to what is at a path as it is now: its ETag says which state is meant."""
        return self.moves_to(path, f"{path}:{action}", body, of=of)

    def moves_to(self, path: str, address: str, body: Any, *, of: str = "procurement") -> Json:
        """Post something about what is at a path as it is now."""
        seen = self.services[of].get(path)
        return self.does("POST", address, body, of=of, headers={"If-Match": seen.headers["ETag"]})

    def puts(self, path: str, address: str, body: Any, *, of: str = "procurement") -> Json:
        """Replace a part of what is at a path as it is now."""
        seen = self.services[of].get(path)
        return self.does("PUT", address, body, of=of, headers={"If-Match": seen.headers["ETag"]})

    def is_refused(self, code: str, method: str, path: str, body: Any = None, **more: Any) -> Json:
        """Send a request that is refused, and return the problem."""
        answer = self.ask(method, path, body, **more)
        problem: Json = answer.json()
        is_("refused", problem.get("code"), code)
        print(f"     {problem['detail']}")
        for error in problem.get("errors", ()):
            print(f"     {error['pointer']}: {error['detail']}")
        return problem

    def sees(self, path: str, *, of: str = "procurement") -> Json:
        """Read what is at a path."""
        answer = self.services[of].get(path)
        if answer.status_code != 200:
            raise DifferentError(f"GET {path}: {answer.status_code} {answer.text}")
        shown: Json = answer.json()
        return shown

    def waits(self, path: str, until: Callable[[Json], bool], *, of: str) -> Json:
        """Read what is at a path until it is so: another service hears of it a moment later."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.services[of].get(path)
            if answer.status_code == 200 and until(answer.json()):
                shown: Json = answer.json()
                return shown
            if time.monotonic() > deadline:
                raise DifferentError(f"GET {path} of {of}: {answer.status_code} {answer.text}")
            time.sleep(0.05)


class Listener:
    """Somebody who hears the events of a service in their order, from now on.

    Those `apart` are put aside: what a service does by itself a moment later comes between any others.
    """

    def __init__(self, person: Person, service: str, *, apart: tuple[str, ...] = ()) -> None:
        self.apart, self.aside = apart, list[Json]()
        self.client = person.services[service]
        self.position = 0
        self.heard: list[Json] = []
        self._listen()
        self.heard.clear()

    def _listen(self) -> None:
        while True:
            answer = self.client.get("/v1/events", params={"after": self.position, "limit": 1000})
            items = answer.raise_for_status().json()["items"]
            if not items:
                return
            for event in (item["event"] for item in items):
                (self.aside if name_of(event) in self.apart else self.heard).append(event)
            self.position = items[-1]["position"]

    def hears(self, subject: str, *names: str) -> list[Json]:
        """Wait for the next events about something, assert which they are, and return them."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self._listen()
            about = [event for event in self.heard if event["subject"] == subject]
            if len(about) >= len(names) or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        is_("events", [name_of(event) for event in about], list(names))
        self.heard = [event for event in self.heard if event["subject"] != subject]
        return about

    def has_heard(self, subject: str, name: str) -> Json:
        """Wait for an event about something that was put aside, and return the first."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self._listen()
            for event in self.aside:
                if (event["subject"], name_of(event)) == (subject, name):
                    print(f"     meanwhile: {name}")
                    return event
            if time.monotonic() > deadline:
                raise DifferentError(f"no {name} about {subject}")
            time.sleep(0.05)
