"""Each KPI that comes with the service has a page, made of its definition; so has the grammar a schema.

Written by `python -m pytest` of this file with WRITE=1 in the environment, and read before it is committed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from supplier_performance.facts.queries import KINDS
from supplier_performance.kpis.rules.grammar import Definition
from supplier_performance.kpis.rules.kpi import Kpi
from supplier_performance.kpis.rules.shipped import KPIS

PAGES = Path(__file__).parents[4] / "docs/kpis"
INTRODUCTION = (
    "Each is a definition like those that anybody writes (`GET /v1/kpis`, grammar: "
    "[definition.schema.json](definition.schema.json)), version 0, and in force until another is activated. "
    "Nothing over nothing is no data, never zero. How definitions are read, and what is refused of them: "
    "[the service's README](../../services/supplier-performance/README.md#kpis)."
)
DIRECTIONS = {"higher": "higher is better", "lower": "lower is better"}


def page(kpi: Kpi) -> str:
    """Return the page of a KPI."""
    definition = kpi.definition
    kind = KINDS[definition.of]
    exclusions = "\n".join(f"- {one.reason}" for one in definition.exclusions) or "None."
    data = json.dumps(definition.model_dump(mode="json", exclude_none=True), indent=2, ensure_ascii=False)
    return f"""# {kpi.title}
`{kpi.code}`: {kpi.formula}.

| | |
| --- | --- |
| unit | {definition.unit}, {DIRECTIONS[definition.direction]} |
| facts | `{kind.name}`: {kind.what} |
| of a period | by `{kind.happened}` |
| events | {", ".join(f"`{event}`" for event in kind.events)} |
| standard | {kpi.standard or "None names it so"} |

Excluded, counted and shown:

{exclusions}

```json
{data}
```
"""


def index() -> str:
    """Return the list of the pages."""
    rows = "\n".join(
        f"| [{kpi.title}]({kpi.code}.md) | `{kpi.code}` | {kpi.definition.unit} | {kpi.formula} |"
        for kpi in KPIS
    )
    return f"""# KPIs that come with the service
{INTRODUCTION}

| KPI | code | unit | formula |
| --- | --- | --- | --- |
{rows}
"""


def schema() -> str:
    """Return the JSON Schema of definitions."""
    return json.dumps(Definition.model_json_schema(), indent=2, ensure_ascii=False) + "\n"


FILES = {"README.md": index(), "definition.schema.json": schema()} | {
    f"{kpi.code}.md": page(kpi) for kpi in KPIS
}


@pytest.mark.parametrize("name", FILES)
def test_what_is_written_of_kpis_is_what_they_are(name: str) -> None:
    if os.environ.get("WRITE"):
        PAGES.mkdir(exist_ok=True)
        (PAGES / name).write_text(FILES[name])
    assert (PAGES / name).read_text() == FILES[name]


def test_there_is_no_page_of_what_there_is_not() -> None:
    assert {path.name for path in PAGES.iterdir()} == FILES.keys()
