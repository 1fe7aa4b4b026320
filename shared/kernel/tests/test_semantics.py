"""What HTTP means by its methods, its conditions and what a caller takes (RFC 9110)."""

from uuid import UUID

import pytest

from purveyor.http.accepted import takes
from purveyor.http.preconditions import entity_tags, is_had, versions_seen
from purveyor_contract.roles import Role

APPLE = {"label": "apple", "apples": 1}
NO_CRATE = f"/v1/crates/{UUID(int=7)}"
JSON = ("application/json", "application/problem+json")


async def made(client):
    created = await client.post("/v1/crates", json=APPLE)
    assert created.status_code == 201, created.text
    return created.headers["location"], created.headers["etag"]


@pytest.mark.parametrize("path", ["/v1/crates", "/healthz", NO_CRATE])
async def test_an_unknown_query_parameter_is_refused_by_name_with_those_that_there_are(client, path):
    refused = await client.get(path, params={"limti": "1"})
    assert (refused.status_code, refused.json()["code"]) == (422, "validation_failed")
    (error,) = refused.json()["errors"]
    assert error["pointer"] == "/query/limti"
    assert ("did you mean limit?" in error["detail"]) == (path == "/v1/crates")


async def test_a_parameter_of_one_value_is_taken_once_and_one_of_several_as_often_as_it_is_said(
    client, issuer
):
    refused = await client.get("/v1/crates?limit=1&limit=2")
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["pointer"]) == (422, "/query/limit")
    assert "takes one value" in error["detail"]
    auditor = {"Authorization": f"Bearer {issuer.token('aud', Role.AUDITOR)}"}
    several = await client.get("/v1/audit?entity=crate&entity=site", headers=auditor)
    assert several.status_code == 200, several.text


async def test_unknown_parameters_of_a_change_are_refused_and_nothing_is_done(client):
    refused = await client.post("/v1/crates?dry_run=true&a~/b=1", json=APPLE)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == ["/query/dry_run", "/query/a~0~1b"]
    assert (await client.get("/v1/crates")).json()["items"] == []
    streamed = await client.post(
        "/v1/crates:import?atomc=true", content=b"{}", headers={"Content-Type": "application/x-ndjson"}
    )
    assert "did you mean atomic?" in streamed.json()["errors"][0]["detail"]


async def test_who_may_not_ask_is_told_so_before_what_is_wrong_with_the_question(client, issuer):
    nobody = {"Authorization": ""}
    assert (await client.get("/v1/crates?x=1", headers=nobody)).status_code == 401
    scopeless = {"Authorization": f"Bearer {issuer.token('bo', scopes=[])}"}
    assert (await client.get("/v1/crates?x=1", headers=scopeless)).status_code == 403


async def test_head_is_told_what_get_is_but_for_the_body(client):
    address, _ = await made(client)
    for path in (address, "/v1/crates", "/healthz", "/docs", "/openapi.json", NO_CRATE):
        read, head = await client.get(path), await client.head(path)
        assert head.status_code == read.status_code, path
        assert head.content == b"", path
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == read.headers.get(name), (path, name)


async def test_head_of_what_only_takes_posts_is_told_what_is_allowed(client):
    refused = await client.head("/v1/crates:import")
    assert (refused.status_code, refused.headers["allow"]) == (405, "OPTIONS, POST")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/v1/crates", {"GET", "HEAD", "OPTIONS", "POST"}),
        (NO_CRATE, {"GET", "HEAD", "OPTIONS", "PUT"}),
        ("/v1/crates:import", {"OPTIONS", "POST"}),
        ("/docs", {"GET", "HEAD", "OPTIONS"}),
    ],
)
async def test_options_says_what_an_address_allows_to_anybody(client, path, allowed):
    answer = await client.options(path, headers={"Authorization": ""})
    assert (answer.status_code, answer.content) == (204, b"")
    assert set(answer.headers["allow"].split(", ")) == allowed


async def test_options_of_what_there_is_not_is_not_found(client):
    assert (await client.options("/v1/nothing")).status_code == 404


