"""The codes by which people refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal

_PEOPLE = ("PUT /v1/people/{code}",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "person_not_found",
        404,
        "No such person is known.",
        "Look in GET /v1/people.",
        ("GET /v1/people/{code}",),
    ),
    Refusal(
        "person_invalid",
        422,
        "A manager or a site of the person does not exist, or somebody else is the same in tokens.",
        "Correct what `errors` names.",
        _PEOPLE,
    ),
    Refusal(
        "segregation_of_duties",
        403,
        "Nobody states what they themselves may approve, nor that they themselves are the manager.",
        "Ask another administrator.",
        (*_PEOPLE, "PUT /v1/cost-centres/{code}"),
    ),
    Refusal(
        "managers_circle",
        422,
        "Somebody would stand above themselves.",
        "State a manager who does not stand below; `detail` names all in the circle.",
        _PEOPLE,
    ),
)
