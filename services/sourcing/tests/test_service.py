"""What holds for all of sourcing: its routes, its documentation."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from purveyor.testing.contract import CONTRACT, Check
from purveyor_cli.issuer import LocalIssuer
from purveyor_messaging.envelope import Event
from sourcing import worker


@pytest.mark.parametrize("kept", CONTRACT)
async def test_the_contract_of_every_api_is_kept(app: FastAPI, issuer: LocalIssuer, kept: Check) -> None:
    await kept(app, issuer)


def test_what_is_sent_and_answered_has_an_example(app: FastAPI) -> None:
    document = app.openapi()
    schemas = document["components"]["schemas"]

    def has_example(content: Any) -> bool:
        [media] = list(content.values())[:1]
        return all(shows_one(schema, media) for schema in media["schema"].get("anyOf", [media["schema"]]))

    def shows_one(schema: Any, media: Any) -> bool:
        schema = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        if schema.get("properties", {}).keys() >= {"items", "next_cursor"}:
            item = schema["properties"]["items"]["items"]["$ref"].rpartition("/")[2]
            schema = schemas[item]
        return "examples" in schema or "example" in media

    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if not path.startswith(("/v1/supplier", "/v1/questionnaires", "/v1/qualification")):
                continue
            where = f"{method} {path}"
            if "requestBody" in operation:
                assert has_example(operation["requestBody"]["content"]), where
            success = operation["responses"].get("200") or operation["responses"]["201"]
            if not path.endswith(":import"):
                assert has_example(success["content"]), where


@pytest.mark.parametrize("published", worker.PUBLISHES)
def test_what_is_published_belongs_to_sourcing(published: type[Event]) -> None:
    assert published.service == "sourcing"
