"""The keys of bank accounts in a folder: sourcing's own, and procurement's with their public halves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from purveyor_contract.bank_details import make_keys

NUMBERS, DIGEST = "sourcing-numbers.keys", "sourcing-digest.key"
PRIVATE, PUBLIC = "procurement-private.json", "procurement-public.json"


@dataclass(frozen=True, slots=True)
class BankKeys:
    """All keys of bank accounts, as settings have them."""

    numbers: str = field(repr=False)
    digest: str = field(repr=False)
    private: str = field(repr=False)
    public: str

    @property
    def settings(self) -> dict[str, dict[str, Any]]:
        """The settings by service: each is given its own keys and no other's."""
        return {
            "sourcing": {
                "bank_account_keys": self.numbers,
                "bank_account_digest_key": self.digest,
                "bank_account_recipient_keys": self.public,
            },
            "procurement": {"bank_account_private_keys": self.private},
        }


def kept_in(folder: Path) -> BankKeys:
    """Return the keys of a folder, making them when it has none."""
    if not (folder / PUBLIC).exists():
        rotate(folder)
    return BankKeys(*((folder / name).read_text() for name in (NUMBERS, DIGEST, PRIVATE, PUBLIC)))


def rotate(folder: Path) -> None:
    """Put new keys before those of a folder, or make its first; the key of digests stays."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    older = [(folder / name).read_text() if (folder / name).exists() else None for name in (NUMBERS, PRIVATE)]
    numbers = ",".join(filter(None, (token_hex(), older[0])))
    private, public = make_keys(older[1], f"{datetime.now(UTC):%Y-%m-%d}-{token_hex(3)}")
    _write(folder / NUMBERS, numbers)
    if not (folder / DIGEST).exists():
        _write(folder / DIGEST, token_hex())
    _write(folder / PRIVATE, private)
    _write(folder / PUBLIC, public)


def _write(file: Path, secret: str) -> None:
    unfinished = file.with_suffix(".new")
    unfinished.touch(mode=0o600)
    unfinished.write_text(secret)
    unfinished.replace(file)
