"""A Terraform estate is judged as the exported one is, and what it does not tell stays untold."""

import copy
from typing import Any

import pytest
from read_samples import read
from terraform_pairs import NETWORKS, Estate, Json, converted, instance, net, records
from terraform_pairs_edge import ENTRIES, FIREWALLS, GATEWAYS, LINKS
from terraform_pairs_services import CONTAINERS, DATA, SERVICES, SITES

from diagramgen.model.build import build_topology
from diagramgen.pipeline import analyse_topology
from diagramgen.read.record import FRAGMENT, UNTOLD

_TOLD_APART = {
    "a storage account with rules of their own",
    "a public container group with a port of its container",
}
"""Pairs with the names of resources of others."""
_FIREWALL = "a firewall in a network, with a policy"
_CHILDREN = {
    "microsoft.network/virtualnetworks": ("subnets", "virtualNetworkPeerings"),
    "microsoft.network/networksecuritygroups": ("securityRules",),
    "microsoft.network/routetables": ("routes",),
}


def _pairs() -> tuple[list[tuple[str, Json]], list[Json]]:
    """What Terraform and what REST says of one estate of nearly all pairs."""
    every = {**NETWORKS, _FIREWALL: FIREWALLS[_FIREWALL], **GATEWAYS, **LINKS, **ENTRIES, **CONTAINERS, **DATA,
             **SERVICES, **SITES}  # fmt: skip
    chosen = [copy.deepcopy(pair) for title, pair in every.items() if title not in _TOLD_APART]
    return [row for pair in chosen for row in pair.terraform], [row for pair in chosen for row in pair.rest]


def _state(rows: list[tuple[str, Json]]) -> Json:
    provider = 'provider["registry.terraform.io/hashicorp/azurerm"]'
    return {
        "version": 4,
        "terraform_version": "1.9.0",
        "serial": 1,
        "lineage": "x",
        "outputs": {},
        "resources": [
            {
                "mode": "managed",
                "type": f"azurerm_{kind}",
                "name": f"r{number}",
                "provider": provider,
                "instances": [{"schema_version": 0, "attributes": values, "sensitive_attributes": []}],
            }
            for number, (kind, values) in enumerate(rows)
        ],
    }


def _listed(bodies: list[Json]) -> Json:
    """An export of resources, each of which lists its children, as Azure's answers do."""
    ids = {body["id"].lower(): body["id"] for body in bodies}
    for body in bodies:
        for collection in _CHILDREN.get(body["type"].lower(), ()):
            told = body["properties"].setdefault(collection, [])
            start = f"{body['id']}/{collection}/".lower()
            named = {child["id"].lower() for child in told}
            told += [{"id": rid} for low, rid in ids.items() if low.startswith(start) and low not in named]
    return {"value": bodies}


def test_an_estate_is_judged_as_the_exported_one() -> None:
    terraform, rest = _pairs()
    found = []
    for document in (_state(terraform), _listed(rest)):
        reading = read(document)
        boundaries = analyse_topology(build_topology(reading)).boundaries()
        found.append((
            {record.id: (record.type, record.name, record.location, record.properties) for record in reading.records},
            {(each.level, each.a, each.b): each.status for each in boundaries},
        ))  # fmt: skip
    (made, judged), (told, expected) = found
    assert made.keys() == told.keys()
    for rid, record in told.items():
        assert made[rid] == record
    assert len(expected) > 50
    assert judged == expected


# What tells of another resource


_SUBNET = net("virtualNetworks/subnets", "hub", "app")
_PIECES: list[tuple[str, Json, str, Json]] = [
    ("subnet_network_security_group_association",
     {"subnet_id": _SUBNET, "network_security_group_id": net("networkSecurityGroups", "n")},
     _SUBNET, {"networkSecurityGroup": {"id": net("networkSecurityGroups", "n")}}),
    ("virtual_network_dns_servers", {"virtual_network_id": net("virtualNetworks", "hub"), "dns_servers": ["10.0.0.4"]},
     net("virtualNetworks", "hub"), {"dhcpOptions": {"dnsServers": ["10.0.0.4"]}}),
    ("lb_backend_address_pool", {"name": "p", "loadbalancer_id": net("loadBalancers", "lb")},
     net("loadBalancers", "lb"), {"backendAddressPools": [
         {"id": f"{net('loadBalancers', 'lb')}/backendAddressPools/p", "name": "p", "properties": {}}]}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "owner", "properties"), _PIECES)
