"""Anchors go to the places that settings name, a topic of a real Kafka among them."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from obstore.store import MemoryStore

from purveyor.anchor_buckets import BucketPlace
from purveyor.anchors import Anchor, AnchorError, AnchorPlace, FilePlace, Told
from purveyor.settings import Settings
from purveyor.signing import SigningKey
from purveyor_messaging.anchor_places import KafkaPlace, places_of
from purveyor_messaging.kafka_cluster import KafkaCluster


async def told(place: AnchorPlace) -> list[str]:
    return [document async for document in place.all()]


async def test_a_topic_keeps_what_it_is_told_in_order(kafka_bootstrap_servers: str) -> None:
    place = KafkaPlace(KafkaCluster(kafka_bootstrap_servers), f"anchors.{uuid4().hex}")
    assert await place.last() is None
    assert await told(place) == []
    documents = [f'{{"number":{number}}}' for number in range(1, 1_501)]
    await place.append(documents[:1_000])
    await place.append(documents[1_000:])
    assert await place.last() == documents[-1]
    assert await told(place) == documents


async def test_a_file_keeps_what_it_is_told_in_order(tmp_path: Path) -> None:
    place = FilePlace(tmp_path / "folder" / "toy.jsonl")
    assert await place.last() is None
    await place.append(["1", "2"])
    await place.append(["3"])
    assert await place.last() == "3"
    assert await told(place) == ["1", "2", "3"]


def anchor(number: int, at: str = "2026-11-30T10:00:00Z") -> str:
    key = SigningKey(Ed25519PrivateKey.generate(), "k")
    told = Told(number - 1, "before") if number > 1 else None
    return Anchor.signed(key, told, service="toy", at=at, position=number, hash="0" * 64).document


async def test_a_bucket_keeps_each_anchor_once_and_lists_the_newest_first() -> None:
    place = BucketPlace(MemoryStore(), "toy", "bucket s3://anchors")
    assert await place.last() is None
    documents = [anchor(number) for number in range(1, 41)]
    await place.append(documents[:20])
    await place.append(documents[19:])
    assert await place.last() == documents[-1]
    assert await told(place) == documents
    with pytest.raises(AnchorError, match="holds another anchor"):
        await place.append([anchor(7, at="2026-11-30T10:00:01Z")])
    assert await told(place) == documents


def settings(anchors: str, **more: str) -> Settings:
    return Settings(
        database_url="postgresql:///none", oidc_issuer="https://i.test", audit_anchors=anchors, **more
    )


def test_settings_name_any_number_of_places() -> None:
    assert places_of(settings(""), "toy") == []
    names = [
        place.name
        for place in places_of(settings("file:/a, kafka:,kafka:t", kafka_bootstrap_servers="k:1"), "toy")
    ]
    assert names == ["file /a/toy.jsonl", "topic toy.audit-anchors", "topic t"]
    assert [place.name for place in places_of(settings("s3://b/p"), "toy")] == ["bucket s3://b/p"]


@pytest.mark.parametrize("anchors", ["file:", "s3:bucket", "s3://", "kafka:"])
def test_what_is_no_place_is_refused(anchors: str) -> None:
    with pytest.raises(ValueError, match="PURVEYOR_"):
        places_of(settings(anchors), "toy")
