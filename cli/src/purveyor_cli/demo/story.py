"""One supplier that does well, and one that does not: registered, ordered from, received from, judged."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from purveyor_cli.demo.teller import Teller
from purveyor_contract.roles import Role
from purveyor_history.platform import Answer

SITE = {"name": "Service Keflavik", "country": "IS", "time_zone": "Atlantic/Reykjavik"}
"""Its days are those of UTC, in which scores are judged: the story is the same at any hour."""
SITE_CODE = "KEF1"
CURRENCY = "EUR"


def line(item: str, text: str, category: str, quantity: int, price: str, promised_on: date) -> dict[str, Any]:
    """Return an order line as the API takes it."""
    return {
        "item": item,
        "description": text,
        "category": category,
        "quantity": str(quantity),
        "unit": "C62",
        "price": price,
        "promised_on": promised_on.isoformat(),
    }


class Story:
    """The people and what they do."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.today = datetime.now(ZoneInfo(SITE["time_zone"])).date()
        self.ann = teller.person("ann", Role.BUYER)
        self.carla = teller.person("carla", Role.CATEGORY_MANAGER)
        self.bob = teller.person("bob", Role.BUYER)
        self.dora = teller.person("dora", Role.APPROVER)
        self.rita = teller.person("rita", Role.RECEIVER)
        self.olav = teller.person("olav", Role.ADMIN)

    def days_ago(self, days: int) -> date:
        """Return the business day so many days before today."""
        return self.today - timedelta(days=days)

    async def tell(self) -> None:
        """Play the whole story."""
        teller = self.teller
        teller.chapter("A site to deliver to")
        await teller.do(
            self.olav,
            "sets up the service yard in Keflavik",
            "procurement",
            "PUT",
            f"/v1/sites/{SITE_CODE}",
            body=SITE,
        )
        for path, name in (("business-units/PUMPS", "Pumps"), ("cost-centres/KEF1-4100", "Pump service")):
            await teller.do(
                self.olav,
                f"says who buys: {name}",
                "procurement",
                "PUT",
                f"/v1/{path}",
                body={"name": name},
            )
        await self._a_good_supplier()
        await self._a_bad_supplier()

    async def _a_good_supplier(self) -> None:
        teller = self.teller
        teller.chapter("Brevik Fasteners: registered, approved by somebody else")
        supplier = await self._onboard("Brevik Fasteners AS", "fasteners", "952000000017", refuse_own=True)
        teller.chapter("An order: written by bob, approved by dora, acknowledged by the supplier")
        promised = self.today
        order = await self._order(
            supplier,
            [
                line("FST-7008", "Hex bolt M8x40 A4", "fasteners", 5000, "0.189", promised),
                line("FST-7012", "Hex bolt M12x60 A4", "fasteners", 1500, "0.462", promised),
                line("FST-7108", "Lock nut M8 A4", "fasteners", 5000, "0.0635", promised),
                line("FST-7204", "Washer M8 A4", "fasteners", 8000, "0.021", promised),
            ],
            ordered_on=self.days_ago(30),
        )
        order = await self._issue(order)
        sven = teller.person("sven", Role.SUPPLIER, supplier_id=UUID(supplier["id"]))
        await teller.do(
            sven,
            "of Brevik Fasteners confirms the order",
            "procurement",
            "POST",
            f"/v1/purchase-orders/{order.body['id']}:acknowledge",
            body={"supplier_reference": "BF-2207"},
            if_match=order.etag,
        )
        await teller.events("POAcknowledged")
        teller.chapter("The goods arrive, in two deliveries, the last of them on the promised day")
        await self._score(supplier, "before")
        await self._receive(order, self.days_ago(4), "LS-4711", {1: (5000, 0), 2: (1000, 0), 3: (5000, 0)})
        await self._receive(order, promised, "LS-4719", {2: (500, 0), 4: (8000, 0)})
        await teller.events("GoodsReceived", "POClosed", "SupplierScoreUpdated")
        await self._score(supplier, "after", above=Decimal(90))

    async def _a_bad_supplier(self) -> None:
        teller = self.teller
        teller.chapter("Skagerrak Castings: begins well")
        supplier = await self._onboard("Skagerrak Castings AS", "castings", "952000000024")
        first = await self._issue(
            await self._order(
                supplier,
                [
                    line("CST-1100", "Volute casing DN50", "castings", 40, "84.50", self.today),
                    line("CST-1180", "Volute casing DN80", "castings", 25, "131.20", self.today),
                    line("CST-2040", "Bearing bracket", "castings", 60, "46.90", self.today),
                    line("CST-2090", "Suction cover", "castings", 60, "28.10", self.today),
                    line("CST-2110", "Foot", "castings", 60, "12.60", self.today),
                    line("CST-2120", "Adapter ring", "castings", 60, "19.80", self.today),
                ],
                ordered_on=self.days_ago(50),
            )
        )
        arrived = {1: (40, 0), 2: (25, 0), 3: (60, 0), 4: (60, 0), 5: (60, 0), 6: (60, 0)}
        await self._receive(first, self.days_ago(1), "S-1001", arrived)
        await teller.events("GoodsReceived", "POClosed", "SupplierScoreUpdated")
        await self._score(supplier, "so far", above=Decimal(90))
        teller.chapter("Another order, written down late, is long overdue: the score moves by itself")
        promised = self.days_ago(40)
        second = await self._issue(
            await self._order(
                supplier,
                [
                    line("CST-1100", "Volute casing DN50", "castings", 80, "84.50", promised),
                    line("CST-1180", "Volute casing DN80", "castings", 50, "131.20", promised),
                    line("CST-2040", "Bearing bracket", "castings", 90, "46.90", promised),
                ],
                ordered_on=self.days_ago(75),
            ),
            "SupplierScoreUpdated",
        )
        await self._score(supplier, "with three lines overdue", below=Decimal(90))
        teller.chapter("Then a part of it arrives, six weeks late, and much of that is rejected")
        await self._receive(second, self.today, "S-1090", {1: (80, 30), 2: (20, 8)}, "porosity")
        await teller.events("GoodsReceived", "SupplierScoreUpdated", "SupplierReviewOpened")
        await self._score(supplier, "now", below=Decimal(60))
        await self._evidence(supplier)
        teller.chapter("The next order is on its way when the category manager looks at the review")
        third = await self._approved(
            await self._order(
                supplier,
                [line("CST-1100", "Volute casing DN50", "castings", 40, "84.50", self.today + timedelta(30))],
                ordered_on=self.today,
            )
        )
        await self._suspend(supplier)
        await self._after_the_suspension(supplier, second, third)

    async def _onboard(
        self, name: str, category: str, location: str, *, refuse_own: bool = False
    ) -> dict[str, Any]:
        teller = self.teller
        registered = await teller.do(
            self.ann,
            f"registers {name}, Norway, for {category}",
            "sourcing",
            "POST",
            "/v1/suppliers",
            body={
                "legal_name": name,
                "country": "NO",
                "categories": [category],
                "identifiers": [{"scheme": "GLN", "value": location + check_digit(location)}],
            },
        )
        path = f"/v1/suppliers/{registered.body['id']}"
        await teller.events("SupplierRegistered")
        submitted = await teller.do(
            self.ann,
            "submits it for qualification",
            "sourcing",
            "POST",
            f"{path}:submit",
            if_match=registered.etag,
        )
        approval = {"categories": [category], "expires_on": (self.today + timedelta(730)).isoformat()}
        if refuse_own:
            also_manager = teller.person("ann", Role.CATEGORY_MANAGER)
            await teller.refused(
                also_manager,
                "tries to approve what she registered herself",
                "sourcing",
                "POST",
                f"{path}:approve",
                body=approval,
                if_match=submitted.etag,
            )
        await teller.do(
            self.carla,
            f"approves it for {category} for two years",
            "sourcing",
            "POST",
            f"{path}:approve",
            body=approval,
            if_match=submitted.etag,
        )
        await teller.events("SupplierApproved")
        await teller.until("procurement hears of the approval", lambda: self._known_as(path, "approved"))
        supplier: dict[str, Any] = registered.body
        return supplier

    async def _known_as(self, path: str, status: str) -> dict[str, Any] | None:
        copy = await self.teller.platform.done(self.bob.token, "procurement", "GET", path)
        body: dict[str, Any] = copy.body
        return body if body["status"] == status else None

    async def _order(self, supplier: dict[str, Any], lines: list[dict[str, Any]], ordered_on: date) -> Answer:
        worth = sum(Decimal(each["quantity"]) * Decimal(each["price"]) for each in lines)
        return await self.teller.do(
            self.bob,
            f"writes an order over {len(lines)} line{'s' * (len(lines) > 1)}, {worth:,.2f} {CURRENCY}, "
            f"ordered {ordered_on}, promised {lines[0]['promised_on']}",
            "procurement",
            "POST",
            "/v1/purchase-orders",
            body={
                "supplier_id": supplier["id"],
                "currency": CURRENCY,
                "site": SITE_CODE,
                "business_unit": "PUMPS",
                "cost_centre": "KEF1-4100",
                "ordered_on": ordered_on.isoformat(),
                "lines": lines,
            },
        )

    async def _approved(self, order: Answer) -> Answer:
        path = f"/v1/purchase-orders/{order.body['id']}"
        submitted = await self.teller.do(
            self.bob, "submits it", "procurement", "POST", f"{path}:submit", if_match=order.etag
        )
        return await self.teller.do(
            self.dora, "approves it", "procurement", "POST", f"{path}:approve", if_match=submitted.etag
        )

    async def _issue(self, order: Answer, *consequences: str) -> Answer:
        approved = await self._approved(order)
        path = f"/v1/purchase-orders/{order.body['id']}"
        issued = await self.teller.do(
            self.bob, "issues it", "procurement", "POST", f"{path}:issue", if_match=approved.etag
        )
        await self.teller.events("POIssued", *consequences)
        return issued

    async def _receive(
        self,
        order: Answer,
        received_on: date,
        despatch: str,
        lines: dict[int, tuple[int, int]],
        reason: str | None = None,
    ) -> None:
        rejected = sum(bad for _, bad in lines.values())
        story = f"receives {len(lines)} line{'s' * (len(lines) > 1)} on {received_on}"
        await self.teller.do(
            self.rita,
            f"{story} and rejects {rejected} pieces ({reason})" if rejected else story,
            "procurement",
            "POST",
            f"/v1/purchase-orders/{order.body['id']}/receipts",
            body={
                "received_on": received_on.isoformat(),
                "despatch_reference": despatch,
                "lines": [
                    {"line_number": number, "quantity": str(arrived)}
                    | ({"rejected_quantity": str(bad), "rejection_reason": reason} if bad else {})
                    for number, (arrived, bad) in lines.items()
                ],
            },
        )

    async def _score(
        self,
        supplier: dict[str, Any],
        when: str,
        *,
        above: Decimal | None = None,
        below: Decimal | None = None,
    ) -> None:
        async def look() -> dict[str, Any] | None:
            answer = await self.teller.platform.done(
                self.carla.token, "supplier-performance", "GET", f"/v1/suppliers/{supplier['id']}/score"
            )
            found: dict[str, Any] = answer.body
            score = Decimal(found["score"]) if found["score"] is not None else None
            if above is not None and (score is None or score < above):
                return None
            if below is not None and (score is None or score >= below):
                return None
            return found

        score = await self.teller.until(f"the score {when}", look)
        measures = score["measures"]
        if score["score"] is None:
            text = f"none yet ({measures['lines_due']} lines due)"
        else:
            text = (
                f"[bold]{score['score']} ({score['grade']})[/]: {measures['lines_due']} lines due, "
                f"{measures['on_time_percent']} % on time, {measures['in_full_percent']} % in full, "
                f"{_rejected(measures)}, "
                f"{measures['average_days_late']} days late on average"
            )
        self.teller.say(f"[magenta]score[/] of {supplier['legal_name']} {when}: {text}")

    async def _evidence(self, supplier: dict[str, Any]) -> None:
        evidence = await self.teller.do(
            self.carla,
            "asks what is behind the figure “on time”",
            "supplier-performance",
            "GET",
            f"/v1/suppliers/{supplier['id']}/score/evidence",
            params={"measure": "on_time"},
        )
        for found in evidence.body["items"][:4]:
            events = ", ".join(event["type"].split(".")[-2] for event in found["events"])
            judged = "on time" if found["on_time"] else f"{found['days_late']} days late"
            self.teller.say(f"  {found['order_number']} line {found['line_number']}: {judged} ({events})")

    async def _suspend(self, supplier: dict[str, Any]) -> None:
        teller = self.teller

        async def look() -> dict[str, Any] | None:
            path = "/v1/supplier-reviews"
            params = {"status": "open", "supplier_id": supplier["id"]}
            found = await teller.platform.done(self.carla.token, "sourcing", "GET", path, params=params)
            return found.body["items"][0] if found.body["items"] else None

        listed = await teller.until("a review opens", look)
        review = await teller.do(
            self.carla, "reads the review", "sourcing", "GET", f"/v1/supplier-reviews/{listed['id']}"
        )
        score, grade = review.body["score"], review.body["grade"]
        teller.say(f"  opened because {score} ({grade}) is below {review.body['threshold']}")
        await teller.do(
            self.carla,
            "decides to suspend the supplier",
            "sourcing",
            "POST",
            f"/v1/supplier-reviews/{listed['id']}:decide",
            body={"decision": "suspend", "reason": "late, and a third of the castings porous"},
            if_match=review.etag,
        )
        await teller.events("SupplierReviewDecided", "SupplierSuspended")
        path = f"/v1/suppliers/{supplier['id']}"
        await teller.until("procurement hears of the suspension", lambda: self._known_as(path, "suspended"))

    async def _after_the_suspension(
        self, supplier: dict[str, Any], open_order: Answer, next_order: Answer
    ) -> None:
        teller = self.teller
        teller.chapter("No order goes to a suspended supplier any more")
        path = f"/v1/purchase-orders/{next_order.body['id']}"
        await teller.refused(
            self.bob,
            "tries to issue the order as he saw it approved a moment ago",
            "procurement",
            "POST",
            f"{path}:issue",
            if_match=next_order.etag,
        )
        seen = await teller.do(self.bob, "reads it again", "procurement", "GET", path)
        await teller.refused(
            self.bob, "tries again", "procurement", "POST", f"{path}:issue", if_match=seen.etag
        )
        read = await teller.do(
            self.bob,
            "looks at the open order",
            "procurement",
            "GET",
            f"/v1/purchase-orders/{open_order.body['id']}",
        )
        if read.body["flag"]:
            teller.say(f"  flagged: {read.body['flag']['reason']}")


def check_digit(digits: str) -> str:
    """Return the GS1 check digit of a location number's first twelve digits."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-weighted % 10)


def _rejected(measures: dict[str, Any]) -> str:
    """Return what was rejected, and of several units each one's own."""
    quantities = measures["quantities"]
    if not quantities:
        return "nothing received"
    figure = measures["rejected_ppm"]
    text = "rejects that nothing compares" if figure is None else f"{figure} ppm rejected"
    if len(quantities) == 1:
        return text
    by_unit = ", ".join(f"{of['unit']} {of['rejected_ppm']}" for of in quantities)
    return f"{text} ({by_unit})"
