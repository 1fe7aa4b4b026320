"""A tender's key: split between openers, put together by as many as are needed, and by no fewer."""

from __future__ import annotations

from itertools import combinations
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from purveyor.errors import InvalidError
from sourcing.openings.rules import MOST_OPENERS, check_openers
from sourcing.openings.store import keys


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 5).flatmap(lambda people: st.tuples(st.just(people), st.integers(1, people))))
def test_any_k_of_n_openers_put_the_key_together_and_no_fewer(split: tuple[int, int]) -> None:
    people, needed = split
    tender_id = uuid4()
    own = {f"opener {n}": X25519PrivateKey.generate() for n in range(people)}
    publics = {person: key.public_key().public_bytes_raw() for person, key in own.items()}
    made = keys.make(tender_id, publics, needed)
    shares = [
        keys.open_share(own[one.person].private_bytes_raw(), tender_id, one.person, one.sealed)
        for one in made.shares
    ]
    assert [keys.digest_of(tender_id, share) for share in shares] == [one.digest for one in made.shares]
    for those in combinations(shares, needed):
        assert keys.put_together(tender_id, those).public_key().public_bytes_raw() == made.public
    if needed > 1:
        for those in combinations(shares, needed - 1):
            assert keys.put_together(tender_id, those).public_key().public_bytes_raw() != made.public


def test_a_share_is_sealed_for_its_opener_and_its_tender() -> None:
    tender_id, own, other = uuid4(), X25519PrivateKey.generate(), X25519PrivateKey.generate()
    (share,) = keys.make(tender_id, {"olga": own.public_key().public_bytes_raw()}, 1).shares
    for private, of, person in ((other, tender_id, "olga"), (own, uuid4(), "olga"), (own, tender_id, "otto")):
        with pytest.raises(ValueError, match="not sealed"):
            keys.open_share(private.private_bytes_raw(), of, person, share.sealed)


def test_keys_are_written_in_base64url_and_other_texts_are_none() -> None:
    public = X25519PrivateKey.generate().public_key().public_bytes_raw()
    assert keys.public_key(keys.written(public)) == public
    for other in ("", "AAAA", "not base64!", keys.written(bytes(32)), "ä"):
        assert keys.public_key(other) is None


@pytest.mark.parametrize(("people", "needed"), [(0, 1), (1, 2), (MOST_OPENERS + 1, 1)])
def test_a_key_that_nobody_could_put_together_is_not_made(people: int, needed: int) -> None:
    with pytest.raises(InvalidError) as refused:
        check_openers({f"{n}" for n in range(people)}, needed)
    assert (refused.value.code, refused.value.errors[0].pointer) == ("openers_missing", "/openers_needed")


def test_as_many_openers_as_are_needed_are_enough() -> None:
    check_openers({"olga", "otto"}, 2)
    check_openers({f"{n}" for n in range(MOST_OPENERS)}, 1)
