"""Rows of a request's body: read from NDJSON or CSV, a bad one never stops the next."""

from purveyor.http.rows.columns import LIST_SEPARATOR, Columns, Document, InCell, columns_of
from purveyor.http.rows.reading import CSV, NDJSON, read_raw, read_rows
from purveyor.http.rows.row import TOO_LONG, RawRow, Row, RowError, as_model

__all__ = [
    "CSV",
    "LIST_SEPARATOR",
    "NDJSON",
    "TOO_LONG",
    "Columns",
    "Document",
    "InCell",
    "RawRow",
    "Row",
    "RowError",
    "as_model",
    "columns_of",
    "read_raw",
    "read_rows",
]
