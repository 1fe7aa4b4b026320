"""What can be done with documents that come in, one function a use case."""

from __future__ import annotations

from procurement.documents.commands.inbound import dismiss_document, receive_document, retry_document

__all__ = ("dismiss_document", "receive_document", "retry_document")
