"""Pages of a list as routes take them: `?limit=&cursor=`."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request, Response

from purveyor.pages import CURSOR, DEFAULT_LIMIT, HIGHEST_LIMIT, LONGEST_CURSOR, PageRequest


async def _page(
    limit: Annotated[int, Query(ge=1, le=HIGHEST_LIMIT, description="Items on a page")] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None,
        Query(max_length=LONGEST_CURSOR, pattern=CURSOR, description="`next_cursor` of the page before"),
    ] = None,
) -> PageRequest:
    return PageRequest(limit, cursor)


def link_next(request: Request, response: Response, next_cursor: str | None) -> None:
    """Name the next page in the header `Link` (RFC 8288), relative to this one: gateways add to paths."""
    if next_cursor is not None:
        asked = [one for one in request.query_params.multi_items() if one[0] != "cursor"]
        query = urlencode([*asked, ("cursor", next_cursor)])
        response.headers["Link"] = f'<?{query}>; rel="next"'


Paging = Annotated[PageRequest, Depends(_page)]
"""The page that the caller asks for."""
