"""Every way in which a service refuses: its code, what it means, what to do, and where it is met.

Each package has a list of the codes that it raises, and the page `/problems` of a service is made of them. A
test holds the lists to the sources: a code that is raised is on the page, and no other is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

ANYWHERE = ("*",)
ROWS = ("POST *:import", "POST *:bulk")
ELSEWHERE = ()
"""Met at no operation of the API: at its pages, or by the command `purveyor`."""
IF_MATCH, KEY, BODY, CLOSED = "If-Match", "Idempotency-Key", "a body", "a token"
ROW = 0
"""In place of a status: a row of an import is refused so, in an answer that is 200."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A code: the status that it comes with, what it means, what to do, and at which operations.

    `at` are patterns of `POST /v1/sites/{code}`, or what an operation takes: a header, a body, a token.
    """

    code: str
    status: int
    means: str
    remedy: str
    at: tuple[str, ...] = ANYWHERE

    def is_met(self, method: str, path: str, operation: Mapping[str, Any]) -> bool:
        """Whether an operation of an OpenAPI document may refuse so."""
        takes = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "header"}
        takes |= {BODY} if "requestBody" in operation else set()
        takes |= {CLOSED} if operation.get("security") else set()
        place = f"{method.upper()} {path}"
        return any(pattern in takes or fnmatchcase(place, pattern) for pattern in self.at)


_UPLOADS = ("POST /v1/files",)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "validation_failed",
        422,
        "The request is not as the operation's documentation describes it; `errors` names each place.",
        "Correct what `errors` names: its pointers begin at the body, or with /query, /header or /path.",
    ),
    Refusal(
        "value_not_storable",
        422,
        "A number is out of range, or a text has a character that no text can hold.",
        "Send a smaller number, or the text without control characters.",
    ),
    Refusal(
        "body_unreadable",
        400,
        "The body is not JSON in UTF-8; `detail` says from where on.",
        "Send JSON in UTF-8.",
        (BODY,),
    ),
    Refusal(
        "bad_request",
        400,
        "What came is no HTTP request, or one that cannot be read.",
        "Look at what stands between you and the service: a proxy, or a hand-written client.",
    ),
    Refusal(
        "body_too_slow", 408, "The body came too slowly.", "Send it faster, or in smaller parts.", (BODY,)
    ),
    Refusal("headers_too_slow", 408, "The header came too slowly.", "Send all of it at once."),
    Refusal(
        "body_too_large",
        413,
        "The body is larger than this service takes.",
        "Send less, or rows to an operation that imports: those take streams of any length.",
        (BODY,),
    ),
    Refusal(
        "headers_too_large",
        431,
        "The request's line and header are larger than this service reads.",
        "Send fewer and shorter fields and parameters.",
    ),
    Refusal(
        "unsupported_media_type",
        415,
        "The body is of a kind that this operation does not read.",
        "State in Content-Type one of the kinds that the operation documents, and send it.",
        (BODY,),
    ),
    Refusal(
        "not_acceptable",
        406,
        "Accept takes nothing that this operation answers; `offered` says what it does.",
        "Accept one of `offered`, or send no Accept.",
    ),
    Refusal("path_unknown", 404, "There is no such address.", "Look at the paths in /openapi.json."),
    Refusal(
        "method_not_allowed",
        405,
        "The address is there, and does not know this method.",
        "Use a method that the header Allow of the answer names.",
    ),
    Refusal(
        "token_required",
        401,
        "The request has no access token.",
        "Send Authorization: Bearer and a token of the organisation's issuer.",
        (CLOSED,),
    ),
    Refusal(
        "invalid_token",
        401,
        "The token is not valid; `detail` says why: expired, of another issuer, for another audience.",
        "Ask the issuer for a new one.",
        (CLOSED,),
    ),
    Refusal(
        "subject_refused",
        401,
        "The token's subject is one that nobody may have: empty, or one by which services call themselves.",
        "Let the issuer name people and clients otherwise.",
        (CLOSED,),
    ),
    Refusal(
        "scope_required",
        403,
        "The client may not call this: `scope` is what its token lacks.",
        "Ask the issuer for a token with that scope.",
        (CLOSED,),
    ),
    Refusal(
        "role_required",
        403,
        "The person may not decide this: one of `roles` is needed.",
        "Let somebody do it who has one of these roles.",
        (CLOSED,),
    ),
    Refusal(
        "not_for_suppliers",
        403,
        "This is not shown to suppliers.",
        "Ask for what is the supplier's own.",
        (CLOSED,),
    ),
    Refusal(
        "not_for_suppliers",
        422,
        "A supplier asks by what it is not shown; `errors` names the parameters.",
        "Leave these parameters out.",
        ("GET *",),
    ),
    Refusal(
        "segregation_of_duties",
        403,
        "Who has one part in a matter may not have this one too; `detail` says which part that is.",
        "Let somebody else do it.",
        (CLOSED,),
    ),
    Refusal(
        "if_match_required",
        428,
        "The request does not say which version it means to change; * names none.",
        "Read it, look at it, and send its ETag as If-Match.",
        (IF_MATCH,),
    ),
    Refusal(
        "changed_meanwhile",
        412,
        "It was changed since you saw it; `current_etag` is its version now.",
        "Read it again, decide again, and send the new ETag.",
        (IF_MATCH,),
    ),
    Refusal(
        "changed_meanwhile",
        409,
        "Another request changed it at the same moment.",
        "Read it again, and send the request again.",
        ("POST *", "PUT *"),
    ),
    Refusal(
        "etag_unknown",
        412,
        "If-Match has ETags alone that are not of this service, so they match no version.",
        "Read the thing again, and send the ETag that comes with it.",
        (IF_MATCH,),
    ),
    Refusal(
        "etag_weak",
        412,
        "If-Match has weak ETags alone (W/…), which match no version: a proxy that compresses makes such.",
        "Send what is within the quotation marks, without the W/.",
        (IF_MATCH,),
    ),
    Refusal(
        "idempotency_key_reused",
        422,
        "The key was used before, with another request.",
        "Send a new key with a new request.",
        (KEY,),
    ),
    Refusal(
        "idempotency_key_in_flight",
        409,
        "A request with this key is being worked on.",
        "Send the same request again in a moment: it is then answered as the first was.",
        (KEY,),
    ),
    Refusal(
        "busy",
        409,
        "Too many others are changing the same thing at this moment.",
        "Send the request again after Retry-After.",
        ("POST *", "PUT *"),
    ),
    Refusal(
        "already_exists",
        409,
        "Another one has the same key; `constraint` is the database's name for the rule.",
        "Look whether the other one is what you mean.",
        ("POST *", "PUT *"),
    ),
    Refusal(
        "reference_broken",
        409,
        "It refers to what does not exist, or is referred to.",
        "Create what it refers to first.",
        ("POST *", "PUT *"),
    ),
    Refusal(
        "constraint_violated",
        409,
        "The database refuses the state that this would lead to; `constraint` is the rule.",
        "Report it with the request's id: a rule of the service should have said so first.",
        ("POST *", "PUT *"),
    ),
    Refusal(
        "cursor_unknown",
        422,
        "The cursor is none that this list has handed out for this order and these filters.",
        "Start again without a cursor; keep cursors no longer than a walk through a list.",
        ("GET *",),
    ),
    Refusal(
        "field_unknown",
        422,
        "The items of this list have no such field to pick.",
        "Pick of the fields that `detail` names.",
        ("GET *",),
    ),
    Refusal(
        "range_reversed",
        422,
        "A range ends before it begins: nothing is in it.",
        "Ask for an end that is its beginning or later.",
        ("GET *",),
    ),
    Refusal(
        "updated_after_unknown",
        422,
        "What is asked after is not what `next_updated_after` said, or the database was restored since.",
        "Read the whole list again, and keep what its answers say.",
        ("GET *",),
    ),
    Refusal(
        "too_many_requests",
        429,
        "More was asked than a quota grants; `violated-policies` names it.",
        "Wait as long as Retry-After says; the RateLimit headers tell beforehand what is left.",
    ),
    Refusal(
        "overloaded",
        503,
        "The service works on as many requests as it can.",
        "Send the request again after Retry-After, and more slowly each time.",
    ),
    Refusal(
        "database_unavailable",
        503,
        "The database does not answer.",
        "Send the request again after Retry-After; nothing was changed.",
    ),
    Refusal(
        "try_again",
        503,
        "Another transaction was in the way.",
        "Send the same request again; nothing was changed.",
    ),
    Refusal(
        "issuer_unreachable",
        503,
        "The issuer's keys cannot be read, so no token can be verified.",
        "Send the request again after Retry-After; who runs the service looks at the issuer.",
        (CLOSED,),
    ),
    Refusal(
        "internal_error",
        500,
        "A mistake of ours; nothing was changed.",
        "Report it with `request_id`, by which the log has what happened.",
    ),
    Refusal(
        "csv_header_wrong",
        422,
        "The first line of a CSV body names columns that there are not, or one twice.",
        "Name the columns as the operation documents them.",
        ROWS,
    ),
    Refusal(
        "rows_refused",
        422,
        "Rows of an atomic request were refused, so that nothing was changed; `errors` names them.",
        "Correct them, and send all again.",
        ROWS,
    ),
    Refusal(
        "bulk_job_not_found",
        404,
        "No such bulk job exists, or it is somebody else's, or its time is over.",
        "Look in GET /v1/bulk-jobs.",
        ("* /v1/bulk-jobs/*",),
    ),
    Refusal(
        "row_not_valid",
        ROW,
        "The row is not as documented; its `errors` name each place.",
        "Correct the row, and send it again: rows that were taken are not taken twice.",
        ROWS,
    ),
    Refusal(
        "refused_with_others",
        ROW,
        "Another row of an atomic request was refused, so that nothing was changed.",
        "Correct the rows that were refused by other codes, and send all again.",
        ROWS,
    ),
    Refusal(
        "imports_off",
        403,
        "The organisation has switched imports off.",
        "Ask who runs the service: PURVEYOR_IMPORTS.",
        ("* /v1/imports*", *ROWS),
    ),
    Refusal(
        "import_not_found",
        404,
        "No such proposal exists.",
        "Look in GET /v1/imports.",
        ("* /v1/imports/*", "POST *:import"),
    ),
    Refusal(
        "not_your_proposal",
        403,
        "Rows are added to a proposal by who began it.",
        "Begin a proposal of your own.",
        ROWS,
    ),
    Refusal(
        "import_not_let_in",
        409,
        "What is imported is proposed by one person and let in by another, and nobody has let this in.",
        "Propose it: POST /v1/imports, and its rows with ?proposal=.",
        ROWS,
    ),
    Refusal(
        "other_rows",
        409,
        "The proposal has other rows than those whose digest was stated.",
        "Look at its figures again, and state their digest.",
        ("POST /v1/imports/*:approve",),
    ),
    Refusal(
        "differs_from_import",
        409,
        "It was imported before, and otherwise; `errors` names what differs.",
        "Change it here: imports do not change what is here.",
        ROWS,
    ),
    Refusal(
        "not_of_the_past",
        422,
        "Imports are of the past: a day in the row is not before the cut-over, or not before today.",
        "Enter it here, as what happens now.",
        ROWS,
    ),
    Refusal(
        "wrong_state",
        409,
        "Its status does not allow this; `allowed` says from which ones it does.",
        "Read it again: what may be done has changed.",
        ("POST /v1/imports/*", "POST /v1/policies/*:approve", "POST /v1/bulk-jobs/*", *ROWS),
    ),
    Refusal(
        "policy_not_found",
        404,
        "No policy has this name.",
        "Look in GET /v1/policies.",
        ("* /v1/policies/*",),
    ),
    Refusal(
        "policy_version_not_found",
        404,
        "The policy has no version of this number.",
        "Look in GET /v1/policies/{name}.",
        ("POST /v1/policies/*:approve",),
    ),
    Refusal(
        "policy_not_divided",
        422,
        "This policy is not decided by category, or not by business unit; `errors` names it.",
        "Leave it out: `divided_by` says what a version may be limited to.",
        ("* /v1/policies/*",),
    ),
    Refusal(
        "already_judged",
        422,
        "Something was judged for that day already, by what was in force.",
        "Let the decision hold from a later day on.",
        ("POST /v1/policies/*",),
    ),
    Refusal("event_type_not_found", 404, "There is no event of this type.", "Look in /events.", ELSEWHERE),
    Refusal("asset_not_found", 404, "The page /docs has no such file.", "Open /docs.", ELSEWHERE),
    Refusal(
        "personal_data_not_found",
        404,
        "Nothing is kept of this person that could be erased.",
        "Look at what `purveyor audit erase` asks for.",
        ELSEWHERE,
    ),
    Refusal(
        "file_type_refused",
        422,
        "The file is, by its content, none of the kinds that are taken.",
        "Send it as PDF, PNG, JPEG, DOCX, XLSX, CSV or plain text in UTF-8.",
        _UPLOADS,
    ),
    Refusal(
        "file_not_what_it_says",
        422,
        "The file's content is of another kind than the ending of its name, or its Content-Type, says.",
        "Name it as what it is.",
        _UPLOADS,
    ),
    Refusal(
        "file_unsafe",
        422,
        "The file is an archive that nobody should open: a zip bomb, one with macros, a damaged one.",
        "Save it again without what `detail` names.",
        _UPLOADS,
    ),
    Refusal(
        "file_incomplete",
        422,
        "The file begins as what it is and does not end so: some of it is missing.",
        "Send all of it.",
        _UPLOADS,
    ),
    Refusal("file_empty", 422, "The file has no content.", "Send its bytes as the body.", _UPLOADS),
    Refusal(
        "file_content_gone",
        410,
        "The file's content is not where it was kept.",
        "Ask who runs this service; a backup may have it.",
        ("GET /v1/files/{file_id}/content",),
    ),
    Refusal(
        "files_unavailable",
        503,
        "Where files are kept does not answer.",
        "Send the request again in a while.",
        (*_UPLOADS, "GET /v1/files/{file_id}/content"),
    ),
)
"""The codes of every service."""


def type_of(code: str, page: str) -> str:
    """Return a problem's type (RFC 9457): its place on the page of problems."""
    return f"{page}#{code}"


def applying(
    refusals: Sequence[Refusal], method: str, path: str, operation: Mapping[str, Any]
) -> dict[int, list[str]]:
    """Return the codes that an operation may refuse with, by status."""
    found: dict[int, list[str]] = {}
    for refusal in refusals:
        if refusal.is_met(method, path, operation) and refusal.code not in found.get(refusal.status, ()):
            found.setdefault(refusal.status, []).append(refusal.code)
    return found
