"""The codes by which bank accounts refuses."""

from __future__ import annotations

from purveyor.refusals import Refusal
from sourcing.operations import BANK, BANK_REJECT, BANK_REQUEST, BANK_VERIFY

_BANK_IN_FULL = (f"GET {BANK}/{{change_id}}/account",)
_BANK_ACTS = (*BANK_REQUEST, *BANK_VERIFY, *BANK_REJECT, *_BANK_IN_FULL)

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        "bank_account_not_found",
        404,
        "No such bank account exists, or it is not the caller's own.",
        "Look in GET /v1/bank-accounts.",
        ("GET /v1/bank-accounts/{account_id}",),
    ),
    Refusal(
        "bank_account_change_not_found",
        404,
        "No such change of a bank account exists, or it is not the caller's own.",
        "Look in GET /v1/bank-account-changes.",
        ("* /v1/bank-account-changes/{change_id}*",),
    ),
    Refusal(
        "bank_account_to_verify_not_found",
        404,
        "The change is verified or rejected already, so that nobody needs its number.",
        "Look in GET /v1/bank-account-changes?status=requested.",
        _BANK_IN_FULL,
    ),
    Refusal(
        "change_open",
        409,
        "A change of the supplier's account for this currency waits for its verification or its day.",
        "Verify it, or reject it, before another is asked for.",
        BANK_REQUEST,
    ),
    Refusal(
        "supplier_unconfirmed",
        409,
        "Who the supplier is was changed, and nobody has confirmed that yet.",
        "Let that be confirmed first: POST /v1/suppliers/{supplier_id}:confirm.",
        BANK_VERIFY,
    ),
    Refusal(
        "account_incomplete",
        422,
        "An account is stated by its IBAN, or by its number, country and bank where there are no IBANs.",
        "State what `errors` names, or leave it out.",
        BANK_REQUEST,
    ),
    Refusal(
        "account_invalid",
        422,
        "An account's number breaks its rule: its length, its check digits, its country.",
        "Ask the supplier again, and correct what `errors` names.",
        BANK_REQUEST,
    ),
    Refusal(
        "currency_withdrawn",
        422,
        "Nothing is paid in this currency any more.",
        "State the one that took its place.",
        BANK_REQUEST,
    ),
    Refusal(
        "nothing_to_end",
        422,
        "The supplier has no active account in this currency.",
        "State the account that is to be paid.",
        BANK_REQUEST,
    ),
    Refusal(
        "number_in_text",
        422,
        "A text holds the account's number, which is encrypted and shown to nobody.",
        "Leave the number out of what `errors` names.",
        _BANK_ACTS[:-1],
    ),
    Refusal(
        "call_proves_nothing",
        422,
        "The number that was called was not known before the request, or was entered by who asks or calls.",
        "Call one of GET /v1/bank-account-changes/{change_id}/account; where there is none, let others act.",
        BANK_VERIFY,
    ),
    Refusal(
        "warnings_unanswered",
        422,
        "Something speaks against the account, and the verification does not say why it is right.",
        "Look at `warnings`, and say so in `note`.",
        BANK_VERIFY,
    ),
    Refusal(
        "bank_accounts_without_keys",
        503,
        "This service was given no keys to encrypt bank accounts with.",
        "Tell whoever operates it: docs/operate/bank-accounts.md.",
        _BANK_ACTS,
    ),
    Refusal(
        "bank_account_key_unknown",
        503,
        "The number is encrypted with a key that the service was not given.",
        "Tell whoever operates it: older keys stay until all is rotated.",
        _BANK_ACTS,
    ),
)
