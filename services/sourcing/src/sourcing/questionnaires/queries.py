"""What questionnaires ask of the tree of categories."""

from __future__ import annotations

from purveyor.db import Transaction
from purveyor.errors import FieldError, InvalidError
from sourcing.categories import store
from sourcing.categories.queries import no_such


async def expect_category(tx: Transaction, code: str, pointer: str) -> None:
    """Raise InvalidError for the code of a category that there is not, or that is retired."""
    known = (await store.called(tx, [code])).get(code)
    if known is None:
        raise await no_such(tx, {pointer: code})
    if known.retired_on is not None:
        detail = f"{code} was retired on {known.retired_on}: nothing new is begun in it."
        raise InvalidError("category_retired", detail, errors=[FieldError(pointer, detail)])
