"""Who may be whom: the name decides, weak aliases and addresses confirm, countries and numbers break ties."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.screening.rules.comparing import compare
from sourcing.screening.rules.judging import Countries, Judged, raised
from sourcing.screening.rules.matching import Index, words_of
from sourcing.screening.rules.names import written
from sourcing.screening.rules.parties import Named, NameRole, Party, PartyKind, Subject
from sourcing.screening.rules.policy import Screening
from sourcing.screening.rules.weights import OF_TRADE, Weights, weight

POLICY = Screening()
PARTIES = (
    Party("1", PartyKind.ORGANISATION, ("NORDWIND FRACHT OAO",), ("NWF",), ("RU",), ("7710140279",)),
    Party("2", PartyKind.PERSON, ("TARKANOV, Viktor Nikolaevich",), ("THE DOCTOR",), ("RU",)),
    Party("3", PartyKind.ORGANISATION, ("ATLAS",), (), ("SY",)),
    Party("4", PartyKind.ORGANISATION, ("GOLDEN CRANE SHIPPING COMPANY LIMITED",), (), ("KP",)),
    Party("5", PartyKind.ORGANISATION, ("BANK HORIZON",), (), ("IR",), (), ("Azadi Street 14, Tehran",)),
    Party("6", PartyKind.PERSON, ("MUHAMMAD, Ali",)),
    Party("7", PartyKind.ORGANISATION, ("HYPERBOREA METALLURGICAL WORKS 12",)),
    Party("8", PartyKind.ORGANISATION, ("NORDWIND FRACHT",), (), ("DE",)),
)
names = st.sampled_from([name for party in PARTIES for name in party.names])


def index(*parties: Party) -> Index:
    return Index(parties, Counter(word for party in parties for word in words_of(party)))


ALL = index(*PARTIES)


def found(name: str, *countries: str, policy: Screening = POLICY) -> list[Judged]:
    subject = Subject((Named(name),), countries)
    return [judged for judged in ALL.find(subject, policy) if raised(judged, policy)]


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("Nordwind Fracht GmbH", "1"),
        ("Нордвинд Фрахт", "1"),
        ("Fracht Nordwind", "1"),
        ("Nord Wind Fracht", "1"),
        ("Nordwind Fracth", "1"),
        ("Viktor Tarkanov", "2"),
        ("Виктор Николаевич Тарканов", "2"),
        ("Tarkanov Victor Nikolayevich", "2"),
        ("Atlas Ltd", "3"),
        ("Golden Crane Shipping", "4"),
        ("GoldenCrane Shipping Co.", "4"),
        ("Bank of Horizon", "5"),
        ("Mohamed Ali", "6"),
        ("Hyperborea Metallurgical Works 12", "7"),
        ("Nordwind Fracht Holding Deutschland Vertriebs GmbH", "1"),
        ("Nordwind Fracht Drei 3", "1"),
        ("N0rdw1nd Fr4cht", "1"),
        ("Go1den Crane Shippin9 Worldwide", "4"),
    ],
)
def test_a_listed_party_is_found_however_its_name_is_written(name: str, reference: str) -> None:
    assert reference in [judged.party.reference for judged in found(name)]


@pytest.mark.parametrize(
    "name",
    [
        "Atlas Copco",
        "Atlas Trading Horizon",
        "Atlass Fasteners",
        "Viktor Petrov",
        "Tarkanov Schrauben",
        "Golden Eagle Shipping",
        "Crane Company",
        "Horizon",
        "Nordwind Logistik Bremen",
        "Hyperborea Metallurgical Works 13",
        "NWF",
        "The Doctor",
        "Muhammad",
        "Trading International Company",
        "?",
    ],
)
def test_who_shares_a_word_alone_is_not(name: str) -> None:
    assert found(name) == []


def test_the_words_that_matched_are_shown_beside_what_they_were_taken_for() -> None:
    [judged] = found("Viktor Nikolaevich Tarkanof")
    assert [(shared.ours, shared.theirs) for shared in judged.shared] == [
        ("viktor", "viktor"),
        ("nikolaevich", "nikolaevich"),
        ("tarkanof", "tarkanov"),
    ]
    assert judged.listed_as == "TARKANOV, Viktor Nikolaevich"
    [judged] = found("GoldenCrane Shipping")
    assert [(shared.ours, shared.theirs) for shared in judged.shared] == [
        ("goldencrane shipping", "golden crane shipping")
    ]


def test_between_equal_names_a_number_decides_then_the_country() -> None:
    in_germany, in_russia = found("Nordwind Fracht", "DE"), found("Nordwind Fracht", "RU")
    assert [judged.party.reference for judged in in_germany] == ["8", "1"]
    assert [judged.party.reference for judged in in_russia] == ["1", "8"]
    assert [judged.countries for judged in in_russia] == [Countries.AGREE, Countries.DIFFER]
    assert [judged.score for judged in in_russia] == [100, 97]
    numbered = Subject((Named("Nordwind Fracht"),), ("DE",), ("77.10.14.02.79",))
    assert [judged.party.reference for judged in ALL.find(numbered, POLICY)] == ["1", "8"]


def test_a_number_alone_says_all() -> None:
    [judged] = ALL.find(Subject((Named("Quite Another Ltd"),), ("FR",), ("7710 140279",)), POLICY)
    assert judged.score == 100
    assert judged.named is None
    assert judged.identifiers == ("7710 140279",)


def test_a_weak_alias_or_an_address_confirms_a_name_and_says_nothing_alone() -> None:
    name = Named("Nordwind Frachtgesellschaft")
    doubtful = index(
        Party("1", PartyKind.ORGANISATION, ("NORDWIND FRACHTEN",), ("NWF",), (), (), ("Kai 14, Kiel, X",))
    )
    policy = Screening(threshold=60, confirming=5)
    [alone] = doubtful.find(Subject((name,)), policy)
    [with_alias] = doubtful.find(Subject((name, Named("NWF", NameRole.ALIAS))), policy)
    [with_both] = doubtful.find(
        Subject((name, Named("NWF", NameRole.ALIAS)), (), (), ("Kai 14, 24103 Kiel, X",)), policy
    )
    assert [j.score - alone.score for j in (with_alias, with_both)] == [5, 10]
    assert (with_both.weak_alias, with_both.address) == ("NWF", "Kai 14, 24103 Kiel, X")
    assert doubtful.find(Subject((Named("NWF"),), (), (), ("Kai 14, 24103 Kiel, X",)), policy) == []


def test_owners_and_aliases_are_looked_at_like_the_name() -> None:
    subject = Subject((Named("Harmless GmbH"), Named("Viktor Tarkanov", NameRole.OWNER)), ("DE",))
    [judged] = ALL.find(subject, POLICY)
    assert judged.named == Named("Viktor Tarkanov", NameRole.OWNER)
    assert judged.countries is Countries.UNKNOWN, "where a company is says nothing of who owns it"


@settings(max_examples=50)
@given(names, st.randoms(use_true_random=False), st.sampled_from(["", " GmbH", " Ltd.", " S.A."]))
def test_a_name_is_found_with_its_words_in_any_order(name: str, random: object, form: str) -> None:
    words = list(written(name).words)
    random.shuffle(words)  # type: ignore[attr-defined]
    assert found(" ".join(words) + form)[0].score == 100


@given(st.text(max_size=40), st.text(max_size=40))
def test_names_resemble_each_other_between_nothing_and_wholly(one: str, two: str) -> None:
    weights = Weights({})
    ours, theirs = written(one), written(two)
    if ours.words and theirs.words:
        alike = compare(ours, theirs, weights).alike
        assert 0 <= alike <= 1
        assert round(alike, 9) == round(compare(theirs, ours, weights).alike, 9)
        assert compare(ours, ours, weights).alike == 1


@settings(max_examples=50)
@given(
    st.lists(
        st.sampled_from(["atlas", "nordwind", "tarkanov", "viktor", "horizon", "golden", "crane", "qx"]),
        max_size=4,
    )
)
def test_looking_up_finds_what_comparing_with_everyone_finds(words: list[str]) -> None:
    name, policy = " ".join(words), Screening(threshold=70, confirming=0)
    ours = written(name)
    expected = {
        party.reference
        for party in PARTIES
        if ours.words
        and any(
            compare(ours, written(n), ALL.weights, person=party.kind is PartyKind.PERSON).alike >= 0.7
            for n in party.names
        )
    }
    assert {judged.party.reference for judged in ALL.find(Subject((Named(name),)), policy)} == expected


@settings(max_examples=50)
@given(st.sampled_from(PARTIES), st.lists(st.sampled_from(sorted(OF_TRADE)), max_size=6))
def test_words_that_say_little_hide_nobody_whose_name_is_there(party: Party, padding: list[str]) -> None:
    """But a name of one word alone, which a word of trade beside it makes another's."""
    if party.kind is PartyKind.ORGANISATION and len(written(party.names[0]).words) > 1:
        name = " ".join((party.names[0], *padding))
        assert party.reference in [judged.party.reference for judged in found(name)]


