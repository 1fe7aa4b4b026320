"""A verified bank account on its way from sourcing to procurement: a JWE that only procurement opens."""

from __future__ import annotations

import json
from uuid import UUID

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from pydantic import BaseModel, ConfigDict, Field

Keys = KeySet
"""Keys of bank details: public ones that seal, private ones that open."""
ALGORITHM, ENCRYPTION = "ECDH-ES", "A256GCM"
"""RFC 7518, 4.6 and 5.3: a key of its own for every message, agreed with the receiver's public key."""
TYPE = "purveyor-bank-account"


class NotOpenedError(ValueError):
    """Bank details that this process cannot open, or that are not what they are kept as."""


class BankDetails(BaseModel):
    """Where a supplier is paid, in full; it travels and is kept sealed only."""

    model_config = ConfigDict(frozen=True)

    supplier_id: UUID
    account_id: UUID
    holder: str = Field(repr=False)
    currency: str
    country: str
    iban: str | None = Field(default=None, repr=False)
    number: str | None = Field(default=None, repr=False)
    bank_code: str | None = None
    bic: str | None = None


def read_keys(written: str) -> Keys:
    """Return the keys of a JWK Set (RFC 7517) for bank details; raises ValueError for what is none."""
    try:
        keys = Keys.import_key_set(json.loads(written))
    except (ValueError, TypeError, KeyError, JoseError):
        raise ValueError("not a JWK Set (RFC 7517), as `purveyor bank-keys` writes it") from None
    if not keys.keys or any(key.key_type not in ("EC", "OKP") or not key.kid for key in keys.keys):
        raise ValueError("a key of bank details is on a curve (EC, OKP) and has a `kid`")
    return keys


def make_keys(older: str | None, name: str) -> tuple[str, str]:
    """Return JWK Sets, the private and the public one, with a new key before the older private ones."""
    new = ECKey.generate_key("P-256", {"kid": name, "use": "enc"}, private=True)
    keys = Keys([new, *(read_keys(older).keys if older is not None else ())])
    return json.dumps(keys.as_dict(private=True)), json.dumps(keys.as_dict(private=False))


def seal(details: BankDetails, recipients: Keys) -> str:
    """Return bank details that only the holder of the first key's private half can open."""
    key = recipients.keys[0]
    header = {"alg": ALGORITHM, "enc": ENCRYPTION, "kid": key.kid, "typ": TYPE}
    return jwe.encrypt_compact(header, details.model_dump_json(exclude_none=True), key)


def opened(sealed: str, keys: Keys, *, account_id: UUID, supplier_id: UUID) -> BankDetails:
    """Return what was sealed for one of these keys; raises NotOpenedError.

    It has to speak of the account and the supplier that it is kept for: nobody moves it to another.
    """
    try:
        message = jwe.decrypt_compact(sealed, keys, algorithms=[ALGORITHM, ENCRYPTION])
        details = BankDetails.model_validate_json(message.plaintext or b"")
    except (JoseError, ValueError) as error:
        detail = f"the details of bank account {account_id} are sealed for none of the keys given, or broken"
        raise NotOpenedError(detail) from error
    if (details.account_id, details.supplier_id) != (account_id, supplier_id):
        raise NotOpenedError(f"what is kept as bank account {account_id} is sealed as another's")
    return details
