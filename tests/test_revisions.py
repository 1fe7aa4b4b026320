"""A revision that would lock a table for long, or break running code, is refused by `make check`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from shared.kernel.tests.planted import Step, executes, plant

from purveyor.migrations.shipped import shipped
from purveyor_cli.revisions import faults, main
from purveyor_cli.services import PROCUREMENT

Found = Callable[[str, str], str]


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Found:
    """Return what says the faults of a revision that is planted into procurement."""
    monkeypatch.syspath_prepend(tmp_path)

    def of(phase: str, upgrade: str) -> str:
        package = plant(tmp_path, PROCUREMENT.migrations, Step("2099_01_01_new", "99.0.0", phase, upgrade))
        code = shipped(package)
        assert code is not None
        return faults(code)

    return of


def test_the_revisions_that_there_are_have_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("CREATE INDEX ix_site_name ON site (name)", "require-concurrent-index-creation"),
        ("ALTER TABLE site ADD area text NOT NULL", "adding-required-field"),
        ("ALTER TABLE supplier ALTER country SET NOT NULL", "adding-not-nullable-field"),
        ("ALTER TABLE site ADD stamp timestamptz DEFAULT clock_timestamp()", "adding-field-with-default"),
        ("ALTER TABLE site ALTER version TYPE bigint", "changing-column-type"),
        ("ALTER TABLE site ADD CONSTRAINT ck_site_name CHECK (name <> '')", "constraint-missing-not-valid"),
        (
            "ALTER TABLE site ADD CONSTRAINT uq_site_name UNIQUE (name)",
            "disallowed-unique-constraint",
        ),
        ("ALTER TABLE site RENAME name TO title", "renaming-column"),
        ("ALTER TABLE site RENAME TO place", "renaming-table"),
    ],
)
@pytest.mark.parametrize("phase", ["before", "after"])
def test_what_locks_for_long_or_renames_is_refused(
    statement: str, rule: str, phase: str, found: Found
) -> None:
    assert "2099_01_01_new.sql:" in found(phase, executes(statement))
    assert rule in found(phase, executes(statement))


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("ALTER TABLE site DROP name", "ban-drop-column"),
        ("ALTER TABLE site ALTER name DROP NOT NULL", "ban-drop-not-null"),
        ("DROP TABLE goods_receipt_line", "ban-drop-table"),
        (
            "ALTER TABLE site ADD CONSTRAINT ck_site_name CHECK (name <> '') NOT VALID",
            "narrowing-running-code ck_site_name",
        ),
        (
            "ALTER TABLE site ADD CONSTRAINT fk_site FOREIGN KEY (code) REFERENCES item (code) NOT VALID",
            "narrowing-running-code fk_site",
        ),
    ],
)
def test_what_running_code_may_need_or_write_is_taken_away_in_the_after_half_only(
    statement: str, rule: str, found: Found
) -> None:
    assert rule in found("before", executes(statement))
    assert found("after", executes(statement)) == ""


def test_that_something_is_unique_is_said_when_nobody_writes_it_twice_any_more(found: Found) -> None:
    unique = 'create_index_concurrently("uq_site_name", "site (name)", unique=True)'
    assert "narrowing-running-code uq_site_name" in found("before", unique)
    assert found("after", unique) == ""


@pytest.mark.parametrize(
    "upgrade",
    [
        executes("ALTER TABLE site ADD area text"),
        executes(
            "ALTER TABLE site ADD area text; "
            "ALTER TABLE site ADD CONSTRAINT ck_site_area CHECK (area <> '' OR name = '') NOT VALID"
        ),
        executes(
            "CREATE TABLE area (code text CONSTRAINT pk_area PRIMARY KEY); "
            "ALTER TABLE area ADD CONSTRAINT ck_area_code CHECK (code <> '') NOT VALID"
        ),
        executes("ALTER TABLE site VALIDATE CONSTRAINT ck_site_name"),
        executes(
            "ALTER TABLE supplier VALIDATE CONSTRAINT ck_supplier_country;"
            "ALTER TABLE supplier ALTER country SET NOT NULL"
        ),
        executes(
            "ALTER TABLE supplier DROP CONSTRAINT ck_supplier_status;"
            "ALTER TABLE supplier ADD CONSTRAINT ck_supplier_status CHECK (status <> '') NOT VALID"
        ),
        executes("CREATE TABLE area (code text CONSTRAINT pk_area PRIMARY KEY, name text NOT NULL)"),
        'create_index_concurrently("ix_site_name", "site (name)")',
    ],
)
def test_what_keeps_nobody_waiting_passes(upgrade: str, found: Found) -> None:
    assert found("before", upgrade) == ""
