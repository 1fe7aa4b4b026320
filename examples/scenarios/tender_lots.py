"""A tender of three lots: sealed, amended, opened twice by two, judged by two, and ranked for all to check.

Run it beside `purveyor up`: `.venv/bin/python examples/scenarios/tender_lots.py`. It prints who asks for
what, and what follows, and ends with an error as soon as anything is not as it says here. Rankings are
reckoned again by plain arithmetic, which knows nothing of the program's.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from speaking import PURVEYOR, Json, Listener, Person, chapter, is_

RUN = uuid.uuid4().hex[:6]
TODAY = datetime.now(UTC).date()
FASTENERS = f"fasteners-{RUN}"
SOURCING = "sourcing"
BIDDERS = ("Alder", "Birch", "Cedar", "Dogwood")
QUANTITIES = {1: 1000, 2: 150, 3: 40}
LOTS = {"bolts": (1,), "nuts": (2,), "tools": (3,)}
PRICES: Mapping[str, Mapping[int, str]] = {
    "Alder": {1: "0.50", 2: "1.20", 3: "30.00"},
    "Birch": {1: "0.48", 2: "1.30", 3: "31.00"},
    "Cedar": {1: "0.20", 2: "1.10", 3: "29.00"},
    "Dogwood": {1: "0.10", 2: "0.10", 3: "0.10"},
}
MARKS = {"Alder": ("80", "90"), "Birch": ("60", "70"), "Cedar": ("70", "60")}
PACK = 100
"""Nuts are sold by the hundred: who needs 150 buys 200."""
PRICE_SHARE, SERVICE_SHARE = Fraction(70, 100), Fraction(30, 100)
REQUESTS_OF_A_SUPPLIER = 5
REQUESTS_TO_BID = 40
"""About so many are sent from the draft to the last bid: how long they take says when the tender closes."""


class TenderOfLots:
    """The people, the tender, and what becomes of it."""

    def __init__(self) -> None:
        self.bob = Person("bob", "buyer")
        self.carla = Person("carla", "category-manager", "auditor")
        self.dora = Person("dora", "approver", "category-manager")
        self.olga = Person(f"olga-{RUN}", "approver")
        self.otto = Person(f"otto-{RUN}", "quality")
        self.events = Listener(self.carla, SOURCING)
        self.bidders: dict[str, Person] = {}
        self.suppliers: dict[str, str] = {}
        self.keys = Path(tempfile.mkdtemp(prefix="purveyor-keys-"))
        self.openers = {
            person.name: purveyor("make-key", str(self.keys / person.name))
            for person in (self.olga, self.otto)
        }
        self.pace = timedelta()
        self.tender = self.path = ""

    def play(self) -> None:
        """Play all of it."""
        self.have_bidders()
        self.draft()
        self.ask_and_amend()
        self.bid()
        self.open_answers()
        self.judge()
        self.open_prices()
        self.rank()
        self.check()
        print("\nAll of it is as it says here.")

    def have_bidders(self) -> None:
        """Have four suppliers that are approved for what is asked."""
        chapter("1. Four suppliers that are approved")
        names = [{"language": "en", "name": FASTENERS}]
        stated = {"names": names, "parent": None, "owner": "carla"}
        self.carla.does("PUT", f"/v1/categories/{FASTENERS}", stated, of=SOURCING)
        for name in BIDDERS:
            began = datetime.now(UTC)
            details = {"legal_name": f"{name} {RUN} GmbH", "country": "DE", "categories": [FASTENERS]}
            path = f"/v1/suppliers/{self.bob.does('POST', '/v1/suppliers', details, of=SOURCING)['id']}"
            self.bob.moves(path, "submit", of=SOURCING)
            approval = {"categories": [FASTENERS], "expires_on": "2099-12-31"}
            self.suppliers[name] = self.carla.moves(path, "approve", approval, of=SOURCING)["id"]
            self.pace = (datetime.now(UTC) - began) / REQUESTS_OF_A_SUPPLIER
            subject = f"{name.casefold()}-{RUN}"
            self.bidders[name] = Person(subject, "supplier", supplier_id=self.suppliers[name])

    def content(self, closes: datetime) -> Json:
        """Return what is asked for."""
        answers = {"code": "iso9001", "text": "Are you certified by ISO 9001?", "required_answer": "yes"}
        return {
            "title": f"Fasteners and tools {RUN}",
            "currency": "EUR",
            "lots": [
                {
                    "code": code,
                    "title": code.capitalize(),
                    "items": [
                        {
                            "number": number,
                            "description": f"Item {number}",
                            "category": FASTENERS,
                            "quantity": str(QUANTITIES[number]),
                            "unit": "C62",
                            "target_price": "0.40",
                        }
                        for number in numbers
                    ],
                }
                for code, numbers in LOTS.items()
            ],
            "terms": {"two_envelopes": True},
            "asked": [answers | {"mandatory": True}, {"code": "service", "text": "How do you serve us?"}],
            "criteria": [
                {"code": "price", "title": "Price", "weight": "70", "formula": "lowest"},
                {
                    "code": "service",
                    "title": "Service",
                    "weight": "30",
                    "formula": "scored",
                    "asked": "service",
                },
            ],
            "feedback": ["rank", "gap"],
            "timetable": {"time_zone": "UTC", "closes_at": closes.strftime("%Y-%m-%dT%H:%M:%S")},
        }

    def draft(self) -> None:
        """Draft it, name who opens and judges, invite, and let somebody else publish it."""
        chapter("2. It is drafted by one, published by another; two open it together")
        policy, value = (
            "/v1/policies/tendering",
            {
                "days_after_amendment": 0,
                "quick_quote_suppliers": 3,
                "least_evaluators": 2,
                "outlier_points": 25,
                "justification_days": 1,
            },
        )
        decided = {"valid_from": TODAY.isoformat(), "value": value, "reason": "All of it is today"}
        proposed = self.carla.moves_to(policy, f"{policy}/versions", decided, of=SOURCING)
        self.dora.does("POST", f"{policy}/versions/{proposed['version']}:approve", of=SOURCING)
        patience = timedelta(seconds=3) + 2 * REQUESTS_TO_BID * self.pace
        self.closes = datetime.now(UTC).replace(microsecond=0) + patience
        body = {"kind": "rfq", "openers_needed": 2, "content": self.content(self.closes)}
        self.tender = str(self.bob.does("POST", "/v1/tenders", body, of=SOURCING)["id"])
        self.path = f"/v1/tenders/{self.tender}"
        for person in (self.olga, self.otto):
            part = {"person": person.name, "roles": ["opener", "evaluator"]}
            self.bob.moves_to(self.path, f"{self.path}/team", part, of=SOURCING)
            stated = {"conflict": None, "opening_key": self.openers[person.name]}
            person.does("POST", f"{self.path}:declare-conflict", stated, of=SOURCING)
        for supplier in self.suppliers.values():
            invited = {"supplier_id": supplier}
            self.bob.moves_to(self.path, f"{self.path}/bidders", invited, of=SOURCING)
        self.bob.moves(self.path, "submit", of=SOURCING)
        self.dora.moves(self.path, "approve", of=SOURCING)

    def ask_and_amend(self) -> None:
        """Answer a question to all, and amend what is asked, by two again."""
        chapter("3. A question, answered to all without a name; an amendment, which is to be confirmed")
        asked = self.bidders["Birch"].does(
            "POST", f"{self.path}/questions", {"question": "Is zinc accepted?"}, of=SOURCING
        )
        answer = f"{self.path}/questions/{asked['id']}:answer"
        self.bob.does("POST", answer, {"answer": "Yes, at the same price"}, of=SOURCING)
        (told,) = self.bidders["Cedar"].sees(self.path, of=SOURCING)["questions"]
        is_("what Cedar reads", (told["answer"], told["own"]), ("Yes, at the same price", False))
        amended = {"why": "Zinc is accepted", "content": self.content(self.closes)}
        self.bob.moves(self.path, "amend", amended, of=SOURCING)
        self.dora.moves(self.path, "approve", of=SOURCING)

    def bid(self) -> None:
        """Let all bid, in two envelopes; nobody reads a price."""
        chapter("4. Four bids, sealed in two envelopes")
        for name, person in self.bidders.items():
            person.does("POST", f"{self.path}:confirm", {"edition": 2}, of=SOURCING)
            prices: list[Json] = [{"item": item, "price": price} for item, price in PRICES[name].items()]
            prices[1]["pack_size"] = str(PACK)
            certified = "no" if name == "Dogwood" else "yes"
            body = {
                "currency": "EUR",
                "valid_until": (TODAY + timedelta(days=90)).isoformat(),
                "prices": prices,
                "answers": [
                    {"question": "iso9001", "text": certified},
                    {"question": "service", "text": f"{name} comes within a day"},
                ],
            }
            receipt = person.does("PUT", f"{self.path}/bid", body, of=SOURCING)
            is_("its own bid, by its key", self.own_price(person, receipt["key"]), PRICES[name][1])
        is_("bids", self.bob.sees(self.path, of=SOURCING)["bids"], len(BIDDERS))

    def own_price(self, person: Person, key: str) -> str:
        """Return what a bidder reads of its own bid."""
        own = person.services[SOURCING].get(f"{self.path}/bid", headers={"Bid-Key": key}).json()
        return str(own["content"]["prices"][0]["price"])

    def opens(self, status: str) -> None:
        """Let both openers give their shares, each by their own key."""
        for person in (self.olga, self.otto):
            sealed = person.sees(f"{self.path}/opening-share", of=SOURCING)["sealed"]
            key = str(self.keys / person.name)
            options = ("--tender", self.tender, "--person", person.name)
            share = {"share": purveyor("open-share", key, sealed, *options)}
            shown = person.does("POST", f"{self.path}:open", share, of=SOURCING)
        is_("it is", shown["status"], status)

    def open_answers(self) -> None:
        """Open the technical envelopes once it has closed."""
        chapter("5. The technical envelopes are opened, by two, after the deadline")
        time.sleep(max(0.0, (self.closes - datetime.now(UTC)).total_seconds()))
        self.bob.waits(self.path, lambda shown: shown["status"] == "closed", of=SOURCING)
        late = {"question": "One more?"}
        self.bidders["Alder"].is_refused("wrong_state", "POST", f"{self.path}/questions", late, of=SOURCING)
        self.opens("opened")
        bids = self.olga.sees(f"{self.path}/bids", of=SOURCING)["bids"]
        is_("prices that anybody reads", [one["content"]["prices"] for one in bids], [[]] * len(BIDDERS))

    def judge(self) -> None:
        """Let two judge the answers apart, and close the technical envelopes."""
        chapter("6. Two judge the answers apart; whose answer ends the matter is out, unread")
        everybody = MARKS | {"Dogwood": ("0", "0")}
        for place, person in enumerate((self.olga, self.otto)):
            seen = person.sees(f"{self.path}/marks", of=SOURCING)["marks"]
            is_(f"marks that {person.name} sees before", seen, [])
            marks = [
                {"supplier_id": self.suppliers[name], "criterion": "service", "mark": given[place]}
                for name, given in everybody.items()
            ]
            person.does("POST", f"{self.path}/marks", {"marks": marks}, of=SOURCING)
        self.bob.moves(self.path, "close-technical", of=SOURCING)

    def open_prices(self) -> None:
        """Open the envelopes of prices, of those that are still in."""
        chapter("7. The same two open the prices of those that are still in")
        self.opens("judged")
        bids = self.olga.sees(f"{self.path}/bids", of=SOURCING)["bids"]
        unread = [one["supplier_id"] for one in bids if not one["content"]["prices"]]
        is_("whose prices nobody ever reads", unread, [self.suppliers["Dogwood"]])

    def rank(self) -> None:
        """Rank the bids; an abnormally low one is justified by its bidder, and another accepts that."""
        chapter("8. A bid is abnormally low: it is justified, and accepted by who does not lead")
        self.bob.moves(self.path, "evaluate", of=SOURCING)
        cedar = self.bidders["Cedar"]
        asked = cedar.sees(f"{self.path}/own-result", of=SOURCING)["justifications"]
        is_("what Cedar is to justify", [one["lot"] for one in asked], ["bolts"])
        seen = {"If-Match": self.bob.services[SOURCING].get(self.path).headers["ETag"]}
        complete = f"{self.path}:complete-evaluation"
        self.bob.is_refused("justification_open", "POST", complete, of=SOURCING, headers=seen)
        why = {"lot": "bolts", "text": "We own the mill, and have steel of last year"}
        cedar.does("PUT", f"{self.path}/justification", why, of=SOURCING)
        decision = {"supplier_id": self.suppliers["Cedar"], "lot": "bolts", "accepted": True}
        self.olga.moves(self.path, "decide-justification", decision | {"reason": "Seen"}, of=SOURCING)
        self.bob.moves(self.path, "complete-evaluation", of=SOURCING)
        heard = self.events.hears(
            self.tender,
            "TenderPublished",
            "QuestionAnswered",
            "TenderAmended",
            *["BidReceived"] * len(BIDDERS),
            "TenderClosed",
            "BidsOpened",
            "TechnicalEnvelopeClosed",
            "PricesOpened",
            "EvaluationCompleted",
        )
        self.digest = heard[-1]["data"]["digest"]

    def check(self) -> None:
        """Reckon it all again, by plain arithmetic and by the command; each bidder reads its own rank."""
        chapter("9. All of it is reckoned again")
        shown = self.olga.sees(f"{self.path}/evaluation", of=SOURCING)
        names = {supplier: name for name, supplier in self.suppliers.items()}
        for lot in shown["lots"]:
            placed = [bid for bid in lot["bids"] if bid["place"] is not None]
            found = [(names[bid["supplier_id"]], bid["points"]) for bid in placed]
            is_(f"ranking of {lot['lot']}", found, reckoned(LOTS[lot["lot"]]))
        said = purveyor("verify", self.tender)
        is_("verified", said, f"round 1 follows from its inputs: {self.digest}")
        birch = self.bidders["Birch"].sees(f"{self.path}/own-result", of=SOURCING)["lots"]
        is_("ranks of Birch", [one["rank"] for one in birch], [3, 3, 3])
        self.bob.is_refused("wrong_state", "POST", f"{self.path}:evaluate", of=SOURCING, headers=self.seen())

    def seen(self) -> dict[str, str]:
        """Return the header that says which state of the tender is meant."""
        return {"If-Match": self.bob.services[SOURCING].get(self.path).headers["ETag"]}


def reckoned(items: tuple[int, ...]) -> list[tuple[str, str]]:
    """Return who comes when in a lot and with how many points, by fractions and nothing else."""
    costs = {
        name: sum((bought(item) * Fraction(PRICES[name][item]) for item in items), Fraction(0))
        for name in MARKS
    }
    least = min(costs.values())
    points = {
        name: least / cost * 100 * PRICE_SHARE + Fraction(sum(map(int, MARKS[name])), 2) * SERVICE_SHARE
        for name, cost in costs.items()
    }
    ordered = sorted(points, key=lambda name: -points[name])
    return [(name, six_places(points[name])) for name in ordered]


def bought(item: int) -> int:
    """Return how many are bought of an item: nuts in whole packs."""
    return -(-QUANTITIES[item] // PACK) * PACK if item == LOTS["nuts"][0] else QUANTITIES[item]


def six_places(exact: Fraction) -> str:
    """Write a number with six places, rounded half up."""
    millionths = int(exact * 10**6 + Fraction(1, 2))
    return f"{millionths // 10**6}.{millionths % 10**6:06d}"


def purveyor(*words: str) -> str:
    """Run a command about tenders, as openers and auditors do on their own machines."""
    done = subprocess.run([PURVEYOR, "tenders", *words], capture_output=True, text=True, check=False)
    is_(f"purveyor tenders {words[0]}", done.returncode, 0)
    return done.stdout.strip()


if __name__ == "__main__":
    TenderOfLots().play()
