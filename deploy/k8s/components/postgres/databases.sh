#!/bin/sh
# A role and a database for each service; runs once, when PostgreSQL's volume is new.
set -eu
for service in sourcing procurement supplier_performance; do
    psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set service="purveyor_$service" --set password="$PURVEYOR_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE :"service" LOGIN PASSWORD :'password';
CREATE DATABASE :"service" OWNER :"service";
REVOKE ALL ON DATABASE :"service" FROM PUBLIC;
SQL
done
