"""Runs every benchmark in one run and writes `bench/results/latest.json` and a table: `make bench`."""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from rich.console import Console
from rich.table import Table

from bench import approving, consumer, create_issue, importing, latency, receiving, relay
from purveyor_cli import kafka, postgres

RESULTS = Path(__file__).parent / "results" / "latest.json"

TARGETS = {
    "create_issue_vs_raw": "≥ 0.5",
    "create_issue_vs_one_statement": "—",
    "create_issue_vs_orm": "≥ 2",
    "relay_vs_send_batch": "≥ 0.4",
    "relay_vs_send": "—",
    "latency_p50_ms": "≤ 15",
    "latency_p99_ms": "≤ 80",
    "consumer_vs_bare": "≥ 0.7",
    "import_vs_copy": "≥ 0.2",
    "import_vs_copy_of_documents": "—",
    "receiving_vs_raw": "—",
}


async def run(console: Console) -> dict[str, object]:
    """Measure everything against one PostgreSQL and one Kafka, both warm."""
    with tempfile.TemporaryDirectory(prefix="purveyor-bench-") as name:
        folder = Path(name)
        server = postgres.start(folder / "postgres")
        try:
            broker = kafka.start()
            try:
                bootstrap_servers = broker.bootstrap_servers
                console.print("(a) create and issue over HTTP …")
                http = await create_issue.measure(server, folder)
                console.print("(b) relay …")
                relayed = await relay.measure(server, bootstrap_servers)
                console.print("(c) latency …")
                delays = await latency.measure(server, bootstrap_servers, folder)
                console.print("(d) consumer …")
                consumed = await consumer.measure(server, bootstrap_servers)
                console.print("(e) import …")
                imported = await importing.measure(server, folder)
                console.print("(f) receiving over HTTP …")
                received = await receiving.measure(server, folder)
                console.print("(g) approvals at once on one budget …")
                approved = await approving.measure(server, folder)
            finally:
                broker.stop()
        finally:
            server.stop()
    return {
        "create_issue_vs_raw": round(http.ratio("service", "bare"), 3),
        "create_issue_vs_one_statement": round(http.ratio("service", "one_statement"), 3),
        "create_issue_vs_orm": round(http.ratio("service", "orm"), 3),
        "relay_vs_send_batch": round(relayed.ratio("relay", "send_batch"), 3),
        "relay_vs_send": round(relayed.ratio("relay", "send"), 3),
        "latency_p50_ms": round(delays["p50_ms"], 2),
        "latency_p99_ms": round(delays["p99_ms"], 2),
        "consumer_vs_bare": round(consumed.ratio("consumer", "bare"), 3),
        "import_vs_copy": round(imported.ratio("import", "copy"), 3),
        "import_vs_copy_of_documents": round(imported.ratio("import", "copy_of_documents"), 3),
        "receiving_vs_raw": round(received.ratio("service", "bare"), 3),
        "medians": {
            "create_issue_per_s": {name: round(rate, 1) for name, rate in http.medians().items()},
            "relay_events_per_s": {name: round(rate) for name, rate in relayed.medians().items()},
            "latency": {name: round(value, 2) for name, value in delays.items()},
            "consumer_events_per_s": {name: round(rate) for name, rate in consumed.medians().items()},
            "approvals_at_once_per_s": {name: round(rate, 1) for name, rate in approved.medians().items()},
            "receiving_per_s": {name: round(rate, 1) for name, rate in received.medians().items()},
            "import_lines_per_s": {name: round(rate) for name, rate in imported.medians().items()},
        },
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
    }


def main() -> None:
    """Run, print, write down."""
    console = Console()
    started = time.monotonic()
    results = uvloop.run(run(console))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    table = Table("measure", "reached", "target", title="Purveyor benchmarks")
    for name, target in TARGETS.items():
        table.add_row(name, str(results[name]), target)
    console.print(table)
    console.print(results["medians"])
    console.print(f"{time.monotonic() - started:.0f} s; written to {RESULTS.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
