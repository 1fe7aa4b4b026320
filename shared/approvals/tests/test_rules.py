"""Rules of approvals: read like the policy, and held by properties."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from purveyor_approvals.rules.assigning import Directory, Person, above_all, assign
from purveyor_approvals.rules.content import Change, Content, Line, changed, digest, within_growth
from purveyor_approvals.rules.delegating import Deputy, circle, decided_for
from purveyor_approvals.rules.planning import Facts, Planned, plan, reasons
from purveyor_approvals.rules.policy import (
    ApprovalPolicy,
    Conditions,
    CostCentreManagerStep,
    GroupStep,
    LineStep,
    PersonStep,
    RoleStep,
)
from purveyor_approvals.rules.splits import Slice, find_split, thresholds
from purveyor_approvals.rules.working import later

MONEY = st.decimals("0", "100000", places=2)
CODES = ["ann", "ben", "cid", "dan", "eve"]
DAY = date(2026, 3, 2)
ROLE = {"who": "role", "role": "approver"}
ANY: dict[str, Any] = {"kinds": None, "steps": []}


def policy(*rules: dict[str, Any], **more: Any) -> ApprovalPolicy:
    return ApprovalPolicy.model_validate({"rules": rules, "otherwise": [ANY]} | more)


def facts(amount: str = "100", **more: Any) -> Facts:
    return Facts(kind="order", amount=Decimal(amount), currency="EUR", **more)


def people(**limits: str | None) -> dict[str, Person]:
    return {
        code: Person(code=code, subject=f"{code}.s", limit=None if limit is None else Decimal(limit))
        for code, limit in limits.items()
    }


def line_of(*codes: str, **limits: str | None) -> dict[str, Person]:
    """Return people of whom each stands under the next."""
    above = dict(pairwise(codes))
    return {
        code: Person(
            code=code,
            subject=f"{code}.s",
            manager=above.get(code),
            limit=None if (limit := limits.get(code)) is None else Decimal(limit),
        )
        for code in codes
    }


def only(step: Any) -> list[Planned]:
    return [Planned(1, step, ("because",))]


def test_all_rules_that_hold_add_their_steps_and_the_same_step_is_taken_once() -> None:
    large = {"name": "large", "when": {"amount_from": "100"}, "steps": [{"who": "line"}, ROLE]}
    risky = {"name": "risky", "when": {"supplier_risks": ["high"]}, "steps": [ROLE]}
    planned = plan(policy(large, risky), facts(supplier_risk="high"))
    assert [(one.stage, one.step.who) for one in planned] == [(1, "line"), (2, "role")]
    assert planned[1].because == (
        "rule “large”: 100 EUR is 100 or more",
        "rule “risky”: the supplier's risk high",
    )


def test_steps_beside_each_other_are_of_one_stage() -> None:
    steps = [{"who": "line"}, ROLE | {"beside": True}, {"who": "person", "person": "ann"}]
    planned = plan(policy({"name": "all", "steps": steps}), facts())
    assert [one.stage for one in planned] == [1, 1, 2]


def test_what_no_rule_covers_has_the_answer_that_was_stated() -> None:
    answers = [{"kinds": ["order"], "steps": [ROLE]}, ANY]
    assert [one.because for one in plan(policy(otherwise=answers), facts())] == [("no rule covers it",)]
    assert plan(policy(), facts()) == []
    undecided = plan(ApprovalPolicy(), facts(), (RoleStep(who="role", role="approver"),))
    assert undecided[0].because == ("no policy speaks of order",)
    assert not ApprovalPolicy().speaks_of("order")


@pytest.mark.parametrize("kinds", [None, ["order"]])
def test_a_policy_without_an_answer_to_what_it_does_not_cover_is_not_taken(kinds: list[str] | None) -> None:
    rule = {"name": "all", "when": {"kinds": kinds}, "steps": [ROLE]}
    with pytest.raises(ValidationError, match="otherwise"):
        ApprovalPolicy.model_validate({"rules": [rule], "otherwise": [{"kinds": ["receipt"], "steps": []}]})


@given(MONEY, MONEY, MONEY)
def test_amounts_are_within_from_and_below(amount: Decimal, first: Decimal, end: Decimal) -> None:
    when = Conditions(amount_from=first, amount_below=end)
    holds = reasons(when, facts(f"{amount}")) is not None
    assert holds == (first <= amount < end)


def test_every_condition_has_to_hold() -> None:
    when = Conditions(
        kinds=("order",),
        categories=("metal",),
        business_units=("drives",),
        cost_centres=("4711",),
        supplier_grades=("C",),
        on_contract=False,
    )
    holding: dict[str, Any] = {
        "categories": {"metal"},
        "business_unit": "drives",
        "cost_centres": {"4711"},
        "supplier_grade": "C",
    }
    assert reasons(when, facts(**holding)) is not None
    assert reasons(when, facts(**holding, on_contract=True)) is None
    for name in holding:
        assert reasons(when, facts(**{key: value for key, value in holding.items() if key != name})) is None


def test_who_may_not_is_passed_over_upwards_with_the_reason() -> None:
    directory = Directory(line_of("ann", "ben", "cid", ann="50", ben=None))
    found = assign(only(PersonStep(who="person", person="ann")), directory, Decimal(100), {"ben.s"})
    [step] = found.steps
    assert step.people == ("cid",)
    assert step.because[1:] == (
        "ann approves up to 50: it goes to who stands above",
        "ben had a part in it: it goes to who stands above",
    )


def test_where_nobody_is_left_it_is_a_problem_and_not_passed() -> None:
    directory = Directory(people(ann="50"), {"4711": None})
    nobody = assign(
        [
            *only(PersonStep(who="person", person="ann")),
            *only(CostCentreManagerStep(who="cost_centre_manager")),
            *only(GroupStep(who="group", group="none")),
            *only(LineStep(who="line")),
        ],
        directory,
        Decimal(100),
        (),
    )
    assert nobody.steps == ()
    assert len(nobody.problems) == 4
    assert nobody.problems[1].startswith("manager of cost centre 4711: nobody is known as that")


def test_the_line_goes_up_to_the_first_limit_that_covers_it() -> None:
    known = line_of("ann", "ben", "cid", "dan", ben="10", cid="100", dan=None)
    found = assign(only(LineStep(who="line")), Directory(known, author="ann"), Decimal(100), {"ann.s"})
    assert [(one.people, one.stage, one.limited) for one in found.steps] == [
        (("ben",), 1, False),
        (("cid",), 2, True),
    ]
    more = assign(only(LineStep(who="line")), Directory(known, author="ann"), Decimal(101), {"ann.s"})
    assert [one.people for one in more.steps] == [("ben",), ("cid",), ("dan",)]


@pytest.mark.parametrize(
    ("needs", "every", "wanted"), [(1, False, 1), (1, True, 2), (2, False, 2), (3, False, None)]
)
def test_of_a_group_those_decide_who_may(needs: int, every: bool, wanted: int | None) -> None:
    directory = Directory(people(ann=None, ben="100", cid="99"), groups={"g": ["ann", "ben", "cid"]})
    step = GroupStep(who="group", group="g", needs=needs, every=every)
    found = assign(only(step), directory, Decimal(100), ())
    if wanted is None:
        assert found.problems[0].startswith("group g: 3 have to approve and 2 may (cid approves up to 99")
    else:
        assert (found.steps[0].people, found.steps[0].needs) == (("ann", "ben"), wanted)


@given(
    st.dictionaries(st.sampled_from(CODES), st.sampled_from([*CODES, None]), min_size=1),
    st.sets(st.sampled_from(CODES)),
    st.dictionaries(st.sampled_from(CODES), MONEY),
    MONEY,
)
def test_nobody_takes_a_step_who_may_not_however_the_line_goes(
    managers: dict[str, str | None], authors: set[str], limits: dict[str, Decimal], amount: Decimal
) -> None:
    known = {
        code: Person(code=code, subject=code, manager=manager, limit=limits.get(code))
        for code, manager in managers.items()
    }
    directory = Directory(known, {"4711": "ann"}, {"g": list(known)}, "eve")
    planned = [
        Planned(1, PersonStep(who="person", person="ben"), ()),
        Planned(2, CostCentreManagerStep(who="cost_centre_manager"), ()),
        Planned(3, LineStep(who="line"), ()),
        Planned(4, GroupStep(who="group", group="g", every=True), ()),
    ]
    for step in assign(planned, directory, amount, authors).steps:
        assert not authors & set(step.people)
        if step.limited:
            assert all(limits.get(code, amount) >= amount for code in step.people)
    assert not authors & set(above_all(directory, list(known), amount, authors))


def content(quantity: str = "10", price: str = "2.5", **said: str) -> dict[str, object]:
    numbers = {"quantity": Decimal(quantity), "price": Decimal(price)}
    return Content({"site": "HAM"} | said, {"1": Line({"item": "bolt"}, numbers)}).as_json()


@pytest.mark.parametrize(
    ("now", "change"),
    [
        (content("10.0"), Change.NONE),
        (content("9"), Change.LESS),
        (content("10", "2.4"), Change.LESS),
        (content("11"), Change.MORE),
        (content("9", "2.6"), Change.MORE),
        (content(site="BER"), Change.OTHER),
        (Content({"site": "HAM"}, {}).as_json(), Change.LESS),
        (Content({"site": "HAM"}, {"2": Line({}, {})}).as_json(), Change.OTHER),
    ],
)
def test_what_is_said_now_is_as_it_was_less_more_or_something_else(
    now: dict[str, object], change: Change
) -> None:
    assert changed(content(), now) == change
    assert (digest(now) == digest(content())) == (change == Change.NONE)


@given(MONEY, MONEY, st.none() | MONEY, st.none() | st.decimals("0", "100", places=2))
def test_growth_is_within_both_bounds_and_none_is_no_tolerance(
    before: Decimal, now: Decimal, most: Decimal | None, percent: Decimal | None
) -> None:
    within = within_growth(before, now, most, percent)
    if most is None and percent is None:
        assert not within
    elif within:
        assert most is None or now <= before + most
        assert percent is None or now <= before * (1 + percent / 100)


def a_slice(number: str, amount: Decimal) -> Slice:
    return Slice(uuid4(), number, amount, f"{amount} EUR", "ann")


def test_slices_are_added_up_below_each_threshold_with_the_arithmetic() -> None:
    others = [a_slice("PO-1", Decimal("7000")), a_slice("PO-2", Decimal("20000"))]
    found = find_split("PO-3", Decimal("5000"), "EUR", others, [Decimal("10000"), Decimal("50000")])
    assert found is not None
    assert (found.threshold, found.total, [one.number for one in found.slices]) == (
        Decimal(10000),
        Decimal(12000),
        ["PO-1"],
    )
    assert found.arithmetic == "PO-3 5,000 + PO-1 7,000 = 12,000 EUR, which is 10,000 or more"
    assert find_split("PO-3", Decimal("2999"), "EUR", others, [Decimal("10000")]) is None
    assert find_split("PO-3", Decimal("10000"), "EUR", others, [Decimal("10000")]) is None


@given(MONEY, st.lists(MONEY, max_size=6), st.sets(MONEY, max_size=4))
def test_a_split_is_reported_if_and_only_if_some_threshold_is_reached_from_below(
    amount: Decimal, amounts: list[Decimal], limits: set[Decimal]
) -> None:
    others = [a_slice(f"PO-{number}", one) for number, one in enumerate(amounts)]
    reached = {
        limit for limit in limits if amount < limit <= amount + sum(one for one in amounts if one < limit)
    }
    found = find_split("PO", amount, "EUR", others, limits)
    assert (found.threshold if found else None) == max(reached, default=None)
    if found:
        assert all(one.amount < found.threshold for one in found.slices)
        assert found.total == amount + sum(one.amount for one in found.slices)


def test_thresholds_are_the_amounts_from_which_more_is_asked() -> None:
    rules = [{"name": f"from {n}", "when": {"amount_from": n}, "steps": [ROLE]} for n in ("10", "100", "10")]
    assert thresholds(policy(*rules), "purchase_order") == [100, 10]


def test_what_is_asked_below_an_amount_ends_there_which_is_a_threshold_as_well() -> None:
    small = {"name": "small", "when": {"amount_below": "1000"}, "steps": [ROLE]}
    middle = {"name": "middle", "when": {"amount_from": "1000", "amount_below": "5000"}, "steps": [ROLE]}
    assert thresholds(policy(small, middle), "purchase_order") == [5000, 1000]


def test_what_is_asked_from_an_amount_on_of_another_kind_is_no_threshold() -> None:
    needs = {"name": "needs", "when": {"kinds": ["requisition"], "amount_from": "50"}, "steps": [ROLE]}
    either = {"name": "either", "when": {"amount_from": "10"}, "steps": [ROLE]}
    assert thresholds(policy(needs, either), "purchase_order") == [10]
    assert thresholds(policy(needs, either), "requisition") == [50, 10]


DEPUTIES = st.lists(
    st.builds(
        lambda who, whom, first, days: Deputy(
            who, whom, DAY + timedelta(first), DAY + timedelta(first + days)
        ),
        st.sampled_from(CODES),
        st.sampled_from(CODES),
        st.integers(0, 9),
        st.integers(0, 9),
    ).filter(lambda one: one.person != one.delegate),
    max_size=12,
)


@given(DEPUTIES)
def test_deputies_who_close_no_circle_never_decide_for_themselves_through_others(
    stated: list[Deputy],
) -> None:
    taken: list[Deputy] = []
    for one in stated:
        if circle(one, taken) is None:
            taken.append(one)
    for day in (DAY + timedelta(n) for n in range(20)):
        gives = {
            code: {one.delegate for one in taken if one.person == code and one.holds_on(day)}
            for code in CODES
        }
        for code in CODES:
            reached, waiting = set[str](), [code]
            while waiting:
                for other in gives[waiting.pop()] - reached:
                    reached.add(other)
                    waiting.append(other)
            assert code not in reached


def test_a_deputy_of_a_deputy_decides_too_and_days_count() -> None:
    taken = [
        Deputy("ann", "ben", DAY, DAY + timedelta(5)),
        Deputy("ben", "cid", DAY + timedelta(2), DAY + timedelta(9)),
    ]
    assert decided_for("cid", taken, DAY) == []
    assert decided_for("cid", taken, DAY + timedelta(2)) == ["ben", "ann"]
    assert decided_for("cid", taken, DAY + timedelta(6)) == ["ben"]
    assert circle(Deputy("cid", "ann", DAY, DAY + timedelta(1)), taken) is None
    assert circle(Deputy("cid", "ann", DAY, DAY + timedelta(2)), taken) == ["cid", "ann", "ben", "cid"]


@pytest.mark.parametrize(
    ("start", "days", "country", "ends"),
    [
        ("2026-03-05T14:00", 1, "DE", "2026-03-06T14:00"),
        ("2026-03-06T14:00", 1, "DE", "2026-03-09T14:00"),  # a weekend
        ("2026-04-02T14:00", 2, "DE", "2026-04-08T14:00"),  # Easter: Friday and Monday are off
        ("2026-04-02T14:00", 2, "US", "2026-04-06T14:00"),
        ("2026-03-07T14:00", 1, "DE", "2026-03-10T00:00"),  # what begins on a Saturday begins on Monday
        ("2026-03-27T14:00", 1, "", "2026-03-30T14:00"),  # where nothing is known, weekends; summer time
    ],
)
def test_working_days_pass_where_the_site_is(start: str, days: int, country: str, ends: str) -> None:
    zone = ZoneInfo("America/New_York" if country == "US" else "Europe/Berlin")
    begins = datetime.fromisoformat(f"{start}:00").replace(tzinfo=zone)
    found = later(begins.astimezone(UTC), days, country, zone.key)
    assert found == datetime.fromisoformat(f"{ends}:00").replace(tzinfo=zone)
