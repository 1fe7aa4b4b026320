"""Clients that generators make of the documents: nothing is lost, they compile, they run the lifecycle."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.strangers import answers
from tests.strangers.tools import (
    DOCUMENTS,
    HERE,
    KEPT,
    ComplaintError,
    Run,
    from_maven,
    marked,
    module,
    npx,
    said,
)

OAPI_CODEGEN = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2"
GENERATOR = "org.openapitools:openapi-generator-cli:7.25.0"
EXCUSED = (
    "OpenAPI 3.1 support is still in beta",
    # It warns of every `additionalProperties: false`, which it takes for a schema that has no name.
    "Failed to get the schema name: null",
    # A query asks by a field's name, and a field has the field's name: each language finds its own for those.
    "type (reserved word) cannot be used as",
    "List (reserved word) cannot be used as",
)
"""Warnings of openapi-generator that say nothing of the documents."""
KINDS = {
    "application/x-ndjson": "application/json",
    "text/csv": "application/json",
    "application/xml": "application/octet-stream",
    "application/pdf": "application/octet-stream",
    "image/png": "application/octet-stream",
    "image/jpeg": "application/octet-stream",
    "text/plain": "application/octet-stream",
} | {
    f"application/vnd.openxmlformats-officedocument.{form}": "application/octet-stream"
    for form in ("wordprocessingml.document", "spreadsheetml.sheet")
}
"""How openapi-python-client is to read kinds of bodies that it does not know: a row is JSON, a file bytes."""


def lived(run: Run, client: str, *command: str | Path) -> str:
    """Return what a client said of its lifecycle."""
    return said(run.folder, *command, **run.environment, CLIENT=client).strip()


def typescript(run: Run) -> str:
    """Generate types for TypeScript, compile a program on them strictly, and run it."""
    for name in DOCUMENTS:
        # Otherwise what has a default is required in what is sent, too.
        npx(
            run.folder,
            "openapi-typescript",
            f"{name}.json",
            "--default-non-nullable=false",
            "--output",
            f"types/{name}.d.ts",
        )
    (run.folder / "answers.ts").write_text(answers.of_typescript(run.folder))
    options = ("--strict", "--target", "es2022", "--module", "nodenext", "--outDir", "built")
    npx(run.folder, "tsc", *options, "lifecycle.ts", "answers.ts")
    count = answers.counted(run.folder, ())
    return f"{count}; {lived(run, 'TYPESCRIPT', 'node', 'built/lifecycle.js')}"


def oapi_codegen(run: Run) -> str:
    """Generate clients for Go with oapi-codegen, vet them and the program on them, and run it."""
    folder = run.folder / "oapi"
    folder.mkdir()
    if not (KEPT / "go" / "oapi-codegen").exists():
        said(folder, "go", "install", OAPI_CODEGEN)
    for path in (HERE / "go" / "oapi_codegen").iterdir():
        shutil.copy(path, folder)
    made = {}
    for name in DOCUMENTS:
        code = folder / module(name) / "client.go"
        code.parent.mkdir()
        options = ("-generate", "types,client", "-package", module(name), "-o", code)
        said(folder, KEPT / "go" / "oapi-codegen", *options, run.folder / f"{name}.json")
        made[name] = code.read_text()
    count = answers.counted(run.folder, answers.lost_by_oapi_codegen(run.folder, made))
    said(folder, "go", "mod", "tidy")
    said(folder, "go", "vet", "./...")
    said(folder, "go", "build", "-o", "lifecycle", ".")
    return f"{count}; {lived(run, 'OAPICODEGEN', folder / 'lifecycle')}"


def generated(run: Run, language: str, *options: str) -> Iterator[str]:
    """Make a service's client after the other, with default options but for names; yield the names."""
    jar = from_maven(GENERATOR)
    for name in DOCUMENTS:
        given = [option.replace("SERVICE", module(name)) for option in options]
        output = said(
            run.folder, "java", "-jar", jar, "generate", "-i", f"{name}.json", "-g", language, *given
        )
        warned = [
            line
            for line in output.splitlines()
            if re.search(r"\b(WARN|ERROR)\b", line) and not any(excuse in line for excuse in EXCUSED)
        ]
        if warned:
            raise ComplaintError("\n".join(warned))
        yield name


