"""The codes by which templates refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from supplier_performance.operations import STATE_TEMPLATE

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "scorecard_template_not_found",
        404,
        "There is no scorecard template with this code.",
        "Look in GET /v1/scorecard-templates; drafts are found by their code alone.",
        ("GET /v1/scorecard-templates/{code}/versions*", "POST /v1/scorecard-templates/{code}:try"),
    ),
    Refusal(
        "template_version_not_found",
        404,
        "Nobody has written a version of the template with this number.",
        "Look in GET /v1/scorecard-templates/{code}/versions.",
        ("* /v1/scorecard-templates/{code}/versions/{number}*",),
    ),
    Refusal(
        "template_drafted",
        409,
        "The next version of the template is drafted already; `number` is its.",
        "Change it: PUT /v1/scorecard-templates/{code}/versions/{number}.",
        ("POST /v1/scorecard-templates/{code}/versions",),
    ),
    Refusal(
        "templates_overlap",
        409,
        "Another template in force, `template`, is of a category that this one is of, too.",
        "Draft one of them for a category in which the other's does not lie, and activate that first.",
        ("POST /v1/scorecard-templates/{code}/versions/{number}:activate",),
    ),
    Refusal(
        "suppliers_fit_two",
        409,
        "Some `suppliers` deliver of the categories of this template and of another one in force.",
        "One scorecard judges a supplier: draft a template of a category that holds both.",
        ("POST /v1/scorecard-templates/{code}/versions/{number}:activate",),
    ),
    Refusal(
        "kpi_ours",
        422,
        "A template names a KPI that no supplier is shown, and a supplier is shown its scorecard.",
        "Name one of facts that suppliers are told: GET /v1/facts.",
        STATE_TEMPLATE,
    ),
    Refusal(
        "kpi_not_comparable",
        422,
        "A template names a KPI in money or quantities, whose figures have no common scale.",
        "Name one that is a quotient, a number of days or a count.",
        STATE_TEMPLATE,
    ),
    Refusal(
        "weights_off",
        422,
        "The weights of a template's KPIs and questions, or those of its periods, do not add up to 100.",
        "Correct them: `errors` says what they add up to.",
        STATE_TEMPLATE,
    ),
    Refusal(
        "stated_twice",
        422,
        "A template names a KPI, or a question, more than once.",
        "State it once, with all of its weight.",
        STATE_TEMPLATE,
    ),
    Refusal(
        "points_unclear",
        422,
        "How a figure becomes points lacks a number that its way asks for, or has one too many.",
        "Linear takes `floor`, `target`; steps take `steps`; tolerance takes `target`, `tolerance`, `limit`.",
        STATE_TEMPLATE,
    ),
    Refusal(
        "points_reversed",
        422,
        "A worse figure would earn more points, or as many by the next step.",
        "Turn what `errors` names around: the KPI's `direction` says which figures are better.",
        STATE_TEMPLATE,
    ),
    Refusal(
        "periods_too_long",
        422,
        "The periods of a template go back farther than anything is judged.",
        "Shorten them.",
        STATE_TEMPLATE,
    ),
    Refusal(
        "grades_disordered",
        422,
        "Grades do not fall from the best to the worst, or the worst does not begin at 0.",
        "State them from A on, with falling `lowest`, the last one 0: every score has a grade.",
        STATE_TEMPLATE,
    ),
    Refusal(
        "hysteresis_too_wide",
        422,
        "A grade is no wider than the hysteresis, or no score could rise to the best.",
        "Narrow the hysteresis, or move the bounds apart.",
        STATE_TEMPLATE,
    ),
)
