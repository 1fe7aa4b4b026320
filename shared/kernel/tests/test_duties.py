"""Who wrote a document does not approve it: the rule, and the same in a statement and in a constraint."""

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Text, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from purveyor.authored import author_added, decided_by_another
from purveyor.duties import expect_another, with_author
from purveyor.errors import ForbiddenError
from purveyor.sql import Statement, only

NAMES = st.sampled_from(("ann", "ben", "çağla", ""))


@given(st.lists(NAMES), NAMES)
def test_authors_are_kept_once_each_and_none_is_forgotten(wrote, actor):
    authors = []
    for name in wrote:
        authors = with_author(authors, name)
    assert set(authors) == set(wrote)
    assert len(authors) == len(set(authors))
    assert with_author(authors, actor)[-1] == actor


@given(st.sets(NAMES), NAMES)
def test_only_another_may_decide(authors, actor):
    if actor in authors:
        with pytest.raises(ForbiddenError) as refused:
            expect_another(actor, authors, "Ask a colleague.")
        assert (refused.value.code, refused.value.detail) == ("segregation_of_duties", "Ask a colleague.")
    else:
        expect_another(actor, authors, "Ask a colleague.")


async def test_a_statement_adds_authors_as_the_rule_does(toy):
    authors, actor = bindparam("authors", type_=ARRAY(Text)), bindparam("actor", type_=Text)
    add = Statement(only, select(author_added(authors, actor).label("authors")))
    async with toy.database.connection() as connection:
        for before in ([], ["ann"], ["ann", "ben"]):
            for who in ("ann", "ben", "cleo"):
                assert await add.one(connection, authors=before, actor=who) == with_author(before, who)


async def test_a_constraint_keeps_the_author_from_deciding_unless_nobody_here_decided(toy):
    rule = decided_by_another("apart", unless="imported").sqltext
    table = f"""CREATE TEMPORARY TABLE paper (
      imported boolean, authors text[], approved_by text, CONSTRAINT apart CHECK ({rule}))"""
    insert = "INSERT INTO paper VALUES ($1, $2, $3)"
    async with toy.database.connection() as connection:
        await connection.execute(table)
        for row in ((False, ["ann"], "ben"), (False, ["ann"], None), (True, ["ann"], "ann")):
            await connection.execute(insert, *row)
        for authors in (["ann"], ["ben", "ann"]):
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(insert, False, authors, "ann")
        await connection.execute("DROP TABLE paper")
