"""The numbers of bank accounts under lock: what the database holds of them, and what tells that two are one.

A number is encrypted with AES-256-GCM, bound to its account and its supplier, so that whoever writes into
the database cannot move it to another. Its digest is keyed: without the key nobody can try numbers.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from purveyor.db import Transaction
from purveyor.errors import UnavailableError
from purveyor_contract.bank_details import Keys, read_keys
from sourcing.settings import SourcingSettings

NONCE_BYTES = 12
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Locked:
    """A text as the database has it, and the key that opens it."""

    content: bytes
    key_id: str


class UnknownKeyError(UnavailableError):
    """A number is locked with a key that this process was not given."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            "bank_account_key_unknown",
            f"It is encrypted with the key {key_id}, which is not among PURVEYOR_BANK_ACCOUNT_KEYS: give the"
            " older keys behind the new one until all is rotated.",
        )


@dataclass(frozen=True, slots=True)
class Safe:
    """What locks, opens and compares numbers, and whom they are sealed for."""

    keys: Mapping[str, bytes]
    """By their ids; the first locks, each opens."""
    digest_key: bytes
    recipients: Keys

    @property
    def key_id(self) -> str:
        """The key that locks."""
        return next(iter(self.keys))

    @property
    def digest_key_id(self) -> str:
        """Names the key of digests: digests of two keys cannot be compared."""
        return _id_of(self.digest_key)

    def lock(self, text: str, account_id: UUID, supplier_id: UUID) -> Locked:
        """Encrypt a text of an account."""
        nonce = os.urandom(NONCE_BYTES)
        bound = _bound(account_id, supplier_id)
        return Locked(
            nonce + AESGCM(self.keys[self.key_id]).encrypt(nonce, text.encode(), bound), self.key_id
        )

    def open(self, locked: Locked, account_id: UUID, supplier_id: UUID) -> str:
        """Decrypt a text of an account; raises UnknownKeyError, and ValueError when it is not that one's."""
        if locked.key_id not in self.keys:
            raise UnknownKeyError(locked.key_id)
        nonce, content = locked.content[:NONCE_BYTES], locked.content[NONCE_BYTES:]
        try:
            opened = AESGCM(self.keys[locked.key_id]).decrypt(nonce, content, _bound(account_id, supplier_id))
        except InvalidTag as error:
            raise ValueError(
                f"what is kept of bank account {account_id} was changed, or is another's"
            ) from error
        return opened.decode()

    def digest(self, identity: str) -> bytes:
        """Return what is the same for the same account, and tells nothing without the key."""
        return hmac.digest(self.digest_key, identity.encode(), "sha256")


def safe_of(tx: Transaction) -> Safe:
    """Return the safe that this process has the keys of; raises UnavailableError without."""
    settings = tx.database.settings
    if isinstance(settings, SourcingSettings):
        parts = (
            settings.bank_account_keys,
            settings.bank_account_digest_key,
            settings.bank_account_recipient_keys,
        )
        if all(parts):
            return _safe(*(part.get_secret_value() for part in parts if part is not None))
    raise UnavailableError(
        "bank_accounts_without_keys",
        "This service keeps no bank accounts: it was given no keys to encrypt them with"
        " (PURVEYOR_BANK_ACCOUNT_KEYS and what belongs to it, docs/operate/bank-accounts.md).",
    )


@lru_cache(maxsize=8)
def _safe(keys: str, digest_key: str, recipients: str) -> Safe:
    given = [_derived(key, b"number") for key in keys.split(",")]
    return Safe({_id_of(key): key for key in given}, _derived(digest_key, b"digest"), read_keys(recipients))


def _derived(secret: str, purpose: bytes) -> bytes:
    info = b"purveyor bank accounts: " + purpose
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(secret.strip().encode())


def _id_of(key: bytes) -> str:
    return HKDF(SHA256(), 4, salt=None, info=b"purveyor bank accounts: id").derive(key).hex()


def _bound(account_id: UUID, supplier_id: UUID) -> bytes:
    return account_id.bytes + supplier_id.bytes
