"""A supplier's file: invited, asked, evaluated by two, ordered from, and what stops that, and who undoes it.

Run it beside `purveyor up`: `.venv/bin/python examples/scenarios/supplier_file.py`. It prints who asks for
what, and what follows, and ends with an error as soon as anything is not as it says here.
"""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from speaking import PURVEYOR, Json, Listener, Person, chapter, is_

RUN = uuid.uuid4().hex[:6]
"""Stands in names, so that the scenario can be played again on the same stack."""
TODAY = datetime.now(UTC).date()
NAME = f"Hartwig Praezisionsfedern {RUN}"
SPRINGS, COILS = f"springs-{RUN}", f"coils-{RUN}"
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
PHONE = "+49 30 5550100"


def day(days: int) -> str:
    """Return the day so many days from today, before it where negative."""
    return (TODAY + timedelta(days)).isoformat()


def sections() -> list[Json]:
    """Return what suppliers of springs are asked."""
    standards: Json = {
        "code": "standards",
        "kind": "several",
        "mandatory": True,
        "options": [{"code": "iso9001", "text": "ISO 9001"}, {"code": "iatf16949", "text": "IATF 16949"}],
        "shown_when": {"question": "qms", "answers": ["yes"]},
        "text": "Certified by which standards?",
        "weight": "100",
    }
    system: Json = {
        "code": "qms",
        "kind": "yes_no",
        "knock_out": {"answers": ["no"]},
        "mandatory": True,
        "text": "Do you have a certified quality management system?",
    }
    turnover: Json = {
        "code": "turnover",
        "kind": "number",
        "unit": "EUR",
        "at_least": "0",
        "knock_out": {"below": "100000"},
        "mandatory": True,
        "text": "What was your turnover in the last business year?",
        "weight": "100",
    }
    return [
        {"code": "quality", "title": "Quality", "weight": "60", "questions": [system, standards]},
        {"code": "finance", "title": "Finance", "weight": "40", "questions": [turnover]},
    ]


