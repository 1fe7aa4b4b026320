"""Lists of suppliers and reviews: read by indexes, each row once in each order."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from purveyor.db import Database, Transaction
from purveyor.lists import Asked
from purveyor.testing.lists import read_whole, searched_whole, walked_wrongly
from sourcing.bank_accounts.model import BankAccount, BankAccountChange
from sourcing.bank_accounts.queries import ACCOUNTS, CHANGES
from sourcing.categories.model import Category
from sourcing.categories.queries import CATEGORIES
from sourcing.due_diligence.model import Complaint, Finding
from sourcing.due_diligence.store import COMPLAINTS, FINDINGS
from sourcing.qualification.model import QualificationCase
from sourcing.qualification.store import CASES
from sourcing.questionnaires.model import Questionnaire
from sourcing.questionnaires.store import QUESTIONNAIRES
from sourcing.reviews.model import SupplierReview
from sourcing.reviews.store import REVIEWS
from sourcing.risk.model import CountryRiskRow, RiskSignal, SupplierRisk
from sourcing.risk.store import COUNTRY_RISKS, SIGNALS, SUPPLIER_RISKS
from sourcing.screening.model.hits import ScreeningHit
from sourcing.screening.model.runs import ScreeningRun
from sourcing.screening.store.hits import HITS
from sourcing.screening.store.runs import RUNS
from sourcing.searches.model import SupplierSearch
from sourcing.searches.store import SEARCHES
from sourcing.segments.model import SegmentRow
from sourcing.segments.store import CURRENT
from sourcing.segments.store import SEGMENTS as SEGMENT_LIST
from sourcing.settings import NAME
from sourcing.suppliers.model import Supplier
from sourcing.suppliers.rules.qualification import ORDERED_FROM
from sourcing.suppliers.store.finding import SUPPLIERS, find_suppliers
from sourcing.tenders.model import Tender
from sourcing.tenders.store import TENDERS

NOBODY = UUID("0199c0de-0000-7000-8000-000000000001")
SEED = (
    """
    INSERT INTO supplier (
      id, version, sequence, number, legal_name, country, categories, contacts, sites, status, registered_by,
      registered_at, registered_on, external_reference, imported, import_digest, score, grade, name_key,
      search_text, owner, tags)
    SELECT gen_random_uuid(), 1, 0, n, 'Supplier ' || n % 900, (ARRAY['DE', 'FR', 'IT'])[1 + n % 3],
           ARRAY['category ' || n % 500], '[]', '[]',
           (ARRAY['registered', 'approved', 'approved'])[1 + n % 3], 'sam', now(),
           DATE '2020-01-01' + n % 2000, 'R-' || n, n % 3 = 0,
           CASE WHEN n % 3 = 0 THEN 'digest'::bytea END, CASE WHEN n % 4 > 0 THEN n % 100 END,
           CASE WHEN n % 4 > 0 THEN (ARRAY['A', 'B', 'C'])[1 + n % 3] END, 'supplier ' || n % 900,
           ' supplier ' || n % 900 || ' ', 'owner ' || n % 500, ARRAY['tag ' || n % 500]
    FROM generate_series(1, $1::integer) AS n
    """,
    """
    INSERT INTO supplier_review (
      id, version, supplier_id, score, grade, threshold, score_sequence, opened_at, decision, reason,
      decided_by, decided_at, decided_sequence)
    SELECT gen_random_uuid(), 1, id, 50, (ARRAY['D', 'E'])[1 + number % 2], 60, 1,
           TIMESTAMPTZ '2026-01-01' + number % 700 * interval '1 hour',
           CASE WHEN number % 9 > 0 THEN (ARRAY['continue', 'suspend'])[1 + number % 2] END,
           CASE WHEN number % 9 > 0 THEN 'so' END, CASE WHEN number % 9 > 0 THEN 'carla' END,
           CASE WHEN number % 9 > 0 THEN now() END, CASE WHEN number % 9 > 0 THEN 1 END
    FROM supplier
    """,
    """
    INSERT INTO questionnaire (
      id, version, code, edition, status, title, category, region, required, sections, drafted_by, drafted_at)
    SELECT id, 1, 'q' || number / 20, 1 + number % 20, 'retired', 'T', 'category ' || number % 500,
           'region ' || number % 500, number % 90 = 0, '[]', 'sam', now()
    FROM supplier
    """,
    """
    INSERT INTO qualification_case (
      id, version, status, supplier_id, category, region, questionnaire_id, questionnaire_code, invited_by,
      invited_at, due_on, answers, decision, decided_by, decided_at, reason, valid_until)
    SELECT id, 1, CASE WHEN number % 9 = 0 THEN 'invited' ELSE 'qualified' END, id,
           'category ' || number % 500, 'region ' || number % 500, id, 'q', 'sam', now(),
           DATE '2026-01-01' + number::integer % 2000, '[]', 'qualified', 'carla', now(), 'so',
           DATE '2027-01-01' + number::integer % 2000
    FROM supplier
    """,
    """
    INSERT INTO qualification_evaluator (case_id, person, supplier_authors, named_by, named_at)
    SELECT id, 'person ' || number % 500, '{}', 'sam', now() FROM supplier
    """,
)
SEARCHES_SEED = """
INSERT INTO supplier_search (id, version, owner, name, name_key, shared, filters, saved_at)
SELECT id, 1, 'owner ' || number % 500, number::text, number::text, number % 90 = 0, '{}', now() FROM supplier
"""
SEGMENTS_SEED = """
INSERT INTO segment (
  id, position, category, supplier_id, currency, quadrant, lacks, from_on, as_of, policy_version, spend,
  total, share, share_high_from, suppliers, scarcity, scarcity_weight, assessed, risk_high_from)
