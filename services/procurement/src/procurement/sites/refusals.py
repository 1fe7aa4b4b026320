"""The codes by which sites refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "site_not_found", 404, "No site has this code.", "Look in GET /v1/sites.", ("GET /v1/sites/{code}",)
    ),
    Refusal(
        "time_zone_unknown",
        422,
        "The database knows no time zone of this name.",
        "Use a name of the IANA time zone database, such as Europe/Berlin.",
        ("PUT /v1/sites/{code}",),
    ),
)
