"""Whom platform services let in: their own network rules, private ways, and what is not told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.paas import Admission, Services
from diagramgen.analyse.paas.gates import PLANS
from diagramgen.analyse.paas.services import NO_DATA_PLANE
from diagramgen.analyse.tags import ServiceTags
from diagramgen.located import Place
from diagramgen.model.build import build_topology
from diagramgen.model.kinds import KINDS
from diagramgen.model.topology import Resource, Topology
from diagramgen.model.traffic import (
    NAMELESS_BASE,
    NO_RANGES,
    Ranges,
    difference,
    overlap,
    parse_addresses,
    union,
)
from diagramgen.read import Source, read_records

ROOT = "/subscriptions/s/resourcegroups/g/providers"
VNET = f"{ROOT}/microsoft.network/virtualnetworks/vnet"
APP = f"{VNET}/subnets/app"
ENDPOINTS = f"{VNET}/subnets/endpoints"
STORAGE = "microsoft.storage/storageaccounts"
SQL = "microsoft.sql/servers"
SITE = "microsoft.web/sites"
CLIENT = "10.0.1.4"
STRANGER = "198.51.100.200"
DENY = {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Deny"}}


def resource(
    rid: str, properties: Any, parent: str = "", location: str = "westeurope", **envelope: Any
) -> Resource:
    """A resource of an export; its type and name are those of its id."""
    kind, *rest = rid.rpartition("/providers/")[2].split("/", 1)
    steps = rest[0].split("/")
    type_name = "/".join([kind, *steps[::2]])
    above = parent or (rid.rsplit("/", 2)[0] if len(steps) > 2 else "")
    place = Place("a.json", ("value", steps[-1]))
    return Resource(rid, type_name, steps[-1], steps[-1], above or None, properties,
                    {**envelope, **({"parent": above} if above else {})}, location, place)  # fmt: skip


def service(type_name: str, properties: Any, name: str = "one", **envelope: Any) -> Resource:
    """A service of an export."""
    return resource(f"{ROOT}/{type_name}/{name}", properties, **envelope)


def network(*endpoints: str, **subnet: Any) -> list[Resource]:
    """A VNet with a subnet for clients, where service endpoints are on, and one for private endpoints."""
    return [
        resource(VNET, {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}),
        resource(APP, {"addressPrefix": "10.0.1.0/24",
                       "serviceEndpoints": [{"service": name, "locations": ["westeurope"]} for name in endpoints],
                       **subnet}, VNET),
        resource(ENDPOINTS, {"addressPrefix": "10.0.2.0/24"}, VNET),
    ]  # fmt: skip


def private_endpoint(target: str, state: str | None = "Approved", *groups: str, name: str = "pe") -> Resource:
    """A private endpoint in the subnet for them."""
    connection: dict[str, Any] = {"privateLinkServiceId": target, "groupIds": list(groups)}
    if state is not None:
        connection["privateLinkServiceConnectionState"] = {"status": state}
    return resource(f"{ROOT}/microsoft.network/privateendpoints/{name}", {
        "subnet": {"id": ENDPOINTS}, "customDnsConfigs": [{"ipAddresses": ["10.0.2.5"]}],
        "privateLinkServiceConnections": [{"name": "c", "properties": connection}],
    })  # fmt: skip


def services(*resources: Resource, tags: ServiceTags | None = None) -> Services:
    """The services of a topology that holds these resources."""
    topology = Topology({r.id: r for r in sorted(resources, key=lambda r: r.id)})
    return Services(topology, Addresses(topology), tags)


def read(text: str) -> Services:
    """The services of a spec, or of an export."""
    topology = build_topology(read_records([Source("a.yaml", text.encode())]))
    return Services(topology, Addresses(topology))


def only(admissions: Iterable[Admission]) -> tuple[str, str]:
    """The one answer to all callers, in short."""
    (found,) = admissions
    return found.verdict, found.decided_by


def at(address: str) -> Ranges:
    return parse_addresses(address) or NO_RANGES


def ask(
    one: Resource, address: str = STRANGER, subnet: str | None = None, *others: Resource
) -> tuple[str, str]:
    """What a service says to one caller, in short."""
    return only(services(one, *others).public(one.id, at(address), subnet))


def internet(one: Resource, *others: Resource, **options: Any) -> dict[str, tuple[str, bool]]:
    """What a service says to the Internet: by code the verdict and whether it is broad."""
    found = services(one, *others)
    answers = found.public(one.id, found.addresses.internet, **options)
    return {answer.decided_by: (answer.verdict, answer.is_broad) for answer in answers}


# The vectors


def test_ps_01_default_action_allow_lets_everyone_in_whatever_the_rules_and_endpoints() -> None:
    acls = {"defaultAction": "Allow", "ipRules": [{"value": "203.0.113.0/24"}]}
    one = service(STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": acls})
    found = services(one, *network(), private_endpoint(one.id))
    (answer,) = found.public(one.id, at(STRANGER))
    assert (answer.verdict, answer.decided_by, answer.is_broad) == (
        "allowed",
        "public:defaultAction=Allow",
        True,
    )
    assert answer.rule is not None and answer.rule.kind == "paas" and answer.rule.stage == "service"
    assert answer.rule.place.path[-3:] == ("properties", "networkAcls", "defaultAction")
    assert found.is_public_open(one.id) == "allowed"


def test_ps_03_08_09_an_approved_endpoint_leads_in_though_public_access_is_off() -> None:
    one = service(STORAGE, {"publicNetworkAccess": "Disabled", "networkAcls": {"defaultAction": "Deny"}})
    found = services(one, *network(), private_endpoint(one.id, "Approved", "blob"))
    assert only(found.public(one.id, at(CLIENT), APP)) == ("denied", "public:disabled")
    assert found.is_public_open(one.id) == "denied"
    (path,) = found.private_paths(one.id)
    assert (path.is_approved, path.subnet, path.vnet, path.addresses) == (
        True,
        ENDPOINTS,
        VNET,
        at("10.0.2.5"),
    )
    assert path.rule.kind == "private-link" and path.rule.stage == "service"
    assert path.rule.place.path[-2:] == ("privateLinkServiceConnections", 0)


def test_ps_04_a_subnet_rule_lets_in_over_the_service_endpoint() -> None:
    one = service(
        STORAGE, {**DENY, "networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": [{"id": APP}]}}
    )
    found = services(one, *network("Microsoft.Storage"))
    (answer,) = found.public(one.id, at(CLIENT), APP)
    assert (answer.verdict, answer.decided_by, answer.is_broad) == ("allowed", "vnetRule", False)
    assert answer.rule is not None and answer.rule.place.path[-2:] == ("virtualNetworkRules", 0)
    assert not found.errors(one.id)


def test_ps_05_a_subnet_rule_without_the_endpoint_lets_nobody_in_and_is_told() -> None:
    one = service(
        STORAGE, {**DENY, "networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": [{"id": APP}]}}
    )
    found = services(one, *network())
    assert only(found.public(one.id, at(CLIENT), APP)) == ("denied", "public:defaultAction=Deny")
    (error,) = found.errors(one.id)
    assert "has no service endpoint" in error.text and error.place.path[-1] == 0


def test_ps_07_an_endpoint_for_one_subresource_leaves_the_others_on_the_public_endpoint() -> None:
    one = service(STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Allow"}})
    found = services(one, *network(), private_endpoint(one.id, "Approved", "blob"))
    (path,) = found.private_paths(one.id)
    assert (path.serves("blob"), path.serves("file"), path.serves("")) == (True, False, True)
    (answer,) = found.public(one.id, at(CLIENT), APP, "file")
    assert (answer.verdict, answer.decided_by, answer.is_broad) == (
        "allowed",
        "public:defaultAction=Allow",
        True,
    )


def test_ps_10_a_perimeter_that_is_not_in_the_input_leaves_all_open() -> None:
    one = service(STORAGE, {"publicNetworkAccess": "SecuredByPerimeter"})
    assert ask(one) == ("unknown", "nsp")


def test_ps_13_sql_without_server_rules_is_unknown_as_databases_have_rules_of_their_own() -> None:
    p = {"publicNetworkAccess": "Enabled", "firewallRules": [], "virtualNetworkRules": []}
    assert ask(service(SQL, p)) == ("unknown", "sql:server-default-deny; db-level rules not visible")


def test_ps_14_a_private_range_among_the_rules_lets_nobody_in_and_is_an_error() -> None:
    one = service(
        STORAGE, {**DENY, "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "10.0.0.0/8"}]}}
    )
    for subnet in (None, APP):
        assert ask(one, CLIENT, subnet, *network()) == ("denied", "invalid-rule")
    (error,) = services(one).errors(one.id)
    assert "private" in error.text and error.place.path[-3:] == ("networkAcls", "ipRules", 0)
    assert ask(one) == ("denied", "public:defaultAction=Deny")


def test_ps_15_an_endpoint_policy_lets_a_subnet_reach_what_it_lists_alone() -> None:
    a, b = (service(STORAGE, {**DENY, "networkAcls": {"defaultAction": "Allow"}}, name) for name in "ab")
    pid = f"{ROOT}/microsoft.network/serviceendpointpolicies/sep"
    definition = {"properties": {"service": "Microsoft.Storage", "serviceResources": [a.id]}}
    policy = resource(pid, {"serviceEndpointPolicyDefinitions": [definition]})
    net = network("Microsoft.Storage", serviceEndpointPolicies=[{"id": pid}])
    found = services(a, b, policy, *net)
    answers = [found.endpoint_policy(APP, one.id) for one in (a, b)]
    assert [one and (one.verdict, one.decided_by) for one in answers] == [
        ("allowed", "service-endpoint-policy"), ("denied", "service-endpoint-policy"),
    ]  # fmt: skip
    assert answers[0] and answers[0].rule and "serviceEndpointPolicyDefinitions" in answers[0].rule.place.path
    apart = resource(f"{pid}/serviceendpointpolicydefinitions/d", definition["properties"])
    answer = services(b, policy._replace(properties={}), apart, *net).endpoint_policy(APP, b.id)
    assert answer is not None and answer.verdict == "denied"
    absent = services(a, b, *net).endpoint_policy(APP, b.id)
    assert absent is not None and absent.verdict == "unknown"
    assert services(a, b, policy, *network("Microsoft.Storage")).endpoint_policy(APP, b.id) is None


def test_op_07_service_endpoints_do_not_serve_on_premises() -> None:
    one = service(
        STORAGE, {**DENY, "networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": [{"id": APP}]}}
    )
    found = services(one, *network("Microsoft.Storage"))
    for site in (at("172.20.1.1"), ((NAMELESS_BASE + 900, NAMELESS_BASE + 900),)):
        (answer,) = found.public(one.id, site)
        assert answer.verdict == "denied"
        assert answer.rule is not None and (answer.rule.control, answer.rule.kind) == (one.id, "paas")


# The public endpoint


def test_every_service_of_the_table_of_types_is_judged_or_has_no_data_plane() -> None:
    kinds = {kind.type for kind in KINDS.values() if kind.home == "service"}
    assert kinds - NO_DATA_PLANE == set(PLANS)


def test_address_rules_cut_the_internet_in_two() -> None:
    acls = {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}, {"value": "198.51.100.7"}]}
    one = service(STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": acls})
    found = services(one)
    answers = found.public(one.id, found.addresses.internet)
    assert [(a.verdict, a.decided_by, a.is_broad) for a in answers] == [
        ("allowed", "ipRule", False), ("allowed", "ipRule", False), ("denied", "public:defaultAction=Deny", False),
    ]  # fmt: skip
    assert [a.sources for a in answers[:2]] == [at("203.0.113.0/24"), at("198.51.100.7")]
    assert found.is_public_open(one.id) == "allowed"


def test_a_huge_address_rule_is_broad() -> None:
    rule = resource(f"{ROOT}/{SQL}/one/firewallrules/all",
                    {"startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"})  # fmt: skip
    one = service(SQL, {"publicNetworkAccess": "Enabled"})
    assert internet(one, rule)["ipRule"] == ("allowed", True)


def test_a_client_with_an_unknown_public_address_is_unknown_to_address_rules() -> None:
    rules = {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}
    one = service("microsoft.keyvault/vaults", {"publicNetworkAccess": "Enabled", "networkAcls": rules})
    found = services(one, *network())
    assert only(found.public(one.id, at(CLIENT), APP)) == ("unknown", "ipRule")
    assert only(found.public(one.id, at("172.20.1.1"))) == ("unknown", "ipRule")
    assert only(found.public(one.id, at(CLIENT), APP, egress=at("203.0.113.9"))) == ("allowed", "ipRule")
    assert only(found.public(one.id, at(CLIENT), APP, egress=at("192.0.2.9")))[0] == "denied"


def test_over_a_service_endpoint_address_rules_match_nobody() -> None:
    rules = {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}
    one = service("microsoft.keyvault/vaults", {"publicNetworkAccess": "Enabled", "networkAcls": rules})
    assert ask(one, CLIENT, APP, *network("Microsoft.KeyVault")) == ("denied", "public:defaultAction=Deny")


def test_address_rules_of_storage_do_not_see_their_own_region() -> None:
    rules = {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]}
    p = {"publicNetworkAccess": "Enabled", "networkAcls": rules}
    assert ask(service(STORAGE, p), CLIENT, APP, *network())[0] == "denied"
    assert ask(service(STORAGE, p, location="eastus"), CLIENT, APP, *network())[0] == "unknown"


@pytest.mark.parametrize(
    ("endpoint", "verdict"),
    [
        ({"service": "Microsoft.Storage", "locations": ["eastus", "westus"]}, "denied"),
        ({"service": "Microsoft.Storage", "locations": ["West Europe"]}, "allowed"),
        ({"service": "Microsoft.Storage.Global", "locations": ["*"]}, "allowed"),
        ({"service": "Microsoft.Storage", "locations": ["*"], "provisioningState": "Failed"}, "unknown"),
        ({"service": "Microsoft.Storage"}, "allowed"),
        ({"service": "Microsoft.Sql", "locations": ["*"]}, "denied"),
        ({"service": 7}, "unknown"),
        ("Microsoft.Storage", "unknown"),
    ],
)
def test_an_endpoint_serves_its_service_in_its_regions(endpoint: Any, verdict: str) -> None:
    acls = {"defaultAction": "Deny", "virtualNetworkRules": [{"id": APP.upper()}]}
    one = service(STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": acls})
    assert ask(one, CLIENT, APP, *network(serviceEndpoints=[endpoint]))[0] == verdict


def test_a_subnet_outside_the_input_is_unknown() -> None:
    acls = {"defaultAction": "Deny", "virtualNetworkRules": [{"id": APP}]}
    one = service(STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": acls})
    assert ask(one, CLIENT, APP)[0] == "unknown"


@pytest.mark.parametrize(
    ("state", "verdict"), [("NetworkSourceDeleted", "denied"), ("Provisioning", "unknown")]
)
def test_a_subnet_rule_that_does_not_work_yet_is_not_counted_on(state: str, verdict: str) -> None:
    acls = {"defaultAction": "Deny", "virtualNetworkRules": [{"id": APP, "state": state}]}
    one = service(STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": acls})
    assert ask(one, CLIENT, APP, *network("Microsoft.Storage"))[0] == verdict


@pytest.mark.parametrize(
    ("type_name", "properties", "answer"),
    [
        (STORAGE, {}, ("unknown", "public:not in the input")),
        (STORAGE, {"publicNetworkAccess": "Enabled"}, ("unknown", "public:rules not in the input")),
        (STORAGE, {"networkAcls": {"defaultAction": "Allow"}}, ("allowed", "public:defaultAction=Allow")),
        (STORAGE, {"networkAcls": {"defaultAction": "Audit"}}, ("unknown", "public:defaultAction not in the input")),
        ("microsoft.keyvault/vaults", {"publicNetworkAccess": "enabled"}, ("allowed", "public:defaultAction=Allow")),
        ("microsoft.keyvault/vaults", {"vaultUri": "x"}, ("unknown", "public:publicNetworkAccess not in the input")),
        ("microsoft.keyvault/vaults", {"networkAcls": {"defaultAction": "Deny"}},
         ("denied", "public:defaultAction=Deny")),
        ("microsoft.cognitiveservices/accounts", {"publicNetworkAccess": "Enabled"},
         ("allowed", "public:defaultAction=Allow")),
        ("microsoft.containerregistry/registries", {"publicNetworkAccess": "Enabled"},
         ("unknown", "public:rules not in the input")),
        (SQL, {"publicNetworkAccess": "Enabled"}, ("unknown", "public:rules not in the input")),
        (SQL, {"publicNetworkAccess": "Disabled"}, ("denied", "public:disabled")),
        ("microsoft.dbforpostgresql/flexibleservers", {"network": {"publicNetworkAccess": "Disabled"}},
         ("denied", "public:disabled")),
        ("microsoft.dbformysql/flexibleservers", {"network": {"publicNetworkAccess": "Enabled"}, "firewallRules": []},
         ("denied", "server-default-deny")),
        ("microsoft.dbforpostgresql/servers", {"publicNetworkAccess": "Enabled", "firewallRules": []},
         ("denied", "server-default-deny")),
        ("microsoft.synapse/workspaces", {"publicNetworkAccess": "Enabled"},
         ("unknown", "public:rules not in the input")),
        ("microsoft.documentdb/databaseaccounts",
         {"publicNetworkAccess": "Enabled", "ipRules": [], "isVirtualNetworkFilterEnabled": False},
         ("allowed", "public:no-rules")),
        ("microsoft.documentdb/databaseaccounts", {"publicNetworkAccess": "Enabled"},
         ("unknown", "public:rules not in the input")),
        ("microsoft.documentdb/databaseaccounts",
         {"publicNetworkAccess": "Enabled", "isVirtualNetworkFilterEnabled": True, "virtualNetworkRules": [APP]},
         ("denied", "public:defaultAction=Deny")),
        ("microsoft.documentdb/databaseaccounts",
         {"publicNetworkAccess": "Enabled", "isVirtualNetworkFilterEnabled": True},
         ("unknown", "public:filter without rules")),
        ("microsoft.documentdb/databaseaccounts",
         {"publicNetworkAccess": "Enabled", "ipRangeFilter": "203.0.113.0/24,198.51.100.200"}, ("allowed", "ipRule")),
        ("microsoft.cache/redis", {"publicNetworkAccess": "Enabled", "firewallRules": []},
         ("allowed", "public:no-rules")),
        ("microsoft.cache/redis", {"publicNetworkAccess": "Enabled"}, ("unknown", "public:rules not in the input")),
        ("microsoft.cache/redis", {"publicNetworkAccess": "Enabled", "subnetId": APP}, ("denied", "public:none")),
        ("microsoft.eventgrid/topics", {"publicNetworkAccess": "Enabled"}, ("allowed", "public:no-rules")),
        ("microsoft.eventgrid/topics",
         {"publicNetworkAccess": "Enabled", "inboundIpRules": [{"ipMask": "203.0.113.0/24", "action": "Allow"}]},
         ("denied", "public:defaultAction=Deny")),
        ("microsoft.search/searchservices", {"publicNetworkAccess": "enabled", "networkRuleSet": {"ipRules": []}},
         ("allowed", "public:no-rules")),
        ("microsoft.search/searchservices", {"publicNetworkAccess": "enabled"},
         ("unknown", "public:rules not in the input")),
        ("microsoft.machinelearningservices/workspaces",
         {"publicNetworkAccess": "Enabled", "ipAllowlist": ["203.0.113.0/24"]},
         ("denied", "public:defaultAction=Deny")),
        ("microsoft.batch/batchaccounts", {"publicNetworkAccess": "Enabled"},
         ("allowed", "public:defaultAction=Allow")),
        ("microsoft.batch/batchaccounts",
         {"publicNetworkAccess": "Enabled", "networkProfile": {"accountAccess": {"defaultAction": "Deny"}}},
         ("denied", "public:defaultAction=Deny")),
        ("microsoft.apimanagement/service", {"publicNetworkAccess": "Enabled", "virtualNetworkType": "None"},
         ("allowed", "public:enabled")),
        ("microsoft.apimanagement/service", {"publicNetworkAccess": "Enabled", "virtualNetworkType": "Internal"},
         ("denied", "public:none")),
        ("microsoft.apimanagement/service", {"publicNetworkAccess": "Enabled", "virtualNetworkType": "External"},
         ("unknown", "api-management:NSG of the subnet decides")),
        ("microsoft.databricks/workspaces", {"publicNetworkAccess": "Enabled"},
         ("unknown", "databricks:IP access lists not visible")),
        ("microsoft.databricks/workspaces", {"publicNetworkAccess": "Disabled"}, ("denied", "public:disabled")),
        ("microsoft.netapp/netappaccounts", {"provisioningState": "Succeeded"}, ("denied", "public:none")),
        ("microsoft.datafactory/factories", {"provisioningState": "Succeeded"}, ("allowed", "public:enabled")),
        ("microsoft.datafactory/factories", {"publicNetworkAccess": "Disabled"}, ("denied", "public:disabled")),
        ("microsoft.automation/automationaccounts", {"publicNetworkAccess": False}, ("denied", "public:disabled")),
        ("microsoft.automation/automationaccounts", {"publicNetworkAccess": True}, ("allowed", "public:enabled")),
        ("microsoft.recoveryservices/vaults", {"publicNetworkAccess": "Enabled"}, ("allowed", "public:enabled")),
        ("microsoft.recoveryservices/vaults", {"x": 1}, ("unknown", "public:publicNetworkAccess not in the input")),
        ("microsoft.operationalinsights/workspaces",
         {"publicNetworkAccessForIngestion": "Disabled", "publicNetworkAccessForQuery": "Disabled"},
         ("denied", "public:disabled")),
        ("microsoft.operationalinsights/workspaces", {"publicNetworkAccessForIngestion": "Disabled"},
         ("unknown", "public:publicNetworkAccess not in the input")),
        (STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": "Deny"}, ("unknown", "public:not-understood")),
        (STORAGE, {"publicNetworkAccess": ["Enabled"], "networkAcls": {"defaultAction": "Allow"}},
         ("unknown", "public:publicNetworkAccess not in the input")),
        (STORAGE, {"networkAcls": {"defaultAction": "Deny", "ipRules": "x y"}}, ("unknown", "public:not-understood")),
        (STORAGE, {"networkAcls": {"defaultAction": "Deny", "ipRules": 7}}, ("unknown", "public:not-understood")),
        (STORAGE, {"networkAcls": {"defaultAction": "Deny", "virtualNetworkRules": [7]}},
         ("unknown", "public:not-understood")),
        (STORAGE, {"networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": STRANGER, "action": "Drop"}]}},
         ("unknown", "public:not-understood")),
        ("microsoft.search/searchservices", {"publicNetworkAccess": "enabled", "networkRuleSet": 7},
         ("unknown", "public:not-understood")),
        ("microsoft.cache/redis",
         {"publicNetworkAccess": "Enabled", "firewallRules": [{"startIP": "203.0.113.0", "endIP": "203.0.113.9"}]},
         ("denied", "server-default-deny")),
        ("microsoft.apimanagement/service", {"publicNetworkAccess": "Enabled"},
         ("unknown", "public:virtualNetworkType not in the input")),
        (SITE, {"publicNetworkAccess": "Enabled", "siteConfig": {"ipSecurityRestrictions": 7}},
         ("unknown", "public:not-understood")),
        (SITE, {"publicNetworkAccess": "Enabled", "siteConfig": {"ipSecurityRestrictions": [7]}},
         ("unknown", "public:not-understood")),
        (SITE, {"publicNetworkAccess": "Enabled",
                "siteConfig": {"ipSecurityRestrictions": [], "ipSecurityRestrictionsDefaultAction": "Deny"}},
         ("denied", "public:defaultAction=Deny")),
        (SITE, {"publicNetworkAccess": "Enabled",
                "siteConfig": {"ipSecurityRestrictions": [{"ipAddress": "Any", "action": "Allow", "priority": 1}]}},
         ("allowed", "ipRule")),
        (SITE, {"publicNetworkAccess": "Enabled",
                "siteConfig": {"ipSecurityRestrictions": [{"ipAddress": "10.0.0.0/8", "action": "Allow"}]}},
         ("denied", "public:defaultAction=Deny")),
        (SITE, {"publicNetworkAccess": "Enabled",
                "siteConfig": {"ipSecurityRestrictions": [{"ipAddress": "AnyVnets", "action": "Allow"}]}},
         ("denied", "public:defaultAction=Deny")),
        (SITE, {"publicNetworkAccess": "Enabled"}, ("unknown", "public:rules not in the input")),
        (SITE, {"publicNetworkAccess": "Disabled"}, ("denied", "public:disabled")),
        (SITE, {"publicNetworkAccess": "Enabled", "siteConfig": {"ipSecurityRestrictions": []}},
         ("allowed", "public:defaultAction=Allow")),
        (SITE, {"siteConfig": {"ipSecurityRestrictions": []}, "privateEndpointConnections": []},
         ("allowed", "public:defaultAction=Allow")),
        (SITE, {"siteConfig": {"ipSecurityRestrictions": []}},
         ("unknown", "public:publicNetworkAccess not in the input")),
    ],
)  # fmt: skip
def test_each_type_reads_its_own_rules(type_name: str, properties: Any, answer: tuple[str, str]) -> None:
    assert ask(service(type_name, properties)) == answer


@pytest.mark.parametrize("type_name", sorted(PLANS))
def test_a_service_that_only_others_name_is_unknown(type_name: str) -> None:
    ghost = service(type_name, {})._replace(type=type_name, is_ghost=True)
    assert ask(ghost) == ("unknown", "public:not in the input")


@pytest.mark.parametrize(
    "type_name", sorted(t for t in PLANS if t.startswith("microsoft.") and "netapp" not in t)
)
def test_public_access_disabled_denies_everyone(type_name: str) -> None:
    names = ("publicNetworkAccess", "publicNetworkAccessForIngestion", "publicNetworkAccessForQuery")
    one = service(type_name, dict.fromkeys(names, "Disabled"))
    if type_name.count("/") > 1:
        one = service(SQL, dict.fromkeys(names, "Disabled"))
    found = services(one, *network())
    assert found.is_public_open(one.id) == "denied"
    (answer,) = found.public(one.id, at(CLIENT), APP)
    assert answer.verdict == "denied" and answer.rule is not None
    assert "properties" in answer.rule.place.path and str(answer.rule.place.path[-1]).startswith(
        "publicNetworkAccess"
    )


def test_zero_in_a_sql_rule_lets_all_of_azure_in() -> None:
    rule = resource(f"{ROOT}/{SQL}/one/firewallrules/allowallwindowsazureips",
                    {"startIpAddress": "0.0.0.0", "endIpAddress": "0.0.0.0"})  # fmt: skip
    one = service(SQL, {"publicNetworkAccess": "Enabled"})
    found = services(one, rule, *network())
    answers = found.public(one.id, found.addresses.internet)
    assert [(a.verdict, a.decided_by, a.is_broad) for a in answers] == [
        ("allowed", "azure-services", True), ("unknown", "azure-services", True),
    ]  # fmt: skip
    assert answers[0].sources == found.azure
    assert answers[0].rule is not None and answers[0].rule.id == rule.id
    assert found.is_public_open(one.id) == "allowed"
    assert only(found.public(one.id, at(CLIENT), APP)) == ("allowed", "azure-services")
    over = services(one, rule, *network("Microsoft.Sql"))
    assert only(over.public(one.id, at(CLIENT), APP))[0] == "unknown"


def test_known_prefixes_tell_azure_from_the_rest() -> None:
    tags = ServiceTags("t.json", "Public", "1", {"azurecloud": ("20.0.0.0/8",)})
    rules = [{"startIpAddress": "0.0.0.0", "endIpAddress": "0.0.0.0"}]
    one = service("microsoft.dbforpostgresql/flexibleservers",
                  {"network": {"publicNetworkAccess": "Enabled"}, "firewallRules": rules})  # fmt: skip
    found = services(one, tags=tags)
    assert only(found.public(one.id, at("20.1.2.3"))) == ("allowed", "azure-services")
    assert only(found.public(one.id, at(STRANGER))) == ("denied", "server-default-deny")


def test_a_database_has_the_rules_and_ways_of_its_server() -> None:
    server = service(SQL, {"publicNetworkAccess": "Disabled"})
    database = resource(f"{server.id}/databases/orders", {"status": "Online"})
    found = services(server, database, *network(), private_endpoint(server.id))
    assert only(found.public(database.id, at(STRANGER))) == ("denied", "public:disabled")
    assert [path.service for path in found.private_paths(database.id)] == [database.id]
    alone = services(database)
    assert only(alone.public(database.id, at(STRANGER))) == ("unknown", "public:not in the input")


def test_messaging_reads_its_rule_set_and_deny_takes_effect_only_with_a_rule() -> None:
    type_name = "microsoft.eventhub/namespaces"
    one = service(type_name, {"publicNetworkAccess": "Enabled"}, sku={"name": "Standard"})
    rules = resource(f"{one.id}/networkrulesets/default", {"defaultAction": "Deny", "ipRules": []})
    assert ask(one) == ("unknown", "public:rules not in the input")
    assert ask(one, STRANGER, None, rules) == ("allowed", "public:no-rules")
    filled = rules._replace(properties={
        "defaultAction": "Deny", "ipRules": [{"ipMask": "203.0.113.0/24", "action": "Allow"}],
        "virtualNetworkRules": [{"subnet": {"id": APP}}], "trustedServiceAccessEnabled": True,
    })  # fmt: skip
    assert ask(one, STRANGER, None, filled) == ("denied", "public:defaultAction=Deny")
    assert ask(one, CLIENT, APP, filled, *network("Microsoft.EventHub")) == ("allowed", "vnetRule")
    (answer,) = services(one, filled).public(one.id, at("203.0.113.1"))
    assert answer.rule is not None and answer.rule.place == rules.place / "properties" / "ipRules" / 0
    assert [rule.text for rule in services(one, filled).trusted(one.id)] == ["allow trusted services"]
    assert ask(service(type_name, {"publicNetworkAccess": "Enabled"}, sku={"name": "Basic"}))[0] == "allowed"


def test_access_restrictions_are_read_in_order_of_priority() -> None:
    rules = [
        {"ipAddress": "Any", "action": "Deny", "priority": 2147483647, "name": "Deny all"},
        {"ipAddress": "198.51.100.0/24", "action": "Allow", "priority": 200},
        {"ipAddress": "198.51.100.200/32", "action": "Deny", "priority": 100},
        {"vnetSubnetResourceId": APP, "action": "Allow", "priority": 300},
    ]
    one = service(SITE, {"publicNetworkAccess": "Enabled"})
    config = resource(
        f"{one.id}/config/web", {"ipSecurityRestrictions": rules, "scmIpSecurityRestrictions": []}
    )
    assert ask(one, STRANGER, None, config) == ("denied", "ipRule")
    assert ask(one, "198.51.100.7", None, config) == ("allowed", "ipRule")
    assert ask(one, "192.0.2.1", None, config) == ("denied", "public:defaultAction=Deny")
    assert ask(one, CLIENT, APP, config, *network("Microsoft.Web")) == ("allowed", "vnetRule")
    found = services(one, config)
    assert only(found.public(one.id, at(STRANGER), subresource="scm"))[0] == "allowed"
    assert found.is_public_open(one.id) == "allowed"
    (answer,) = found.public(one.id, at(STRANGER))
    assert answer.rule is not None
    assert answer.rule.place == config.place / "properties" / "ipSecurityRestrictions" / 2


def test_restrictions_by_service_tag_or_header_leave_a_doubt() -> None:
    rule = {"ipAddress": "AzureFrontDoor.Backend", "tag": "ServiceTag", "action": "Allow", "priority": 100,
            "headers": {"x-azure-fdid": ["4711"]}}  # fmt: skip
    one = service(SITE, {"publicNetworkAccess": "Enabled", "siteConfig": {"ipSecurityRestrictions": [rule]}})
    assert internet(one) == {"serviceTag": ("unknown", False)}
    tags = ServiceTags("t.json", "Public", "1", {"azurefrontdoor.backend": ("147.243.0.0/16",)})
    assert only(services(one, tags=tags).public(one.id, at(STRANGER)))[0] == "denied"
    assert only(services(one, tags=tags).public(one.id, at("147.243.1.1")))[0] == "unknown"
    del rule["headers"]
    assert only(services(one, tags=tags).public(one.id, at("147.243.1.1")))[0] == "allowed"


def test_a_private_endpoint_turns_public_access_of_an_app_off_where_it_was_never_set() -> None:
    one = service(SITE, {"publicNetworkAccess": None, "siteConfig": {"ipSecurityRestrictions": []}})
    assert ask(one, STRANGER, None, *network(), private_endpoint(one.id)) == ("denied", "public:disabled")
    assert ask(one, STRANGER, None, *network(), private_endpoint(one.id, "Rejected"))[0] == "unknown"


@pytest.mark.parametrize(
    ("mode", "verdict"), [("Web, Publishing", "denied"), ("None", "allowed"), (None, "unknown")]
)
def test_an_app_in_an_internal_environment_has_no_public_address(mode: str | None, verdict: str) -> None:
    environment = resource(f"{ROOT}/microsoft.web/hostingenvironments/ase",
                           {"internalLoadBalancingMode": mode, "virtualNetwork": {"id": APP}})  # fmt: skip
    one = service(SITE, {"publicNetworkAccess": "Enabled", "hostingEnvironmentProfile": {"id": environment.id},
                         "siteConfig": {"ipSecurityRestrictions": []}})  # fmt: skip
    found = services(one, environment, *network())
    assert only(found.public(one.id, at(STRANGER)))[0] == verdict
    assert [path.kind for path in found.private_paths(one.id)] == (
        ["injected"] if verdict == "denied" else []
    )


@pytest.mark.parametrize(
    ("mode", "action", "verdict"),
    [
        ("Learning", "Allow", "allowed"),
        ("Learning", "Deny", "unknown"),
        ("Enforced", "Allow", "unknown"),
        (7, "Allow", "unknown"),
    ],
)
def test_a_perimeter_decides_when_enforced_and_may_add_while_it_learns(
    mode: Any, action: str, verdict: str
) -> None:
    one = service(STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": action}})
    nsp = f"{ROOT}/microsoft.network/networksecurityperimeters/p"
    association = resource(f"{nsp}/resourceassociations/a",
                           {"privateLinkResource": {"id": one.id}, "accessMode": mode})  # fmt: skip
    assert ask(one, STRANGER, None, association)[0] == verdict


def test_exceptions_are_told_apart_from_rules() -> None:
    acls = {"defaultAction": "Deny", "bypass": "AzureServices, Logging",
            "resourceAccessRules": [{"tenantId": "t", "resourceId": "/subscriptions/s/x/y/z"}]}  # fmt: skip
    one = service(STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": acls})
    found = services(one)
    assert [rule.text for rule in found.trusted(one.id)] == [
        "allow trusted services (AzureServices)", "allow trusted services (Logging)", "allow resource z",
    ]  # fmt: skip
    assert found.is_public_open(one.id) == "denied"


def test_a_rule_that_cannot_be_read_leaves_a_doubt_and_is_told() -> None:
    acls = {
        "defaultAction": "Deny",
        "ipRules": [{"value": "[parameters('office')]"}, {"value": "203.0.113.0/24"}],
    }
    one = service(STORAGE, {"publicNetworkAccess": "Enabled", "networkAcls": acls})
    found = services(one)
    assert only(found.public(one.id, at(STRANGER))) == ("unknown", "public:not-understood")
    assert only(found.public(one.id, at("203.0.113.5")))[0] == "allowed"
    assert "parameters" in found.errors(one.id)[0].text


def test_tags_are_those_of_the_service_in_its_region() -> None:
    one, cache = service(STORAGE, {}, location="West Europe"), service("microsoft.cache/redis", {})
    found = services(one, cache)
    assert found.tags(one.id) == {"storage", "storage.westeurope"}
    assert found.tags(cache.id) == {"azurecloud"}
    assert services(service(STORAGE, {}, location="")).tags(one.id) == {"storage"}


# Private ways


@pytest.mark.parametrize(
    ("by_endpoint", "by_service", "is_approved"),
    [
        ("Approved", "Approved", True),
        ("Approved", None, True),
        (None, "Approved", True),
        ("Pending", "Pending", False),
        ("Approved", "Rejected", None),
        (None, None, None),
        ("Sleeping", None, None),
    ],
)
def test_only_an_approved_connection_is_a_way(
    by_endpoint: str | None, by_service: str | None, is_approved: bool | None
) -> None:
    end = private_endpoint(f"{ROOT}/{STORAGE}/one", by_endpoint, "blob")
    state = {} if by_service is None else {"privateLinkServiceConnectionState": {"status": by_service}}
    connection = {"properties": {"privateEndpoint": {"id": end.id.upper()}, **state}}
    one = service(STORAGE, {**DENY, "privateEndpointConnections": [connection]})
    (path,) = services(one, end, *network()).private_paths(one.id)
    assert path.is_approved is is_approved


def test_an_endpoint_outside_the_input_is_a_way_of_which_only_the_state_is_known() -> None:
    far = "/subscriptions/other/resourcegroups/g/providers/microsoft.network/privateendpoints/far"
    connection = {"properties": {"privateEndpoint": {"id": far}, "groupIds": ["vault"],
                                 "privateLinkServiceConnectionState": {"status": "Approved"}}}  # fmt: skip
    one = service("microsoft.keyvault/vaults", {**DENY, "privateEndpointConnections": [connection]})
    (path,) = services(one).private_paths(one.id)
    assert (path.endpoint, path.vnet, path.addresses, path.is_approved) == (far, "", NO_RANGES, True)
    assert path.groups == ("vault",) and path.has_dns_link(VNET) is None


def test_names_resolve_where_the_zone_is_linked_and_no_custom_dns_is_in_the_way() -> None:
    one = service(STORAGE, DENY)
    end = private_endpoint(one.id, "Approved", "blob")
    zone = f"{ROOT}/microsoft.network/privatednszones/privatelink.blob.core.windows.net"
    spoke, onward = f"{VNET}-spoke", f"{VNET}-own-dns"
    parts = [
        resource(zone, {"numberOfVirtualNetworkLinks": 2}),
        resource(f"{zone}/virtualnetworklinks/a", {"virtualNetwork": {"id": VNET}}),
        resource(f"{zone}/virtualnetworklinks/b", {"virtualNetwork": {"id": onward}}),
        resource(f"{end.id}/privatednszonegroups/default",
                 {"privateDnsZoneConfigs": [{"properties": {"privateDnsZoneId": zone.upper()}}]}),
        resource(onward, {"dhcpOptions": {"dnsServers": ["10.0.0.4"]}}),
    ]  # fmt: skip
    (path,) = services(one, end, *network(), *parts).private_paths(one.id)
    assert [path.has_dns_link(vnet) for vnet in (VNET, spoke, onward)] == [True, False, None]
    (path,) = services(one, end, *network(), *parts[:2], *parts[3:]).private_paths(one.id)
    assert path.has_dns_link(spoke) is None


def test_a_private_origin_of_front_door_is_a_way() -> None:
    one = service(SITE, {"publicNetworkAccess": "Disabled"})
    profile = f"{ROOT}/microsoft.cdn/profiles/fd"
    shared = {"privateLink": {"id": one.id}, "groupId": "sites", "status": "Approved"}
    origin = resource(f"{profile}/origingroups/g/origins/o", {"sharedPrivateLinkResource": shared})
    (path,) = services(one, resource(profile, {"x": 1}), origin).private_paths(one.id)
    assert (path.endpoint, path.kind, path.groups, path.is_approved) == (
        profile,
        "front-door",
        ("sites",),
        True,
    )


def test_volumes_and_internal_gateways_are_reached_in_their_subnets() -> None:
    account = service("microsoft.netapp/netappaccounts", {"provisioningState": "Succeeded"})
    volume = resource(f"{account.id}/capacitypools/p/volumes/v",
                      {"subnetId": APP, "mountTargets": [{"ipAddress": "10.0.1.9"}]})  # fmt: skip
    gateway = service("microsoft.apimanagement/service", {
        "virtualNetworkType": "Internal", "virtualNetworkConfiguration": {"subnetResourceId": APP},
        "privateIPAddresses": ["10.0.1.8"],
    })  # fmt: skip
    found = services(account, volume, gateway, *network())
    ways = [path for one in (account, gateway) for path in found.private_paths(one.id)]
    assert [(path.kind, path.vnet, path.addresses) for path in ways] == [
        ("injected", VNET, at("10.0.1.9")), ("injected", VNET, at("10.0.1.8")),
    ]  # fmt: skip


def test_an_export_is_read_with_the_rules_beside_the_services() -> None:
    one = f"{ROOT}/Microsoft.Sql/servers/One"
    rows = [
        {"id": one, "name": "One", "type": "Microsoft.Sql/servers", "properties": {"publicNetworkAccess": "Enabled"}},
        {"id": f"{one}/firewallRules/office", "name": "office", "type": "Microsoft.Sql/servers/firewallRules",
         "properties": {"startIpAddress": "203.0.113.0", "endIpAddress": "203.0.113.9"}},
    ]  # fmt: skip
    found = read(json.dumps({"value": rows}))
    (answer,) = found.public(one.lower(), at("203.0.113.5"))
    assert (answer.verdict, answer.decided_by) == ("allowed", "ipRule")
    assert answer.rule is not None and answer.rule.text == "allow 203.0.113.0-203.0.113.9"
    assert answer.rule.place == Place("a.yaml", ("value", 1, "properties"))


def test_a_server_in_a_delegated_subnet_is_reached_there_alone() -> None:
    one = service("microsoft.dbforpostgresql/flexibleservers",
                  {"network": {"publicNetworkAccess": "Enabled", "delegatedSubnetResourceId": APP}})  # fmt: skip
    found = services(one, *network())
    assert found.is_public_open(one.id) == "denied"
    (path,) = found.private_paths(one.id)
    assert (path.kind, path.subnet, path.addresses) == ("injected", APP, at("10.0.1.0/24"))


# Specs


def test_a_spec_that_says_nothing_means_the_documented_default() -> None:
    found = read(
        "services: {S: storage, V: key_vault, D: sql, P: postgresql, R: redis, W: app_service, B: databricks}"
    )
    verdicts = {rid.rsplit("/", 1)[1]: found.is_public_open(rid) for rid in found.ids}
    assert verdicts == {"s": "allowed", "v": "allowed", "d": "unknown", "p": "denied", "r": "allowed",
                        "w": "allowed", "b": "unknown"}  # fmt: skip


def test_a_spec_says_who_is_let_in() -> None:
    found = read("""
