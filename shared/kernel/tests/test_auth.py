"""Only whom the issuer vouches for comes in, and only as far as scopes and roles reach."""

import asyncio
import base64
import hmac
import json
import time
from contextlib import asynccontextmanager
from types import SimpleNamespace
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from purveyor import auth
from purveyor.auth import TokenVerifier, principal_from_claims
from purveyor.errors import UnauthorizedError, UnavailableError
from purveyor.testing.contract import CONTRACT, every_route_is_closed
from purveyor.testing.texts import every_text_has_a_kind
from purveyor_contract.roles import Role

ISSUER = "https://issuer.test"


class Keys:
    """An issuer on the other side of HTTP, whose keys can be exchanged."""

    def __init__(self):
        self.fetched = 0
        self.working = True
        self.exchange("first")

    def exchange(self, key_id):
        self.key, self.key_id = ec.generate_private_key(ec.SECP256R1()), key_id

    def token(self, *, key=None, algorithm="ES256", headers=None, without=(), **claims):
        now = int(time.time())
        content = {"iss": ISSUER, "aud": "purveyor", "sub": "bo", "exp": now + 60} | claims
        content = {name: value for name, value in content.items() if name not in without}
        return jwt.encode(content, key or self.key, algorithm, {"kid": self.key_id} | (headers or {}))

    def answer(self, request):
        if not self.working:
            return httpx.Response(500)
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json={"jwks_uri": f"{ISSUER}/keys"})
        assert request.url.path == "/keys"
        self.fetched += 1
        key = json.loads(ECAlgorithm.to_jwk(self.key.public_key())) | {"kid": self.key_id, "alg": "ES256"}
        unusable = {"kty": "OKP", "crv": "Ed448-Goldilocks", "kid": "strange", "x": "AA"}
        return httpx.Response(200, json={"keys": [unusable, key]})


@pytest.fixture
def keys(monkeypatch):
    issuer = Keys()
    transport = httpx.MockTransport(issuer.answer)
    original = httpx.AsyncClient
    monkeypatch.setattr(auth.httpx, "AsyncClient", lambda **options: original(transport=transport, **options))
    return issuer


@pytest.fixture
def verifier():
    return TokenVerifier(ISSUER, "purveyor")


async def refusal(verifier, token):
    with pytest.raises(UnauthorizedError) as caught:
        await verifier.verify(token)
    return str(caught.value)


async def test_a_token_of_the_issuer_is_taken_with_keys_found_by_discovery(keys, verifier):
    principal = await verifier.verify(keys.token(scope="a b", roles=["buyer"], client_id="erp"))
    assert (principal.subject, principal.client) == ("bo", "erp")
    assert principal.scopes == {"a", "b"}
    assert principal.roles == {"buyer"}


async def test_keys_at_a_given_address_need_no_discovery(keys):
    verifier = TokenVerifier(ISSUER, "purveyor", jwks_url=f"{ISSUER}/keys")
    assert (await verifier.verify(keys.token())).subject == "bo"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": 1}, "expired"),
        ({"nbf": int(time.time()) + 3600}, "not yet valid"),
        ({"iss": "https://other.test"}, "issuer"),
        ({"aud": "another-service"}, "Audience"),
        ({"supplier_id": "not-a-uuid"}, "UUID"),
        ({"supplier_id": 7}, "supplier_id"),
        ({"roles": "admin"}, "roles"),
        ({"scope": {"a": 1}}, "scope"),
        ({"without": ["exp"]}, "exp"),
        ({"without": ["sub"]}, "sub"),
        ({"without": ["aud"]}, "aud"),
        ({"without": ["iss"]}, "iss"),
    ],
)
async def test_a_token_with_wrong_claims_is_refused(keys, verifier, claims, reason):
    assert reason in await refusal(verifier, keys.token(**claims))


async def test_a_token_signed_with_another_key_is_refused(keys, verifier):
    stranger = ec.generate_private_key(ec.SECP256R1())
    assert "Signature" in await refusal(verifier, keys.token(key=stranger))


def unsigned(algorithm):
    claims = {"iss": ISSUER, "aud": "purveyor", "sub": "bo", "exp": int(time.time()) + 60}
    return ".".join(
        encoded(json.dumps(content).encode()) for content in ({"alg": algorithm, "kid": "first"}, claims)
    )


def encoded(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


async def test_a_token_that_is_not_signed_is_refused(keys, verifier):
    await refusal(verifier, f"{unsigned('none')}.")


async def test_the_public_key_does_not_serve_as_a_shared_secret(keys, verifier):
    public = keys.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    token = unsigned("HS256")
    signature = encoded(hmac.digest(public, token.encode(), "sha256"))
    assert "alg" in await refusal(verifier, f"{token}.{signature}")


@pytest.fixture
def after(monkeypatch):
    """Let seconds pass for the verifier alone.

    The clock itself is the event loop's too: what runs beside the test would set its timers by it.
    """

    def after(seconds):
        moment = time.monotonic() + seconds
        monkeypatch.setattr(auth, "time", SimpleNamespace(monotonic=lambda: moment, time=time.time))

    return after


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "." * 9, "eyJhbGciOiJFUzI1NiJ9.e30.AA"])
async def test_what_is_no_token_is_refused(keys, verifier, token):
    await refusal(verifier, token)


async def test_unknown_keys_make_the_verifier_look_again_but_not_for_every_token(keys, verifier, after):
    await verifier.verify(keys.token())
    for number in range(5):
        await refusal(verifier, keys.token(headers={"kid": f"made up {number}"}))
    assert keys.fetched == 1

    keys.exchange("second")
    after(auth.JWKS_REFRESH_SECONDS + 1)
    assert (await verifier.verify(keys.token())).subject == "bo"
    assert keys.fetched == 2


