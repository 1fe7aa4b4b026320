"""Kafka as production has it: certificates on both sides, passwords, tokens, and rights that are missing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from itertools import repeat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaConnectionError, KafkaError
from aiokafka.protocol.admin import CreateAclsRequest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from shared.messaging.tests.orders import Ledger, eventually, stream
from shared.messaging.tests.test_kafka import consuming, saw

from purveyor.http.health import NotReadyError
from purveyor.settings import Settings
from purveyor_cli import kafka
from purveyor_cli.issuer import AUDIENCE, LocalIssuer
from purveyor_cli.kafka import RunningKafka
from purveyor_messaging.kafka import KafkaTransport
from purveyor_messaging.kafka_cluster import KafkaCluster
from purveyor_messaging.kafka_publisher import KafkaPublisher
from purveyor_messaging.kafka_tokens import ClientCredentials

PASSWORD = "a secret of the test"  # noqa: S105  # of keys that live as long as the test
BEARER = "org.apache.kafka.common.security.oauthbearer.OAuthBearer"
READ, WRITE, DESCRIBE = 3, 4, 8
TOPIC, GROUP = 2, 3
LITERAL, ALLOW = 3, 3
"""As Kafka's protocol numbers them."""


@dataclass(frozen=True)
class Authority:
    """Who signs certificates here."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def name(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Toys CA")])

    @property
    def file(self) -> Path:
        return self.folder / "ca.pem"

    def certificate(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, *, ca: bool = False):
        now = datetime.now(UTC)
        address = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(kafka.HOST))])
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
            .add_extension(
                x509.KeyUsage(True, False, False, False, False, ca, ca, False, False), critical=True
            )
            .add_extension(address, critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def publish(self) -> Path:
        own = self.certificate(self.name, self.key.public_key(), ca=True)
        self.file.write_bytes(own.public_bytes(Encoding.PEM))
        return self.file

    def issue(self, name: str) -> tuple[Path, Path]:
        """Return the files of a certificate and its key, which the password opens."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self.certificate(subject, key.public_key())
        files = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        encryption = BestAvailableEncryption(PASSWORD.encode())
        files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
        files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
        (self.folder / f"{name}.p12").write_bytes(
            pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, encryption)
        )
        return files


class TokenEndpoint:
    """An issuer's token endpoint, in a few lines of HTTP."""

    def __init__(self, issuer: LocalIssuer) -> None:
        self.issuer = issuer
        self.asked: list[dict[str, list[str]]] = []
        self.lifetime = timedelta(hours=1)
        self.away = False
        self.url = ""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[TokenEndpoint]:
        server = await asyncio.start_server(self._answer, kafka.HOST, 0)
        self.url = f"http://{kafka.HOST}:{server.sockets[0].getsockname()[1]}/token"
        async with server:
            yield self

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.lower().split(": ", 1) for line in head.strip().split("\r\n")[1:])
        form = parse_qs((await reader.readexactly(int(headers["content-length"]))).decode())
        self.asked.append(form)
        token = self.issuer.token("worker", scopes=["kafka"], lifetime=self.lifetime)
        body = json.dumps({"access_token": token, "expires_in": self.lifetime.total_seconds()})
        status = "503 Away" if self.away or "basic " not in headers["authorization"] else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    authority = Authority(tmp_path_factory.mktemp("authority"))
    authority.publish()
    return authority


