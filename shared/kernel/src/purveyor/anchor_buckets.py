"""A bucket of S3 as a place for anchors: with object lock, what was told cannot be changed or deleted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import ObjectStore

from purveyor.anchors import AnchorError, number_of
from purveyor.files.places import bucket
from purveyor.settings import Settings

MOST = 10**12
"""A name counts down from here, so that the newest anchor is the first that S3 lists."""
READ_AT_ONCE = 16


class BucketPlace:
    """Objects of a bucket, one an anchor, each put once: `<service>/<counted down>-<number>.json`."""

    def __init__(self, store: ObjectStore, service: str, name: str) -> None:
        self._store, self._service, self._name = store, service, name

    @property
    def name(self) -> str:
        """How findings call it."""
        return self._name

    async def last(self) -> str | None:
        """Return the document with the highest number."""
        async for page in obstore.list(self._store, f"{self._service}/", chunk_size=1):
            return await self._read(page[0]["path"])
        return None

    async def append(self, documents: Sequence[str]) -> None:
        """Put each document where nothing is yet; raises AnchorError when another one is there."""
        for document in documents:
            path = self._path(number_of(document))
            try:
                await obstore.put_async(self._store, path, document.encode(), mode="create")
            except AlreadyExistsError as error:
                if await self._read(path) != document:
                    raise AnchorError(f"{self.name} holds another anchor at {path}") from error

    async def all(self) -> AsyncIterator[str]:
        """Yield all documents, the lowest number first."""
        listed = obstore.list(self._store, f"{self._service}/")
        paths = [found["path"] async for page in listed for found in page]
        paths.reverse()
        for start in range(0, len(paths), READ_AT_ONCE):
            for document in await asyncio.gather(*map(self._read, paths[start : start + READ_AT_ONCE])):
                yield document

    def _path(self, number: int) -> str:
        return f"{self._service}/{MOST - number:012d}-{number}.json"

    async def _read(self, path: str) -> str:
        found = await obstore.get_async(self._store, path)
        return bytes(await found.bytes_async()).decode(errors="replace")


def bucket_place(url: str, settings: Settings, service: str) -> BucketPlace:
    """Return the place that a bucket is for a service's anchors; connects when it is first used."""
    store = bucket(
        url,
        settings.audit_bucket_endpoint,
        settings.audit_bucket_region,
        settings.audit_bucket_access_key_id,
        settings.audit_bucket_secret_access_key,
    )
    return BucketPlace(store, service, f"bucket {url}")
