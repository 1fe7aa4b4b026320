"""What a browser is told of every answer: to guess nothing, to keep nothing, to show it in no frame."""

from __future__ import annotations

from collections.abc import Iterable

Header = tuple[bytes, bytes]

HEADERS: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cache-control", b"no-store"),
)
"""As OWASP's REST cheat sheet has them. HTTPS, and to insist on it (HSTS), is the proxy's."""

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of the page that shows the API: its script is ours, and writes styles into the page."""


def with_browser_headers(headers: Iterable[Header]) -> list[Header]:
    """Return an answer's headers and those for browsers, but for what the answer says itself."""
    own = list(headers)
    said = {name for name, _ in own}
    return own + [header for header in HEADERS if header[0] not in said]
