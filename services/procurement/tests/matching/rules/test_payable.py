"""What raises what is due beside lines, charges and taxes, by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from procurement.invoices.rules.terms import Adjustment
from procurement.matching.rules.exceptions import (
    OWNERS,
    ExceptionKind,
    Finding,
    Resolution,
    check_resolution,
    merged,
    still_accepted,
)
from procurement.matching.rules.payable import adjustment_findings, payable_findings
from purveyor.errors import ConflictError
from purveyor_contract.roles import Role


@pytest.mark.parametrize(
    ("rounding", "prepaid", "adjustments", "found"),
    [
        ("0.99", "0", [], []),
        ("-0.99", "25.00", [Adjustment(False, Decimal(5)), Adjustment(True, Decimal(5))], []),
        ("1.00", None, [], ["1.00"]),
        ("-1.00", None, [], ["-1.00"]),
        (None, "-500", [], ["-500"]),
        (None, None, [Adjustment(False, Decimal(-500))], ["-500"]),
        (None, None, [Adjustment(True, Decimal(-5))], ["-5"]),
    ],
)
def test_what_raises_what_is_due_without_being_charged_is_an_exception(
    rounding: str | None, prepaid: str | None, adjustments: list[Adjustment], found: list[str]
) -> None:
    first, second = (None if one is None else Decimal(one) for one in (rounding, prepaid))
    findings = list(payable_findings(first, second, adjustments))
    assert [str(one.found) for one in findings] == found
    assert {one.kind for one in findings} <= {ExceptionKind.AMOUNT}
    assert OWNERS[ExceptionKind.AMOUNT] is Role.ACCOUNTS_PAYABLE


def test_an_allowance_below_zero_of_a_line_is_found_at_that_line() -> None:
    [one] = adjustment_findings([Adjustment(False, Decimal("-0.01"))], 3)
    assert (one.kind, one.position) == (ExceptionKind.AMOUNT, 3)


def test_two_findings_of_one_kind_are_one_that_says_both_and_is_accepted_as_both() -> None:
    first = Finding(ExceptionKind.AMOUNT, "One.", None, Decimal(0), Decimal(1))
    second = Finding(ExceptionKind.AMOUNT, "Two.", None, Decimal(0), Decimal(2))
    other = Finding(ExceptionKind.AMOUNT, "Three.", 1)
    [both, alone] = merged([first, other, second]).values()
    assert (both.detail, both.expected, alone) == ("One. Two.", None, other)
    assert not still_accepted(first, both)
    assert not still_accepted(both, first)
    assert still_accepted(both, both)


def test_what_was_accepted_without_amounts_ends_when_it_is_said_otherwise() -> None:
    one = Finding(ExceptionKind.RULE, "BR-1 is broken.")
    assert still_accepted(one, Finding(ExceptionKind.RULE, "BR-1 is broken."))
    assert not still_accepted(one, Finding(ExceptionKind.RULE, "BR-2 is broken."))


def test_a_unit_that_does_not_convert_is_not_accepted_since_it_would_never_count() -> None:
    with pytest.raises(ConflictError) as refused:
        check_resolution(ExceptionKind.UNIT, Resolution.ACCEPT, {Role.BUYER}, is_open=True)
    assert refused.value.code == "quantity_unknown"
    check_resolution(ExceptionKind.UNIT, Resolution.DISPUTE, {Role.BUYER}, is_open=True)
