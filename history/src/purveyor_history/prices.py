"""What a line's price was, where an export knows a price, a value, or two that do not fit."""

from __future__ import annotations

from decimal import Decimal

from purveyor.money import minor_units, round_amount

SIX_DECIMALS = Decimal("0.000001")


def price_of(
    quantity: Decimal, price: Decimal | None, base: Decimal, value: Decimal | None, currency: str
) -> tuple[Decimal, Decimal]:
    """Return the price and its base quantity that give a line's value to the minor unit.

    Exports round prices, and the value is what was paid. When quantity × price ÷ base is not the value, the
    price is value ÷ quantity to six decimals where that gives the value, else the value itself for the whole
    quantity. Raises ValueError when neither is known.
    """
    if value is None:
        if price is None:
            raise ValueError("neither a price nor a value is known")
        return price, base
    paid = round_amount(value, currency)
    if price is not None and round_amount(quantity * price / base, currency) == paid:
        return price, base
    exact = (paid / quantity).quantize(SIX_DECIMALS)
    if round_amount(quantity * exact, currency) == paid:
        return exact, Decimal(1)
    return paid, quantity


def contradicts(quantity: Decimal, price: Decimal, base: Decimal, value: Decimal, currency: str) -> bool:
    """Whether a value is off quantity × price ÷ base by more than the price's last digit and a minor unit."""
    exponent = price.as_tuple().exponent
    last_digit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    minor_unit = Decimal(1).scaleb(-minor_units(currency))
    return abs(quantity * price / base - value) > quantity * last_digit / base + minor_unit