class SupplierFile:
    """The people, the supplier, and what becomes of its file."""

    def __init__(self) -> None:
        self.ann = Person("ann", "buyer")
        self.bob = Person("bob", "buyer")
        self.carla = Person("carla", "category-manager")
        self.carl = Person("carl", "category-manager")
        self.quinn = Person("quinn", "quality")
        self.quentin = Person("quentin", "quality")
        self.dora = Person("dora", "approver")
        self.paula = Person("paula", "accounts-payable")
        self.olav = Person("olav", "admin")
        self.otto = Person("otto", "admin")
        self.events = Listener(Person("ole", "auditor"), "sourcing", apart=("SupplierRiskChanged",))
        self.supplier = self.path = ""

    def play(self) -> None:
        """Play all of it."""
        self.begin()
        self.invite()
        self.qualify()
        self.order()
        self.let_a_certificate_end()
        self.screen()
        self.change_the_bank_account()
        print("\nAll of it is as it says here.")

    def begin(self) -> None:
        """Have a place to order for, a category with one below it, and what is asked there."""
        chapter("1. A category, what it requires, and what suppliers are asked there")
        site = {"name": "Works Reykjavik", "country": "IS", "time_zone": "Atlantic/Reykjavik"}
        self.olav.does("PUT", f"/v1/sites/F{RUN.upper()}", site)
        self.olav.does("PUT", f"/v1/business-units/F{RUN.upper()}", {"name": "Springs"})
        self.olav.does("PUT", f"/v1/cost-centres/F{RUN.upper()}", {"name": "Springs"})
        for code, parent in ((SPRINGS, None), (COILS, SPRINGS)):
            names = [{"language": "en", "name": code}]
            stated = {"names": names, "parent": parent, "owner": "carla"}
            self.carla.does("PUT", f"/v1/categories/{code}", stated, of="sourcing")
        asked = {
            "code": f"springs-{RUN}",
            "title": "Suppliers of springs",
            "category": SPRINGS,
            "required": True,
            "pass_mark": "70",
            "conditional_mark": "50",
            "sections": sections(),
        }
        drafted = self.carla.does("POST", "/v1/questionnaires", asked, of="sourcing")
        self.questionnaire = str(drafted["id"])
        self.carl.moves(f"/v1/questionnaires/{self.questionnaire}", "publish", of="sourcing")

    def invite(self) -> None:
        """Invite a company, which accepts, fills in its file, and has it taken by somebody else."""
        chapter("2. A company is invited, and fills in its own file")
        invitation = {
            "email": "sue.hartwig@example.com",
            "contact_name": "Sue Hartwig",
            "legal_name": NAME,
            "country": "DE",
            "categories": [SPRINGS],
        }
        sent = self.ann.does("POST", "/v1/supplier-invitations", invitation, of="sourcing")
        accept = "/v1/supplier-invitations:accept"
        secret = {"secret": sent["secret"]}
        invited = Person(f"sue-{RUN}", "supplier", invited=True)
        accepted = invited.does("POST", accept, secret, of="sourcing")
        self.supplier = str(accepted["supplier_id"])
        self.path = f"/v1/suppliers/{self.supplier}"
        other = Person(f"sly-{RUN}", "supplier", invited=True)
        other.is_refused("invitation_used", "POST", accept, secret, of="sourcing")
        self.sue = Person(f"sue-{RUN}", "supplier", supplier_id=self.supplier)
        contacts = [
            {"name": "Sue Hartwig", "role": "sales", "email": "sue.hartwig@example.com", "phone": PHONE}
        ]
        draft = {"stated": {"contacts": contacts}, "note": "Whom you may call"}
        changes = "/v1/supplier-changes"
        change = f"{changes}/{self.sue.does('POST', changes, draft, of='sourcing')['id']}"
        self.sue.moves(change, "submit", of="sourcing")
        taken = {"decisions": [{"field": "contacts", "decision": "taken"}]}
        self.bob.moves(change, "decide", taken, of="sourcing")
        is_("her number", self.bob.sees(self.path, of="sourcing")["contacts"][0]["phone"], PHONE)
        self.ann.moves(self.path, "submit", of="sourcing")

    def qualify(self) -> None:
        """Ask it, let two evaluate what it answers, and qualify it with a condition."""
        chapter("3. It answers; two evaluate apart; it qualifies with a condition")
        asked = {
            "supplier_id": self.supplier,
            "category": SPRINGS,
            "questionnaire_id": self.questionnaire,
            "due_on": day(30),
        }
        opened = self.carla.does("POST", "/v1/qualification-cases", asked, of="sourcing")
        case = f"/v1/qualification-cases/{opened['id']}"
        answers = [
            {"question": "qms", "yes": True},
            {"question": "standards", "chosen": ["iso9001"]},
            {"question": "turnover", "number": "2400000"},
        ]
        self.sue.puts(case, f"{case}/answers", {"answers": answers}, of="sourcing")
        self.sue.moves(case, "submit", of="sourcing")
        for person in (self.quinn, self.quentin):
            named = {"person": person.name}
            self.carla.moves_to(case, f"{case}/evaluators", named, of="sourcing")
        for person, marks in ((self.quinn, ("60", "70")), (self.quentin, ("50", "70"))):
            person.moves(case, "declare-conflict", {"conflict": None}, of="sourcing")
            given = [
                {"question": question, "mark": mark}
                for question, mark in zip(("standards", "turnover"), marks, strict=True)
            ]
            person.moves_to(case, f"{case}/marks", {"marks": given}, of="sourcing")
        wanted = {"text": "Send the certificate", "owner": "quinn", "due_on": day(60)}
        decision: Json = {
            "decision": "conditionally_qualified",
            "reason": "Good, and the certificate is to come",
            "valid_until": day(365),
            "conditions": [wanted],
        }
        decided = self.carla.moves(case, "decide", decision, of="sourcing")
        is_("result", decided["result"], "61.0")
        self.events.hears(
            self.supplier,
            "SupplierRegistered",
            "SupplierAccessGranted",
            "SupplierChangeProposed",
            "SupplierDetailsChanged",
            "SupplierChangeTaken",
            "SupplierInvited",
            "QualificationSubmitted",
            "SupplierQualificationConditioned",
            "SupplierApproved",
        )
        case_now = self.quinn.moves_to(case, f"{case}/conditions/1:meet", {"note": "It came"}, of="sourcing")
        is_("the case is", case_now["status"], "qualified")
        self.events.hears(self.supplier, "SupplierQualified")

    def ordered(self) -> str:
        """Bring an order of what lies in the category to where it is issued; return its path."""
        line = {
            "line_number": 1,
            "item": f"SP-{RUN}",
            "description": "Compression spring",
            "category": COILS,
            "quantity": "100",
            "unit": "C62",
            "price": "0.85",
            "promised_on": day(20),
        }
        stated = {
            "supplier_id": self.supplier,
            "currency": "EUR",
            "site": f"F{RUN.upper()}",
            "business_unit": f"F{RUN.upper()}",
            "cost_centre": f"F{RUN.upper()}",
            "lines": [line],
        }
        path = f"/v1/purchase-orders/{self.bob.does('POST', '/v1/purchase-orders', stated)['id']}"
        for person, action in ((self.bob, "submit"), (self.dora, "approve")):
            person.moves(path, action)
        return path

    def knows(self, until: Callable[[Json], bool]) -> None:
        """Wait until procurement has heard how the supplier stands."""
        self.bob.waits(self.path, until, of="procurement")

    def is_blocked(self, path: str) -> None:
        """Try to issue an order, which is refused with the reason of the block."""
        seen = self.bob.services["procurement"].get(path).headers["ETag"]
        issue = f"{path}:issue"
        self.bob.is_refused("supplier_not_approved", "POST", issue, headers={"If-Match": seen})

    def order(self) -> None:
        """Order what lies below the category that it is approved for."""
        chapter("4. It is ordered from, also what lies below its category")
        self.knows(lambda known: known["status"] == "approved")
        self.bob.waits(f"/v1/categories/{COILS}", lambda known: True, of="procurement")
        self.bob.moves(self.ordered(), "issue")

    def submits(self, number: str, first: int, last: int) -> str:
        """Have the supplier upload a certificate and submit it; return its path."""
        name = {"name": f"{number}.pdf"}
        pdf = {"Content-Type": "application/pdf"}
        sent = self.sue.does("POST", "/v1/files", PDF, of="sourcing", params=name, headers=pdf)
        stated = {
            "supplier_id": self.supplier,
            "type": f"iso9001-{RUN}",
            "file_id": sent["id"],
            "number": number,
            "issuer": "A certifier",
            "valid_from": day(first),
            "valid_to": day(last),
        }
        submitted = self.sue.does("POST", "/v1/supplier-documents", stated, of="sourcing")
        return f"/v1/supplier-documents/{submitted['id']}"

    def let_a_certificate_end(self) -> None:
        """Have a certificate end, which stops new orders in its category, and a new one come."""
        chapter("5. A certificate that the category requires ends; a new one is accepted")
        required = {"name": "ISO 9001", "required_in": [SPRINGS]}
        self.carla.does("PUT", f"/v1/document-types/iso9001-{RUN}", required, of="sourcing")
        self.quinn.moves(self.submits("Q-1", -1000, 5), "accept", of="sourcing")
        runs("document-days", TODAY.isoformat())
        self.events.hears(self.supplier, "DocumentSubmitted", "DocumentAccepted", "DocumentExpiring")
        waiting = self.ordered()
        first = self.sue.sees("/v1/supplier-documents", of="sourcing")["items"][0]["id"]
        withdrawn = {"reason": "It was of our old works"}
        self.sue.moves(f"/v1/supplier-documents/{first}", "withdraw", withdrawn, of="sourcing")
        self.quinn.moves(self.submits("Q-2", -400, -1), "accept", of="sourcing")
        runs("document-days", TODAY.isoformat())
        self.events.hears(
            self.supplier,
            "DocumentWithdrawn",
            "SupplierBlocked",
            "DocumentSubmitted",
            "DocumentAccepted",
            "SupplierBlocked",
            "DocumentExpired",
        )
        self.knows(lambda known: bool(known["blocks"]))
        self.is_blocked(waiting)
        self.quinn.moves(self.submits("Q-3", -10, 700), "accept", of="sourcing")
        self.events.hears(self.supplier, "DocumentSubmitted", "DocumentAccepted", "SupplierUnblocked")
        self.knows(lambda known: not known["blocks"])
        self.bob.moves(waiting, "issue")

    def screen(self) -> None:
        """Load a list with a name like the supplier's, and decide that it is somebody else."""
        chapter("6. A list has a name like its own; somebody looks, and it is another")
        waiting = self.ordered()
        listed = f"reference,name,kind,countries\nX-1,HARTWIG PRÄZISIONSFEDERN {RUN} LLC,company,de\n"
        self.olav.does(
            "POST",
            f"/v1/screening-lists/list-{RUN}:load",
            listed.encode(),
            of="sourcing",
            params={"form": "csv"},
            headers={"Content-Type": "text/csv"},
        )
        of_it = f"/v1/screening-hits?supplier_id={self.supplier}&status=raised"
        found = self.carla.waits(of_it, lambda page: bool(page["items"]), of="sourcing")["items"][0]
        words = [one["theirs"] for one in found["shared"]]
        is_("the words that matched", words, ["hartwig", "prazisionsfedern", RUN])
        self.events.hears(self.supplier, "ScreeningHitRaised", "SupplierBlocked")
        self.knows(lambda known: bool(known["blocks"]))
        self.is_blocked(waiting)
        cleared = {"reason": "Founded in another town, by other people"}
        self.carla.moves(f"/v1/screening-hits/{found['id']}", "clear", cleared, of="sourcing")
        self.events.has_heard(self.supplier, "SupplierRiskChanged")
        self.events.hears(self.supplier, "ScreeningHitCleared", "SupplierUnblocked")
        self.knows(lambda known: not known["blocks"])
        self.bob.moves(waiting, "issue")

    def change_the_bank_account(self) -> None:
        """Ask for a bank account, which holds once another has called the supplier, and some days passed."""
        chapter("7. Where it is paid changes, once somebody has called it")
        asked = {
            "supplier_id": self.supplier,
            "currency": "EUR",
            "account": {"iban": "DE89 3704 0044 0532 0130 00"},
            "reason": "Their first account with us",
        }
        changes = "/v1/bank-account-changes"
        change = f"{changes}/{self.ann.does('POST', changes, asked, of='sourcing')['id']}"
        payable = f"{self.path}/payable-account?currency=EUR"
        self.paula.waits(payable, lambda known: bool(known["held_by"]), of="procurement")
        call = {"spoke_to": "Sue Hartwig", "at": datetime.now(UTC).isoformat()}
        seen = {"If-Match": self.ann.services["sourcing"].get(change).headers["ETag"]}
        new = {"call": call | {"number": "+49 30 5550199"}}
        verify = f"{change}:verify"
        self.paula.is_refused("call_proves_nothing", "POST", verify, new, of="sourcing", headers=seen)
        known = {"call": call | {"number": PHONE}, "note": "She read it to me"}
        verified = self.paula.moves(change, "verify", known, of="sourcing")
        is_("it is paid from", verified["pays_from"], day(2))
        self.events.hears(self.supplier, "BankAccountChangeRequested", "BankAccountVerified")


def runs(job: str, date: str) -> None:
    """Run a job of sourcing's for a day, as its worker does by itself once a day."""
    done = subprocess.run(
        [PURVEYOR, "jobs", "run", job, "--date", date, "--service", "sourcing", "--again"],
        capture_output=True,
        text=True,
        check=False,
    )
    is_(f"job {job} of {date}", done.returncode, 0)


if __name__ == "__main__":
    SupplierFile().play()
