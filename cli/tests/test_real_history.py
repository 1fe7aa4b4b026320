"""The public delivery history of a health supply chain, which nobody in this project wrote."""

from __future__ import annotations

import csv
import os
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from purveyor_cli import stack
from purveyor_contract.roles import Role
from purveyor_history.client import bring
from purveyor_history.mapping import load_mapping
from purveyor_history.platform import Platform
from purveyor_history.reading import read_history
from purveyor_history.report import Report, report_on

REPOSITORY = Path(__file__).parents[2]
REAL_DATA = Path(os.environ.get("PURVEYOR_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
FILE = REAL_DATA / "scms" / "scms-delivery-history.csv"
MAPPING = load_mapping(REPOSITORY / "examples" / "mappings" / "scms.toml")

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"the real history is not here: {FILE}")


def counted_plainly() -> tuple[Counter[str], Counter[str], Decimal]:
    """Count lines and late lines a vendor, and add up the values, with nothing of ours."""
    lines, late, value = Counter[str](), Counter[str](), Decimal(0)
    with FILE.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            vendor = " ".join(row["Vendor"].split())
            promised, delivered = (
                datetime.strptime(row[column], "%d-%b-%y")  # noqa: DTZ007  # days
                for column in ("Scheduled Delivery Date", "Delivered to Client Date")
            )
            lines[vendor] += 1
            late[vendor] += delivered > promised
            value += Decimal(row["Line Item Value"])
    return lines, late, value


async def imported(platform: Platform, *tokens: str) -> Report:
    history = read_history(FILE, MAPPING, today=date.today())  # noqa: DTZ011  # all of it is long ago
    by, let_in_by = tokens
    sent = await bring(
        platform,
        (by, let_in_by),
        history,
        "SCMS",
        approve=MAPPING.supplier.approved,
        progress=lambda *_: None,
    )
    return report_on(history, sent, MAPPING)


async def measured(platform: Platform, token: str) -> dict[str, dict[str, Any]]:
    params = {"from": "2006-05-02", "to": "2015-12-31", "limit": 200}
    page = await platform.done(token, "supplier-performance", "GET", "/v1/scorecards", params=params)
    assert page.body["next_cursor"] is None
    return {entry["supplier"]["name"]: entry["measures"] for entry in page.body["items"]}


async def test_the_whole_history_gives_the_known_figures_and_again_changes_nothing(tmp_path: Path) -> None:
    async with stack.running(
        stack.Options(tmp_path, port_base=0, throw_away=True), lambda _: None
    ) as running:
        platform = Platform(running.urls)
        token = running.issuer.token("importer", Role.ADMIN)
        controller = running.issuer.token("controller", Role.ADMIN)
        first = await imported(platform, token, controller)
        measures = await measured(platform, token)
        second = await imported(platform, token, controller)
        await platform.close()

    lines, late, value = counted_plainly()
    assert (first.rows, first.imported, first.refused, first.refusals) == (10_324, 10_324, 0, [])
    assert (len(lines), lines.total(), late.total(), value) == (73, 10_324, 1_186, Decimal("1627584457.29"))
    assert first.suppliers == {"created": 73}
    assert first.orders == {"created": 6_233}
    assert first.receipts == {"created": 7_030}
    assert first.received_value == {"USD": value}
    assert len({remark.line for remark in first.warnings if "received on" in remark.reason}) == 136

    assert {name: measure["lines"] for name, measure in measures.items()} == dict(lines)
    assert {name: measure["lines_due"] for name, measure in measures.items()} == dict(lines)
    assert {name: measure["lines_late"] for name, measure in measures.items()} == dict(late)
    spend = [money for measure in measures.values() for money in measure["spend"]]
    assert {money["currency"] for money in spend} == {"USD"}
    assert sum(Decimal(money["amount"]) for money in spend) == value

    assert (second.imported, second.unchanged, second.refused) == (0, 10_324, 0)
    assert second.suppliers + second.orders + second.receipts == {"unchanged": 73 + 6_233 + 7_030}
