"""Routes of exchange rates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from procurement.fields import Price
from procurement.rates import commands, queries
from procurement.rates.commands import StatedRate
from procurement.rates.queries import RATES
from procurement.rates.store import Rate
from procurement.rates.views import ConvertedAmount, ExchangeRate, RateRow
from purveyor.auth import Principal, requires
from purveyor.bulk import BulkOutcome, SetCommand
from purveyor.days import Day
from purveyor.db import Transaction
from purveyor.errors import ProblemError
from purveyor.http import bulk
from purveyor.http.lists import Listed, listed
from purveyor.http.transaction import TransactionRoute, Tx
from purveyor.money import CurrencyCode, Money
from purveyor.pages import Page
from purveyor.texts import Code
from purveyor_contract.roles import Role

router = APIRouter(prefix="/v1/exchange-rates", tags=["rates"], route_class=TransactionRoute)
Reader = Annotated[Principal, requires("procurement:rates:read")]
Writer = Annotated[Principal, requires("procurement:rates:write", Role.ACCOUNTS_PAYABLE, Role.ADMIN)]


def taking(_proposal: UUID | None) -> SetCommand[RateRow]:
    """Return what takes rates."""

    async def take(tx: Transaction, stated: Sequence[RateRow]) -> list[BulkOutcome | ProblemError]:
        rates = [
            StatedRate(Rate(one.source, one.base, one.currency, one.day, one.rate), one.corrects)
            for one in stated
        ]
        done = await commands.record_rates(tx, rates)
        return [one if isinstance(one, ProblemError) else BulkOutcome(one) for one in done]

    return take


BULK = bulk.Kind("record-exchange-rates", RateRow, many=taking)


@router.post(":bulk", summary="Record exchange rates in bulk", **bulk.route(BULK))
async def record_exchange_rates(by: Writer, rows: bulk.Bulk) -> Response:
    """Record what a source said: NDJSON or CSV, a currency and a day a row. The same again changes nothing.

    Another rate of the same source and day is refused, unless its row says that it corrects that one.
    """
    return await rows.take(BULK)


@router.get("/conversion", summary="Convert an amount")
async def get_conversion(
    tx: Tx,
    by: Reader,
    amount: Annotated[Price, Query(description="What is to be converted")],
    currency: CurrencyCode,
    into: CurrencyCode,
    day: Annotated[Day, Query(description="Of the document; not in the future")],
    source: Annotated[Code, Query(description="Whose rates")] = "ECB",
    base: Annotated[CurrencyCode, Query(description="What the source's rates are of")] = "EUR",
) -> ConvertedAmount:
    """Convert an amount by a source's rates of a day, or its last ones before, as the policy `rate-age` says.

    Between two currencies that are not the base both rates are of one day. Where there is none it is 422
    `no_rate`: none is guessed over a gap.
    """
    found = await queries.converted(tx, amount, currency, into, day, source=source, base=base)
    return ConvertedAmount(
        amount=Money(amount=found.amount, currency=into),
        rate=found.rate,
        rated_on=found.rated_on,
        source=source,
    )


@router.get("", summary="Find exchange rates")
async def list_exchange_rates(
    tx: Tx, by: Reader, asked: Annotated[Listed, listed(RATES, ExchangeRate)]
) -> Page[ExchangeRate]:
    """Find exchange rates, the latest first unless another order is asked for."""
    return asked.page(await queries.find_rates(tx, asked), ExchangeRate.model_validate)
