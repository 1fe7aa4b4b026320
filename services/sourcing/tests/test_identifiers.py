"""Identifiers are checked by their check digits and kept in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_97_10

from sourcing.suppliers.rules.identifiers import Scheme, canonical


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
        ("CH", "CHE-107.787.577 IVA", "CHE107787577IVA"),
        ("NO", "995 525 828 MVA", "NO995525828MVA"),
        ("CH", "DE136695976", "DE136695976"),
        ("US", "DE136695976", "DE136695976"),
        ("KZ", "600700012345", "KZ600700012345"),
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


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18), st.integers(1, 96))
def test_a_lei_needs_its_own_check_digits(base: str, off: int) -> None:
    digits = mod_97_10.calc_check_digits(base)
    assert canonical(Scheme.LEI, f"{base[:4].lower()} {base[4:]}{digits}") == base + digits
    wrong = f"{(int(digits) - 2 + off) % 97 + 2:02d}"
    with pytest.raises(ValueError, match="ISO 17442"):
        canonical(Scheme.LEI, base + wrong)


@given(st.text("0123456789", min_size=12, max_size=12), st.integers(1, 9))
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
