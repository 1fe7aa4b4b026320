"""What secrets let in, and what of a proposal becomes the record, for any of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purveyor.errors import ConflictError, InvalidError
from sourcing.onboarding.rules.changes import (
    ChangeStatus,
    Decided,
    Decision,
    Field,
    expect_decisions,
    expect_something,
    expect_status,
    expect_still,
    is_other,
    merged,
    proposed,
)
from sourcing.onboarding.rules.invitations import (
    HeldSecret,
    InvitationStatus,
    Refused,
    digest_of,
    refusal,
    why_refused,
)

NOW = datetime(2026, 11, 20, tzinfo=UTC)
Json = dict[str, Any]
names = st.sampled_from(["a", "b", "c"])
numbers = st.fixed_dictionaries({"scheme": names, "value": names})
records = st.fixed_dictionaries(
    {
        "legal_name": names,
        "country": st.sampled_from(["DE", "AT"]),
        "identifiers": st.lists(numbers, max_size=3),
        "contacts": st.lists(st.fixed_dictionaries({"name": names}), max_size=3),
        "categories": st.lists(names, max_size=3, unique=True),
        "sites": st.lists(st.fixed_dictionaries({"name": names}), max_size=2),
    }
)
fields = st.sets(st.sampled_from(list(Field)))
held = st.builds(
    HeldSecret,
    digest=st.just(b""),
    status=st.sampled_from(list(InvitationStatus)),
    replaced=st.booleans(),
    expires_at=st.integers(-2, 2).map(lambda days: NOW + timedelta(days=days)),
)


@given(held)
def test_a_secret_lets_somebody_in_while_it_is_the_last_one_sent_in_its_time_and_not_used_or_revoked(
    secret: HeldSecret,
) -> None:
    good = secret.status is InvitationStatus.SENT and not secret.replaced and secret.expires_at > NOW
    why = why_refused(secret, NOW)
    assert (why is None) == good
    assert why is not Refused.UNKNOWN
    if secret.status is InvitationStatus.ACCEPTED:
        assert why is Refused.USED
    if secret.status is InvitationStatus.REVOKED:
        assert why is Refused.REVOKED
    if why is Refused.EXPIRED:
        assert not secret.replaced


def test_a_secret_that_nobody_was_given_is_unknown_and_each_refusal_says_its_own() -> None:
    assert why_refused(None, NOW) is Refused.UNKNOWN
    assert digest_of("a") != digest_of("b")
    assert len(digest_of("a")) == 32
    assert [refusal(why).code for why in Refused] == [why.value for why in Refused]
    assert len({refusal(why).detail for why in Refused}) == len(Refused)


@given(records, records, fields)
def test_only_what_is_stated_and_otherwise_is_proposed_and_only_what_is_taken_becomes_the_record(
    record: Json, wanted: Json, stated_fields: set[Field]
) -> None:
    stated = {field.value: wanted[field] for field in stated_fields}
    found = proposed(record, stated)
    assert set(found) <= stated_fields
    assert found == [field for field in Field if field in found]
    for field in Field:
        assert (field in found) == (field in stated_fields and is_other(field, record[field], wanted[field]))
    for taken in (found[:1], found):
        after = merged(record, stated, taken)
        assert all(after[f] == (stated[f] if f in taken else record[f]) for f in Field)
        assert after.keys() == record.keys()
    assert proposed(merged(record, stated, found), stated) == []
    if found:
        assert expect_something(record, stated) == found
    else:
        with pytest.raises(InvalidError) as refused:
            expect_something(record, stated)
        assert refused.value.code == "nothing_changed"


@given(records, st.randoms(use_true_random=False))
def test_an_order_that_means_nothing_changes_nothing(record: Json, chance: Any) -> None:
    mixed = dict(record)
    for field in ("categories", "identifiers"):
        mixed[field] = chance.sample(record[field], len(record[field]))
    mixed["contacts"] = [one | {"phone": None} for one in record["contacts"]]
    assert proposed(record, mixed) == []


@given(records, records, fields)
def test_what_changed_since_is_not_taken_over(was: Json, now: Json, taken: set[Field]) -> None:
    changed = [f.value for f in sorted(taken) if is_other(f, was[f], now[f])]
    if not changed:
        expect_still(now, was, sorted(taken))
        return
    with pytest.raises(ConflictError) as refused:
        expect_still(now, was, sorted(taken))
    assert (refused.value.code, refused.value.extensions["fields"]) == ("record_changed", changed)
    assert ", ".join(changed) in refused.value.detail


decisions = st.builds(
    Decided,
    field=st.sampled_from(list(Field)),
    decision=st.sampled_from(list(Decision)),
    reason_for_supplier=st.sampled_from([None, "so"]),
)


@given(st.sets(st.sampled_from([f.value for f in Field])), st.lists(decisions, min_size=1, max_size=4))
def test_each_field_that_waits_is_decided_once_and_returned_with_a_reason(
    waiting: set[str], decided: list[Decided]
) -> None:
    seen: set[Field] = set()
    wrong = []
    for place, one in enumerate(decided):
        if one.field not in waiting or one.field in seen:
            wrong.append(f"/decisions/{place}/field")
        elif one.decision is Decision.RETURNED and one.reason_for_supplier is None:
            wrong.append(f"/decisions/{place}/reason_for_supplier")
        seen.add(one.field)
    if not wrong:
        expect_decisions(waiting, decided)
        return
    with pytest.raises(InvalidError) as refused:
        expect_decisions(waiting, decided)
    assert [error.pointer for error in refused.value.errors] == wrong
    assert refused.value.code == "decision_invalid"


@pytest.mark.parametrize("status", list(ChangeStatus))
def test_what_is_possible_goes_by_where_it_stands(status: ChangeStatus) -> None:
    expect_status(status, status, ChangeStatus.DRAFT)
    others = [other for other in ChangeStatus if other is not status]
    with pytest.raises(ConflictError) as refused:
        expect_status(status, *others)
    assert refused.value.code == "wrong_state"
    assert " or ".join(others) in refused.value.detail