def test_the_order_of_a_list_and_looking_up_many_at_once_change_nothing() -> None:
    turned = index(*reversed(PARTIES))
    subjects = [Subject((Named(name),), ("RU",)) for party in PARTIES for name in party.names]
    turned.look_up(subjects)
    for subject in subjects:
        assert turned.find(subject, POLICY) == ALL.find(subject, POLICY)


def test_a_word_says_less_the_more_names_have_it_and_little_if_it_is_of_trade() -> None:
    assert weight("nordwind", 1) == 1
    assert 1 > weight("nordwind", 2) > weight("nordwind", 20) > weight("nordwind", 2000) > 0.3
    assert "trading" in OF_TRADE
    assert weight("trading", 1) == 0.35


@given(st.permutations(["A", "B", "C"]))
def test_a_party_is_what_it_is_in_any_order_and_another_with_any_change(names: list[str]) -> None:
    party = Party("1", PartyKind.PERSON, tuple(names))
    assert party.digest == Party("1", PartyKind.PERSON, ("A", "B", "C")).digest
    assert Party.kept(party.content()) == party
    others = {
        Party("2", PartyKind.PERSON, ("A", "B", "C")).digest,
        Party("1", PartyKind.OTHER, ("A", "B", "C")).digest,
        Party("1", PartyKind.PERSON, ("A", "B"), ("C",)).digest,
        Party("1", PartyKind.PERSON, ("A", "B", "C"), (), ("DE",)).digest,
        Party("1", PartyKind.PERSON, ("A", "B", "C"), (), (), ("DE",)).digest,
    }
    assert len(others | {party.digest}) == 6
    subjects = {
        Subject((Named("A"), Named("B"))).digest,
        Subject((Named("A"), Named("B", NameRole.OWNER))).digest,
        Subject((Named("A"), Named("B")), ("DE",)).digest,
        Subject((Named("A"), Named("B")), (), (), ("DE",)).digest,
    }
    assert len(subjects) == 4
    assert Subject((Named("A"), Named("B"))).digest == Subject((Named("B"), Named("A"))).digest
