"""A bulk job as HTTP shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.bulk_jobs import BulkJob, Status

EXAMPLE: dict[str, Any] = {
    "id": "0197a3f2-7c1e-7b61-a3f5-2f0f5c3d9a10",
    "kind": "import-suppliers",
    "status": "running",
    "atomic": False,
    "asked_by": "ada",
    "asked_at": "2026-03-02T11:00:00Z",
    "finished_at": None,
    "rows": 20000,
    "done": 8000,
    "refused": 3,
    "problem": None,
}


class BulkProblemField(BaseModel):
    """One thing that was wrong with a row of an atomic job."""

    line: int | None = Field(default=None, description="In which line of the body, from 1", examples=[2])
    pointer: str = Field(description="JSON pointer into the row", examples=["/apples"])
    detail: str


class BulkProblem(BaseModel):
    """Why an atomic job was refused; nothing was changed."""

    code: str = Field(examples=["rows_refused"])
    detail: str
    errors: list[BulkProblemField] = Field(description="A hundred of them at most")


class BulkJobShown(BaseModel):
    """Rows that were sent together, and how far the work on them has come."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    kind: str = Field(
        description="What is done with the rows: `import-suppliers` for those of `POST /v1/suppliers:import`"
    )
    status: Status = Field(
        description="`cancelled` from the moment somebody stops it: no further part is begun, and the one "
        "under way is finished; it has ended once `finished_at` says so"
    )
    atomic: bool
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None = Field(
        description="From when on nothing of it is under way: `done` and the results change no more"
    )
    rows: int = Field(description="How many were sent")
    done: int = Field(description="How many of them were looked at")
    refused: int = Field(description="How many of these were refused")
    problem: BulkProblem | None


def shown(job: BulkJob) -> BulkJobShown:
    """Return a job as it is shown."""
    names = BulkJobShown.model_fields.keys() - {"problem"}
    problem = None if job.problem is None else BulkProblem.model_validate(job.problem)
    return BulkJobShown(**{name: getattr(job, name) for name in names}, problem=problem)
