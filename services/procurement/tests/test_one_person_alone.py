"""What one person alone does not bring about, however they go round."""

from typing import Any

from purveyor_contract.roles import Role

from .approvals import approval_of, approve, decided, euros, of, rule, state, submitted
from .conftest import World
from .test_approval_paths import MARA, delegated

TWO = rule("two", {"who": "group", "group": "finance", "needs": 2})
EVERY = rule("every", {"who": "group", "group": "finance", "every": True})


async def test_who_decided_a_step_counts_once_in_it_in_however_many_places(empty_world: World) -> None:
    world = empty_world
    for code in ("fritz", "frieda"):
        await state(world, code, groups=["finance"])
    assert (await delegated(world, "frieda", "fritz", of(world, "frieda"))).status_code == 201
    for asked in (TWO, EVERY):
        await decided(world, rules=[asked])
        approval = await approval_of(world, await submitted(world))
        assert (await approve(world, "fritz", approval)).json()["status"] == "pending"
        again = await approve(world, "fritz", approval)
        assert (again.status_code, again.json()["code"]) == (403, "not_asked")
        assert (await approve(world, "frieda", approval)).json()["status"] == "approved"


async def test_a_deputy_decides_within_the_limit_of_the_place_and_only_while_its_owner_is_there(
    empty_world: World,
) -> None:
    world = empty_world
    for code in ("mara", "dora"):
        await state(world, code)
    assert (await delegated(world, "mara", "dora", of(world, "mara"))).status_code == 201
    await decided(world, rules=[MARA])
    approval = await approval_of(world, await submitted(world))
    await state(world, "mara", limit=euros("10"))
    assert (await approve(world, "dora", approval)).json()["code"] == "approval_limit"
    await state(world, "mara", valid_to="2026-03-01")
    assert (await approve(world, "dora", approval)).json()["code"] == "person_left"
    await state(world, "mara")
    assert (await approve(world, "dora", approval)).json()["status"] == "approved"


async def test_nobody_makes_themselves_a_deputy_nor_chooses_one_for_what_they_wrote(
    empty_world: World,
) -> None:
    world = empty_world
    for code in ("mara", "dora", "robin"):
        await state(world, code)
    robin = world.person("robin", Role.ADMIN, Role.REQUESTER)
    own = await delegated(world, "mara", "robin", robin)
    assert (own.status_code, own.json()["code"]) == (403, "segregation_of_duties")
    assert (await delegated(world, "mara", "dora", robin)).status_code == 201
    await decided(world, rules=[MARA])
    approval = await approval_of(world, await submitted(world))
    assert (await approve(world, "dora", approval)).json()["code"] == "not_asked"
    assert (await delegated(world, "mara", "dora", world.ada)).status_code == 201
    assert (await approve(world, "dora", approval)).json()["status"] == "approved"


def person(subject: str, **more: Any) -> dict[str, Any]:
    return {"subject": subject, "name": subject, "manager": None, "approval_limit": None} | more


async def test_nobody_states_what_they_themselves_may_approve(empty_world: World) -> None:
    world = empty_world
    await state(world, "cfo")
    await state(world, "anna", limit=euros("10"))
    anna = world.person("anna", Role.ADMIN)
    again = world.person("anna", Role.ADMIN, Role.BUYER)
    for code, body in (
        ("anna", person("anna")),
        ("anna", person("anna", approval_limit=euros("10"), groups=["finance"])),
        ("anna", person("anna", approval_limit=euros("10"), manager="cfo")),
        ("anna", person("other", approval_limit=euros("10"))),
        ("cfo", person("anna-2", manager="anna")),
        ("new", person("new", manager="anna")),
    ):
        known = await anna.get(f"/v1/people/{code}")
        seen = {"If-Match": known.headers["ETag"]} if known.status_code == 200 else {}
        for client in (anna, again):
            refused = await client.put(f"/v1/people/{code}", json=body, headers=seen)
            assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties"), body
    own = {"name": "Hall", "manager": "anna"}
    refused = await anna.put("/v1/cost-centres/4799", json=own)
    assert (refused.status_code, refused.json()["code"]) == (403, "segregation_of_duties")
    assert (await world.ada.put("/v1/cost-centres/4799", json=own)).status_code == 201
    seen = {"If-Match": (await anna.get("/v1/people/anna")).headers["ETag"]}
    renamed = person("anna", approval_limit=euros("10"), name="Anna")
    assert (await anna.put("/v1/people/anna", json=renamed, headers=seen)).status_code == 200
