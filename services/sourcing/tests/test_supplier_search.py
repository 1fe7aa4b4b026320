"""Suppliers are found by text and filters, page by page."""
# ruff: noqa: RUF001  # names as they are written

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sourcing.suppliers.commands import learn_words

if TYPE_CHECKING:
    from services.sourcing.tests.conftest import Clock, Desk


LEI = "529900T8BM49AURSDO55"


async def names(desk: Desk, **params: Any) -> list[str]:
    response = await desk.buyer.get("/v1/suppliers", params=params)
    assert response.status_code == 200, response.text
    return [item["legal_name"] for item in response.json()["items"]]


async def test_text_finds_names_numbers_identifiers_and_references(desk: Desk) -> None:
    await desk.registered(legal_name="Müller Edelstahlschrauben GmbH", external_reference="SAP/10042")
    await desk.registered(
        legal_name="3M Österreich GmbH", country="AT", identifiers=[{"scheme": "LEI", "value": LEI}]
    )
    muller, mmm = "Müller Edelstahlschrauben GmbH", "3M Österreich GmbH"
    for text in ("muller", "MÜLLER", "schrauben", "gmbh edelstahl", "sap/10042", "S-000001", "000001"):
        assert await names(desk, q=text) == [muller], text
    for text in ("3m", "osterreich", LEI.lower(), "M8 49aurs"[3:]):
        assert await names(desk, q=text) == [mmm], text
    assert await names(desk, q="gmbh") == [muller, mmm]
    assert await names(desk, q="no such") == []
    assert await names(desk, q="999%") == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Łódzkie Zakłady S.A.", ["lodzkie", "LODZKIE zaklady", "łódz", "odzki"]),
        ("Ørsted A/S", ["orsted", "oersted", "ØRSTED", "rsted"]),
        ("Đorđe d.o.o.", ["dorde", "Đorđe", "đo"]),
        ("Ærø Mølle ApS", ["aero molle", "aeroe", "moelle", "Ærø"]),
        ("Weiß Straßenbau KG", ["weiss", "WEISS", "strassenbau", "weiß"]),
        ("Müller GmbH", ["muller", "mueller", "Müller", "Mu\u0308ller"]),
        ("Þórshöfn Sjávarfang hf.", ["thorshofn", "thorshoefn", "sjavarfang"]),
        ("İstanbul Çelik A.Ş.", ["istanbul", "ISTANBUL", "celik"]),
        ("中国宝武钢铁集团有限公司", ["钢铁", "宝武", "中国", "集团有限公司", "宝武 集团"]),
        ("株式会社日本製鋼所", ["日本製鋼所", "製鋼", "株式会社 製鋼"]),
        ("三菱カタカナ工業㈱", ["カタカナ", "ｶﾀｶﾅ", "工業"]),
        ("현대제철 주식회사", ["제철", "현대제철", "주식"]),
        ("ООО «Северсталь»", ["северсталь", "СЕВЕР", "сталь"]),
        ("บริษัท เหล็กไทย จำกัด", ["เหล็ก", "ไทย"]),
        ("क्\u200dष इस्पात", ["इस्पात", "क्ष"]),
    ],
)
async def test_names_of_any_script_are_found_with_and_without_their_letters(
    desk: Desk, name: str, typed: list[str]
) -> None:
    await desk.registered(legal_name="宝钢工业", external_reference="铁钢")
    await desk.registered(legal_name=name)
    assert {text: await names(desk, q=text) for text in typed} == {text: [name] for text in typed}


@pytest.mark.parametrize("text", ["x", "", "%%%", "__", "y" * 201])
async def test_text_that_says_nothing_is_refused(desk: Desk, text: str) -> None:
    response = await desk.buyer.get("/v1/suppliers", params={"q": text})
    assert response.status_code == 422
    assert response.json()["errors"][0]["pointer"] == "/query/q"


async def test_a_changed_name_is_found_under_its_new_name_only(desk: Desk) -> None:
    supplier = await desk.registered(legal_name="Old Bolts")
    await desk.change(supplier, legal_name="New Bolts")
    assert await names(desk, q="old") == []
    assert await names(desk, q="new") == ["New Bolts"]


