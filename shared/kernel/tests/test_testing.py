"""What a test gets of a database that another has had."""

from __future__ import annotations

import asyncpg

from purveyor.testing.databases import Databases

TABLES = """
CREATE TABLE parent (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE child (
  parent bigint REFERENCES parent, age integer, twice integer GENERATED ALWAYS AS (2 * age) STORED
);
INSERT INTO parent (name) VALUES ('seeded');
INSERT INTO child (parent, age) SELECT id, 4 FROM parent;
"""


async def make_tables(url: str) -> None:
    await execute(url, TABLES)


async def execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statements)
    await connection.close()


async def rows(url: str) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    connection = await asyncpg.connect(url)
    parents = await connection.fetch("SELECT id, name FROM parent ORDER BY id")
    children = await connection.fetch("SELECT parent, twice FROM child")
    await connection.close()
    return [tuple(row) for row in parents], [tuple(row) for row in children]


async def test_a_database_is_lent_again_as_it_was_made(databases: Databases) -> None:
    async with databases.lent("seeded", make_tables) as first:
        left_open = await asyncpg.connect(first)
        await left_open.execute("DELETE FROM child; UPDATE parent SET name = 'changed'")
        await left_open.execute("INSERT INTO parent (name) VALUES ('new')")
    async with databases.lent("seeded", make_tables) as again:
        assert again == first
        assert await rows(again) == ([(1, "seeded")], [(1, 8)])
        await execute(again, "INSERT INTO parent (name) VALUES ('second')")
        assert (await rows(again))[0] == [(1, "seeded"), (2, "second")]
    left_open.terminate()


async def test_a_database_whose_structure_changed_is_not_lent_again(databases: Databases) -> None:
    async with databases.lent("seeded", make_tables) as first:
        await execute(first, "ALTER TABLE child ADD colour text")
    async with databases.lent("seeded", make_tables) as again:
        assert again != first
        assert await rows(again) == ([(1, "seeded")], [(1, 8)])


async def test_two_tests_at_once_have_two_databases(databases: Databases) -> None:
    async with databases.lent("seeded", make_tables) as one, databases.lent("seeded", make_tables) as other:
        assert one != other
