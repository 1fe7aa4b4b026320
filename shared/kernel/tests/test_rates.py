"""Quotas: what they grant, what comes back with time, and what a caller is told of it."""

import httpx
import pytest
from toy_service.api import router

from purveyor.http.app import build_app
from purveyor.http.serve import server_config
from purveyor.quotas import neighbour
from purveyor.rates import KEYS_KEPT, Meter, Quota, TooManyRequestsError
from purveyor.service import ServiceContext
from purveyor_contract.roles import Role

QUOTA = Quota("caller", 5, 10)


class Hand:
    """The hand of a clock that a test moves."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def hand():
    return Hand()


@pytest.fixture
def meter(hand):
    return Meter(QUOTA, "Too much.", hand)


def test_a_quota_can_be_used_at_once_and_no_more(meter):
    assert [meter.use("bo").remaining for _ in range(5)] == [4, 3, 2, 1, 0]
    with pytest.raises(TooManyRequestsError) as refused:
        meter.use("bo")
    assert refused.value.headers == {"Retry-After": "2"}
    assert refused.value.extensions == {"violated-policies": ["caller"]}
    assert meter.use("ann").remaining == 4


def test_a_quota_comes_back_with_time_and_never_grows_beyond_itself(meter, hand):
    for _ in range(5):
        meter.use("bo")
    hand.now += 2
    assert meter.use("bo").remaining == 0
    hand.now += 4
    standing = meter.use("bo")
    assert (standing.remaining, standing.whole_in) == (1, pytest.approx(8))
    hand.now += 100_000
    assert meter.use("bo").remaining == 4


def test_what_is_refused_uses_nothing(meter, hand):
    for _ in range(5):
        meter.use("bo")
    for _ in range(100):
        meter.note("bo")
        with pytest.raises(TooManyRequestsError):
            meter.expect("bo")
    hand.now += 2
    meter.expect("bo")


def test_made_up_keys_fill_no_memory(meter):
    for number in range(KEYS_KEPT + 500):
        meter.use(number)
    assert len(meter._whole_at) == KEYS_KEPT


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("/run/socket", "/run/socket"),
    ],
)
def test_an_address_is_counted_with_those_that_its_owner_has_too(host, counted):
    assert neighbour(host) == counted


@pytest.fixture
async def serve(toy):
    """Serve the toy service with other settings."""
    contexts = []

    def serve(**changed):
        settings = toy.settings.model_copy(update=changed)
        context = ServiceContext.create("toy-service", settings)
        contexts.append(context)
        config = server_config(build_app(context, [router], title="Toy", description=""), settings, "", 1)
        config.load()
        return config.loaded_app

    yield serve
    for context in contexts:
        await context.database.close()


def from_address(app, address="192.0.2.7", **headers):
    transport = httpx.ASGITransport(app, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers)


async def test_an_answer_says_what_is_left(serve, issuer):
    app = serve(rate_limit_caller=7, rate_limit_address=90)
    bearer = f"Bearer {issuer.token('bo', Role.BUYER, scopes=['toy:crates:read'])}"
    async with from_address(app, Authorization=bearer) as client:
        answer = await client.get("/v1/crates")
        assert answer.headers["ratelimit-policy"] == '"address";q=90;w=10, "caller";q=7;w=10'
        assert answer.headers["ratelimit"] == '"address";r=89;t=1, "caller";r=6;t=2'
        probe = await client.get("/healthz")
        assert "ratelimit" not in probe.headers


async def test_a_caller_who_asks_too_often_is_told_when_to_ask_again(serve, issuer):
    app = serve(rate_limit_caller=3)
    scopes = ["toy:crates:read"]
    tokens = [issuer.token("bo", Role.BUYER, scopes=scopes) for _ in range(4)]
    statuses = []
    for number, token in enumerate(tokens):
        async with from_address(app, f"192.0.2.{number}", Authorization=f"Bearer {token}") as client:
            statuses.append((await client.get("/v1/crates")).status_code)
            refused = await client.get("/v1/crates")
    assert statuses == [200, 200, 429, 429]
    assert refused.headers["retry-after"] == "4"
    assert refused.json()["code"] == "too_many_requests"
    assert refused.json()["violated-policies"] == ["caller"]
    other = issuer.token("ann", Role.BUYER, scopes=scopes)
    async with from_address(app, Authorization=f"Bearer {other}") as client:
        assert (await client.get("/v1/crates")).status_code == 200


async def test_an_address_that_asks_too_often_is_refused_whoever_it_says_it_is(serve):
    app = serve(rate_limit_address=3)
    async with from_address(app) as client:
        statuses = [(await client.get("/v1/crates")).status_code for _ in range(4)]
        assert statuses == [401, 401, 401, 429]
        assert (await client.get("/readyz")).status_code == 200
    async with from_address(app, "192.0.2.8") as client:
        assert (await client.get("/v1/crates")).status_code == 401


async def test_an_address_that_tries_tokens_is_refused_before_they_are_verified(serve, issuer):
    app = serve(rate_limit_failed_tokens=3)
    good = issuer.token("bo", Role.BUYER, scopes=["toy:crates:read"])
    async with from_address(app) as client:
        known = await client.get("/v1/crates", headers={"Authorization": f"Bearer {good}"})
        assert known.status_code == 200
        statuses = [
            (await client.get("/v1/crates", headers={"Authorization": f"Bearer guess-{n}"})).status_code
            for n in range(5)
        ]
        assert statuses == [401, 401, 401, 429, 429]
        known = await client.get("/v1/crates", headers={"Authorization": f"Bearer {good}"})
        assert known.status_code == 200


@pytest.mark.parametrize(
    ("trusted", "last"), [("", 429), ("10.0.0.0/8", 401), ("10.0.0.1, 10.1.0.0/16", 401)]
)
async def test_only_a_trusted_proxy_says_who_the_client_is(serve, trusted, last):
    app = serve(rate_limit_address=3, trusted_proxies=trusted)
    for number in range(4):
        forwarded = {"X-Forwarded-For": f"10.9.9.9, 192.0.2.{number}"}
        async with from_address(app, "10.0.0.1", **forwarded) as client:
            status = (await client.get("/v1/crates")).status_code
    assert status == last


async def test_a_quota_of_zero_is_none(serve):
    app = serve(rate_limit_address=0, rate_limit_caller=0, rate_limit_failed_tokens=0)
    async with from_address(app, Authorization="Bearer guess") as client:
        answer = await client.get("/v1/crates")
    assert answer.status_code == 401
    assert "ratelimit" not in answer.headers