async def test_filters_all_have_to_hold(desk: Desk, clock: Clock) -> None:
    approved = await desk.approved(legal_name="Approved", country="DE")
    await desk.registered(legal_name="Registered", country="FR", external_reference="V-7")
    await desk.suspended(legal_name="Suspended", country="DE", categories=["fasteners"])
    await desk.score(approved, "91.5", "A", 1)
    assert await names(desk, status="approved") == ["Approved"]
    assert await names(desk, country="fr") == ["Registered"]
    assert await names(desk, category="bearings") == ["Approved", "Registered"]
    assert await names(desk, approved_for="fasteners") == ["Approved"]
    assert await names(desk, approved_for="bearings") == []
    assert await names(desk, grade="A") == ["Approved"]
    assert await names(desk, external_reference="V-7") == ["Registered"]
    assert await names(desk, country="DE", category="bearings", q="appr") == ["Approved"]
    assert await names(desk, country="FR", status="approved") == []
    clock.wait(days=500)
    assert await names(desk, approved_for="fasteners") == []


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("status", "happy"),
        ("country", "XX"),
        ("grade", "F"),
        ("sort", "colour"),
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "-1"),
        ("cursor", "nonsense"),
        ("external_reference", "\0"),
        ("category", "c" * 65),
    ],
)
async def test_a_filter_that_cannot_be_is_refused(desk: Desk, parameter: str, value: str) -> None:
    response = await desk.buyer.get("/v1/suppliers", params={parameter: value})
    assert response.status_code == 422, response.text
    assert response.json()["errors"][0]["pointer"] == f"/query/{parameter}"


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("number", ["zeta", "Äpfel", "alpha", "Beta", "beta"]),
        ("-number", ["beta", "Beta", "alpha", "Äpfel", "zeta"]),
        ("legal_name", ["alpha", "Äpfel", "Beta", "beta", "zeta"]),
        ("-legal_name", ["zeta", "beta", "Beta", "Äpfel", "alpha"]),
        ("score", ["alpha", "zeta", "Beta", "Äpfel", "beta"]),
        ("-score", ["Beta", "zeta", "alpha", "beta", "Äpfel"]),
    ],
)
async def test_every_sort_gives_every_supplier_once_page_by_page(
    desk: Desk, sort: str, expected: list[str]
) -> None:
    scores = {"zeta": "50.0", "alpha": "0", "Beta": "100"}
    for name in ("zeta", "Äpfel", "alpha", "Beta", "beta"):
        supplier = await desk.registered(legal_name=name)
        if name in scores:
            await desk.score(supplier, scores[name], "C", 1)
    found, cursor = [], None
    while True:
        params: dict[str, Any] = {"sort": sort, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await desk.buyer.get("/v1/suppliers", params=params)).json()
        found += [item["legal_name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == expected


async def test_suppliers_come_by_how_exactly_a_text_is_there(desk: Desk) -> None:
    registered = ["Haus Nord", "Nordwind", "NORD Versatel", "Müller Nord", "Nord", "Nörd!"]
    for name in ("11 Freunde", "1&1 AG", *registered):
        await desk.registered(legal_name=name)
    assert await names(desk, q="1&1") == ["1&1 AG", "11 Freunde"]
    expected = ["Nord", "Nörd!", "NORD Versatel", "Haus Nord", "Müller Nord", "Nordwind"]
    assert await names(desk, q="nord") == expected
    assert await names(desk, q="nord", sort="number") == registered
    found: list[str] = []
    params: dict[str, Any] = {"q": "nord", "limit": 2, "total": True}
    while True:
        page = (await desk.buyer.get("/v1/suppliers", params=params)).json()
        found += [item["legal_name"] for item in page["items"]]
        assert page["total"] == {"count": 6, "exact": True}
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert found == expected


async def test_several_values_of_a_filter_are_alternatives(desk: Desk) -> None:
    await desk.registered(legal_name="One", country="FR", categories=["seals"])
    two = await desk.suspended(legal_name="Two", country="DE")
    await desk.rejected(legal_name="Three", country="IT")
    asked: list[tuple[str, Any]] = [("status", "registered"), ("status", "suspended")]
    page = (await desk.buyer.get("/v1/suppliers", params=asked)).json()
    assert [item["legal_name"] for item in page["items"]] == ["One", "Two"]
    asked = [("category", "seals"), ("category", "bearings"), ("country", "DE"), ("country", "FR")]
    page = (await desk.buyer.get("/v1/suppliers", params=asked)).json()
    assert [item["legal_name"] for item in page["items"]] == ["One", "Two"]
    assert await names(desk, number=two["number"]) == ["Two"]
    assert await names(desk, registered_from="2026-11-20", registered_to="2026-11-20", q="tw") == ["Two"]
    assert await names(desk, registered_from="2026-11-21") == []
    assert await names(desk, imported=True) == []


async def test_who_asks_for_changes_is_told_of_suppliers_that_changed(desk: Desk) -> None:
    one = await desk.registered(legal_name="One")
    await desk.registered(legal_name="Two")
    mark = (await desk.buyer.get("/v1/suppliers?limit=1")).json()["next_updated_after"]
    assert await names(desk, updated_after=mark) == []
    await desk.change(one, legal_name="One and only")
    assert await names(desk, updated_after=mark) == ["One and only"]


async def learn(desk: Desk) -> None:
    """Let the worker learn the words of who changed, until nobody is left."""
    more = True
    while more:
        async with desk.context.database.transaction() as tx:
            more = await learn_words(tx)


async def test_a_word_with_a_slip_is_found_where_nothing_better_is(desk: Desk) -> None:
    for name in ("Schrauben Müller GmbH", "Łódzkie Zakłady", "Łodzkie Schrauben", "현대제철 주식회사"):
        await desk.registered(legal_name=name)
    assert await names(desk, q="schruaben") == []
    await learn(desk)
    both = ["Schrauben Müller GmbH", "Łodzkie Schrauben"]
    for typed in ("schruaben", "SCHRAUBN", "Schrauben", "schraubben"):
        assert await names(desk, q=typed) == both, typed
        assert await names(desk, q=typed, sort="-number") == both[::-1], typed
    for typed in ("schruaben muler", "mueler", "Schrauben Mulller", "schrauben müllre gmbh"):
        assert await names(desk, q=typed) == both[:1], typed
    assert await names(desk, q="lodskie zaklady") == ["Łódzkie Zakłady"]
    assert await names(desk, q="현대제찰") == ["현대제철 주식회사"]
    assert await names(desk, q="schruabne") == []
    await desk.registered(legal_name="Schruaben AG")
    assert await names(desk, q="schruaben") == ["Schruaben AG"]
    await learn(desk)
    assert await names(desk, q="schruaben muller") == []


async def test_words_with_a_slip_are_found_page_by_page_and_counted(desk: Desk) -> None:
    expected = [f"Stahl {letter}" for letter in "ABCDE"]
    for name in (*expected, "Holz"):
        await desk.registered(legal_name=name, country="DE" if name != "Stahl C" else "FR")
    await learn(desk)
    found: list[str] = []
    params: dict[str, Any] = {"q": "sthal", "limit": 2, "total": True}
    while True:
        page = (await desk.buyer.get("/v1/suppliers", params=params)).json()
        found += [item["legal_name"] for item in page["items"]]
        assert page["total"] == {"count": 5, "exact": True}
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert found == expected
    assert await names(desk, q="sthal", country="FR") == ["Stahl C"]


async def test_who_follows_changes_is_told_of_no_slips(desk: Desk) -> None:
    mark = (await desk.buyer.get("/v1/suppliers?limit=1")).json()["next_updated_after"]
    await desk.registered(legal_name="Stahl")
    await learn(desk)
    assert await names(desk, q="stahl", updated_after=mark) == ["Stahl"]
    assert await names(desk, q="sthal", updated_after=mark) == []
