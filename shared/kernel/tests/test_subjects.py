"""A person is one subject, however the issuer writes the name, and no caller passes for a machine."""

import ast
import sys
import unicodedata
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import purveyor
from purveyor.auth import TokenVerifier, principal_from_claims
from purveyor.errors import UnauthorizedError
from purveyor.subjects import SubjectCase, is_reserved, one_form
from purveyor.testing import hostile
from purveyor_contract.roles import Role

SENSITIVE, INSENSITIVE = SubjectCase.SENSITIVE, SubjectCase.INSENSITIVE
SEEN = st.characters(exclude_categories=("C", "Zl", "Zp"))


@given(st.text(SEEN, min_size=1, max_size=40), st.sampled_from(SubjectCase))
def test_a_subject_in_its_one_form_stays_as_it_is(written, case):
    try:
        known = one_form(written, case)
    except ValueError:
        return
    assert one_form(known, case) == known
    assert one_form(f"  {unicodedata.normalize('NFD', written)}\t", case) == known


@given(st.text(st.characters(codec="latin-1", categories=("L", "N")), min_size=1, max_size=20))
def test_capitals_tell_people_apart_only_where_the_issuer_says_so(written):
    assert one_form(f".{written.upper()}", INSENSITIVE) == one_form(f".{written}", INSENSITIVE)
    assert (one_form(f".{written.upper()}", SENSITIVE) == one_form(f".{written}", SENSITIVE)) == (
        written.upper() == written
    )


@pytest.mark.parametrize(
    "subject",
    [
        *("", "  ", "\u00a0", "an\u200bn", "ann\u202e", "an\x00n", "ann\ue000", "a" * 256),
        *("system", "System", " SYSTEM ", "\uff53ystem", "migration", "job close-month", "JOB: close"),
        *("chore seal-audit-records", "consumer:procurement.suppliers", "consumer x", "operator:root"),
    ],
)
def test_a_token_for_nobody_or_for_a_machine_is_refused(subject):
    for case in SubjectCase:
        with pytest.raises(UnauthorizedError) as refused:
            principal_from_claims({"sub": subject}, case)
        assert refused.value.code == "subject_refused"


IGNORABLE = [
    *"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u200b\u200f\u202a\u202e"
]
IGNORABLE += [
    *"\u2060\u206f\u3164\ufe00\ufe0f\ufeff\uffa0\ufff0\U0001bca0\U0001d173\U000e0000\U000e0100\U000e01ef"
]
BLANKS_OF_SCRIPTS = [*"\u2800\U00013441\U00013442\U00016fe4\U0001d159"]
"""Of each range of Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and blanks of scripts."""


@pytest.mark.parametrize("unseen", [*IGNORABLE, *BLANKS_OF_SCRIPTS], ids=lambda c: f"U+{ord(c):04X}")
@pytest.mark.parametrize("written", ["mi{}ka", "mika{}", "{}mika"])
def test_a_name_with_something_that_nobody_sees_is_not_another_person_who_looks_the_same(unseen, written):
    for case in SubjectCase:
        with pytest.raises(ValueError, match=f"U\\+{ord(unseen):04X}, which nobody sees"):
            one_form(written.format(unseen), case)


def test_no_text_that_a_field_refuses_as_unseen_is_in_the_name_of_a_person():
    for text in (text for texts in hostile.UNSEEN.values() for text in texts if text.strip()):
        with pytest.raises(ValueError, match="nobody sees"):
            one_form(text, SENSITIVE)


@given(st.sampled_from([chr(c) for c in range(sys.maxunicode) if unicodedata.category(chr(c)) == "Zs"]))
def test_every_blank_within_a_name_is_the_same_one(blank):
    assert one_form(f"mika{blank}lind", SENSITIVE) == "mika lind"


@pytest.mark.parametrize("subject", ["systems.ann", "job", "jobst", "consumers", "operator", "ann:system"])
def test_a_person_may_have_a_name_that_only_begins_like_a_machines(subject):
    assert principal_from_claims({"sub": subject}).subject == subject


def test_every_actor_that_the_code_names_itself_is_one_that_no_caller_can_have():
    """Whoever writes a new kind of actor meets this: its kind has to be reserved."""
    repository = Path(purveyor.__file__).parents[4]
    named = []
    for source in (*repository.glob("*/*/src/**/*.py"), *repository.glob("cli/src/**/*.py")):
        for node in ast.walk(ast.parse(source.read_text())):
            match node:
                case ast.Assign(targets=[ast.Attribute(attr="actor")], value=value):
                    named += _beginnings(value)
                case ast.FunctionDef(name="operator"):
                    named += [
                        b for r in ast.walk(node) if isinstance(r, ast.Return) for b in _beginnings(r.value)
                    ]
    assert {"system", "job ", "chore ", "consumer:", "operator:"} <= set(named)
    assert [name for name in named if not is_reserved(f"{name}x" if name[-1] in " :" else name)] == []


def _beginnings(value):
    match value:
        case ast.Constant(value=str(text)) | ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return [text]
    return []


@pytest.fixture
async def as_ann(app, issuer):
    """Make a crate, with a key of one's own, as whoever a token is for."""

    async def make(subject):
        token = issuer.token(subject, Role.BUYER, scopes=["toy:crates:write"])
        headers = {"Idempotency-Key": "k", "Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.post("/v1/crates", json={"label": "a", "apples": 1}, headers=headers)

    return make


async def test_a_name_in_two_spellings_has_one_set_of_keys_and_one_name_in_the_audit_trail(toy, as_ann):
    answers = [await as_ann(name) for name in ("Jos\u00e9", "Jose\u0301", " Jos\u00e9 ")]
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    async with toy.database.connection() as connection:
        actors = [row["actor"] for row in await connection.fetch("SELECT actor FROM audit_record")]
    assert actors == ["Jos\u00e9"]


async def test_a_token_for_a_machine_changes_nothing_and_is_a_security_record(toy, app, as_ann):
    answer = await as_ann("job close-month")
    assert (answer.status_code, answer.json()["code"]) == (401, "subject_refused")
    assert "reserved" in answer.json()["detail"]
    await app.state.security.written()
    async with toy.database.connection() as connection:
        assert await connection.fetchval("SELECT code FROM security_record") == "subject_refused"
        assert await connection.fetchval("SELECT count(*) FROM audit_record") == 0


async def test_what_the_issuer_says_of_capitals_is_a_setting(toy):
    for case, subject in ((SENSITIVE, "Ann"), (INSENSITIVE, "ann")):
        settings = toy.settings.model_copy(update={"auth_subject_case": case})
        verifier = TokenVerifier.from_settings(settings)
        assert principal_from_claims({"sub": "Ann"}, verifier.subject_case).subject == subject
