"""From need to order: a year of a firm with three units, who approves what, and what it leaves of budgets.

Run it beside `purveyor up`: `.venv/bin/python examples/scenarios/need_to_order.py`. Budgets are held to the
cent against what is said here, and against `reckoning`, which adds documents up by itself. The year that ends
did so yesterday, and the next one begins today.
"""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from reckoning import Year
from speaking import Json, Person, chapter, is_

RUN = uuid.uuid4().hex[:6].upper()
"""Stands in names, so that the scenario can be played again on the same stack."""
TODAY = datetime.now(UTC).date()
"""The site is in Reykjavik, whose days are those of UTC."""
QUARTER = 91
TURBINES, SERVICE, FOUNDRY = UNITS = f"TU{RUN}", f"SE{RUN}", f"FO{RUN}"
CASTINGS = "castings"
LAST, THIS = "last year", "this year"
PEOPLE = {
    "robin": ["requester"],
    "bea": ["buyer"],
    "rita": ["receiver"],
    "olav": ["admin"],
    "cora": ["category-manager"],
    "alex": ["approver"],
    "mara": ["requester"],
    "fritz": ["requester"],
    "frieda": ["requester"],
    "otto": ["requester"],
}
APPROVALS = "/v1/policies/approvals"
NOTHING_DECIDED: Json = {
    "currency": "EUR",
    "rules": [],
    "otherwise": [],
    "growth": None,
    "growth_tolerance": None,
    "split_days": None,
    "remind_after": None,
    "escalate_after": None,
    "overriders": None,
}


def day(days: int) -> str:
    """Return the day so many days from today, before it where negative."""
    return (TODAY + timedelta(days)).isoformat()


def in_quarter(number: int) -> str:
    """Return a day in a quarter of the year that ended."""
    return day(QUARTER * (number - 5) + 10)


def quarters(first: int, amount: str) -> list[Json]:
    """Return the four quarters of a year that begins so many days from today."""
    begins = [first + QUARTER * number for number in range(4)]
    return [{"first_day": day(one), "last_day": day(one + QUARTER - 1), "amount": amount} for one in begins]


def castings(quantity: str, price: str, **more: object) -> Json:
    """Return a line of an order."""
    return {
        "item": "GJS-400",
        "description": "Casting, spheroidal graphite iron",
        "category": CASTINGS,
        "quantity": quantity,
        "unit": "C62",
        "price": price,
        "promised_on": day(20),
    } | more


def came(quantity: str, quarter: int) -> Json:
    """Return a receipt of an order's only line, in a quarter of the year that ended."""
    on = day(QUARTER * (quarter - 5) + 30)
    return {"received_on": on, "lines": [{"line_number": 1, "quantity": quantity}]}


