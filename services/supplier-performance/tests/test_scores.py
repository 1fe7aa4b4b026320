"""A supplier's score follows what was ordered and what arrived."""

from __future__ import annotations

from datetime import date, timedelta

TODAY = date(2026, 6, 15)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def test_a_supplier_that_delivers_all_in_time_scores_a_hundred(world, api):
    supplier = await world.supplier()
    order = await world.order(supplier, ago(30), ago(20), ago(10))
    for line, days in enumerate((30, 20, 10), start=1):
        await world.receive(order, ago(days), line=line)
    await world.rescore()

    response = await api.get(f"/v1/suppliers/{supplier}/score")

    assert response.status_code == 200, response.text
    shown = response.json()
    assert (shown["score"], shown["grade"]) == ("100.0", "A")
    assert shown["supplier"]["name"] == "Acme Fasteners GmbH"
    assert shown["measures"]["lines_due"] == 3
    assert shown["measures"]["spend"] == [{"amount": "75.00", "currency": "EUR"}]
    assert shown["as_of"] == "2026-06-15"
    assert (shown["window_from"], shown["window_to"]) == ("2025-06-16", "2026-06-15")


async def test_every_read_answers(world, api):
    supplier = await world.supplier()
    order = await world.order(supplier, ago(40), ago(20), ago(10))
    await world.receive(order, ago(40), quantity="4")
    await world.receive(order, ago(30), quantity="6", rejected="1")
    await world.rescore()
    base = f"/v1/suppliers/{supplier}"
    for path in (
        f"{base}/score",
        f"{base}/performance",
        f"{base}/performance/months",
        f"{base}/score/history",
        f"{base}/score/evidence?measure=on_time",
        f"{base}/score/evidence?measure=spend",
        "/v1/scorecards",
        "/v1/scorecards?from=2026-01-01&sort=name",
    ):
        response = await api.get(path)
        assert response.status_code == 200, (path, response.text)
