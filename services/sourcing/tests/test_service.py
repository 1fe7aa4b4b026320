"""What holds for all of sourcing: its routes, its documentation."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from purveyor.http.routes import demands, routes_of
from purveyor_messaging.envelope import Event
from sourcing import worker


async def test_every_route_is_closed_to_strangers(app: FastAPI) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
    public = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs"}
    closed = [route for route in routes_of(app) if route.path not in public]
    assert len(closed) >= 14
    for route in closed:
        assert demands(route), route.path
        path = re.sub(r"{\w+}", "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10", route.path or "")
        for method in route.methods or ():
            response = await client.request(method, path)
            assert response.status_code == 401, (method, path)
    await client.aclose()


def test_every_operation_is_documented_with_an_example(app: FastAPI) -> None:
    document = app.openapi()
    schemas = document["components"]["schemas"]

    def has_example(content: Any) -> bool:
        [media] = list(content.values())[:1]
        schema = media["schema"]
        schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if schema.get("properties", {}).keys() == {"items", "next_cursor"}:
            item = schema["properties"]["items"]["items"]["$ref"].rpartition("/")[2]
            schema = schemas[item]
        return "examples" in schema or "example" in media

    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if not path.startswith(("/v1/supplier",)):
                continue
            where = f"{method} {path}"
            assert operation["summary"], where
            assert operation["tags"], where
            if "requestBody" in operation:
                assert has_example(operation["requestBody"]["content"]), where
            success = operation["responses"].get("200") or operation["responses"]["201"]
            if not path.endswith(":import"):
                assert has_example(success["content"]), where


def test_operation_ids_are_unique(app: FastAPI) -> None:
    operations = [operation for path in app.openapi()["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("published", worker.PUBLISHES)
def test_what_is_published_belongs_to_sourcing(published: type[Event]) -> None:
    assert published.service == "sourcing"
