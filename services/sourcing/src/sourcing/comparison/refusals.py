"""The codes by which comparison refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "supplier_repeated",
        422,
        "A supplier that is to be compared is asked for twice.",
        "Ask for each once.",
        ("GET /v1/suppliers:compare",),
    ),
    Refusal(
        "suppliers_unknown",
        422,
        "A supplier that is to be compared does not exist; `errors` name the places of those.",
        "Look in GET /v1/suppliers.",
        ("GET /v1/suppliers:compare",),
    ),
)
