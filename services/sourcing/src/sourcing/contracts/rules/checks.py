"""Which contracts make sense: a term that lies ahead, tiers without holes, one price for a thing on a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from purveyor.errors import FieldError, InvalidError
from purveyor.money import why_not_owed
from sourcing.contracts.rules.content import (
    MOST_TIERS_IN_ALL,
    ContractContent,
    ContractKind,
    ContractPrice,
    PriceTier,
    RenewalKind,
)

LONGEST_TERM_DAYS = 20 * 366


@dataclass(frozen=True, slots=True)
class Priced:
    """What a line of a price list gives a price for, on which days, both in it."""

    number: int
    key: tuple[str, str | None, str | None, str, str]
    """Category, item, site, unit, currency."""
    first: date
    last: date

    def meets(self, other: Priced) -> bool:
        """Whether both hold on some day."""
        return self.first <= other.last and other.first <= self.last


def check_content(content: ContractContent, today: date) -> None:
    """Raise InvalidError for a contract that nobody could buy by, naming where."""
    _expect_none("contract_term_wrong", "A contract runs from a day to a later one.", _term(content, today))
    _expect_none("renewal_wrong", "A contract goes on from its end.", _renewal(content))
    _expect_none("ceiling_missing", "What is fixed is stated.", _ceilings(content))
    _expect_none("codes_repeated", "Each number stands once.", _repeated(content))
    _expect_none(
        "tiers_malformed", "Tiers follow one on the other, from the least quantity.", _tiers(content)
    )
    _expect_none("price_repeated", "A thing has one price on a day.", _priced_twice(content))


def check_amendment(before: ContractContent, after: ContractContent) -> None:
    """Raise InvalidError where an amendment would change what a running contract began with."""
    _expect_none("amendment_wrong", "What it began with stays.", _changed(before, after))


def priced(content: ContractContent) -> list[Priced]:
    """Return what a contract prices, on which days."""
    return [
        Priced(
            price.number,
            (price.category, price.item, price.site, price.unit, content.currency),
            max(price.valid_from or content.starts_on, content.starts_on),
            min(price.valid_to or content.ends_on, content.ends_on),
        )
        for price in content.prices
    ]


def overlaps(content: ContractContent, other: ContractContent) -> list[tuple[int, int]]:
    """Return the places in the one's price list, and the other's numbers, of what both price on some day.

    Without regard to the category, where both name the item.
    """
    by_key: dict[tuple[str | None, ...], list[Priced]] = defaultdict(list)
    for theirs in priced(other):
        by_key[_meeting(theirs)].append(theirs)
    found: list[tuple[int, int]] = []
    for place, ours in enumerate(priced(content)):
        sites = {ours.key[2], None} if ours.key[2] is not None else None
        for theirs in by_key.get(_meeting(ours), ()):
            same_site = sites is None or theirs.key[2] in sites
            if same_site and ours.meets(theirs):
                found.append((place, theirs.number))
    return found


def tier_problems(price: ContractPrice) -> Iterator[tuple[str, str]]:
    """Return what is wrong with the tiers of a price, each with where in it."""
    tiers = price.tiers
    least = price.least_quantity
    if tiers[0].from_quantity > (least or 0):
        starts = tiers[0].from_quantity
        yield "/tiers/0/from_quantity", f"less than {starts:f} would have no price"
    for place, (tier, after) in enumerate(pairwise(tiers)):
        if tier.below is None or tier.below > after.from_quantity:
            yield f"/tiers/{place}/below", f"overlaps the next tier, which begins at {after.from_quantity:f}"
        elif tier.below < after.from_quantity:
            yield f"/tiers/{place}/below", f"leaves a hole up to {after.from_quantity:f}"
    if (end := tiers[-1].below) is not None:
        yield f"/tiers/{len(tiers) - 1}/below", f"leaves a hole from {end:f} on"
    for place, tier in enumerate(tiers):
        yield from _tier(place, tier, price)


def _tier(place: int, tier: PriceTier, price: ContractPrice) -> Iterator[tuple[str, str]]:
    if tier.below is not None and tier.below <= tier.from_quantity:
        yield f"/tiers/{place}/below", "lies not above where it begins"
    if (tier.price is None) == (tier.discount_percent is None):
        yield f"/tiers/{place}/price", "state a price or a discount, one of them"
    elif tier.discount_percent is not None and price.list_price is None:
        yield "/list_price", "state it: discounts are off it"


def _meeting(one: Priced) -> tuple[str | None, ...]:
    category, item, _, unit, currency = one.key
    return (None if item is not None else category, item, unit, currency)


def _expect_none(code: str, rule: str, errors: Iterable[FieldError]) -> None:
    found = list(errors)
    if found:
        raise InvalidError(code, f"{rule} {found[0].detail}", errors=found)


def _changed(before: ContractContent, after: ContractContent) -> Iterator[FieldError]:
    if after.starts_on != before.starts_on:
        yield FieldError("/content/starts_on", f"It runs since {before.starts_on}.")
    if after.currency != before.currency:
        yield FieldError("/content/currency", f"It is in {before.currency}: conclude another one.")


def _term(content: ContractContent, today: date) -> Iterator[FieldError]:
    if content.ends_on < content.starts_on:
        yield FieldError("/content/ends_on", "It would end before it begins.")
    elif content.ends_on < today:
        yield FieldError("/content/ends_on", f"It would have ended; today is {today}.")
    elif (content.ends_on - content.starts_on).days > LONGEST_TERM_DAYS:
        yield FieldError("/content/ends_on", "It would run for more than 20 years.")
    if why := why_not_owed(content.currency, content.ends_on):
        yield FieldError("/content/currency", why)
    for place, one in enumerate(content.obligations):
        if not content.starts_on <= one.due_on <= content.ends_on:
            yield FieldError(f"/content/obligations/{place}/due_on", "It lies outside of the term.")


def _renewal(content: ContractContent) -> Iterator[FieldError]:
    renewal = content.renewal
    if renewal.kind is RenewalKind.NONE:
        if (renewal.months, renewal.notice_days, renewal.until) != (None, None, None):
            yield FieldError("/content/renewal/kind", "It does not go on: say nothing of how.")
        return
    if renewal.months is None:
        yield FieldError("/content/renewal/months", "Say by how many months it goes on.")
    if renewal.notice_days is None:
        yield FieldError("/content/renewal/notice_days", "Say until when either side can say no.")
    elif renewal.notice_days > (content.ends_on - content.starts_on).days:
        yield FieldError("/content/renewal/notice_days", "Nobody could say no: it is longer than the term.")
    if renewal.until is not None and renewal.until < content.ends_on:
        yield FieldError("/content/renewal/until", "It would go on to before its end.")


def _ceilings(content: ContractContent) -> Iterator[FieldError]:
    if content.kind is ContractKind.FIXED_VALUE and content.ceiling_value is None:
        yield FieldError("/content/ceiling_value", "Say how much it is.")
    if content.kind is ContractKind.FIXED_QUANTITY:
        for place, price in enumerate(content.prices):
            if price.most_quantity is None:
                yield FieldError(f"/content/prices/{place}/most_quantity", "Say how much it is.")


def _repeated(content: ContractContent) -> Iterator[FieldError]:
    lists: Sequence[tuple[str, Sequence[int | str]]] = (
        ("prices", [one.number for one in content.prices]),
        ("obligations", [one.number for one in content.obligations]),
        ("affiliates", [str(one) for one in content.affiliates]),
    )
    for name, codes in lists:
        counted = Counter[int | str]()
        for place, code in enumerate(codes):
            counted[code] += 1
            if counted[code] > 1:
                at = f"/content/{name}/{place}" + ("" if name == "affiliates" else "/number")
                yield FieldError(at, f"{code} stands there already.")


def _tiers(content: ContractContent) -> Iterator[FieldError]:
    if sum(len(price.tiers) for price in content.prices) > MOST_TIERS_IN_ALL:
        yield FieldError("/content/prices", f"There are more than {MOST_TIERS_IN_ALL} tiers.")
    for place, price in enumerate(content.prices):
        for at, why in tier_problems(price):
            yield FieldError(f"/content/prices/{place}{at}", why)


def _priced_twice(content: ContractContent) -> Iterator[FieldError]:
    by_key: dict[tuple[str | None, ...], list[Priced]] = defaultdict(list)
    for place, one in enumerate(priced(content)):
        if one.first > one.last:
            yield FieldError(
                f"/content/prices/{place}/valid_from", "It would hold on no day of the contract."
            )
        key = (*_meeting(one), one.key[2])
        for other in by_key[key]:
            if one.meets(other):
                yield FieldError(f"/content/prices/{place}", f"Line {other.number} prices the same that day.")
                break
        by_key[key].append(one)
