"""Settings that every service has; all come from the environment and are checked at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from purveyor.postgres import checked_url
from purveyor.secret_files import PREFIX, SecretFiles
from purveyor.subjects import SubjectCase

SHORTEST_KEY = 32


class Settings(BaseSettings):
    """Settings of a service; a service adds its own in a subclass with its own prefix-free names.

    Every secret can also be given as a file, `…_FILE`.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    retired: ClassVar[Mapping[str, str]] = {}
    """Names that are no settings any more, and what has taken the place of each."""

    database_url: SecretStr = Field(
        description="PostgreSQL 17 or later, as libpq writes it: postgresql://user:password@host/name?sslmode=…"
    )
    migration_database_url: SecretStr | None = Field(
        default=None, description="The same database as the role that owns its tables, for `purveyor migrate`"
    )
    sealing_database_url: SecretStr | None = Field(
        default=None, description="The same database as the role that seals the audit trail, for workers"
    )
    database_pool_size: int = Field(default=16, ge=1, le=200, description="Connections a process writes on")
    database_read_pool_size: int = Field(
        default=6, ge=1, le=200, description="Connections that an API reads on, beside those"
    )
    transaction_timeout: timedelta = Field(
        default=timedelta(seconds=30),
        description="Bounds every transaction but its commit; after it a gap in the outbox is looked into",
    )
    statement_timeout: timedelta = Field(
        default=timedelta(seconds=8),
        description="Bounds every statement, and the wait for a database that answers nothing",
    )
    lock_timeout: timedelta = Field(
        default=timedelta(seconds=3), description="Bounds the wait for a row that another transaction has"
    )
    schemas_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s?#]+/$",
        description="What the `dataschema` of events begins with: `https://…/schemas/` of any service",
    )
    public_path: str = Field(
        default="",
        pattern=r"^(/[A-Za-z0-9._~-]+)*$",
        description="Where a gateway has this service, such as `/procurement`; stands before each `Location`",
    )
    problems_url: str = Field(
        default="/problems",
        pattern=r"^(https?://[^\s?#]+)?/[^\s?#]*$",
        description="Where the page of problems is read, which the `type` of a problem names a place on: "
        "by default at the service, or `https://…/problems` where a gateway has another address for it",
    )
    kafka_bootstrap_servers: str | None = Field(default=None, description="host:port[,host:port]")
    kafka_security_protocol: str = Field(
        default="PLAINTEXT",
        pattern="^(PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)$",
        description="As Kafka names it",
    )
    kafka_sasl_mechanism: str = Field(
        default="SCRAM-SHA-512",
        pattern="^(PLAIN|SCRAM-SHA-256|SCRAM-SHA-512|OAUTHBEARER)$",
        description="With SASL",
    )
    kafka_username: str | None = Field(default=None, description="With SASL but OAUTHBEARER")
    kafka_password: SecretStr | None = Field(default=None, description="With SASL but OAUTHBEARER")
    kafka_token_url: str | None = Field(default=None, description="Where OAUTHBEARER gets its tokens")
    kafka_client_id: str | None = Field(default=None, description="With OAUTHBEARER")
    kafka_client_secret: SecretStr | None = Field(default=None, description="With OAUTHBEARER")
    kafka_token_scope: str | None = Field(
        default=None, description="What its tokens are asked for, if needed"
    )
    kafka_token_ca_file: Path | None = Field(
        default=None, description="Who signed the token endpoint's certificate, if not the system knows"
    )
    kafka_ca_file: Path | None = Field(
        default=None, description="Who signed the brokers' certificates, with SSL"
    )
    kafka_certificate_file: Path | None = Field(
        default=None, description="Our own certificate, with SSL where brokers ask for one"
    )
    kafka_key_file: Path | None = Field(default=None, description="The key of that certificate")
    kafka_key_password: SecretStr | None = Field(default=None, description="Of that key, if it has one")
    kafka_session_timeout: timedelta = Field(
        default=timedelta(seconds=15),
        description="After so much silence a consumer's partitions go to others; brokers bound it",
    )
    kafka_prefix: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9._-]{0,100}$",
        description="Before the names of topics and groups, so that environments share brokers: `test.`",
    )
    kafka_topic_partitions: int = Field(default=12, ge=1, description="Of topics that a worker creates")
    kafka_replication_factor: int = Field(default=1, ge=1, description="Of topics that a worker creates")
    worker_instance: str | None = Field(
        default=None,
        description="Survives restarts, as a StatefulSet's pod name: they then move no partitions",
    )
    oidc_issuer: str = Field(description="The `iss` that tokens must carry")
    oidc_audience: str = Field(default="purveyor", description="The `aud` that tokens must carry")
    oidc_jwks_url: str | None = Field(
        default=None, description="Where the issuer's keys are; found by OIDC discovery when absent"
    )
    oidc_jwks_file: Path | None = Field(default=None, description="A key set on disk instead of a URL")
    auth_subject_case: SubjectCase = Field(
        default=SubjectCase.SENSITIVE,
        description="Whether subjects that differ in capitals are two people; in all services alike",
    )
    policies_need_two: bool = Field(
        default=True,
        description="Whether a policy that one person proposes holds once another approved it",
    )
    max_body_bytes: int = Field(default=1_048_576, ge=1024, description="Of a request that is not a stream")
    max_file_bytes: int = Field(
        default=26_214_400, ge=1024, le=1_073_741_824, description="Of a file that somebody sends"
    )
    max_uploads: int = Field(
        default=8, ge=1, description="Files that a process takes in at once; each waits in /tmp meanwhile"
    )
    files: str = Field(
        default="file:///var/lib/purveyor/files",
        pattern=r"^(file:///[^?#]*|s3://[^/?#]+(/[^?#]*)?)$",
        description="Where files are kept: file:///folder, for all processes of a service the same one, or "
        "s3://bucket/prefix",
    )
    files_endpoint: str | None = Field(
        default=None, pattern=r"^https?://[^?#]+$", description="Where S3 is, if not at Amazon"
    )
    files_region: str | None = Field(default=None, description="Of S3; else AWS_REGION")
    files_access_key_id: str | None = Field(
        default=None, description="For S3; else what AWS_… says, or the machine's own identity"
    )
    files_secret_access_key: SecretStr | None = Field(default=None, description="Of that key")
    max_bulk_line_bytes: int = Field(default=262_144, ge=1024, description="Of one row of a bulk request")
    bulk_jobs_kept: timedelta = Field(
        default=timedelta(days=7), gt=timedelta(), description="Bulk jobs and their results, after their end"
    )
    header_timeout: timedelta = Field(
        default=timedelta(seconds=10),
        gt=timedelta(),
        description="For the headers of a request, from its connection's opening or from their first byte",
    )
    keep_alive_timeout: timedelta = Field(
        default=timedelta(seconds=75),
        ge=timedelta(seconds=1),
        description="For another request on a connection; longer than what stands in front keeps its own",
    )
    max_header_bytes: int = Field(default=65_536, ge=4096, description="Of a request's line and headers")
    body_timeout: timedelta = Field(
        default=timedelta(seconds=20),
        gt=timedelta(),
        description="What a body may be waited for in all, beside what it earns by `body_bytes_a_second`",
    )
    body_bytes_a_second: int = Field(
        default=1_000, ge=1, description="Every so many bytes of a body give it another second"
    )
    write_timeout: timedelta = Field(
        default=timedelta(seconds=30),
        gt=timedelta(),
        description="For a client to take some of an answer that waits for it",
    )
    max_connections: int = Field(
        default=1_000, ge=10, description="Of clients; beyond, who has sent no request for longest is cut"
    )
    max_requests: int = Field(
        default=256,
        ge=1,
        description="Requests worked on at once; beyond, the answer is 503. Probes excepted",
    )
    rate_limit_window: timedelta = Field(
        default=timedelta(seconds=10), gt=timedelta(), description="What the quotas below are for"
    )
    rate_limit_caller: int = Field(
        default=5_000, ge=0, description="Requests of a client and subject in a window; 0: any number"
    )
    rate_limit_address: int = Field(
        default=10_000, ge=0, description="Requests from an address in a window; 0: any number"
    )
    rate_limit_failed_tokens: int = Field(
        default=60, ge=0, description="Tokens not valid from an address in a window; 0: any number"
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses and networks, with commas, whose X-Forwarded-For says who the client is",
    )
    security_records_kept: timedelta = Field(
        default=timedelta(days=400), gt=timedelta(), description="Who was refused, and who read personal data"
    )
    serve_docs: bool = Field(default=True, description="Whether the API answers /docs and /openapi.json")
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="A port of its own for /metrics, so that only who scrapes it reaches it; else the API's",
    )
    audit_anchors: str = Field(
        default="",
        description="Where the audit trail is anchored, with commas: file:/folder, kafka:, kafka:topic, "
        "s3://bucket/prefix",
    )
    audit_bucket_endpoint: str | None = Field(
        default=None, pattern=r"^https?://[^?#]+$", description="Where that bucket is, if not at Amazon"
    )
    audit_bucket_region: str | None = Field(default=None, description="Of that bucket; else AWS_REGION")
    audit_bucket_access_key_id: str | None = Field(
        default=None, description="For that bucket: let it put and read, and delete nothing"
    )
    audit_bucket_secret_access_key: SecretStr | None = Field(default=None, description="Of that key")
    audit_record_keys: SecretStr | None = Field(
        default=None,
        description="Keys of 32 characters at least, with commas: the first signs audit records before their "
        "seal, all are believed",
    )
    audit_signing_key_file: Path | None = Field(
        default=None, description="The Ed25519 key of a worker that signs anchors, in PEM"
    )
    audit_public_keys_file: Path | None = Field(
        default=None, description="The public keys that `purveyor audit verify` believes, in PEM"
    )
    log_format: str = Field(default="json", pattern="^(json|console)$")
    log_level: str = Field(default="INFO")
    otlp_endpoint: str | None = Field(
        default=None, description="Where traces go (OTLP over HTTP), if anywhere"
    )
    drain_timeout: timedelta = Field(default=timedelta(seconds=20), description="Grace after SIGTERM")

    @field_validator("database_url", "migration_database_url", "sealing_database_url")
    @classmethod
    def _is_reachable(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            checked_url(url.get_secret_value())
        return url

    @field_validator("audit_record_keys")
    @classmethod
    def _are_long(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None and any(len(key) < SHORTEST_KEY for key in keys.get_secret_value().split(",")):
            raise ValueError(f"a key has {SHORTEST_KEY} characters at least")
        return keys

    @property
    def record_keys(self) -> tuple[bytes, ...]:
        """The keys of audit records before their seal, the one that signs first; none where none is set."""
        keys = self.audit_record_keys
        return () if keys is None else tuple(key.encode() for key in keys.get_secret_value().split(","))

    @property
    def fingerprint_key(self) -> bytes:
        """What keys the fingerprints of requests that are kept with their answers; empty: they are hashes.

        A service whose requests hold what nobody may find out by trying has one.
        """
        return b""

    @property
    def migration_url(self) -> str:
        """Where migrations run, and whatever else changes tables."""
        return (self.migration_database_url or self.database_url).get_secret_value()

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, networks: str) -> str:
        for network in filter(None, map(str.strip, networks.split(","))):
            ip_network(network)
        return networks

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what the caller says, the environment, and secrets from the files that it names."""
        return init_settings, env_settings, SecretFiles(settings_cls)

    @model_validator(mode="after")
    def _kafka_is_told_all_that_it_needs(self) -> Self:
        """Refuse to start with a login that is half told."""
        pair = ["kafka_certificate_file", "kafka_key_file"]
        needed = pair if self.kafka_certificate_file or self.kafka_key_file else []
        if self.kafka_security_protocol.startswith("SASL"):
            needed += (
                ["kafka_token_url", "kafka_client_id", "kafka_client_secret"]
                if self.kafka_sasl_mechanism == "OAUTHBEARER"
                else ["kafka_username", "kafka_password"]
            )
        missing = [f"{PREFIX}{name}".upper() for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"Kafka's login lacks {', '.join(missing)}")
        return self

    @model_validator(mode="after")
    def _a_key_of_s3_has_its_secret(self) -> Self:
        """Refuse to start with half of what lets us in where files or anchors are kept."""
        for place in ("files", "audit_bucket"):
            if getattr(self, f"{place}_access_key_id") and not getattr(self, f"{place}_secret_access_key"):
                raise ValueError(f"{PREFIX}{place}_ACCESS_KEY_ID".upper() + " needs …_SECRET_ACCESS_KEY")
        return self

    @model_validator(mode="after")
    def _what_is_retired_is_not_set(self) -> Self:
        """Refuse to start when somebody believes that an old setting still does something."""
        given = {name.upper() for name in os.environ}
        for name, successor in self.retired.items():
            variable = f"{PREFIX}{name.upper()}"
            if variable in given:
                raise ValueError(f"{variable} is {successor} now: take it out of the environment")
        return self


class ImportSettings(Settings):
    """Settings of a service that takes in the past.

    Settings and no policy: who imports shall not be able to move what bounds it.
    """

    imports: bool = Field(default=True, description="Whether anything may be imported; off once all is here")
    import_cut_over: date | None = Field(
        default=None,
        description="Nothing that is dated on this day or later is imported: it is entered here",
    )
