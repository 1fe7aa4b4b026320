"""Every message is an event that the CloudEvents SDK takes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event

count = 0
for line in Path(sys.argv[1]).read_text().splitlines():
    message = json.loads(line)
    headers = {name: text.encode() for name, text in message["headers"].items()}
    event = from_binary_event(KafkaMessage(headers, message["key"].encode(), message["value"].encode()))
    assert event.get_subject() == message["key"]
    assert event.get_extension("streamsequence") == message["headers"]["ce_streamsequence"]
    assert event.get_data() == json.loads(message["value"])
    count += 1
sys.stdout.write(f"{count} messages\n")
