"""Who is who in documents: where a supplier is reached, and what speaks against a sender."""

import pytest

from procurement.documents.rules.ubl.ordering import Exchange, Place, missing
from procurement.documents.rules.ubl.parties import Address, Correspondent, contradiction, of_supplier
from procurement.documents.rules.ubl.reading import Identifier, Party

ENDPOINT, LEI = Identifier("0088", "7302347231110"), Identifier("0199", "529900T8BM49AURSDO55")
KNOWN = Correspondent("Nord", ENDPOINT, (LEI,), address=Address(country="DE"))
NOWHERE = Place("HAM-1", None, Address())


@pytest.mark.parametrize(
    ("stated", "endpoint", "numbers"),
    [
        ([("PEPPOL", "9930:DE136695976"), ("GLN", "7302347231110")], "9930:DE136695976", ["0088"]),
        ([("GLN", "7302347231110"), ("DUNS", "150483782")], "0088:7302347231110", ["0088", "0060"]),
        ([("VAT", "DE136695976"), ("LEI", LEI.value)], None, ["0199"]),
        ([], None, []),
    ],
)
def test_a_supplier_is_reached_where_it_says_or_at_its_gln_and_nowhere_else(
    stated: list[tuple[str, str]], endpoint: str | None, numbers: list[str]
) -> None:
    found, known = of_supplier(stated)
    assert (found and f"{found.scheme}:{found.value}") == endpoint
    assert [one.scheme for one in known] == numbers


@pytest.mark.parametrize(
    ("said", "speaks_against"),
    [
        (None, False),
        (Party(None, (), "Nord"), False),
        (Party(Identifier("0088", "4006381000017"), (), None), True),
        (Party(Identifier("0088", "4006381000017"), (LEI,), None), False),
        (Party(None, (Identifier("0199", LEI.value.lower()),), None), False),
        (Party(None, (Identifier("0007", "5546577791"),), None), False),
        (Party(None, (Identifier(None, "4006381000017"),), None), False),
    ],
)
def test_other_numbers_in_schemes_that_we_know_speak_against_a_sender(
    said: Party | None, speaks_against: bool
) -> None:
    assert (contradiction(said, KNOWN) is not None) == speaks_against


def test_what_is_missing_before_anything_is_sent_is_named() -> None:
    assert list(missing(Exchange(KNOWN, KNOWN, NOWHERE))) == []
    unknown = Correspondent("drives", None)
    assert [pointer for pointer, _ in missing(Exchange(unknown, unknown, NOWHERE))] == [
        "/business_unit",
        "/supplier_id",
        "/supplier_id",
    ]
