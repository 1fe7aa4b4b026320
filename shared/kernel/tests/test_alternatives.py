"""What may be of several kinds, and what holds itself: refused where it was sent, documented once."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from purveyor.http.openapi import plain
from purveyor.http.problems import pointer, sent


class Leaf(BaseModel):
    kind: Literal["leaf"]
    leaf: int


class Branch(BaseModel):
    kind: Literal["branch"]
    of: list[Tree]


Tree = Annotated[Leaf | Branch, Field(discriminator="kind")]
Branch.model_rebuild()


class Planted(BaseModel):
    tree: Tree
    at: int = 0


class Shown(BaseModel):
    tree: Tree
    at: int


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"tree": {"kind": "branch", "of": [{"kind": "leaf"}]}}, "/tree/of/0/leaf"),
        ({"tree": {"kind": "branch", "of": [{"kind": "leaf", "leaf": "green"}]}}, "/tree/of/0/leaf"),
        ({"tree": {"kind": "branch", "of": [{"kind": "stone"}]}}, "/tree/of/0"),
        ({"tree": {"kind": "branch", "of": 5}}, "/tree/of"),
        ({"tree": {"kind": "leaf", "leaf": 1}, "at": "home"}, "/at"),
        ({}, "/tree"),
    ],
)
def test_a_fault_is_where_it_was_sent_and_not_where_it_was_read_as(body: Any, found: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Planted).validate_python(body)
    [error] = refused.value.errors()
    assert pointer(sent(error["loc"], body, missing=error["type"] == "missing")) == found


def test_a_model_that_holds_itself_is_documented_once() -> None:
    app = FastAPI()

    @app.post("/trees")
    def plant(body: Planted) -> Shown:
        return Shown(tree=body.tree, at=body.at)

    assert {"Branch-Input", "Branch-Output"} <= app.openapi()["components"]["schemas"].keys()
    schemas = plain(app.openapi(), {})["components"]["schemas"]
    assert {"Branch", "Leaf", "Planted", "Shown"} == {name for name in schemas if "Validation" not in name}
    assert schemas["Branch"]["properties"]["of"]["items"]["discriminator"]["mapping"] == {
        "leaf": "#/components/schemas/Leaf",
        "branch": "#/components/schemas/Branch",
    }
