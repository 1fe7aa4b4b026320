"""The codes by which groups refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import MERGE, PARENT

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "group_circle",
        422,
        "The company would belong to itself, straight away or by way of others.",
        "Say first to which company the one above belongs, or to none.",
        PARENT,
    ),
    Refusal(
        "group_too_deep",
        422,
        "The group would have more than 20 levels.",
        "Look whether a company between was stated by mistake.",
        PARENT,
    ),
    Refusal(
        "parent_unknown",
        422,
        "No supplier has the id of `parent_id`.",
        "Register the company, also when nobody buys from it.",
        PARENT,
    ),
    Refusal(
        "parent_ended",
        422,
        "The supplier of `parent_id` was merged into another, or withdrawn.",
        "Name the one that there is.",
        PARENT,
    ),
    Refusal(
        "groups_entangled",
        409,
        "Two suppliers would become one, or belong together again, that belong to each other.",
        "State first which company belongs to which.",
        (*MERGE, "POST /v1/suppliers/{supplier_id}:revert"),
    ),
)
