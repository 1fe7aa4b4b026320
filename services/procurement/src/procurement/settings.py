"""Settings of procurement; how much more than ordered may be received is a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from purveyor.settings import ImportSettings

NAME = "procurement"


class ProcurementSettings(ImportSettings):
    """Settings of procurement: those that every service has, and those of imports."""

    retired: ClassVar[Mapping[str, str]] = {"over_receipt_tolerance_percent": "the policy over-receipt"}
