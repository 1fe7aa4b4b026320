"""Whether every budget's balance is what its entries add up to, and none of them is missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from procurement.budgets.model import budget_number
from purveyor.db import Transaction
from purveyor.sql import Statement, only


@dataclass(frozen=True, slots=True)
class Difference:
    """A period whose balance is not what its entries add up to."""

    serial_number: int
    period: int
    balance: list[Decimal]
    entries: list[Decimal]
    gaps: int
    """How many entries' numbers are missing."""

    def __str__(self) -> str:
        """Say it."""
        said = [
            f"{name}: balance {kept:f}, entries {added:f}"
            for name, kept, added in zip(
                ("budget", "reserved", "committed", "spent"), self.balance, self.entries, strict=True
            )
            if kept != added
        ]
        missing = [f"{self.gaps} numbers of entries are missing"] if self.gaps else []
        return f"{budget_number(self.serial_number)} period {self.period}: {'; '.join([*said, *missing])}"


_VERIFY: Statement[Difference] = Statement(
    Difference,
    """
    SELECT b.serial_number, p.number AS period,
           ARRAY[p.budgeted, p.reserved, p.committed, p.spent] AS balance,
           ARRAY[coalesce(added.budgeted, 0), coalesce(added.reserved, 0), coalesce(added.committed, 0),
                 coalesce(added.spent, 0)] AS entries,
           (b.entries - counted.entries)::integer AS gaps
    FROM budget AS b
    JOIN budget_period AS p ON p.budget_id = b.id
    LEFT JOIN (
      SELECT budget_id, period, sum(budgeted) AS budgeted, sum(reserved) AS reserved,
             sum(committed) AS committed, sum(spent) AS spent
      FROM budget_entry GROUP BY budget_id, period
    ) AS added ON added.budget_id = p.budget_id AND added.period = p.number
    CROSS JOIN LATERAL (SELECT count(*) AS entries FROM budget_entry WHERE budget_id = b.id) AS counted
    WHERE (p.budgeted, p.reserved, p.committed, p.spent)
       <> (coalesce(added.budgeted, 0), coalesce(added.reserved, 0), coalesce(added.committed, 0),
           coalesce(added.spent, 0))
       OR b.entries <> counted.entries
    ORDER BY b.serial_number, p.number
    """,
)
_COUNT: Statement[int] = Statement(only, "SELECT count(*)::integer AS entries FROM budget_entry")


async def verify(tx: Transaction) -> tuple[int, list[Difference]]:
    """Return how many entries there are, and the periods whose balance they do not add up to."""
    return await _COUNT.one(tx.connection), await _VERIFY.all(tx.connection)
