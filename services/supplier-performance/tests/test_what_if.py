"""A change is tried over history before it counts: whose grade would have moved, and when."""

from __future__ import annotations

import csv
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from purveyor_cli.issuer import LocalIssuer
from supplier_performance.whatif.rules import month_ends

from .test_templates import ON_TIME, STATED, Owners
from .world import TODAY, World

REAL_DATA = Path(os.environ.get("PURVEYOR_REAL_DATA", Path(__file__).parents[4] / "shared" / "data"))
SCMS = REAL_DATA / "scms" / "scms-delivery-history.csv"
WEEK: dict[str, Any] = {"operand": "column", "column": "promised_on", "plus_days": 7}
ARRIVED: dict[str, Any] = {"operand": "column", "column": "arrived_on"}
A_WEEK_OF_GRACE: dict[str, Any] = {
    "of": "lines",
    "numerator": {
        "aggregate": "count",
        "where": {"condition": "compares", "left": ARRIVED, "by": "at_most", "right": WEEK},
    },
    "denominator": {
        "aggregate": "count",
        "where": {
            "condition": "any",
            "conditions": [
                {"condition": "not", "of": {"condition": "is_missing", "column": "arrived_on"}},
                {
                    "condition": "compares",
                    "left": WEEK,
                    "by": "less",
                    "right": {"operand": "column", "column": "open_until"},
                },
            ],
        },
    },
    "unit": "percent",
    "scale": "100",
    "direction": "higher",
    "decimals": 2,
}
PLAINLY = """
WITH line AS (
  SELECT supplier_id, day, promised_on, CASE WHEN completed_on <= day THEN completed_on END AS arrived
  FROM unnest($1::date[]) AS day JOIN order_line ON promised_on BETWEEN day - 364 AND day
), counted AS (
  SELECT supplier_id, day, grace,
         count(*) FILTER (WHERE arrived IS NOT NULL OR promised_on < day) AS due,
         count(*) FILTER (WHERE arrived IS NOT NULL OR promised_on + grace < day) AS due_by_grace,
         count(*) FILTER (WHERE arrived <= promised_on + grace) AS on_time,
         count(arrived) AS arrived,
         sum(coalesce(arrived, day) - promised_on)
           FILTER (WHERE arrived IS NOT NULL OR promised_on < day)::numeric AS days_late
  FROM line, (VALUES (0), (7)) AS by (grace)
  GROUP BY 1, 2, 3
), part AS (
  SELECT supplier_id, day, grace,
         CASE WHEN due_by_grace >= 3 THEN round(on_time * 100.0 / due_by_grace, 2) END AS on_time,
         CASE WHEN due >= 3 THEN round(arrived * 100.0 / due, 2) END AS in_full,
         CASE WHEN due >= 3 AND arrived > 0 THEN 100 END AS quality,
         CASE WHEN due >= 3 THEN
           round(greatest(0, 100 * (1 - greatest(0, round(days_late / due, 2)) / 30)), 2)
         END AS punctuality
  FROM counted
), scored AS (
  SELECT supplier_id, day, grace, (
    SELECT round(sum(weight * points) / sum(weight), 1)
    FROM (VALUES (40, on_time), (20, in_full), (25, quality), (15, punctuality)) AS part (weight, points)
    WHERE points IS NOT NULL
  ) AS score FROM part
), graded AS (
  SELECT supplier_id, day, grace, CASE WHEN score >= 90 THEN 'A' WHEN score >= 75 THEN 'B'
    WHEN score >= 60 THEN 'C' WHEN score >= 40 THEN 'D' WHEN score IS NOT NULL THEN 'E' END AS grade
  FROM scored
)
SELECT supplier_id, day, held.grade AS held, tried.grade AS tried
FROM graded AS held JOIN graded AS tried USING (supplier_id, day)
WHERE held.grace = 0 AND tried.grace = 7 AND held.grade IS DISTINCT FROM tried.grade
"""
FILL = """
WITH line AS (
  SELECT gen_random_uuid() AS order_id, md5(vendor)::uuid AS supplier_id, vendor, promised_on, received_on
  FROM unnest($1::text[], $2::date[], $3::date[]) AS row (vendor, promised_on, received_on)
), supplier AS (
  INSERT INTO supplier (id, name, status) SELECT DISTINCT supplier_id, vendor, 'approved' FROM line
), filled AS (
  INSERT INTO order_line (order_id, line_number, supplier_id, order_number, item, description, category, site,
    time_zone, business_unit, cost_centre, quantity, unit, price, price_base_quantity, amount, currency,
    minor_units, promised_on, received_quantity, completed_on, in_full_on, last_received_on)
  SELECT order_id, 1, supplier_id, 'PO', 'item', 'item', 'medicines', 'HAM', 'UTC', 'BU-1', '4711', 1, 'C62',
         1, 1, 1, 'USD', 2, promised_on, 1, received_on, received_on, received_on
  FROM line
)
INSERT INTO received_line
  (order_id, line_number, sequence, position, received_on, quantity, rejected_quantity)
SELECT order_id, 1, 2, 0, received_on, 1, 0 FROM line
"""


@pytest.fixture
async def owners(world: World, api: httpx.AsyncClient, issuer: LocalIssuer) -> Owners:
    await world.category("fasteners")
    return Owners(api, issuer)