async def test_an_issuer_that_does_not_answer_is_no_reason_to_refuse_for_good(keys, verifier, monkeypatch):
    monkeypatch.setattr(auth, "JWKS_RETRY_SECONDS", 0)
    keys.working = False
    with pytest.raises(UnavailableError):
        await verifier.verify(keys.token())
    keys.working = True
    assert (await verifier.verify(keys.token())).subject == "bo"


async def test_a_token_that_was_good_is_refused_once_it_expires(keys, verifier, monkeypatch):
    monkeypatch.setattr(auth, "CLOCK_SKEW_SECONDS", 0)
    token = keys.token(exp=int(time.time()) + 2)
    await verifier.verify(token)
    assert (await verifier.verify(token)).subject == "bo"
    await asyncio.sleep(2.1)
    assert "expired" in await refusal(verifier, token)


async def test_known_keys_outlive_an_issuers_outage(keys, verifier, after):
    token = keys.token(exp=int(time.time()) + 100_000)
    await verifier.verify(token)
    keys.working = False
    after(auth.JWKS_KEPT_SECONDS + 1)
    assert (await verifier.verify(token)).subject == "bo"


async def test_an_issuers_withdrawn_key_is_forgotten_within_minutes(keys, verifier, after):
    token = keys.token(exp=int(time.time()) + 100_000)
    await verifier.verify(token)
    keys.exchange("second")
    after(auth.JWKS_KEPT_SECONDS + 1)
    await refusal(verifier, token)


def test_roles_are_read_from_keycloak_too():
    claims = {"sub": "bo", "azp": "web", "scp": ["a"], "realm_access": {"roles": ["buyer"]}}
    principal = principal_from_claims(claims)
    assert (principal.client, principal.scopes, principal.roles) == ("web", {"a"}, {"buyer"})


def test_a_suppliers_token_sees_its_own_things_only():
    own = uuid4()
    supplier = principal_from_claims({"sub": "s", "supplier_id": str(own)})
    assert supplier.may_see_supplier(own)
    assert not supplier.may_see_supplier(uuid4())
    assert principal_from_claims({"sub": "bo"}).may_see_supplier(own)


@asynccontextmanager
async def calling(app, token):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        yield client


async def test_a_scope_is_not_enough_where_a_role_decides(app, issuer):
    async with calling(app, issuer.token("eve", Role.AUDITOR, scopes=["toy:crates:write"])) as client:
        response = await client.post("/v1/crates", json={"label": "a", "apples": 1})
    assert (response.status_code, response.json()["code"]) == (403, "role_required")


async def test_a_suppliers_token_does_not_decide_for_the_buyer_whatever_roles_it_carries(app, issuer):
    token = issuer.token("eve", Role.BUYER, Role.ADMIN, scopes=["toy:crates:write"], supplier_id=uuid4())
    async with calling(app, token) as client:
        response = await client.post("/v1/crates", json={"label": "a", "apples": 1})
    assert (response.status_code, response.json()["code"]) == (403, "role_required")
    assert response.json()["roles"] == ["buyer"]


async def test_a_refusal_says_how_to_authenticate(app):
    async with calling(app, None) as client:
        response = await client.get("/v1/crates")
    assert (response.status_code, response.json()["code"]) == (401, "token_required")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_suppliers_token_must_say_which_supplier(app, issuer):
    async with calling(app, issuer.token("eve", Role.SUPPLIER, scopes=["toy:crates:write"])) as client:
        response = await client.post("/v1/crates", json={"label": "a", "apples": 1})
    assert (response.status_code, response.json()["code"]) == (401, "invalid_token")
    assert response.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert "supplier_id" in response.json()["detail"]


@pytest.mark.parametrize("known", [True, False])
async def test_a_suppliers_token_that_says_none_is_of_the_supplier_that_the_service_knows(app, issuer, known):
    own, asked = uuid4(), []

    async def supplier_of(subject: str) -> UUID | None:
        asked.append(subject)
        return own if known else None

    app.state.supplier_of = supplier_of
    token = issuer.token("eve", Role.SUPPLIER, scopes=["toy:crates:read", "toy:crates:write"])
    of_another = issuer.token("sue", Role.SUPPLIER, scopes=["toy:crates:write"], supplier_id=uuid4())
    async with calling(app, token) as client:
        response = await client.post("/v1/crates", json={"label": "a", "apples": 1})
    assert response.status_code == (403 if known else 401)
    async with calling(app, of_another) as client:
        assert (await client.post("/v1/crates", json={"label": "a", "apples": 1})).status_code == 403
    assert asked == ["eve"]


# The toy takes texts as they come, to try what becomes of those that no database holds.
@pytest.mark.parametrize("kept", [kept for kept in CONTRACT if kept is not every_text_has_a_kind])
async def test_the_toy_keeps_the_contract_of_every_api(app, issuer, kept):
    await kept(app, issuer)


async def test_a_route_that_is_open_by_mistake_is_found(app, issuer):
    class Gullible:
        async def verify(self, token):
            scopes = ["toy:crates:read", "toy:crates:write"]
            return principal_from_claims({"sub": "anybody", "scope": scopes, "roles": ["buyer"]})

    app.state.token_verifier = Gullible()
    with pytest.raises(AssertionError, match="/v1/crates"):
        await every_route_is_closed(app, issuer)
