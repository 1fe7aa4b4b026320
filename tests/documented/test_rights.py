"""Who may do what is as docs/rights.md says: every operation, for every role and for broken tokens."""

import asyncio
import base64
import hmac
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.documented.served import Served

from purveyor_cli.issuer import AUDIENCE, ISSUER, KEY_ID
from purveyor_contract.roles import SCOPES_OF, Role

RIGHTS = Path(__file__).parents[2] / "docs" / "rights.md"
AT_ONCE = 16
OPERATIONS_A_TOKEN = 5
"""A broken token is tried at one operation of so many, each time at others: one dependency reads them all."""
OPEN = {"/healthz", "/readyz", "/metrics"}

FOR_THE_INVITED = ("/v1/supplier-invitations:accept", "a supplier's without a supplier")
"""The one place that is for those of whom nobody knows yet to which supplier they belong."""

Operation = tuple[str, str, str]
"""Service, method and path."""


@pytest.fixture(scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=AT_ONCE)) as client:
        yield client


@pytest.fixture(scope="module")
async def operations(served: Served, client: httpx.AsyncClient) -> list[Operation]:
    """Every operation that the services document, but for probes and numbers, which are open to all."""
    found = []
    for service, url in served.urls.items():
        paths = (await client.get(f"{url}/openapi.json")).json()["paths"]
        found += [
            (service, method.upper(), path)
            for path, methods in paths.items()
            for method in methods
            if path not in OPEN
        ]
    return sorted(found)


class Asking:
    """Asks for operations with nothing in them: whoever may is told what is missing, and nothing is done."""

    def __init__(self, served: Served, client: httpx.AsyncClient) -> None:
        self.served = served
        self.client = client
        self.turns = asyncio.Semaphore(AT_ONCE)

    async def answer(self, operation: Operation, token: str) -> httpx.Response:
        service, method, path = operation
        known = {"parked_id": "1", "name": "none", "code": "NONE"}
        filled = re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], str(uuid4())), path)
        headers = {"Authorization": f"Bearer {token}"}
        async with self.turns:
            return await self.client.request(
                method,
                self.served.urls[service] + filled,
                headers=headers,
                json=None if method == "GET" else {},
            )

    async def answers(self, asked: Iterable[tuple[Operation, str]]) -> list[httpx.Response]:
        return await asyncio.gather(*(self.answer(operation, token) for operation, token in asked))


@pytest.fixture
def asking(served: Served, client: httpx.AsyncClient) -> Asking:
    return Asking(served, client)


def documented(*marks_of_who_may: str) -> dict[Operation, set[str]]:
    """Read docs/rights.md: the roles that have one of these marks at each operation."""
    found: dict[Operation, set[str]] = {}
    service, roles = "", [str(role) for role in Role]
    for line in RIGHTS.read_text().splitlines():
        if line.startswith("## "):
            service = line.removeprefix("## ")
        elif line.startswith("| `"):
            operation, *marks = (cell.strip() for cell in line.strip("|").split("|"))
            method, path = operation.strip("`").split(" ")
            found[service, method, path] = {
                role for role, mark in zip(roles, marks, strict=True) if mark in marks_of_who_may
            }
    return found


async def test_every_operation_lets_in_whom_the_rights_name_and_nobody_else(
    served: Served, operations: list[Operation], asking: Asking
) -> None:
    rights = documented("✓")
    assert sorted(rights) == operations, "docs/rights.md has a row for each, and no other"
    tokens = {
        role: served.issuer.token(f"{role}-1", role, supplier_id=uuid4() if role is Role.SUPPLIER else None)
        for role in Role
    }
    calls = [(operation, role) for operation in operations for role in Role]
    answers = await asking.answers((operation, tokens[role]) for operation, role in calls)
    wrong = [
        (*operation, str(role), answer.status_code)
        for (operation, role), answer in zip(calls, answers, strict=True)
        if (answer.status_code not in {401, 403}) != (role in rights[operation]) or answer.status_code >= 500
    ]
    counted = Counter("refused" if answer.status_code == 403 else "let in" for answer in answers)
    print(f"{len(operations)} operations × {len(tokens)} roles: {dict(counted)}, {len(wrong)} wrong")
    assert wrong == []


async def test_every_operation_documents_the_scope_and_the_roles_that_the_rights_name(
    served: Served, client: httpx.AsyncClient
) -> None:
    said: dict[Operation, set[str]] = {}
    for service, url in served.urls.items():
        for path, operations in (await client.get(f"{url}/openapi.json")).json()["paths"].items():
            for method, operation in operations.items():
                scopes = {scope for way in operation["security"] for [scope] in way.values()}
                if path in OPEN:
                    assert not scopes
                    continue
                [scope] = scopes
                assert f"`{scope}`" in operation["description"]
                roles = set(operation["x-roles"] or Role) - {Role.SUPPLIER}
                if operation["x-suppliers"]:
                    roles.add(Role.SUPPLIER)
                said[service, method.upper(), path] = {
                    str(role) for role in roles if scope in SCOPES_OF[Role(role)]
                }
    assert said == documented("✓")


