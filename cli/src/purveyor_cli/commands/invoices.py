"""`purveyor invoices`: what files that are invoices say, without a database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from purveyor_cli.commands.terminal import fail, out

SUFFIXES = frozenset({".xml", ".pdf"})
SOME_ARE_WRONG = 3
"""Exit code: a file breaks a rule or cannot be read."""

app = typer.Typer(no_args_is_help=True, help="What invoices in files come to, and which rules they break.")


@app.callback()
def invoices() -> None:
    """Make `check` a command of a group, which stays one when others come."""


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="A folder with invoices, or one of them.", exists=True)],
    details: Annotated[bool, typer.Option("--details", help="Say of each rule where it is broken.")] = False,
) -> None:
    """Read invoices (UBL, CII, PDFs with either inside) and hold them to EN 16931 and Peppol's arithmetic.

    Ends with 0 when no rule is broken, with 3 when one is or a file cannot be read.
    """
    found = list(_files(folder))
    if not found:
        fail(f"{folder} has no files that end in {' or '.join(sorted(SUFFIXES))}.")
    results = [_show(path, details) for path in found]
    if not all(results):
        raise typer.Exit(SOME_ARE_WRONG)


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_file():
        yield folder
        return
    yield from sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _show(path: Path, details: bool) -> bool:
    from procurement.documents.rules.ubl.unreadable import UnreadableError
    from procurement.invoices.rules.en16931.checking import check as violations_of
    from procurement.invoices.rules.reading.files import read

    try:
        invoice = read(path.read_bytes())
    except UnreadableError as error:
        out.print(f"{path.name}: cannot be read ({error.why}): {error.detail}", markup=False)
        return False
    violations = violations_of(invoice)
    amounts = {
        "net": invoice.net,
        "VAT": invoice.tax,
        "gross": invoice.gross,
        "payable": invoice.payable,
    }
    said = ", ".join(f"{name} {'?' if amount is None else amount}" for name, amount in amounts.items())
    broken = ", ".join(dict.fromkeys(one.rule for one in violations)) or "no rule broken"
    out.print(f"{path.name}: {said} {invoice.currency or '?'}: {broken}", markup=False)
    for one in violations if details else ():
        out.print(f"  {one.rule} {one.term} {one.at or '/'} is {one.value}: {one.detail}", markup=False)
    return not violations
