"""`purveyor rates`: brings a bank's exchange rates into procurement."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from purveyor_cli.commands.terminal import (
    DEFAULT_DATA_DIR,
    DataDir,
    fail,
    out,
    running_here,
    token_elsewhere,
)
from purveyor_cli.ecb import NotRatesError, PublishedRate, read_rates

AT_ONCE = 10_000
ROWS_WERE_REFUSED = 3
"""Exit code: everything else is recorded."""
SHOWN = 20

app = typer.Typer(no_args_is_help=True, help="What currencies were worth in each other.")


@app.callback()
def rates() -> None:
    """Make `import` a command of a group, which stays one when others come."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="The bank's history: eurofxref-hist.csv, or the zip of it.")],
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave out the days before.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Procurement elsewhere: https://…; with PURVEYOR_TOKEN.")
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """Record the European Central Bank's reference rates. Running it again changes nothing.

    Ends with 0 when every rate was taken, with 3 when rates were refused, with 1 when it could not be done.
    """
    import httpx

    from purveyor_history.platform import RefusedError

    urls, token = (
        ({"procurement": url}, token_elsewhere("procurement:rates:write"))
        if url
        else (running_here(data_dir, "treasury"))
    )
    try:
        counts, refusals = asyncio.run(
            send_rates(urls, token, read_rates(file, since.date() if since else None))
        )
    except httpx.TransportError as error:
        fail(f"Procurement does not answer ({error}). What it has taken, it has: run the import again.")
    except (NotRatesError, RefusedError, OSError) as error:
        fail(str(error))
    out.print(", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "no rates")
    for refusal in refusals[:SHOWN]:
        out.print(f"  {refusal}", markup=False)
    if refusals:
        raise typer.Exit(ROWS_WERE_REFUSED)


async def send_rates(
    urls: Mapping[str, str], token: str, found: Iterable[PublishedRate]
) -> tuple[Counter[str], list[str]]:
    """Send rates as they are read, and return what became of them and why some were refused."""
    from purveyor_history.platform import Platform

    counts, refusals = Counter[str](), list[str]()
    platform = Platform(urls)
    try:
        left = iter(found)
        while some := list(islice(left, AT_ONCE)):
            rows = "\n".join(
                json.dumps(
                    {"source": "ECB", "base": "EUR", "currency": one.currency}
                    | {"day": str(one.day), "rate": one.rate}
                )
                for one in some
            )
            path = "/v1/exchange-rates:bulk"
            results = await platform.bulk(token, "procurement", path, rows.encode())
            for one, result in zip(some, results, strict=True):
                counts[result["status"]] += 1
                if result["status"] == "refused":
                    why = "; ".join(error["detail"] for error in result["errors"])
                    refusals.append(f"{one.currency} of {one.day}: {why}")
    finally:
        await platform.close()
    return counts, refusals
