"""The schema of every service: its models say what its migrations made, its revisions are in order."""

from __future__ import annotations

import importlib.metadata
import pkgutil
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
from alembic.util import to_tuple
from sqlalchemy import MetaData

import purveyor_approvals.model  # noqa: F401  # maps them
from purveyor.migrations.phase import Phase
from purveyor.migrations.shipped import release_order, shipped
from purveyor.testing.schema import differences
from purveyor_approvals.database import Base as Approvals
from purveyor_cli.services import SERVICES, Service

EVERY_SERVICE = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
ALEMBIC_ID_LENGTH = 32
OF_APPROVALS = "purveyor_approvals.migrations"
NewDatabase = Callable[[str], Awaitable[str]]


def mapped(service: Service) -> MetaData:
    """Return the tables of all mapped classes of a service."""
    package = importlib.import_module(service.migrations.partition(".")[0])
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if "model" in module.name.split("."):
            importlib.import_module(module.name)
    metadata: MetaData = importlib.import_module(f"{package.__name__}.database").Base.metadata
    return metadata


def branches_of(service: Service) -> tuple[str, ...]:
    """Return the packages whose revisions make a service's schema."""
    branches: tuple[str, ...] = importlib.import_module(service.migrations).BRANCHES
    return branches


async def tables(url: str) -> set[str]:
    """Return the tables of a database."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    return {row["tablename"] for row in rows}


@EVERY_SERVICE
async def test_the_mapped_classes_say_what_the_migrations_made(
    service: Service, lend_database: NewDatabase
) -> None:
    url, own = await lend_database(service.name), mapped(service)
    shared = Approvals.metadata if OF_APPROVALS in branches_of(service) else MetaData()
    assert await differences(url, own) == []
    of_shared = await differences(url, shared)
    assert [one for one in of_shared if not one.startswith("+ sequence ")] == [], "sequences are the others'"
    there = await tables(url) - await tables(await lend_database("kernel"))
    assert there == own.tables.keys() | shared.tables.keys()


@EVERY_SERVICE
def test_a_schema_is_the_branches_of_its_packages_and_each_has_one_head(service: Service) -> None:
    code = shipped(service.migrations)
    assert code is not None
    heads = [code.scripts.get_revision(head) for head in code.scripts.get_heads()]
    own = service.name.replace("-", "_")
    shared = ["approvals"] if OF_APPROVALS in branches_of(service) else []
    labels = sorted(label for head in heads for label in head.branch_labels)
    assert labels == sorted([*shared, "kernel", "messaging", own])


@EVERY_SERVICE
def test_revisions_are_named_by_date_and_those_before_precede_those_after_in_a_release(
    service: Service,
) -> None:
    code = shipped(service.migrations)
    assert code is not None
    version = importlib.metadata.version("purveyor")
    order = list(Phase).index
    for revision in code.revisions:
        script = code.scripts.get_revision(revision.id)
        assert re.fullmatch(r"\d{4}_\d{2}_\d{2}_[a-z_]+", revision.id)
        assert Path(script.path).stem == revision.id
        assert len(revision.id) <= ALEMBIC_ID_LENGTH
        assert revision.phase in {Phase.BEFORE, Phase.AFTER}
        assert release_order(revision.release) <= release_order(version), "the packages' version is older"
        stands_on = (*to_tuple(script.down_revision, ()), *to_tuple(script.dependencies, ()))
        for earlier in code.scripts.get_revisions(stands_on):
            place = (release_order(earlier.module.release), order(Phase(earlier.module.phase)))
            assert place <= (release_order(revision.release), order(Phase(revision.phase)))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("ALTER TABLE site ADD area text", "+ site.area text"),
        ("ALTER TABLE site ALTER name DROP NOT NULL", "+ site.name text"),
        ("ALTER TABLE site ALTER name SET DEFAULT 'x'", "+ site.name text NOT NULL DEFAULT 'x'::text"),
        ("ALTER TABLE purchase_order DROP CONSTRAINT ck_purchase_order_total", "- purchase_order: ck_"),
        ("ALTER TABLE purchase_order DROP CONSTRAINT ck_purchase_order_status", "- purchase_order: ck_"),
        ("DROP INDEX ix_purchase_order_flagged", "- CREATE INDEX ix_purchase_order_flagged"),
        ("CREATE INDEX stray ON site (name)", "+ CREATE INDEX stray"),
        ("ALTER SEQUENCE goods_receipt_number INCREMENT BY 10", "+ sequence goods_receipt_number"),
    ],
)
async def test_what_models_and_migrations_say_differently_is_found(
    change: str, told: str, lend_database: NewDatabase
) -> None:
    [procurement] = [service for service in SERVICES if service.name == "procurement"]
    url = await lend_database("procurement")
    connection = await asyncpg.connect(url)
    await connection.execute(change)
    await connection.close()
    found = await differences(url, mapped(procurement))
    assert any(line.startswith(told) for line in found), found
