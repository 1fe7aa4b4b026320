"""A local OIDC issuer: a key pair in a folder, and tokens signed with it. A trial needs no Keycloak."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from purveyor_contract.roles import SCOPES_OF, Role

ISSUER = "urn:purveyor:local-issuer"
AUDIENCE = "purveyor"
KEY_ID = "local"


@dataclass(frozen=True, slots=True)
class LocalIssuer:
    """Signs tokens with the key in its folder."""

    folder: Path
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def in_folder(cls, folder: Path) -> LocalIssuer:
        """Open the issuer of a folder, making its key pair when it is new."""
        folder.mkdir(parents=True, exist_ok=True)
        key_file = folder / "key.pem"
        if not key_file.exists():
            new_key = ec.generate_private_key(ec.SECP256R1())
            pem = new_key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            key_file.touch(mode=0o600)
            key_file.write_bytes(pem)
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{key_file} is not an elliptic curve key; delete it to get a new one")
        issuer = cls(folder, key)
        issuer.jwks_file.write_text(json.dumps(issuer.jwks()))
        return issuer

    @property
    def url(self) -> str:
        """The `iss` of the tokens."""
        return ISSUER

    @property
    def jwks_file(self) -> Path:
        """Where services read the public key."""
        return self.folder / "jwks.json"

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public key set."""
        public_key = json.loads(ECAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public_key | {"kid": KEY_ID, "alg": "ES256", "use": "sig"}]}

    def token(
        self,
        subject: str,
        *roles: str,
        scopes: Iterable[str] | None = None,
        supplier_id: UUID | None = None,
        client: str | None = None,
        lifetime: timedelta = timedelta(hours=12),
    ) -> str:
        """Sign an access token; without scopes it gets those of its roles, without a client the subject's."""
        granted = set(scopes) if scopes is not None else {s for role in roles for s in SCOPES_OF[Role(role)]}
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": subject,
            "iat": now,
            "exp": now + int(lifetime.total_seconds()),
            "scope": " ".join(sorted(granted)),
            "roles": [str(role) for role in roles],
        }
        if supplier_id is not None:
            claims["supplier_id"] = str(supplier_id)
        if client is not None:
            claims["client_id"] = client
        return jwt.encode(claims, self.key, "ES256", {"kid": KEY_ID})
