#!/bin/sh
# A database for each service, and three roles in it: who owns and migrates it, who runs the service, who seals its
# audit trail. Runs once, when PostgreSQL's volume is new; on databases that one role had alone it may be run by hand
# to take them apart, before `purveyor migrate` (docs/operate/audit.md).
set -eu
for service in sourcing procurement supplier_performance; do
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set service="purveyor_$service" \
        --set owner="purveyor_${service}_owner" \
        --set sealing="purveyor_${service}_sealing" \
        --set password="$PURVEYOR_DATABASE_PASSWORD" \
        --set owner_password="$PURVEYOR_MIGRATION_PASSWORD" \
        --set sealing_password="$PURVEYOR_SEALING_PASSWORD" <<'SQL'
SELECT format('CREATE ROLE %I NOLOGIN', duty) FROM unnest('{purveyor_runtime,purveyor_sealing}'::name[]) AS duty
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = duty) \gexec
SELECT format('CREATE ROLE %I LOGIN', login)
FROM unnest(ARRAY[:'service', :'owner', :'sealing']::name[]) AS login
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = login) \gexec
ALTER ROLE :"service" PASSWORD :'password';
ALTER ROLE :"owner" PASSWORD :'owner_password';
ALTER ROLE :"sealing" PASSWORD :'sealing_password';
GRANT purveyor_runtime TO :"service";
GRANT purveyor_sealing TO :"sealing";
SELECT format('CREATE DATABASE %I OWNER %I', :'service', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'service') \gexec
ALTER DATABASE :"service" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"service" TO :"service", :"sealing";
\connect :"service"
REASSIGN OWNED BY :"service" TO :"owner";
SQL
done
