"""`make strangers`: read the contract with what strangers have: validators, linters, generators of clients.

Each service's OpenAPI document is linted by Spectral and Redocly with their recommended rules, and clients
are generated from it with default options and compiled: TypeScript, Go twice, Java. The event schemas compile
under ajv's strict rules, AsyncAPI's parser reads the document, and the CloudEvents SDK takes the examples as
events. Nothing may be complained of. A tool whose language is not on the path is named, and left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from purveyor.service import ServiceContext
from purveyor_cli.contract import CONTRACT
from purveyor_cli.services import SERVICES
from purveyor_contract.schemas import example_of, published_events
from purveyor_messaging.envelope import DEFAULT_SCHEMAS, dataschema

HERE = Path(__file__).parent
OAPI_CODEGEN = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2"
GENERATOR = "org.openapitools:openapi-generator-cli:7.10.0"
DOCUMENTS = [service.name for service in SERVICES]


@dataclass(frozen=True, slots=True)
class Stranger:
    """A tool, the programs that it needs, and what it does in a folder with the documents."""

    name: str
    needs: tuple[str, ...]
    read: Callable[[Path], str]


def said(folder: Path, *command: str | Path, **more: str) -> str:
    """Run a command and return what it said; raises CalledProcessError when it complains."""
    done = subprocess.run(  # noqa: S603  # our own commands
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | {"GOFLAGS": "-mod=mod", "GOBIN": str(folder / "bin"), "NO_COLOR": "1"} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout)
    return done.stdout


def npx(folder: Path, *command: str | Path) -> str:
    """Run a program of a package that is installed."""
    return said(folder, folder / "node_modules" / ".bin" / command[0], *command[1:])


def schemas(folder: Path) -> str:
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
    (folder / "events.jsonl").write_text("\n".join(lines))
    return said(folder, "node", "schemas.mjs", CONTRACT.directory, "events.jsonl")


def asyncapi(folder: Path) -> str:
    """Parse the AsyncAPI document."""
    return said(folder, "node", "asyncapi.mjs", CONTRACT.directory / "asyncapi.yaml")


def spectral(folder: Path) -> str:
    """Lint with Spectral's rules for OpenAPI; a warning is a fault."""
    documents = [f"{name}.json" for name in DOCUMENTS]
    npx(folder, "spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint", *documents)
    return f"{len(documents)} documents"


def redocly(folder: Path) -> str:
    """Lint with Redocly's recommended rules; a warning is a fault."""
    for name in DOCUMENTS:
        npx(
            folder,
            "redocly",
            "lint",
            "--extends",
            "recommended-strict",
            "--format",
            "summary",
            f"{name}.json",
        )
    return f"{len(DOCUMENTS)} documents"


def typescript(folder: Path) -> str:
    """Generate types for TypeScript and compile them strictly."""
    for name in DOCUMENTS:
        npx(folder, "openapi-typescript", f"{name}.json", "--output", f"types/{name}.d.ts")
    files = [f"types/{name}.d.ts" for name in DOCUMENTS]
    npx(folder, "tsc", "--strict", "--noEmit", "--skipLibCheck", "false", *files)
    return f"{len(files)} files"


def oapi_codegen(folder: Path) -> str:
    """Generate clients for Go with oapi-codegen, and vet them."""
    said(folder, "go", "install", OAPI_CODEGEN)
    (folder / "oapi").mkdir()
    (folder / "oapi" / "go.mod").write_text("module strangers\n\ngo 1.22\n")
    for name in DOCUMENTS:
        package = name.replace("-", "")
        (folder / "oapi" / package).mkdir()
        said(
            folder,
            folder / "bin" / "oapi-codegen",
            "-generate",
            "types,client",
            "-package",
            package,
            "-o",
            f"oapi/{package}/client.go",
            f"{name}.json",
        )
    said(folder / "oapi", "go", "mod", "tidy")
    said(folder / "oapi", "go", "vet", "./...")
    return f"{len(DOCUMENTS)} packages"


def generator(folder: Path) -> Path:
    """Return the openapi-generator, from Maven."""
    said(
        folder, "mvn", "--quiet", "dependency:copy", f"-Dartifact={GENERATOR}", f"-DoutputDirectory={folder}"
    )
    return next(folder.glob("openapi-generator-cli-*.jar"))


def generated(folder: Path, language: str, **options: str) -> Iterator[Path]:
    """Yield the folder of each service's client in a language, made with default options."""
    jar = generator(folder)
    for name in DOCUMENTS:
        made = folder / f"{language}-{name}"
        given = [f"--{key}={value}" for key, value in options.items()]
        said(
            folder, "java", "-jar", jar, "generate", "-i", f"{name}.json", "-g", language, "-o", made, *given
        )
        yield made


def go(folder: Path) -> str:
    """Generate clients for Go with openapi-generator, and build them."""
    for made in generated(folder, "go"):
        shutil.rmtree(made / "test")  # which has the name of a module that nobody has
        said(made, "go", "build", "./...")
    return f"{len(DOCUMENTS)} clients"


def java(folder: Path) -> str:
    """Generate clients for Java with openapi-generator, and compile them."""
    for made in generated(folder, "java", library="native"):
        said(made, "mvn", "--quiet", "--batch-mode", "compile")
    return f"{len(DOCUMENTS)} clients"


STRANGERS = (
    Stranger("ajv and the CloudEvents SDK (strict)", ("node", "npm"), schemas),
    Stranger("AsyncAPI's parser", ("node", "npm"), asyncapi),
    Stranger("Spectral", ("node", "npm"), spectral),
    Stranger("Redocly", ("node", "npm"), redocly),
    Stranger("openapi-typescript and tsc --strict", ("node", "npm"), typescript),
    Stranger("oapi-codegen and go vet", ("go",), oapi_codegen),
    Stranger("openapi-generator for Go", ("java", "mvn", "go"), go),
    Stranger("openapi-generator for Java", ("java", "mvn"), java),
)


def write_documents(folder: Path) -> None:
    """Write each service's OpenAPI document, as it answers it."""
    for service in SERVICES:
        code = service.code()
        settings = service.settings(
            database_url="postgresql://nobody@localhost/nothing", oidc_issuer="https://issuer.example"
        )
        app = code.create_app(ServiceContext.create(service.name, settings))
        (folder / f"{service.name}.json").write_text(json.dumps(app.openapi(), indent=1))


def tell(text: str) -> None:
    """Say how it goes, at once: it takes minutes."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    """Let every stranger read the contract; returns how many complained."""
    complaints = 0
    with tempfile.TemporaryDirectory(prefix="strangers-") as temporary:
        folder = Path(temporary)
        for path in HERE.iterdir():
            if path.suffix in {".json", ".mjs", ".yaml"}:
                shutil.copy(path, folder)
        write_documents(folder)
        if shutil.which("npm"):
            said(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
        for stranger in STRANGERS:
            lacking = [program for program in stranger.needs if shutil.which(program) is None]
            if lacking:
                tell(f"{stranger.name}: not asked, there is no {' and no '.join(lacking)}")
                continue
            try:
                tell(f"{stranger.name}: {stranger.read(folder).strip()}")
            except subprocess.CalledProcessError as error:
                complaints += 1
                tell(f"{stranger.name}: complains\n{error.stdout}")
    return complaints


if __name__ == "__main__":
    sys.exit(main())
