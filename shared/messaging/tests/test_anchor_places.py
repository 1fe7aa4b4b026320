"""Anchors go to the places that settings name, a topic of a real Kafka among them."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from purveyor.anchors import FilePlace
from purveyor.settings import Settings
from purveyor_messaging.anchor_places import KafkaPlace, places_of
from purveyor_messaging.kafka_cluster import KafkaCluster


async def told(place: KafkaPlace | FilePlace) -> list[str]:
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


@pytest.mark.parametrize("anchors", ["file:", "s3:bucket", "kafka:"])
def test_what_is_no_place_is_refused(anchors: str) -> None:
    with pytest.raises(ValueError, match="PURVEYOR_"):
        places_of(settings(anchors), "toy")
