"""All services on one machine, and something in them to ask for."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.documented.served import Served

from purveyor_cli.folder import DataFolder
from purveyor_contract.roles import Role
from purveyor_history.platform import Platform


@pytest.fixture(scope="package")
async def served() -> AsyncIterator[Served]:
    """Run all services in a process of their own, which lets tokens be tried by the hundred."""
    with tempfile.TemporaryDirectory(prefix="purveyor-documented-") as path:
        folder = DataFolder(Path(path))
        purveyor = await asyncio.create_subprocess_exec(
            *(Path(sys.executable).parent / "purveyor", "up", "--data-dir", path, "--port-base", "0"),
            env=os.environ | {"PURVEYOR_RATE_LIMIT_FAILED_TOKENS": "0"},
            stdout=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(180):
                while not ((state := folder.state()) and state.urls):
                    assert purveyor.returncode is None, "it ended by itself"
                    await asyncio.sleep(0.1)
            yield Served(state.urls, folder.issuer())
        finally:
            purveyor.terminate()
            assert await purveyor.wait() == 0


@pytest.fixture(scope="package")
async def platform(served: Served) -> AsyncIterator[Platform]:
    """Yield what asks the services."""
    platform = Platform(served.urls)
    yield platform
    await platform.close()


@pytest.fixture(scope="package")
async def known(served: Served, platform: Platform) -> dict[str, str]:
    """Make an approved supplier, a site and a draft of an order; return what they are called where."""
    ann, carla = served.issuer.token("ann", Role.BUYER), served.issuer.token("carla", Role.CATEGORY_MANAGER)
    until = (datetime.now(UTC).date() + timedelta(365)).isoformat()
    supplier = {"legal_name": "Muster Schrauben GmbH", "country": "DE", "categories": ["fasteners"]}
    new = await platform.done(ann, "sourcing", "POST", "/v1/suppliers", body=supplier)
    path = f"/v1/suppliers/{new.body['id']}"
    seen = await platform.done(ann, "sourcing", "POST", f"{path}:submit", if_match=new.etag)
    approval = {"categories": ["fasteners"], "expires_on": until}
    await platform.done(carla, "sourcing", "POST", f"{path}:approve", body=approval, if_match=seen.etag)
    site = {"name": "Hamburg", "country": "DE", "time_zone": "Europe/Berlin"}
    ada = served.issuer.token("ada", Role.ADMIN)
    await platform.done(ada, "procurement", "PUT", "/v1/sites/HAM-1", body=site)
    for part in ("business-units/drives", "cost-centres/4711", "projects/P-17"):
        await platform.done(ada, "procurement", "PUT", f"/v1/{part}", body={"name": "Drives"})
    async with asyncio.timeout(20):
        while (await platform.ask(ann, "procurement", "GET", path)).status != 200:  # noqa: ASYNC110  # HTTP
            await asyncio.sleep(0.05)
    known = {"supplier_id": str(new.body["id"]), "site": "HAM-1", "code": "HAM-1", "currency": "EUR"}
    line = {"item": "M8", "description": "Bolt", "category": "fasteners", "quantity": "5", "unit": "C62"}
    line |= {"price": "1.50", "promised_on": until}
    order = {"business_unit": "drives", "cost_centre": "4711", "lines": [line], "currency": "EUR"}
    order |= {"supplier_id": known["supplier_id"], "site": "HAM-1"}
    draft = await platform.done(ann, "procurement", "POST", "/v1/purchase-orders", body=order)
    return known | {
        "order_id": str(draft.body["id"]),
        "business_unit": "drives",
        "cost_centre": "4711",
    }