async def test_a_suppliers_token_with_every_role_is_let_in_where_a_supplier_is_and_nowhere_else(
    served: Served, operations: list[Operation], asking: Asking
) -> None:
    scopes = set().union(*SCOPES_OF.values())
    token = served.issuer.token("mallory", *Role, scopes=scopes, supplier_id=uuid4())
    answers = await asking.answers((operation, token) for operation in operations)
    let_in = {
        operation
        for operation, answer in zip(operations, answers, strict=True)
        if answer.status_code not in {401, 403}
    }
    assert let_in == {
        operation for operation, roles in documented("✓", "(✓)").items() if Role.SUPPLIER in roles
    }


async def test_every_role_without_any_scope_is_let_in_nowhere(
    served: Served, operations: list[Operation], asking: Asking
) -> None:
    token = served.issuer.token("nora", *(role for role in Role if role is not Role.SUPPLIER), scopes=())
    answers = await asking.answers((operation, token) for operation in operations)
    assert {answer.status_code for answer in answers} == {403}
    assert {answer.json()["code"] for answer in answers} == {"scope_required"}


def broken_tokens(served: Served) -> dict[str, str]:
    """Return tokens of somebody who may do everything, each wrong in one way."""
    now = int(time.time())
    good: dict[str, Any] = {"iss": ISSUER, "aud": AUDIENCE, "sub": "eve", "iat": now, "exp": now + 600}
    good |= {"scope": " ".join(set().union(*SCOPES_OF.values())), "roles": [str(role) for role in Role]}
    del good["roles"][good["roles"].index(Role.SUPPLIER)]
    key, other = served.issuer.key, ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )

    def signed(claims: dict[str, Any], by: Any = key, algorithm: str = "ES256", kid: str = KEY_ID) -> str:
        return jwt.encode(claims, by, algorithm, {"kid": kid})

    def segment(content: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    header, claims, signature = signed(good).split(".")
    without = {name: {key: value for key, value in good.items() if key != name} for name in good}
    return {
        "expired": signed(good | {"exp": now - 3600}),
        "not valid yet": signed(good | {"nbf": now + 3600}),
        "issued in the future": signed(good | {"iat": now + 3600}),
        "for another audience": signed(good | {"aud": "another"}),
        "of another issuer": signed(good | {"iss": "https://issuer.example"}),
        "without expiry": signed(without["exp"]),
        "without audience": signed(without["aud"]),
        "without issuer": signed(without["iss"]),
        "without subject": signed(without["sub"]),
        "signed by another key": signed(good, other),
        "of a key that nobody knows": signed(good, other, kid="unknown"),
        "not signed": signed(good, None, "none"),
        "its signature cut off": f"{header}.{claims}.",
        "its header says none": f"{segment({'alg': 'none', 'kid': KEY_ID})}.{claims}.{signature}",
        "another's claims": f"{header}.{segment(good | {'sub': 'ann'})}.{signature}",
        "a shared secret made of our public key": ".".join(_hmac_signed(segment, good, public)),
        "a supplier's without a supplier": signed(good | {"roles": ["supplier"]}),
        "a supplier who is no id": signed(good | {"supplier_id": "1 OR 1=1"}),
        "roles that are no list": signed(good | {"roles": "admin"}),
        "garbage": "garbage",
        "three dots": "...",
        "a blank": "%20",
    }


def _hmac_signed(segment: Any, claims: dict[str, Any], secret: bytes) -> tuple[str, str, str]:
    """Sign as a verifier would be fooled that took the issuer's public key for a shared secret."""
    head, body = segment({"alg": "HS256", "kid": KEY_ID, "typ": "JWT"}), segment(claims)
    mac = hmac.digest(secret, f"{head}.{body}".encode(), "sha256")
    return head, body, base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


async def test_no_broken_token_opens_any_operation(
    served: Served, operations: list[Operation], asking: Asking
) -> None:
    tokens = broken_tokens(served)
    calls = [
        (operation, kind)
        for number, operation in enumerate(operations)
        for place, kind in enumerate(tokens)
        if (place - number) % len(tokens) in range(0, len(tokens), OPERATIONS_A_TOKEN)
    ]
    assert {operation for operation, _ in calls} == set(operations)
    answers = await asking.answers((operation, tokens[kind]) for operation, kind in calls)
    wrong = [
        (*operation, kind, answer.status_code)
        for (operation, kind), answer in zip(calls, answers, strict=True)
        if (operation[2], kind) != FOR_THE_INVITED
        and (answer.status_code != 401 or answer.json()["code"] not in {"invalid_token", "token_required"})
    ]
    print(f"{len(calls)} of {len(operations)} operations × {len(tokens)} broken tokens: {len(wrong)} let in")
    assert wrong == []
