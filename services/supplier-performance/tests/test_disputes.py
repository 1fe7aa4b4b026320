"""Suppliers dispute lines with tokens of their own; what a person upholds counts for nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from purveyor.db import new_id
from purveyor_cli.issuer import LocalIssuer
from purveyor_contract.roles import Role

from .test_scorecards import card_of
from .test_templates import STATED, Owners
from .world import TODAY, Order, World

REASON = "Your site refused the delivery on the promised day"


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


class People:
    """A supplier with a line that was late and three that were not, and who decides about it."""

    def __init__(self, world: World, api: httpx.AsyncClient, issuer: LocalIssuer) -> None:
        self.world, self.api, self.issuer = world, api, issuer

    async def begin(self) -> None:
        self.supplier = await self.world.supplier()
        self.orders: list[Order] = []
        for days, late in ((40, 0), (30, 0), (20, 0), (10, 9)):
            order = await self.world.order(self.supplier, ago(days))
            await self.world.receive(order, ago(days - late))
            self.orders.append(order)
        await self.world.rescore()

    def own(self, supplier: UUID | None = None, name: str = "sue") -> dict[str, str]:
        token = self.issuer.token(name, Role.SUPPLIER, supplier_id=supplier or self.supplier)
        return {"Authorization": f"Bearer {token}"}

    async def dispute(
        self, order: UUID, line: int = 1, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        body = {"order_id": str(order), "line_number": line, "reason": REASON}
        path = f"/v1/suppliers/{self.supplier}/disputes"
        return await self.api.post(path, json=body, headers=headers or self.own())

    async def decide(
        self, dispute: str, how: str, role: Role = Role.QUALITY, etag: str = '"1"'
    ) -> httpx.Response:
        token = self.issuer.token("quentin", role)
        return await self.api.post(
            f"/v1/disputes/{dispute}:{how}",
            json={"answer": "The gate was closed that day"},
            headers={"Authorization": f"Bearer {token}", "If-Match": etag},
        )


@pytest.fixture
async def people(world: World, api: httpx.AsyncClient, issuer: LocalIssuer) -> People:
    found = People(world, api, issuer)
    await found.begin()
    return found


async def evidence(people: People) -> list[dict[str, Any]]:
    params = {"supplier_id": str(people.supplier)}
    shown = await people.api.get("/v1/kpis/on-time/evidence", params=params)
    items: list[dict[str, Any]] = shown.json()["items"]
    return items


async def test_a_line_whose_dispute_is_upheld_counts_for_nothing_and_is_shown_so(people: People) -> None:
    late = people.orders[-1]
    before = (await card_of(people.api, people.supplier))["known"]
    disputed = await people.dispute(late.id)
    assert (disputed.status_code, disputed.json()["status"]) == (201, "open"), disputed.text
    await people.world.rescore()
    assert (await card_of(people.api, people.supplier))["known"]["score"] == before["score"]

    upheld = await people.decide(disputed.json()["id"], "uphold")

    assert (upheld.status_code, upheld.json()["status"]) == (200, "upheld"), upheld.text
    await people.world.rescore()
    after = (await card_of(people.api, people.supplier))["known"]
    assert (before["parts"][0]["points"], after["parts"][0]["points"]) == ("75.00", "100.00")
    assert after["score"] == "100.0"
    facts = await evidence(people)
    why = "The supplier disputed it, and that was upheld"
    assert [fact["excluded"] for fact in facts] == [None, None, None, why]
    assert [fact["denominator"] for fact in facts] == ["1", "1", "1", None]
    figures = (await people.api.get("/v1/kpis/on-time/figures", headers=people.own())).json()["items"]
    assert figures[0]["excluded"] == [{"reason": facts[-1]["excluded"], "facts": 1}]
    lines = await people.api.get(
        f"/v1/suppliers/{people.supplier}/score/evidence", params={"measure": "on_time"}
    )
    assert len(lines.json()["items"]) == 3
    told = await people.api.get(f"/v1/disputes/{disputed.json()['id']}", headers=people.own())
    assert told.json()["answer"] == "The gate was closed that day"
    assert "decided_by" not in told.json()


async def test_a_template_leaves_out_what_was_disputed(people: People, issuer: LocalIssuer) -> None:
    await people.world.category("fasteners")
    await Owners(people.api, issuer).let_judge("fasteners", STATED)
    disputed = await people.dispute(people.orders[-1].id)
    await people.decide(disputed.json()["id"], "uphold")
    await people.world.rescore()
    assert (await card_of(people.api, people.supplier))["known"]["score"] == "100.0"


async def test_a_rejected_dispute_changes_nothing_and_is_decided_once(people: People) -> None:
    disputed = (await people.dispute(people.orders[-1].id)).json()["id"]
    rejected = await people.decide(disputed, "reject")
    assert (rejected.status_code, rejected.json()["status"]) == (200, "rejected"), rejected.text
    again = await people.decide(disputed, "uphold", etag=rejected.headers["ETag"])
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    await people.world.rescore()
    assert (await card_of(people.api, people.supplier))["known"]["parts"][0]["points"] == "75.00"
    assert (await people.dispute(people.orders[-1].id)).status_code == 201


async def test_a_supplier_disputes_lines_of_its_own_and_each_once(people: People) -> None:
    rival = await people.world.supplier("Rival AG")
    stranger = people.own(rival, "ray")
    refused = await people.dispute(people.orders[0].id, headers=stranger)
    assert (refused.status_code, refused.json()["code"]) == (404, "supplier_not_found")
    for order, line in ((new_id(), 1), (people.orders[0].id, 2)):
        missing = await people.dispute(order, line)
        assert (missing.status_code, missing.json()["code"]) == (404, "order_line_not_found")
    disputed = await people.dispute(people.orders[0].id)
    twice = await people.dispute(people.orders[0].id)
    assert (twice.status_code, twice.json()["code"]) == (409, "line_disputed")
    assert twice.json()["dispute"] == disputed.json()["id"]
    assert (await people.api.get("/v1/disputes", headers=stranger)).json()["items"] == []
    hidden = await people.api.get(f"/v1/disputes/{disputed.json()['id']}", headers=stranger)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "dispute_not_found")
    [listed] = (await people.api.get("/v1/disputes", params={"status": "open"})).json()["items"]
    assert (listed["disputed_by"], listed["reason"]) == ("sue", REASON)
    assert (await people.decide(listed["id"], "uphold", Role.BUYER)).status_code == 403


ASKS = STATED | {
    "kpis": [STATED["kpis"][0] | {"weight": "80"}],
    "questions": [{"code": "cooperation", "text": "How well does it work with us?", "weight": "20"}],
}


async def test_an_answer_is_a_part_of_the_score_with_who_and_when(
    people: People, issuer: LocalIssuer
) -> None:
    await people.world.category("fasteners")
    await Owners(people.api, issuer).let_judge("fasteners", ASKS)
    path = f"/v1/suppliers/{people.supplier}/answers"
    headers = {"Authorization": f"Bearer {issuer.token('quentin', Role.QUALITY)}"}

    async def answer(points: str, period_ends_on: date, question: str = "cooperation") -> httpx.Response:
        body = {"question": question, "points": points, "period_ends_on": period_ends_on.isoformat()}
        return await people.api.post(path, json=body, headers=headers)

    await people.world.rescore()
    assert (await card_of(people.api, people.supplier))["known"]["score"] == "75.0"
    assert (await answer("50", ago(40))).status_code == 201
    assert (await answer("0", ago(400))).status_code == 201
    await people.world.rescore()
    known = (await card_of(people.api, people.supplier))["known"]
    part = known["parts"][1]
    assert (known["score"], part["points"], part["share"]) == ("70.0", "50.00", "20.00")
    assert (part["answered_by"], part["answered_on"]) == ("quentin", ago(40).isoformat())
    await answer("100", ago(40))
    await people.world.rescore()
    assert (await card_of(people.api, people.supplier))["known"]["score"] == "80.0"
    assert len((await people.api.get(path)).json()["items"]) == 3
    unknown = await answer("50", ago(1), "mood")
    assert (unknown.status_code, unknown.json()["code"]) == (422, "question_unknown")
    early = await answer("50", TODAY + timedelta(days=1))
    assert (early.status_code, early.json()["code"]) == (422, "period_not_over")
    assert (await people.api.get(path, headers=people.own())).status_code == 403
