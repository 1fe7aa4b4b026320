"""Later versions of a service's code: packages made for a test, with its schema and further revisions."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import NamedTuple

from purveyor.migrations.shipped import shipped

number = count(1)


class Step(NamedTuple):
    """A revision to be planted, with the statement that it is."""

    id: str
    release: str
    phase: str
    upgrade: str


def executes(sql: str) -> str:
    """Return the body of a revision that runs a statement."""
    return f"op.execute({sql!r})"


def plant(folder: Path, package: str, *steps: Step) -> str:
    """Make a package with the schema of another and further revisions; return where its migrations are.

    The folder has to be on the path of imports.
    """
    code = shipped(package)
    assert code is not None
    heads = code.scripts.get_revisions(code.scripts.get_heads())
    [down] = [head.revision for head in heads if code.service in head.branch_labels]
    later = f"later_{next(number)}"
    versions = folder / later / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions.parent / "__init__.py").write_text(
        f"from {package} import BRANCHES as NOW\nBRANCHES = (*NOW, '{later}.migrations')\n"
    )
    for step in steps:
        (versions / f"{step.id}.py").write_text(
            "from alembic import op\n"
            "from purveyor.migrations.operations import create_index_concurrently\n"
            f"revision, down_revision = '{step.id}', '{down}'\n"
            f"release, phase = '{step.release}', '{step.phase}'\n"
            f"def upgrade():\n    {step.upgrade}\n"
        )
        down = step.id
    return f"{later}.migrations"
