"""An order's life: versions, deliveries, what is refused and taken back, what is called off a blanket order.

Run it beside `purveyor up`: `.venv/bin/python examples/scenarios/order_life.py`. It prints who asks for what,
and what follows, and ends with an error as soon as anything is not as it says here.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, fromstring

from speaking import Json, Listener, Person, chapter, is_

RUN = uuid.uuid4().hex[:6].upper()
"""Stands in names, so that the scenario can be played again on the same stack."""
TODAY = datetime.now(UTC).date()
"""The site is in Reykjavik, whose days are those of UTC."""


def day(days: int) -> str:
    """Return the day so many days from today, before it where negative."""
    return (TODAY + timedelta(days)).isoformat()


def gln(number: int) -> str:
    """Return a Global Location Number, with its check digit (GS1 General Specifications, 7.9)."""
    digits = f"9520{number:08d}"
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighed % 10}"


def bolts(number: int, quantity: str, price: str, **more: object) -> Json:
    """Return a line of an order."""
    return {
        "line_number": number,
        "item": f"M8-{number}",
        "description": "Hexagon bolt M8 x 40",
        "category": "fasteners",
        "quantity": quantity,
        "unit": "C62",
        "price": price,
        "promised_on": day(-5),
    } | more


XML = {"Content-Type": "application/xml"}
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
CAC, CBC = f"{{{UBL}CommonAggregateComponents-2}}", f"{{{UBL}CommonBasicComponents-2}}"


def later(order: str, number: str, day: str) -> str:
    """Return the answer of a supplier that line 10 of an order comes on another day."""
    return f"""<OrderResponse xmlns="{UBL}OrderResponse-2" xmlns:cac="{CAC[1:-1]}" xmlns:cbc="{CBC[1:-1]}">
      <cbc:ID>{number}</cbc:ID><cbc:IssueDate>{TODAY}</cbc:IssueDate>
      <cbc:OrderResponseCode>CA</cbc:OrderResponseCode>
      <cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference>
      <cac:OrderLine>
        <cac:LineItem>
          <cbc:ID>10</cbc:ID><cbc:LineStatusCode>3</cbc:LineStatusCode>
          <cac:Delivery><cac:PromisedDeliveryPeriod>
            <cbc:EndDate>{day}</cbc:EndDate>
          </cac:PromisedDeliveryPeriod></cac:Delivery>
        </cac:LineItem>
        <cac:OrderLineReference><cbc:LineID>10</cbc:LineID></cac:OrderLineReference>
      </cac:OrderLine>
    </OrderResponse>"""


class OrderLife:
    """The people, the supplier, and what happens to orders."""

    def __init__(self) -> None:
        self.ann = Person("ann", "buyer")
        self.carla = Person("carla", "category-manager")
        self.bob = Person("bob", "buyer")
        self.dora = Person("dora", "approver")
        self.rita = Person("rita", "receiver")
        self.olav = Person("olav", "admin")
        self.events = Listener(Person("ole", "auditor"), "procurement")
        self.header: Json = {}

    def play(self) -> None:
        """Play all of it."""
        self.begin()
        self.amend_after_part_receipt()
        self.take_back_and_replace()
        self.move_promises()
        self.take_what_is_enough()
        self.speak_ubl()
        self.call_off()
        self.judge()
        print("\nAll of it is as it says here.")

    def begin(self) -> None:
        """Have a site, who pays, and a supplier that another person approves."""
        chapter("1. A site, and a supplier that is approved by somebody else")
        site = {"name": "Service Keflavik", "country": "IS", "time_zone": "Atlantic/Reykjavik"}
        self.olav.does("PUT", f"/v1/sites/S{RUN}", site)
        letterhead = {"legal_name": "Keflavik Pumps hf.", "address": ["Hafnargata 1"], "country": "IS"}
        endpoint = {"scheme": "0196", "value": "4501012340"}
        unit = {"name": "Pumps", "letterhead": letterhead, "electronic": {"endpoint": endpoint}}
        self.olav.does("PUT", f"/v1/business-units/P{RUN}", unit)
        self.olav.does("PUT", f"/v1/cost-centres/P{RUN}", {"name": "Pumps"})
        stated = {
            "legal_name": f"Brevik Fasteners {RUN}",
            "country": "NO",
            "categories": ["fasteners"],
            "identifiers": [{"scheme": "GLN", "value": gln(int(RUN, 16))}],
        }
        path = f"/v1/suppliers/{self.ann.does('POST', '/v1/suppliers', stated, of='sourcing')['id']}"
        self.ann.moves(path, "submit", of="sourcing")
        approval = {"categories": ["fasteners"], "expires_on": day(365)}
        self.supplier = str(self.carla.moves(path, "approve", approval, of="sourcing")["id"])
        self.bob.waits(path, lambda known: known["status"] == "approved", of="procurement")
        self.sue = Person("sue", "supplier", supplier_id=self.supplier)
        self.header = {"site": f"S{RUN}", "business_unit": f"P{RUN}", "cost_centre": f"P{RUN}"}

    def stated(self, *lines: Json) -> Json:
        """Return an order of some lines as its author states it."""
        return self.header | {
            "supplier_id": self.supplier,
            "currency": "EUR",
            "ordered_on": day(-30),
            "lines": list(lines),
        }

    def ordered(self, *lines: Json) -> str:
        """Order some lines that bob writes and dora approves; return the order's path."""
        return self.issued(str(self.bob.does("POST", "/v1/purchase-orders", self.stated(*lines))["id"]))

    def issued(self, order_id: str) -> str:
        """Bring a draft to its supplier; return the order's path."""
        path = f"/v1/purchase-orders/{order_id}"
        for person, action in ((self.bob, "submit"), (self.dora, "approve"), (self.bob, "issue")):
            person.moves(path, action)
        self.events.hears(order_id, "POIssued")
        return path

    def amended(self, path: str, change: Json) -> None:
        """Amend an order as bob writes and dora approves."""
        amendment = f"{path}/amendments/{self.bob.does('POST', f'{path}/amendments', change)['id']}"
        for person, action in ((self.bob, "submit"), (self.dora, "approve"), (self.bob, "issue")):
            person.moves(amendment, action)

    def received(self, path: str, on: int, number: int, quantity: str, **more: object) -> Json:
        """Receive some of one line."""
        line = {"line_number": number, "quantity": quantity} | more
        return self.rita.does("POST", f"{path}/receipts", {"received_on": day(on), "lines": [line]})

    def line(self, path: str, number: int) -> Json:
        """Return a line of an order as it is now."""
        lines: list[Json] = self.bob.sees(path)["lines"]
        return next(line for line in lines if line["line_number"] == number)

    def amend_after_part_receipt(self) -> None:
        """Amend quantity and price of a line of which some has come; never below what has come."""
        chapter("2. An order is amended after a part of it came")
        path = self.ordered(bolts(10, "100", "2.00"), bolts(20, "40", "0.50"))
        self.path, order_id = path, path.rpartition("/")[2]
        is_("total", self.bob.sees(path)["total"]["amount"], "220.00")
        self.received(path, -12, 10, "60")
        self.events.hears(order_id, "GoodsReceived")
        change = self.header | {
            "based_on": 1,
            "reason": "we need fewer, at the price of the new contract",
            "lines": [bolts(10, "90", "1.90"), bolts(20, "40", "0.50")],
        }
        too_few = change | {"lines": [bolts(10, "59", "1.90"), bolts(20, "40", "0.50")]}
        self.bob.is_refused("amendment_invalid", "POST", f"{path}/amendments", too_few)
        self.amended(path, change)
        amended = self.bob.sees(path)
        is_("version", amended["current_version"], 2)
        is_("total", amended["total"]["amount"], "191.00")
        is_("open of line 10", self.line(path, 10)["open_quantity"], "30")
        (told,) = self.events.hears(order_id, "POAmended")
        is_("total told", told["data"]["total"], {"amount": "191.00", "currency": "EUR"})

    def take_back_and_replace(self) -> None:
        """Take back what was counted wrongly, and receive replacements of what was refused."""
        chapter("3. A receipt was counted wrongly, some goods are bad, and replaced")
        path, order_id = self.path, self.path.rpartition("/")[2]
        receipt = self.received(path, -8, 20, "40")
        is_("closed", self.line(path, 20)["closed_as"], "complete")
        counted = {
            "reason": "one box came, not two",
            "lines": [{"line_number": 20, "quantity": "20", "rejected_quantity": "0"}],
        }
        self.rita.does("POST", f"/v1/goods-receipts/{receipt['id']}:reverse", counted)
        is_("open of line 20 again", self.line(path, 20)["open_quantity"], "20")
        self.received(path, -6, 20, "20")
        self.received(path, -6, 10, "30", rejected_quantity="10", rejection_reason="thread damaged")
        is_("owed again of line 10", self.line(path, 10)["open_quantity"], "10")
        self.received(path, -5, 10, "10")
        closed = self.bob.sees(path)
        is_("status", closed["status"], "closed")
        is_("received", closed["received_percent"], "100.00")
        names = ("GoodsReceived", "GoodsReceiptReversed", *("GoodsReceived",) * 3, "POClosed")
        self.events.hears(order_id, *names)

    def move_promises(self) -> None:
        """Order in two parts, and let the supplier move one of them, and the buyer the other."""
        chapter("4. A line in two parts: the supplier moves one of them, the buyer the other")
        parts = [
            {"schedule_number": 1, "quantity": "60", "need_by": day(10)},
            {"schedule_number": 2, "quantity": "40", "need_by": day(20)},
        ]
        wrong = self.stated(bolts(10, "99", "2.00", promised_on=day(20), schedules=parts))
        self.bob.is_refused("lines_invalid", "POST", "/v1/purchase-orders", wrong)
        path = self.ordered(bolts(10, "100", "2.00", promised_on=day(20), schedules=parts))
        order_id = path.rpartition("/")[2]
        self.sue.moves(path, "acknowledge", {"supplier_reference": f"BF-{RUN}"})
        move = {"schedule_number": 2, "promised_on": day(25), "reason": "the furnace is being repaired"}
        self.sue.does("POST", f"{path}/lines/10/promises", move)
        move = {"schedule_number": 1, "promised_on": day(12), "reason": "the site is closed that day"}
        self.bob.does("POST", f"{path}/lines/10/promises", move)
        ours, theirs = self.bob.sees(f"{path}/promises")["schedules"]
        is_("part 1 is needed", ours["need_by"], day(10))
        is_("promised last", ours["last_promised_on"], day(12))
        is_("on time until, since the buyer moved it", ours["due_on"], day(12))
        is_("part 2 is needed", theirs["need_by"], day(20))
        is_("promised last", theirs["last_promised_on"], day(25))
        is_("on time until, since the supplier moved it", theirs["due_on"], day(20))
        self.events.hears(order_id, "POAcknowledged", "PromiseChanged", "PromiseChanged")

    def take_what_is_enough(self) -> None:
        """Complete a line with 98 of 100 of an item of which 2 % less is enough, and not with 97."""
        chapter("5. 98 of 100 are enough of an item of which 2 % may lack")
        item = {
            "description": "Hexagon bolt M8 x 40",
            "category": "fasteners",
            "base_unit": "C62",
            "under_receipt_tolerance": "2",
        }
        self.carla.does("PUT", f"/v1/items/B{RUN}", item)
        path = self.ordered(bolts(10, "100", "2.00", item=f"B{RUN}"))
        lines = [{"line_number": 10, "quantity": "97", "completes": True}]
        receipt = {"received_on": day(-6), "lines": lines}
        self.rita.is_refused("receipt_invalid", "POST", f"{path}/receipts", receipt)
        lines[0]["quantity"] = "98"
        taken = self.rita.does("POST", f"{path}/receipts", receipt)
        is_("by the rule of the item", taken["lines"][0]["under_receipt"]["item"], f"B{RUN}")
        is_("closed", self.line(path, 10)["closed_as"], "under_tolerance")
        is_("status", self.bob.sees(path)["status"], "closed")
        self.events.hears(path.rpartition("/")[2], "GoodsReceived", "POClosed")

    def speak_ubl(self) -> None:
        """Send an order as UBL, take the supplier's answer in, and say what changed and what came."""
        chapter("6. A conversation in UBL, as Peppol has it")
        path = self.ordered(bolts(10, "100", "2.00", promised_on=day(20)))
        order_id = path.rpartition("/")[2]
        number = self.bob.sees(path)["number"]
        order = self.xml(f"{path}/versions/1/document")
        is_("document", order.tag.rpartition("}")[2], "Order")
        is_("number", order.findtext(f"{CBC}ID"), number)
        is_("payable", order.findtext(f"{CAC}AnticipatedMonetaryTotal/{CBC}PayableAmount"), "200.00")
        answer = later(number, f"AB-{RUN}", day(25)).encode()
        took = self.sue.does("POST", "/v1/documents", answer, headers=XML)
        is_("the supplier's answer", (took["kind"], took["status"]), ("OrderResponse", "applied"))
        self.events.hears(order_id, "POResponded")
        (answered,) = self.bob.sees(f"{path}/versions/1/responses")["items"]
        agreed = {
            "response_id": answered["id"],
            "changes": [{"number": 1, "decision": "taken"}],
            "reason": "the site opens later, too",
        }
        self.bob.moves_to(path, f"{path}/versions/1/response:decide", agreed)
        (part,) = self.bob.sees(f"{path}/promises")["schedules"]
        is_("on time until, since the buyer agreed", part["due_on"], day(25))
        self.events.hears(order_id, "PromiseChanged", "POResponseDecided", "POAcknowledged")
        change = self.header | {
            "based_on": 1,
            "reason": "more pumps are sold",
            "lines": [bolts(10, "120", "2.00", promised_on=day(20))],
        }
        self.amended(path, change)
        order = self.xml(f"{path}/versions/2/document")
        is_("document", order.tag.rpartition("}")[2], "OrderChange")
        is_("payable", order.findtext(f"{CAC}AnticipatedMonetaryTotal/{CBC}PayableAmount"), "240.00")
        sent = {"order_id": order_id, "line_number": 10, "quantity": "120"}
        advice = {"despatch_reference": f"LS-{RUN}", "shipped_on": day(0), "expected_on": day(2)}
        too_many = advice | {"lines": [sent | {"quantity": "121"}]}
        self.sue.is_refused("shipment_invalid", "POST", "/v1/shipments", too_many)
        shipment = self.sue.does("POST", "/v1/shipments", advice | {"lines": [sent]})
        is_("under way", self.line(path, 10)["under_way_quantity"], "120")
        line = {"line_number": 10, "quantity": "120", "rejected_quantity": "2", "rejection_reason": "bent"}
        arrived = {"shipment_id": shipment["id"], "lines": [line]}
        receipt = self.rita.does("POST", f"{path}/receipts", arrived)
        is_("the shipment", self.sue.sees(f"/v1/shipments/{shipment['id']}")["status"], "arrived")
        document = self.xml(f"/v1/goods-receipts/{receipt['id']}/document")
        is_("document", document.tag.rpartition("}")[2], "ReceiptAdvice")
        self.events.hears(order_id, "POAmended", "ShipmentNotified", "GoodsReceived")

    def xml(self, path: str) -> Element:
        """Return a document as UBL."""
        return fromstring(self.bob.ask("GET", path, headers={"Accept": "application/xml"}).text)

    def call_off(self) -> None:
        """Agree on a quantity, and call off of it, but never more."""
        chapter("7. A blanket order, and what is called off of it")
        agreed = {
            "supplier_id": self.supplier,
            "currency": "EUR",
            "business_unit": f"P{RUN}",
            "valid_from": day(-60),
            "valid_to": day(60),
            "lines": [
                {name: value for name, value in bolts(1, "1000", "1.50").items() if name != "promised_on"}
            ],
        }
        blanket = f"/v1/blanket-orders/{self.ann.does('POST', '/v1/blanket-orders', agreed)['id']}"
        self.ann.moves(blanket, "submit")
        self.dora.moves(blanket, "approve")
        wanted = self.header | {"lines": [{"line_number": 1, "quantity": "600", "promised_on": day(10)}]}
        del wanted["business_unit"]
        first = self.bob.does("POST", f"{blanket}/call-offs", wanted)
        is_("total", first["total"]["amount"], "900.00")
        self.bob.is_refused("blanket_order_exceeded", "POST", f"{blanket}/call-offs", wanted)
        is_("remaining", self.bob.sees(blanket)["lines"][0]["remaining_quantity"], "400")
        path = self.issued(first["id"])
        self.bob.moves(path, "cancel", {"reason": "the machine was sold"})
        self.events.hears(first["id"], "POCancelled")
        is_("remaining again", self.bob.sees(blanket)["lines"][0]["remaining_quantity"], "1000")

    def judge(self) -> None:
        """See what supplier performance makes of it."""
        chapter("8. What supplier performance knows of it")
        path = f"/v1/suppliers/{self.supplier}/score"
        shown = self.carla.waits(path, lambda score: score["measures"]["lines_due"] == 3, of="performance")
        measures = shown["measures"]
        is_("lines on time and in full", measures["lines_on_time_in_full"], 3)
        is_("arrived", measures["quantities"][0]["received"], "238")
        is_("refused of it, parts per million", measures["rejected_ppm"], "42017")


if __name__ == "__main__":
    OrderLife().play()
