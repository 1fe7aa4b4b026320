"""The pages that a service answers about itself: its OpenAPI document, and one to read and try it with."""

from __future__ import annotations

import asyncio
from html import escape
from pathlib import Path

import fastapi_offline
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from purveyor.auth import public
from purveyor.errors import NotFoundError
from purveyor.http.browser import PAGE_POLICY
from purveyor.texts import Code

router = APIRouter(tags=["operations"], dependencies=[Depends(public)])

SWAGGER_UI = Path(fastapi_offline.__file__).parent / "static"
ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon.png"})
KEPT_A_DAY = {"Cache-Control": "public, max-age=86400"}
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="icon" href="docs/favicon.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
START = (
    'SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null});\n'
)


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """Answer the OpenAPI document, which is written once: it is long, and anybody may ask for it.

    That takes seconds of work, which a thread does: whoever asks something else meanwhile is answered.
    """
    state = request.app.state
    if not hasattr(state, "openapi_as_sent"):
        state.openapi_as_sent = asyncio.create_task(asyncio.to_thread(_as_sent, request.app))
    return Response(await asyncio.shield(state.openapi_as_sent), media_type=JSONResponse.media_type)


def _as_sent(app: FastAPI) -> bytes:
    return bytes(JSONResponse(app.openapi()).body)


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    """Answer a page to read and try the API with; a browser needs nothing from anywhere else for it."""
    page = PAGE.format(title=escape(request.app.title))
    return HTMLResponse(page, headers={"Content-Security-Policy": PAGE_POLICY})


@router.get("/docs/{asset}", include_in_schema=False)
async def docs_asset(asset: Code) -> Response:
    """Answer a file of that page."""
    if asset == "start.js":
        return Response(START, media_type="text/javascript", headers=KEPT_A_DAY)
    if asset not in ASSETS:
        raise NotFoundError("asset", asset)
    return FileResponse(SWAGGER_UI / asset, headers=KEPT_A_DAY)
