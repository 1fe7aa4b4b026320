"""One owner a table: only the folder of the feature that maps a table names it, in SQL or by its class."""

from __future__ import annotations

import ast
import importlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

ROOT = Path(__file__).parents[1]
PACKAGES = {
    "sourcing": ROOT / "services/sourcing/src/sourcing",
    "procurement": ROOT / "services/procurement/src/procurement",
    "supplier_performance": ROOT / "services/supplier-performance/src/supplier_performance",
}
STATEMENTS = {"select", "update", "insert", "delete", "get", "join", "exists"}
"""What takes a mapped class and turns it into SQL."""
NAMED_AFTER = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)\b(?!\s*\()", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Owner:
    """A feature and its table, with the class that maps it."""

    feature: str
    table: str
    mapped: str


def features(service: str) -> list[Path]:
    """Return a service's folders of features."""
    folders = (path for path in PACKAGES[service].iterdir() if path.is_dir())
    return sorted(path for path in folders if path.name not in {"migrations", "__pycache__"})


def owners(service: str) -> dict[str, Owner]:
    """Return each table's owner: the feature whose model maps it."""
    found = {}
    for feature in features(service):
        for path in feature.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ClassDef):
                    for statement in node.body:
                        match statement:
                            case ast.Assign(
                                targets=[ast.Name(id="__tablename__")], value=ast.Constant(value=str(table))
                            ):
                                assert table not in found, f"{table} is mapped twice"
                                found[table] = Owner(feature.name, table, node.name)
    return found


def tables_in(sql: str) -> set[str]:
    """Return the tables that a statement names; of a fragment, what follows FROM, JOIN, INTO and UPDATE."""
    filled = re.sub(r"\{\w+\}", "1", sql)
    try:
        [tree] = sqlglot.parse(filled, dialect="postgres")
    except (SqlglotError, ValueError):
        return set(NAMED_AFTER.findall(re.sub(r"--[^\n]*", "", sql)))
    if tree is None or isinstance(tree, exp.Command):
        return set(NAMED_AFTER.findall(sql))
    common = {expression.alias for expression in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - common


def texts_of(path: Path, module: str) -> Iterator[str]:
    """Yield a module's SQL: its constants as they are at run time, and the texts inside its functions."""
    loaded = importlib.import_module(module)
    for value in vars(loaded).values():
        if isinstance(value, str):
            yield value
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def is_sql(text: str) -> bool:
    """Whether a text is a statement or a fragment of one, and not a sentence."""
    in_capitals = re.search(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN)\s+[a-z_*(]", text)
    in_small = re.match(r"\s*(select|insert into|update|delete from|with)\s", text)
    return bool(in_capitals or in_small)


def classes_used(path: Path) -> set[str]:
    """Return the names that are handed to something that makes SQL of mapped classes."""
    used = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in STATEMENTS:
                used |= {name for argument in node.args for name in _classes_in(argument)}
    return used


def _classes_in(argument: ast.expr) -> set[str]:
    """Return what may be mapped classes: `Supplier`, and that of `Supplier.id`, alone or in a list."""
    if isinstance(argument, ast.Name):
        return {argument.id}
    if isinstance(argument, ast.Attribute):
        return _classes_in(argument.value)
    if isinstance(argument, ast.Starred):
        return _classes_in(argument.value)
    if isinstance(argument, ast.Tuple | ast.List):
        return {name for element in argument.elts for name in _classes_in(element)}
    return set()


def strangers(service: str) -> set[tuple[str, str, str]]:
    """Return which features name tables that are another's."""
    owned = owners(service)
    by_class = {owner.mapped: owner for owner in owned.values()}
    found = set()
    for feature in features(service):
        for path in feature.rglob("*.py"):
            inside = path.relative_to(PACKAGES[service].parent).with_suffix("")
            named = {
                table
                for text in texts_of(path, ".".join(inside.parts).removesuffix(".__init__"))
                if is_sql(text)
                for table in tables_in(text)
                if table in owned
            }
            named |= {by_class[name].table for name in classes_used(path) & by_class.keys()}
            found |= {
                (service, feature.name, table) for table in named if owned[table].feature != feature.name
            }
    return found


@pytest.mark.parametrize("service", PACKAGES)
def test_a_feature_names_its_own_tables_only(service: str) -> None:
    assert strangers(service) == set()


@pytest.mark.parametrize(
    "planted",
    [
        "SELECT count(*) FROM goods_receipt",
        "WITH late AS (SELECT id FROM goods_receipt) SELECT * FROM late JOIN site ON true",
        "JOIN goods_receipt AS receipt ON receipt.order_id = {order}",
        "DELETE FROM goods_receipt WHERE {which}",
    ],
)
def test_a_table_read_from_next_door_is_found(monkeypatch: pytest.MonkeyPatch, planted: str) -> None:
    queries = importlib.import_module("procurement.sites.queries")
    monkeypatch.setattr(queries, "PLANTED", planted, raising=False)
    assert strangers("procurement") == {("procurement", "sites", "goods_receipt")}


@pytest.mark.parametrize(
    "planted",
    [
        'await tx.connection.fetchval("SELECT count(*) FROM goods_receipt")',
        'await tx.connection.fetchval("select count(*) from goods_receipt")',
        "await tx.session.scalars(select(GoodsReceipt))",
        "await tx.session.scalars(select(GoodsReceipt.id))",
        "await tx.session.get(GoodsReceipt, receipt_id)",
        "statement.join(GoodsReceipt)",
    ],
)
def test_a_table_named_inside_a_function_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    copy = tmp_path / "procurement"
    shutil.copytree(PACKAGES["procurement"], copy, ignore=shutil.ignore_patterns("__pycache__"))
    queries = copy / "sites/queries.py"
    queries.write_text(
        f"{queries.read_text()}\n\nasync def planted(tx, statement, receipt_id):\n    {planted}\n"
    )
    monkeypatch.setitem(PACKAGES, "procurement", copy)
    assert strangers("procurement") == {("procurement", "sites", "goods_receipt")}


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("SELECT a FROM site JOIN purchase_order AS o ON o.site = site.code", {"site", "purchase_order"}),
        ("WITH site AS (SELECT 1) UPDATE purchase_order SET a = 1 FROM site", {"purchase_order"}),
        ("INSERT INTO goods_receipt (id) SELECT id FROM unnest($1::uuid[]) AS t (id)", {"goods_receipt"}),
        ("DELETE FROM score_due WHERE EXISTS (SELECT FROM scorecard)", {"score_due", "scorecard"}),
        ("FROM received_line AS receipt WHERE true", {"received_line"}),
    ],
)
def test_tables_are_found_in_statements_and_in_fragments(sql: str, tables: set[str]) -> None:
    assert tables_in(sql) - {""} == tables


def test_what_answers_over_http_in_every_service_leaves_queries_to_who_owns_the_table() -> None:
    folder = ROOT / "shared/kernel/src/purveyor/http"
    queries = [
        f"{path.relative_to(ROOT)}: {node.module}"
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and node.module == "sqlalchemy"
        and {"select", "table", "text"} & {alias.name for alias in node.names}
    ]
    assert queries == []
