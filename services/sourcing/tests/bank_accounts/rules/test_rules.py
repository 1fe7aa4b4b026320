"""What bank accounts go by: numbers that can be some, calls that prove something, changes by two."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN

from purveyor.errors import ConflictError, ForbiddenError, InvalidError
from sourcing.bank_accounts.rules.calling import Call, CallRules, callable_phones, expect_proof, why_not
from sourcing.bank_accounts.rules.changes import (
    MOVES,
    ChangeKind,
    ChangeStatus,
    Move,
    Warned,
    expect_answered,
    expect_possible,
    expect_verifier,
    kind_of,
    pays_from,
    warnings_of,
)
from sourcing.bank_accounts.rules.numbers import StatedAccount, checked, has_ibans, mentions
from sourcing.suppliers.rules.phones import KnownPhone, dialled, noted

WEST, COMMERZ = "GB82WEST12345698765432", "DE89370400440532013000"
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DIGITS = st.text("0123456789", min_size=10, max_size=10)
GERMAN = DIGITS.map(lambda account: str(IBAN.generate("DE", bank_code="37040044", account_code=account)))


def iban(text: str, country: str | None = None, bic: str | None = None) -> StatedAccount:
    return StatedAccount(country, text, None, None, bic)


def local(
    number: str, country: str | None = "US", bank: str | None = "021000021", bic: str | None = None
) -> StatedAccount:
    return StatedAccount(country, None, number, bank, bic)


def refusal(stated: StatedAccount) -> tuple[str, str]:
    with pytest.raises(InvalidError) as raised:
        checked(stated)
    [error] = raised.value.errors
    return error.pointer, error.detail


def test_an_iban_is_right_by_its_country_its_length_and_its_check_digits() -> None:
    account = checked(iban("gb82 west 1234 5698 7654 32"))
    assert (account.country, account.number, account.masked) == ("GB", WEST, "GB****5432")
    assert "check digits" in refusal(iban("DE88370400440532013000"))[1]
    assert "has 22 signs, and this has 21" in refusal(iban(COMMERZ[:-1]))[1]
    assert "No country" in refusal(iban("XX8937040044053201300"))[1]
    assert "No country" in refusal(iban(""))[1]
    assert refusal(iban("DE89370400A40532013000"))[0] == "/account/iban"
    assert refusal(iban(COMMERZ, country="AT"))[0] == "/account/country"
    assert refusal(StatedAccount(None, COMMERZ, "123", None, None))[0] == "/account/number"
    assert refusal(StatedAccount(None, COMMERZ, None, "123", None))[0] == "/account/bank_code"
    assert refusal(iban(COMMERZ, bic="COBAXXFF"))[0] == "/account/bic"
    assert checked(iban(COMMERZ, bic="cobadeff")).bic == "COBADEFF"
    assert checked(iban(COMMERZ)).bic == "COBADEFFXXX"


def test_a_number_without_check_digits_is_taken_where_there_are_no_ibans() -> None:
    account = checked(local("000-123 456789"))
    assert (account.number, account.bank_code, account.masked) == ("000123456789", "021000021", "US****6789")
    assert refusal(local("0532013000", country="DE"))[0] == "/account/number"
    assert refusal(local("000123456789", country=None))[0] == "/account/country"
    assert refusal(local("000123456789", bank=None))[0] == "/account/bank_code"
    assert refusal(local("0000000"))[0] == "/account/number"
    assert refusal(local("12"))[0] == "/account/number"
    assert refusal(local("123456", bank="#"))[0] == "/account/bank_code"
    assert refusal(StatedAccount("US", None, None, "021000021", None))[0] == "/account/iban"
    assert checked(local("123456", bank=None, bic="CHASUS33")).masked == "US****56"
    assert (has_ibans("DE"), has_ibans("US"), has_ibans("??")) == (True, False, False)


@given(GERMAN, st.integers(4, 21), st.integers(1, 9))
def test_one_wrong_digit_of_an_iban_is_always_noticed_and_no_refusal_repeats_it(
    right: str, place: int, more: int
) -> None:
    wrong = f"{right[:place]}{(int(right[place]) + more) % 10}{right[place + 1 :]}"
    pointer, detail = refusal(iban(wrong))
    assert pointer == "/account/iban"
    assert wrong not in detail
    assert not mentions(detail, wrong)


@given(GERMAN, st.sampled_from((" ", "-", ".", "")), st.booleans())
def test_an_account_is_the_same_however_it_is_written_and_shown_by_four_signs(
    right: str, sign: str, lower: bool
) -> None:
    written = sign.join(right[at : at + 4] for at in range(0, len(right), 4))
    account = checked(iban(written.lower() if lower else written))
    assert account.identity == checked(iban(right)).identity
    assert account.masked == f"DE****{right[-4:]}"
    assert right not in repr(account)
    for text in (written, f"please pay to {written}!", right[4:]):
        assert mentions(text, right)


@given(st.text("0123456789", min_size=3, max_size=34).filter(lambda number: number.strip("0")))
def test_of_a_short_number_a_third_is_shown_at_most(number: str) -> None:
    shown = checked(local(number)).masked.removeprefix("US****")
    assert len(shown) <= min(4, len(number) / 3)
    assert number.endswith(shown)


def test_a_text_that_names_no_account_may_say_numbers() -> None:
    assert not mentions(None, COMMERZ)
    assert not mentions("invoice 3000 of 2026", COMMERZ)
    assert not mentions("room 123", "123")


def phone(
    since: datetime = AT - timedelta(days=60), by: str = "bob", number: str = "+49891234567"
) -> KnownPhone:
    return KnownPhone(number, dialled(number, "DE"), "Erika", since, by)


RULES = CallRules(AT, "sue", "anna", timedelta(days=14))


@given(
    st.integers(-100_000, 100_000),
    st.sampled_from(("sue", "anna", "bob")),
    st.integers(0, 60),
    st.none() | st.integers(-100_000, 100_000),
)
def test_a_number_proves_something_when_it_was_known_long_enough_and_neither_of_the_two_entered_it(
    minutes: int, by: str, days: int, new_until: int | None
) -> None:
    known = phone(AT - timedelta(minutes=minutes), by)
    new = None if new_until is None else AT - timedelta(minutes=new_until)
    rules = CallRules(AT, "sue", "anna", timedelta(days=days), new)
    came_with_it = new_until is not None and minutes >= new_until
    proves = minutes > 0 and (minutes >= days * 24 * 60 or came_with_it) and by == "bob"
    assert (why_not(known, rules) is None) is proves
    assert callable_phones([known], rules) == ([known] if proves else [])


@pytest.mark.parametrize("number", ["+49 89 1234567", "0049 (89) 123-4567", "089/1234567"])
def test_numbers_are_compared_by_what_is_dialled(number: str) -> None:
    call = Call(number, "Erika", AT)
    assert expect_proof(call, [phone()], RULES, country="DE", now=AT) == phone()


@pytest.mark.parametrize("seconds", [-59, 0, 59])
def test_when_somebody_called_is_stated_to_the_minute(seconds: int) -> None:
    call = Call("+49 89 1234567", "Erika", AT + timedelta(seconds=seconds))
    assert expect_proof(call, [phone()], RULES, country="DE", now=AT) == phone()


@pytest.mark.parametrize(
    ("call", "phones", "pointer"),
    [
        (Call("+49 89 1234568", "Erika", AT), [phone()], "/call/number"),
        (Call("+49 89 1234567", "Erika", AT - timedelta(minutes=1)), [phone()], "/call/at"),
        (Call("+49 89 1234567", "Erika", AT + timedelta(minutes=1)), [phone()], "/call/at"),
        (Call("+49 89 1234567", "Erika", AT), [phone(), phone(AT)], "/call/number"),
        (Call("+49 89 1234567", "Erika", AT), [], "/call/number"),
        (Call("089 1234567", "Erika", AT), [phone(number="+43 89 1234567")], "/call/number"),
    ],
)
def test_a_call_that_reached_somebody_else_proves_nothing(
    call: Call, phones: list[KnownPhone], pointer: str
) -> None:
    with pytest.raises(InvalidError) as raised:
        expect_proof(call, phones, RULES, country="DE", now=AT)
    assert (raised.value.code, raised.value.errors[0].pointer) == ("call_proves_nothing", pointer)


@given(st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("abcd")), st.sets(st.sampled_from("abcd")))
def test_a_number_that_was_taken_away_and_comes_back_is_new(
    first: set[str], then: set[str], last: set[str]
) -> None:
    def phones(notes: dict[str, tuple[datetime, str, tuple[str, ...]]]) -> list[KnownPhone]:
        return [KnownPhone(digits, digits, "", *note) for digits, note in notes.items()]

    one = dict(noted((), first, "bob", AT))
    two = dict(noted(phones(one), then, "cem", AT + timedelta(1), ("sue",)))
    three = noted(phones(two), last, "eva", AT + timedelta(2))
    for digits in last:
        since = 0 if digits in first & then else 1 if digits in then else 2
        wrote = ("sue",) if since == 1 else ()
        assert three[digits] == (AT + timedelta(since), ("bob", "cem", "eva")[since], wrote)


def test_a_number_that_the_supplier_wrote_down_itself_proves_nothing_about_what_it_asks_for() -> None:
    written = KnownPhone("1", "1", "Erika", AT - timedelta(days=60), "bob", ("sue",))
    assert why_not(written, RULES) is not None
    assert why_not(written, CallRules(AT, "cara", "anna", timedelta())) is None
    assert why_not(written, CallRules(AT, "cara", "sue", timedelta())) is not None


def test_what_a_request_comes_to_follows_from_what_is_paid() -> None:
    assert kind_of(active=False, states_account=True) is ChangeKind.NEW
    assert kind_of(active=True, states_account=True) is ChangeKind.REPLACE
    assert kind_of(active=True, states_account=False) is ChangeKind.END
    with pytest.raises(InvalidError):
        kind_of(active=False, states_account=False)


@given(st.dates(), st.integers(0, 90))
def test_an_account_waits_and_an_end_does_not(day: date, days: int) -> None:
    for kind in (ChangeKind.NEW, ChangeKind.REPLACE):
        if day <= date.max - timedelta(days):
            assert pays_from(day, kind, days) - day == timedelta(days)
    assert pays_from(day, ChangeKind.END, days) == day


def test_what_speaks_against_an_account_has_to_be_answered() -> None:
    fine = warnings_of(
        holder_key=" a ",
        name_key=" a ",
        supplier_country="DE",
        account_country="DE",
        bic="COBADEFF",
        elsewhere=False,
    )
    wrong = warnings_of(
        holder_key=" b ",
        name_key=" a ",
        supplier_country="DE",
        account_country="AT",
        bic="COBADEFF",
        elsewhere=True,
    )
    assert (fine, wrong) == ([], list(Warned))
    unknown = warnings_of(
        holder_key="", name_key="", supplier_country=None, account_country="AT", bic=None, elsewhere=False
    )
    assert unknown == []
    expect_answered(fine, None)
    expect_answered(wrong, "so it is")
    with pytest.raises(InvalidError):
        expect_answered(wrong, None)


def test_a_change_is_rejected_until_it_holds_and_verified_once_by_another() -> None:
    assert {status for status, moves in MOVES.items() if Move.REJECT in moves} == {"requested", "verified"}
    assert {status for status, moves in MOVES.items() if Move.VERIFY in moves} == {"requested"}
    expect_possible(ChangeStatus.REQUESTED, Move.VERIFY)
    with pytest.raises(ConflictError) as raised:
        expect_possible(ChangeStatus.DONE, Move.REJECT)
    assert raised.value.extensions["allowed"] == []
    expect_verifier("anna", "sue")
    with pytest.raises(ForbiddenError):
        expect_verifier("sue", "sue")
