"""What makes a supplier one legal person, and in what two of them differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sourcing.suppliers.rules.identity import Identity, differences, why_unconfirmed

NUMBERS = st.tuples(st.sampled_from(("VAT", "LEI", "GLN", "DUNS")), st.sampled_from(("1", "2")))
IDENTITIES = st.builds(
    Identity, st.sampled_from(("A", "B")), st.sampled_from((None, "DE", "AT")), st.frozensets(NUMBERS)
)


@given(IDENTITIES, IDENTITIES)
def test_two_identities_differ_in_something_that_is_named_or_are_the_same(a: Identity, b: Identity) -> None:
    assert bool(differences(a, b)) == (a != b)
    assert differences(a, b) == differences(b, a)


@given(IDENTITIES)
def test_an_identity_that_was_kept_is_the_same(identity: Identity) -> None:
    assert Identity.kept(identity.content()) == identity


def test_a_number_that_is_new_gone_or_another_is_named_by_its_scheme_once() -> None:
    was = Identity("A", "DE", frozenset({("VAT", "1"), ("LEI", "1")}))
    now = Identity("B", "DE", frozenset({("VAT", "2"), ("LEI", "1"), ("GLN", "1")}))
    assert differences(was, now) == ["legal_name", "GLN", "VAT"]
    assert why_unconfirmed(differences(was, now), "bob") == (
        "legal name, GLN, VAT changed by bob: to be confirmed by another"
    )
