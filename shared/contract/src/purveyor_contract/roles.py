"""Who people are to the organisation: roles, and the scopes that go with each."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may decide."""

    REQUESTER = "requester"
    BUYER = "buyer"
    APPROVER = "approver"
    RECEIVER = "receiver"
    CATEGORY_MANAGER = "category-manager"
    QUALITY = "quality"
    ACCOUNTS_PAYABLE = "accounts-payable"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SUPPLIER = "supplier"


READ = frozenset(
    {
        "sourcing:suppliers:read",
        "sourcing:reviews:read",
        "sourcing:screening:read",
        "sourcing:qualification:read",
        "sourcing:risk:read",
        "sourcing:categories:read",
        "sourcing:files:read",
        "sourcing:documents:read",
        "sourcing:tenders:read",
        "sourcing:contracts:read",
        "procurement:orders:read",
        "procurement:requisitions:read",
        "procurement:receipts:read",
        "procurement:invoices:read",
        "procurement:suppliers:read",
        "procurement:sites:read",
        "procurement:organisation:read",
        "procurement:budgets:read",
        "procurement:items:read",
        "procurement:terms:read",
        "procurement:taxes:read",
        "procurement:rates:read",
        "procurement:approvals:read",
        "performance:scores:read",
        "policies:read",
    }
)
BANK_READ = frozenset({"sourcing:bank-accounts:read", "procurement:bank-accounts:read"})
BANK_WRITE = frozenset({"sourcing:bank-accounts:read", "sourcing:bank-accounts:write"})
BANK_VERIFY = BANK_READ | BANK_WRITE | {"sourcing:bank-accounts:verify"}
OPERATE = frozenset({"events:read", "events:operate", "audit:read"})
ATTACH = frozenset({"sourcing:files:write"})
SUBMIT = ATTACH | {"sourcing:documents:write"}
DECIDE = frozenset({"procurement:approvals:decide"})
"""Whom a policy asks decides, whatever their role; who wrote a document answers what is asked about it."""
OVERRIDE = frozenset({"procurement:approvals:override"})
TENDER = frozenset({"sourcing:tenders:write", "sourcing:tenders:take-part", "sourcing:contracts:write"})
IN_BULK = frozenset({"bulk:jobs"})
IMPORT = frozenset(
    {"sourcing:import", "sourcing:screening:write", "procurement:import", "procurement:sites:write"}
)

SCOPES_OF: dict[Role, frozenset[str]] = {
    Role.REQUESTER: READ
    | DECIDE
    | {"procurement:orders:write", "procurement:requisitions:write", "sourcing:tenders:take-part"},
    Role.BUYER: READ
    | DECIDE
    | BANK_WRITE
    | TENDER
    | {
        "sourcing:suppliers:write",
        "sourcing:qualification:write",
        "sourcing:qualification:evaluate",
        "performance:scores:write",
        "procurement:orders:write",
        "procurement:invoices:write",
        "procurement:requisitions:write",
        "procurement:sites:write",
        "procurement:items:write",
        "performance:alerts:write",
    }
    | IN_BULK
    | SUBMIT,
    Role.APPROVER: READ
    | DECIDE
    | OVERRIDE
    | {
        "procurement:orders:write",
        "procurement:requisitions:write",
        "procurement:invoices:write",
        "procurement:budgets:write",
        "sourcing:qualification:evaluate",
        "sourcing:tenders:approve",
        "sourcing:contracts:sign",
        "sourcing:tenders:take-part",
    },
    Role.RECEIVER: READ | DECIDE | {"procurement:receipts:write"},
    Role.CATEGORY_MANAGER: READ
    | DECIDE
    | OVERRIDE
    | BANK_VERIFY
    | TENDER
    | {
        "sourcing:tenders:approve",
        "sourcing:contracts:sign",
        "sourcing:suppliers:write",
        "sourcing:qualification:write",
        "sourcing:qualification:evaluate",
        "sourcing:reviews:write",
        "sourcing:risk:write",
        "sourcing:categories:write",
        "sourcing:screening:decide",
        "performance:scores:write",
        "policies:write",
        "procurement:requisitions:write",
        "procurement:items:write",
        "procurement:invoices:write",
        "procurement:terms:write",
        "procurement:budgets:write",
        "performance:alerts:write",
    }
    | IN_BULK
    | SUBMIT,
    Role.QUALITY: READ
    | DECIDE
    | SUBMIT
    | {"procurement:receipts:write", "sourcing:qualification:evaluate", "sourcing:tenders:take-part"}
    | {"performance:scores:write", "performance:alerts:write"},
    Role.ACCOUNTS_PAYABLE: READ
    | DECIDE
    | BANK_VERIFY
    | IN_BULK
    | ATTACH
    | {"procurement:taxes:write", "procurement:rates:write", "procurement:invoices:write"},
    Role.AUDITOR: READ | BANK_READ | {"audit:read", "events:read"},
    Role.ADMIN: READ
    | DECIDE
    | OVERRIDE
    | BANK_READ
    | OPERATE
    | IMPORT
    | IN_BULK
    | SUBMIT
    | {"policies:write", "procurement:organisation:write", "procurement:items:write"}
    | {"procurement:budgets:write"}
    | {"performance:alerts:write"}
    | {"sourcing:categories:write", "sourcing:risk:write"}
    | {"procurement:terms:write", "procurement:taxes:write", "procurement:rates:write"},
    Role.SUPPLIER: frozenset(
        {
            "sourcing:suppliers:read",
            "sourcing:bank-accounts:read",
            "sourcing:bank-accounts:write",
            "sourcing:qualification:read",
            "sourcing:files:read",
            "sourcing:files:write",
            "sourcing:changes:write",
            "sourcing:qualification:answer",
            "sourcing:documents:read",
            "sourcing:documents:write",
            "sourcing:tenders:read",
            "sourcing:tenders:bid",
            "sourcing:contracts:read",
            "procurement:orders:read",
            "procurement:orders:write",
            "procurement:receipts:read",
            "procurement:invoices:read",
            "procurement:invoices:write",
            "performance:scores:read",
            "performance:scores:write",
            "events:read",
        }
    ),
}
"""The scopes that a role's local token carries; with a real issuer this is the issuer's business."""