def test_what_tells_of_another_resource_alone_leaves_it_untold(
    kind: str, values: Json, owner: str, properties: Json
) -> None:
    made = converted(kind, values)
    assert (made["id"], made["properties"], made[FRAGMENT]) == (owner, properties, True)
    alone = records([made])[owner.lower()]
    assert alone.envelope.get(UNTOLD)


def test_what_tells_of_another_resource_adds_to_it() -> None:
    subnet = instance("subnet", {"id": _SUBNET, "name": "app", "address_prefixes": ["10.0.1.0/24"]})
    kind, values, _, properties = _PIECES[0]
    found = records(Estate([instance(kind, values), subnet]).bodies())[_SUBNET.lower()]
    assert found.properties == {"addressPrefix": "10.0.1.0/24", **properties}
    assert not found.envelope.keys() & {UNTOLD, FRAGMENT}


def test_the_default_table_is_there_with_its_hub() -> None:
    hub = net("virtualHubs", "h")
    route = instance("virtual_hub_route_table_route", {
        "name": "all", "route_table_id": f"{hub}/hubRouteTables/defaultRouteTable", "destinations_type": "CIDR",
        "destinations": ["0.0.0.0/0"], "next_hop": net("azureFirewalls", "fw")})  # fmt: skip
    (alone,) = Estate([route]).bodies()
    assert FRAGMENT in alone
    made = Estate([instance("virtual_hub", {"id": hub, "name": "h"}), route]).bodies()[-1]
    assert made["id"] == f"{hub}/hubRouteTables/defaultRouteTable"
    assert FRAGMENT not in made
    looked_up = instance("virtual_hub", {"id": hub, "name": "h"}, is_data=True)
    assert FRAGMENT in Estate([looked_up, route]).bodies()[-1]


# What data sources and plans do not tell


_UNTOLD: list[tuple[str, str, Any]] = [
    ("firewall", "networkRuleCollections", "{azurerm_firewall.x.rules}"),
    ("virtual_hub", "routingState", "{azurerm_virtual_hub.x.routing_state}"),
    ("virtual_hub_route_table", "routes", "{azurerm_virtual_hub_route_table.x.route}"),
    ("subnet", "natGateway", {"id": "{azurerm_subnet.x.nat_gateway_id}"}),
]


@pytest.mark.parametrize(("kind", "name", "told"), _UNTOLD)
def test_a_data_source_marks_what_it_does_not_tell(kind: str, name: str, told: Any) -> None:
    assert converted(kind, {"name": "x"}, is_data=True)["properties"][name] == told
    assert converted(kind, {"name": "x"})["properties"].get(name) != told


def test_only_a_new_balancer_has_no_rules_but_those_told() -> None:
    names = {"backendAddressPools", "loadBalancingRules", "inboundNatRules", "outboundRules"}
    new = converted("lb", {"name": "lb"}, is_new=True)["properties"]
    assert {name for name, told in new.items() if told == []} == names
    assert not names & converted("lb", {"name": "lb"})["properties"].keys()


def test_rules_of_an_account_that_is_not_told_may_be_any_account_s() -> None:
    account = instance("storage_account", {"name": "sa"}, is_new=True)
    for target, is_open in (("{a.id}", False), (net("virtualNetworks", "x"), True)):
        rules = instance(
            "storage_account_network_rules", {"storage_account_id": target, "default_action": "Deny"}
        )
        told = Estate([account, rules]).bodies()[0]["properties"]
        assert ("networkAcls" in told) is is_open, target


def test_an_app_has_the_host_names_that_are_bound_to_it() -> None:
    app = {"name": "shop", "resource_group_name": "rg", "default_hostname": "shop.azurewebsites.net"}
    bound = [instance("app_service_custom_hostname_binding",
                      {"hostname": f"{name}.example.com", "app_service_name": name, "resource_group_name": "rg"}, name)
             for name in ("shop", "other")]  # fmt: skip
    told = Estate([instance("linux_web_app", app), *bound]).bodies()[0]["properties"]
    assert told["hostNames"] == ["shop.azurewebsites.net", "shop.example.com"]
