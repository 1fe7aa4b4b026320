"""A scorecard's life: tried on history, activated, disputed, corrected, and what follows of a falling grade.

Run it beside `purveyor up`: `.venv/bin/python examples/scenarios/scorecard_life.py`. It prints who asks for
what, and what follows, and ends with an error as soon as anything is not as it says here.
"""

from __future__ import annotations

import subprocess
import uuid
from datetime import UTC, datetime, timedelta

from speaking import PURVEYOR, Json, Person, chapter, is_

RUN = uuid.uuid4().hex[:6]
"""Stands in names, so that the scenario can be played again on the same stack."""
TODAY = datetime.now(UTC).date()
"""The site is in Reykjavik, whose days are those of UTC."""
VALVES, BALLS = f"valves-{RUN}", f"ball-valves-{RUN}"
TEMPLATE = f"/v1/scorecard-templates/valves-{RUN}"
PROMISED = {1: -100, 2: -80, 3: -70, 4: -40, 5: -30}
"""By delivery, the day by which it was promised, from today."""
LATE = {3: 9, 4: 5}
"""By delivery, how many days after it came of the supplier that takes it easy."""
UPHELD = "The supplier disputed it, and that was upheld"


def day(days: int) -> str:
    """Return the day so many days from today, before it where negative."""
    return (TODAY + timedelta(days)).isoformat()


def whole_range(kpi: str, weight: int) -> Json:
    """Return a KPI of a scorecard that is worth its percentage."""
    return {
        "kpi": kpi,
        "weight": str(weight),
        "worth": {"how": "linear", "floor": "0", "target": "100"},
        "least_sample": 2,
    }


def template(**weights: int) -> Json:
    """Return what suppliers of valves are judged by, with the weight of each KPI."""
    return {
        "title": "Valves",
        "category": VALVES,
        "kpis": [whole_range(kpi.replace("_", "-"), weight) for kpi, weight in weights.items()],
        "grades": [
            {"grade": "A", "lowest": "95"},
            {"grade": "B", "lowest": "80"},
            {"grade": "C", "lowest": "65"},
            {"grade": "D", "lowest": "45", "consequence": "no_new_tenders"},
            {"grade": "E", "lowest": "0", "consequence": "no_new_orders"},
        ],
        "hysteresis": "2",
    }


STRICT, MILD = template(on_time=100), template(on_time=60, in_full=40)


