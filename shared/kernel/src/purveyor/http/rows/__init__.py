"""Rows of a request's body: read from NDJSON or CSV, a bad one never stops the next."""

from purveyor.http.rows.reading import CSV, NDJSON, read_raw, read_rows
from purveyor.http.rows.row import TOO_LONG, RawRow, Row, RowError, as_model

__all__ = ["CSV", "NDJSON", "TOO_LONG", "RawRow", "Row", "RowError", "as_model", "read_raw", "read_rows"]
