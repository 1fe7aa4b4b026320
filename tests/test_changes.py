"""What changes can be asked for what changed: every list of it takes `updated_after`."""

from purveyor_cli.openapi import documents

NEVER_CHANGE = {
    "/v1/audit",
    "/v1/budget-entries",
    "/v1/budget-overrides",
    "/v1/budget-uncovered-lines",
    "/v1/categories/{code}/versions",
    "/v1/exchange-rates",
    "/v1/purchase-orders/{order_id}/versions",
    "/v1/screening-lists/{code}/versions/{number}/broken-rows",
    "/v1/security-records",
    "/v1/segment-moves",
    "/v1/suppliers/{supplier_id}/answers",
    "/v1/suppliers/{supplier_id}/risk-assessments",
    "/v1/suppliers/{supplier_id}/scores",
    "/v1/suppliers/{supplier_id}/score/history",
}
"""Their rows are written once: who read some goes on by a cursor, or from a day."""
MADE_WHEN_ASKED = {
    "/v1/kpis/{code}/evidence",
    "/v1/kpis/{code}/figures",
    "/v1/metrics/shared",
    "/v1/parked-events",
    "/v1/scorecards",
    "/v1/screening-lists",
    "/v1/screening-lists/{code}/versions",
    "/v1/screening-runs",
    "/v1/segments",
    "/v1/suppliers/{supplier_id}/score/evidence",
}
"""Of a moment or a day, counted or few: read again as a whole."""


def test_every_list_of_what_changes_is_asked_for_what_changed_since() -> None:
    paged, asked = set(), set()
    for document in documents().values():
        for path, item in document["paths"].items():
            names = {one.get("name") for one in item.get("get", {}).get("parameters", ())}
            paged |= {path} if "cursor" in names else set()
            asked |= {path} if "updated_after" in names else set()
    assert len(asked) > 25
    assert paged - asked == NEVER_CHANGE | MADE_WHEN_ASKED
