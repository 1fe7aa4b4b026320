"""What a service says of itself to who opens it: a page of what it is, and one of all its problems.

They need nothing from elsewhere, so that they are read offline, and no token.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import HTMLResponse

from purveyor.auth import public
from purveyor.http.browser import PAGE_POLICY
from purveyor.refusals import ROW, Refusal

router = APIRouter(tags=["operations"], dependencies=[Depends(public)])

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem;
    color: #1d2430; }}
  code {{ font-family: ui-monospace, monospace; font-size: .9em; }}
  article {{ margin: 1.5rem 0; padding-left: 1rem; border-left: 3px solid #c4cedc; }}
  article:target {{ border-left-color: #b4540a; background: #fdf6ee; }}
  dt {{ font-weight: 600; float: left; clear: left; width: 9rem; }} dd {{ margin-left: 9rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
{content}
</body>
</html>
"""
LINKS = (
    ("docs", "read and try the API"),
    ("openapi.json", "the API, for generators of clients (OpenAPI 3.1)"),
    ("events", "the events that are published and listened to, with their schemas"),
    ("asyncapi.yaml", "the same for tools (AsyncAPI 3.1)"),
    ("problems", "every way in which a request is refused, and what to do then"),
    ("healthz", "whether the process is alive"),
    ("readyz", "whether it can do its work"),
)


@router.get("/", include_in_schema=False)
async def get_home(request: Request) -> HTMLResponse:
    """Answer a page that says what this service is, and where to go on."""
    app: FastAPI = request.app
    there = {getattr(route, "path", "").lstrip("/") for route in app.routes}
    links = "\n".join(
        f'  <li><a href="{path}">/{path}</a>: {means}</li>' for path, means in LINKS if path in there
    )
    version = f"Version {escape(app.version)} of its API, {escape(app.state.release)} of the software."
    return _page(app.title, f"<p>{escape(app.description)}</p>\n<p>{version}</p>\n<ul>\n{links}\n</ul>")


@router.get("/problems", include_in_schema=False)
async def get_problems(request: Request) -> HTMLResponse:
    """Answer the page of every code: the `type` of a problem names its place there. It is written once."""
    app: FastAPI = request.app
    if not hasattr(app.state, "problems_as_shown"):
        app.state.problems_as_shown = _entries(app.state.refusals, app.openapi())
    intro = (
        "<p>A refusal is a problem document (RFC 9457). Its <code>code</code> is for programs and never "
        "changes its meaning, <code>detail</code> is for people, and <code>errors</code> names each place "
        "that was wrong by a JSON pointer.</p>"
    )
    return _page(f"Problems of {app.title}", f"{intro}\n{app.state.problems_as_shown}")


def _page(title: str, content: str) -> HTMLResponse:
    page = PAGE.format(title=escape(title), content=content)
    return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY})


def _entries(refusals: Sequence[Refusal], document: dict[str, Any]) -> str:
    by_code: dict[str, list[Refusal]] = {}
    operations = [
        (method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    for refusal in sorted(refusals, key=lambda one: (one.code, one.status)):
        if not refusal.at or any(refusal.is_met(*place) for place in operations):
            by_code.setdefault(refusal.code, []).append(refusal)
    return "\n".join(_entry(code, kinds, operations) for code, kinds in by_code.items())


def _entry(code: str, kinds: Sequence[Refusal], operations: Sequence[tuple[str, str, Any]]) -> str:
    said = []
    for kind in kinds:
        met = [f"{method.upper()} {path}" for method, path, op in operations if kind.is_met(method, path, op)]
        said.append(
            f"<dl>\n  <dt>Status</dt><dd>{_status(kind.status)}</dd>\n"
            f"  <dt>Means</dt><dd>{escape(kind.means)}</dd>\n"
            f"  <dt>What to do</dt><dd>{escape(kind.remedy)}</dd>\n"
            f"  <dt>Where</dt><dd>{_where(met, len(operations))}</dd>\n</dl>"
        )
    return f'<article id="{code}">\n<h2><code>{code}</code></h2>\n{"".join(said)}\n</article>'


def _status(status: int) -> str:
    return "a row of an answer that is 200" if status == ROW else f"{status} {HTTPStatus(status).phrase}"


def _where(met: Sequence[str], all_of_them: int) -> str:
    if len(met) == all_of_them:
        return "every operation"
    return (
        ", ".join(f"<code>{escape(place)}</code>" for place in met)
        or "no operation: other pages, or the command purveyor"
    )
