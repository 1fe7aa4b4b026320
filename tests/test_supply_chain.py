"""What is pinned is listed, and nobody claims more about it than they could ask: yes, no, or unknown."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
NAMED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)
HASH = "a" * 64


@contextmanager
def database_of_vulnerabilities(known: dict[str, Any]) -> Iterator[str]:
    """Answer as OSV does, the same about everything."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            content = json.dumps(known).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def sbom(folder: Path, lock: Path, source: str) -> tuple[int, str]:
    environment = os.environ | {"PIP_AUDIT_ARGS": f"--vulnerability-service osv --osv-url {source}"}
    arguments = (ROOT / ".ci/sbom", BIN, lock, folder / "dist")
    done = subprocess.run(
        arguments, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.lock"
    path.write_text(f"packaging==24.0 \\\n    --hash=sha256:{HASH}\n")
    return path


def test_the_bill_of_materials_lists_all_that_the_lock_pins_with_its_hashes(tmp_path: Path) -> None:
    lock = ROOT / "requirements.lock"
    bill = tmp_path / "bill.json"
    command = (BIN / "cyclonedx-py", "requirements", "--output-reproducible", "-o", bill, lock)
    subprocess.run(command, check=True, timeout=120)
    components = json.loads(bill.read_text())["components"]
    assert {(one["name"], one["version"]) for one in components} == set(NAMED.findall(lock.read_text()))
    assert all(one["externalReferences"][0]["hashes"] for one in components)


def test_what_is_not_known_to_be_vulnerable_passes(tmp_path: Path, lock: Path) -> None:
    with database_of_vulnerabilities({}) as source:
        code, said = sbom(tmp_path, lock, source)
    assert (code, "known to be vulnerable" in said) == (0, True), said


def test_what_is_known_to_be_vulnerable_fails(tmp_path: Path, lock: Path) -> None:
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "24.1"}]}]
    affected = [
        {"package": {"ecosystem": "PyPI", "name": "packaging"}, "ranges": ranges, "versions": ["24.0"]}
    ]
    known = {"vulns": [{"id": "PYSEC-0000-1", "summary": "Bad", "details": "", "affected": affected}]}
    with database_of_vulnerabilities(known) as source:
        code, said = sbom(tmp_path, lock, source)
    assert code == 1, said
    assert "PYSEC-0000-1" in (tmp_path / "dist/vulnerabilities.json").read_text()


def test_when_nobody_can_be_asked_the_bill_is_written_and_nothing_is_claimed(
    tmp_path: Path, lock: Path
) -> None:
    code, said = sbom(tmp_path, lock, "http://127.0.0.1:9")
    assert (code, "NOT AUDITED" in said) == (3, True), said
    assert "packaging" in (tmp_path / "dist/purveyor.cdx.json").read_text()


def test_without_a_lock_there_is_no_bill(tmp_path: Path) -> None:
    assert sbom(tmp_path, tmp_path / "none.lock", "http://127.0.0.1:9")[0] == 2


def test_an_image_of_others_has_a_digest_or_an_excuse() -> None:
    done = subprocess.run((ROOT / "deploy/images",), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "config", sorted((ROOT / "deploy/checkov").glob("*.yaml")), ids=lambda path: path.stem
)
def test_each_exception_from_checkov_is_explained(config: Path) -> None:
    reason = False
    for line in config.read_text().partition("skip-check:")[2].splitlines():
        if line.strip().startswith("#"):
            reason = True
        elif line.strip():
            of_the_base = config.stem == "development" and line.split()[1] in excused_in_the_base()
            assert reason or "#" in line or of_the_base, f"{config.name}: {line.strip()} has no reason"


def excused_in_the_base() -> set[str]:
    return set(yaml.safe_load((ROOT / "deploy/checkov/kubernetes.yaml").read_text())["skip-check"])