class ScorecardLife:
    """The people, two suppliers of valves, and how they are judged."""

    def __init__(self) -> None:
        self.bob = Person("bob", "buyer")
        self.carla = Person("carla", "category-manager")
        self.dora = Person("dora", "approver")
        self.rita = Person("rita", "receiver")
        self.olav = Person("olav", "admin")
        self.orders: dict[int, str] = {}
        self.receipts: dict[int, str] = {}

    def play(self) -> None:
        """Play all of it."""
        self.begin()
        self.deliver()
        self.judge_by_a_template()
        self.dispute()
        self.correct()
        self.fall()
        self.recover()
        self.recompute()
        print("\nAll of it is as it says here.")

    def begin(self) -> None:
        """Have a site, who pays, a category with one below it, and two suppliers that are approved."""
        chapter("1. Two suppliers of valves, approved by somebody else than who registered them")
        site = {"name": "Works Akureyri", "country": "IS", "time_zone": "Atlantic/Reykjavik"}
        place = f"V{RUN.upper()}"
        self.olav.does("PUT", f"/v1/sites/{place}", site)
        self.olav.does("PUT", f"/v1/business-units/{place}", {"name": "Valves"})
        self.olav.does("PUT", f"/v1/cost-centres/{place}", {"name": "Valves"})
        self.header = {"site": place, "business_unit": place, "cost_centre": place}
        for code, parent in ((VALVES, None), (BALLS, VALVES)):
            names = [{"language": "en", "name": code}]
            stated = {"names": names, "parent": parent, "owner": "carla"}
            self.carla.does("PUT", f"/v1/categories/{code}", stated, of="sourcing")
        self.prompt, self.easy = (self.approved(f"{name} {RUN}") for name in ("Skjót Lokar", "Rólegir Lokar"))
        self.sue = Person(f"sue-{RUN}", "supplier", supplier_id=self.easy)
        self.carla.waits(f"/v1/categories/{BALLS}", lambda known: True, of="performance")

    def approved(self, name: str) -> str:
        """Register a supplier, and have another approve it; return its id."""
        stated = {"legal_name": name, "country": "IS", "categories": [VALVES]}
        path = f"/v1/suppliers/{self.bob.does('POST', '/v1/suppliers', stated, of='sourcing')['id']}"
        self.bob.moves(path, "submit", of="sourcing")
        approval = {"categories": [VALVES], "expires_on": day(365)}
        supplier = self.carla.moves(path, "approve", approval, of="sourcing")
        self.bob.waits(path, lambda known: known["status"] == "approved", of="procurement")
        return str(supplier["id"])

    def drafted(self, supplier: str, ordered: int, promised: int) -> str:
        """Order some ball valves that bob writes and dora approves; return the order's path."""
        line = {
            "line_number": 1,
            "item": f"BV-{RUN}",
            "description": "Ball valve DN 25",
            "category": BALLS,
            "quantity": "10",
            "unit": "C62",
            "price": "48.00",
            "promised_on": day(promised),
        }
        stated = self.header | {
            "supplier_id": supplier,
            "currency": "EUR",
            "ordered_on": day(ordered),
            "lines": [line],
        }
        path = f"/v1/purchase-orders/{self.bob.does('POST', '/v1/purchase-orders', stated)['id']}"
        for person, action in ((self.bob, "submit"), (self.dora, "approve")):
            person.moves(path, action)
        return path

    def received(self, path: str, on: int) -> str:
        """Receive all of an order; return the receipt's path."""
        receipt = {"received_on": day(on), "lines": [{"line_number": 1, "quantity": "10"}]}
        return f"/v1/goods-receipts/{self.rita.does('POST', f'{path}/receipts', receipt)['id']}"

    def deliver(self) -> None:
        """Have three deliveries of one supplier, and five of the other, of which two come late."""
        chapter("2. Three deliveries of one, in time; five of the other, of which two come late")
        for supplier, deliveries in ((self.prompt, 3), (self.easy, 5)):
            for number, promised in list(PROMISED.items())[:deliveries]:
                path = self.drafted(supplier, promised - 20, promised)
                self.bob.moves(path, "issue")
                late = LATE.get(number, 0) if supplier == self.easy else 0
                self.orders[number], self.receipts[number] = path, self.received(path, promised + late)
        is_("by what comes with the service", self.is_judged("82.6"), ("B", "none"))

    def is_judged(self, score: str) -> tuple[str, str]:
        """Wait until the supplier has a score; return its grade and what follows of it."""
        path = f"/v1/suppliers/{self.easy}/scorecard"
        shown = self.carla.waits(path, lambda found: found["known"]["score"] == score, of="performance")
        known = shown["known"]
        is_("score", known["score"], score)
        return known["grade"], known["consequence"]

    def as_of(self, days: int) -> Json:
        """Return the scorecard of a day, as that day is known now."""
        path = f"/v1/suppliers/{self.easy}/scorecard?as_of={day(days)}"
        shown: Json = self.carla.sees(path, of="performance")["now_known"]
        return shown

    def judge_by_a_template(self) -> None:
        """Draft a template, try it on all that was delivered, change it, and have another activate it."""
        chapter("3. A scorecard of valves is drafted, tried on history, changed, and activated by another")
        draft = self.carla.does("POST", f"{TEMPLATE}/versions", STRICT, of="performance")
        version = f"{TEMPLATE}/versions/{draft['number']}"
        is_("grade, were punctuality all", self.tried(STRICT), ("B", "D", "no_new_tenders"))
        is_("grade, were it a part", self.tried(MILD), ("B", "C", "none"))
        is_("meanwhile", self.is_judged("82.6"), ("B", "none"))
        self.carla.puts(version, version, MILD, of="performance")
        seen = {"If-Match": self.carla.services["performance"].get(version).headers["ETag"]}
        activate = f"{version}:activate"
        self.carla.is_refused("segregation_of_duties", "POST", activate, of="performance", headers=seen)
        self.olav.moves(version, "activate", of="performance")
        is_("by the template", self.is_judged("76.0"), ("C", "none"))

    def tried(self, change: Json) -> tuple[str, str, str]:
        """Try a template; return the grade that the one supplier has, would have, and what would follow."""
        found = self.carla.does("POST", f"{TEMPLATE}:try", {"template": change}, of="performance")
        moved = {one["supplier"]["id"]: one["spans"][-1] for one in found["suppliers"]}
        is_("who delivers on time is not moved", self.prompt in moved, False)
        span = moved[self.easy]
        is_("until", span["last_day"], TODAY.isoformat())
        return span["held"]["grade"], span["tried"]["grade"], span["tried"]["consequence"]

    def dispute(self) -> None:
        """Have the supplier dispute a line with its own token, and somebody decide."""
        chapter("4. The supplier disputes a line that came late, and that is upheld")
        own = f"/v1/suppliers/{self.easy}/scorecard"
        is_("it sees its grade", self.sue.sees(own, of="performance")["known"]["grade"], "C")
        order_id = self.orders[3].rpartition("/")[2]
        reason = "Your gate was closed for a week: the driver was sent away"
        line = {"order_id": order_id, "line_number": 1, "reason": reason}
        disputes = f"/v1/suppliers/{self.easy}/disputes"
        raised = f"/v1/disputes/{self.sue.does('POST', disputes, line, of='performance')['id']}"
        rival = Person(f"ray-{RUN}", "supplier", supplier_id=self.prompt)
        rival.is_refused("dispute_not_found", "GET", raised, of="performance")
        is_("it counts until somebody has decided", self.is_judged("76.0"), ("C", "none"))
        answer = {"answer": "So the site's log says"}
        self.carla.moves(raised, "uphold", answer, of="performance")
        is_("without the line", self.is_judged("85.0"), ("B", "none"))
        facts = self.sue.sees(f"/v1/kpis/on-time/evidence?supplier_id={self.easy}", of="performance")["items"]
        excluded = {fact["excluded"] for fact in facts if fact["denominator"] is None}
        is_("the line is shown as", excluded, {UPHELD})

    def correct(self) -> None:
        """Take back a receipt of months ago: that day is another one now."""
        chapter("5. A receipt of months ago was booked on the wrong order: the past is another one now")
        before = self.as_of(-60)
        is_("sixty days ago, as it is known", (before["score"], before["grade"]), ("100.0", "A"))
        self.takes_back(1)
        is_("today", self.is_judged("60.0"), ("D", "no_new_tenders"))
        after = self.as_of(-60)
        is_("sixty days ago, as it is known now", (after["score"], after["grade"]), ("50.0", "D"))
        history = f"/v1/suppliers/{self.easy}/score/history?limit=2"
        told = self.carla.sees(history, of="performance")["items"]
        is_("what was said stays", [one["score"] for one in told], ["60.0", "85.0"])

    def takes_back(self, number: int) -> None:
        """Reverse the receipt of a delivery: nothing of it came."""
        counted = {
            "reason": "it was of another order",
            "lines": [{"line_number": 1, "quantity": "10", "rejected_quantity": "0"}],
        }
        self.rita.does("POST", f"{self.receipts[number]}:reverse", counted)

    def fall(self) -> None:
        """Have no new tender take it, and then nothing new be ordered of it."""
        chapter("6. Its grade falls: first no tender takes it, then nothing is ordered of it")
        path = f"/v1/suppliers/{self.easy}"
        follows = "no_new_tenders"
        self.bob.waits(path, lambda known: known["score"]["consequence"] == follows, of="sourcing")
        tender = self.tender()
        seen = {"If-Match": self.bob.services["sourcing"].get(tender).headers["ETag"]}
        invited = {"supplier_id": self.easy}
        bidders = f"{tender}/bidders"
        refused = self.bob.is_refused(
            "supplier_not_qualified", "POST", bidders, invited, of="sourcing", headers=seen
        )
        is_("because of its grade", "is graded D" in refused["detail"], True)
        self.bob.moves_to(tender, bidders, {"supplier_id": self.prompt}, of="sourcing")
        self.bob.moves(self.drafted(self.easy, 0, 30), "issue")
        self.waiting = self.drafted(self.easy, 0, 30)
        self.takes_back(2)
        is_("after one more", self.is_judged("35.0"), ("E", "no_new_orders"))
        self.bob.waits(path, lambda known: bool(known["blocks"]), of="procurement")
        seen = {"If-Match": self.bob.services["procurement"].get(self.waiting).headers["ETag"]}
        issue = f"{self.waiting}:issue"
        self.bob.is_refused("supplier_not_approved", "POST", issue, headers=seen)

    def tender(self) -> str:
        """Draft a tender of valves; return its path."""
        item = {
            "number": 1,
            "description": "Ball valve DN 25",
            "category": BALLS,
            "quantity": "500",
            "unit": "C62",
        }
        content = {
            "title": f"Valves {RUN}",
            "currency": "EUR",
            "lots": [{"code": "valves", "title": "Valves", "items": [item]}],
            "criteria": [{"code": "price", "title": "Price", "weight": "100", "formula": "lowest"}],
            "timetable": {"time_zone": "Atlantic/Reykjavik", "closes_at": f"{day(30)}T12:00"},
        }
        stated = {"kind": "rfq", "content": content}
        return f"/v1/tenders/{self.bob.does('POST', '/v1/tenders', stated, of='sourcing')['id']}"

    def recover(self) -> None:
        """Record what did come, on the day on which it came: orders go again, tenders do not yet."""
        chapter("7. What did come is recorded for its day: it is ordered from again")
        self.received(self.orders[2], PROMISED[2])
        is_("with what came in time", self.is_judged("60.0"), ("D", "no_new_tenders"))
        path = f"/v1/suppliers/{self.easy}"
        self.bob.waits(path, lambda known: not known["blocks"], of="procurement")
        self.bob.moves(self.waiting, "issue")

    def recompute(self) -> None:
        """Reckon everything once more, from the first event to the last."""
        chapter("8. All of it once more, from the first event to the last, is the same to the last digit")
        found = subprocess.run(
            [PURVEYOR, "performance", "verify"], capture_output=True, text=True, check=False
        )
        print(f"     {found.stdout.strip()}{found.stderr.strip()}")
        is_("verified", found.returncode, 0)


if __name__ == "__main__":
    ScorecardLife().play()
