"""What a process is told, by its environment and in files; what is wrong with it is said in a sentence."""

import asyncpg
import pytest
from pydantic import SecretStr, ValidationError

from purveyor import postgres
from purveyor.settings import Settings

ISSUER = "https://issuer.test"


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    monkeypatch.setenv("PURVEYOR_OIDC_ISSUER", ISSUER)
    return monkeypatch


def test_a_secret_is_read_from_the_file_that_the_environment_names(environment, tmp_path):
    for name, content in {"DATABASE_URL": "postgresql://u:p@host/name\n", "KAFKA_PASSWORD": "secret"}.items():
        (tmp_path / name).write_text(content)
        environment.setenv(f"PURVEYOR_{name}_FILE", str(tmp_path / name))
    settings = Settings()
    assert settings.database_url.get_secret_value() == "postgresql://u:p@host/name"
    assert settings.kafka_password.get_secret_value() == "secret"


def test_every_secret_can_come_from_a_file(environment, tmp_path):
    secrets = [
        name
        for name, field in Settings.model_fields.items()
        if SecretStr in (field.annotation, *getattr(field.annotation, "__args__", ()))
    ]
    assert {"database_url", "kafka_password"} <= set(secrets)
    for name in secrets:
        (tmp_path / name).write_text("postgresql://host.of.a.long.name/name")
        environment.setenv(f"PURVEYOR_{name.upper()}_FILE", str(tmp_path / name))
    settings = Settings()
    told = {getattr(settings, name).get_secret_value() for name in secrets}
    assert told == {"postgresql://host.of.a.long.name/name"}


@pytest.mark.parametrize(("content", "sentence"), [(None, "cannot be read"), ("x", "both set")])
def test_a_secret_told_twice_or_in_no_file_is_refused(environment, tmp_path, content, sentence):
    path = tmp_path / "password"
    environment.setenv("PURVEYOR_DATABASE_URL", "postgresql://host/name")
    environment.setenv("PURVEYOR_KAFKA_PASSWORD_FILE", str(path))
    if content is not None:
        path.write_text(content)
        environment.setenv("PURVEYOR_KAFKA_PASSWORD", "y")
    with pytest.raises(ValueError, match=sentence):
        Settings()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p@host/name?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c.pem&sslkey=/k.pem",
        "postgres://host:5432,standby:5433/name?target_session_attrs=primary",
        "postgresql+asyncpg:///name?host=/run/postgresql",
    ],
)
def test_a_database_is_named_as_libpq_names_it(url):
    assert postgres.checked_url(url).startswith("postgresql://")
    assert postgres.checked_url(url).partition("?")[2] == url.partition("?")[2]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://host/name", "must begin with postgresql://"),
        ("host/name", "must begin with postgresql://"),
        ("postgresql://host/name?ssl_mode=require", "ssl_mode: not understood"),
        ("postgresql://host/name?connect_timeout=5", "connect_timeout: not understood"),
    ],
)
def test_a_url_that_is_not_understood_is_refused_with_what_would_be(url, sentence):
    with pytest.raises(ValidationError, match=sentence):
        Settings(database_url=url)


async def test_the_certificates_of_a_url_are_used(toy_database, tmp_path):
    missing = tmp_path / "ca.pem"
    separator = "&" if "?" in toy_database else "?"
    url = f"{toy_database}{separator}sslmode=verify-full&sslrootcert={missing}"
    with pytest.raises((OSError, asyncpg.ClientConfigurationError)) as refused:
        await postgres.connect(url, {}, command_timeout=None)
    assert "ca.pem" in str(refused.value) or isinstance(refused.value, FileNotFoundError)


async def test_a_pooler_that_forgets_what_it_was_told_is_refused_in_a_sentence(toy_database, monkeypatch):
    direct = asyncpg.connect

    async def through_a_pooler(url, *, server_settings, **options):
        kept = {name: value for name, value in server_settings.items() if name == "application_name"}
        return await direct(url, server_settings=kept, **options)

    told = {"application_name": "test", "transaction_timeout": "30000"}
    with (  # noqa: PT012
        monkeypatch.context() as patched,
        pytest.raises(postgres.PoolerError, match=r"PgBouncer does not.*lost: transaction_timeout"),
    ):
        patched.setattr(asyncpg, "connect", through_a_pooler)
        await postgres.connect(toy_database, told, command_timeout=None)


async def test_a_pooler_that_refuses_what_it_is_told_is_refused_in_the_same_sentence(
    toy_database, monkeypatch
):
    async def through_a_pooler(url, **options):
        raise asyncpg.ProtocolViolationError("unsupported startup parameter: transaction_timeout")

    with (  # noqa: PT012
        monkeypatch.context() as patched,
        pytest.raises(postgres.PoolerError, match=r"PgBouncer does not.*unsupported startup parameter"),
    ):
        patched.setattr(asyncpg, "connect", through_a_pooler)
        await postgres.connect(toy_database, {"transaction_timeout": "30000"}, command_timeout=None)


@pytest.mark.parametrize(
    ("told", "lacking"),
    [
        ({"KAFKA_SECURITY_PROTOCOL": "SASL_SSL"}, "KAFKA_USERNAME, PURVEYOR_KAFKA_PASSWORD"),
        (
            {"KAFKA_SECURITY_PROTOCOL": "SASL_SSL", "KAFKA_SASL_MECHANISM": "OAUTHBEARER"},
            "KAFKA_TOKEN_URL, PURVEYOR_KAFKA_CLIENT_ID, PURVEYOR_KAFKA_CLIENT_SECRET",
        ),
        ({"KAFKA_SECURITY_PROTOCOL": "SSL", "KAFKA_CERTIFICATE_FILE": "/c.pem"}, "KAFKA_KEY_FILE"),
    ],
)
def test_a_login_to_kafka_that_is_half_told_is_refused(environment, told, lacking):
    environment.setenv("PURVEYOR_DATABASE_URL", "postgresql://host/name")
    for name, value in told.items():
        environment.setenv(f"PURVEYOR_{name}", value)
    with pytest.raises(ValueError, match=f"Kafka's login lacks PURVEYOR_{lacking}"):
        Settings()
