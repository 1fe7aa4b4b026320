"""Secrets that are told as files, as orchestrators mount them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

PREFIX = "PURVEYOR_"
"""What the names of all settings begin with in the environment."""


class SecretFiles(PydanticBaseSettingsSource):
    """Secrets from files: `PURVEYOR_DATABASE_URL_FILE` names the file that holds `PURVEYOR_DATABASE_URL`."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return a secret's value from the file named for it; raises ValueError when it is also told."""
        secret = secret_in_file(f"{PREFIX}{field_name}".upper()) if _is_secret(field) else None
        return secret, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the secrets for which files are named."""
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in values.items() if value is not None}


def secret_in_file(name: str) -> str | None:
    """Return the secret in the file that `<name>_FILE` names, None when nothing does; raises ValueError."""
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return None
    if name in os.environ:
        raise ValueError(f"{name} and {name}_FILE are both set; one of them would be ignored")
    try:
        return Path(path).read_text().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{name}_FILE cannot be read: {error}") from error


def _is_secret(field: FieldInfo) -> bool:
    return field.annotation in (SecretStr, SecretStr | None)
