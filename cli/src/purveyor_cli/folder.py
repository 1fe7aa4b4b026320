"""The data folder of a local stack: its lock, its issuer, its database, and where it can be reached."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Self

from pydantic import BaseModel, ValidationError

from purveyor.signing import SigningKey
from purveyor_cli import bank_keys
from purveyor_cli.errors import FolderInUseError
from purveyor_cli.issuer import LocalIssuer


class Urls(BaseModel):
    """A service's database as those see it who run, migrate and seal; the same where there is one role."""

    runtime: str
    migration: str
    sealing: str

    @classmethod
    def undivided(cls, url: str) -> Self:
        """Return one URL for all duties."""
        return cls(runtime=url, migration=url, sealing=url)

    @property
    def settings(self) -> dict[str, str]:
        """What the settings of a service say of them."""
        return {
            "database_url": self.runtime,
            "migration_database_url": self.migration,
            "sealing_database_url": self.sealing,
        }


class State(BaseModel):
    """Where a stack can be reached, or could while it ran."""

    pid: int
    urls: dict[str, str]
    databases: dict[str, Urls]
    embedded: bool
    kafka: str | None = None


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A data folder; nothing is made before it is needed."""

    path: Path

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL's own folder."""
        return self.path / "postgres"

    @property
    def files(self) -> str:
        """Where the services keep the files that they are sent, as their settings name it."""
        return (self.path.absolute() / "files").as_uri()

    def issuer(self) -> LocalIssuer:
        """Open the folder's token issuer, making its key when it is new."""
        return LocalIssuer.in_folder(self.path / "issuer")

    @property
    def audit_settings(self) -> dict[str, str]:
        """What the settings of every service say of its audit trail: its keys, and a place in this folder."""
        folder = self.path / "audit"
        key = folder / "key.pem"
        if not key.exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "public.pem").write_text(SigningKey.make(key).public_pem)
        record_key = folder / "record.key"
        if not record_key.exists():
            record_key.touch(mode=0o600)
            record_key.write_text(token_hex())
        return {
            "audit_record_keys": record_key.read_text(),
            "audit_anchors": f"file:{folder / 'anchors'}",
            "audit_signing_key_file": str(key),
            "audit_public_keys_file": str(folder / "public.pem"),
        }

    def bank_settings(self, service: str) -> dict[str, Any]:
        """Return what the settings of a service say of the keys of bank accounts, made when they are new."""
        return bank_keys.kept_in(self.path / "bank-accounts").settings.get(service, {})

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for this process alone; raises FolderInUseError when another has it.

        The operating system lets go of it when the process ends, however it ends.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderInUseError(f"Another purveyor runs on the data folder {self.path}.") from None
            yield

    def is_running(self) -> bool:
        """Whether a stack runs on this folder."""
        if not (self.path / "lock").exists():
            return False
        try:
            with self.lock():
                return False
        except FolderInUseError:
            return True

    def write_state(self, state: State) -> None:
        """Note where the stack can be reached, all at once."""
        unfinished = self.path / "state.json.new"
        unfinished.touch(mode=0o600)
        unfinished.write_text(state.model_dump_json(indent=2) + "\n")
        unfinished.replace(self._state_file)

    def state(self) -> State | None:
        """Return where the stack can be reached, or could when it last ran; None when it never ran."""
        try:
            return State.model_validate_json(self._state_file.read_text())
        except (FileNotFoundError, ValidationError):
            return None

    @property
    def _state_file(self) -> Path:
        return self.path / "state.json"
