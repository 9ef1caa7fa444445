"""Azure Firewall: order of rules, decisions, translation, and what is not in the input."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.firewall import Firewalls
from diagramgen.analyse.tags import ServiceTags
from diagramgen.analyse.verdicts import Outcome
from diagramgen.model.build import build_topology
from diagramgen.model.traffic import (
    ADDRESSES,
    NAMELESS_BASE,
    Box,
    Packet,
    PacketSet,
    Ranges,
    parse_addresses,
    parse_service,
)
from diagramgen.read import Source, read_records

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
NET = f"{GROUP}/providers/Microsoft.Network"
FW, HUB = f"{NET}/azureFirewalls/fw", f"{NET}/virtualNetworks/hub"
CHILD, PARENT = f"{NET}/firewallPolicies/child", f"{NET}/firewallPolicies/parent"
PUBLIC_IP = f"{NET}/publicIPAddresses/pip"
FID = FW.lower()


# Building


def resource(rid: str, properties: dict[str, Any]) -> dict[str, Any]:
    kind = rid.rsplit("/providers/", 1)[1].split("/")
    name = "/".join([kind[0], *kind[1::2]])
    return {"id": rid, "name": rid.rsplit("/", 1)[1], "type": name, "properties": properties}


def firewall(policy: str | None = CHILD, rid: str = FW, **more: Any) -> dict[str, Any]:
    inner = {
        "subnet": {"id": f"{HUB}/subnets/AzureFirewallSubnet"}, "privateIPAddress": "10.0.1.4",
        "publicIPAddress": {"id": PUBLIC_IP},
    }  # fmt: skip
    properties = {
        "sku": {"name": "AZFW_VNet", "tier": "Premium"},
        "ipConfigurations": [{"properties": inner}],
    }
    if policy:
        properties["firewallPolicy"] = {"id": policy}
    return resource(rid, properties | more)


def policy(rid: str, parent: str = "", **more: Any) -> dict[str, Any]:
    base = {"basePolicy": {"id": parent}} if parent else {}
    return resource(rid, {"sku": {"tier": "Premium"}, **base, **more})


def group(owner: str, name: str, priority: Any, *collections: Any) -> dict[str, Any]:
    rid = f"{owner}/ruleCollectionGroups/{name}"
    return resource(rid, {"priority": priority, "ruleCollections": list(collections)})


def collection(name: str, priority: Any, action: str, *rules: Any) -> dict[str, Any]:
    return {"name": name, "priority": priority, "action": {"type": action}, "rules": list(rules),
            "ruleCollectionType": "FirewallPolicyFilterRuleCollection"}  # fmt: skip


def network(
    source: str, destination: str, ports: str = "*", protocol: str = "TCP", **more: Any
) -> dict[str, Any]:
    return {
        "ruleType": "NetworkRule", "name": "r", "ipProtocols": protocol.split(), "sourceAddresses": source.split(),
        "destinationAddresses": destination.split(), "destinationPorts": ports.split(),
    } | more  # fmt: skip


def application(source: str, *fqdns: str, **more: Any) -> dict[str, Any]:
    return {
        "ruleType": "ApplicationRule", "name": "a", "sourceAddresses": source.split(), "targetFqdns": list(fqdns),
        "protocols": [{"protocolType": "Https", "port": 443}],
    } | more  # fmt: skip


def nat(source: str, destination: str, port: str, target: str, to: str, **more: Any) -> dict[str, Any]:
    return {
        "ruleType": "NatRule", "name": "n", "ipProtocols": ["TCP"], "sourceAddresses": source.split(),
        "destinationAddresses": destination.split(), "destinationPorts": [port], "translatedAddress": target,
        "translatedPort": to,
    } | more  # fmt: skip


NETWORKS = (
    resource(HUB, {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [
        {"name": "AzureFirewallSubnet", "properties": {"addressPrefix": "10.0.1.0/26"}}]}),
    resource(f"{NET}/virtualNetworks/a", {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "subnets": [
        {"name": "web", "properties": {"addressPrefix": "10.1.0.0/24"}}]}),
    resource(f"{NET}/virtualNetworks/b", {"addressSpace": {"addressPrefixes": ["10.2.0.0/16"]}, "subnets": [
        {"name": "data", "properties": {"addressPrefix": "10.2.0.0/24"}}]}),
    resource(PUBLIC_IP, {"ipAddress": "20.50.60.70"}),
)  # fmt: skip


def firewalls(*resources: dict[str, Any], tags: ServiceTags | None = None) -> Firewalls:
    document = json.dumps({"value": [*NETWORKS, *resources]}).encode()
    topology = build_topology(read_records([Source("export.json", document)]))
    return Firewalls(topology, Addresses(topology), tags)


def of_spec(text: str) -> Firewalls:
    topology = build_topology(read_records([Source("a.yaml", text.encode())]))
    return Firewalls(topology, Addresses(topology))


def with_rules(*collections: Any, more: tuple[dict[str, Any], ...] = ()) -> Firewalls:
    """One firewall with one policy, whose one group holds these collections."""
    return firewalls(firewall(), policy(CHILD), group(CHILD, "g", 200, *collections), *more)


# Asking


def addresses_of(text: str) -> Ranges:
    found = parse_addresses(text)
    assert found is not None, text
    return found


def packets(source: str, destination: str, service: str = "tcp/443") -> PacketSet:
    protocol, _, port = service.partition("/")
    return PacketSet.of(
        Box(addresses_of(source), addresses_of(destination), parse_service(protocol, port or "*"))
    )


def verdict(outcome: Outcome) -> str:
    """Of packets that share one verdict."""
    names = [name for name in ("allowed", "denied", "unknown") if getattr(outcome, name)]
    return " and ".join(names)


def ask(
    of: Firewalls, source: str, destination: str, service: str = "tcp/443", **more: Any
) -> tuple[str, str]:
    """The verdict, and the collection of the first rule that decides it."""
    outcome = of.decide(FID, packets(source, destination, service), **more)
    rule = outcome.decisions[0].match.rule
    return verdict(outcome), rule.name if rule.is_default else rule.text.split(" / ")[0]


def anything(of: Firewalls, service: str = "tcp/443") -> str:
    return ask(of, "10.1.0.4", "10.2.0.4", service)[0]


# Documented order


def vector(*rows: tuple[str, int, str, int, str, str, str, str, str, str, str]) -> Firewalls:
    """A firewall with rules as (group, priority, collection, priority, type, action, protocol, source, destination,
    port, layer)."""
    groups: dict[tuple[str, str], tuple[int, list[Any]]] = {}
    for name, group_priority, title, priority, kind, action, protocol, source, target, port, layer in rows:
        owner = PARENT if layer == "parent" else CHILD
        match kind:
            case "Nat":
                rule = nat(source, target, port, "10.1.0.4", "1")
            case "Application":
                fqdn = target.removeprefix("fqdn:")
                rule = application(source, fqdn, protocols=[{"protocolType": protocol, "port": int(port)}])
            case _:
                rule = network(source, target, port, protocol)
        groups.setdefault((owner, name), (group_priority, []))[1].append(
            collection(title, priority, action, rule)
        )
    records = [group(owner, name, n, *found) for (owner, name), (n, found) in groups.items()]
    return firewalls(firewall(), policy(CHILD, PARENT), policy(PARENT), *records)


def test_fw_02_the_collection_with_the_lower_number_wins() -> None:
    of = vector(
        ("g", 200, "Allow-SSH", 200, "Network", "Allow", "Tcp", "*", "*", "22", "child"),
        ("g", 200, "Deny-SSH", 100, "Network", "Deny", "Tcp", "*", "*", "22", "child"),
    )
    assert ask(of, "10.1.0.4", "10.2.0.4", "tcp/22") == ("denied", "Deny-SSH")


def test_fw_03_what_no_rule_matches_is_denied() -> None:
    assert ask(vector(), "10.1.0.4", "10.2.0.4", "tcp/445") == ("denied", "default-deny")


def test_fw_04_a_parent_wins_whatever_the_priority() -> None:
    of = vector(
        ("BaseRCG", 60000, "P-Deny", 60000, "Network", "Deny", "Tcp", "*", "*", "445", "parent"),
        ("ChildRCG", 100, "C-Allow", 100, "Network", "Allow", "Tcp", "*", "*", "445", "child"),
    )
    assert ask(of, "10.1.0.4", "10.2.0.4", "tcp/445") == ("denied", "P-Deny")


def test_fw_05_network_rules_of_a_child_come_before_application_rules_of_a_parent() -> None:
    of = vector(
        (
            "BaseRCG",
            100,
            "P-AppDeny",
            100,
            "Application",
            "Deny",
            "Https",
            "*",
            "fqdn:x.example",
            "443",
            "parent",
        ),
        ("ChildRCG", 900, "C-NetAllow", 900, "Network", "Allow", "Tcp", "*", "*", "443", "child"),
    )
    assert ask(of, "10.1.0.4", "203.0.113.9") == ("allowed", "C-NetAllow")


def test_fw_06_the_documented_order_of_collections() -> None:
    def row(name: str, n: int, title: str, m: int, kind: str, layer: str) -> Any:
        action, protocol = (
            ("Dnat", "Tcp") if kind == "Nat" else ("Allow", "Http" if kind[0] == "A" else "Tcp")
        )
        return (name, n, title, m, kind, action, protocol, "*", "*", "1", layer)

    of = vector(
        row("BaseRCG1", 200, "NetworkRC1", 800, "Network", "parent"),
        row("BaseRCG1", 200, "DNATRC3", 610, "Nat", "parent"),
        row("BaseRCG1", 200, "DNATRC1", 600, "Nat", "parent"),
        row("BaseRCG2", 300, "AppRC2", 1200, "Application", "parent"),
        row("BaseRCG2", 300, "NetworkRC2", 1300, "Network", "parent"),
        row("ChildRCG2", 650, "ChNetRC2", 1100, "Network", "child"),
        row("ChildRCG2", 650, "ChAppRC2", 2000, "Application", "child"),
        row("ChildRCG2", 650, "ChDNATRC3", 3000, "Nat", "child"),
        row("ChildRCG1", 300, "ChNetRC1", 700, "Network", "child"),
        row("ChildRCG1", 300, "ChAppRC1", 900, "Application", "child"),
    )
    assert " ".join(of.order(FID)) == (
        "DNATRC1 DNATRC3 ChDNATRC3 NetworkRC1 NetworkRC2 ChNetRC1 ChNetRC2 AppRC2 ChAppRC1 ChAppRC2"
    )


def test_fw_08_application_rules_see_no_inbound_packets() -> None:
    of = vector(
        ("g", 300, "AppAllow", 100, "Application", "Allow", "Https", "*", "fqdn:app.example", "443", "child")
    )
    assert ask(of, "203.0.113.9", "198.51.100.9", is_inbound=True) == ("denied", "default-deny")
    assert ask(of, "203.0.113.9", "198.51.100.9") == ("unknown", "AppAllow")


def test_fw_10_to_let_a_reach_b_does_not_let_b_reach_a() -> None:
    of = vector(
        ("g", 200, "AtoB", 100, "Network", "Allow", "Tcp", "10.1.0.0/16", "10.2.0.0/16", "443", "child")
    )
    assert ask(of, "10.2.0.4", "10.1.0.4") == ("denied", "default-deny")
    assert ask(of, "10.1.0.4", "10.2.0.4") == ("allowed", "AtoB")


def test_hs_02_and_03_the_firewall_of_a_hub_lets_through_what_a_rule_names_alone() -> None:
    of = with_rules(collection("spokes", 100, "Allow", network("10.1.0.0/16", "10.2.0.0/16", "443")))
    assert ask(of, "10.1.1.4", "10.2.1.4", "tcp/443") == ("allowed", "spokes")
    assert ask(of, "10.1.1.4", "10.2.1.4", "tcp/3389") == ("denied", "default-deny")


def test_hs_08_a_firewall_without_rules_denies() -> None:
    assert ask(with_rules(), "10.1.1.4", "10.2.1.4", "tcp/1433") == ("denied", "default-deny")


def test_grandparents_come_before_parents_before_children() -> None:
    top = f"{NET}/firewallPolicies/top"
    of = firewalls(
        firewall(), policy(CHILD, PARENT), policy(PARENT, top), policy(top),
        group(CHILD, "c", 100, collection("child", 100, "Allow", network("*", "*", "1"))),
        group(PARENT, "p", 200, collection("parent", 200, "Deny", network("*", "*", "1"))),
        group(top, "t", 300, collection("top", 300, "Allow", network("*", "*", "1"))),
    )  # fmt: skip
    assert of.order(FID) == ("top", "parent", "child")
    assert of.rules(FID).chain == (top.lower(), PARENT.lower(), CHILD.lower())
    assert ask(of, "10.1.0.4", "10.2.0.4", "tcp/1") == ("allowed", "top")


def test_collections_of_a_group_with_a_lower_number_come_first() -> None:
    of = firewalls(
        firewall(), policy(CHILD),
        group(CHILD, "a", "300", collection("late/odd name", 100, "Deny", network("*", "*"))),
        group(CHILD, "b", 200, collection("early/z", 65000, "Allow", network("*", "*"))),
    )  # fmt: skip
    assert of.order(FID) == ("early/z", "late/odd name")


# Network rules


@pytest.mark.parametrize(
    ("protocol", "ports", "service", "expected"),
    [
        ("Any", "*", "icmp", "allowed"),
        ("Any", "*", "esp", "allowed"),
        ("Any", "443", "udp/443", "allowed"),
        ("Any", "443", "icmp", "denied"),
        ("TCP UDP", "53 80-81", "udp/81", "allowed"),
        ("TCP UDP", "53 80-81", "udp/82", "denied"),
        ("ICMP", "*", "icmp", "allowed"),
        ("ICMP", "443", "tcp/443", "denied"),
        ("ICMP Any", "12003", "icmp", "allowed"),
        ("TCP", "http", "tcp/443", "unknown"),
        ("TCP", "", "tcp/443", "unknown"),
        ("Sctp", "443", "tcp/443", "unknown"),
    ],
)
def test_protocols_and_ports(protocol: str, ports: str, service: str, expected: str) -> None:
    of = with_rules(collection("c", 100, "Allow", network("10.1.0.0/16", "10.2.0.0/16", ports, protocol)))
    assert anything(of, service) == expected


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        ("*", "allowed"),
        ("0.0.0.0/0", "allowed"),
        ("10.2.0.0-10.2.0.9", "allowed"),
        ("10.2.0.4", "allowed"),
        ("10.2.0.5", "denied"),
        ("10.2.0.5,10.2.0.4", "allowed"),
        ("10.2.0.0/255.255.0.0", "allowed"),
        ("fd00::/8", "denied"),
        ("Storage", "denied"),
        ("Internet", "denied"),
        ("VirtualNetwork", "unknown"),
        ("10.2.0.0/77", "unknown"),
        ("[parameters('spoke')]", "unknown"),
    ],
)
def test_words_of_a_destination(destination: str, expected: str) -> None:
    assert anything(with_rules(collection("c", 100, "Allow", network("*", destination, "443")))) == expected


def test_a_tag_holds_public_addresses() -> None:
    of = with_rules(collection("c", 100, "Allow", network("*", "Storage Internet", "443")))
    assert ask(of, "10.1.0.4", "20.60.0.1")[0] == "allowed"
    of = with_rules(collection("c", 100, "Allow", network("*", "Storage", "443")))
    outcome = of.decide(FID, packets("10.1.0.4", "20.60.0.1"))
    assert (verdict(outcome), outcome.assumptions) == ("unknown", ("ASSUME_NO_TAG_DATA",))


def test_with_prefixes_of_tags_a_tag_is_sure() -> None:
    tags = ServiceTags("ServiceTags_Public_20240527.json", "Public", "1", {"storage": ("20.60.0.0/16",)})
    rules = group(CHILD, "g", 200, collection("c", 100, "Allow", network("*", "Storage", "443")))
    of = firewalls(firewall(), policy(CHILD), rules, tags=tags)
    assert ask(of, "10.1.0.4", "20.60.0.1")[0] == "allowed"
    assert ask(of, "10.1.0.4", "20.61.0.1")[0] == "denied"


def test_a_service_that_is_named_later_is_known_to_the_rules() -> None:
    of = with_rules(collection("c", 100, "Allow", network("*", "Storage", "443")))
    assert of.rules(FID).network
    account = of.addresses.service("account", frozenset({"storage"}))
    outcome = of.decide(
        FID, PacketSet.of(Box(addresses_of("10.1.0.4"), account, parse_service("tcp", "443")))
    )
    assert verdict(outcome) == "allowed"


def test_host_names_of_network_rules_lead_to_public_addresses_perhaps() -> None:
    of = with_rules(
        collection("c", 100, "Allow", network("*", "", "123", "UDP", destinationFqdns=["time.windows.com"]))
    )
    assert ask(of, "10.1.0.4", "20.60.0.1", "udp/123") == ("unknown", "c")
    outcome = of.decide(FID, packets("10.1.0.4", "10.2.0.4", "udp/123"))
    assert (verdict(outcome), outcome.assumptions) == ("denied", ("ASSUME_DNS_PRIVATE_ZONE",))
    assert of.decide(FID, packets("10.1.0.4", "10.2.0.4", "udp/124")).assumptions == ()


@pytest.mark.parametrize(
    "name", ["server", "db.corp", "app.contoso.internal", "*.erp.example", "erp.example"]
)
def test_inner_host_names_lead_anywhere(name: str) -> None:
    zone = resource(f"{NET}/privateDnsZones/erp.example", {})
    of = with_rules(collection("c", 100, "Allow", application("*", name)), more=(zone,))
    assert ask(of, "10.1.0.4", "10.2.0.4") == ("unknown", "c")


@pytest.mark.parametrize(
    ("group_id", "name", "is_possible"),
    [
        ("blob", "*.blob.core.windows.net", True),
        ("blob", "*.windows.net", True),
        ("blob", "*.monitor.azure.com", False),
        ("sqlServer", "x.database.windows.net", True),
        ("somethingNew", "*.monitor.azure.com", True),
        ("blob", "www.example.com", False),
    ],
)
def test_names_lead_to_private_endpoints_of_their_service(
    group_id: str, name: str, is_possible: bool
) -> None:
    connection = {"properties": {"privateLinkServiceId": f"{NET}/x/y", "groupIds": [group_id]}}
    endpoint = resource(f"{NET}/privateEndpoints/pe", {
        "subnet": {"id": f"{NET}/virtualNetworks/b/subnets/data"}, "privateLinkServiceConnections": [connection],
        "customDnsConfigs": [{"ipAddresses": ["10.2.0.9"]}],
    })  # fmt: skip
    of = with_rules(collection("c", 100, "Allow", application("*", name)), more=(endpoint,))
    assert ask(of, "10.1.0.4", "10.2.0.9")[0] == ("unknown" if is_possible else "denied")


def test_names_of_services_lead_to_private_endpoints_too() -> None:
    endpoint = resource(f"{NET}/privateEndpoints/pe", {
        "subnet": {"id": f"{NET}/virtualNetworks/b/subnets/data"},
        "customDnsConfigs": [{"fqdn": "x.blob.core.windows.net", "ipAddresses": ["10.2.0.9"]}],
    })  # fmt: skip
    of = with_rules(
        collection("c", 100, "Allow", application("*", "x.blob.core.windows.net")), more=(endpoint,)
    )
    assert ask(of, "10.1.0.4", "10.2.0.9")[0] == "unknown"
    assert ask(of, "10.1.0.4", "10.2.0.8")[0] == "denied"
    of = with_rules(collection("c", 100, "Allow", application("*", "www.example.com")), more=(endpoint,))
    assert ask(of, "10.1.0.4", "10.2.0.9")[0] == "denied"


@pytest.mark.parametrize("field", ["sourceAddresses", "destinationAddresses"])
@pytest.mark.parametrize("value", [None, [], [None], {"a": 1}, [["10.0.0.0/8"]], 7])
def test_what_cannot_be_read_may_be_any_address(field: str, value: Any) -> None:
    of = with_rules(collection("c", 100, "Allow", network("*", "*", "443") | {field: value}))
    assert anything(of) == "unknown"
    assert anything(of, "tcp/80") == "denied"


# IP groups


GROUP_ID = f"{NET}/ipGroups/Spokes"


def grouped(*more: dict[str, Any], **fields: Any) -> Firewalls:
    rule = network("", "10.2.0.0/16", "443", sourceIpGroups=[GROUP_ID], **fields)
    return with_rules(collection("c", 100, "Allow", rule), more=more)


def test_ip_groups_are_resolved() -> None:
    of = grouped(resource(GROUP_ID, {"ipAddresses": ["10.1.0.0/24", "10.1.9.1-10.1.9.7"]}))
    assert ask(of, "10.1.9.7", "10.2.0.4")[0] == "allowed"
    assert ask(of, "10.1.9.8", "10.2.0.4")[0] == "denied"
    assert (
        of.rules(FID).network[0].rule.text
        == "c / tcp/443 from Spokes to 10.2.0.0/16: allow (priority 200/100)"
    )


def test_an_empty_ip_group_matches_nothing() -> None:
    assert anything(grouped(resource(GROUP_ID, {"ipAddresses": []}))) == "denied"


@pytest.mark.parametrize("more", [(), (resource(GROUP_ID, {}),), (resource(GROUP_ID, {"ipAddresses": "x"}),)])
def test_an_absent_ip_group_may_hold_everything(more: tuple[dict[str, Any], ...]) -> None:
    of = grouped(*more)
    assert anything(of) == "unknown"
    assert anything(of, "tcp/80") == "denied"
    assert of.rules(FID).missing == (GROUP_ID.lower(),)
    assert of.rules(FID).is_complete


def test_beside_an_absent_ip_group_the_rest_of_a_rule_is_sure() -> None:
    of = grouped(sourceAddresses=["10.1.0.0/24"])
    assert ask(of, "10.1.0.4", "10.2.0.4")[0] == "allowed"
    assert ask(of, "10.1.9.4", "10.2.0.4")[0] == "unknown"


# What is not in the input


def test_a_missing_policy_leaves_everything_unknown() -> None:
    of = firewalls(firewall())
    outcome = of.decide(FID, packets("10.1.0.4", "10.2.0.4"))
    assert (verdict(outcome), outcome.assumptions) == ("unknown", ("ASSUME_FIREWALL_RULES_UNKNOWN",))
    assert of.rules(FID).missing == (CHILD.lower(),)
    assert not of.rules(FID).is_complete


def test_a_missing_parent_comes_before_the_child() -> None:
    of = firewalls(firewall(), policy(CHILD, PARENT),
                   group(CHILD, "g", 100, collection("c", 100, "Allow", network("*", "*"))))  # fmt: skip
    assert anything(of) == "unknown"
    assert of.rules(FID).missing == (PARENT.lower(),)


def test_what_a_grandparent_decides_is_sure_though_a_child_lacks_rules() -> None:
    of = firewalls(
        firewall(), policy(PARENT),
        policy(CHILD, PARENT, ruleCollectionGroups=[{"id": f"{CHILD}/ruleCollectionGroups/gone"}]),
        group(PARENT, "g", 100, collection("c", 100, "Deny", network("*", "*", "22"))),
    )  # fmt: skip
    assert ask(of, "10.1.0.4", "10.2.0.4", "tcp/22") == ("denied", "c")
    assert anything(of) == "unknown"
    assert of.rules(FID).missing == (f"{CHILD}/ruleCollectionGroups/gone".lower(),)


def test_policies_in_a_circle_leave_everything_unknown() -> None:
    assert anything(firewalls(firewall(), policy(CHILD, PARENT), policy(PARENT, CHILD))) == "unknown"


def test_a_firewall_without_a_policy_denies() -> None:
    assert ask(firewalls(firewall(None)), "10.1.0.4", "10.2.0.4") == ("denied", "default-deny")


def test_a_firewall_that_the_input_lacks_is_unknown() -> None:
    of = firewalls(policy(CHILD))
    assert of.ids == ()
    assert anything(of) == "unknown"
    assert (of.private_address(FID), of.public_addresses(FID)) == ((), ())


def test_a_firewall_of_which_only_the_id_is_told_is_unknown() -> None:
    assert anything(firewalls(resource(FW, {}))) == "unknown"


@pytest.mark.parametrize(
    "broken",
    [
        7,
        collection("c", None, "Allow", network("*", "*")),
        collection("c", True, "Allow", network("*", "*")),
        collection("c", 100, "Sometimes", network("*", "*")),
        collection("c", 100, "Allow", "[parameters('rule')]"),
        {"name": "c", "priority": 100, "action": None, "rules": []},
        {"name": "c", "priority": 100, "action": {"type": "Allow"}, "rules": "[variables('rules')]"},
    ],
)
def test_an_illegible_collection_may_decide_on_everything(broken: Any) -> None:
    of = with_rules(broken, collection("d", 50, "Allow", network("*", "*")))
    assert anything(of) == "unknown"
    assert not of.rules(FID).is_complete


@pytest.mark.parametrize(
    "fields",
    [
        {"priority": "[parameters('p')]"}, {"ruleCollections": "[variables('c')]"}, {"ruleCollections": {"a": 1}},
    ],
)  # fmt: skip
def test_an_illegible_group_may_decide_on_everything(fields: dict[str, Any]) -> None:
    broken = group(CHILD, "g", 200)
    broken["properties"] |= fields
    assert anything(firewalls(firewall(), policy(CHILD), broken)) == "unknown"


def test_rules_of_any_shape_do_not_stop_the_program() -> None:
    odd: list[Any] = [None, 7, "x", [], {}, [None], [7], [{}], {"id": 3}, "²"]
    fields = ("ruleType", "name", "ipProtocols", "sourceAddresses", "sourceIpGroups", "destinationPorts", "protocols",
              "targetFqdns", "targetUrls", "fqdnTags", "destinationAddresses", "translatedAddress", "translatedPort",
              "destinationPublicIps", "destinationFqdns", "webCategories")  # fmt: skip
    kinds = (network("*", "*"), application("*", "*"), nat("*", "*", "1", "10.1.0.4", "1"))
    rules = [kind | {field: value} for kind in kinds for field in fields for value in odd]
    rules += [
        application("*", "x.example", protocols=[{"protocolType": v, "port": v}]) for v in [*odd, 70000]
    ]
    of = with_rules(collection("c", 100, "Allow", *rules))
    assert "denied" not in anything(of)
    assert of.translate(FID, packets("1.2.3.4", "20.50.60.70", "tcp/1"))


@pytest.mark.parametrize("value", [None, 7, "x", [], [7], {"id": 3}, {}])
@pytest.mark.parametrize(
    "field",
    [
        "firewallPolicy",
        "hubIPAddresses",
        "virtualHub",
        "sku",
        "networkRuleCollections",
        "additionalProperties",
    ],
)
def test_a_firewall_of_any_shape_does_not_stop_the_program(field: str, value: Any) -> None:
    of = firewalls(firewall(None, **{field: value}))
    assert anything(of) in ("denied", "unknown")
    of.translate(FID, packets("1.2.3.4", "20.50.60.70"))
    of.snats(FID, ADDRESSES)


# Application rules


def test_the_target_star_is_sure() -> None:
    of = with_rules(collection("web", 100, "Allow", application("10.1.0.0/16", "*")))
    assert ask(of, "10.1.0.4", "10.2.0.4") == ("allowed", "web")
    assert ask(of, "10.1.0.4", "20.60.0.1") == ("allowed", "web")
    assert ask(of, "10.1.0.4", "20.60.0.1", "udp/443") == ("denied", "default-deny")


@pytest.mark.parametrize(
    "targets",
    [{"fqdnTags": ["WindowsUpdate"]}, {"targetUrls": ["www.example.com/a"]}, {"webCategories": ["news"]},
     {"targetFqdns": ["*.ubuntu.com"]}],
)  # fmt: skip
def test_names_may_lead_to_public_addresses_on_their_ports(targets: dict[str, Any]) -> None:
    of = with_rules(collection("web", 100, "Allow", application("10.1.0.0/16") | targets))
    assert ask(of, "10.1.0.4", "20.60.0.1") == ("unknown", "web")
    assert ask(of, "10.1.0.4", "20.60.0.1", "tcp/80") == ("denied", "default-deny")
    assert ask(of, "10.1.0.4", "10.2.0.4") == ("denied", "default-deny")


def test_an_application_rule_that_denies_by_name_leaves_the_next_in_doubt() -> None:
    of = with_rules(
        collection("bad", 100, "Deny", application("*", "bad.example.com")),
        collection("web", 200, "Allow", application("*", "*")),
    )
    assert ask(of, "10.1.0.4", "20.60.0.1")[0] == "unknown"
    assert ask(of, "10.1.0.4", "10.2.0.4")[0] == "allowed"


def test_tags_without_protocols_mean_http_and_https() -> None:
    of = with_rules(
        collection("web", 100, "Allow", application("*", fqdnTags=["WindowsUpdate"], protocols=None))
    )
    assert ask(of, "10.1.0.4", "20.60.0.1", "tcp/80")[0] == "unknown"
    rule = of.rules(FID).application[0]
    assert (rule.protocols, rule.tags) == (("http/80", "https/443"), ("WindowsUpdate",))
    assert (
        rule.match.rule.text == "web / http/80, https/443 from any to WindowsUpdate: allow (priority 200/100)"
    )


def test_what_an_application_rule_lets_pass_goes_on_with_the_firewalls_address() -> None:
    of = with_rules(
        collection("net", 100, "Allow", network("10.1.0.0/24", "10.2.0.0/16", "443")),
        collection("web", 200, "Allow", application("10.1.0.0/16", "*")),
    )
    outcome = of.decide(FID, packets("10.1.0.0/16", "10.2.0.0/16"))
    assert outcome.allowed == packets("10.1.0.0/16", "10.2.0.0/16")
    assert of.proxied(FID, outcome) == outcome.allowed - packets("10.1.0.0/24", "10.2.0.0/16")


# Broad rules, places, settings


@pytest.mark.parametrize(
    ("source", "ports", "is_broad"),
    [("*", "*", True), ("10.0.0.0/8", "*", True), ("10.0.0.0/8", "0-65535", True), ("10.0.0.0/9", "*", False),
     ("*", "443", False), ("10.1.0.0/16 Internet", "*", True), ("::/0", "*", True), ("fd00::/16", "*", False)],
)  # fmt: skip
def test_broad_rules_are_those_from_anywhere_on_any_port(source: str, ports: str, is_broad: bool) -> None:
    of = with_rules(collection("c", 100, "Allow", network(source, "10.2.0.4", ports)))
    assert of.rules(FID).network[0].is_broad is is_broad


def test_rules_know_their_control_and_their_place_in_an_export() -> None:
    of = with_rules(
        collection("c", 100, "Allow", network("*", "*"), network("10.1.0.0/16", "*", "53", "TCP UDP"))
    )
    rule = of.rules(FID).network[1].rule
    assert rule.control == CHILD.lower()
    assert (rule.control_name, rule.kind, rule.stage, rule.access) == (
        "child",
        "firewall",
        "firewall",
        "allow",
    )
    assert rule.text == "c / tcp,udp/53 from 10.1.0.0/16 to any: allow (priority 200/100)"
    assert rule.place.path[-5:] == ("properties", "ruleCollections", 0, "rules", 1)
    assert not rule.is_default


def test_the_default_is_told_apart() -> None:
    default = with_rules().rules(FID).default.rule
    assert (default.name, default.control, default.is_default, default.kind) == (
        "default-deny",
        FID,
        True,
        "firewall",
    )


def test_settings_are_those_of_the_policy_and_never_looser_than_the_parents() -> None:
    of = firewalls(
        firewall(threatIntelMode="Off"), policy(
            CHILD, PARENT, threatIntelMode="Alert", intrusionDetection={"mode": "Alert"}),
        policy(PARENT, threatIntelMode="Deny"),
    )  # fmt: skip
    rules = of.rules(FID)
    assert (rules.threat_intelligence, rules.idps, rules.tier, rules.inspects_tls) == (
        "Deny",
        "Alert",
        "Premium",
        False,
    )


def test_settings_of_a_policy_that_is_not_in_the_input_are_not_told() -> None:
    rules = firewalls(firewall(threatIntelMode="Alert")).rules(FID)
    assert (rules.threat_intelligence, rules.idps, rules.policy) == ("", "", CHILD.lower())


# Classic rules


def test_classic_rules_are_evaluated_by_type_and_priority() -> None:
    def classic(name: str, priority: int, action: str, rule: dict[str, Any]) -> dict[str, Any]:
        return {
            "name": name,
            "properties": {"priority": priority, "action": {"type": action}, "rules": [rule]},
        }

    plain = {
        "name": "r",
        "protocols": ["TCP"],
        "sourceAddresses": ["10.1.0.0/16"],
        "destinationPorts": ["22"],
    }
    of = firewalls(firewall(
        None, threatIntelMode="Deny",
        networkRuleCollections=[
            classic("late", 300, "Allow", plain | {"destinationAddresses": ["*"]}),
            classic("early", 200, "Deny", plain | {"destinationAddresses": ["10.2.0.0/24"]}),
        ],
        applicationRuleCollections=[classic("web", 100, "Allow", {
            "name": "a", "protocols": [{"protocolType": "Http", "port": "80"}], "targetFqdns": ["*"],
            "sourceAddresses": ["*"]})],
        natRuleCollections=[classic("in", 100, "Dnat", plain | {
            "destinationAddresses": ["20.50.60.70"], "translatedAddress": "10.2.0.4", "translatedPort": "2222"})],
    ))  # fmt: skip
    assert of.order(FID) == ("in", "early", "late", "web")
    assert ask(of, "10.1.0.4", "10.2.0.4", "tcp/22") == ("denied", "early")
    assert ask(of, "10.1.0.4", "10.2.9.4", "tcp/22") == ("allowed", "late")
    assert ask(of, "10.1.0.4", "10.2.9.4", "tcp/80") == ("allowed", "web")
    rules = of.rules(FID)
    assert (rules.policy, rules.chain, rules.threat_intelligence) == ("", (), "Deny")
    rule = rules.network[0].rule
    assert rule.place.path[-6:] == ("properties", "networkRuleCollections", 1, "properties", "rules", 0)
    assert (rule.control, rule.text) == (
        FID,
        "early / tcp/22 from 10.1.0.0/16 to 10.2.0.0/24: deny (priority 200)",
    )
    assert [t.after for t in of.translate(FID, packets("10.1.0.4", "20.50.60.70", "tcp/22"))] == [
        packets("10.0.1.0/26", "10.2.0.4", "tcp/2222")
    ]


# DNAT


IN = nat("203.0.113.0/24", "20.50.60.70", "443", "10.1.0.4", "8443")


def test_dnat_changes_source_destination_and_port() -> None:
    of = with_rules(collection("in", 100, "DNAT", IN))
    (found,) = of.translate(FID, packets("203.0.113.0/24", "20.50.60.70", "tcp/443"))
    assert found.is_sure
    assert found.before == packets("203.0.113.0/24", "20.50.60.70", "tcp/443")
    assert found.after == packets("10.0.1.0/26", "10.1.0.4", "tcp/8443")
    assert found.match.rule.text == (
        "in / tcp/443 from 203.0.113.0/24 to 20.50.60.70: dnat to 10.1.0.4:8443 (priority 200/100)"
    )
    assert of.translate(FID, packets("198.51.100.1", "20.50.60.70")) == []
    assert of.translate(FID, packets("203.0.113.1", "20.50.60.70", "udp/443")) == []


def test_the_first_dnat_rule_that_matches_decides() -> None:
    second = nat("*", "20.50.60.70", "443", "10.2.0.4", "443")
    of = with_rules(collection("in", 100, "Dnat", IN, second))
    first, rest = of.translate(FID, packets("203.0.112.0/23", "20.50.60.70"))
    assert first.before.sources == addresses_of("203.0.113.0/24")
    assert rest.before.sources == addresses_of("203.0.112.0/24")
    assert rest.after.destinations == addresses_of("10.2.0.4")


def test_a_network_rule_that_denies_does_not_stop_what_dnat_translates() -> None:
    of = with_rules(collection("in", 200, "Dnat", IN), collection("no", 100, "Deny", network("*", "*")))
    (found,) = of.translate(FID, packets("203.0.113.1", "20.50.60.70"))
    assert found.is_sure


def test_dnat_listens_on_the_firewalls_own_addresses_alone() -> None:
    other = f"{NET}/azureFirewalls/other"
    inner = {"privateIPAddress": "10.0.1.9", "publicIPAddress": {"id": f"{PUBLIC_IP}2"}}
    of = firewalls(
        firewall(), firewall(rid=other, ipConfigurations=[{"properties": inner}]), policy(CHILD),
        resource(f"{PUBLIC_IP}2", {"ipAddress": "20.50.60.71"}),
        group(CHILD, "g", 200, collection("in", 100, "Dnat", IN, nat("*", "*", "22", "10.1.0.4", "22"))),
    )  # fmt: skip
    assert of.ids == (FID, other.lower())
    assert of.translate(other.lower(), packets("203.0.113.1", "20.50.60.70")) == []
    assert len(of.translate(other.lower(), packets("203.0.113.1", "20.50.60.71", "tcp/22"))) == 1
    assert of.rules(other.lower()).nat[1].match.possible.destinations == (
        *addresses_of("10.0.1.9"), *addresses_of("20.50.60.71"),
    )  # fmt: skip


def test_dnat_on_the_private_address() -> None:
    of = with_rules(collection("in", 100, "Dnat", nat("10.2.0.0/16", "10.0.1.4", "22", "10.1.0.4", "22")))
    assert len(of.translate(FID, packets("10.2.0.4", "10.0.1.4", "tcp/22"))) == 1


def test_a_public_ip_without_an_address_may_be_the_one_that_a_rule_names() -> None:
    inner = {"privateIPAddress": "10.0.1.4", "publicIPAddress": {"id": f"{PUBLIC_IP}2"}}
    of = firewalls(firewall(ipConfigurations=[{"properties": inner}]), policy(CHILD),
                   group(CHILD, "g", 200, collection("in", 100, "Dnat", IN)))  # fmt: skip
    own = of.public_addresses(FID)
    assert own[0][0] >= NAMELESS_BASE
    (found,) = of.translate(
        FID, PacketSet.of(Box(addresses_of("203.0.113.1"), own, parse_service("tcp", "443")))
    )
    assert not found.is_sure


def test_the_dnat_rules_of_a_parent_are_inherited_perhaps() -> None:
    of = firewalls(firewall(), policy(CHILD, PARENT), policy(PARENT),
                   group(PARENT, "g", 200, collection("in", 100, "Dnat", IN)))  # fmt: skip
    (found,) = of.translate(FID, packets("203.0.113.1", "20.50.60.70"))
    assert not found.is_sure
    assert found.match.assumptions == ("ASSUME_NAT_INHERITED",)


def test_a_dnat_rule_to_a_name_may_lead_anywhere() -> None:
    of = with_rules(
        collection("in", 100, "Dnat", IN | {"translatedAddress": None, "translatedFqdn": "app.example"})
    )
    (found,) = of.translate(FID, packets("203.0.113.1", "20.50.60.70"))
    assert not found.is_sure
    assert found.after.destinations == ADDRESSES


def test_rules_that_are_not_in_the_input_may_translate() -> None:
    (found,) = firewalls(firewall()).translate(FID, packets("203.0.113.1", "20.50.60.0/24"))
    assert not found.is_sure
    assert found.before.destinations == addresses_of("20.50.60.70")
    assert found.match.assumptions == ("ASSUME_FIREWALL_RULES_UNKNOWN",)


# Addresses


def test_addresses_of_a_firewall_in_a_vnet() -> None:
    of = with_rules()
    assert of.private_address(FID) == addresses_of("10.0.1.4")
    assert of.public_addresses(FID) == addresses_of("20.50.60.70")
    assert of.snat_addresses(FID) == addresses_of("10.0.1.0/26")


def test_addresses_of_a_firewall_in_a_virtual_hub() -> None:
    hub = f"{NET}/virtualHubs/vhub"
    body = {
        "virtualHub": {"id": hub}, "firewallPolicy": {"id": CHILD},
        "hubIPAddresses": {
            "privateIPAddress": "10.100.64.4", "publicIPs": {"count": 1, "addresses": [{"address": "20.1.1.1"}]}},
    }  # fmt: skip
    of = firewalls(resource(FW, body), resource(hub, {"addressPrefix": "10.100.0.0/16"}), policy(CHILD))
    assert of.private_address(FID) == addresses_of("10.100.64.4")
    assert of.public_addresses(FID) == addresses_of("20.1.1.1")
    assert of.snat_addresses(FID) == addresses_of("10.100.0.0/16")
    del body["hubIPAddresses"]
    assert firewalls(resource(FW, body), policy(CHILD)).public_addresses(FID)[0][0] >= NAMELESS_BASE


@pytest.mark.parametrize(
    ("ranges", "destination", "is_changed"),
    [
        (None, "10.2.0.4", False),
        (None, "100.64.0.1", False),
        (None, "20.60.0.1", True),
        (["0.0.0.0/0"], "20.60.0.1", False),
        (["255.255.255.255/32"], "10.2.0.4", True),
        (["IANAPrivateRanges", "20.60.0.0/16"], "20.60.0.1", False),
        (["IANAPrivateRanges", "20.60.0.0/16"], "10.2.0.4", False),
    ],
)
def test_the_source_changes_for_public_destinations(
    ranges: list[str] | None, destination: str, is_changed: bool
) -> None:
    told: dict[str, Any] = {"snat": {"privateRanges": ranges}} if ranges else {}
    asked = addresses_of(destination)
    assert firewalls(firewall(), policy(CHILD, **told)).snats(FID, asked) == (asked if is_changed else ())
    more: dict[str, Any] = (
        {"additionalProperties": {"Network.SNAT.PrivateRanges": ", ".join(ranges)}} if ranges else {}
    )
    assert firewalls(firewall(None, **more)).snats(FID, asked) == (asked if is_changed else ())


# Specs


SPEC = """
vnets:
  Hub: {address: 10.0.0.0/16, subnets: {AzureFirewallSubnet: {address: 10.0.1.0/26,
        resources: {FW: {type: firewall, policy: FWP, public_ip: PIP}}}}}
  Spoke: {address: 10.1.0.0/16}