SELECT id, id, 'category ' || number % 500, CASE WHEN number % 90 > 0 THEN id END,
       CASE WHEN number % 700 = 0 THEN 'USD' ELSE 'EUR' END,
       CASE WHEN number % 700 = 0 THEN 'strategic' ELSE 'leverage' END, '{}', DATE '2026-01-01',
       DATE '2026-11-20', 0, 1, 1, number % 100, 5, 1, 0, 50, 0, 50
FROM supplier
"""
RISKS_SEED = (
    """
    INSERT INTO supplier_risk (
      supplier_id, number, level, overall, share_known, caps, policy_version, factors, assessed_for,
      assessed_at, assessed_by)
    SELECT id, 1, (ARRAY['low', 'low', 'critical'])[1 + (number % 700 = 0)::integer * 2],
           CASE WHEN number % 9 > 0 THEN number % 100 END, 50,
           CASE WHEN number % 800 = 0 THEN ARRAY['screening_hit'] ELSE '{}' END, 0, '[]', DATE '2026-11-20',
           now(), 'sam'
    FROM supplier
    """,
    """
    INSERT INTO risk_signal (
      id, supplier_id, source, reference, summary, points, weight, observed_on, holds_until, received_by,
      received_at)
    SELECT gen_random_uuid(), id, 'source ' || number % 500, number::text, 'so', 50, 1,
           DATE '2020-01-01' + number::integer % 2000, DATE '2026-11-20', 'sam', now()
    FROM supplier
    """,
    """
    INSERT INTO country_risk (id, country, category, points, source, as_of, holds_until)
    SELECT id, 'C' || number % 500, 'category ' || number / 500, number % 100, 'so', DATE '2026-01-01',
           DATE '2026-11-20'
    FROM supplier
    """,
)
DILIGENCE_SEED = (
    """
    INSERT INTO due_diligence_finding (
      id, version, supplier_id, subject, severity, summary, found_on, recorded_by, recorded_at, last_measure,
      measures_done)
    SELECT id, 1, id, CASE WHEN number % 700 = 0 THEN 'child_labour' ELSE 'other' END,
           CASE WHEN number % 700 = 0 THEN 'critical' ELSE 'minor' END, 'so',
           DATE '2020-01-01' + number::integer % 2000, 'sam', now(), 0, 0
    FROM supplier
    """,
    """
    INSERT INTO due_diligence_complaint (
      id, version, supplier_id, subject, summary, received_on, status, anonymous, recorded_by, recorded_at)
    SELECT id, 1, id, 'other', 'so', DATE '2020-01-01' + number::integer % 2000,
           CASE WHEN number % 700 = 0 THEN 'received' ELSE 'remedied' END, true, 'sam', now()
    FROM supplier
    """,
)
FINDINGS_ASKED: dict[str, Any] = {
    "id": NOBODY,
    "supplier_id": NOBODY,
    "subject": "child_labour",
    "severity": "critical",
    "found_from": date(2025, 6, 20),
    "found_to": date(2020, 1, 3),
}
COMPLAINTS_ASKED: dict[str, Any] = {
    "id": NOBODY,
    "supplier_id": NOBODY,
    "status": "received",
    "received_from": date(2025, 6, 20),
    "received_to": date(2020, 1, 3),
}
RISKS_ASKED: dict[str, Any] = {"supplier_id": NOBODY, "level": "critical", "capped": True}
SIGNALS_ASKED: dict[str, Any] = {
    "id": NOBODY,
    "supplier_id": NOBODY,
    "source": "source 7",
    "observed_from": date(2025, 6, 20),
    "observed_to": date(2020, 1, 3),
}
COUNTRY_RISKS_ASKED: dict[str, Any] = {"id": NOBODY, "country": "C7", "category": "category 7"}
CATEGORIES_SEED = """
INSERT INTO category (
  id, version, sequence, code, names, parent, owner, unspsc, cpv, retired_on, taken_over, words)
