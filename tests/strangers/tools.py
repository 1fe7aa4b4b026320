"""How a stranger's tool is run: as a program, in a folder, and whatever it complains of is a fault."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from purveyor_cli.services import SERVICES

HERE = Path(__file__).parent
KEPT = Path(".venv", "strangers").absolute()
"""What is the same from run to run: packages of Node and Python, by what their locks say."""
DOCUMENTS = [service.name for service in SERVICES]


class ComplaintError(Exception):
    """What a tool complains of."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its folder with the documents, and what programs are told of the stack that runs beside it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stranger:
    """A tool, the programs that it needs, and what it does; one that is `live` needs a running stack."""

    name: str
    needs: tuple[str, ...]
    read: Callable[[Run], str]
    live: bool = False


def said(folder: Path, *command: str | Path, **more: str) -> str:
    """Run a command and return what it said; raises ComplaintError when it complains."""
    done = subprocess.run(  # noqa: S603  # our own commands
        [str(part) for part in command],
        cwd=folder,
        env=os.environ | {"GOFLAGS": "-mod=mod", "GOBIN": str(KEPT / "go"), "NO_COLOR": "1"} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ComplaintError(f"{' '.join(str(part) for part in command)}: {done.returncode}\n{done.stdout}")
    return done.stdout


def from_maven(artifact: str) -> Path:
    """Return an artifact of Maven (`group:name:version`, `:kind` where it is no jar), which is kept."""
    _, name, version, *kind = artifact.split(":")
    file = KEPT / f"{name}-{version}.{kind[0] if kind else 'jar'}"
    if not file.exists():
        copy = ("dependency:copy", f"-Dartifact={artifact}", f"-DoutputDirectory={KEPT}")
        said(Path.cwd(), "mvn", "--quiet", "--batch-mode", *copy)
    return file


def npx(folder: Path, *command: str | Path) -> str:
    """Run a program of a package that is installed."""
    return said(folder, folder / "node_modules" / ".bin" / command[0], *command[1:])


def marked(lock: Path) -> str:
    """Return what changes when a lock does."""
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:12]


def module(name: str) -> str:
    """Return a service's name where a dash may not stand."""
    return name.replace("-", "")


def tell(text: str) -> None:
    """Say how it goes, at once: it takes minutes."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
