"""A thousand suppliers in few statements leave what each of them alone would have left."""

from __future__ import annotations

import asyncio
import random
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from services.sourcing.tests.conftest import approve, propose, send

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Bring, Desk

LEFT = """
SELECT 'supplier', s.external_reference, s.status, s.sequence, s.legal_name, s.country, s.categories::text,
       s.registered_by, s.authors::text, s.registered_on, s.imported, s.name_key, s.likeness, s.search_text
FROM supplier AS s WHERE s.external_reference LIKE $1
UNION ALL
SELECT 'approval', s.external_reference, a.category, NULL, a.approved_by, a.registered_by, a.authors::text,
       NULL, NULL, a.expires_on, a.imported, NULL, NULL, NULL
FROM category_approval AS a JOIN supplier AS s ON s.id = a.supplier_id WHERE s.external_reference LIKE $1
UNION ALL
SELECT 'identifier', s.external_reference, i.scheme, NULL, i.value, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL
FROM supplier_identifier AS i JOIN supplier AS s ON s.id = i.supplier_id WHERE s.external_reference LIKE $1
UNION ALL
SELECT 'event', s.external_reference, e.type, e.sequence, e.data::text, NULL, NULL, NULL, NULL, NULL,
       e.previous IS NOT NULL, NULL, NULL, NULL
FROM outbox AS e JOIN supplier AS s ON s.id::text = e.key WHERE s.external_reference LIKE $1
UNION ALL
SELECT 'audit', s.external_reference, a.action, NULL, a.before::text, a.after::text, a.actor, NULL, NULL,
       NULL, NULL, NULL, NULL, NULL
FROM audit_record AS a JOIN supplier AS s ON s.id::text = a.entity_id WHERE s.external_reference LIKE $1
"""
OF_A_RUN = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|S-\d+|(?<= s )\d+")


def suppliers(prefix: str, duns: int, chance: random.Random) -> list[dict[str, Any]]:
    """Return rows: good ones, the same again, others under their names or numbers, wrong ones."""
    rows: list[dict[str, Any]] = []
    for number in range(14):
        row: dict[str, Any] = {"external_reference": f"{prefix}{number}", "legal_name": f"Supplier {number}"}
        if chance.random() < 0.6:
            row |= {"duns": str(duns + chance.randint(1, 8))}
        if chance.random() < 0.5:
            row |= {"approved_categories": ["arv", "fasteners"][: chance.randint(1, 2)]}
            row |= chance.choice([{"registered_on": "2019-04-01"}, {"registered_on": "2018-01-31"}, {}])
        if chance.random() < 0.1:
            row |= {"gln": "2"}
        rows.append(row)
        if chance.random() < 0.4:
            rows.append(dict(row, **chance.choice([{}, {"country": "NO"}, {"duns": "1"}])))
    chance.shuffle(rows)
    return rows


async def left(desk: Desk, prefix: str, duns: int) -> list[str]:
    """Return what is in the database of suppliers with a prefix, without what differs from run to run."""
    async with desk.context.database.connection() as connection:
        found = [str(tuple(record)) for record in await connection.fetch(LEFT, f"{prefix}%")]
    return sorted(of_any_run(text, prefix, duns) for text in found)


def of_any_run(text: str, prefix: str, duns: int) -> str:
    return OF_A_RUN.sub("…", text.replace(prefix, "P").replace(str(duns)[:8], "N"))


def told(results: list[dict[str, Any]], prefix: str, duns: int) -> list[str]:
    return [
        of_any_run(str((r["status"], r["code"], r["id"] is None, r["errors"])), prefix, duns) for r in results
    ]


@pytest.mark.parametrize("seed", range(6))
async def test_a_set_of_suppliers_leaves_what_its_rows_one_by_one_leave(
    desk: Desk, admin: httpx.AsyncClient, mika: httpx.AsyncClient, seed: int
) -> None:
    together, alone = ("settled", 314159260), ("singled", 271828180)
    rows = suppliers(*together, random.Random(seed))  # noqa: S311  # no secret
    await approve(admin, await propose(mika, *rows))
    results = await send(admin, *rows)

    rows = suppliers(*alone, random.Random(seed))  # noqa: S311  # no secret
    await approve(admin, await propose(mika, *rows))
    one_by_one = [(await send(admin, row))[0] for row in rows]
    assert told(results, *together) == told(one_by_one, *alone)
    assert {"created", "refused"} <= {result["status"] for result in results}
    assert await left(desk, *together) == await left(desk, *alone)


async def test_sets_with_the_same_suppliers_at_once_make_each_of_them_once(
    desk: Desk, admin: httpx.AsyncClient, mika: httpx.AsyncClient
) -> None:
    rows = [
        {"external_reference": f"W-{number}", "legal_name": f"Works {number}", "duns": f"1618033{number:02}"}
        for number in range(60)
    ]
    await approve(admin, await propose(mika, *rows))
    answers = await asyncio.gather(*(send(admin, *rows[start:]) for start in (0, 10, 20, 0)))
    created = [r["id"] for answer in answers for r in answer if r["status"] == "created"]
    assert len(created) == len(set(created)) == 60
    assert {r["status"] for answer in answers for r in answer} == {"created", "unchanged"}
    assert len({r["id"] for answer in answers for r in answer}) == 60


async def test_a_thousand_suppliers_are_numbered_in_their_order(desk: Desk, bring: Bring) -> None:
    rows = [
        {
            "external_reference": f"T-{number}",
            "legal_name": f"Thousand {number}",
            "duns": f"141421{number:03}",
        }
        for number in range(1000)
    ]
    results = await bring(*rows)
    assert {result["status"] for result in results} == {"created"}
    numbers = [(await desk.read(result))["number"] for result in (results[0], results[-1])]
    first, last = (int(number.removeprefix("S-")) for number in numbers)
    assert last - first == 999