class NeedToOrder:
    """The firm, its people, and what its units want."""

    def __init__(self) -> None:
        with ThreadPoolExecutor() as all_at_once:
            people = list(all_at_once.map(lambda named: Person(named[0], *named[1]), PEOPLE.items()))
        self.people = {person.name: person for person in people}
        (
            self.robin,
            self.bea,
            self.rita,
            self.olav,
            self.cora,
            self.alex,
            self.mara,
            self.fritz,
            self.frieda,
            self.otto,
        ) = people
        self.budgets: dict[tuple[str, str], str] = {}
        self.stated: dict[tuple[str, str], Decimal] = {}
        self.orders: dict[str, str] = {}
        self.requisitions: list[str] = []
        self.seen: dict[str, Json] = {}
        self.asked_for: dict[str, dict[int, Json]] = {}
        self.carried: set[str] = set()

    def play(self) -> None:
        """Play all of it."""
        self.begin()
        self.decide_who_approves()
        self.plan()
        self.order_in_two_quarters()
        self.stop_and_transfer()
        self.stop_and_override()
        self.amend()
        self.split()
        self.end_the_year()
        self.ask_in_five_steps()
        self.charge_two_units()
        self.ask_for_too_much()
        self.take_the_policy_back()
        print("\nAll of it is as it says here.")

    def chapter(self, title: str) -> None:
        """Begin a part; what documents of earlier ones say stays so: each part speaks of its own."""
        chapter(title)
        for path in {*self.orders, *self.requisitions} - self.seen.keys():
            self.seen[path] = self.bea.sees(path)

    def begin(self) -> None:
        """Have three units with a cost centre each, people with managers, and an approved supplier."""
        self.chapter("1. Three units, their people, and a supplier")
        site = {"name": "Works Reykjavik", "country": "IS", "time_zone": "Atlantic/Reykjavik"}
        self.olav.does("PUT", f"/v1/sites/R{RUN}", site)
        managed: tuple[tuple[str, str | None, str | None, list[str]], ...] = (
            ("otto", None, None, []),
            ("mara", "otto", "30000", []),
            ("rita", "otto", None, []),
            ("fritz", "otto", None, [f"finance-{RUN}"]),
            ("frieda", "otto", None, [f"finance-{RUN}"]),
            ("robin", "mara", "0", []),
        )
        for subject, manager, limit, groups in managed:
            self.state_person(subject, manager, limit, groups)
        for unit, name in zip(UNITS, ("Turbines", "Service", "Foundry"), strict=True):
            self.olav.does("PUT", f"/v1/business-units/{unit}", {"name": name})
            centre = {"name": name, "manager": "mara"}
            self.olav.does("PUT", f"/v1/cost-centres/{unit}", centre)
        stated = {"legal_name": f"Brevik Castings {RUN}", "country": "NO", "categories": [CASTINGS]}
        path = f"/v1/suppliers/{self.bea.does('POST', '/v1/suppliers', stated, of='sourcing')['id']}"
        self.bea.moves(path, "submit", of="sourcing")
        approval = {"categories": [CASTINGS], "expires_on": day(365)}
        self.supplier = str(self.cora.moves(path, "approve", approval, of="sourcing")["id"])
        self.bea.waits(path, lambda known: known["status"] == "approved", of="procurement")

    def state_person(self, subject: str, manager: str | None, limit: str | None, groups: list[str]) -> None:
        """Say who somebody is; who is known from before is said anew."""
        most = None if limit is None else {"amount": limit, "currency": "EUR"}
        stated: Json = {"subject": subject, "name": subject.title(), "manager": manager}
        stated |= {"approval_limit": most, "groups": groups}
        known = self.olav.services["procurement"].get(f"/v1/people/{subject}")
        seen = {"If-Match": known.headers["ETag"]} if known.status_code == 200 else {}
        self.olav.does("PUT", f"/v1/people/{subject}", stated, headers=seen)

    def decide(self, policy: Json, reason: str) -> None:
        """Let another policy of approvals hold: cora says what, and olav agrees."""
        said = {"value": policy, "valid_from": day(0), "reason": reason}
        version = self.cora.moves_to(APPROVALS, f"{APPROVALS}/versions", said)["version"]
        self.olav.does("POST", f"{APPROVALS}/versions/{version}:approve")

    def decide_who_approves(self) -> None:
        """Decide that large needs take five steps, and larger orders another one."""
        self.chapter("2. Large needs take five steps, larger orders another, everything else an approver")
        finance = {"who": "group", "group": f"finance-{RUN}"}
        five = [
            {"who": "cost_centre_manager"},
            {"who": "person", "person": "rita"},
            finance | {"needs": 2, "beside": True},
            {"who": "person", "person": "otto"},
            {"who": "role", "role": "approver"},
        ]
        large = {"kinds": ["requisition"], "business_units": list(UNITS), "amount_from": "20000"}
        larger = {"kinds": ["purchase_order"], "business_units": list(UNITS), "amount_from": "5000"}
        rules = [
            {"name": "large needs", "when": large, "steps": five},
            {"name": "larger orders", "when": larger, "steps": [finance]},
        ]
        otherwise = [{"kinds": None, "steps": [{"who": "role", "role": "approver"}]}]
        policy = NOTHING_DECIDED | {"rules": rules, "otherwise": otherwise, "split_days": 30}
        self.decide(policy, "as the board decided")

    def plan(self) -> None:
        """Have budgets of both years, for each unit; those of two accumulate over the quarters."""
        self.chapter("3. Budgets of the year that ends and of the next, by quarters")
        amounts = {TURBINES: ("30000.00", "40000.00"), SERVICE: ("10000.00", "10000.00")}
        amounts[FOUNDRY] = ("25000.00", "20000.00")
        for unit, of_each in amounts.items():
            for year, first, amount in ((LAST, -4 * QUARTER, of_each[0]), (THIS, 0, of_each[1])):
                stated = {
                    "name": f"{unit}, {year}",
                    "cost_centre": unit,
                    "currency": "EUR",
                    "accumulates": unit != SERVICE,
                    "periods": quarters(first, amount),
                    "reason": "the plan",
                }
                path = f"/v1/budgets/{self.cora.does('POST', '/v1/budgets', stated)['id']}"
                self.cora.moves(path, "submit")
                self.alex.moves(path, "approve")
                self.budgets[unit, year] = path
                self.stated[unit, year] = 4 * Decimal(amount)
        self.stand(
            (TURBINES, LAST, "120000.00", "0.00", "0.00", "0.00", "120000.00"),
            (SERVICE, LAST, "40000.00", "0.00", "0.00", "0.00", "40000.00"),
            (FOUNDRY, LAST, "100000.00", "0.00", "0.00", "0.00", "100000.00"),
        )

    def stand(self, *rights: tuple[str, ...]) -> None:
        """Hold budgets against what is right, and both against what their documents add up to."""
        reckoned = self.reckoned()
        for unit, year, *right in rights:
            shown = self.bea.sees(self.budgets[unit, year])["figures"]
            names = ("budget", "reserved", "committed", "spent", "available")
            said = [f"{Decimal(shown[name]):.2f}" for name in names]
            is_(f"{unit}, {year}: {', '.join(names)}", said, right)
            is_("as reckoned from its documents", reckoned[year].figures[unit].shown(), right)

    def reckoned(self) -> dict[str, Year]:
        """Return the budgets of both years, from their documents alone."""
        last, this = Year(), Year()
        years = {LAST: last, THIS: this}
        orders = {path: self.seen.get(path) or self.bea.sees(path) for path in self.orders}
        issued = {str(order["id"]) for order in orders.values() if order["issued_at"] is not None}
        for path, order in orders.items():
            requested: dict[int, Json] = {}
            if order["from_requisitions"]:
                requested = self.asked_for[path] = self.asked_for.get(path) or self.requested(path)
            years[self.orders[path]].commit(order, requested, {})
        for path in self.requisitions:
            this.reserve(self.seen.get(path) or self.bea.sees(path), issued)
        for (unit, year), amount in self.stated.items():
            years[year].figures[unit].budget += amount
        for unit in self.carried:
            last.figures[unit].goes_on_to(this.figures[unit])
        return years

    def requested(self, order: str) -> dict[int, Json]:
        """Return the requested lines that an order's lines order, by these."""
        found = {}
        for one in self.bea.sees(f"{order}/requisition-lines")["items"]:
            lines = self.bea.sees(f"/v1/requisitions/{one['requisition_id']}")["lines"]
            [found[one["order_line_number"]]] = [
                line for line in lines if line["line_number"] == one["line_number"]
            ]
        return found

    def decided(self, document: str, *people: Person) -> None:
        """Let people take the steps of a document's approval, one after the other."""
        for person in people:
            person.moves(self.approval(document), "decide", {"decision": "approve"})

    def approval(self, document: str) -> str:
        """Return where the newest approval of a document is."""
        document_id = document.rpartition("/")[2]
        newest = self.bea.sees(f"/v1/approvals?document_id={document_id}")["items"][0]
        return f"/v1/approvals/{newest['id']}"

    def submitted(
        self, unit: str, quarter: int | None, *lines: Json, by: Person | None = None, **more: object
    ) -> str:
        """Draft an order of a unit, of a quarter of the year that ended or of today, and hand it in."""
        author = by or self.bea
        stated = {
            "supplier_id": self.supplier,
            "currency": "EUR",
            "site": f"R{RUN}",
            "business_unit": unit,
            "cost_centre": unit,
            "ordered_on": day(0) if quarter is None else in_quarter(quarter),
            "lines": list(lines),
        } | more
        path = f"/v1/purchase-orders/{author.does('POST', '/v1/purchase-orders', stated)['id']}"
        self.orders[path] = THIS if quarter is None else LAST
        author.moves(path, "submit")
        return path

    def is_stopped(self, path: str) -> None:
        """Try to issue an order that its budget does not leave."""
        seen = {"If-Match": self.bea.services["procurement"].get(path).headers["ETag"]}
        self.bea.is_refused("budget_exceeded", "POST", f"{path}:issue", headers=seen)

    def order_in_two_quarters(self) -> None:
        """Order for the turbines, with freight; some of it is called off."""
        self.chapter("4. The turbines order in two quarters, and call a part off")
        freight = {"reason_code": "FC", "reason": "freight", "amount": "480.00", "spread_by": "value"}
        first = self.submitted(TURBINES, 1, castings("100", "250.00"), charges=[freight])
        self.decided(first, self.fritz)
        self.bea.moves(first, "issue")
        self.stand((TURBINES, LAST, "120000.00", "0.00", "25480.00", "0.00", "94520.00"))
        self.rita.does("POST", f"{first}/receipts", came("100", 1))
        second = self.submitted(TURBINES, 2, castings("60", "120.50"))
        self.decided(second, self.frieda)
        self.bea.moves(second, "issue")
        self.stand((TURBINES, LAST, "120000.00", "0.00", "32710.00", "0.00", "87290.00"))
        self.rita.does("POST", f"{second}/receipts", came("40", 2))
        self.bea.moves_to(second, f"{second}/lines/1:close-short", {"reason": "40 are enough"})
        self.stand((TURBINES, LAST, "120000.00", "0.00", "30300.00", "0.00", "89700.00"))

    def stop_and_transfer(self) -> None:
        """Stop an order of more than a quarter has, until an amount is transferred."""
        self.chapter("5. The service wants more than its quarter has: stopped, until another unit gives")
        path = self.submitted(SERVICE, 2, castings("48", "250.00"))
        self.decided(path, self.fritz)
        self.is_stopped(path)
        wanted = {
            "from": {"budget_id": self.budgets[TURBINES, LAST].rpartition("/")[2], "period": 4},
            "to": {"budget_id": self.budgets[SERVICE, LAST].rpartition("/")[2], "period": 2},
            "amount": "2000.00",
            "reason": "the turbines need less",
        }
        asked = f"/v1/budget-transfers/{self.cora.does('POST', '/v1/budget-transfers', wanted)['id']}"
        self.is_stopped(path)
        self.decided(asked, self.alex)
        self.stated[TURBINES, LAST] -= 2000
        self.stated[SERVICE, LAST] += 2000
        self.bea.moves(path, "issue")
        self.stand(
            (TURBINES, LAST, "118000.00", "0.00", "30300.00", "0.00", "87700.00"),
            (SERVICE, LAST, "42000.00", "0.00", "12000.00", "0.00", "30000.00"),
        )

    def stop_and_override(self) -> None:
        """Stop an order, until somebody who may lets it take more, and no document else."""
        self.chapter("6. The foundry wants more than its quarter has: stopped, until somebody answers for it")
        path = self.submitted(FOUNDRY, 1, castings("30", "1000.00"))
        self.decided(path, self.frieda)
        self.is_stopped(path)
        budget = self.budgets[FOUNDRY, LAST]
        granted = {
            "document_kind": "order",
            "document_id": path.rpartition("/")[2],
            "amount": "5000.00",
            "reason": "the furnace stands still without it",
        }
        self.bea.is_refused("scope_required", "POST", f"{budget}/overrides", granted)
        self.alex.does("POST", f"{budget}/overrides", granted)
        self.bea.moves(path, "issue")
        self.stand((FOUNDRY, LAST, "100000.00", "0.00", "30000.00", "0.00", "70000.00"))
        first = self.bea.sees(budget)["periods"][0]
        is_("left of the first quarter", f"{Decimal(first['available']):.2f}", "-5000.00")

    def amend(self) -> None:
        """Order, and amend that: what it grows by is committed."""
        self.chapter("7. An order of the foundry, of today, is amended: it takes from this year")
        path = self.submitted(FOUNDRY, None, castings("10", "900.00"))
        self.decided(path, self.fritz)
        self.bea.moves(path, "issue")
        self.stand((FOUNDRY, THIS, "80000.00", "0.00", "9000.00", "0.00", "71000.00"))
        change = {
            "based_on": 1,
            "reason": "two more moulds",
            "site": f"R{RUN}",
            "business_unit": FOUNDRY,
            "cost_centre": FOUNDRY,
            "lines": [castings("12", "900.00", line_number=1)],
        }
        amendment = f"{path}/amendments/{self.bea.does('POST', f'{path}/amendments', change)['id']}"
        self.bea.moves(amendment, "submit")
        self.decided(amendment, self.alex)
        self.stand((FOUNDRY, THIS, "80000.00", "0.00", "9000.00", "0.00", "71000.00"))
        self.bea.moves(amendment, "issue")
        self.stand((FOUNDRY, THIS, "80000.00", "0.00", "10800.00", "0.00", "69200.00"))

    def split(self) -> None:
        """Find a purchase that two people wrote in two orders, each below what finance is asked about."""
        self.chapter(
            "8. Two orders, by two people, each a little below 5,000: one purchase, and finance is asked"
        )
        first = self.submitted(SERVICE, 4, castings("16", "250.00"))
        self.decided(first, self.alex)
        self.bea.moves(first, "issue")
        self.stand((SERVICE, LAST, "42000.00", "0.00", "16000.00", "0.00", "26000.00"))
        second = self.submitted(SERVICE, 4, castings("14", "250.00"), by=self.robin)
        approval = self.bea.sees(self.approval(second))
        number, slice_of = self.bea.sees(second)["number"], self.bea.sees(first)["number"]
        said = f"{number} 3,500.00 + {slice_of} 4,000.00 = 7,500.00 EUR, which is 5,000 or more"
        is_("found to be split", approval["split"]["arithmetic"], said)
        is_("waits for", approval["waits_for"], [f"group finance-{RUN}, any"])
        refused = {"decision": "reject", "reason": "it is one purchase: order it as one"}
        self.frieda.moves(self.approval(second), "decide", refused)
        is_("the order", self.bea.sees(second)["status"], "draft")
        self.stand((SERVICE, LAST, "42000.00", "0.00", "16000.00", "0.00", "26000.00"))

    def end_the_year(self) -> None:
        """Close the budgets of the year that ended: what is open goes on, with as much of the budget."""
        self.chapter("9. The year ends: what is open goes on with as much of its budget, the rest lapses")
        for unit in UNITS:
            self.alex.moves(self.budgets[unit, LAST], "close", {"reason": "the year is over"})
            self.carried.add(unit)
        self.stand(
            (TURBINES, LAST, "87700.00", "0.00", "0.00", "0.00", "87700.00"),
            (TURBINES, THIS, "190300.00", "0.00", "30300.00", "0.00", "160000.00"),
            (SERVICE, LAST, "26000.00", "0.00", "0.00", "0.00", "26000.00"),
            (SERVICE, THIS, "56000.00", "0.00", "16000.00", "0.00", "40000.00"),
            (FOUNDRY, LAST, "70000.00", "0.00", "0.00", "0.00", "70000.00"),
            (FOUNDRY, THIS, "110000.00", "0.00", "40800.00", "0.00", "69200.00"),
        )

    def asked(self, title: str, quantity: str, price: str, shares: dict[str, str]) -> str:
        """Ask for castings as robin, charged by shares, and hand it in."""
        line = {
            "kind": "free_text",
            "description": title,
            "category": CASTINGS,
            "quantity": quantity,
            "unit": "C62",
            "need_by": day(20),
            "site": f"R{RUN}",
            "price": price,
            "supplier_id": self.supplier,
            "assignments": [{"cost_centre": unit, "share": share} for unit, share in shares.items()],
        }
        stated = {"title": title, "business_unit": next(iter(shares)), "currency": "EUR", "lines": [line]}
        path = f"/v1/requisitions/{self.robin.does('POST', '/v1/requisitions', stated)['id']}"
        self.requisitions.append(path)
        self.robin.moves(path, "submit")
        return path

    def ordered(self, requisition: str, **more: str) -> str:
        """Order of a requisition's only line; finance or alex agrees, by what it is worth."""
        line = {"requisition_id": requisition.rpartition("/")[2], "line_number": 1} | more
        [order] = self.bea.does("POST", "/v1/requisitions:order", {"lines": [line]})["orders"]
        path = f"/v1/purchase-orders/{order['id']}"
        self.orders[path] = THIS
        self.bea.moves(path, "submit")
        large = Decimal(order["total"]["amount"]) >= 5000
        self.decided(path, self.fritz if large else self.alex)
        return path

    def ask_in_five_steps(self) -> None:
        """Ask for much: five steps, some side by side; what is approved is reserved until it is ordered."""
        self.chapter("10. A large need takes five steps; it is reserved, and an order commits that instead")
        path = self.asked("Blades of the spring series", "80", "300.00", {TURBINES: "100"})
        seen = {"If-Match": self.alex.services["procurement"].get(self.approval(path)).headers["ETag"]}
        agreed = {"decision": "approve"}
        self.alex.is_refused("not_asked", "POST", f"{self.approval(path)}:decide", agreed, headers=seen)
        self.decided(path, self.mara)
        waits = ["person rita", f"group finance-{RUN}, 2 of it"]
        is_("waits for", self.bea.sees(self.approval(path))["waits_for"], waits)
        self.decided(path, self.frieda, self.rita, self.fritz, self.otto)
        self.stand((TURBINES, THIS, "190300.00", "0.00", "30300.00", "0.00", "160000.00"))
        self.decided(path, self.alex)
        self.stand((TURBINES, THIS, "190300.00", "24000.00", "30300.00", "0.00", "136000.00"))
        order = self.ordered(path, quantity="50", price="290.00")
        self.stand((TURBINES, THIS, "190300.00", "24000.00", "30300.00", "0.00", "136000.00"))
        self.bea.moves(order, "issue")
        self.stand((TURBINES, THIS, "190300.00", "9000.00", "44800.00", "0.00", "136500.00"))
        self.robin.moves_to(path, f"{path}/lines/1:close-short", {"reason": "50 are enough"})
        self.stand((TURBINES, THIS, "190300.00", "0.00", "44800.00", "0.00", "145500.00"))

    def charge_two_units(self) -> None:
        """Ask for what two units bear, by shares, to the last cent, and order it."""
        self.chapter("11. Two units bear a need by shares, and the order of it, to the last cent")
        path = self.asked("Moulds for both", "3", "333.33", {TURBINES: "60", FOUNDRY: "40"})
        self.decided(path, self.alex)
        self.stand(
            (TURBINES, THIS, "190300.00", "599.99", "44800.00", "0.00", "144900.01"),
            (FOUNDRY, THIS, "110000.00", "400.00", "40800.00", "0.00", "68800.00"),
        )
        self.bea.moves(self.ordered(path), "issue")
        self.stand(
            (TURBINES, THIS, "190300.00", "0.00", "45399.99", "0.00", "144900.01"),
            (FOUNDRY, THIS, "110000.00", "0.00", "41200.00", "0.00", "68800.00"),
        )

    def ask_for_too_much(self) -> None:
        """Ask for more than there is: the last of five steps is told the arithmetic, and says no."""
        self.chapter(
            "12. A need of more than the quarter has stops at the last of its steps, and is rejected"
        )
        path = self.asked("A second furnace", "25", "1000.00", {FOUNDRY: "100"})
        self.decided(path, self.mara, self.rita, self.fritz, self.frieda, self.otto)
        approval = self.approval(path)
        seen = {"If-Match": self.alex.services["procurement"].get(approval).headers["ETag"]}
        agreed = {"decision": "approve"}
        self.alex.is_refused("budget_exceeded", "POST", f"{approval}:decide", agreed, headers=seen)
        refused = {"decision": "reject", "reason": "the quarter does not leave it"}
        self.alex.moves(approval, "decide", refused)
        is_("the requisition", self.bea.sees(path)["status"], "rejected")
        self.stand(
            (FOUNDRY, THIS, "110000.00", "0.00", "41200.00", "0.00", "68800.00"),
            (SERVICE, THIS, "56000.00", "0.00", "16000.00", "0.00", "40000.00"),
        )

    def take_the_policy_back(self) -> None:
        """Let approvals be as they were, for whoever else works on this stack."""
        self.chapter("13. The policy of approvals is taken back; budgets and ledger stay")
        self.decide(NOTHING_DECIDED, "the scenario is over")
        for path in self.budgets.values():
            budget = self.bea.sees(path)
            named = path.rpartition("/")[2]
            entries = self.bea.sees(f"/v1/budget-entries?budget_id={named}&limit=200&sort=id")["items"]
            for name in ("reserved", "committed", "spent"):
                added = sum((Decimal(entry[name]) for entry in entries), Decimal(0))
                is_(f"{budget['name']}: {name} is all entries", added, Decimal(budget["figures"][name]))


if __name__ == "__main__":
    NeedToOrder().play()
