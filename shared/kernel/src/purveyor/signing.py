"""The keys of the audit trail: Ed25519 for its anchors, and a shared one for records before their seal."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PUBLIC_END = b"-----END PUBLIC KEY-----"
KEY_ID_LENGTH = 16


class KeyFileError(ValueError):
    """A file holds no key of the kind that is needed; the message names it."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private Ed25519 key, and how anchors name it."""

    private: Ed25519PrivateKey
    id: str

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read a private key in PEM; raises KeyFileError."""
        try:
            private = serialization.load_pem_private_key(file.read_bytes(), None)
        except (OSError, ValueError, TypeError) as error:
            raise KeyFileError(f"{file} cannot be read as a private key: {error}") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise KeyFileError(f"{file} is no Ed25519 key")
        return cls(private, id_of(private.public_key()))

    @classmethod
    def make(cls, file: Path) -> Self:
        """Make a new key in a file that must not exist yet and that nobody else reads."""
        private = Ed25519PrivateKey.generate()
        file.touch(mode=0o600, exist_ok=False)
        file.write_bytes(
            private.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return cls(private, id_of(private.public_key()))

    @property
    def public_pem(self) -> str:
        """The public key, to pin where the trail is verified."""
        pem = self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return pem.decode()

    def sign(self, message: bytes) -> str:
        """Return a message's signature in hexadecimal."""
        return self.private.sign(message).hex()


def id_of(key: Ed25519PublicKey) -> str:
    """Return how anchors name a key: the beginning of its SHA-256."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return sha256(raw).hexdigest()[:KEY_ID_LENGTH]


def public_keys(file: Path) -> dict[str, Ed25519PublicKey]:
    """Read the public keys that are believed, one PEM after the other; raises KeyFileError."""
    keys = {}
    try:
        for pem in file.read_bytes().split(PUBLIC_END)[:-1]:
            key = serialization.load_pem_public_key(pem.strip() + b"\n" + PUBLIC_END)
            if not isinstance(key, Ed25519PublicKey):
                raise KeyFileError(f"{file} holds a key that is no Ed25519 key")
            keys[id_of(key)] = key
    except OSError as error:
        raise KeyFileError(f"{file} cannot be read: {error}") from error
    except ValueError as error:
        raise KeyFileError(f"{file} is no list of public keys: {error}") from error
    if not keys:
        raise KeyFileError(f"{file} holds no public key")
    return keys


def is_signed(key: Ed25519PublicKey, signature: str, message: bytes) -> bool:
    """Whether a signature in hexadecimal is of this key and this message."""
    try:
        key.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def record_signature(key: bytes, record: Sequence[Any]) -> bytes:
    """Return the HMAC-SHA256 of an audit record's columns, from its id to its request's.

    PostgreSQL writes JSON in its own way, so what is signed is what the texts mean, its numbers included.
    Raises RecursionError for JSON that is nested too deeply for anybody to read.
    """
    record_id, at, actor, action, entity, entity_id, before, after, reason, request_id = record
    parts = [
        *(str(record_id), at.isoformat(), actor, action, entity, entity_id),
        *(_meaning(before), _meaning(after), reason, request_id),
    ]
    message = _WRITER.encode(parts)
    return hmac.digest(key, message.encode("utf-8", "surrogatepass"), "sha256")


def value_digest(salt: bytes, text: str) -> bytes:
    """Return what stands for a personal value, its JSON, where only who has the salt can try values."""
    return hmac.digest(salt, _WRITER.encode(_meaning(text)).encode("utf-8", "surrogatepass"), "sha256")


def stands_for(digest: bytes, salt: bytes, text: str) -> bool:
    """Whether a digest is that of a personal value; never of one that nobody can read."""
    try:
        return hmac.compare_digest(value_digest(salt, text), digest)
    except RecursionError:
        return False


def signed_with(keys: Sequence[bytes], record: Sequence[Any], signature: bytes | None) -> bool:
    """Whether a record carries the signature of one of these keys; never one that nobody can read."""
    try:
        return signature is not None and any(
            hmac.compare_digest(record_signature(key, record), signature) for key in keys
        )
    except RecursionError:
        return False


def _meaning(text: str | None) -> Any:
    return None if text is None else _READER.decode(text)


def _number(text: str) -> Mapping[str, str]:
    """Return one form of a number however it is written: 1e2 and 100.0 are 100."""
    number = Decimal(text)
    return {"number": format(number.normalize(), "f") if number else "0"}


_READER = json.JSONDecoder(parse_int=_number, parse_float=_number)
_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)
