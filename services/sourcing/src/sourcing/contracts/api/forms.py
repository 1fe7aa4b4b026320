"""What requests about contracts state."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from purveyor.days import Day
from purveyor.texts import Why
from sourcing.contracts.rules.content import CONTENT, ContractContent
from sourcing.contracts.views import SUPPLIER
from sourcing.suppliers.views.stated import Reason, ReasonForSupplier


def _with(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class ContractDraft(BaseModel):
    """All of a contract that is drafted."""

    model_config = _with({"supplier_id": SUPPLIER, "content": CONTENT})

    supplier_id: UUID
    content: ContractContent


class ContractChange(BaseModel):
    """All that a draft says; its supplier stays."""

    model_config = _with({"content": CONTENT})

    content: ContractContent


class ContractAmendment(BaseModel):
    """All that a running contract is to say next."""

    model_config = _with({"why": "Steel is dearer", "content": CONTENT})

    why: Why = Field(description="The supplier is told it")
    content: ContractContent


class ContractRenewalProposed(BaseModel):
    """Until when a running contract is to go on, as it is."""

    model_config = _with({"why": "The prices are still good", "ends_on": "2028-05-31"})

    why: Why = Field(description="The supplier is told it")
    ends_on: Day


class ContractReason(BaseModel):
    """Why."""

    model_config = _with({"reason": "The lead time is missing"})

    reason: Reason


class ContractNotice(BaseModel):
    """That a contract does not go on by itself."""

    model_config = _with({"by_supplier": False, "reason": "The volume moves to another plant"})

    by_supplier: bool = Field(description="Whether the supplier said so, or we do")
    reason: Reason


class ContractStop(BaseModel):
    """Why nothing is bought by a contract any more, or for a while."""

    model_config = _with({"reason": "Half of it came late", "reason_for_supplier": "An audit is due"})

    reason: Reason
    reason_for_supplier: ReasonForSupplier = None
