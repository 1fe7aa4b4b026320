"""XML as an answer."""

from __future__ import annotations

from typing import Any, Self

from fastapi import Response

from purveyor.http.headers import CONTENT_DISPOSITION

XML = "application/xml"
AS_XML: dict[str, Any] = {"content": {XML: {"schema": {"type": "string"}}}}


class XmlResponse(Response):
    """XML."""

    media_type = XML

    @classmethod
    def of(cls, document: bytes, name: str, **headers: str) -> Self:
        """Return a document of ours, to be kept under a name."""
        return cls(document, headers={CONTENT_DISPOSITION: f'inline; filename="{name}.xml"', **headers})
