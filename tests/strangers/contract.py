"""The contract itself, read by linters, parsers and validators."""

from __future__ import annotations

import json
import shutil

from tests.strangers.tools import DOCUMENTS, Run, npx, said

from purveyor_cli.contract import CONTRACT
from purveyor_cli.openapi import ALL
from purveyor_contract.schemas import example_of, published_events
from purveyor_messaging.envelope import DEFAULT_SCHEMAS, dataschema


def schemas(run: Run) -> str:
    """Compile every event schema, and let the SDK take every example as an event."""
    lines = [
        json.dumps(
            {
                "specversion": "1.0",
                "id": f"{event.__name__}-1",
                "type": event.type_name(),
                "source": event.service,
                "subject": str(example[event.key_field]),
                "time": "2026-03-02T09:30:00Z",
                "datacontenttype": "application/json",
                "dataschema": dataschema(event.type_name(), DEFAULT_SCHEMAS),
                "streamsequence": "1",
                "streamepoch": "1",
                "data": example,
            }
        )
        for event in published_events()
        for example in (example_of(event),)
    ]
    (run.folder / "events.jsonl").write_text("\n".join(lines))
    return said(run.folder, "node", "schemas.mjs", CONTRACT.directory, "events.jsonl")


def asyncapi(run: Run) -> str:
    """Parse the AsyncAPI document, with the schemas where every service answers them."""
    shutil.copy(CONTRACT.document, run.folder)
    (run.folder / "schemas").mkdir()
    for event in published_events():
        name = event.type_name()
        shutil.copy(CONTRACT.directory / f"{name}.json", run.folder / "schemas" / name)
    return said(run.folder, "node", "asyncapi.mjs", CONTRACT.document.name)


def spectral(run: Run) -> str:
    """Lint with Spectral's rules for OpenAPI; a warning is a fault."""
    documents = [f"{name}.json" for name in (*DOCUMENTS, ALL)]
    npx(run.folder, "spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint", *documents)
    return f"{len(documents)} documents"


def redocly(run: Run) -> str:
    """Lint with Redocly's recommended rules; a warning is a fault."""
    documents = [f"{name}.json" for name in (*DOCUMENTS, ALL)]
    npx(run.folder, "redocly", "lint", "--extends", "recommended-strict", "--format", "summary", *documents)
    return f"{len(documents)} documents"


def all_at_once(run: Run) -> str:
    """Generate types of the document of all services, and compile them strictly."""
    npx(run.folder, "openapi-typescript", f"{ALL}.json", "--output", "types/all.d.ts")
    npx(run.folder, "tsc", "--strict", "--noEmit", "--skipLibCheck", "false", "types/all.d.ts")
    return "1 document"
