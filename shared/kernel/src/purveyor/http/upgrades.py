"""What a client would like to speak instead: a server may ignore it (RFC 9110, 7.8), and this one does."""

from __future__ import annotations

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ASKS = {b"upgrade", b"http2-settings"}


class PlainProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which answers a request that asks for another protocol as if it did not ask.

    Java's client asks for HTTP/2 with its first request wherever there is no TLS; uvicorn's parser takes the
    request's body for the other protocol then, and loses it.
    """

    def data_received(self, data: bytes) -> None:
        """Read what came; a request that asks for an upgrade is read again, without the question."""
        self._unset_keepalive_if_required()
        while data:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                if self.parser.get_method() == b"CONNECT":
                    self.send_400_response("Nothing is connected here.")
                    return
                data = self._head_without_upgrade() + data[upgrade.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
            except httptools.HttpParserError:
                self.send_400_response("Invalid HTTP request received.")
                return
            else:
                return

    def on_headers_complete(self) -> None:
        """Begin a request, unless it is to be read again."""
        if not self.parser.should_upgrade():
            super().on_headers_complete()

    def on_message_complete(self) -> None:
        """End a request, unless it is to be read again."""
        if not self.parser.should_upgrade():
            super().on_message_complete()

    def _head_without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        for name, value in self.headers:
            if name == b"connection":
                kept = [one.strip() for one in value.split(b",") if one.strip().lower() not in ASKS]
                lines += [b"connection: " + b", ".join(kept)] if kept else []
            elif name not in ASKS:
                lines.append(b"%s: %s" % (name, value))
        return b"\r\n".join(lines) + b"\r\n\r\n"