def go(run: Run) -> str:
    """Generate clients for Go with openapi-generator, vet them and the program on them, and run it."""
    folder = run.folder / "go"
    names = ("--git-host", "purveyor.example", "--git-user-id", "clients", "--git-repo-id", "SERVICE")
    made = {}
    for name in generated(run, "go", "-o", "go/SERVICE", *names):
        code = folder / module(name)
        shutil.rmtree(code / "test")  # it needs modules that clients do not
        made[name] = "\n".join(path.read_text() for path in code.glob("api_*.go"))
    count = answers.counted(run.folder, answers.lost_by_go(run.folder, made))
    program = folder / "lifecycle"
    shutil.copytree(HERE / "go" / "openapi_generator", program)
    said(program, "go", "vet", "./...")
    said(program, "go", "build", "-o", "lifecycle", ".")
    return f"{count}; {lived(run, 'GOGENERATED', program / 'lifecycle')}"


def java(run: Run) -> str:
    """Generate clients for Java with openapi-generator, compile them with the program on them, and run it."""
    folder = run.folder / "java"
    names = (
        "--library=native",
        "--invoker-package=example.SERVICE",
        "--api-package=example.SERVICE.api",
        "--model-package=example.SERVICE.model",
    )
    made = {}
    for name in generated(run, "java", "-o", "java", *names):
        code = folder / "src" / "main" / "java" / "example" / module(name) / "api"
        made[name] = "\n".join(path.read_text() for path in code.glob("*Api.java"))
    count = answers.counted(run.folder, answers.lost_by_java(run.folder, made))
    shutil.copy(HERE / "java" / "Lifecycle.java", folder / "src" / "main" / "java" / "example")
    goals = ("compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath")
    said(folder, "mvn", "--quiet", "--batch-mode", *goals)
    classes = f"{folder}/target/classes:{(folder / 'classpath').read_text()}"
    return f"{count}; {lived(run, 'JAVA', 'java', '-cp', classes, 'example.Lifecycle')}"


def python(run: Run) -> str:
    """Generate clients for Python with openapi-python-client, check types of the program on them, run it."""
    folder = run.folder / "python"
    folder.mkdir()
    (folder / "config.yaml").write_text(json.dumps({"content_type_overrides": KINDS}))
    made = {}
    path = f"{python_tools()}/bin:{os.environ['PATH']}"
    for name in DOCUMENTS:
        package = f"{name.replace('-', '_')}_client"
        options = ("--config", "config.yaml", "--meta", "none", "--output-path", package, "--fail-on-warning")
        document = run.folder / f"{name}.json"
        said(folder, "openapi-python-client", "generate", "--path", document, *options, PATH=path)
        modules = (folder / package / "api").rglob("*.py")
        made[name] = {module.stem: module.read_text() for module in modules}
    count = answers.counted(run.folder, answers.lost_by_python(run.folder, made))
    for name in ("lifecycle.py", "mypy.ini"):
        shutil.copy(HERE / "python" / name, folder)
    said(folder, "mypy", "lifecycle.py", PATH=path)
    return f"{count}; {lived(run, 'PYTHON', python_tools() / 'bin' / 'python', folder / 'lifecycle.py')}"


def python_tools() -> Path:
    """Return an environment with what strangers have in Python; it is made once for what its lock says."""
    lock = HERE / "python" / "requirements.lock"
    folder = KEPT / f"python-{marked(lock)}"
    if not (folder / "ready").exists():
        uv = Path(".venv", "bin", "uv").absolute()
        said(HERE, uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder)
        install = ("pip", "install", "--quiet", "--python", folder / "bin" / "python", "--require-hashes")
        said(HERE, uv, *install, "-r", lock)
        (folder / "ready").touch()
    return folder
