"""Settings of procurement; how much more than ordered may be received is a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import DirectoryPath, Field, SecretStr, field_validator

from purveyor.settings import ImportSettings
from purveyor_contract.bank_details import read_keys

NAME = "procurement"


class ProcurementSettings(ImportSettings):
    """Settings of procurement: those that every service has, those of imports, fonts, and keys."""

    document_fonts: DirectoryPath | None = Field(
        default=None,
        description="A folder with more fonts for documents, for scripts that the ones within do not have: "
        "Chinese, Japanese, Korean, Thai and others",
    )

    bank_account_private_keys: SecretStr | None = Field(
        default=None,
        description="A JWK Set: opens the bank accounts that sourcing seals for it. The newest stands first,"
        " older ones stay for as long as events of their time may be told again",
    )

    retired: ClassVar[Mapping[str, str]] = {"over_receipt_tolerance_percent": "the policy over-receipt"}

    @field_validator("bank_account_private_keys")
    @classmethod
    def _are_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys:
            read_keys(keys.get_secret_value())
        return keys
