"""Pages of a list as routes take them: `?limit=&cursor=`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from purveyor.pages import CURSOR, DEFAULT_LIMIT, HIGHEST_LIMIT, LONGEST_CURSOR, PageRequest


async def _page(
    limit: Annotated[int, Query(ge=1, le=HIGHEST_LIMIT, description="Items on a page")] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None,
        Query(max_length=LONGEST_CURSOR, pattern=CURSOR, description="`next_cursor` of the page before"),
    ] = None,
) -> PageRequest:
    return PageRequest(limit, cursor)


Paging = Annotated[PageRequest, Depends(_page)]
"""The page that the caller asks for."""