ip_groups: {Sites: [192.168.0.0/17]}
public_ips: {PIP: }
firewall_policies:
  Base: {threat_intelligence: deny}
  FWP:
    parent: Base
    rule_collections:
      Sites to spokes: {priority: 200, action: allow, rules: [tcp/443 from Sites to Spoke]}
      Updates: {priority: 300, action: allow, rules: ["https/443 from Spoke to *.ubuntu.com, WindowsUpdate"]}
      Partner: {priority: 400, action: dnat, rules: [tcp/22 from 203.0.113.0/24 to PIP -> 10.1.0.4:2222]}
"""
SPEC_FIREWALL = "vnets/hub/subnets/azurefirewallsubnet/resources/fw"


def test_a_spec_and_its_places() -> None:
    of = of_spec(SPEC)
    assert of.ids == (SPEC_FIREWALL,)
    rules = of.rules(SPEC_FIREWALL)
    assert of.order(SPEC_FIREWALL) == ("Partner", "Sites to spokes", "Updates")
    rule = rules.network[0].rule
    assert rule.name == "tcp/443 from Sites to Spoke"
    assert rule.text == "Sites to spokes / tcp/443 from Sites to 10.1.0.0/16: allow (priority 200/200)"
    assert rule.place.path == ("firewall_policies", "FWP", "rule_collections", "Sites to spokes", "rules", 0)
    assert (rules.threat_intelligence, rules.is_complete) == ("Deny", True)
    assert verdict(of.decide(SPEC_FIREWALL, packets("192.168.1.1", "10.1.0.4"))) == "allowed"


def test_a_spec_translates_to_a_public_ip_without_an_address() -> None:
    of = of_spec(SPEC)
    own = of.public_addresses(SPEC_FIREWALL)
    sent = PacketSet.of(Box(addresses_of("203.0.113.1"), own, parse_service("tcp", "22")))
    (found,) = of.translate(SPEC_FIREWALL, sent)
    assert found.is_sure
    assert found.after == packets("10.0.1.0/26", "10.1.0.4", "tcp/2222")
    assert "from 203.0.113.0/24 to PIP: dnat to 10.1.0.4:2222" in found.match.rule.text


# The index


def test_masks_name_the_rules_that_can_match() -> None:
    of = with_rules(collection(
        "c", 100, "Allow", network("10.1.0.0/24", "10.2.0.0/24"), network("10.1.0.0/16", "10.2.9.0/24 10.3.0.0/16"),
        network("*", "10.2.0.7"),
    ))  # fmt: skip
    assert of.sources_mask(FID, addresses_of("10.1.0.4")) == 0b111
    assert of.sources_mask(FID, addresses_of("10.1.1.0/24")) == 0b110
    assert of.sources_mask(FID, addresses_of("10.9.0.0/24")) == 0b100
    assert of.destinations_mask(FID, addresses_of("10.2.0.0/29")) == 0b101
    assert of.destinations_mask(FID, addresses_of("10.2.0.8-10.3.255.255")) == 0b011
    assert of.destinations_mask(FID, addresses_of("10.4.0.0/16")) == 0


def test_the_index_changes_no_verdict() -> None:
    texts = ("10.1.0.0/24", "10.1.0.0/16", "10.2.0.0/16", "*", "10.0.0.0/8", "192.168.0.0/17", "10.2.0.4")
    rules = [collection(f"c{n}", 100 + n, "Deny" if n % 3 == 0 else "Allow",
                        network(texts[n % 7], texts[(n * 3 + 1) % 7], str(n % 5)))
             for n in range(40)]  # fmt: skip
    of = with_rules(*rules)
    matches = of.rules(FID).network
    for source in ("10.1.0.4", "10.1.7.4", "192.168.1.1", "10.2.0.4", "172.16.0.1"):
        for destination in ("10.2.0.4", "10.2.3.4", "10.1.0.4", "8.8.8.8"):
            for port in range(6):
                packet = Packet(addresses_of(source)[0][0], addresses_of(destination)[0][0], port)
                first = next((m for m in matches if packet in PacketSet.of(m.sure)), None)
                expected = "denied" if first is None or first.rule.access == "deny" else "allowed"
                assert ask(of, source, destination, f"tcp/{port}")[0] == expected


def test_firewalls_with_one_policy_share_its_rules() -> None:
    others = [firewall(rid=f"{NET}/azureFirewalls/fw{n}") for n in range(3)]
    of = firewalls(
        *others, policy(CHILD), group(CHILD, "g", 200, collection("c", 100, "Allow", network("*", "*")))
    )
    first, second, _ = (of.rules(rid) for rid in of.ids)
    assert first.network[0] is second.network[0]


def test_no_packets_get_no_decision() -> None:
    assert with_rules().decide(FID, PacketSet()).decisions == ()


def test_a_network_without_addresses_may_be_any_that_a_rule_names() -> None:
    of = of_spec(SPEC.replace("ip_groups", "  Sketch:\nip_groups"))
    sketch = of.addresses.vnet("vnets/sketch")
    sent = PacketSet.of(Box(addresses_of("192.168.1.1"), sketch, parse_service("tcp", "443")))
    outcome = of.decide(SPEC_FIREWALL, sent)
    assert (verdict(outcome), outcome.assumptions) == ("unknown", ("ASSUME_ADDRESS_UNKNOWN",))
