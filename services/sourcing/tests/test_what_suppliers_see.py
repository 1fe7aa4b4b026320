"""With secrets in every field of ours: nothing that a supplier is answered says one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from shared.messaging.tests.publishing import publish_all

from purveyor.testing.walk import answered, everything, for_suppliers, leaks, successes
from purveyor_contract.roles import SCOPES_OF, Role
from sourcing.bids.rules.content import BID, BidContent
from sourcing.contracts.rules.content import CONTENT as CONTRACT
from sourcing.evaluations.rules.digests import written
from sourcing.evaluations.rules.inputs import EvaluationInputs, JudgedBid
from sourcing.evaluations.rules.judging import judge
from sourcing.qualification.rules.answers import ANSWERS
from sourcing.questionnaires.api import STATED
from sourcing.tenders.rules.content import CONTENT
from sourcing.tenders.rules.criteria import Feedback
from sourcing.tenders.views.tenders import KEY

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import AsPerson, Desk

PEOPLE = {
    "secret-registrar",
    "secret-manager",
    "secret-decider",
    "secret-evaluator",
    "secret-owner",
    "secret-opener",
}
AFFAIRS = {
    "secret-suspicion",
    "secret-decision",
    "secret-hope",
    "secret-key",
    "secret-doubt",
    "secret-guest",
    "secret-tie",
    "secret-blur",
    "secret-tag",
    "secret-exception",
    "7654.321",
}
OF_OTHERS = {"Secret Rival GmbH", "secret-enquiry", "secret-bargain"}
EVERY_SCOPE: frozenset[str] = frozenset().union(*SCOPES_OF.values())
INVITATION = {"email": "guest@example.com", "legal_name": "secret-guest", "country": "DE"}
CHANGE = {"stated": {"country": "AT"}}
APPROVAL = {"categories": ["fasteners"], "expires_on": "2027-12-31"}


async def done(desk: Desk, by: Any, action: str, supplier: Any, **body: Any) -> None:
    response = await by.post(
        f"/v1/suppliers/{supplier['id']}:{action}",
        json=body or None,
        headers={"If-Match": await desk.etag(supplier)},
    )
    assert response.status_code == 200, response.text


async def evaluated(desk: Desk, manager: Any, as_person: AsPerson, supplier: Any) -> Any:
    """Let a case of a supplier be answered and evaluated by one who has an interest in it."""

    async def act(by: Any, what: str, **body: Any) -> Any:
        seen = {"If-Match": (await by.get(f"{at}{what.partition(':')[0]}")).headers.get("ETag", '"1"')}
        response = await by.post(f"{at}{what}", json=body or None, headers=seen)
        assert response.is_success, response.text
        return response.json()

    at = "/v1/questionnaires"
    asked = await act(manager, "", code="quality", **STATED | {"required": False})
    await act(as_person("carla", Role.CATEGORY_MANAGER), f"/{asked['id']}:publish")
    at = "/v1/qualification-cases"
    what = {"supplier_id": supplier["id"], "questionnaire_id": asked["id"], "category": "fasteners"}
    case = await act(manager, "", **what, due_on="2026-12-20")
    portal = as_person("sue", Role.SUPPLIER, supplier_id=supplier["id"])
    at = f"{at}/{case['id']}"
    saved = await portal.put(f"{at}/answers", json={"answers": ANSWERS}, headers={"If-Match": '"1"'})
    assert saved.status_code == 200, saved.text
    await act(portal, ":submit")
    seen = {"If-Match": (await manager.get(at)).headers["ETag"]}
    named = await manager.post(f"{at}/evaluators", json={"person": "secret-evaluator"}, headers=seen)
    assert named.status_code == 200, named.text
    await act(as_person("secret-evaluator", Role.QUALITY), ":declare-conflict", conflict="secret-tie")
    return case


async def contracted(as_person: AsPerson, supplier: Any, title: str) -> Any:
    """Let two sign a contract with a supplier."""
    author, at = as_person("secret-registrar", Role.BUYER), "/v1/contracts"
    obligation = CONTRACT["obligations"][0] | {"owner": "secret-owner"}
    content = CONTRACT | {"title": title, "obligations": [obligation]}
    contract = (await author.post(at, json={"supplier_id": supplier["id"], "content": content})).json()
    at = f"{at}/{contract['id']}"
    signers = (as_person(name, Role.CATEGORY_MANAGER) for name in ("secret-manager", "secret-decider"))
    for by, action in ((author, "submit"), *((one, "sign") for one in signers)):
        seen = (await author.get(at)).headers["ETag"]
        done = await by.post(f"{at}:{action}", headers={"If-Match": seen})
        assert done.status_code == 200, done.text
    return contract


async def tendered(as_person: AsPerson, *suppliers: Any) -> Any:
    """Publish a tender for suppliers, with what we would pay, and a question of the last one."""

    async def act(by: Any, what: str, body: Any = None) -> Any:
        seen = (await lead.get(at)).headers.get("ETag", '"1"')
        response = await by.post(f"{at}{what}", json=body, headers={"If-Match": seen})
        assert response.is_success, response.text
        return response.json()

    at, lead = "/v1/tenders", as_person("secret-registrar", Role.BUYER)
    lot = CONTENT["lots"][0]
    items = [lot["items"][0] | {"target_price": "7654.321"}]
    content = CONTENT | {"lots": [lot | {"items": items}], "region": None, "feedback": list(Feedback)}
    tender = await act(lead, "", {"kind": "rfq", "content": content})
    at = f"{at}/{tender['id']}"
    for supplier in suppliers:
        exception = {"supplier_id": supplier["id"], "exception_reason": "secret-exception"}
        await act(lead, "/bidders", exception)
    await act(lead, "/team", {"person": "secret-opener", "roles": ["opener"]})
    opener = as_person("secret-opener", Role.QUALITY)
    await act(opener, ":declare-conflict", {"conflict": None, "opening_key": KEY})
    await act(lead, ":submit")
    await act(as_person("secret-decider", Role.CATEGORY_MANAGER), ":approve")
    for supplier in suppliers:
        portal = as_person("ron", Role.SUPPLIER, supplier_id=supplier["id"])
        assert (await portal.post(f"{at}:confirm", json={"edition": 1})).is_success
        assert (await portal.put(f"{at}/bid", json=BID)).is_success
    rival = as_person("ron", Role.SUPPLIER, supplier_id=suppliers[-1]["id"])
    return tender, await act(rival, "/questions", {"question": "secret-enquiry"})


async def ranked(desk: Desk, tender: Any, *suppliers: Any) -> None:
    """Keep a complete evaluation of a tender, of which its bidders are told all that a tender may tell."""
    said = BidContent.model_validate(BID)
    bids = [
        JudgedBid(
            supplier_id=supplier["id"],
            received_at=datetime(2026, 12, 1, tzinfo=UTC),
            digest="00",
            content=said,
            initial=said,
            why_not=None,
        )
        for supplier in suppliers
    ]
    inputs = EvaluationInputs.model_validate(
        {"tender_id": tender["id"], "number": tender["number"], "kind": "rfq", "edition": 1, "round": 1}
        | {"content": tender["content"], "bids": bids, "marks": [], "known": {}, "medians": {}}
        | {"duties": [], "justified": []}
    )
    async with desk.context.database.connection() as connection:
        await connection.execute(
            "INSERT INTO evaluation (tender_id, round, inputs, result, begun_by, begun_at, completed_by,"
            " completed_at) VALUES ($1, 1, $2, $3, 'secret-registrar', now(), 'secret-registrar', now())",
            tender["id"],
            written(inputs),
            written(judge(inputs)),
        )


async def bank_accounts(as_person: AsPerson, *suppliers: Any) -> dict[str, list[str]]:
    """Ask to pay suppliers elsewhere, and let our own people reject that; the last stays open."""
    clerk = as_person("secret-decider", Role.ACCOUNTS_PAYABLE)
    changes = []
    for supplier in suppliers:
        asked = {
            "supplier_id": supplier["id"],
            "currency": "EUR",
            "account": {"iban": "DE89370400440532013000"},
            "reason": "secret-suspicion",
        }
        changes.append((await clerk.post("/v1/bank-account-changes", json=asked)).json())
    rejected = await clerk.post(
        f"/v1/bank-account-changes/{changes[0]['id']}:reject",
        json={"reason": "secret-decision", "reason_for_supplier": "you have not asked for it"},
        headers={"If-Match": '"1"'},
    )
    assert rejected.status_code == 200, rejected.text
    return {
        "change_id": [change["id"] for change in changes],
        "account_id": [*(change["account"]["id"] for change in changes), str(uuid4())],
    }


async def test_no_answer_to_a_supplier_says_a_secret_of_ours(
    desk: Desk, as_person: AsPerson, app: FastAPI
) -> None:
    registrar = as_person("secret-registrar", Role.BUYER)
    manager = as_person("secret-manager", Role.CATEGORY_MANAGER)
    decider = as_person("secret-decider", Role.CATEGORY_MANAGER)
    details = desk.details(external_reference="secret-key")
    own = (await registrar.post("/v1/suppliers", json=details)).json()
    rival = await desk.approved(legal_name="Secret Rival GmbH")
    of_own = f"/v1/suppliers/{own['id']}"
    assert (await registrar.put(f"{of_own}/owner", json={"owner": "secret-owner"})).status_code == 200
    assert (await registrar.post(f"{of_own}/tags", json={"add": ["secret-tag"]})).status_code == 200
    await done(desk, registrar, "submit", own)
    await done(desk, manager, "approve", own, **APPROVAL)
    contracts = [
        await contracted(as_person, own, "Fasteners 2027"),
        await contracted(as_person, rival, "secret-bargain"),
    ]
    for number, supplier in enumerate((own, rival), 1):
        await desk.score(supplier, f"5{number}.0", "D", 1)
    review = await desk.review(own)
    decided = await decider.post(
        f"/v1/supplier-reviews/{review['id']}:decide",
        json={"decision": "suspend", "reason": "secret-decision", "reason_for_supplier": "too late"},
        headers={"If-Match": '"1"'},
    )
    assert decided.status_code == 200, decided.text
    await done(desk, manager, "reinstate", own, reason="secret-hope")
    await desk.score(own, "70.0", "C", 2)
    await desk.score(own, "40.0", "D", 3)
    await done(desk, manager, "suspend", own, reason="secret-suspicion", reason_for_supplier="an audit")
    paper: Any = {
        "params": {"name": "secret-plan.txt"},
        "content": b"secret",
        "headers": {"Content-Type": "text/plain"},
    }
    hers = as_person("sue", Role.SUPPLIER, supplier_id=own["id"])
    files = [(await by.post("/v1/files", **paper)).json()["id"] for by in (registrar, hers)]
    changes, invitation = [], await registrar.post("/v1/supplier-invitations", json=INVITATION)
    for supplier in (own, rival):
        of_supplier = as_person("ron", Role.SUPPLIER, supplier_id=supplier["id"])
        drafted = await of_supplier.post("/v1/supplier-changes", json=CHANGE)
        changes.append(drafted.json()["id"])
        path = f"/v1/supplier-changes/{changes[-1]}"
        assert (await of_supplier.post(f"{path}:submit", headers={"If-Match": '"1"'})).status_code == 200
        decision = {"field": "country", "decision": "returned", "reason_for_supplier": "why?"}
        decided = await decider.post(
            f"{path}:decide",
            json={"decisions": [decision | {"reason": "secret-doubt"}]},
            headers={"If-Match": '"2"'},
        )
        assert decided.status_code == 200, decided.text
    case = await evaluated(desk, manager, as_person, own)
    certificate = {
        "type": "iso-9001",
        "file_id": files[1],
        "valid_from": "2026-01-01",
        "valid_to": "2026-11-01",
    }
    document = (
        await hers.post("/v1/supplier-documents", json=certificate | {"supplier_id": own["id"]})
    ).json()
    path = f"/v1/supplier-documents/{document['id']}"
    refused = await decider.post(
        f"{path}:refuse", json={"reason": "secret-blur"}, headers={"If-Match": '"1"'}
    )
    assert refused.status_code == 200, refused.text
    accounts = await bank_accounts(as_person, own, rival)
    tender, question = await tendered(as_person, own, rival)
    await ranked(desk, tender, own, rival)
    await publish_all(desk.context.database, "sourcing")

    ids = {
        "change_id": [*changes, *accounts["change_id"], str(uuid4())],
        "invitation_id": [invitation.json()["id"], str(uuid4())],
        "access_id": [str(uuid4())],
        "questionnaire_id": [case["questionnaire_id"], str(uuid4())],
        "case_id": [case["id"], str(uuid4())],
        "number": ["1"],
        "finding_id": [str(uuid4())],
        "complaint_id": [str(uuid4())],
        "year": ["2026"],
        "supplier_id": [own["id"], rival["id"], str(uuid4()), "nonsense"],
        "review_id": [review["id"], (await desk.review(rival))["id"], str(uuid4())],
        "account_id": accounts["account_id"],
        "name": ["review-threshold"],
        "file_id": files,
        "document_id": [document["id"]],
        "code": ["iso-9001", "nonsense"],
        "version": ["1"],
        "parked_id": ["1"],
        "hit_id": [str(uuid4())],
        "pair_id": [str(uuid4())],
        "tender_id": [tender["id"], str(uuid4())],
        "question_id": [question["id"]],
        "contract_id": [*(one["id"] for one in contracts), str(uuid4())],
    }
    portal = as_person("sue", Role.SUPPLIER, supplier_id=own["id"], scopes=EVERY_SCOPE)
    answers = await everything(app, portal, ids)
    assert leaks(answers, PEOPLE | AFFAIRS | OF_OTHERS) == []
    # By which criteria bids are judged, all bidders know.
    of_no_tender = [answer for answer in successes(answers) if "/v1/tenders" not in answer.operation]
    assert leaks(of_no_tender, {"review", "threshold", "weight", "knock_out"}) == []
    assert answered(answers) == for_suppliers(app)

    ours = as_person("adele", *(set(Role) - {Role.SUPPLIER}), scopes=EVERY_SCOPE)
    said = "\n".join(answer.said for answer in await everything(app, ours, ids))
    unsaid = {secret for secret in PEOPLE | AFFAIRS | OF_OTHERS if secret.casefold() not in said}
    assert not unsaid, "a secret that nobody is told proves nothing"


@pytest.mark.parametrize("asked", [{"q": "secret-key"}, {"external_reference": "secret-key"}])
async def test_no_supplier_finds_out_by_asking_for_what_is_not_shown(
    desk: Desk, as_person: AsPerson, asked: dict[str, str]
) -> None:
    own = await desk.registered(external_reference="secret-key")
    sue = as_person("sue", Role.SUPPLIER, supplier_id=own["id"])
    refused = await sue.get("/v1/suppliers", params=asked)
    assert (refused.status_code, refused.json()["code"]) == (422, "not_for_suppliers")
    assert [error["pointer"] for error in refused.json()["errors"]] == [f"/query/{name}" for name in asked]
    assert len((await desk.buyer.get("/v1/suppliers", params=asked)).json()["items"]) == 1
