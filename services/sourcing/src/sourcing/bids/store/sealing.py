"""How bids are sealed: each under a fresh key, which is wrapped for its tender and given to its bidder.

AES-256-GCM, bound to the tender, the bidder and the number of the version, of a content that is padded, so
that its length says nothing of its prices; the key by HPKE for the tender's opening key (ADR 66).
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sourcing.bids.rules.content import BidContent
from sourcing.openings.store.keys import HPKE

KEY_BYTES, NONCE_BYTES, PADDED_TO = 32, 12, 4_096
PRICES = b"prices"
"""What the envelope of prices is bound to beside its place, so that no part stands for the other."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a sealed bid is bound to."""

    tender_id: UUID
    supplier_id: UUID
    number: int

    def __bytes__(self) -> bytes:
        return self.tender_id.bytes + self.supplier_id.bytes + self.number.to_bytes(4)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A bid as the database has it, and its key, which is kept nowhere."""

    content: bytes
    prices: bytes | None
    """The envelope of prices, where it is sealed apart."""
    wrapped: bytes
    key: bytes

    @property
    def digest(self) -> bytes:
        """What a receipt says of it."""
        return digest_of(self.content, self.prices, self.wrapped)


def seal(content: BidContent, place: Place, public_key: bytes, *, apart: bool = False) -> Sealed:
    """Seal a bid for its tender; with its prices in an envelope of their own."""
    key = os.urandom(KEY_BYTES)
    if apart:
        sealed = _sealed(content.without_prices, key, bytes(place))
        prices = _sealed(content, key, bytes(place) + PRICES)
    else:
        sealed, prices = _sealed(content, key, bytes(place)), None
    wrapped = HPKE.encrypt(key, X25519PublicKey.from_public_bytes(public_key), _info(place))
    return Sealed(sealed, prices, wrapped, key)


def unwrap(wrapped: bytes, place: Place, opening: X25519PrivateKey) -> bytes:
    """Return a bid's key by its tender's; raises ValueError when it was wrapped for another."""
    try:
        return HPKE.decrypt(wrapped, opening, _info(place))
    except InvalidTag as error:
        raise ValueError("this key was wrapped for another tender, bidder or version") from error


def unseal(sealed: bytes, place: Place, key: bytes) -> BidContent:
    """Return what a bid says, without the prices that lie in an envelope of their own.

    Raises ValueError when it is another's, or was changed.
    """
    return _unsealed(sealed, bytes(place), key)


def unseal_prices(sealed: bytes, place: Place, key: bytes) -> BidContent:
    """Return all that a bid says, by its envelope of prices; raises ValueError likewise."""
    return _unsealed(sealed, bytes(place) + PRICES, key)


def digest_of(content: bytes, prices: bytes | None, wrapped: bytes) -> bytes:
    """Return the digest of what is stored of a bid."""
    return hashlib.sha256(content + wrapped + (prices or b"")).digest()


def _sealed(content: BidContent, key: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    plain = content.model_dump_json(exclude_defaults=True).encode()
    padded = plain + b" " * (-len(plain) % PADDED_TO)
    return nonce + AESGCM(key).encrypt(nonce, padded, bound)


def _unsealed(sealed: bytes, bound: bytes, key: bytes) -> BidContent:
    try:
        plain = AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
    except InvalidTag as error:
        raise ValueError("this bid was sealed with another key, or was changed since") from error
    return BidContent.model_validate_json(plain)


def _info(place: Place) -> bytes:
    return b"purveyor key of a bid" + bytes(place)
