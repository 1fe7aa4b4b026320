"""Search: how long the first page of suppliers takes among a million, for each kind of question.

`python -m bench.search --suppliers 1000000` makes the suppliers in minutes (`--folder F` keeps them for the
next run), asks through the query that the service answers with, and prints each kind's median and 95th
percentile, beside a supplier read by its primary key in the same run. Each question is asked three times, and
the quickest counts. What others do on the machine is not measured: times are those that the service and
its backend in the database were at work, one after the other; `waited` has the clock's.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import uvloop
from rich.console import Console
from rich.table import Table

from bench.screening import SEED
from bench.search_questions import Question, by_filters, by_text
from bench.search_suppliers import make
from purveyor.db import Database, Transaction
from purveyor.lists import Asked
from purveyor.migrations.run import upgrade
from purveyor_cli import postgres
from sourcing.suppliers.commands import learn_words
from sourcing.suppliers.rules.qualification import ORDERED_FROM
from sourcing.suppliers.store.finding import SUPPLIERS, find_suppliers
from sourcing.suppliers.store.rows import get_supplier

TODAY = date(2026, 11, 20)
AIM_MS = 50.0
BY_KEY = "one by its primary key"
WRITTEN = 2_000
SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "8GB", "max_parallel_workers_per_gather": "0"}
"""What a server of a million suppliers is given: the wheel's own has room for 128 MB. A backend works alone,
so that all of its work is seen."""


@dataclass(frozen=True, slots=True)
class Took:
    """How many milliseconds an answer took: at work, and by the clock."""

    worked: float
    waited: float
    found: int
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """The one connection that everything is asked on, and the process that answers there."""

    database: Database
    backend: int

    def worked(self) -> float:
        """Return how many milliseconds this process and its backend have been at work."""
        of_backend = int(Path(f"/proc/{self.backend}/schedstat").read_text().split()[0])
        return (time.process_time_ns() + of_backend) / 1_000_000

    async def quickest(self, answer: Callable[[Transaction], Awaitable[int]]) -> Took:
        """Return the quickest of three answers, each in a transaction of its own."""
        took = []
        for _ in range(3):
            worked, begun = self.worked(), time.perf_counter()
            async with self.database.transaction() as tx:
                found = await answer(tx)
            waited = (time.perf_counter() - begun) * 1000
            took.append(Took(self.worked() - worked, waited, found))
        return min(took, key=lambda one: one.worked)

    async def ask(self, question: Question) -> Took:
        """Return how long the first page takes, as the service answers it."""
        asked = Asked(listing=SUPPLIERS, filters=question.filters, sort=question.sort, limit=50)

        async def answer(tx: Transaction) -> int:
            return len((await find_suppliers(tx, asked, TODAY, ORDERED_FROM, None)).rows)

        return replace(await self.quickest(answer), question=question)

    async def read(self, supplier_id: UUID) -> Took:
        """Return how long a supplier takes by its primary key."""

        async def answer(tx: Transaction) -> int:
            return len((await get_supplier(tx, supplier_id)).approvals)

        return await self.quickest(answer)


def percentile(times: Iterable[float], share: float) -> float:
    """Return the time that this share of all did not exceed."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def written(connection: asyncpg.Connection) -> dict[str, float]:
    """Return how many milliseconds a new supplier takes, with the index that search uses and without."""
    took = {}
    for name, before in (("with", "SELECT 1"), ("without", "DROP INDEX ix_supplier_search_text")):
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(before)
        begun = time.perf_counter()
        await connection.execute(COPIES, WRITTEN)
        took[name] = (time.perf_counter() - begun) * 1000 / WRITTEN
        await transaction.rollback()
    return took


COPIES = """
INSERT INTO supplier
SELECT (copied).* FROM (
  SELECT jsonb_populate_record(supplier, jsonb_build_object(
           'id', gen_random_uuid(), 'number', 100000000 + number, 'external_reference', 'W-' || number
         )) AS copied
  FROM supplier WHERE number % 7 = 0 LIMIT $1) AS copies
"""


async def learn(database: Database) -> None:
    """Have the worker's chore learn all words that it does not know."""
    more = True
    while more:
        async with database.transaction() as tx:
            more = await learn_words(tx)


