"""Statements whose parameters have names and whose rows have types."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import bindparam, select, update
from toy_service.model import Crate

from purveyor.db import new_id
from purveyor.sql import Statement, columnwise, numbered, only, unnest


@dataclass(frozen=True, slots=True)
class Filled:
    id: UUID
    label: str
    apples: int


COLUMNS = [Crate.__table__.c[name] for name in ("id", "label", "apples")]
FILL = Statement(
    Filled,
    """
    INSERT INTO crate (id, version, sequence, label, apples)
    SELECT line_id, :version, 0, line_label, line_apples
    FROM {lines} AS line (line_id, line_label, line_apples)
    RETURNING id, label, apples
    """,
    lines=unnest(COLUMNS, "line_"),
)
FIND = Statement(Filled, select(*COLUMNS).where(Crate.id == bindparam("crate_id")))
ADD = Statement(
    Filled,
    update(Crate)
    .where(Crate.id == bindparam("crate_id"))
    .values(apples=Crate.apples + bindparam("more"), version=Crate.version + 1)
    .returning(*COLUMNS),
)


COUNT = Statement(only, "SELECT count(*) AS n FROM crate WHERE label = ':apples' OR apples = :apples")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT :b, :a, :b", ("SELECT $1, $2, $1", ("b", "a"))),
        ("SELECT :a::text[], now()::date", ("SELECT $1::text[], now()::date", ("a",))),
        ("SELECT ':a', 'it''s :b', :c -- not :d\n", ("SELECT ':a', 'it''s :b', $1 -- not :d\n", ("c",))),
        ("SELECT a[1:n] FROM t", ("SELECT a[1:n] FROM t", ())),
        ("SELECT (:now AT TIME ZONE 'UTC')", ("SELECT ($1 AT TIME ZONE 'UTC')", ("now",))),
    ],
)
def test_parameters_are_numbered_where_they_are_parameters(text, expected):
    assert numbered(text) == expected


async def test_rows_travel_as_arrays_and_come_back_as_what_they_are(toy):
    crates = [Filled(new_id(), label, apples) for label, apples in (("a", 1), ("b", 2))]
    async with toy.database.transaction() as tx:
        filled = await FILL.all(
            tx.connection, columnwise(crates, ("id", "label", "apples"), "line_"), version=1
        )
        assert filled == crates
        assert await FIND.one(tx.connection, crate_id=crates[1].id) == crates[1]
        assert await COUNT.one(tx.connection, crates[0]) == 1


async def test_a_statement_of_expressions_takes_names_and_keeps_its_constants(toy):
    async with toy.database.transaction() as tx:
        crate = Filled(new_id(), "a", 1)
        await FILL.one(tx.connection, columnwise([crate], ("id", "label", "apples"), "line_"), version=1)
        added = await ADD.one_or_none(tx.connection, {"crate_id": crate.id}, more=4)
        assert added == Filled(crate.id, "a", 5)
        assert await ADD.one_or_none(tx.connection, crate_id=new_id(), more=4) is None
        with pytest.raises(LookupError):
            await ADD.one(tx.connection, crate_id=new_id(), more=4)


def test_a_value_that_is_missing_or_unknown_is_named():
    with pytest.raises(TypeError, match="crate_id"):
        FIND.arguments()
    with pytest.raises(TypeError, match="crates_id"):
        FIND.arguments(crate_id=new_id(), crates_id=new_id())
