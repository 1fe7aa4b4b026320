"""Who calls and what they may do: bearer tokens of any OIDC issuer, scopes for clients, roles for people."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any
from uuid import UUID

import httpx
import jwt
import structlog
from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param

from purveyor.errors import (
    FieldError,
    ForbiddenError,
    InvalidError,
    InvalidTokenError,
    UnauthorizedError,
    UnavailableError,
)
from purveyor.quotas import Quotas
from purveyor.settings import Settings
from purveyor.subjects import SubjectCase, one_form

log = structlog.get_logger(__name__)

ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
CLOCK_SKEW_SECONDS = 30
VERIFIED_TOKENS_KEPT = 4096
JWKS_REFRESH_SECONDS = 30
"""How often unknown key ids, which anybody can make up, may send us to the issuer."""
JWKS_RETRY_SECONDS = 1
JWKS_KEPT_SECONDS = 600
"""After this long the keys are read again, so that a withdrawn one is forgotten."""


AUDITOR, ADMIN, SUPPLIER = "auditor", "admin", "supplier"
"""The roles that the kernel itself speaks of; those of the organisation are in its contract."""


SupplierOf = Callable[[str], Awaitable[UUID | None]]
"""For which supplier a subject acts whose token does not say it: `app.state.supplier_of`, where one knows."""


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller."""

    subject: str
    client: str
    scopes: frozenset[str]
    roles: frozenset[str]
    supplier_id: UUID | None = None

    @property
    def is_supplier(self) -> bool:
        """Whether this caller belongs to a supplier, and is shown what suppliers are shown."""
        return self.supplier_id is not None

    @property
    def lacks_supplier(self) -> bool:
        """Whether this caller belongs to a supplier, and nobody has said to which."""
        return SUPPLIER in self.roles and self.supplier_id is None

    def may_see_supplier(self, supplier_id: UUID) -> bool:
        """Whether this caller may see a supplier's things: a supplier's token sees its own only."""
        return self.supplier_id is None or self.supplier_id == supplier_id


def principal_from_claims(claims: Mapping[str, Any], case: SubjectCase = SubjectCase.SENSITIVE) -> Principal:
    """Read a caller from verified claims: `scope` (RFC 9068) or `scp`; `roles` or Keycloak's own claim.

    Raises ValueError for a claim of another type, and UnauthorizedError for a subject that nobody may have.
    """
    scope = claims.get("scope", claims.get("scp", ""))
    realm_access = claims.get("realm_access")
    roles = claims.get("roles")
    if roles is None and isinstance(realm_access, dict):
        roles = realm_access.get("roles")
    supplier_id = claims.get("supplier_id")
    if not isinstance(supplier_id, str | None):
        raise ValueError("the claim supplier_id is not a text")
    subject = _subject(claims["sub"], case)
    return Principal(
        subject=subject,
        client=str(claims.get("client_id", claims.get("azp", subject))),
        scopes=_texts("scope", scope.split() if isinstance(scope, str) else scope),
        roles=_texts("roles", roles or []),
        supplier_id=None if supplier_id is None else UUID(supplier_id),
    )


def _subject(claim: Any, case: SubjectCase) -> str:
    try:
        return one_form(str(claim), case)
    except ValueError as error:
        detail = f"The bearer token is for nobody who may call: {error}."
        raise InvalidTokenError("subject_refused", detail) from error


def _texts(claim: str, values: Any) -> frozenset[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"the claim {claim} is not a list of texts")
    return frozenset(values)


