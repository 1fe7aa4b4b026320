"""Whether mapped classes say what the migrations made: columns, defaults, constraints, indexes, sequences."""

from __future__ import annotations

from sqlalchemy import Connection, MetaData, NullPool, text

from purveyor import postgres

CATALOGUE = text(
    """
    WITH relation AS (
      SELECT oid, relname FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relname = ANY (:tables)
    )
    SELECT format('%s.%s %s%s%s%s%s', relname, attname, format_type(atttypid, atttypmod),
                  CASE WHEN attnotnull THEN ' NOT NULL' END,
                  CASE WHEN attcollation NOT IN (0, typcollation) THEN ' COLLATE ' || collname END,
                  CASE WHEN attidentity <> '' THEN ' IDENTITY ' || attidentity::text END,
                  ' DEFAULT ' || pg_get_expr(adbin, adrelid))
    FROM relation JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
    JOIN pg_type ON pg_type.oid = atttypid
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    UNION ALL
    SELECT format('%s: %s %s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
    FROM relation JOIN pg_constraint ON conrelid = relation.oid AND contype <> 'n'
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY (:tables)
    UNION ALL
    SELECT format('sequence %s %s from %s by %s', sequencename, data_type, start_value, increment_by)
    FROM pg_sequences WHERE schemaname = 'public'
      AND NOT EXISTS (
        SELECT FROM pg_depend JOIN pg_class ON pg_class.oid = refobjid
        WHERE objid = format('%I', sequencename)::regclass AND deptype IN ('a', 'i')
          AND relname <> ALL (:tables)
      )
    """
)
"""What there is of some tables, a line a thing, as PostgreSQL understood it."""


async def differences(database_url: str, metadata: MetaData) -> list[str]:
    """Return what a migrated database has and its mapped classes have not (`+`), and the reverse (`-`).

    The database is left as it was: the tables of the mapped classes are made in a transaction that ends.
    """
    engine = postgres.engine_of(database_url, poolclass=NullPool)
    async with engine.connect() as connection:
        migrated, mapped = await connection.run_sync(_both, metadata)
        await connection.rollback()
    await engine.dispose()
    return [f"+ {line}" for line in sorted(migrated - mapped)] + [
        f"- {line}" for line in sorted(mapped - migrated)
    ]


def _both(connection: Connection, metadata: MetaData) -> tuple[set[str], set[str]]:
    tables = {"tables": [table.name for table in metadata.sorted_tables]}
    migrated = set(connection.scalars(CATALOGUE, tables))
    extensions = text("SELECT extname FROM pg_extension WHERE extnamespace = 'public'::regnamespace")
    needed = list(connection.scalars(extensions))
    connection.execute(text("DROP SCHEMA public CASCADE"))
    connection.execute(text("CREATE SCHEMA public"))
    for extension in needed:
        connection.execute(text(f"CREATE EXTENSION {extension}"))
    metadata.create_all(connection)
    return migrated, set(connection.scalars(CATALOGUE, tables))
