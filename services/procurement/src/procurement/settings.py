"""Settings of procurement; how much more than ordered may be received is a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import DirectoryPath, Field

from purveyor.settings import ImportSettings

NAME = "procurement"


class ProcurementSettings(ImportSettings):
    """Settings of procurement: those that every service has, those of imports, and fonts."""

    document_fonts: DirectoryPath | None = Field(
        default=None,
        description="A folder with more fonts for documents, for scripts that the ones within do not have: "
        "Chinese, Japanese, Korean, Thai and others",
    )

    retired: ClassVar[Mapping[str, str]] = {"over_receipt_tolerance_percent": "the policy over-receipt"}
