"""A request's transaction: committed before the response leaves, its answer kept for its idempotency key."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute

from purveyor.auth import authenticate
from purveyor.db import Connection, Database, Transaction
from purveyor.errors import ConflictError, InvalidError
from purveyor.jobs import Chore
from purveyor.pending import IdempotentResponse

KEPT_HEADERS = ("content-type", "location", "etag")
LONGEST_KEY = 255
KEPT_FOR = timedelta(days=1)
FORGOTTEN_AT_A_TIME = 5_000

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
        raise ConflictError(
            "idempotency_key_in_flight", "A request with this Idempotency-Key is being processed; ask again."
        )


async def open_transaction(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=LONGEST_KEY,
            min_length=1,
            description="The same key and body answer the same response for a day",
        ),
    ] = None,
) -> AsyncIterator[Transaction]:
    """Open the request's transaction, and claim its idempotency key in it."""
    database: Database = request.app.state.database
    caller = await authenticate(request)
    async with database.transaction() as transaction:
        transaction.actor = caller.subject
        transaction.request_id = request.state.request_id
        if idempotency_key is not None and request.method == "POST":
            body = await request.body()
            content = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
            claim = _Claim(caller.client, idempotency_key, hashlib.sha256(content).digest())
            await _claim(transaction.connection, claim)
            request.state.idempotency_claim = claim
        request.state.transaction = transaction
        yield transaction


Tx = Annotated[Transaction, Depends(open_transaction, scope="function")]
"""The request's transaction; `scope="function"` commits it before the response starts."""


class CommandRoute(APIRoute):
    """A route whose answer to an `Idempotency-Key` is kept in the transaction that it speaks of."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the endpoint: remember its answer, or answer as before."""
        handle = super().get_route_handler()

        async def remember(request: Request) -> Response:
            try:
                response = await handle(request)
            except _AnsweredBefore as before:
                return before.response
            claim: _Claim | None = getattr(request.state, "idempotency_claim", None)
            if claim is not None:
                transaction: Transaction = request.state.transaction
                transaction.remember_response(
                    IdempotentResponse(
                        client=claim.client,
                        key=claim.key,
                        fingerprint=claim.fingerprint,
                        status=response.status_code,
                        headers={n: v for n, v in response.headers.items() if n in KEPT_HEADERS},
                        body=bytes(response.body),
                        at=transaction.now,
                    )
                )
            return response

        return remember


async def forget_old_answers(tx: Transaction) -> bool:
    """Delete answers older than a day, some at a time; returns whether there are more."""
    done = await tx.connection.execute(FORGET, tx.now - KEPT_FOR, FORGOTTEN_AT_A_TIME)
    return done == f"DELETE {FORGOTTEN_AT_A_TIME}"


FORGETTING = Chore("forget-idempotent-answers", timedelta(minutes=1), forget_old_answers)
