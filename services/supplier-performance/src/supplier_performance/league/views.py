"""How the league table is shown."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from purveyor.figures import Points
from purveyor.pages import Page
from supplier_performance.deliveries.views import Measured
from supplier_performance.league.rules import Standing
from supplier_performance.suppliers.views import SupplierReference


class LeagueEntry(BaseModel):
    """A supplier in the league table."""

    supplier: SupplierReference
    score: Points | None = Field(examples=["91.4"])
    grade: str | None = Field(examples=["A"])
    measures: Measured

    @classmethod
    def of(cls, standing: Standing) -> LeagueEntry:
        """Show a standing."""
        return cls(
            supplier=SupplierReference.of(standing.supplier),
            score=standing.score,
            grade=standing.grade,
            measures=Measured.of(standing.measures),
        )


class LeaguePage(Page[LeagueEntry]):
    """A page of the league table, with the window that it is of."""

    window_from: date
    window_to: date
    as_of: date
