"""Sourcing's settings; under which score a supplier is reviewed is a policy."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, SecretStr, model_validator

from purveyor.secret_files import PREFIX
from purveyor.settings import SHORTEST_KEY, ImportSettings
from purveyor_contract.bank_details import read_keys

NAME = "sourcing"
BANK_ACCOUNTS = ("bank_account_keys", "bank_account_digest_key", "bank_account_recipient_keys")
"""The settings that bank accounts need: all of them, or none."""


class SourcingSettings(ImportSettings):
    """What sourcing takes from the environment: what every service does, the bounds of imports, keys."""

    bank_account_keys: SecretStr | None = Field(
        default=None,
        description="Keys of 32 characters at least, with commas: the first encrypts the numbers of bank"
        " accounts, all decrypt; without, no bank account is kept",
    )
    bank_account_digest_key: SecretStr | None = Field(
        default=None,
        description="A key of 32 characters at least, by which two accounts are found to be the same",
    )
    bank_account_recipient_keys: SecretStr | None = Field(
        default=None,
        description="Procurement's public keys, a JWK Set: verified bank accounts are sealed for the first",
    )

    retired: ClassVar[Mapping[str, str]] = {"review_threshold": "the policy review-threshold"}

    @property
    def fingerprint_key(self) -> bytes:
        """What keys fingerprints of requests: there are so few account numbers that a hash gives one away."""
        key = self.bank_account_digest_key
        purpose = b"purveyor fingerprints of requests"
        return hmac.digest(key.get_secret_value().encode(), purpose, "sha256") if key else b""

    @model_validator(mode="after")
    def _bank_accounts_have_all_keys_or_none(self) -> Self:
        given = {name: secret for name in BANK_ACCOUNTS if (secret := getattr(self, name))}
        missing = [f"{PREFIX}{name}".upper() for name in BANK_ACCOUNTS if name not in given]
        if given and missing:
            raise ValueError(f"bank accounts lack {', '.join(missing)}")
        for name, secret in given.items():
            value = secret.get_secret_value()
            if name == BANK_ACCOUNTS[-1]:
                read_keys(value)
            elif any(len(key.strip()) < SHORTEST_KEY for key in value.split(",")):
                raise ValueError(f"a key of {name} has {SHORTEST_KEY} characters at least")
        return self
