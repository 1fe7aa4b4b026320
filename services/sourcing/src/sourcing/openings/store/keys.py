"""The key that a tender's bids are sealed for: made once, split at once, and put together by its openers.

The private key is derived from a seed of 128 bits, which Shamir's scheme splits (PyCryptodome's, over
GF(2^128)); each share is sealed to its opener's own key by HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM),
so that what the database has opens nothing (ADR 66).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from Crypto.Protocol.SecretSharing import Shamir
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SEED_BYTES = 16
KEY_BYTES = 32
HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True, slots=True)
class SealedShare:
    """An opener's share: sealed for them, and the digest by which it is known again."""

    person: str
    sealed: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class SplitKey:
    """What is kept of a tender's key: what seals, and who has which share of what opens."""

    public: bytes
    shares: tuple[SealedShare, ...]


def make(tender_id: UUID, openers: Mapping[str, bytes], needed: int) -> SplitKey:
    """Make a tender's key and split it between openers, by their public keys; the whole is not kept."""
    seed = os.urandom(SEED_BYTES)
    people = list(openers)
    found = []
    for person, (number, part) in zip(people, Shamir.split(needed, len(people), seed), strict=True):
        share = bytes([number]) + part
        sealed = HPKE.encrypt(
            share, X25519PublicKey.from_public_bytes(openers[person]), of_share(tender_id, person)
        )
        found.append(SealedShare(person, sealed, digest_of(tender_id, share)))
    return SplitKey(_private(tender_id, seed).public_key().public_bytes_raw(), tuple(found))


def put_together(tender_id: UUID, shares: Sequence[bytes]) -> X25519PrivateKey:
    """Return the key that enough shares make; of too few, it is another that opens nothing."""
    return _private(tender_id, Shamir.combine([(share[0], share[1:]) for share in shares]))


def digest_of(tender_id: UUID, share: bytes) -> bytes:
    """Return what a share is known again by; who knows it has no share."""
    return hashlib.sha256(b"purveyor share of a tender" + tender_id.bytes + share).digest()


def of_share(tender_id: UUID, person: str) -> bytes:
    """Return what a sealed share is bound to."""
    return b"purveyor share of a tender" + tender_id.bytes + person.encode()


def open_share(private: bytes, tender_id: UUID, person: str, sealed: bytes) -> bytes:
    """Return an opener's share, by their own private key; raises ValueError when it is not theirs."""
    try:
        return HPKE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), of_share(tender_id, person))
    except InvalidTag as error:
        raise ValueError("this share was not sealed for this key") from error


def public_key(written: str) -> bytes | None:
    """Return a public key as it is written, 32 bytes in base64url; None when it is none."""
    found = unwritten(written)
    if found is None or len(found) != KEY_BYTES or found == bytes(KEY_BYTES):
        return None
    return found


def written(content: bytes) -> str:
    """Return bytes as they travel: base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def unwritten(text: str) -> bytes | None:
    """Return the bytes of such a text; None when it is none."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None


def _private(tender_id: UUID, seed: bytes) -> X25519PrivateKey:
    derived = HKDF(SHA256(), KEY_BYTES, salt=tender_id.bytes, info=b"purveyor key of a tender").derive(seed)
    return X25519PrivateKey.from_private_bytes(derived)
