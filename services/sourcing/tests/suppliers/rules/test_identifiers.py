"""Identifiers are checked by their check digits and kept in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_97_10

from purveyor.errors import FieldError, InvalidError
from purveyor_contract.events.sourcing.suppliers import SupplierIdentifier
from sourcing.suppliers.rules.identifiers import Scheme, canonical, canonical_identifiers
from sourcing.suppliers.rules.placeholders import is_placeholder


@pytest.mark.parametrize(
    ("country", "stated", "kept"),
    [
        ("DE", "DE 136,695 976", "DE136695976"),
        ("DE", "136695976", "DE136695976"),
        (None, "de136695976", "DE136695976"),
        ("GR", "EL 094259216", "EL094259216"),
        ("GR", "GR094259216", "EL094259216"),
        ("GR", "094259216", "EL094259216"),
        ("FR", "FR 40 303 265 045", "FR40303265045"),
        ("BE", "BE 0776.091.951", "BE0776091951"),
        ("GB", "GB 980 7806 84", "GB980780684"),
        ("GB", "980780684", "GB980780684"),
        (None, "GB980780684", "GB980780684"),
        ("GB", "XI432525179", "XI432525179"),
        ("CH", "CHE-107.787.577 IVA", "CHE107787577"),
        ("NO", "995 525 828 MVA", "NO995525828"),
        ("CH", "DE136695976", "DE136695976"),
        ("US", "DE136695976", "DE136695976"),
        ("KZ", "600700012345", "KZ600700012345"),
        ("KZ", "KZ 6007/0001*2345", "KZ600700012345"),
        ("FR", "HR 303 265 045", "FRHR303265045"),
    ],
)
def test_a_vat_number_is_kept_with_its_prefix_however_it_was_written(
    country: str | None, stated: str, kept: str
) -> None:
    assert canonical(Scheme.VAT, stated, country) == kept
    assert canonical(Scheme.VAT, kept, country) == kept


@pytest.mark.parametrize(
    ("country", "stated"),
    [
        ("DE", "DE136695977"),
        ("DE", "136695977"),
        (None, "136695976"),
        ("US", "DE136695977"),
        ("FR", "FR41303265045"),
        ("GB", "GB980780685"),
        ("GB", "980780685"),
        ("CH", "HR303265045"),
        ("DE", "DE"),
        ("DE", ""),
        (None, "🦊"),
        ("KZ", "1"),
        ("DE", "9" * 1000),
    ],
)
def test_a_wrong_vat_number_is_refused(country: str | None, stated: str) -> None:
    with pytest.raises(ValueError, match="is not a VAT number"):
        canonical(Scheme.VAT, stated, country)


SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def somebodys(base: str) -> bool:
    return not is_placeholder(base)


@given(st.text(SIGNS, min_size=18, max_size=18).filter(somebodys), st.integers(1, 96))
def test_a_lei_needs_its_own_check_digits(base: str, off: int) -> None:
    digits = mod_97_10.calc_check_digits(base)
    assert canonical(Scheme.LEI, f"{base[:4].lower()} {base[4:]}{digits}") == base + digits
    wrong = f"{(int(digits) - 2 + off) % 97 + 2:02d}"
    with pytest.raises(ValueError, match="ISO 17442"):
        canonical(Scheme.LEI, base + wrong)


@given(st.text("0123456789", min_size=12, max_size=12).filter(somebodys), st.integers(1, 9))
def test_a_gln_needs_its_own_check_digit(base: str, off: int) -> None:
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(base))
    check = -weighted % 10
    assert canonical(Scheme.GLN, base + str(check)) == base + str(check)
    with pytest.raises(ValueError, match="GS1"):
        canonical(Scheme.GLN, base + str((check + off) % 10))


@pytest.mark.parametrize("stated", ["73513537", "", "40063813339310"])
def test_a_gln_has_thirteen_digits(stated: str) -> None:
    with pytest.raises(ValueError, match="GLN"):
        canonical(Scheme.GLN, stated)


def test_a_duns_number_has_nine_digits() -> None:
    assert canonical(Scheme.DUNS, "15-048-3782") == "150483782"
    for wrong in ("15048378", "1504837820", "15048378X", "١٥٠٤٨٣٧٨٢"):
        with pytest.raises(ValueError, match="D-U-N-S"):
            canonical(Scheme.DUNS, wrong)


@given(st.sampled_from(Scheme), st.text(max_size=70), st.sampled_from([None, "DE", "GB", "US", "BR", "GR"]))
def test_whatever_is_stated_is_either_kept_in_a_stable_form_or_refused(
    scheme: Scheme, stated: str, country: str | None
) -> None:
    try:
        kept = canonical(scheme, stated, country)
    except ValueError:
        return
    assert canonical(scheme, kept, country) == kept


@pytest.mark.parametrize(
    ("scheme", "stated", "country"),
    [
        (Scheme.DUNS, "000000000", None),
        (Scheme.DUNS, "99-999-9999", None),
        (Scheme.DUNS, "123456789", None),
        (Scheme.DUNS, "987654321", None),
        (Scheme.GLN, "0000000000000", None),
        (Scheme.GLN, "1234567890128", None),
        (Scheme.LEI, "00000000000000000098", None),
        (Scheme.VAT, "DE123456788", "DE"),
        (Scheme.VAT, "GB000000000", "GB"),
        (Scheme.VAT, "123456789", "US"),
        (Scheme.VAT, "0000000", "US"),
    ],
)
def test_a_number_that_stands_for_none_is_refused(scheme: Scheme, stated: str, country: str | None) -> None:
    with pytest.raises(ValueError, match="nobody knows; leave it out"):
        canonical(scheme, stated, country)


@pytest.mark.parametrize("stated", ["XXXX", "N/A", "none", "unknown", "-----", "TBD TBD"])
def test_a_word_is_no_vat_number(stated: str) -> None:
    with pytest.raises(ValueError, match="is not a VAT number"):
        canonical(Scheme.VAT, stated, "US")


def test_what_a_supplier_has_already_is_not_judged_again() -> None:
    held = {("DUNS", "000000000"), ("VAT", "CHE107787577IVA")}
    stated = [(Scheme.DUNS, "000000000"), (Scheme.VAT, "CHE107787577IVA")]
    assert {(one.scheme, one.value) for one in canonical_identifiers(stated, "CH", held)} == held
    with pytest.raises(InvalidError):
        canonical_identifiers(stated, "CH")


def test_a_wrong_vat_number_is_told_by_the_country_that_it_was_read_as() -> None:
    with pytest.raises(ValueError, match=r"^'DE136695977' is not a VAT number: as one of DE: .*check digit"):
        canonical(Scheme.VAT, "DE136695977", "FR")
    with pytest.raises(ValueError, match="is not a VAT number") as refused:
        canonical(Scheme.VAT, "136695976")
    assert str(refused.value) == (
        "'136695976' is not a VAT number: "
        "it starts with no country's prefix, such as DE, and the supplier's country is not known."
    )


def test_a_supplier_s_identifiers_are_kept_once_each_and_in_order() -> None:
    stated = [
        (Scheme.VAT, "136695976"),
        (Scheme.DUNS, "15-048-3782"),
        (Scheme.VAT, "DE 136 695 976"),
        (Scheme.DUNS, "060704780"),
    ]
    assert canonical_identifiers(stated, "DE") == (
        SupplierIdentifier(scheme="DUNS", value="060704780"),
        SupplierIdentifier(scheme="DUNS", value="150483782"),
        SupplierIdentifier(scheme="VAT", value="DE136695976"),
    )


def test_each_wrong_identifier_is_named_and_the_first_three_are_told_in_one_breath() -> None:
    stated = [(Scheme.DUNS, wrong) for wrong in ("1", "2", "150483782", "3", "4")]
    with pytest.raises(InvalidError) as refused:
        canonical_identifiers(stated, None)

    def told(wrong: str) -> str:
        return f"{wrong!r} is not a D-U-N-S number: it has nine digits, such as 15-048-3782."

    assert refused.value.code == "identifier_invalid"
    assert refused.value.detail == " ".join(told(wrong) for wrong in "123")
    assert refused.value.errors == tuple(
        FieldError(f"/identifiers/{position}/value", told(stated[position][1])) for position in (0, 1, 3, 4)
    )


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("0088:4006381000017", "0088:4006381000017"),
        (" iso6523-actorid-upis::0088:4006381000017 ", "0088:4006381000017"),
        ("9930:de136695976", "9930:DE136695976"),
        ("0192:991825827", "0192:991825827"),
    ],
)
def test_a_participant_is_a_scheme_and_a_value_without_regard_to_case(stated: str, kept: str) -> None:
    assert canonical(Scheme.PEPPOL, stated) == kept
    assert canonical(Scheme.PEPPOL, kept) == kept


@pytest.mark.parametrize(
    "stated",
    ["4006381000017", "0088:4006381000018", "0088:", "88:4006381000017", "0088:1:2", "0192:000000000"],
)
def test_a_participant_of_which_one_part_is_wrong_is_refused(stated: str) -> None:
    with pytest.raises(ValueError, match=r"Peppol participant|GLN"):
        canonical(Scheme.PEPPOL, stated)