@pytest.mark.parametrize("accept", ["text/html", "text/csv, image/*", "application/json;q=0", "*/*;q=0"])
async def test_who_takes_nothing_that_there_is_is_told_what_there_is_and_nothing_is_done(client, accept):
    refused = await client.post("/v1/crates", json=APPLE, headers={"Accept": accept})
    assert (refused.status_code, refused.json()["code"]) == (406, "not_acceptable")
    assert refused.json()["offered"] == list(JSON)
    assert (await client.get("/v1/crates")).json()["items"] == []


@pytest.mark.parametrize(
    ("accept", "taken"),
    [
        ("application/json", True),
        ("application/*", True),
        ("APPLICATION/JSON", True),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", True),
        ("application/json; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/html;q=0.5, application/json;q=0.1", True),
        ("*/*;q=0, application/json", True),
        ("*/*, application/json;q=0, application/problem+json;q=0", False),
        ("application/*;q=0, */*", False),
        ("text/*", False),
        ("application/json;q=0.000", False),
        ("", True),
        ("nonsense", True),
    ],
)
def test_the_most_precise_range_decides_whether_something_is_taken(accept, taken):
    assert takes(accept, JSON) is taken


async def test_who_has_what_is_shown_is_sent_nothing_again(client):
    address, _ = await made(client)
    read = await client.get(address)
    etag = read.headers["etag"]
    for seen in (etag, f"W/{etag}", f'"0", {etag}', "*"):
        again = await client.get(address, headers={"If-None-Match": seen})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag), seen
        assert "content-type" not in again.headers
        assert again.headers["cache-control"] == "no-store"
        assert (await client.head(address, headers={"If-None-Match": seen})).status_code == 304
    await client.put(address, json=APPLE | {"apples": 2}, headers={"If-Match": etag})
    changed = await client.get(address, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.json()["apples"]) == (200, 2)


async def test_a_file_of_the_documentation_is_sent_once(client):
    asset = await client.get("/docs/swagger-ui.css")
    again = await client.get("/docs/swagger-ui.css", headers={"If-None-Match": asset.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("nonsense", ["", "3", '"1', "W/1", '"x" "y"'])
async def test_an_if_none_match_that_is_no_list_of_tags_is_answered_in_full(client, nonsense):
    address, _ = await made(client)
    assert (await client.get(address, headers={"If-None-Match": nonsense})).status_code == 200


async def test_what_does_not_exist_is_not_found_whatever_the_caller_has(client):
    assert (await client.get(NO_CRATE, headers={"If-None-Match": "*"})).status_code == 404


async def test_the_etag_of_what_was_read_lets_it_be_changed(client):
    address, _ = await made(client)
    etag = (await client.get(address)).headers["etag"]
    changed = await client.put(address, json=APPLE | {"apples": 2}, headers={"If-Match": etag})
    assert changed.status_code == 200
    stale = await client.put(address, json=APPLE | {"apples": 3}, headers={"If-Match": etag})
    assert (stale.status_code, stale.json()["code"]) == (412, "changed_meanwhile")


async def test_a_list_of_tags_changes_what_is_at_any_of_them(client):
    address, _ = await made(client)
    for apples, field in enumerate(('"7", "1"', ',"7" ,"2",', 'W/"9", "3"'), 2):
        changed = await client.put(address, json=APPLE | {"apples": apples}, headers={"If-Match": field})
        assert changed.status_code == 200, (field, changed.text)
    lines = [("If-Match", '"8"'), ("If-Match", '"4"')]
    assert (await client.put(address, json=APPLE, headers=lines)).status_code == 200
    stale = await client.put(address, json=APPLE, headers={"If-Match": '"1", "2"'})
    assert stale.status_code == 412
    assert "you saw 1 or 2" in stale.json()["detail"]


def test_tags_are_read_as_rfc_9110_writes_them():
    assert entity_tags('"a", W/"b" ,, "c,d"') == ['"a"', 'W/"b"', '"c,d"']
    assert entity_tags('"a" "b"') is entity_tags("a") is entity_tags("") is entity_tags('"a", b') is None
    assert versions_seen(['"3"', '"4-0123456789ab"']) == (3, 4)
    assert is_had('W/"a"', '"b", "a"')
    assert not is_had('"a"', '"b"')
