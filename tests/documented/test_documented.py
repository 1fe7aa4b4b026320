"""Every operation of every service is what its OpenAPI document says, however schemathesis asks."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from openapi_spec_validator import validate
from tests.documented.served import Served

from purveyor.http.described import METHODS
from purveyor_cli.services import SERVICE_NAMES
from purveyor_contract.roles import Role

HERE = Path(__file__).parent
SCHEMATHESIS = Path(sys.executable).parent / "schemathesis"
UNASKED = {"supplier-performance": 2}
"""How many operations of a service `schemathesis.toml` leaves to tests of their own."""


async def document_of(served: Served, service: str) -> dict[str, Any]:
    """Return a service's OpenAPI document."""
    async with httpx.AsyncClient(base_url=served.urls[service], timeout=120) as client:
        document: dict[str, Any] = (await client.get("/openapi.json")).json()
    return document


@pytest.mark.parametrize("service", SERVICE_NAMES)
async def test_the_document_is_valid_openapi(served: Served, service: str) -> None:
    document = await document_of(served, service)
    assert document["openapi"].startswith("3.1")
    validate(document)


@pytest.mark.parametrize("service", SERVICE_NAMES)
async def test_every_operation_is_as_documented(
    served: Served, known: dict[str, str], service: str, tmp_path: Path
) -> None:
    document = tmp_path / "openapi.json"  # it is written for the first who asks, which takes its time
    described = await document_of(served, service)
    document.write_text(json.dumps(described), encoding="utf-8")
    whole = sum(len(METHODS & path.keys()) for path in described["paths"].values())
    everything = served.issuer.token("zoe", *(role for role in Role if role is not Role.SUPPLIER))
    config = tmp_path / "schemathesis.toml"
    parts = ["schemathesis.toml", *([] if os.environ.get("DOCUMENTED") == "wholly" else ["briefly.toml"])]
    config.write_text(
        "\n".join((HERE / part).read_text(encoding="utf-8") for part in parts), encoding="utf-8"
    )
    process = await asyncio.create_subprocess_exec(
        *(
            SCHEMATHESIS,
            *("--config-file", config),
            *("run", document, "--url", served.urls[service]),
        ),
        *("--header", f"Authorization: Bearer {everything}", "--checks", "all", "--no-color"),
        env=os.environ
        | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "PURVEYOR_KNOWN": json.dumps(known)},
        cwd=tmp_path,  # where it leaves what it found
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    report, _ = await process.communicate()
    print(said := report.decode())
    assert process.returncode == 0, "as its report says"
    assert f"Selected: {whole - UNASKED.get(service, 0)}/{whole}\n" in said, "each is asked"
