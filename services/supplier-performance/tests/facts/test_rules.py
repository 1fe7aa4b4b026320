"""What kinds of fact say of themselves is enough to reckon with."""

from __future__ import annotations

from collections import Counter

import pytest

from supplier_performance.facts.queries import KINDS
from supplier_performance.facts.rules import (
    NAMED_BY,
    Column,
    Kind,
    Type,
    Unit,
    day,
    identity,
    number,
    text,
    truth,
)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_names_each_column_once_and_what_it_rests_on_is_one_of_them(kind: Kind) -> None:
    names = Counter(column.name for column in kind.columns)
    assert names.most_common(1)[0][1] == 1
    assert kind.by_name[kind.happened].type is Type.DAY
    assert set(kind.key) <= names.keys()
    assert kind.events
    assert kind.known


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_number_has_a_unit_and_what_says_which_stands_beside_it(kind: Kind) -> None:
    for column in kind.columns:
        assert (column.unit is not None) == (column.type is Type.NUMBER), column.name
        if column.unit is not None and column.unit in NAMED_BY:
            assert kind.by_name[NAMED_BY[column.unit]].type is Type.TEXT


def test_a_column_is_of_the_type_that_it_is_made_as() -> None:
    made = (text("a", "b"), day("a", "b"), truth("a", "b"), identity("a", "b"))
    assert [column.type for column in made] == [Type.TEXT, Type.DAY, Type.TRUTH, Type.ID]
    assert number("a", Unit.DAYS, "b") == Column("a", Type.NUMBER, "b", Unit.DAYS)
    assert number("a", Unit.DAYS, "b", ours=True).ours
    assert not made[0].ours
