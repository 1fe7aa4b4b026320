"""What compose and Kubernetes run is what the program can do, and every service is there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from pydantic import SecretStr

from procurement.settings import ProcurementSettings
from purveyor.service import ServiceContext
from purveyor.settings import Settings
from purveyor_cli.main import app
from purveyor_cli.services import SERVICE_NAMES
from purveyor_contract.roles import SCOPES_OF, Role
from purveyor_messaging.metrics import MessagingMetrics
from sourcing.settings import SourcingSettings

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = {name: service for name, service in COMPOSE.items() if name.startswith(SERVICE_NAMES)}
REALM: dict[str, Any] = json.loads((ROOT / "deploy/keycloak/purveyor-realm.json").read_text())
TRYING_OUT: dict[str, Any] = json.loads((ROOT / "deploy/k8s/overlays/dev/purveyor-realm.json").read_text())
MANIFESTS = [path for path in (ROOT / "deploy/k8s").rglob("*.yaml") if "overlays" not in path.parts]


def test_compose_runs_a_migration_an_api_and_a_worker_of_every_service() -> None:
    expected = {f"{service}-{part}" for service in SERVICE_NAMES for part in ("migrate", "api", "worker")}
    assert OURS.keys() == expected


@pytest.mark.parametrize("name", OURS)
def test_a_container_runs_a_command_that_there_is(name: str) -> None:
    command = typer.main.get_command(app)
    arguments = list(OURS[name]["command"])
    while arguments and not arguments[0].startswith("-"):
        command = command.get_command(None, arguments.pop(0))  # type: ignore[attr-defined]
    context = command.make_context("purveyor", arguments)
    assert str(context.params["service"]) == name.removesuffix("-migrate").removesuffix("-api").removesuffix(
        "-worker"
    )


@pytest.mark.parametrize("name", [name for name in OURS if not name.endswith("-migrate")])
def test_a_service_starts_after_its_migration_and_what_it_stands_on(name: str) -> None:
    waits_for = {other: needed["condition"] for other, needed in OURS[name]["depends_on"].items()}
    service = name.removesuffix("-api").removesuffix("-worker")
    assert waits_for == {
        f"{service}-migrate": "service_completed_successfully",
        "kafka": "service_healthy",
        "keycloak": "service_healthy",
    }


@pytest.mark.parametrize("name", [name for name in COMPOSE if not name.endswith(("-migrate", "reconcile"))])
def test_everything_that_answers_has_a_health_check(name: str) -> None:
    assert COMPOSE[name]["healthcheck"]["test"]


@pytest.mark.parametrize("service", SERVICE_NAMES)
def test_kubernetes_gives_every_service_its_name_and_its_database(service: str) -> None:
    instance = yaml.safe_load((ROOT / f"deploy/k8s/base/{service}/kustomization.yaml").read_text())
    assert instance["namePrefix"] == f"{service}-"
    assert {"value": f"{service}-database"}.items() <= yaml.safe_load(instance["patches"][0]["patch"])[
        0
    ].items()
    assert service in yaml.safe_load((ROOT / "deploy/k8s/base/kustomization.yaml").read_text())["resources"]


def test_every_setting_that_a_deployment_sets_is_a_setting() -> None:
    of_services = (Settings, SourcingSettings, ProcurementSettings)
    known = {f"PURVEYOR_{field.upper()}" for settings in of_services for field in settings.model_fields}
    known |= {"PURVEYOR_HOST", "PURVEYOR_PORT"}  # of `purveyor serve`
    known |= {f"PURVEYOR_{name.upper().replace('-', '_')}_DATABASE_URL" for name in SERVICE_NAMES}
    in_compose = {name for service in OURS.values() for name in service["environment"]}
    manifests = "".join(path.read_text() for path in (ROOT / "deploy/k8s").rglob("*.yaml"))
    in_kubernetes = set(re.findall(r"\b(PURVEYOR_[A-Z_]+)\b", manifests))
    of_postgres = {f"PURVEYOR_{duty}_PASSWORD" for duty in ("DATABASE", "MIGRATION", "SEALING")}
    assert (in_compose | in_kubernetes) - of_postgres <= known


def test_keys_of_bank_accounts_reach_the_service_that_they_are_for_and_no_other() -> None:
    for service, settings in (("sourcing", SourcingSettings), ("procurement", ProcurementSettings)):
        names = [name for name in settings.model_fields if name.startswith("bank_account")]
        own = {f"PURVEYOR_{name.upper()}" for name in names}
        for name, container in OURS.items():
            assert (own <= container["environment"].keys()) == name.startswith(service), name
        manifest = (ROOT / f"deploy/k8s/base/{service}/kustomization.yaml").read_text()
        assert f"name: {service}-bank-accounts" in manifest
        told = (ROOT / "docs/operate/bank-accounts.md").read_text()
        assert all(setting in told for setting in own)


@pytest.mark.parametrize("role", Role)
def test_keycloak_gives_a_role_the_scopes_that_the_local_issuer_gives(role: Role) -> None:
    granted = {mapping["clientScope"] for mapping in REALM["scopeMappings"] if role in mapping["roles"]}
    assert granted == SCOPES_OF[role]


def test_no_scope_in_keycloak_is_for_everybody() -> None:
    mapped = {mapping["clientScope"] for mapping in REALM["scopeMappings"] if mapping["roles"]}
    offered = {scope for client in REALM["clients"] for scope in client["defaultClientScopes"]}
    assert offered - {"purveyor"} <= mapped


def test_keycloak_gives_short_tokens_to_nobody_who_guesses_or_hands_a_password_to_a_program() -> None:
    assert REALM["sslRequired"] == "all"
    assert REALM["accessTokenLifespan"] <= 300
    assert REALM["ssoSessionIdleTimeout"] <= 1800
    assert REALM["revokeRefreshToken"]
    assert REALM["bruteForceProtected"]
    assert REALM["failureFactor"] <= 5
    assert REALM["passwordPolicy"].startswith("length(14)")
    assert REALM["adminEventsEnabled"]
    assert not any(client["directAccessGrantsEnabled"] for client in REALM["clients"])
    assert not any("*" in uri for client in REALM["clients"] for uri in client.get("redirectUris", ()))


def test_nobody_has_a_password_that_everybody_knows_outside_the_development_overlay() -> None:
    assert not any("secret" in client for client in REALM["clients"]), "Keycloak makes one"
    assert not any("credentials" in user for user in REALM["users"])
    assert not any("literals" in path.read_text().partition("secretGenerator")[2] for path in MANIFESTS)


def test_the_realm_for_trying_out_is_that_of_production_but_for_its_people_and_how_they_log_in() -> None:
    clients = ({client["clientId"]: client for client in realm["clients"]} for realm in (REALM, TRYING_OUT))
    strict, open_ = clients
    differ = {
        (name, field)
        for name in strict.keys() | open_.keys()
        for field in strict[name].keys() | open_[name].keys()
        if strict[name].get(field) != open_[name].get(field)
    }
    assert differ == {
        *(("purveyor-cli", field) for field in ("directAccessGrantsEnabled", "standardFlowEnabled")),
        *(("purveyor-cli", field) for field in ("redirectUris", "webOrigins", "attributes")),
        ("purveyor-import", "secret"),
    }
    fields = {name for name in REALM.keys() | TRYING_OUT.keys() if REALM.get(name) != TRYING_OUT.get(name)}
    assert fields == {
        "clients",
        "users",
        "sslRequired",
        "accessTokenLifespan",
        "verifyEmail",
        "passwordPolicy",
    }
    assert TRYING_OUT["bruteForceProtected"]


def test_numbers_have_a_port_of_their_own_that_only_prometheus_reaches() -> None:
    for name, service in OURS.items():
        published = [port.rpartition(":")[2] for port in service.get("ports", ())]
        assert service["environment"]["PURVEYOR_METRICS_PORT"] not in published, name
    for part in ("api", "worker"):
        documents = yaml.safe_load_all((ROOT / f"deploy/k8s/base/service/{part}.yaml").read_text())
        manifests = {document["kind"]: document for document in documents}
        (container,) = next(iter(manifests.values()))["spec"]["template"]["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        assert {"name": "PURVEYOR_METRICS_PORT", "value": str(ports["metrics"])} in container["env"]
        assert [port["targetPort"] for port in manifests["Service"]["spec"]["ports"]] == ["http"]
    policies = yaml.safe_load_all((ROOT / "deploy/k8s/base/network.yaml").read_text())
    rules = [rule for policy in policies for rule in policy["spec"].get("ingress", ())]
    opened = [rule for rule in rules if {"port": "metrics"} in rule["ports"]]
    assert [bool(rule["from"]) for rule in opened] == [True]
    scrape = (ROOT / "deploy/prometheus/scrape.yaml").read_text()
    assert "regex: purveyor;metrics" in scrape


def alerts() -> list[dict[str, Any]]:
    """Return every alert that Prometheus is given as an example."""
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yaml").read_text())
    return [rule for group in rules["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: str(alert["alert"]))
def test_an_alert_stands_on_numbers_that_there_are_and_has_a_runbook(alert: dict[str, Any]) -> None:
    settings = Settings(database_url=SecretStr("postgresql:///none"), oidc_issuer="https://issuer.test")
    registry = ServiceContext.create("procurement", settings).metrics.registry
    MessagingMetrics(registry)
    named = {name for family in registry.collect() for name in (family.name, f"{family.name}_total")}
    metrics = set(re.findall(r"purveyor_\w+", alert["expr"]))
    assert metrics
    assert metrics <= named
    path, _, anchor = alert["annotations"]["runbook"].partition("#")
    runbook = (ROOT / path).read_text()
    assert all(metric in runbook for metric in metrics), "it says what the number means"
    headings = re.findall(r"^#+ (.+)$", runbook, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert not anchor or anchor in anchors
