"""A request's transaction: committed before the response leaves, its answer kept for its idempotency key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from purveyor.auth import Principal, authenticate
from purveyor.db import Connection, Database, Transaction
from purveyor.errors import InFlightError, InvalidError
from purveyor.http.headers import expect_as_promised, promised
from purveyor.http.lists import sparse
from purveyor.http.personal import shown_by
from purveyor.http.preconditions import IF_MATCH, sign_what_was_read
from purveyor.http.turns import Turns
from purveyor.jobs import Chore
from purveyor.pending import Journal, as_json
from purveyor.security import SecurityRecords
from purveyor.settings import Settings
from purveyor.texts import HeaderKey, comparable

IDEMPOTENCY_KEY = "Idempotency-Key"
KEPT_HEADERS = ("content-type", "location", "etag")
READING = frozenset({"GET", "HEAD"})
KEPT_FOR = timedelta(days=1)
FORGOTTEN_AT_A_TIME = 5_000

ANSWERS = Journal(
    "idempotency_record",
    {
        "client": "text",
        "key": "text",
        "fingerprint": "bytea",
        "status": "integer",
        "headers": "jsonb",
        "body": "bytea",
        "at": "timestamptz",
    },
)
"""The answers to requests with an `Idempotency-Key`, kept for a day."""

CLAIM = """
SELECT pg_try_advisory_xact_lock(hashtextextended($1 || E'\\n' || $2, 0)) AS claimed,
       r.fingerprint, r.status, r.headers, r.body
FROM (SELECT) AS one LEFT JOIN idempotency_record r ON r.client = $1 AND r.key = $2
"""


FORGET = """
DELETE FROM idempotency_record WHERE (client, key) IN (
  SELECT client, key FROM idempotency_record WHERE at < $1 ORDER BY at LIMIT $2 FOR UPDATE SKIP LOCKED
)
"""


class _AnsweredBefore(Exception):  # noqa: N818  # a way out of the endpoint, not an error
    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class _Claim:
    client: str
    key: str
    fingerprint: bytes


async def _claim(connection: Connection, claim: _Claim) -> None:
    """Take a key for this transaction, or answer as before; raises ConflictError while another has it."""
    row = await connection.fetchrow(CLAIM, claim.client, claim.key)
    assert row is not None  # noqa: S101  # one row by construction
    if row["fingerprint"] is not None:
        if row["fingerprint"] != claim.fingerprint:
            raise InvalidError(
                "idempotency_key_reused",
                "This Idempotency-Key was used for another request; send a new key with a new request.",
            )
        headers = dict(row["headers"]) | {"Idempotent-Replayed": "true"}
        raise _AnsweredBefore(Response(row["body"], row["status"], headers))
    if not row["claimed"]:
        raise InFlightError


async def open_transaction(
    request: Request,
    idempotency_key: Annotated[
        HeaderKey | None,
        Header(
            alias=IDEMPOTENCY_KEY,
            description="The same key and body answer the same response for a day",
        ),
    ] = None,
) -> Transaction:
    """Open the request's transaction, which its route ends, and claim its idempotency key in it.

    Before it, all of the body is there and the caller may do this (`TransactionRoute`): who is slow, or has
    no right, holds no connection, and is given no answer that was stored.
    """
    database: Database = request.app.state.database
    caller = await authenticate(request)
    body = await request.body() if request.method == "POST" else b""
    transactions: AsyncExitStack = request.state.transactions
    reading = request.method in READING
    if not reading and request.path_params:
        turns: Turns = request.app.state.turns
        name, value = next(iter(request.path_params.items()))
        await transactions.enter_async_context(turns.take(f"{name}={_one_spelling(value)}"))
    transaction = await transactions.enter_async_context(database.transaction(reading=reading))
    key = idempotency_key if request.method == "POST" else None
    await begin(transaction, request, caller, key, body)
    return transaction


async def begin(
    transaction: Transaction, request: Request, caller: Principal, key: str | None, body: bytes
) -> None:
    """Say who acts in a request's transaction, and claim its idempotency key, or answer as before.

    `body` is the request's, or a digest of one that is never in memory as a whole.
    """
    transaction.actor = caller.subject
    transaction.request_id = request.state.request_id
    request.state.transaction = transaction
    if key is not None:
        content = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
        settings: Settings = request.app.state.context.settings
        fingerprint = _fingerprint(settings.fingerprint_key, content + body)
        claim = _Claim(_caller_of_key(caller), key, fingerprint)
        await _claim(transaction.connection, claim)
        request.state.idempotency_claim = claim


def _fingerprint(key: bytes, request: bytes) -> bytes:
    """Return what tells two requests apart; with a key nobody who reads it can try what was said."""
    return hmac.digest(key, request, "sha256") if key else hashlib.sha256(request).digest()


def _one_spelling(value: str) -> str:
    """Return an id as it is written by us: who spells it otherwise takes the same turn."""
    try:
        return str(UUID(value))
    except ValueError:
        return str(int(value)) if value.isdecimal() else comparable(value.strip())


Tx = Annotated[Transaction, Depends(open_transaction)]
"""The request's transaction, in the routes of a TransactionRoute."""