SELECT gen_random_uuid(), 1, 0, 'c' || n, '[]', CASE WHEN n > 99 THEN 'c' || n / 100 END, 'o' || n % 900,
       n::text, n::text, CASE WHEN n % 90 = 0 THEN DATE '2026-01-01' END, n % 80 = 0, ARRAY['c' || n]
FROM generate_series(1, $1::integer) AS n
"""
SCREENING_SEED = (
    "INSERT INTO screening_list (code, version) VALUES ('ours', 1), ('theirs', 1)",
    """
    INSERT INTO screening_hit (
      id, version, supplier_id, supplier_authors, supplier_digest, list, list_version, reference,
      entry_digest, policy_version, score, evidence, status, raised_at, reason, decided_by, decided_at)
    SELECT id, 1, id, '{sam}', 'a', CASE WHEN number % 90 = 0 THEN 'ours' ELSE 'theirs' END, 1, number, 'b',
      0, 86 + number % 14, '{}', CASE WHEN number % 90 = 0 THEN 'raised' ELSE 'cleared' END, now(),
      CASE WHEN number % 90 > 0 THEN 'so' END, CASE WHEN number % 90 > 0 THEN 'carla' END,
      CASE WHEN number % 90 > 0 THEN now() END
    FROM supplier
    """,
    """
    INSERT INTO screening_run (
      id, list, list_version, newer_than, why, begun_at, after_entry, after_supplier, finished_at)
    SELECT id, CASE WHEN number % 90 = 0 THEN 'ours' ELSE 'theirs' END, 1, 0, 'daily', now(), id, id, now()
    FROM supplier
    """,
)
HITS_ASKED: dict[str, Any] = {
    "id": NOBODY,
    "status": "raised",
    "supplier_id": NOBODY,
    "list": "ours",
    "score_from": 99,
    "score_to": 86,
}
CATEGORIES_ASKED: dict[str, Any] = {
    "code": "c77",
    "q": "c777",
    "parent": "c7",
    "lies_in": "c7",
    "top": True,
    "owner": "o7",
    "unspsc": "31160000",
    "cpv": "44530000-4",
    "retired": True,
    "taken_over": True,
}
BANK_SEED = (
    """
    INSERT INTO bank_account (
      id, supplier_id, status, currency, country, is_iban, holder, masked, number, key_id, digest,
      digest_key_id, active_from)
    SELECT id, id, (ARRAY['active', 'refused'])[1 + (number % 50 = 0)::int], 'EUR', 'DE', true, 'so',
           'DE****3000', '', 'k', number::text::bytea, 'd', DATE '2026-01-01'
    FROM supplier
    """,
    """
    INSERT INTO bank_account_change (
      id, version, supplier_id, kind, status, account_id, currency, reason, first, requested_by, by_supplier,
      requested_at, rejected_by)
    SELECT id, 1, id, 'new', (ARRAY['rejected', 'requested'])[1 + (number % 50 = 0)::int], id, 'EUR', 'so',
           true, 'sam', true, now(), CASE WHEN number % 50 > 0 THEN 'sue' END
    FROM supplier
    """,
)
TENDERS_SEED = """
INSERT INTO tender (
  id, version, sequence, status, kind, open_to_all, openers_needed, title, categories, content, edition,
  created_by, created_at, published_at, closes_at, bids, enquiries_answered)
