"""Listeners in several languages: every message on Kafka is what was promised, and what the feeds tell."""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict

import httpx
from tests.strangers.clients import python_tools
from tests.strangers.running import write_messages
from tests.strangers.tools import HERE, ComplaintError, Run, said

MESSAGES = "messages.jsonl"


def node(run: Run) -> str:
    """Read Kafka with kafkajs, the CloudEvents SDK and ajv, and compare with the feeds."""
    return said(run.folder, "node", "listener.mjs", **run.environment, KAFKAJS_NO_PARTITIONER_WARNING="1")


def go(run: Run) -> str:
    """Read Kafka with franz-go, the CloudEvents SDK and a validator, and compare with the feeds."""
    folder = run.folder / "listener"
    shutil.copytree(HERE / "go" / "listener", folder)
    said(folder, "go", "build", "-o", "listener", ".")
    return said(folder, folder / "listener", **run.environment)


def java(run: Run) -> str:
    """Let the CloudEvents SDK for Java take every message, and networknt's validator its data."""
    folder = run.folder / "reader"
    sources = folder / "src" / "main" / "java" / "example"
    sources.mkdir(parents=True)
    shutil.copy(HERE / "java" / "Reader.java", sources)
    shutil.copy(HERE / "java" / "reader.xml", folder / "pom.xml")
    goals = ("compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath")
    said(folder, "mvn", "--quiet", "--batch-mode", *goals)
    classes = f"{folder}/target/classes:{(folder / 'classpath').read_text()}"
    return said(folder, "java", "-cp", classes, "example.Reader", _messages(run))


def python(run: Run) -> str:
    """Let the CloudEvents SDK for Python take every message, and check-jsonschema its data."""
    tools = python_tools()
    taken = said(run.folder, tools / "bin" / "python", HERE / "python" / "reader.py", _messages(run))
    data: defaultdict[str, list[str]] = defaultdict(list)
    for line in (run.folder / MESSAGES).read_text().splitlines():
        message = json.loads(line)
        data[message["headers"]["ce_dataschema"]].append(message["value"])
    for number, (url, values) in enumerate(sorted(data.items())):
        answered = httpx.get(url)
        if answered.status_code != httpx.codes.OK:
            raise ComplaintError(f"{url}: {answered.status_code}")
        folder = run.folder / f"data-{number}"
        folder.mkdir()
        (folder / "schema").write_text(answered.text)
        for place, value in enumerate(values):
            (folder / f"{place}.json").write_text(value)
        files = sorted(folder.glob("*.json"))
        path = f"{tools}/bin:{os.environ['PATH']}"
        said(folder, "check-jsonschema", "--check-metaschema", "schema", PATH=path)
        said(folder, "check-jsonschema", "--schemafile", "schema", *files, PATH=path)
    return f"{taken.strip()}, {len(data)} schemas"


def _messages(run: Run) -> str:
    """Return the file of all messages; it is written for who comes first."""
    path = run.folder / MESSAGES
    if not path.exists() and write_messages(path, run.environment) == 0:
        raise ComplaintError("there is no message on Kafka")
    return str(path)
