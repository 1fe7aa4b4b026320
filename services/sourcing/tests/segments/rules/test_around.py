"""Who may be ordered from for a category: approvals, less what is blocked, up and down the tree."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sourcing.segments.rules.around import Approval, Block, approved_for, suppliers_of, unblocked

ONE, TWO = UUID(int=1), UUID(int=2)
ABOVE = {"bolts": ("fasteners", "metals"), "fasteners": ("metals",)}
APPROVALS = st.lists(
    st.builds(
        Approval,
        supplier_id=st.sampled_from([ONE, TWO]),
        category=st.sampled_from(["bolts", "fasteners", "metals", "paper"]),
    )
)


def test_a_block_is_of_all_or_of_some_categories_with_what_lies_in_them() -> None:
    approvals = [Approval(ONE, "bolts"), Approval(ONE, "paper"), Approval(TWO, "bolts")]
    assert unblocked(approvals, [], ABOVE) == approvals
    assert unblocked(approvals, [Block(ONE, None)], ABOVE) == approvals[2:]
    assert unblocked(approvals, [Block(ONE, ["metals"])], ABOVE) == approvals[1:]
    assert unblocked(approvals, [Block(ONE, ["bolts"]), Block(ONE, ["paper"])], ABOVE) == approvals[2:]
    assert unblocked([Approval(ONE, "metals")], [Block(ONE, ["bolts"])], ABOVE) == [Approval(ONE, "metals")]


def test_suppliers_of_a_category_are_approved_for_it_above_it_or_in_it() -> None:
    approved = {"metals": {ONE}, "bolts": {TWO}}
    found = suppliers_of(["metals", "fasteners", "bolts", "paper"], approved, ABOVE)
    both = {ONE, TWO}
    assert found == {"metals": both, "fasteners": both, "bolts": both, "paper": set()}
    assert suppliers_of(["bolts"], {"paper": {ONE}}, ABOVE) == {"bolts": set()}


@given(APPROVALS)
def test_who_is_approved_for_a_category_is_among_its_suppliers(approvals: list[Approval]) -> None:
    approved = approved_for(approvals)
    assert {(one, code) for code, of in approved.items() for one in of} == {
        (one.supplier_id, one.category) for one in approvals
    }
    found = suppliers_of(approved, approved, ABOVE)
    assert all(approved[code] <= found[code] for code in approved)
