"""Routes of invoices."""

from procurement.invoices.api.deciding import router as deciding
from procurement.invoices.api.reading import router as reading
from procurement.invoices.api.receiving import router as receiving

ROUTERS = (receiving, reading, deciding)
