"""Sourcing's settings; under which score a supplier is reviewed is a policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from purveyor.settings import ImportSettings

NAME = "sourcing"


class SourcingSettings(ImportSettings):
    """What sourcing takes from the environment: what every service does, and the bounds of imports."""

    retired: ClassVar[Mapping[str, str]] = {"review_threshold": "the policy review-threshold"}