SELECT id, 1, 0, CASE WHEN number % 90 = 0 THEN 'published' ELSE 'evaluated' END,
       CASE WHEN number % 90 = 0 THEN 'rfi' ELSE 'rfq' END, false, 1, 'T', '{}', '{}', 1, 'sam', now(), now(),
       TIMESTAMPTZ '2026-01-01' + number % 700 * interval '1 hour', 0, 0
FROM supplier
"""
TENDERS_ASKED: dict[str, Any] = {
    "id": NOBODY,
    "number": "T-000042",
    "status": "published",
    "kind": "rfi",
    "closes_from": datetime(2026, 1, 29, tzinfo=UTC),
    "closes_to": datetime(2026, 1, 2, tzinfo=UTC),
}
BANK_ASKED: dict[str, Any] = {"id": NOBODY, "supplier_id": NOBODY}
SUPPLIERS_ASKED: dict[str, Any] = {
    "id": NOBODY,
    "number": "S-000042",
    "q": "supplier 777",
    "status": "registered",
    "category": "category 7",
    "approved_for": "category 7",
    "country": "IT",
    "grade": "C",
    "registered_from": date(2025, 6, 20),
    "registered_to": date(2020, 1, 3),
    "imported": True,
    "external_reference": "R-7",
    "source_system": "main",
    "parent_id": NOBODY,
    "owner": "owner 7",
    "tag": "tag 7",
}
REVIEWS_ASKED: dict[str, Any] = {
    "id": NOBODY,
    "supplier_id": NOBODY,
    "status": "open",
    "grade": "E",
    "decision": "suspend",
    "opened_from": datetime(2026, 1, 29, tzinfo=UTC),
    "opened_to": datetime(2026, 1, 2, tzinfo=UTC),
}
QUESTIONNAIRES_ASKED: dict[str, Any] = {
    "id": NOBODY,
    "code": "q7",
    "status": "published",
    "category": "category 7",
    "region": "region 7",
    "required": True,
}
CASES_ASKED: dict[str, Any] = {
    "id": NOBODY,
    "number": "QC-000042",
    "supplier_id": NOBODY,
    "status": "submitted",
    "category": "category 7",
    "region": "region 7",
    "questionnaire_id": NOBODY,
    "evaluator": "person 7",
    "due_from": date(2031, 6, 20),
    "due_to": date(2026, 1, 3),
    "valid_until_from": date(2032, 6, 20),
    "valid_until_to": date(2027, 1, 3),
}


@pytest.fixture
async def owned(lend_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    """Yield a database as its owner has it, who alone may have its statistics made."""
    url = await lend_database(NAME)
    patience = timedelta(minutes=5)
    database = Database(
        url, application_name="test", statement_timeout=patience, transaction_timeout=patience
    )
    yield database
    await database.close()


async def seed(database: Database, suppliers: int) -> None:
    """Make so many suppliers, each with a review."""
    async with database.transaction() as tx:
        for statement in (*SEED, SEARCHES_SEED, SEGMENTS_SEED, *BANK_SEED, *RISKS_SEED, *DILIGENCE_SEED):
            await tx.connection.execute(statement, *([suppliers] if "$1" in statement else []))
        await tx.connection.execute(CATEGORIES_SEED, suppliers)
        for statement in (*SCREENING_SEED, TENDERS_SEED):
            await tx.connection.execute(statement)
        await tx.connection.execute("ANALYZE")


async def test_each_filter_in_each_order_is_read_by_an_index(owned: Database) -> None:
    await seed(owned, 15_000)
    async with owned.transaction() as tx:
        wrong = await read_whole(tx, select(Supplier), SUPPLIERS, SUPPLIERS_ASKED)
        wrong += await searched(tx)
        asked_of_segments = {
            "id": NOBODY,
            "category": "category 7",
            "supplier_id": NOBODY,
            "quadrant": "strategic",
            "currency": "USD",
            "of_suppliers": False,
        }
        current = select(SegmentRow).where(CURRENT)
        wrong += await read_whole(tx, current, SEGMENT_LIST, asked_of_segments)
        asked_of_searches = {"id": NOBODY, "owner": "owner 7", "shared": True}
        wrong += await read_whole(tx, select(SupplierSearch), SEARCHES, asked_of_searches)
        wrong += await read_whole(tx, select(SupplierReview), REVIEWS, REVIEWS_ASKED)
        wrong += await read_whole(tx, select(Questionnaire), QUESTIONNAIRES, QUESTIONNAIRES_ASKED)
        wrong += await read_whole(tx, select(QualificationCase), CASES, CASES_ASKED)
        wrong += await read_whole(tx, select(Category), CATEGORIES, CATEGORIES_ASKED)
        wrong += await read_whole(tx, select(ScreeningHit), HITS, HITS_ASKED)
        wrong += await read_whole(tx, select(ScreeningRun), RUNS, {"id": NOBODY, "list": "ours"})
        of_accounts, of_changes = BANK_ASKED | {"status": "refused"}, BANK_ASKED | {"status": "requested"}
        wrong += await read_whole(tx, select(BankAccount), ACCOUNTS, of_accounts)
        wrong += await read_whole(tx, select(BankAccountChange), CHANGES, of_changes)
        wrong += await read_whole(tx, select(SupplierRisk), SUPPLIER_RISKS, RISKS_ASKED)
        wrong += await read_whole(tx, select(Finding), FINDINGS, FINDINGS_ASKED)
        wrong += await read_whole(tx, select(Complaint), COMPLAINTS, COMPLAINTS_ASKED)
        wrong += await read_whole(tx, select(RiskSignal), SIGNALS, SIGNALS_ASKED)
        wrong += await read_whole(tx, select(CountryRiskRow), COUNTRY_RISKS, COUNTRY_RISKS_ASKED)
        wrong += await read_whole(tx, select(Tender), TENDERS, TENDERS_ASKED)
    assert wrong == []


async def searched(tx: Transaction) -> list[str]:
    """Return which searches of suppliers would read them from end to end, or sort them whole."""
    wrong = []
    several = {one.name for one in SUPPLIERS.all_filters() if one.several}
    of_filters = [{one: [value] if one in several else value} for one, value in SUPPLIERS_ASKED.items()]
    texts = [{"q": text} for text in ("supplier 777", "plier", "suplier")]
    for filters, sort in (*product(texts, (None, "-score")), *product(of_filters, ("legal_name",))):
        asked = Asked(listing=SUPPLIERS, filters={"q": "777"} | filters, sort=sort, limit=50)
        answer = partial(find_suppliers, tx, asked, date(2026, 11, 20), ORDERED_FROM, None)
        wrong += [
            f"{sort} with {dict(asked.filters)}: {what}"
            for what in await searched_whole(tx, "supplier", answer)
        ]
    return wrong


async def test_every_walk_meets_each_row_once_in_each_order(owned: Database) -> None:
    await seed(owned, 150)
    async with owned.transaction() as tx:
        wrong = await walked_wrongly(tx, select(Supplier), SUPPLIERS, 7)
        wrong += await walked_wrongly(tx, select(SegmentRow).where(CURRENT), SEGMENT_LIST, 17)
        wrong += await walked_wrongly(tx, select(SupplierSearch), SEARCHES, 17)
        wrong += await walked_wrongly(tx, select(SupplierReview), REVIEWS, 11)
        wrong += await walked_wrongly(tx, select(BankAccount), ACCOUNTS, 11)
        wrong += await walked_wrongly(tx, select(BankAccountChange), CHANGES, 11)
        wrong += await walked_wrongly(tx, select(Questionnaire), QUESTIONNAIRES, 13)
        wrong += await walked_wrongly(tx, select(QualificationCase), CASES, 13)
        wrong += await walked_wrongly(tx, select(Category), CATEGORIES, 13)
        wrong += await walked_wrongly(tx, select(SupplierRisk), SUPPLIER_RISKS, 13)
        wrong += await walked_wrongly(tx, select(Finding), FINDINGS, 17)
        wrong += await walked_wrongly(tx, select(Complaint), COMPLAINTS, 17)
        wrong += await walked_wrongly(tx, select(RiskSignal), SIGNALS, 17)
        wrong += await walked_wrongly(tx, select(CountryRiskRow), COUNTRY_RISKS, 13)
        wrong += await walked_wrongly(tx, select(Tender), TENDERS, 17)
    assert wrong == []