@pytest.fixture(scope="module")
def broker(
    authority: Authority, issuer: LocalIssuer, start_kafka: Callable[..., RunningKafka]
) -> Iterator[RunningKafka]:
    """A broker whose listeners ask for passwords, for certificates, for tokens; strangers may do nothing."""
    authority.issue("broker")
    tls = {
        "ssl.keystore.type": "PKCS12",
        "ssl.keystore.location": authority.folder / "broker.p12",
        "ssl.keystore.password": PASSWORD,
        "ssl.key.password": PASSWORD,
        "ssl.truststore.type": "PEM",
        "ssl.truststore.location": authority.file,
        "listener.name.mtls.ssl.client.auth": "required",
        "listener.name.scram.sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "listener.name.scram.scram-sha-512.sasl.jaas.config": (
            "org.apache.kafka.common.security.scram.ScramLoginModule required;"
        ),
        "listener.name.oauth.sasl.enabled.mechanisms": "OAUTHBEARER",
        "listener.name.oauth.oauthbearer.sasl.jaas.config": f"{BEARER}LoginModule required;",
        "listener.name.oauth.oauthbearer.sasl.server.callback.handler.class": (
            f"{BEARER}ValidatorCallbackHandler"
        ),
        "listener.name.oauth.sasl.oauthbearer.jwks.endpoint.url": issuer.jwks_file.as_uri(),
        "listener.name.oauth.sasl.oauthbearer.expected.audience": AUDIENCE,
        "listener.name.oauth.sasl.oauthbearer.expected.issuer": issuer.url,
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS;User:worker;User:CN=worker",
    }
    extras = kafka.Extras(
        listeners={"SCRAM": "SASL_SSL", "MTLS": "SSL", "OAUTH": "SASL_SSL"},
        settings={name: str(value) for name, value in tls.items()},
        users={"worker": PASSWORD, "stranger": PASSWORD},
        java=(
            *kafka.FOR_MINUTES.java,
            f"-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls={issuer.jwks_file.as_uri()}",
        ),
    )
    started = start_kafka(extras)
    yield started
    started.stop()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of secrets, which the environment names."""
    for name in ("KAFKA_PASSWORD", "KAFKA_KEY_PASSWORD", "KAFKA_CLIENT_SECRET"):
        (tmp_path / name).write_text(f"{PASSWORD}\n")
        monkeypatch.setenv(f"PURVEYOR_{name}_FILE", str(tmp_path / name))
    return tmp_path


def settings(broker: RunningKafka, listener: str, **more: Any) -> Settings:
    return Settings(
        database_url="postgresql:///toys",
        oidc_issuer="https://issuer.test",
        kafka_bootstrap_servers=broker.addresses[listener],
        kafka_security_protocol="SSL" if listener == "MTLS" else "SASL_SSL",
        kafka_topic_partitions=2,
        **more,
    )


async def check(cluster: KafkaCluster, database, event, ledger: Ledger) -> None:
    """Publish and consume."""
    key, publisher = str(uuid4()), KafkaPublisher(cluster)
    async with consuming(cluster, database, ledger.consumer):
        await publisher.publish(stream(key, 1, 3, event))
        await eventually(lambda: saw(ledger, database, {key: [1, 2, 3]}))
    await publisher.close()


async def test_a_password_over_tls(broker, authority, files, database, event, ledger):
    scram = settings(broker, "SCRAM", kafka_username="worker", kafka_ca_file=authority.file)
    await check(KafkaCluster.from_settings(scram), database, event, ledger)


async def test_certificates_on_both_sides(broker, authority, files, database, event, ledger):
    certificate, key = authority.issue("worker")
    mutual = {"kafka_certificate_file": certificate, "kafka_key_file": key, "kafka_ca_file": authority.file}
    await check(KafkaCluster.from_settings(settings(broker, "MTLS", **mutual)), database, event, ledger)


async def test_tokens_of_an_issuer(broker, authority, files, issuer, database, event, ledger):
    async with TokenEndpoint(issuer).serving() as endpoint:
        bearer = settings(
            broker,
            "OAUTH",
            kafka_sasl_mechanism="OAUTHBEARER",
            kafka_token_url=endpoint.url,
            kafka_client_id="worker",
            kafka_token_scope="kafka",
            kafka_ca_file=authority.file,
        )
        await check(KafkaCluster.from_settings(bearer), database, event, ledger)
    assert endpoint.asked == [{"grant_type": ["client_credentials"], "scope": ["kafka"]}]


async def test_a_broker_that_somebody_else_signed_is_not_spoken_to(broker, authority, files, tmp_path):
    stranger = Authority(tmp_path)
    stranger.publish()
    scram = settings(broker, "SCRAM", kafka_username="worker", kafka_ca_file=stranger.file)
    with pytest.raises(KafkaConnectionError):
        await KafkaCluster.from_settings(scram).ensure_topics(["toys"])


async def test_a_wrong_password_is_not_let_in(broker, authority, files):
    (files / "KAFKA_PASSWORD").write_text("wrong")
    scram = settings(broker, "SCRAM", kafka_username="worker", kafka_ca_file=authority.file)
    with pytest.raises(KafkaConnectionError):
        await KafkaCluster.from_settings(scram).ensure_topics(["toys"])


def test_files_that_cannot_be_used_are_refused_at_start(broker, authority, files):
    scram = settings(broker, "SCRAM", kafka_username="worker", kafka_ca_file=files / "absent.pem")
    with pytest.raises(ValueError, match="KAFKA_CA_FILE"):
        KafkaCluster.from_settings(scram)
    certificate, key = authority.issue("worker")
    (files / "KAFKA_KEY_PASSWORD").write_text("wrong")
    mutual = settings(broker, "MTLS", kafka_certificate_file=certificate, kafka_key_file=key)
    with pytest.raises(ValueError, match="KAFKA_KEY_FILE"):
        KafkaCluster.from_settings(mutual)


async def allow(broker: RunningKafka, kind: int, name: str, *operations: int) -> None:
    """Give the stranger rights."""
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap_servers)
    await admin.start()
    for operation in operations:
        request = CreateAclsRequest(kind, name, LITERAL, "User:stranger", "*", operation, ALLOW)
        answer = await admin._send_to_controller(request)
        assert [code for code, _ in answer.creation_responses] == [0]
    await admin.close()


async def test_a_transport_without_rights_is_not_ready_and_says_for_which_topic(
    broker, authority, files, database, event, ledger, monkeypatch
):
    monkeypatch.setattr("purveyor_messaging.kafka_member.growing_pauses", lambda: repeat(0.2))
    cluster = KafkaCluster.from_settings(
        settings(broker, "SCRAM", kafka_username="stranger", kafka_ca_file=authority.file)
    )
    stop, transport, key = asyncio.Event(), KafkaTransport(cluster), str(uuid4())
    transport.subscribe(database, ledger.consumer)

    async def says(*words: str) -> bool:
        try:
            await transport.check()
        except NotReadyError as error:
            return bool(words) and all(word in str(error) for word in words)
        return not words

    running = asyncio.create_task(transport.run(stop))
    await eventually(lambda: says(event.topic, "TopicAuthorizationFailedError"))
    await KafkaCluster(broker.bootstrap_servers, topic_partitions=2).ensure_topics([event.topic])
    await allow(broker, TOPIC, event.topic, DESCRIBE)
    await eventually(lambda: says(event.topic, "GroupAuthorizationFailedError"))
    await allow(broker, GROUP, ledger.name, READ)
    await eventually(lambda: says(event.topic, "TopicAuthorizationFailedError"))
    await allow(broker, TOPIC, event.topic, READ)
    await eventually(says)

    with pytest.raises(KafkaError):
        await transport.publish(stream(key, 1, 3, event))
    assert await says(event.topic, "not published")
    await allow(broker, TOPIC, event.topic, WRITE)

    async def published() -> bool:
        with suppress(KafkaError):
            await transport.publish(stream(key, 1, 3, event))
            return True
        return False

    await eventually(published)
    assert await says()
    stop.set()
    await running
    await transport.close()


async def test_a_token_is_kept_renewed_before_it_expires_and_used_while_it_lasts(issuer, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("purveyor_messaging.kafka_tokens.time.monotonic", lambda: now[0])
    async with TokenEndpoint(issuer).serving() as endpoint:
        tokens = ClientCredentials(endpoint.url, "worker", PASSWORD)
        first, *others = await asyncio.gather(*(tokens.token() for _ in range(5)))
        assert others == [first] * 4
        assert len(endpoint.asked) == 1
        now[0] += 3600 * 0.9
        endpoint.away = True
        assert await tokens.token() == first
        now[0] += 3600 * 0.2
        with pytest.raises(KafkaConnectionError, match="no token from"):
            await tokens.token()
        endpoint.away, endpoint.lifetime = False, timedelta(hours=2)
        assert await tokens.token() != first
