"""`make strangers`: read the contract with what strangers have: validators, linters, generators, SDKs.

Each service's OpenAPI document, and the one of all three, is linted by Spectral and Redocly with their
recommended rules. Clients are generated from the documents and compiled: TypeScript, Go twice, Java, Python;
each runs the lifecycle against the three services on a real Kafka, and none has lost an operation or an
answer. Documents for suppliers are validated by UBL's schemas and Peppol's rules. The event schemas compile
under ajv's strict rules, AsyncAPI's parser reads the document. What then lies on Kafka is read in Node, Go,
Java and Python with the CloudEvents SDKs, validated, and compared with the feeds. Keycloak takes the realms
that are shipped, and the services its tokens. Nothing may be complained of. A tool whose language is not on
the path is named, and left out.
`make strangers ARGS="spectral listener"` lets only those read that have such words in their names.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.strangers import clients, contract, identity, listeners
from tests.strangers import documents as exchanged
from tests.strangers.running import stack
from tests.strangers.tools import HERE, KEPT, ComplaintError, Run, Stranger, marked, said, tell

from purveyor_cli.kafka import KafkaUnavailableError
from purveyor_cli.openapi import ALL, combined, documents

STRANGERS = (
    Stranger("ajv and the CloudEvents SDK (strict)", ("node", "npm"), contract.schemas),
    Stranger("AsyncAPI's parser", ("node", "npm"), contract.asyncapi),
    Stranger("Spectral", ("node", "npm"), contract.spectral),
    Stranger("Redocly", ("node", "npm"), contract.redocly),
    Stranger("openapi-typescript, of all services at once", ("node", "npm"), contract.all_at_once),
    Stranger("Keycloak, and the realms that are shipped", ("java", "mvn"), identity.keycloak),
    Stranger("phive, UBL's schemas and Peppol's rules", ("java", "mvn"), exchanged.phive),
    Stranger(
        "openapi-typescript, tsc --strict, openapi-fetch", ("node", "npm"), clients.typescript, live=True
    ),
    Stranger("oapi-codegen", ("go",), clients.oapi_codegen, live=True),
    Stranger("openapi-generator for Go", ("java", "mvn", "go"), clients.go, live=True),
    Stranger("openapi-generator for Java", ("java", "mvn"), clients.java, live=True),
    Stranger("openapi-python-client", (), clients.python, live=True),
    Stranger("a listener in Node", ("node", "npm"), listeners.node, live=True),
    Stranger("a listener in Go", ("go",), listeners.go, live=True),
    Stranger("a reader in Java", ("java", "mvn"), listeners.java, live=True),
    Stranger("a reader in Python", (), listeners.python, live=True),
)


def main(words: Sequence[str]) -> int:
    """Let every stranger read the contract, or those named with such words; returns how many complained."""
    asked = [one for one in STRANGERS if not words or any(word in one.name.lower() for word in words)]
    complaints = 0
    with ExitStack() as cleanup:
        run = Run(_prepared(Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="strangers-")))))
        runs = True
        for stranger in asked:
            lacking = [f"no {program}" for program in stranger.needs if shutil.which(program) is None]
            if not lacking and stranger.live and runs and not run.environment:
                try:
                    run.environment.update(cleanup.enter_context(stack()))
                except KafkaUnavailableError as error:
                    tell(f"Kafka: not started, {error}")
                    runs = False
                    complaints += os.environ.get("REQUIRE_KAFKA") == "1"
            if stranger.live and not runs:
                lacking.append("no Kafka")
            if lacking:
                tell(f"{stranger.name}: not asked, there is {' and '.join(lacking)}")
                continue
            began = time.monotonic()
            try:
                answer = stranger.read(run).strip()
                tell(f"{stranger.name}: {answer} ({time.monotonic() - began:.0f} s)")
            except ComplaintError as error:
                complaints += 1
                tell(f"{stranger.name}: complains\n{error}")
    return complaints


def _prepared(folder: Path) -> Path:
    """Return the folder with the documents in it, and what programs in Node need."""
    for name, document in (documents() | {ALL: combined()}).items():
        (folder / f"{name}.json").write_text(json.dumps(document, indent=1))
    for path in (HERE / "node").iterdir():
        shutil.copy(path, folder)
    KEPT.mkdir(exist_ok=True)
    if shutil.which("npm"):
        kept = KEPT / f"node-{marked(HERE / 'node' / 'package-lock.json')}"
        if not (kept / "ready").exists():
            kept.mkdir(exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / "node" / name, kept)
            said(kept, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            (kept / "ready").touch()
        (folder / "node_modules").symlink_to(kept / "node_modules")
    return folder


if __name__ == "__main__":
    sys.exit(main([word.lower() for word in sys.argv[1:]]))
