"""What order responses and despatch advices say, and what is said of those that say it wrongly."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from procurement.documents.rules.ubl.despatches import DespatchAdvice, Instance
from procurement.documents.rules.ubl.inbound import READERS, read
from procurement.documents.rules.ubl.names import CAC, CBC, Kind
from procurement.documents.rules.ubl.reading import Identifier, Measured, Period
from procurement.documents.rules.ubl.responses import Answer, LineAnswer, OrderResponse, Substitute
from procurement.documents.rules.ubl.unreadable import Unreadable, UnreadableError

DATA = Path(__file__).parents[6] / "shared/data/ubl"
"""Messages of others, beside the repository where there are any."""
WITH_DATA = pytest.mark.skipif(not DATA.exists(), reason="no messages of others beside the repository")
LINE = (
    "<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:LineStatusCode>3</cbc:LineStatusCode>"
    '<cbc:Quantity unitCode="C62">5</cbc:Quantity></cac:LineItem>'
    "<cac:OrderLineReference><cbc:LineID>2</cbc:LineID></cac:OrderLineReference></cac:OrderLine>"
)
HEAD = "<cbc:ID>R-1</cbc:ID><cbc:IssueDate>2026-03-03Z</cbc:IssueDate>"
ORDER = "<cac:OrderReference><cbc:ID>PO-000042</cbc:ID></cac:OrderReference>"


def written(kind: Kind, inner: str) -> bytes:
    return f'<{kind} xmlns="{kind.namespace}" xmlns:cac="{CAC}" xmlns:cbc="{CBC}">{inner}</{kind}>'.encode()


def response(inner: str = LINE, code: str = "CA") -> bytes:
    answer = f"<cbc:OrderResponseCode>{code}</cbc:OrderResponseCode>"
    return written(Kind.ORDER_RESPONSE, HEAD + answer + ORDER + inner)


def advice(inner: str) -> bytes:
    return written(Kind.DESPATCH_ADVICE, HEAD + inner)


def refused(content: bytes) -> tuple[Unreadable, str]:
    with pytest.raises(UnreadableError) as refusal:
        read(content)
    return refusal.value.why, refusal.value.detail


def sent(quantity: str, order: str = ORDER, line: str = "1", inner: str = "") -> str:
    return (
        f'<cac:DespatchLine><cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode="C62">{quantity}'
        f"</cbc:DeliveredQuantity><cac:OrderLineReference><cbc:LineID>{line}</cbc:LineID>{order}"
        f"</cac:OrderLineReference><cac:Item>{inner}</cac:Item></cac:DespatchLine>"
    )


def test_a_response_names_the_order_and_what_is_answered_to_each_line() -> None:
    said = read(response())
    assert isinstance(said, OrderResponse)
    assert (said.number, said.issued_on, said.order_numbers) == ("R-1", date(2026, 3, 3), ("PO-000042",))
    [line] = said.lines
    assert (line.line_number, line.answer) == (2, LineAnswer.CHANGED), "the order's number, not the answer's"
    assert line.quantity == Measured(Decimal(5), "C62")


@pytest.mark.parametrize(
    ("content", "why", "detail"),
    [
        (
            response(code="ZZ"),
            Unreadable.VALUE_WRONG,
            "OrderResponse/cbc:OrderResponseCode is 'ZZ', not one of AB (received), AP (accepted), "
            "RE (rejected), CA (with changes).",
        ),
        (
            written(Kind.ORDER_RESPONSE, HEAD),
            Unreadable.VALUE_MISSING,
            "OrderResponse/cbc:OrderResponseCode is missing.",
        ),
        (
            response(LINE.replace(">5<", ">-1<")),
            Unreadable.VALUE_WRONG,
            "OrderResponse/cac:OrderLine[1]/cac:LineItem/cbc:Quantity is '-1': "
            "Input should be greater than or equal to 0.",
        ),
        (
            response(LINE.replace(">2<", ">two<")),
            Unreadable.VALUE_WRONG,
            "OrderResponse/cac:OrderLine[1]/cac:OrderLineReference/cbc:LineID is 'two', "
            "not the number of a line.",
        ),
        (
            response().replace(b"R-1", b""),
            Unreadable.VALUE_MISSING,
            "OrderResponse/cbc:ID says nothing.",
        ),
        (
            b"<OrderResponse/>",
            Unreadable.NOT_KNOWN,
            "Its root is 'OrderResponse' of 'no namespace'; what is read is OrderResponse and "
            "DespatchAdvice of UBL 2.1.",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named_by_its_path(content: bytes, why: Unreadable, detail: str) -> None:
    assert refused(content) == (why, detail)


@pytest.mark.parametrize("quantity", ["1e30", "NaN", "-0.1", "0.1234567", "1,5", "five"])
def test_a_quantity_is_a_decimal_that_we_would_take(quantity: str) -> None:
    assert refused(response(LINE.replace(">5<", f">{quantity}<")))[0] is Unreadable.VALUE_WRONG


@pytest.mark.parametrize("day", ["1900-01-01", "9999-12-31", "03.03.2026", "2026-02-30"])
def test_a_day_is_one_on_which_documents_are_made(day: str) -> None:
    assert refused(response().replace(b"2026-03-03Z", day.encode()))[0] is Unreadable.VALUE_WRONG


def test_texts_hold_nothing_that_nobody_sees() -> None:
    assert refused(response().replace(b"R-1", "a\u202eb".encode()))[0] is Unreadable.VALUE_WRONG


def test_each_despatched_line_names_its_order() -> None:
    assert refused(advice(sent("1", order="")))[0] is Unreadable.VALUE_MISSING


@pytest.mark.parametrize("content", [written(Kind.ORDER, HEAD), b"<html/>"])
def test_what_is_another_document_is_said(content: bytes) -> None:
    assert refused(content)[0] is Unreadable.NOT_KNOWN


def test_a_despatch_advice_may_name_an_order_for_all_lines_or_for_each() -> None:
    other = ORDER.replace("42", "43")
    said = read(advice(ORDER + sent("3", order="") + sent("2", order=other, line="7") + sent("0")))
    assert isinstance(said, DespatchAdvice)
    assert [(line.order_number, line.line_number) for line in said.lines] == [
        ("PO-000042", 1),
        ("PO-000043", 7),
    ], "a line of which nothing was sent is left out"
    assert said.order_numbers == ("PO-000042", "PO-000043")


def test_lots_serials_and_best_before_days_are_read() -> None:
    inner = (
        "<cac:ItemInstance><cbc:SerialID>7</cbc:SerialID><cbc:BestBeforeDate>2027-01-01</cbc:BestBeforeDate>"
        "<cac:LotIdentification><cbc:LotNumberID>L1</cbc:LotNumberID></cac:LotIdentification>"
        "</cac:ItemInstance>"
    )
    said = read(advice(sent("1", inner=inner)))
    assert isinstance(said, DespatchAdvice)
    assert said.lines[0].instances == (Instance("L1", "7", date(2027, 1, 1)),)


def messages(pattern: str) -> list[OrderResponse | DespatchAdvice]:
    return [read(path.read_bytes()) for path in sorted(DATA.glob(pattern))]


@WITH_DATA
def test_the_conversations_response_reduces_one_line_and_promises_a_day() -> None:
    [said] = messages("advanced-sc1-order-response.xml")
    assert isinstance(said, OrderResponse)
    assert (said.answer, said.order_number) == (Answer.WITH_CHANGES, "Order-1")
    assert said.promised == Period(date(2022, 2, 15), date(2022, 2, 20))
    assert [line.quantity for line in said.lines] == [Measured(Decimal(5), "NAR"), None]
    assert said.seller is not None
    assert said.seller.endpoint == Identifier("0088", "7302347231110")


@WITH_DATA
def test_each_order_response_of_others_is_read() -> None:
    said = messages("order-response-uc*.xml")
    assert [one.answer for one in said if isinstance(one, OrderResponse)] == [
        Answer.WITH_CHANGES,
        Answer.WITH_CHANGES,
        Answer.REJECTED,
    ]
    first = said[0]
    assert isinstance(first, OrderResponse)
    assert [line.answer for line in first.lines] == [
        LineAnswer.ACCEPTED,
        LineAnswer.NOT_ACCEPTED,
        LineAnswer.CHANGED,
    ]
    assert first.lines[2].substitute == Substitute("SN-36", "Pepper sauce")


@WITH_DATA
def test_each_despatch_advice_of_others_is_read() -> None:
    said = [one for one in messages("despatch-advice-uc*.xml") if isinstance(one, DespatchAdvice)]
    assert [(one.number, len(one.lines)) for one in said] == [("1234", 2), ("1236", 5), ("1238", 4)]
    assert all(one.shipped_on and one.expected and one.carrier for one in said)
    packed = said[2].lines[0]
    assert packed.packages == ("340123450000000014",)
    assert packed.instances == (Instance("898A123", "1234567", date(2021, 7, 1)),)


@WITH_DATA
def test_what_is_not_for_us_to_read_is_named() -> None:
    for path in DATA.glob("*.xml"):
        if not path.name.startswith(("order-response", "despatch", "advanced-sc1-order-response")):
            assert refused(path.read_bytes())[0] is Unreadable.NOT_KNOWN
    assert set(READERS) == {Kind.ORDER_RESPONSE, Kind.DESPATCH_ADVICE}
