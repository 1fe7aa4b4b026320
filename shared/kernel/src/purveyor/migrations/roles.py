"""Who may do what in a service's database: running, sealing and migrating are duties of different roles.

The rights are those of two roles that log in nowhere, `purveyor_runtime` and `purveyor_sealing`; what logs in
is a member of one of them. The tables belong to whoever migrates (docs/adr/0020).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from purveyor.db import Connection

RUNTIME = "purveyor_runtime"
SEALING = "purveyor_sealing"


class Rights(NamedTuple):
    """What the two roles may do with a table."""

    runtime: str
    sealing: str


READ = "SELECT"
APPEND = "SELECT, INSERT"
CONTENT = "id, at, actor, action, entity, entity_id, before, after, reason, request_id, signature"
SEAL = "position, previous, hash, signed"

INSERT_ONLY = "insert-only"
"""The comment on a table of a service's own whose rows are written once: `COMMENT ON TABLE … IS …`."""

RESTRICTED: Mapping[str, Rights] = {
    "audit_record": Rights(f"SELECT, INSERT ({CONTENT})", f"SELECT, INSERT ({CONTENT}), UPDATE ({SEAL})"),
    "audit_personal": Rights(APPEND, "SELECT, INSERT, DELETE"),
    "audit_head": Rights(READ, "SELECT, INSERT, UPDATE"),
    "audit_anchor": Rights(READ, APPEND),
    "schema_revision": Rights(READ, READ),
    "alembic_version": Rights(READ, READ),
}
"""Tables that who runs a service may not do everything with."""

MAKE_ROLES = """
DO $$
DECLARE
  wanted text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('purveyor roles', 0));
  FOREACH wanted IN ARRAY '{{{names}}}'::text[] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
  END LOOP;
END $$
"""
MAKE_LOGIN = """
DO $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('purveyor roles', 0));
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') THEN
    CREATE ROLE "{name}" LOGIN PASSWORD {password} IN ROLE {duty};
  END IF;
END $$
"""
ROLES_EXIST = "SELECT count(*) = 2 FROM pg_roles WHERE rolname = ANY($1)"
OWN = """
SELECT c.relkind::text AS kind, c.relnamespace::regnamespace::text AS schema, c.oid::regclass::text AS name,
       obj_description(c.oid, 'pg_class') AS says
FROM pg_class c
WHERE c.relkind IN ('r', 'p', 'v', 'S') AND pg_has_role(c.relowner, 'USAGE')
  AND c.relnamespace IN (to_regnamespace('public'), to_regnamespace('archive'))
UNION ALL
SELECT 'f', p.pronamespace::regnamespace::text, p.oid::regprocedure::text, NULL FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND pg_has_role(p.proowner, 'USAGE')
ORDER BY 1, 2, 3
"""
ON_THINGS = {
    ("public", "r"): "SELECT, INSERT, UPDATE, DELETE ON TABLE",
    ("public", "S"): "SELECT, USAGE, UPDATE ON SEQUENCE",
    ("public", "f"): "EXECUTE ON FUNCTION",
    ("archive", "r"): "SELECT ON TABLE",
}
TO_COME = f"""
GRANT USAGE ON SCHEMA public TO {RUNTIME}, {SEALING};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {RUNTIME};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, USAGE, UPDATE ON SEQUENCES TO {RUNTIME};
"""
SEPARATED = """
SELECT NOT pg_has_role(relowner, 'USAGE')
   AND NOT has_table_privilege(oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
   AND NOT has_any_column_privilege(oid, 'UPDATE')
FROM pg_class WHERE oid = to_regclass('public.audit_record')
"""
NOT_SEPARATED = (
    "duties are not separated: the role of PURVEYOR_DATABASE_URL may change audit records "
    "(docs/operate/audit.md)"
)


async def make(connection: Connection, logins: Mapping[str, str], password: str | None = None) -> None:
    """Make the roles of the duties, and logins that have one: `{"purveyor_sourcing": RUNTIME}`."""
    await connection.execute(MAKE_ROLES.format(names=f"{RUNTIME},{SEALING}"))
    secret = "NULL" if password is None else "'" + password.replace("'", "''") + "'"
    for name, duty in logins.items():
        await connection.execute(MAKE_LOGIN.format(name=name, duty=duty, password=secret))


async def grant(connection: Connection) -> bool:
    """Give the roles of the duties their rights on every table that there is; False where there are no roles.

    Tables to come are the runtime's by default, until the end of the migration that makes them says more.
    """
    if not await connection.fetchval(ROLES_EXIST, [RUNTIME, SEALING]):
        return False
    async with connection.transaction():
        await connection.execute(TO_COME)
        if await connection.fetchval("SELECT to_regnamespace('archive') IS NOT NULL"):
            await connection.execute(f"GRANT USAGE ON SCHEMA archive TO {RUNTIME}")
        for kind, schema, name, says in await connection.fetch(OWN):
            what = (schema, "r" if kind in "rpv" else kind)
            if name in RESTRICTED:
                await _restrict(connection, name, RESTRICTED[name])
            elif says == INSERT_ONLY and what == ("public", "r"):
                await connection.execute(f"REVOKE ALL ON {name} FROM {RUNTIME}")
                await connection.execute(f"GRANT {APPEND} ON {name} TO {RUNTIME}")
            elif what in ON_THINGS:
                await connection.execute(f"GRANT {ON_THINGS[what]} {name} TO {RUNTIME}")
    return True


async def _restrict(connection: Connection, table: str, rights: Rights) -> None:
    for role, given in ((RUNTIME, rights.runtime), (SEALING, rights.sealing)):
        await connection.execute(f"REVOKE ALL ON {table} FROM {role}")
        await connection.execute(f"GRANT {given} ON {table} TO {role}")


async def separated(connection: Connection) -> bool:
    """Whether this connection's role can neither change audit records nor take the triggers away."""
    return bool(await connection.fetchval(SEPARATED))