vnets: {V: {address: 10.0.0.0/16, subnets: {
  A: {address: 10.0.1.0/24, service_endpoints: [Microsoft.Sql]}, B: {address: 10.0.2.0/24}}}}
services:
  D: {type: sql, allowed_subnets: [A, B], allowed_addresses: [203.0.113.0/24]}
  W: {type: app_service, public_access: false}
  E: {type: event_hub, public_access: true}
""")
    a, b = "vnets/v/subnets/a", "vnets/v/subnets/b"
    answers = {x.decided_by: x for x in found.public("services/d", found.addresses.internet)}
    assert answers["ipRule"].sources == at("203.0.113.0/24")
    assert answers["public:defaultAction=Deny"].verdict == "denied"
    rule = answers["ipRule"].rule
    assert rule is not None and rule.place == Place("a.yaml", ("services", "D", "allowed_addresses"))
    assert only(found.public("services/d", found.addresses.subnet(a), a)) == ("allowed", "vnetRule")
    assert only(found.public("services/d", found.addresses.subnet(b), b)) == ("unknown", "ipRule")
    (error,) = found.errors("services/d")
    assert error.place == Place("a.yaml", ("services", "D", "allowed_subnets"))
    assert [found.is_public_open(f"services/{name}") for name in "we"] == ["denied", "allowed"]


def test_a_private_endpoint_of_a_spec_is_approved_and_its_zone_tells_who_resolves_it() -> None:
    found = read("""