async def attempt(owners: Owners, code: str, **change: Any) -> httpx.Response:
    path = f"/v1/scorecard-templates/{code}:try"
    return await owners.api.post(path, json=change, headers=owners.headers("cora"), timeout=60)


def day(row: str) -> date:
    return datetime.strptime(row, "%d-%b-%y").replace(tzinfo=UTC).date()


@pytest.mark.skipif(not SCMS.exists(), reason=f"the real history is not here: {SCMS}")
async def test_a_week_of_grace_moves_the_grades_that_plain_sql_says(world: World, owners: Owners) -> None:
    with SCMS.open(encoding="utf-8-sig", newline="") as stream:
        rows = [
            (
                " ".join(row["Vendor"].split()),
                day(row["Scheduled Delivery Date"]),
                day(row["Delivered to Client Date"]),
            )
            for row in csv.DictReader(stream)
        ]
    async with world.context.database.connection() as connection:
        await connection.execute(FILL, *(list(column) for column in zip(*rows, strict=True)))
        await connection.execute("ANALYZE order_line, received_line")
    days = month_ends(date(2011, 1, 1), date(2015, 12, 31))
    plainly = {
        (str(row["supplier_id"]), row["day"]): (row["held"], row["tried"])
        for row in await world.fetch(PLAINLY, days)
    }

    answer = await attempt(
        owners,
        "default",
        kpis=[{"kpi": "on-time", "definition": A_WEEK_OF_GRACE}],
        first_day="2011-01-01",
        last_day="2015-12-31",
    )

    assert answer.status_code == 200, answer.text
    shown = answer.json()
    assert (shown["days"], shown["suppliers_judged"]) == (
        len(days),
        len({row[0] for row in rows if row[1] > date(2010, 1, 31)}),
    )
    moved = {
        (one["supplier"]["id"], on): (span["held"]["grade"], span["tried"]["grade"])
        for one in shown["suppliers"]
        for span in one["spans"]
        for on in days
        if date.fromisoformat(span["first_day"]) <= on <= date.fromisoformat(span["last_day"])
    }
    assert moved == plainly
    assert len({supplier for supplier, _ in plainly}) == 5


async def test_a_template_is_tried_with_what_would_follow_of_it(world: World, owners: Owners) -> None:
    supplier = await world.supplier()
    for days in (95, 85, 75, 65, 55, 45):
        order = await world.order(
            supplier, TODAY - timedelta(days=days), ordered_on=TODAY - timedelta(days - 20)
        )
        await world.receive(order, TODAY - timedelta(days=days - 10))
    strict = STATED | {
        "grades": [
            {"grade": "A", "lowest": "50"},
            {"grade": "E", "lowest": "0", "consequence": "no_new_orders"},
        ]
    }

    answer = await attempt(owners, "fasteners", template=strict, last_day=TODAY.isoformat())

    assert answer.status_code == 200, answer.text
    [moved] = answer.json()["suppliers"]
    assert moved["supplier"]["id"] == str(supplier)
    last = moved["spans"][-1]
    assert (last["held"]["consequence"], last["tried"]["consequence"]) == ("none", "no_new_orders")
    assert (last["tried"]["grade"], last["tried"]["score"], last["last_day"]) == (
        "E",
        "0.0",
        TODAY.isoformat(),
    )
    assert moved["orders_stopped"] == await stopped_plainly(world, supplier, moved["spans"])
    assert moved["orders_stopped"] > 0
    assert (await owners.api.get("/v1/scorecard-templates")).json()["items"] == []
    assert await world.fetch("SELECT * FROM scorecard_template") == []


async def stopped_plainly(world: World, supplier: UUID, spans: list[dict[str, Any]]) -> int:
    first = min(span["first_day"] for span in spans if span["tried"]["consequence"] == "no_new_orders")
    rows = await world.fetch(
        "SELECT count(*) FROM order_line WHERE supplier_id = $1 AND ordered_on >= $2",
        supplier,
        date.fromisoformat(first),
    )
    return int(rows[0]["count"])


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"first_day": "2026-07-01"}, "days_untried", "/first_day"),
        ({"first_day": "1999-01-01"}, "days_untried", "/first_day"),
        ({"template": STATED | {"category": "wishes"}}, "category_unknown", "/template/category"),
        (
            {"template": STATED | {"kpis": [ON_TIME | {"weight": "99"}]}},
            "weights_off",
            "/template/kpis",
        ),
        (
            {"kpis": [{"kpi": "on-time", "definition": A_WEEK_OF_GRACE | {"of": "wishes"}}]},
            "fact_unknown",
            "/kpis/0/definition/of",
        ),
    ],
)
async def test_what_cannot_be_tried_is_refused_where_it_is_wrong(
    owners: Owners, change: dict[str, Any], code: str, pointer: str
) -> None:
    refused = await attempt(owners, "default", **change)
    assert refused.status_code == 422, refused.text
    assert (refused.json()["code"], [one["pointer"] for one in refused.json()["errors"]]) == (code, [pointer])


async def test_a_template_that_is_not_there_is_not_tried(owners: Owners) -> None:
    missing = await attempt(owners, "paper")
    assert (missing.status_code, missing.json()["code"]) == (404, "scorecard_template_not_found")
