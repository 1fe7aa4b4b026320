"""Keycloak itself: it takes the realms that are shipped, and the services take the tokens that it makes."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
from tests.strangers.running import await_answers
from tests.strangers.tools import KEPT, ComplaintError, Run, from_maven

from purveyor.auth import Principal, TokenVerifier
from purveyor_cli.kafka import free_ports
from purveyor_contract.roles import SCOPES_OF, Role

KEYCLOAK = "org.keycloak:keycloak-quarkus-dist:26.4.0:zip"
TRY_OUT, PRODUCTION = "purveyor", "purveyor-production"
REALMS = {
    TRY_OUT: Path("deploy", "k8s", "overlays", "dev", "purveyor-realm.json"),
    PRODUCTION: Path("deploy", "keycloak", "purveyor-realm.json"),
}
PEOPLE_PASSWORD = "purveyor"  # noqa: S105  # of the realm to try things with
LONGEST_LIFE_SECONDS = 300
START_SECONDS = 300
Json = dict[str, Any]


def keycloak(run: Run) -> str:
    """Let everybody of the realm for trying sign in, and a supplier's person; then try production's."""
    with _running(run.folder / "keycloak") as url, httpx.Client(base_url=url, timeout=60) as client:
        people = _everybody_signs_in(client)
        admin = _admin(client)
        _a_suppliers_person_signs_in(client, admin)
        _production_gives_nobody_a_token_for_a_password(client)
        _a_program_signs_in_with_a_secret_made_there(client, admin)
    return f"{people} people and programs and a supplier's person; production: device flow, a program"


def _everybody_signs_in(client: httpx.Client) -> int:
    people = [one["username"] for one in json.loads(REALMS[TRY_OUT].read_text())["users"]]
    for name in people:
        asked = {"grant_type": "password", "client_id": "purveyor-cli", "username": name}
        asked["password"] = PEOPLE_PASSWORD
        if name.startswith("service-account-"):
            program = name.removeprefix("service-account-")
            asked = {"grant_type": "client_credentials", "client_id": program, "client_secret": program}
        _believed(client, TRY_OUT, _token(client, TRY_OUT, asked))
    return len(people)


def _a_suppliers_person_signs_in(client: httpx.Client, admin: Json) -> None:
    supplier, users = str(uuid4()), f"/admin/realms/{TRY_OUT}/users"
    password = {"type": "password", "value": "of-a-supplier", "temporary": False}
    person = {"username": "sue.supplier", "enabled": True, "attributes": {"supplier_id": [supplier]}}
    person |= {"email": "sue@example.com", "emailVerified": True, "firstName": "Sue", "lastName": "Hartwig"}
    made = client.post(users, json=person | {"credentials": [password]}, headers=admin)
    _is(made, 201)
    role = _is(client.get(f"/admin/realms/{TRY_OUT}/roles/supplier", headers=admin), 200).json()
    place = f"{users}/{made.headers['location'].rpartition('/')[2]}/role-mappings/realm"
    _is(client.post(place, json=[role], headers=admin), 204)
    asked = {"grant_type": "password", "client_id": "purveyor-cli", "username": "sue.supplier"}
    principal = _believed(client, TRY_OUT, _token(client, TRY_OUT, asked | {"password": "of-a-supplier"}))
    if str(principal.supplier_id) != supplier:
        raise ComplaintError(f"the supplier's person is {principal.supplier_id}'s, not {supplier}'s")


def _production_gives_nobody_a_token_for_a_password(client: httpx.Client) -> None:
    place = f"/realms/{PRODUCTION}/protocol/openid-connect"
    asked = {"grant_type": "password", "client_id": "purveyor-cli", "username": "a", "password": "b"}
    refused = client.post(f"{place}/token", data=asked)
    if refused.json().get("error") != "unauthorized_client":
        raise ComplaintError(f"a password is answered with {refused.text}")
    _is(client.post(f"{place}/auth/device", data={"client_id": "purveyor-cli"}), 200)


def _a_program_signs_in_with_a_secret_made_there(client: httpx.Client, admin: Json) -> None:
    clients = f"/admin/realms/{PRODUCTION}/clients"
    [found] = client.get(clients, params={"clientId": "purveyor-import"}, headers=admin).json()
    secret = _is(client.post(f"{clients}/{found['id']}/client-secret", headers=admin), 200).json()["value"]
    asked = {"grant_type": "client_credentials", "client_id": "purveyor-import", "client_secret": secret}
    token = _token(client, PRODUCTION, asked)
    _believed(client, PRODUCTION, token)
    claims = jwt.decode(token, options={"verify_signature": False})
    if claims["exp"] - claims["iat"] > LONGEST_LIFE_SECONDS:
        raise ComplaintError(f"a token of production lives for {claims['exp'] - claims['iat']} seconds")


def _believed(client: httpx.Client, realm: str, token: str) -> Principal:
    """Return whom the services take a token's bearer for; what its roles may do is what its scopes say."""
    issuer = f"{str(client.base_url).rstrip('/')}/realms/{realm}"
    verifier = TokenVerifier(issuer, "purveyor", jwks_url=f"{issuer}/protocol/openid-connect/certs")
    principal = asyncio.run(verifier.verify(token))
    roles = [Role(role) for role in principal.roles if role in set(Role)]
    wanted = frozenset().union(*(SCOPES_OF[role] for role in roles))
    if not roles or principal.scopes != wanted:
        raise ComplaintError(f"{sorted(principal.roles)}: other scopes, {principal.scopes ^ wanted}")
    return principal


def _token(client: httpx.Client, realm: str, asked: Json) -> str:
    answer = client.post(f"/realms/{realm}/protocol/openid-connect/token", data=asked)
    return str(_is(answer, 200).json()["access_token"])


def _admin(client: httpx.Client) -> Json:
    asked = {"grant_type": "password", "client_id": "admin-cli", "username": "admin", "password": "admin"}
    return {"Authorization": f"Bearer {_token(client, 'master', asked)}"}


def _is(answer: httpx.Response, status: int) -> httpx.Response:
    if answer.status_code != status:
        raise ComplaintError(f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}")
    return answer


@contextmanager
def _running(folder: Path) -> Iterator[str]:
    """Run a Keycloak of our own with both realms in memory, until the block ends; yield its address."""
    shutil.copytree(_distribution(), folder)
    realms = folder / "data" / "import"
    realms.mkdir(parents=True)
    for name, file in REALMS.items():
        # Production speaks HTTPS only; here everything is within one machine.
        realm = json.loads(file.read_text()) | {"realm": name, "sslRequired": "none"}
        (realms / f"{name}.json").write_text(json.dumps(realm))
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    options = ("--import-realm", "--db=dev-mem", "--http-host=127.0.0.1", f"--http-port={port}")
    admin = {"KC_BOOTSTRAP_ADMIN_USERNAME": "admin", "KC_BOOTSTRAP_ADMIN_PASSWORD": "admin"}
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(  # noqa: S603  # what was just unpacked
            ["/bin/sh", folder / "bin" / "kc.sh", "start-dev", *options],
            env=os.environ | admin,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            answering = [f"{url}/realms/{realm}" for realm in REALMS]
            await_answers("Keycloak", process, answering, folder / "log", START_SECONDS)
            yield url
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=60)


def _distribution() -> Path:
    """Return Keycloak as it is unpacked, from Maven."""
    _, _, version, _ = KEYCLOAK.split(":")
    folder = KEPT / f"keycloak-{version}"
    if not folder.exists():
        archive = from_maven(KEYCLOAK)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(KEPT)
        archive.unlink()
    return folder
