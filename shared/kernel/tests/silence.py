"""A database whose host vanishes without a word."""

from __future__ import annotations

import asyncio

from sqlalchemy.engine import make_url


class SilentProxy:
    """Stands between a service and its database, and can stop to answer without closing a connection."""

    def __init__(self, url):
        self.direct = make_url(url)
        self.socket = f"{self.direct.query.get('host', self.direct.host)}/.s.PGSQL.{self.direct.port or 5432}"
        self.silent = asyncio.Event()
        self.back = asyncio.Event()
        self.back.set()
        self.pipes = []
        self.writers = []

    @property
    def url(self):
        """The database's URL through here."""
        through = self.direct.set(host="127.0.0.1", port=self.port, query={})
        return through.render_as_string(hide_password=False)

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.connect, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for pipe in self.pipes:
            pipe.cancel()
        await asyncio.gather(*self.pipes, return_exceptions=True)
        for writer in self.writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def connect(self, reader, writer):
        if not self.back.is_set():
            self.writers.append(writer)
            return
        theirs, ours = await asyncio.open_unix_connection(self.socket)
        silent = self.silent
        self.writers += [ours, writer]
        self.pipes += [
            asyncio.create_task(self.pass_on(reader, ours, silent)),
            asyncio.create_task(self.pass_on(theirs, writer, silent)),
        ]

    async def pass_on(self, reader, writer, silent):
        while content := await reader.read(65_536):
            if silent.is_set():
                await asyncio.Event().wait()
            writer.write(content)
            await writer.drain()
        if silent.is_set():
            await asyncio.Event().wait()
        writer.close()

    def fall_silent(self):
        """Answer nothing more on the connections there are; new ones work, unless it is away."""
        self.silent.set()
        self.silent = asyncio.Event()
