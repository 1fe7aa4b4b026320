"""How suppliers stood at the end of each month: qualifications and documents; and how risky they were.

What holds for a time is no fact of one day. Asked over a window it is looked at on the last day of each
month, and on the last day of the window or the day asked for: what has ended counts in each month since,
until it is renewed.
"""

from __future__ import annotations

from supplier_performance.facts.rules import SOURCE, SUPPLIER, Kind, Unit, day, identity, number, text, truth
from supplier_performance.facts.store import kept
from supplier_performance.facts.store.source import KNOWN, told

MONTH = number("month", Unit.COUNT, "Which month that is of: years × 12 and months")
STOOD_ON = day("stood_on", "The day that is looked at: a month's last one, or the last one that is asked for")
MADE_AT = text("made_at", "The making site that it is of; missing: all of the supplier")
TODAY = "coalesce(:as_of::date, (:now::timestamptz AT TIME ZONE 'UTC')::date)"
DAYS = """(
  SELECT least((month + interval '1 month' - interval '1 day')::date, :last::date, {today}) AS stood_on,
         (extract(year FROM month) * 12 + extract(month FROM month))::integer AS month
  FROM generate_series(date_trunc('month', :first::date), least(:last::date, {today})::timestamp,
                       interval '1 month') AS month
)""".replace("{today}", TODAY)
QUALIFICATIONS = told(
    Kind(
        "qualifications",
        "What suppliers were asked to qualify for, as they stood at the end of each month",
        (
            SUPPLIER,
            identity("case_id", "The case that was decided last"),
            text("case_number", "That case's number"),
            text("category", "For which category"),
            text("region", "For which region; missing: for all"),
            MADE_AT,
            STOOD_ON,
            MONTH,
            text("standing", "qualified, conditioned, rejected or expired"),
            truth("qualified", "Whether it was qualified, on conditions or without"),
            day("valid_until", "The last day; missing where it was rejected"),
            number("result", Unit.POINTS, "The weighted mean of the marks, of 100", ours=True),
            *SOURCE,
        ),
        happened="stood_on",
        known="`known_at`, when the case was decided; its day is UTC's",
        events=("SupplierQualified", "SupplierQualificationConditioned", "QualificationRejected"),
        key=("case_id", "month"),
    ),
    """
    SELECT stood.*, stood_on, month, sequence AS event_sequence, 'UTC' AS time_zone,
           coalesce(valid_until >= stood_on, false) AS qualified,
           CASE WHEN valid_until < stood_on THEN 'expired' ELSE step END AS standing
    FROM {days} AS day
    CROSS JOIN LATERAL (
      SELECT DISTINCT ON (supplier_id, category, region, made_at)
             supplier_id, sequence, case_id, case_number, category, region, made_at, step,
             CASE WHEN step <> 'rejected' THEN valid_until END AS valid_until, result,
             event_id, event_type, known_at
      FROM {qualifications} AS step
      WHERE step IN ('qualified', 'conditioned', 'rejected') AND happened_on <= stood_on AND {known}
      ORDER BY supplier_id, category, region, made_at, sequence DESC
    ) AS stood
    """,
    days=DAYS,
    qualifications=kept.QUALIFICATIONS,
    known=KNOWN.format(known_at="known_at"),
)
DOCUMENTS = told(
    Kind(
        "documents",
        "Types of document of which a supplier had one accepted, as they stood at the end of each month",
        (
            SUPPLIER,
            identity("document_id", "The document that holds, or that ended last"),
            text("document_type", "The code of its type"),
            MADE_AT,
            STOOD_ON,
            MONTH,
            day("valid_from", "The document's first day"),
            day("valid_until", "Its last one; missing: it has none"),
            truth("valid", "Whether it held: within its days, and not withdrawn"),
            number("days_left", Unit.DAYS, "Until its last day; below zero: since"),
            *SOURCE,
        ),
        happened="stood_on",
        known="`known_at`, when the document was accepted; its day is UTC's",
        events=("DocumentAccepted", "DocumentWithdrawn"),
        key=("document_id", "month"),
    ),
    """
    SELECT stood.*, stood_on, month, sequence AS event_sequence, 'UTC' AS time_zone,
           valid_until - stood_on AS days_left
    FROM {days} AS day
    CROSS JOIN LATERAL (
      SELECT DISTINCT ON (supplier_id, document_type, made_at) *
      FROM (
        SELECT *, coalesce(valid_until >= stood_on, true) AND NOT EXISTS (
                 SELECT FROM {documents} AS withdrawn
                 WHERE withdrawn.supplier_id = accepted.supplier_id
                   AND withdrawn.document_id = accepted.document_id AND withdrawn.step = 'withdrawn'
                   AND withdrawn.happened_on <= stood_on AND {known_withdrawn}
               ) AS valid
        FROM {documents} AS accepted
        WHERE step = 'accepted' AND happened_on <= stood_on AND valid_from <= stood_on
          AND {known}
      ) AS accepted
      ORDER BY supplier_id, document_type, made_at, valid DESC, valid_until DESC NULLS FIRST, sequence DESC
    ) AS stood
    """,
    days=DAYS,
    documents=kept.DOCUMENTS,
    known=KNOWN.format(known_at="known_at"),
    known_withdrawn=KNOWN.format(known_at="withdrawn.known_at"),
)
RISKS = told(
    Kind(
        "risks",
        "Assessments of how risky suppliers are; no supplier is shown anything of them",
        (
            SUPPLIER,
            day("assessed_on", "The day that it is of"),
            number("assessment", Unit.COUNT, "Its number among the supplier's"),
            text("level", "low, medium, high or critical; missing: nothing that counts is known"),
            text("former_level", "What it was before"),
            number("overall", Unit.POINTS, "The mean of what is known: from 0 to 100, which is the worst"),
            number("share_known", Unit.POINTS, "How much of all weight, 100, lies on what is known"),
            *SOURCE,
        ),
        happened="assessed_on",
        known="`known_at`, when it was assessed",
        events=("SupplierRiskChanged",),
        key=("supplier_id", "event_sequence"),
        ours=True,
    ),
    """
    SELECT supplier_id, happened_on AS assessed_on, assessment, level, former_level, overall, share_known,
           event_id, event_type, sequence AS event_sequence, known_at, 'UTC' AS time_zone
    FROM {risks} AS assessed
    """,
    risks=kept.RISKS,
)
