"""The schema of every service: its branches, and its revisions in order."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from purveyor.migrations.shipped import Phase, release_order, shipped
from purveyor_cli.services import SERVICES, Service

EVERY_SERVICE = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
ALEMBIC_ID_LENGTH = 32
NewDatabase = Callable[[str], Awaitable[str]]


@EVERY_SERVICE
def test_a_schema_is_the_branches_of_its_packages_and_each_has_one_head(service: Service) -> None:
    code = shipped(service.migrations)
    assert code is not None
    heads = [code.scripts.get_revision(head) for head in code.scripts.get_heads()]
    own = service.name.replace("-", "_")
    assert sorted(label for head in heads for label in head.branch_labels) == ["kernel", "messaging", own]


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
        for earlier in code.scripts.get_revisions(script.down_revision or ()):
            place = (release_order(earlier.module.release), order(Phase(earlier.module.phase)))
            assert place <= (release_order(revision.release), order(Phase(revision.phase)))
