"""How clients of Kafka prove who they are, and see that the brokers are theirs."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from purveyor.settings import Settings
from purveyor_messaging.kafka_tokens import ClientCredentials

OAUTHBEARER = "OAUTHBEARER"


@dataclass(frozen=True, slots=True)
class KafkaSecurity:
    """A security protocol of Kafka's, and what goes with it."""

    protocol: str = "PLAINTEXT"
    mechanism: str = "SCRAM-SHA-512"
    username: str | None = None
    password: str | None = None
    tokens: ClientCredentials | None = None
    """Shared by all clients of the process, as its token is."""
    ca_file: Path | None = None
    certificate_file: Path | None = None
    key_file: Path | None = None
    key_password: str | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """Read it from a service's settings; raises ValueError for files that cannot be used."""
        password, key_password = settings.kafka_password, settings.kafka_key_password
        security = cls(
            settings.kafka_security_protocol,
            settings.kafka_sasl_mechanism,
            settings.kafka_username,
            password.get_secret_value() if password else None,
            _tokens(settings),
            settings.kafka_ca_file,
            settings.kafka_certificate_file,
            settings.kafka_key_file,
            key_password.get_secret_value() if key_password else None,
        )
        try:
            security.client_options()
        except (OSError, ssl.SSLError) as error:
            raise ValueError(
                "PURVEYOR_KAFKA_CA_FILE, PURVEYOR_KAFKA_CERTIFICATE_FILE or PURVEYOR_KAFKA_KEY_FILE cannot "
                f"be used: {error}"
            ) from error
        return security

    def client_options(self) -> dict[str, Any]:
        """Return what a client is made with; it reads the files anew, which may have been replaced."""
        options: dict[str, Any] = {"security_protocol": self.protocol}
        if self.protocol.endswith("SSL"):
            options["ssl_context"] = self._context()
        if self.protocol.startswith("SASL"):
            options["sasl_mechanism"] = self.mechanism
            if self.mechanism == OAUTHBEARER:
                options["sasl_oauth_token_provider"] = self.tokens
            else:
                options["sasl_plain_username"] = self.username
                options["sasl_plain_password"] = self.password
        return options

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.ca_file)
        if self.certificate_file is not None:
            # An empty password, and not None, for which OpenSSL would ask on the terminal.
            context.load_cert_chain(self.certificate_file, self.key_file, self.key_password or "")
        return context


def _tokens(settings: Settings) -> ClientCredentials | None:
    url, client, secret = (
        settings.kafka_token_url,
        settings.kafka_client_id,
        settings.kafka_client_secret,
    )
    if url is None or client is None or secret is None:
        return None
    return ClientCredentials(
        url,
        client,
        secret.get_secret_value(),
        scope=settings.kafka_token_scope,
        ca_file=settings.kafka_token_ca_file,
    )