@dataclass(slots=True)
class TokenVerifier:
    """Verifies tokens against an issuer's published keys, fetched once and again for an unknown `kid`."""

    issuer: str
    audience: str
    jwks_url: str | None = None
    jwks: Mapping[str, Any] | None = None
    subject_case: SubjectCase = SubjectCase.SENSITIVE
    _keys: dict[str, jwt.PyJWK] = field(default_factory=dict)
    _fetched_at: float = float("-inf")
    _failed_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _verified: dict[str, tuple[Principal, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the keys that were given instead of a URL."""
        if self.jwks is not None:
            self._keys = _keys_by_id(self.jwks)

    @classmethod
    def from_settings(cls, settings: Settings) -> TokenVerifier:
        """Make the verifier that the settings describe."""
        jwks = None
        if settings.oidc_jwks_file is not None:
            jwks = json.loads(settings.oidc_jwks_file.read_text())
        return cls(
            settings.oidc_issuer,
            settings.oidc_audience,
            settings.oidc_jwks_url,
            jwks,
            settings.auth_subject_case,
        )

    async def known(self, token: str) -> Principal | None:
        """Return the caller whose token was verified before and still holds."""
        if self.jwks is None and time.monotonic() - self._fetched_at > JWKS_KEPT_SECONDS:
            await self._refresh(older_than=JWKS_KEPT_SECONDS)
        known = self._verified.get(token)
        return known[0] if known is not None and known[1] > time.time() else None

    async def verify(self, token: str) -> Principal:
        """Return the caller that a token stands for; raises UnauthorizedError saying what is wrong."""
        known = await self.known(token)
        if known is not None:
            return known
        try:
            key = await self._key(jwt.get_unverified_header(token).get("kid", ""))
            claims = jwt.decode(
                token,
                key,
                algorithms=ALGORITHMS,
                audience=self.audience,
                issuer=self.issuer,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
            principal = principal_from_claims(claims, self.subject_case)
        except (jwt.PyJWTError, ValueError) as error:
            raise InvalidTokenError("invalid_token", f"The bearer token is not valid: {error}.") from error
        if len(self._verified) >= VERIFIED_TOKENS_KEPT:
            del self._verified[next(iter(self._verified))]
        self._verified[token] = (principal, float(claims["exp"]))
        return principal

    async def _key(self, key_id: str) -> jwt.PyJWK:
        if key_id not in self._keys and self.jwks is None:
            await self._refresh(older_than=JWKS_REFRESH_SECONDS)
        try:
            return self._keys[key_id]
        except KeyError:
            raise jwt.InvalidKeyError(f"the issuer has no key {key_id!r}") from None

    async def _refresh(self, older_than: float) -> None:
        """Read the keys again unless they are newer; keys that are known outlive an issuer's outage."""
        async with self._lock:
            now = time.monotonic()
            if now - self._fetched_at <= older_than:
                return
            if now - self._failed_at > JWKS_RETRY_SECONDS:
                try:
                    await self._fetch()
                except (httpx.HTTPError, KeyError, ValueError, jwt.PyJWTError) as error:
                    self._failed_at = now
                    log.warning("issuer_unreachable", issuer=self.issuer, exc_info=error)
                else:
                    self._fetched_at = now
            if not self._keys:
                raise UnavailableError("issuer_unreachable", "The token issuer's keys cannot be read.")

    async def _fetch(self) -> None:
        """Read the issuer's keys, and forget whom the old ones vouched for."""
        async with httpx.AsyncClient(timeout=5) as client:
            url = self.jwks_url
            if url is None:
                discovery = await client.get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                discovery.raise_for_status()
                url = discovery.json()["jwks_uri"]
            response = await client.get(url)
            response.raise_for_status()
            self._keys = _keys_by_id(response.json())
            self._verified.clear()


def _keys_by_id(jwks: Mapping[str, Any]) -> dict[str, jwt.PyJWK]:
    return {key.key_id or "": key for key in jwt.PyJWKSet.from_dict(dict(jwks)).keys}


async def authenticate(request: Request) -> Principal:
    """Return who calls, verified and counted once a request.

    Raises UnauthorizedError without a valid token, and TooManyRequestsError for one request too many.
    """
    known: Principal | None = getattr(request.state, "principal", None)
    if known is not None:
        return known
    scheme, token = get_authorization_scheme_param(request.headers.get("Authorization"))
    if scheme.lower() != "bearer" or not token:
        raise UnauthorizedError("token_required", "Send an access token: Authorization: Bearer <token>.")
    verifier: TokenVerifier = request.app.state.token_verifier
    quotas: Quotas = request.app.state.quotas
    principal = await verifier.known(token)
    if principal is None:
        quotas.expect_few_failures(request.scope)
        try:
            principal = await verifier.verify(token)
        except UnauthorizedError:
            quotas.note_failure(request.scope)
            raise
    quotas.admit_caller(request.scope, principal.client, principal.subject)
    supplier_of: SupplierOf | None = request.app.state.supplier_of
    if principal.lacks_supplier and supplier_of is not None:
        principal = replace(principal, supplier_id=await supplier_of(principal.subject))
    request.state.principal = principal
    return principal


Caller = Annotated[Principal, Depends(authenticate)]


class Requires(SecurityBase):
    """What a route demands of its caller: a scope of the client and, where given, one of these roles.

    It is the security scheme itself, not a dependency on one: every dependency costs each request.
    """

    model = HTTPBearer(description="An OAuth 2 access token of the configured OIDC issuer")
    scheme_name = "bearer"

    def __init__(self, scope: str, roles: tuple[str, ...], suppliers_too: bool, of_none_yet: bool) -> None:
        self.scope = scope
        self.roles = roles
        self.suppliers_too = suppliers_too or SUPPLIER in roles
        self.of_none_yet = of_none_yet

    async def __call__(self, request: Request) -> Principal:
        """Return the caller; raises ForbiddenError naming what is missing."""
        caller = await authenticate(request)
        if caller.lacks_supplier and not self.of_none_yet:
            raise InvalidTokenError(
                "invalid_token",
                "The bearer token is not valid: a supplier's token must carry the claim supplier_id, or its "
                "subject have accepted an invitation.",
            )
        if self.scope not in caller.scopes:
            raise ForbiddenError(
                "scope_required", f"The token lacks the scope {self.scope}.", scope=self.scope
            )
        outsider = caller.is_supplier and not self.suppliers_too
        if outsider and not self.roles:
            raise ForbiddenError("not_for_suppliers", "This is not shown to suppliers.")
        if self.roles and (outsider or not caller.roles.intersection(self.roles)):
            raise ForbiddenError(
                "role_required", f"This needs one of the roles {', '.join(self.roles)}.", roles=self.roles
            )
        return caller


def refuse_to_suppliers(by: Principal, **asked: object) -> None:
    """Raise InvalidError naming each query parameter by which a supplier asks for what it is not shown."""
    given = [name for name, value in asked.items() if value is not None]
    if by.is_supplier and given:
        raise InvalidError(
            "not_for_suppliers",
            "Suppliers find what is theirs without asking for what is not shown to them.",
            errors=[FieldError(f"/query/{name}", "Leave it out.") for name in given],
        )


def requires(scope: str, *roles: str, suppliers_too: bool = False, of_none_yet: bool = False) -> Any:
    """Declare what a route demands of its caller; stands in an `Annotated[Principal, …]`.

    Suppliers are let in where their role is named, or where a route for readers says `suppliers_too`: it
    then shows them their own things only, in a model of theirs wherever ours says more than they may know.
    `of_none_yet` lets in their people, too, of whom nobody knows yet to which supplier they belong.
    """
    return Depends(Requires(scope, tuple(map(str, roles)), suppliers_too, of_none_yet))


async def public() -> None:
    """Declare a route open to everybody: `dependencies=[Depends(public)]`."""