async def end_reading(request: Request) -> None:
    """End the transaction of a request that reads, before what takes long and needs no connection."""
    if request.method not in READING:
        raise RuntimeError("what changes is committed with its answer")
    transactions: AsyncExitStack = request.state.transactions
    await transactions.aclose()


class TransactionRoute(APIRoute):
    """A route that commits its transaction before its response starts, with the answer to a key in it.

    It does what a `yield` dependency of scope "function" would do, at a fraction of the cost a request.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the endpoint: end its transaction, and remember its answer, or answer as before.

        FastAPI meets dependencies in the order in which they are written: the transaction comes last.
        """
        self.dependant.dependencies.sort(key=lambda dependency: dependency.call is open_transaction)
        handle = super().get_route_handler()
        shown = shown_by(self.response_model)
        fields = promised(
            self.responses,
            self.status_code or 200,
            of_a_version=any(field.alias == IF_MATCH for field in self.dependant.header_params),
        )

        async def in_transaction(request: Request) -> Response:
            try:
                async with AsyncExitStack() as transactions:
                    request.state.transactions = transactions
                    response = sparse(request, await handle(request))
                    expect_as_promised(response, fields)
                    claim: _Claim | None = getattr(request.state, "idempotency_claim", None)
                    if claim is not None:
                        body: bytes = getattr(request.state, "kept_body", bytes(response.body))
                        _remember(request.state.transaction, claim, response, body)
            except _AnsweredBefore as before:
                response = before.response
            location = response.headers.get("location")
            if location is not None:
                settings: Settings = request.app.state.context.settings
                response.headers["location"] = f"{settings.public_path}{location}"
            if request.method == "GET":
                sign_what_was_read(response)
            if shown is not None:
                security: SecurityRecords = request.app.state.security
                security.note_read(request, shown)
            return response

        return in_transaction


def _caller_of_key(caller: Principal) -> str:
    """Return whose keys these are: no other client, supplier and subject make the same text.

    A supplier's people are answered a view of theirs, whatever subject and client they share with ours.
    """
    client = caller.client.replace("%", "%25").replace(" ", "%20")
    of_supplier = "" if caller.supplier_id is None else f"%/{caller.supplier_id}"
    return f"{client}{of_supplier} {caller.subject}"


async def hand_key_over(request: Request, caller: Principal) -> None:
    """Let a request's idempotency key be that of who its caller is from now on, by what it just did.

    Who acts for a supplier since this request is another owner of keys when it is sent again; who does not
    act for it any more is that owner no more, and is given no answer of before.
    """
    claim: _Claim | None = getattr(request.state, "idempotency_claim", None)
    if claim is not None:
        claim = replace(claim, client=_caller_of_key(caller))
        transaction: Transaction = request.state.transaction
        await _claim(transaction.connection, claim)
        request.state.idempotency_claim = claim


def shown_once(request: Request, kept: BaseModel) -> None:
    """Keep another answer for a repeated request than it is given now: without what is told one time only."""
    request.state.kept_body = kept.model_dump_json().encode()


def _remember(transaction: Transaction, claim: _Claim, response: Response, body: bytes) -> None:
    """Keep the answer to an `Idempotency-Key` with the state that it speaks of."""
    headers = as_json({name: value for name, value in response.headers.items() if name in KEPT_HEADERS})
    answer = (response.status_code, headers, body, transaction.now)
    transaction.append(ANSWERS, (claim.client, claim.key, claim.fingerprint, *answer))


async def forget_old_answers(tx: Transaction) -> bool:
    """Delete answers older than a day, some at a time; returns whether there are more."""
    done = await tx.connection.execute(FORGET, tx.now - KEPT_FOR, FORGOTTEN_AT_A_TIME)
    return done == f"DELETE {FORGOTTEN_AT_A_TIME}"


FORGETTING = Chore("forget-idempotent-answers", timedelta(minutes=1), forget_old_answers)
