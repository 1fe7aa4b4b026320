"""Where the bytes of files are kept: a folder, or S3 and what speaks like it, by one setting.

Nothing here knows what a file is; keys are ours, never a name that somebody gave.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store
from pydantic import SecretStr

from purveyor.errors import GoneError, UnavailableError
from purveyor.settings import Settings

if TYPE_CHECKING:
    from obstore.store import S3Config

AT_A_TIME = 262_144
PART = 5 * 1_048_576
"""Of an upload to S3, which takes no smaller one but the last."""
PARTS_AT_ONCE = 2
REQUEST_TIMEOUT = timedelta(seconds=10)
RETRY_FOR = timedelta(seconds=15)


class FilePlace:
    """A place for files: what is put under a key is there as a whole, or not at all."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    async def put(self, key: str, content: IO[bytes]) -> None:
        """Keep what a file holds from its beginning, some of it in memory at a time."""
        content.seek(0)
        with _reached():
            await obstore.put_async(self._store, key, content, chunk_size=PART, max_concurrency=PARTS_AT_ONCE)

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """Return what is kept under a key, a piece at a time; raises GoneError when nothing is."""
        try:
            with _reached():
                found = await obstore.get_async(self._store, key)
        except FileNotFoundError as error:
            raise GoneError("file_content_gone", "The file's content is not here any more.") from error
        return _pieces(found)

    async def delete(self, key: str) -> None:
        """Remove what is kept under a key; what is not there is removed already."""
        try:
            with _reached():
                await obstore.delete_async(self._store, key)
        except FileNotFoundError:
            return


def file_place(settings: Settings) -> FilePlace:
    """Return the place that the settings name; connects when it is first used."""
    parts = urlsplit(settings.files)
    if parts.scheme == "file":
        return _folder(Path(unquote(parts.path)))
    return FilePlace(
        bucket(
            settings.files,
            settings.files_endpoint,
            settings.files_region,
            settings.files_access_key_id,
            settings.files_secret_access_key,
        )
    )


@lru_cache
def _folder(path: Path) -> FilePlace:
    return FilePlace(LocalStore(path, mkdir=True))


@lru_cache
def bucket(
    url: str, endpoint: str | None, region: str | None, key_id: str | None, secret: SecretStr | None
) -> S3Store:
    """Return a bucket, or what is below a prefix in it; what is not said is as `AWS_…` says."""
    access: S3Config = {}
    if endpoint is not None:
        access["endpoint"] = endpoint
    if region is not None:
        access["region"] = region
    if key_id is not None and secret is not None:
        access["access_key_id"], access["secret_access_key"] = key_id, secret.get_secret_value()
    return S3Store.from_url(
        url,
        config=access,
        client_options={
            "timeout": REQUEST_TIMEOUT,
            "allow_http": endpoint is not None and endpoint.startswith("http:"),
        },
        retry_config={"max_retries": 3, "retry_timeout": RETRY_FOR},
    )


@contextmanager
def _reached() -> Iterator[None]:
    """Raise UnavailableError for a place that does not answer, or lets us in no more."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        raise UnavailableError("files_unavailable", "Where files are kept does not answer.") from error


async def _pieces(found: obstore.GetResult) -> AsyncIterator[bytes]:
    with _reached():
        async for piece in found.stream(min_chunk_size=AT_A_TIME):
            yield bytes(piece)
