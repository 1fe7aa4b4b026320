"""Bulk requests: NDJSON or CSV in, one result a row out, in bounded memory whatever the stream's size."""

from purveyor.bulk import BulkOutcome
from purveyor.http.bulk.jobs import chores
from purveyor.http.bulk.kind import Kind
from purveyor.http.bulk.request import Bulk, BulkRequest
from purveyor.http.bulk.response import BulkResponse
from purveyor.http.bulk.results import BulkResult
from purveyor.http.bulk.route import route

__all__ = ["Bulk", "BulkOutcome", "BulkRequest", "BulkResponse", "BulkResult", "Kind", "chores", "route"]