@asynccontextmanager
async def suppliers(folder: Path, count: int) -> AsyncIterator[str]:
    """Yield the URL of a database with so many suppliers, made if it is not there."""
    server = postgres.start(folder)
    try:
        admin = await asyncpg.connect(server.url_for("postgres"))
        for name, value in SETTINGS.items():
            await admin.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        is_new = not await admin.fetchval(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'suppliers')"
        )
        await admin.close()
        server.stop()
        server = postgres.start(folder)
        url = server.url_for("suppliers")
        if is_new:
            await postgres.ensure_database(server.url_for("postgres"), "suppliers")
            await upgrade(url, "sourcing.migrations")
            connection = await asyncpg.connect(url)
            await make(connection, count)
            await connection.close()
        yield url
    finally:
        server.stop()


async def measure(url: str, console: Console) -> None:
    """Ask everything, and print how long it took."""
    connection = await asyncpg.connect(url)
    patience = timedelta(minutes=10)
    database = Database(
        url,
        application_name="bench",
        pool_size=1,
        statement_timeout=patience,
        transaction_timeout=patience,
    )
    async with database.transaction() as tx:
        asking = Asking(database, await tx.connection.fetchval("SELECT pg_backend_pid()"))
    begun = asking.worked()
    await learn(database)
    learned = asking.worked() - begun
    await connection.execute("VACUUM ANALYZE supplier_word")
    await connection.execute(WARM)
    insert = await written(connection)
    rows = await connection.fetch("SELECT id, legal_name FROM supplier ORDER BY md5(id::text) LIMIT 3000")
    names = [row["legal_name"] for row in rows]
    kinds: defaultdict[str, list[Took]] = defaultdict(list)
    for row in rows[:200]:
        kinds[BY_KEY].append(await asking.read(row["id"]))
    chance = random.Random(SEED)  # noqa: S311  # the same questions every time
    for question in (*by_text(names, chance), *by_filters(["trading", "gmbh", names[0].split()[0]])):
        kinds[question.kind].append(await asking.ask(question))
    _print(console, kinds)
    count = await connection.fetchval("SELECT count(*) FROM supplier")
    console.print(
        f"{count:,} suppliers. A new one: {insert['with']:.3f} ms, without the index that search looks into "
        f"{insert['without']:.3f} ms; to learn its words, once: {learned / count:.3f} ms"
    )
    await database.close()
    await connection.close()


WARM = """
CREATE EXTENSION IF NOT EXISTS pg_prewarm;
SELECT sum(pg_prewarm(oid::regclass))
FROM pg_class WHERE relname ~ 'supplier|category' AND relkind IN ('r', 'i');
"""


def _print(console: Console, kinds: Mapping[str, Sequence[Took]]) -> None:
    headers = ("asked", "of", "none", "p50 ms", "of a key", "p95 ms", "waited", f"> {AIM_MS:.0f}", "slowest")
    table = Table(*headers, title="The first page of suppliers")
    by_key = percentile((one.worked for one in kinds[BY_KEY]), 0.5)
    for kind, took in kinds.items():
        worked = [one.worked for one in took]
        slowest = max(took, key=lambda one: one.worked)
        said = f"{slowest.worked:.0f}"
        if slowest.question is not None:
            values = " ".join(map(str, slowest.question.filters.values()))
            said = f"{said}: {values} {slowest.question.sort or ''}"
        half = percentile(worked, 0.5)
        counts = (len(took), sum(not one.found for one in took))
        times = (
            half,
            half / by_key,
            percentile(worked, 0.95),
            percentile((one.waited for one in took), 0.95),
        )
        over = sum(one > AIM_MS for one in worked)
        table.add_row(kind, *map(str, counts), *(f"{one:.1f}" for one in times), str(over), said)
    console.print(table)


async def run(count: int, folder: Path, console: Console) -> None:
    """Make suppliers and measure."""
    async with suppliers(folder, count) as url:
        await measure(url, console)


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--suppliers", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where the database is kept for the next run")
    asked = parser.parse_args()
    console = Console(width=160)
    if asked.folder is not None:
        uvloop.run(run(asked.suppliers, asked.folder, console))
        return
    with tempfile.TemporaryDirectory(prefix="purveyor-bench-") as folder:
        uvloop.run(run(asked.suppliers, Path(folder), console))


if __name__ == "__main__":
    main()