vnets: {V: {address: 10.0.0.0/16, subnets: {E: {address: 10.0.1.0/24, resources: {
  PE: {type: private_endpoint, to: Vault, group: vault, ip: 10.0.1.9, dns_zone: privatelink.vaultcore.azure.net}}}}}}
services:
  Vault: {type: key_vault, public_access: false}
  FD: {type: front_door, origins: [{to: Vault, private_link: true}]}
private_dns_zones: {privatelink.vaultcore.azure.net: {vnets: [V]}}
""")
    by_kind = {path.kind: path for path in found.private_paths("services/vault")}
    path = by_kind["private-endpoint"]
    assert (path.is_approved, path.addresses, path.has_dns_link("vnets/v")) == (True, at("10.0.1.9"), True)
    assert path.rule.place.path[-1] == "to"
    assert (by_kind["front-door"].endpoint, by_kind["front-door"].is_approved) == ("services/fd", True)


# Anything at all

WORDS = st.sampled_from(
    [
        "Enabled",
        "Disabled",
        "Allow",
        "Deny",
        "Any",
        "10.0.0.0/8",
        "0.0.0.0",
        "203.0.113.0/24",
        "Approved",
        APP,
        "web",
        "*",
    ]
)
KEYS = st.sampled_from(
    ["publicNetworkAccess", "networkAcls", "networkRuleSet", "defaultAction", "ipRules", "virtualNetworkRules", "id",
     "value", "action", "priority", "siteConfig", "ipSecurityRestrictions", "ipAddress", "network", "firewallRules",
     "properties", "privateEndpointConnections", "privateEndpoint", "service", "locations", "state", "accessMode",
     "privateLinkServiceConnectionState", "networkProfile", "accountAccess", "hostingEnvironmentProfile", "startIP",
     "endIP", "inboundIpRules", "ipAllowlist", "isVirtualNetworkFilterEnabled", "bypass", "serviceResources", "status",
     "resourceAccessRules", "headers", "tag", "sharedPrivateLinkResource", "groupIds", "groupId", "virtualNetworkType",
     "privateDnsZoneConfigs", "mountTargets", "subnetId", "resourceAssociation", "subnet"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | WORDS | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=5)
    ),
    max_leaves=20,
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=8)


def judged(found: Services) -> None:
    """Asks everything of every service, and sees that each answer is a partition of the callers."""
    callers = union(found.addresses.internet, at("10.0.0.0/8"))
    for rid in found.ids:
        assert found.is_public_open(rid) in ("allowed", "denied", "unknown")
        for subnet in (None, APP):
            left = union(callers, found.azure) if subnet is None else callers
            for answer in found.public(rid, callers, subnet, "scm"):
                assert answer.sources and not difference(answer.sources, left)
                left = difference(left, answer.sources)
                assert answer.verdict == "unknown" or answer.rule is not None
            assert not left
            found.endpoint_policy(APP, rid)
        for path in found.private_paths(rid):
            assert path.has_dns_link(VNET) in (True, False, None) and path.serves("blob") in (
                True,
                False,
                None,
            )
        assert found.tags(rid) and found.trusted(rid) is not None
        assert all(error.text for error in found.errors(rid))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(PLANS)), OBJECTS, OBJECTS, OBJECTS, st.booleans())
def test_properties_of_any_shape_are_judged(
    type_name: str, properties: Any, child: Any, subnet: Any, is_spec: bool
) -> None:
    one = service(type_name, properties, sku=child.get("sku"))._replace(type=type_name)
    if is_spec:
        one = one._replace(id="services/one")
    prefix = f"{one.id}/"
    words = ("firewallrules/r", "virtualnetworkrules/r", "networkrulesets/default", "config/web",
             "privateendpointconnections/c", "networksecurityperimeterconfigurations/n")  # fmt: skip
    children = [
        resource(f"{ROOT}/{type_name}/one/{word}", child, one.id)._replace(id=prefix + word) for word in words
    ]
    others = [
        resource(f"{ROOT}/microsoft.network/privateendpoints/pe",
                 {"privateLinkServiceConnections": [{"privateLinkServiceId": one.id, **child}, child]}),
        resource(f"{ROOT}/microsoft.network/privateendpoints/pe/privatednszonegroups/z", child),
        resource(f"{ROOT}/microsoft.cdn/profiles/p/origingroups/g/origins/o", {"sharedPrivateLinkResource": child}),
        resource(f"{ROOT}/microsoft.network/networksecurityperimeters/p/resourceassociations/a", child),
        resource(f"{ROOT}/microsoft.network/serviceendpointpolicies/sep", child),
        resource(f"{ROOT}/microsoft.web/hostingenvironments/ase", child),
    ]  # fmt: skip
    net = network(
        serviceEndpoints=subnet.get("service"), serviceEndpointPolicies=[{"id": others[4].id}], **subnet
    )
    judged(services(one, *children, *others, *net))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["Allow", "Deny"]), st.integers(0, 255), st.integers(22, 32)), max_size=6
    )
)
def test_restrictions_decide_as_their_first_match_does(rules: list[tuple[str, int, int]]) -> None:
    listed = [
        {"action": action, "ipAddress": f"198.51.100.{last}/{length}", "priority": number}
        for number, (action, last, length) in enumerate(rules)
    ]
    one = service(SITE, {"publicNetworkAccess": "Enabled", "siteConfig": {"ipSecurityRestrictions": listed}})
    found = services(one)
    for last in range(0, 256, 17):
        caller = at(f"198.51.100.{last}")
        hit = next(
            (r["action"] for r in listed if overlap(at(str(r["ipAddress"])), caller)),
            "Deny" if rules else "Allow",
        )
        assert only(found.public(one.id, caller))[0] == ("allowed" if hit == "Allow" else "denied")
