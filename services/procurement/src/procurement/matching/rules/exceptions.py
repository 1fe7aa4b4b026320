"""What keeps an invoice from being matched, who solves it, and how."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from purveyor.errors import ConflictError, ForbiddenError
from purveyor_contract.roles import Role


class ExceptionKind(StrEnum):
    """What is not as it should be."""

    UNMATCHED_LINE = "unmatched_line"
    UNIT = "unit"
    QUANTITY_ORDERED = "quantity_against_ordered"
    QUANTITY_RECEIVED = "quantity_against_received"
    MISSING_RECEIPT = "missing_receipt"
    PRICE = "price"
    AMOUNT = "amount"
    OVER_TAX = "over_tax"
    UNDER_TAX = "under_tax"
    FREIGHT = "freight"
    CURRENCY = "currency"
    DUPLICATE = "duplicate"
    BLOCKED_SUPPLIER = "blocked_supplier"
    RULE = "rule"
    """A rule of EN 16931 or Peppol is broken."""


class Resolution(StrEnum):
    """How somebody solves an exception."""

    ACCEPT = "accept"
    DISPUTE = "dispute"
    REQUEST_CREDIT = "request_credit"
    WAIT = "wait"


OWNERS: Mapping[ExceptionKind, Role] = {
    ExceptionKind.UNMATCHED_LINE: Role.BUYER,
    ExceptionKind.UNIT: Role.BUYER,
    ExceptionKind.QUANTITY_ORDERED: Role.BUYER,
    ExceptionKind.QUANTITY_RECEIVED: Role.BUYER,
    ExceptionKind.MISSING_RECEIPT: Role.BUYER,
    ExceptionKind.PRICE: Role.BUYER,
    ExceptionKind.FREIGHT: Role.BUYER,
    ExceptionKind.CURRENCY: Role.BUYER,
    ExceptionKind.AMOUNT: Role.ACCOUNTS_PAYABLE,
    ExceptionKind.OVER_TAX: Role.ACCOUNTS_PAYABLE,
    ExceptionKind.UNDER_TAX: Role.ACCOUNTS_PAYABLE,
    ExceptionKind.DUPLICATE: Role.ACCOUNTS_PAYABLE,
    ExceptionKind.RULE: Role.ACCOUNTS_PAYABLE,
    ExceptionKind.BLOCKED_SUPPLIER: Role.CATEGORY_MANAGER,
}
"""Who may accept what; anybody who decides of invoices may dispute it, ask for a credit, or wait."""
WAITING = frozenset({ExceptionKind.MISSING_RECEIPT, ExceptionKind.QUANTITY_RECEIVED})
"""What goods that arrive may solve."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is not as it should be, of a line or of the whole invoice."""

    kind: ExceptionKind
    detail: str
    position: int | None = None
    expected: Decimal | None = None
    found: Decimal | None = None

    @property
    def key(self) -> tuple[str, int | None]:
        """What it is known by among the exceptions of an invoice."""
        return self.kind, self.position


def merged(findings: Iterable[Finding]) -> dict[tuple[str, int | None], Finding]:
    """Return findings by what they are known by; several of one are one that says all of them."""
    found: dict[tuple[str, int | None], list[Finding]] = {}
    for one in findings:
        found.setdefault(one.key, []).append(one)
    return {
        key: each[0]
        if len(each) == 1
        else Finding(each[0].kind, " ".join(one.detail for one in each)[:2000], each[0].position)
        for key, each in found.items()
    }


def check_resolution(
    kind: ExceptionKind, resolution: Resolution, roles: Collection[str], *, is_open: bool
) -> None:
    """Raise ConflictError where an exception is not solved so; ForbiddenError for who may not accept it."""
    if not is_open:
        raise ConflictError("exception_solved", "The exception is solved already: read the invoice again.")
    if resolution is Resolution.WAIT and kind not in WAITING:
        raise ConflictError(
            "nothing_to_wait_for",
            f"No goods that arrive solve {kind}: accept or dispute it, or ask for a credit note.",
        )
    if resolution is Resolution.ACCEPT and kind is ExceptionKind.UNIT:
        raise ConflictError(
            "quantity_unknown",
            "How much of the order it charges is not known, so that it would never count: give the item a "
            "unit that converts, assign another line, or dispute it.",
        )
    if resolution is Resolution.ACCEPT and OWNERS[kind] not in roles:
        raise ForbiddenError(
            "role_required", f"{kind} is accepted by {OWNERS[kind]}: ask one of them, or dispute it."
        )


def still_accepted(accepted: Finding, found: Finding) -> bool:
    """Whether what somebody accepted is what is found now: no more, and of nothing else.

    What has no amounts is known by what is said of it.
    """
    if found.expected is None and found.found is None and accepted.detail != found.detail:
        return False
    return (accepted.expected, accepted.found) == (found.expected, found.found)


def only_waits(open_ones: Sequence[tuple[ExceptionKind, Resolution | None]]) -> bool:
    """Whether all that is open waits for goods, because somebody said so."""
    return bool(open_ones) and all(resolution is Resolution.WAIT for _, resolution in open_ones)
