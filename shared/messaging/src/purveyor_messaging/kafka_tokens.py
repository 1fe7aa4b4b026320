"""Access tokens for Kafka's OAUTHBEARER: got with a client's credentials, kept, and renewed in time."""

from __future__ import annotations

import asyncio
import ssl
import time
from pathlib import Path
from urllib.parse import quote_plus

import httpx
import structlog
from aiokafka.abc import AbstractTokenProvider
from aiokafka.errors import KafkaConnectionError

log = structlog.get_logger(__name__)

ANSWER_SECONDS = 10.0
RENEWED_AT = 0.8
"""Of a token's lifetime: it has to arrive at the broker, whose clock may go before ours."""
LIFETIME_SECONDS = 60
"""Of a token whose issuer does not say."""


class ClientCredentials(AbstractTokenProvider):  # type: ignore[misc]  # aiokafka is untyped
    """Gets tokens at an issuer's token endpoint (RFC 6749, 4.4); one serves every client of the process."""

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        *,
        scope: str | None = None,
        ca_file: Path | None = None,
    ) -> None:
        self._url = url
        self._credentials = (quote_plus(client_id), quote_plus(client_secret))
        self._form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        self._ca_file = ca_file
        self._asking = asyncio.Lock()
        self._token = ""
        self._renew_at = 0.0
        self._expires_at = 0.0

    async def token(self) -> str:
        """Return a token that is valid for a while; raises KafkaConnectionError when none is to be had."""
        async with self._asking:
            now = time.monotonic()
            if now >= self._renew_at:
                try:
                    self._token, lifetime = await self._ask()
                except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
                    if now >= self._expires_at:
                        raise KafkaConnectionError(f"no token from {self._url}: {error!r}") from error
                    log.warning("kafka_token_not_renewed", url=self._url, error=repr(error))
                else:
                    self._renew_at, self._expires_at = now + lifetime * RENEWED_AT, now + lifetime
            return self._token

    async def _ask(self) -> tuple[str, float]:
        verify = ssl.create_default_context(cafile=self._ca_file)
        async with httpx.AsyncClient(timeout=ANSWER_SECONDS, verify=verify) as client:
            response = await client.post(self._url, data=self._form, auth=self._credentials)
        response.raise_for_status()
        answer = response.json()
        return str(answer["access_token"]), float(answer.get("expires_in", LIFETIME_SECONDS))
