"""Every way in and out: what exposes what, of each kind, from exports and from specs."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.firewall import Firewalls
from diagramgen.analyse.frontends import Frontend, egress, frontends
from diagramgen.model.build import build_topology
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import address_texts, service_text
from diagramgen.read import Source, read_records

GROUP = "/subscriptions/s/resourceGroups/g/providers"
NET = f"{GROUP}/Microsoft.Network"
VNET = f"{NET}/virtualNetworks/v"
Json = dict[str, Any]


def ref(kind: str, name: str) -> Json:
    return {"id": f"{NET}/{kind}/{name}"}


def row(kind: str, name: str, properties: Json, **envelope: Any) -> Json:
    """A resource as the REST API gives it; `kind` is a type, below `Microsoft.Network` where it names no provider."""
    provider, _, rest = (
        kind.rpartition("/") if kind.startswith("Microsoft.") else ("Microsoft.Network", "", kind)
    )
    names, kinds = name.split("/"), rest.split("/")
    if provider.count("/"):  # a child of another provider's resource
        provider, _, first = provider.partition("/")
        kinds = [*first.split("/"), *kinds]
    path = "/".join(f"{k}/{n}" for k, n in zip(kinds, names, strict=True))
    return {"id": f"{GROUP}/{provider}/{path}", "name": names[-1], "type": f"{provider}/{'/'.join(kinds)}",
            "properties": properties, **envelope}  # fmt: skip


def subnet(name: str, prefix: str, **more: Any) -> Json:
    return {"id": f"{VNET}/subnets/{name}", "name": name, "properties": {"addressPrefix": prefix, **more}}


def network(**more: Any) -> Json:
    """A VNet with a subnet `web` (10.0.1.0/24), `edge` (10.0.2.0/24), one for the firewall and one for Bastion."""
    subnets = [
        subnet("web", "10.0.1.0/24", **more),
        subnet("edge", "10.0.2.0/24"),
        subnet("AzureFirewallSubnet", "10.0.3.0/26"),
        subnet("AzureBastionSubnet", "10.0.4.0/26"),
        subnet("GatewaySubnet", "10.0.5.0/27"),
    ]
    return row(
        "virtualNetworks", "v", {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}
    )


def in_subnet(name: str) -> Json:
    return {"id": f"{VNET}/subnets/{name}"}


def public_ip(name: str = "pip", sku: str | None = "Standard", **more: Any) -> Json:
    envelope = {"sku": {"name": sku}} if sku else {}
    return row("publicIPAddresses", name, {"ipAddress": "20.1.2.3", **more}, **envelope)


def nic(name: str = "nic", address: str = "10.0.1.4", **configuration: Any) -> Json:
    inner = {"privateIPAddress": address, "subnet": in_subnet("web"), **configuration}
    item = {"id": f"{NET}/networkInterfaces/{name}/ipConfigurations/one", "name": "one", "properties": inner}
    return row("networkInterfaces", name, {"ipConfigurations": [item]})


def configuration(name: str, kind: str = "networkInterfaces") -> Json:
    return {"id": f"{NET}/{kind}/{name}/ipConfigurations/one"}


def part(owner: str, collection: str, name: str, properties: Json) -> Json:
    return {"id": f"{NET}/{owner}/{collection}/{name}", "name": name, "properties": properties}


def topology_of(*rows: Json) -> Topology:
    text = json.dumps([*rows])
    return build_topology(read_records([Source("export.json", text.encode())]))


def spec(text: str) -> Topology:
    return build_topology(read_records([Source("spec.yaml", text.encode())]))


def entries(topology: Topology) -> tuple[Frontend, ...]:
    addresses = Addresses(topology)
    return frontends(topology, addresses, Firewalls(topology, addresses))


def only(*rows: Json) -> Frontend:
    (entry,) = entries(topology_of(*rows))
    return entry


def ways_out(*rows: Json, name: str = "web") -> list[tuple[str, str, bool]]:
    topology = topology_of(*rows)
    found = egress(topology, Addresses(topology), f"{VNET}/subnets/{name}".lower())
    return [(way.kind, way.id.rsplit("/", 1)[-1], way.is_sure) for way in found]


def told(entry: Frontend) -> list[tuple[str, str, str]]:
    """The targets: last part of the id, addresses, services."""
    return [(t.id.rsplit("/", 1)[-1], ", ".join(address_texts(t.addresses)), service_text(t.services))
            for t in entry.targets]  # fmt: skip


# Public addresses of machines


@pytest.mark.parametrize(("sku", "needs_nsg"), [("Standard", True), ("Basic", False), (None, None)])
def test_a_public_ip_on_an_interface_leads_to_it_with_every_service(
    sku: str | None, needs_nsg: bool | None
) -> None:
    """IN-02, IN-03, IN-13: which of them the NSG and the route let pass is not decided here."""
    entry = only(network(), nic(publicIPAddress=ref("publicIPAddresses", "pip")), public_ip(sku=sku))
    assert (entry.kind, entry.sku, entry.needs_nsg) == ("public-ip", (sku or "unknown").lower(), needs_nsg)
    assert (entry.vnet, entry.subnet) == (VNET.lower(), f"{VNET}/subnets/web".lower())
    assert entry.public_ips == (f"{NET}/publicIPAddresses/pip".lower(),)
    assert entry.is_source_kept and entry.is_sure and entry.sources is None and entry.waf == ""
    assert told(entry) == [("nic", "10.0.1.4", "any")]
    assert entry.rule is not None and entry.rule.text == "any from Internet to pip -> any of nic"
    assert entry.place.path[-2:] == ("ipConfigurations", 0)


def test_each_address_of_an_interface_leads_to_its_own_configuration() -> None:
    rows = nic(publicIPAddress=ref("publicIPAddresses", "pip"))
    second = copy.deepcopy(rows["properties"]["ipConfigurations"][0])
    second["id"] = second["id"][:-3] + "two"
    second["properties"] |= {
        "privateIPAddress": "10.0.1.9",
        "publicIPAddress": ref("publicIPAddresses", "other"),
    }
    rows["properties"]["ipConfigurations"].append(second)
    found = entries(topology_of(network(), rows, public_ip()))
    assert [told(entry) for entry in found] == [[("nic", "10.0.1.4", "any")], [("nic", "10.0.1.9", "any")]]
    assert [entry.sku for entry in found] == ["standard", "unknown"]


def test_an_interface_that_forwards_is_an_appliance() -> None:
    rows = nic(publicIPAddress=ref("publicIPAddresses", "pip"))
    rows["properties"]["enableIPForwarding"] = True
    assert only(network(), rows, public_ip()).kind == "nva"


def test_instances_of_a_scale_set_have_addresses_that_it_describes() -> None:
    inner = {
        "subnet": in_subnet("web"),
        "publicIPAddressConfiguration": {"name": "each", "sku": {"name": "Standard"}, "properties": {}},
    }
    interface = {"name": "n", "properties": {"ipConfigurations": [{"name": "c", "properties": inner}]}}
    profile = {"networkProfile": {"networkInterfaceConfigurations": [interface]}}
    scale_set = row("Microsoft.Compute/virtualMachineScaleSets", "vmss", {"virtualMachineProfile": profile})
    entry = only(network(), scale_set)
    assert (entry.kind, entry.sku, entry.owner.rsplit("/", 1)[-1]) == ("public-ip", "standard", "vmss")
    assert [(t.subnet, t.is_known) for t in entry.targets] == [(f"{VNET}/subnets/web".lower(), True)]
    assert entry.targets[0].addresses


def test_a_public_ip_whose_interface_is_not_in_the_input_is_an_entry_that_is_not_sure() -> None:
    listing = [configuration("gone")]
    entry = only(network(ipConfigurations=listing), public_ip(ipConfiguration=configuration("gone")))
    assert (entry.kind, entry.is_sure, entry.subnet) == ("public-ip", False, f"{VNET}/subnets/web".lower())
    assert [(t.id.rsplit("/", 1)[-1], t.is_known) for t in entry.targets] == [("gone", False)]


def test_a_public_ip_of_nothing_and_one_of_a_nat_gateway_are_no_entries() -> None:
    gateway = row("natGateways", "nat", {"publicIpAddresses": [ref("publicIPAddresses", "pip")]})
    assert entries(topology_of(network(), public_ip())) == ()
    assert entries(topology_of(network(), public_ip(natGateway=ref("natGateways", "nat")), gateway)) == ()


# Load balancers

FRONT = {"id": f"{NET}/loadBalancers/lb/frontendIPConfigurations/f"}
POOL = {"id": f"{NET}/loadBalancers/lb/backendAddressPools/p"}


def balancer(sku: str = "Standard", **collections: Any) -> Json:
    fronts = [part("loadBalancers/lb", "frontendIPConfigurations", "f",
                   {"publicIPAddress": ref("publicIPAddresses", "pip")})]  # fmt: skip
    pools = [part("loadBalancers/lb", "backendAddressPools", "p",
                  {"backendIPConfigurations": [configuration("nic")]})]  # fmt: skip
    base = {"frontendIPConfigurations": fronts, "backendAddressPools": pools}
    return row("loadBalancers", "lb", base | collections, sku={"name": sku})


def balancer_rule(name: str = "r", kind: str = "loadBalancingRules", **properties: Any) -> Json:
    base = {
        "frontendIPConfiguration": FRONT,
        "backendAddressPool": POOL,
        "protocol": "Tcp", "frontendPort": 443, "backendPort": 8443,
    }  # fmt: skip
    return part("loadBalancers/lb", kind, name, base | properties)


@pytest.mark.parametrize(("sku", "needs_nsg"), [("Standard", True), ("Basic", False)])
def test_a_rule_of_a_public_balancer_leads_to_its_pool_at_the_backends_port(
    sku: str, needs_nsg: bool
) -> None:
    """IN-05, IN-06: 443 arrives as 8443, and the SKU tells whether it is closed without an NSG."""
    entry = only(network(), nic(), public_ip(sku=sku), balancer(sku, loadBalancingRules=[balancer_rule()]))
    assert (entry.kind, entry.sku, entry.needs_nsg) == ("load-balancer", sku.lower(), needs_nsg)
    assert (entry.name, service_text(entry.services), entry.is_source_kept) == ("lb/r", "tcp/443", True)
    assert told(entry) == [("nic", "10.0.1.4", "tcp/8443")]
    assert (entry.vnet, entry.subnet, entry.is_sure) == ("", "", True)
    assert entry.rule is not None and entry.rule.text == "tcp/443 from Internet to pip -> tcp/8443 of nic"
    assert entry.place.path[-3:] == ("properties", "loadBalancingRules", 0)


def test_a_pool_is_known_from_its_interfaces_too() -> None:
    member = nic(loadBalancerBackendAddressPools=[POOL])
    empty = [part("loadBalancers/lb", "backendAddressPools", "p", {})]
    lb = balancer(loadBalancingRules=[balancer_rule()], backendAddressPools=empty)
    assert told(only(network(), member, public_ip(), lb)) == [("nic", "10.0.1.4", "tcp/8443")]


def test_a_pool_of_addresses_leads_to_who_has_them() -> None:
    listed = [{"name": "a", "properties": {"ipAddress": "10.0.1.4", "virtualNetwork": {"id": VNET}}},
              {"name": "b", "properties": {"ipAddress": "10.0.2.77", "virtualNetwork": {"id": VNET}}}]  # fmt: skip
    pool = [part("loadBalancers/lb", "backendAddressPools", "p", {"loadBalancerBackendAddresses": listed})]
    lb = balancer(loadBalancingRules=[balancer_rule()], backendAddressPools=pool)
    entry = only(network(), nic(), public_ip(), lb)
    assert told(entry) == [("nic", "10.0.1.4", "tcp/8443"), ("edge", "10.0.2.77", "tcp/8443")]
    assert [t.is_known for t in entry.targets] == [True, False]


def test_members_that_the_input_lacks_are_not_known_and_stand_where_a_subnet_lists_them() -> None:
    entry = only(
        network(ipConfigurations=[configuration("nic")]),
        public_ip(),
        balancer(loadBalancingRules=[balancer_rule()]),
    )
    (target,) = entry.targets
    assert (target.is_known, target.subnet) == (False, f"{VNET}/subnets/web".lower())
    assert address_texts(target.addresses) == ["10.0.1.0/24"]


def test_nat_rules_and_pools_lead_to_their_machines() -> None:
    rule = balancer_rule("ssh", "inboundNatRules", backendAddressPool=None, frontendPort=50022, backendPort=22,
                         backendIPConfiguration=configuration("nic"))  # fmt: skip
    span = balancer_rule("many", "inboundNatRules", frontendPort=None, frontendPortRangeStart=500,
                         frontendPortRangeEnd=510, backendPort=22)  # fmt: skip
    pool = balancer_rule("pool", "inboundNatPools", backendAddressPool=None, frontendPort=None, backendPort=3389,
                         frontendPortRangeStart="600", frontendPortRangeEnd="620")  # fmt: skip
    inner = {"subnet": in_subnet("web"), "loadBalancerInboundNatPools": [{"id": pool["id"]}]}
    interface = {"name": "n", "properties": {"ipConfigurations": [{"name": "c", "properties": inner}]}}
    profile = {"networkProfile": {"networkInterfaceConfigurations": [interface]}}
    scale_set = row("Microsoft.Compute/virtualMachineScaleSets", "vmss", {"virtualMachineProfile": profile})
    lb = balancer(inboundNatRules=[rule, span], inboundNatPools=[pool])
    found = {
        entry.name: entry for entry in entries(topology_of(network(), nic(), public_ip(), lb, scale_set))
    }
    assert told(found["lb/ssh"]) == [("nic", "10.0.1.4", "tcp/22")]
    assert service_text(found["lb/many"].services) == "tcp/500-510"
    assert told(found["lb/many"]) == [("nic", "10.0.1.4", "tcp/22")]
    assert [service_text(t.services) for t in found["lb/pool"].targets] == ["tcp/3389"]


def test_a_balancer_of_a_scale_set_lists_its_instances() -> None:
    pool = f"{NET}/loadBalancers/lb/backendAddressPools/p"
    inner = {"subnet": in_subnet("web"), "loadBalancerBackendAddressPools": [{"id": pool}]}
    interface = {"name": "n", "properties": {"ipConfigurations": [{"name": "c", "properties": inner}]}}
    profile = {"networkProfile": {"networkInterfaceConfigurations": [interface]}}
    scale_set = row("Microsoft.Compute/virtualMachineScaleSets", "vmss", {"virtualMachineProfile": profile})
    instance = f"{scale_set['id']}/virtualMachines/3/networkInterfaces/n/ipConfigurations/c"
    pools = [
        part("loadBalancers/lb", "backendAddressPools", "p", {"backendIPConfigurations": [{"id": instance}]})
    ]
    lb = balancer(loadBalancingRules=[balancer_rule()], backendAddressPools=pools)
    entry = only(network(), public_ip(), lb, scale_set)
    assert [(t.is_known, t.subnet) for t in entry.targets] == [(True, f"{VNET}/subnets/web".lower())]


def test_all_ports_of_all_protocols_stay_as_they_are() -> None:
    rule = balancer_rule(protocol="All", frontendPort=0, backendPort=0)
    entry = only(network(), nic(), public_ip(), balancer(loadBalancingRules=[rule]))
    assert told(entry) == [("nic", "10.0.1.4", "tcp,udp/*")]


def test_an_internal_balancer_and_one_with_outbound_rules_alone_are_no_ways_in() -> None:
    inside = [part("loadBalancers/lb", "frontendIPConfigurations", "f", {"subnet": in_subnet("web")})]
    lb = balancer(loadBalancingRules=[balancer_rule()], frontendIPConfigurations=inside)
    assert entries(topology_of(network(), nic(), lb)) == ()
    outbound = balancer(outboundRules=[balancer_rule(kind="outboundRules")])
    assert entries(topology_of(network(), nic(), public_ip(), outbound)) == ()


def test_what_a_balancer_does_without_told_rules_is_not_sure() -> None:
    entry = only(network(), nic(), public_ip(), balancer())
    assert (entry.is_sure, told(entry)) == (False, [("nic", "10.0.1.4", "tcp,udp/*")])


def test_a_gateway_balancer_in_front_makes_an_entry_unsure() -> None:
    rows = nic(
        publicIPAddress=ref("publicIPAddresses", "pip"), gatewayLoadBalancer=ref("loadBalancers", "gw")
    )
    assert not only(network(), rows, public_ip()).is_sure


def test_a_global_balancer_leads_through_regional_ones() -> None:
    front = f"{NET}/loadBalancers/lb/frontendIPConfigurations/f"
    address = {"name": "a", "properties": {"loadBalancerFrontendIPConfiguration": {"id": front}}}
    world = row("loadBalancers", "world", {
        "frontendIPConfigurations": [part("loadBalancers/world", "frontendIPConfigurations", "w",
                                          {"publicIPAddress": ref("publicIPAddresses", "any")})],
        "backendAddressPools": [part("loadBalancers/world", "backendAddressPools", "regions",
                                     {"loadBalancerBackendAddresses": [address]})],
        "loadBalancingRules": [part("loadBalancers/world", "loadBalancingRules", "r", {
            "frontendIPConfiguration": {"id": f"{NET}/loadBalancers/world/frontendIPConfigurations/w"},
            "backendAddressPool": {"id": f"{NET}/loadBalancers/world/backendAddressPools/regions"},
            "protocol": "Tcp", "frontendPort": 443, "backendPort": 443})],
    }, sku={"name": "Standard", "tier": "Global"})  # fmt: skip
    lb = balancer(loadBalancingRules=[balancer_rule()])
    found = {
        entry.name: told(entry) for entry in entries(topology_of(network(), nic(), public_ip(), lb, world))
    }
    assert found["world/r"] == found["lb/r"] == [("nic", "10.0.1.4", "tcp/8443")]


# Application gateways


def gateway(
    tier: str = "WAF_v2", *, listener: Json | None = None, path_map: Json | None = None, **more: Any
) -> Json:
    """A gateway with one listener for https on a public address, in front of 10.0.1.4:8080."""
    owner = "applicationGateways/agw"

    def to(collection: str, name: str) -> Json:
        return {"id": f"{NET}/{owner}/{collection}/{name}"}

    backend = {"backendAddressPool": to("backendAddressPools", "p"),
               "backendHttpSettings": to("backendHttpSettingsCollection", "s")}  # fmt: skip
    route = {"httpListener": to("httpListeners", "l"), "ruleType": "Basic", **backend}
    if path_map is not None:
        route = {"httpListener": to("httpListeners", "l"), "urlPathMap": to("urlPathMaps", "m")}
        path_map = {"defaultBackendAddressPool": backend["backendAddressPool"],
                    "defaultBackendHttpSettings": backend["backendHttpSettings"], **path_map}  # fmt: skip
    properties = {
        "sku": {"name": tier, "tier": tier},
        "gatewayIPConfigurations": [part(owner, "gatewayIPConfigurations", "g", {"subnet": in_subnet("edge")})],
        "frontendIPConfigurations": [
            part(owner, "frontendIPConfigurations", "public", {"publicIPAddress": ref("publicIPAddresses", "pip")}),
            part(owner, "frontendIPConfigurations", "private", {"subnet": in_subnet("edge")}),
        ],
        "frontendPorts": [part(owner, "frontendPorts", "https", {"port": 443})],
        "backendAddressPools": [
            part(owner, "backendAddressPools", "p", {"backendAddresses": [{"ipAddress": "10.0.1.4"}]}),
        ],
        "backendHttpSettingsCollection": [part(owner, "backendHttpSettingsCollection", "s", {"port": 8080})],
        "httpListeners": [part(owner, "httpListeners", "l", {
            "frontendIPConfiguration": to("frontendIPConfigurations", "public"),
            "frontendPort": to("frontendPorts", "https"), "protocol": "Https", **(listener or {})})],
        "requestRoutingRules": [part(owner, "requestRoutingRules", "r", route)],
        "urlPathMaps": [part(owner, "urlPathMaps", "m", path_map)] if path_map else [],
    }  # fmt: skip
    return row("applicationGateways", "agw", properties | more)


def waf_policy(
    name: str = "waf", mode: str | None = "Prevention", state: str = "Enabled", front: bool = False
) -> Json:
    kind = (
        "FrontDoorWebApplicationFirewallPolicies"
        if front
        else "ApplicationGatewayWebApplicationFirewallPolicies"
    )
    return row(kind, name, {"policySettings": {"mode": mode, "enabledState" if front else "state": state}})


def policy_ref(name: str = "waf", front: bool = False) -> Json:
    return {"id": waf_policy(name, front=front)["id"]}


def test_a_listener_of_an_application_gateway_leads_to_its_backends() -> None:
    """IN-07: the WAF is in prevention."""
    rows = (network(), nic(), public_ip(), waf_policy())
    entry = only(*rows, gateway(firewallPolicy=policy_ref()))
    assert (entry.kind, entry.name, entry.waf) == ("application-gateway", "agw/l", "prevention")
    assert entry.waf_policy == policy_ref()["id"].lower()
    assert entry.subnet == f"{VNET}/subnets/edge".lower() and not entry.is_source_kept and entry.is_sure
    assert service_text(entry.services) == "tcp/443" and entry.sources is None and entry.needs_nsg is False
    assert told(entry) == [("nic", "10.0.1.4", "tcp/8080")]
    assert entry.rule is not None and entry.rule.kind == "waf"


@pytest.mark.parametrize(
    ("more", "policies", "waf"),
    [
        ({"firewallPolicy": policy_ref()}, [waf_policy(mode="Detection")], "detection"),  # IN-08
        ({"firewallPolicy": policy_ref()}, [waf_policy(state="Disabled")], "disabled"),
        ({"firewallPolicy": policy_ref()}, [waf_policy(mode=None)], "unknown"),
        ({"firewallPolicy": policy_ref()}, [], "unknown"),
        ({}, [], "none"),
        ({"tier": "Standard_v2"}, [], "none"),  # IN-09
        ({"tier": "Standard_v2", "firewallPolicy": policy_ref()}, [waf_policy()], "none"),
        ({"sku": None}, [], "unknown"),
        ({"tier": "WAF", "webApplicationFirewallConfiguration": {"enabled": True, "firewallMode": "Prevention"}}, [],
         "prevention"),
        ({"webApplicationFirewallConfiguration": {"enabled": True, "firewallMode": "Detection"}}, [], "detection"),
        ({"webApplicationFirewallConfiguration": {"enabled": False, "firewallMode": "Prevention"}}, [], "disabled"),
        ({"webApplicationFirewallConfiguration": {"enabled": True}}, [], "unknown"),
        ({"listener": {"firewallPolicy": policy_ref("own")}, "firewallPolicy": policy_ref()},
         [waf_policy(), waf_policy("own", "Detection")], "detection"),
    ],
)  # fmt: skip
def test_what_the_waf_of_a_gateway_does(more: Json, policies: list[Json], waf: str) -> None:
    settings = dict(more)
    tier = settings.pop("tier", "WAF_v2")
    listener = settings.pop("listener", None)
    entry = only(network(), nic(), public_ip(), *policies, gateway(tier, listener=listener, **settings))
    assert entry.waf == waf


def test_a_path_with_a_waf_policy_of_its_own_is_an_entry_of_its_own() -> None:
    paths = [{"name": "open", "properties": {"paths": ["/open"], "firewallPolicy": policy_ref("log")}},
             {"name": "same", "properties": {"paths": ["/same"]}}]  # fmt: skip
    rows = (network(), nic(), public_ip(), waf_policy(), waf_policy("log", "Detection"))
    found = entries(topology_of(*rows, gateway(path_map={"pathRules": paths}, firewallPolicy=policy_ref())))
    assert [(entry.name, entry.waf) for entry in found] == [
        ("agw/l", "prevention"),
        ("agw/l/open", "detection"),
    ]
    assert told(found[0]) == [("nic", "10.0.1.4", "tcp/8080")]


def test_a_private_listener_is_open_to_nobody_outside() -> None:
    listener = {
        "frontendIPConfiguration": {"id": f"{NET}/applicationGateways/agw/frontendIPConfigurations/private"}
    }
    entry = only(network(), nic(), gateway(listener=listener))
    assert (entry.sources, entry.public_ips) == ((), ())


def test_a_listener_on_a_frontend_that_is_not_there_is_not_sure() -> None:
    assert not only(network(), nic(), gateway(listener={"frontendIPConfiguration": None})).is_sure
    assert not only(network(), nic(), gateway(frontendPorts="?")).is_sure


def test_backends_are_found_by_name_by_interface_and_by_address() -> None:
    app = row("Microsoft.Web/sites", "shop", {"defaultHostName": "shop.azurewebsites.net"})
    member = nic(
        applicationGatewayBackendAddressPools=[{"id": f"{NET}/applicationGateways/agw/backendAddressPools/p"}]
    )
    pool = part("applicationGateways/agw", "backendAddressPools", "p", {
        "backendAddresses": [{"fqdn": "Shop.azurewebsites.net"}, {"fqdn": "www.contoso.com"}]})  # fmt: skip
    entry = only(network(), member, public_ip(), app, gateway(backendAddressPools=[pool]))
    assert {(name, service) for name, _, service in told(entry)} == {
        ("shop", "tcp/8080"), ("nic", "tcp/8080"), ("www.contoso.com", "tcp/8080"),
    }  # fmt: skip
    assert {t.id for t in entry.targets if not t.is_known} == {"www.contoso.com"}


def test_tcp_listeners_have_no_waf() -> None:
    rows = gateway("Standard_v2")
    p = rows["properties"]
    p["listeners"], p["httpListeners"] = p["httpListeners"], []
    p["routingRules"] = p.pop("requestRoutingRules")
    p["backendSettingsCollection"] = p.pop("backendHttpSettingsCollection")
    p["listeners"][0]["properties"]["protocol"] = "Tcp"
    inner = p["routingRules"][0]["properties"]
    inner |= {"listener": inner.pop("httpListener"), "backendSettings": inner.pop("backendHttpSettings")}
    entry = only(network(), nic(), public_ip(), rows)
    assert (entry.waf, told(entry)) == ("", [("nic", "10.0.1.4", "tcp/8080")])


# Front Doors

DOOR = f"{GROUP}/Microsoft.Cdn/profiles/fd"
ENDPOINT = {"id": f"{DOOR}/afdEndpoints/e"}
DOMAIN = {"id": f"{DOOR}/customDomains/shop"}


def door(origin: Json, *policies: Json, **route: Any) -> list[Json]:
    """A Front Door with one endpoint, one route and one origin."""
    base = {"originGroup": {"id": f"{DOOR}/originGroups/og"}, "supportedProtocols": ["Https"],
            "patternsToMatch": ["/*"], "linkToDefaultDomain": "Enabled", "forwardingProtocol": "HttpsOnly"}  # fmt: skip
    return [
        row("Microsoft.Cdn/profiles", "fd", {}, sku={"name": "Premium_AzureFrontDoor"}),
        row(
            "Microsoft.Cdn/profiles/afdEndpoints",
            "fd/e",
            {"hostName": "e.azurefd.net", "enabledState": "Enabled"},
        ),
        row("Microsoft.Cdn/profiles/afdEndpoints/routes", "fd/e/r", base | route),
        row("Microsoft.Cdn/profiles/originGroups", "fd/og", {}),
        row("Microsoft.Cdn/profiles/originGroups/origins", "fd/og/o", {"enabledState": "Enabled"} | origin),
        *policies,
    ]


def security(*domains: Json, policy: str = "waf", patterns: tuple[str, ...] = ("/*",)) -> Json:
    association = {"domains": list(domains), "patternsToMatch": list(patterns)}
    parameters = {
        "type": "WebApplicationFirewall",
        "wafPolicy": policy_ref(policy, True),
        "associations": [association],
    }
    return row("Microsoft.Cdn/profiles/securityPolicies", f"fd/{policy}", {"parameters": parameters})


def test_a_route_of_a_front_door_leads_to_an_origin_that_stays_open_itself() -> None:
    """IN-10, IN-12: the origin is an entry of its own beside the Front Door, with the same target."""
    machine = nic(publicIPAddress=ref("publicIPAddresses", "pip"))
    rows = door({"hostName": "20.1.2.3", "httpsPort": 8443}, security(ENDPOINT), waf_policy(front=True))
    by_kind = {e.kind: e for e in entries(topology_of(network(), machine, public_ip(), *rows))}
    entry = by_kind["front-door"]
    assert (entry.waf, entry.waf_policy) == ("prevention", policy_ref(front=True)["id"].lower())
    assert (entry.vnet, entry.public_ips, entry.sku, entry.is_source_kept) == ("", (), "unknown", False)
    assert service_text(entry.services) == "tcp/443" and entry.is_sure
    assert told(entry) == [("nic", "10.0.1.4", "tcp/8443")]
    assert not entry.targets[0].is_private_link
    assert by_kind["public-ip"].targets[0].id == entry.targets[0].id


def test_a_front_door_reaches_an_origin_by_private_link() -> None:
    """IN-11: the service's own public side is another matter."""
    storage = row("Microsoft.Storage/storageAccounts", "st", {"publicNetworkAccess": "Disabled"})
    link = {"privateLink": {"id": storage["id"]}, "groupId": "blob", "status": "Approved"}
    rows = door({"hostName": "st.blob.core.windows.net", "sharedPrivateLinkResource": link}, security(ENDPOINT),
                waf_policy(front=True))  # fmt: skip
    entry = only(network(), storage, *rows)
    assert (entry.waf, entry.is_sure) == ("prevention", True)
    assert [(t.id, t.is_private_link, t.addresses) for t in entry.targets] == [
        (storage["id"].lower(), True, ())
    ]


@pytest.mark.parametrize(
    ("status", "is_sure", "reaches"), [("Pending", True, 0), ("Rejected", True, 0), (None, False, 1)]
)
def test_only_an_approved_private_link_carries_traffic(
    status: str | None, is_sure: bool, reaches: int
) -> None:
    storage = row("Microsoft.Storage/storageAccounts", "st", {})
    link = {"privateLink": {"id": storage["id"]}, "status": status}
    entry = only(network(), storage, *door({"sharedPrivateLinkResource": link}, security(ENDPOINT)))
    assert (entry.is_sure, len(entry.targets)) == (is_sure, reaches)


def test_private_link_leads_through_its_service_and_balancer() -> None:
    inside = [part("loadBalancers/lb", "frontendIPConfigurations", "f", {"subnet": in_subnet("web")})]
    lb = balancer(loadBalancingRules=[balancer_rule()], frontendIPConfigurations=inside)
    service = row("privateLinkServices", "pls", {
        "loadBalancerFrontendIpConfigurations": [FRONT]})  # fmt: skip
    link = {"privateLink": {"id": service["id"]}, "status": "Approved"}
    entry = only(
        network(), nic(), lb, service, *door({"sharedPrivateLinkResource": link}, security(ENDPOINT))
    )
    assert told(entry) == [("nic", "10.0.1.4", "tcp/8443")]
    assert entry.targets[0].is_private_link


def test_each_domain_of_a_route_has_its_own_waf() -> None:
    rows = door(
        {"hostName": "www.contoso.com"}, security(DOMAIN), waf_policy(front=True), customDomains=[DOMAIN]
    )
    found = entries(topology_of(network(), *rows))
    assert [(entry.name, entry.waf) for entry in found] == [("fd/e/r", "none"), ("fd/e/r/shop", "prevention")]
    off = door({"hostName": "www.contoso.com"}, security(DOMAIN), waf_policy(front=True), customDomains=[DOMAIN],
               linkToDefaultDomain="Disabled")  # fmt: skip
    assert [entry.waf for entry in entries(topology_of(network(), *off))] == ["prevention"]


@pytest.mark.parametrize(
    ("policies", "waf"),
    [
        ([], "none"),
        ([security(ENDPOINT)], "unknown"),
        ([security(ENDPOINT), waf_policy(mode="Detection", front=True)], "detection"),
        ([security(ENDPOINT), waf_policy(state="Disabled", front=True)], "disabled"),
        ([security(ENDPOINT, patterns=("/api/*",)), waf_policy(front=True)], "none"),
    ],
)
def test_what_the_waf_of_a_front_door_does(policies: list[Json], waf: str) -> None:
    assert only(network(), *door({"hostName": "www.contoso.com"}, *policies)).waf == waf


def test_what_is_switched_off_is_no_way_in() -> None:
    assert entries(topology_of(network(), *door({"hostName": "a.b"}, enabledState="Disabled"))) == ()
    (entry,) = entries(topology_of(network(), *door({"hostName": "a.b", "enabledState": "Disabled"})))
    assert entry.targets == ()
    rows = door({"hostName": "a.b"})
    rows[1]["properties"]["enabledState"] = "Disabled"
    assert entries(topology_of(network(), *rows)) == ()


def test_a_front_door_without_its_routes_may_lead_to_every_origin() -> None:
    rows = [r for r in door({"hostName": "www.contoso.com"}) if not r["type"].endswith("routes")]
    entry = only(network(), *rows)
    assert (entry.is_sure, [t.id for t in entry.targets], entry.waf) == (False, ["www.contoso.com"], "none")
    alone = only(network(), *rows[:2])
    assert (alone.is_sure, alone.waf) == (False, "unknown")


def test_the_classic_front_door_has_all_in_its_properties() -> None:
    name = "frontDoors/old"
    properties = {
        "frontendEndpoints": [
            part(name, "frontendEndpoints", "a", {"webApplicationFirewallPolicyLink": policy_ref(front=True)}),
            part(name, "frontendEndpoints", "b", {}),
        ],
        "backendPools": [part(name, "backendPools", "p", {"backends": [
            {"address": "20.1.2.3", "httpsPort": 444, "enabledState": "Enabled"},
            {"address": "off.contoso.com", "enabledState": "Disabled"}]})],
        "routingRules": [part(name, "routingRules", "r", {
            "frontendEndpoints": [ref(f"{name}/frontendEndpoints", "a"), ref(f"{name}/frontendEndpoints", "b")],
            "acceptedProtocols": ["Https"],
            "routeConfiguration": {"backendPool": ref(f"{name}/backendPools", "p"), "forwardingProtocol": "HttpsOnly"},
        })],
    }  # fmt: skip
    machine = nic(publicIPAddress=ref("publicIPAddresses", "pip"))
    rows = (network(), machine, public_ip(), waf_policy(front=True), row("frontDoors", "old", properties))
    found = [entry for entry in entries(topology_of(*rows)) if entry.kind == "front-door"]
    assert [(entry.name, entry.waf) for entry in found] == [("old/r", "prevention"), ("old/r/b", "none")]
    assert told(found[0]) == [("nic", "10.0.1.4", "tcp/444")]


# Firewalls


def firewall(*rules: Json) -> list[Json]:
    one = {"name": "c", "properties": {"privateIPAddress": "10.0.3.4", "subnet": in_subnet("AzureFirewallSubnet"),
                                       "publicIPAddress": ref("publicIPAddresses", "pip")}}  # fmt: skip
    collection = {"name": "in", "priority": 100, "ruleCollectionType": "FirewallPolicyNatRuleCollection",
                  "action": {"type": "DNAT"}, "rules": list(rules)}  # fmt: skip
    group = {"priority": 100, "ruleCollections": [collection]}
    return [
        row(
            "azureFirewalls",
            "fw",
            {"ipConfigurations": [one], "firewallPolicy": ref("firewallPolicies", "fp")},
        ),
        row("firewallPolicies", "fp", {}),
        row("firewallPolicies/ruleCollectionGroups", "fp/g", group),
    ]


def dnat(name: str = "ssh", sources: tuple[str, ...] = ("*",), target: str = "10.0.1.4", **more: Any) -> Json:
    return {"name": name, "ruleType": "NatRule", "ipProtocols": ["TCP"], "sourceAddresses": list(sources),
            "destinationAddresses": ["20.1.2.3"], "destinationPorts": ["2222"], "translatedAddress": target,
            "translatedPort": "22", **more}  # fmt: skip


def test_a_dnat_rule_leads_to_the_translated_address() -> None:
    entry = only(network(), nic(), public_ip(), *firewall(dnat()))
    assert (entry.kind, entry.sources, entry.is_source_kept, entry.is_sure) == ("firewall", None, False, True)
    assert (service_text(entry.services), told(entry)) == ("tcp/2222", [("nic", "10.0.1.4", "tcp/22")])
    assert entry.public_ips == (f"{NET}/publicIPAddresses/pip".lower(),)
    assert entry.subnet == f"{VNET}/subnets/AzureFirewallSubnet".lower()
    assert (
        entry.rule is not None
        and entry.rule.kind == "firewall"
        and entry.owner.endswith("/azurefirewalls/fw")
    )


def test_a_dnat_rule_may_name_who_comes_in() -> None:
    entry = only(network(), nic(), public_ip(), *firewall(dnat(sources=("203.0.113.0/24",))))
    assert address_texts(entry.sources or ()) == ["203.0.113.0/24"]


def test_a_dnat_rule_on_the_private_address_is_no_way_in_from_the_internet() -> None:
    rule = dnat(destinationAddresses=["10.0.3.4"])
    assert entries(topology_of(network(), nic(), public_ip(), *firewall(rule))) == ()


def test_dnat_leads_through_an_internal_balancer_and_to_gateways() -> None:
    inside = {"subnet": in_subnet("web"), "privateIPAddress": "10.0.1.100"}
    fronts = [part("loadBalancers/lb", "frontendIPConfigurations", "f", inside)]
    lb = balancer(
        loadBalancingRules=[balancer_rule(frontendPort=22, backendPort=2200)], frontendIPConfigurations=fronts
    )
    entry = only(network(), nic(), public_ip(), lb, *firewall(dnat(target="10.0.1.100")))
    assert told(entry) == [("nic", "10.0.1.4", "tcp/2200")]


def test_dnat_to_an_address_of_nobody_leads_to_its_subnet() -> None:
    (target,) = only(network(), public_ip(), *firewall(dnat(target="10.0.1.99"))).targets
    assert (target.id, target.is_known) == (f"{VNET}/subnets/web".lower(), False)


def test_a_firewall_whose_policy_is_not_in_the_input_may_let_anything_in() -> None:
    entry = only(network(), public_ip(), *firewall()[:1])
    assert (entry.kind, entry.is_sure, [t.is_known for t in entry.targets]) == ("firewall", False, [False])


def test_firewalls_that_share_a_policy_have_entries_of_their_own() -> None:
    rows = firewall(dnat(destinationAddresses=["*"]))
    twin = copy.deepcopy(rows[0]) | {"id": f"{NET}/azureFirewalls/twin", "name": "twin"}
    inner = twin["properties"]["ipConfigurations"][0]["properties"]
    inner |= {"publicIPAddress": ref("publicIPAddresses", "second"), "privateIPAddress": "10.0.3.5"}
    found = entries(
        topology_of(network(), nic(), public_ip(), public_ip("second", ipAddress="20.1.2.4"), *rows, twin)
    )
    assert len({entry.id for entry in found}) == 2
    assert {entry.owner.rsplit("/", 1)[-1] for entry in found} == {"fw", "twin"}


# Other services


def bastion(**more: Any) -> Json:
    one = {"name": "c", "properties": {"subnet": in_subnet("AzureBastionSubnet"),
                                       "publicIPAddress": ref("publicIPAddresses", "pip")}}  # fmt: skip
    return row("bastionHosts", "bas", {"ipConfigurations": [one], **more}, sku={"name": "Standard"})


def test_bastion_is_a_way_in_for_admins() -> None:
    entry = only(network(), public_ip(), bastion())
    assert (entry.kind, service_text(entry.services), entry.waf) == ("bastion", "tcp/443", "")
    assert told(entry) == [("v", "10.0.0.0/16", "tcp/22,3389")]
    assert entry.subnet == f"{VNET}/subnets/AzureBastionSubnet".lower()


def test_bastion_may_be_narrowed_or_private_or_shared() -> None:
    rules = {"ipRules": [{"addressPrefix": "203.0.113.0/24"}]}
    assert address_texts(only(network(), public_ip(), bastion(networkAcls=rules)).sources or ()) == [
        "203.0.113.0/24"
    ]
    assert only(network(), public_ip(), bastion(enablePrivateOnlyBastion=True)).sources == ()
    developer = row("bastionHosts", "bas", {"virtualNetwork": {"id": VNET}}, sku={"name": "Developer"})
    entry = only(network(), developer)
    assert (entry.vnet, entry.subnet) == (VNET.lower(), "")


def test_vpn_gateways_listen_for_tunnels_and_clients() -> None:
    def vpn(**more: Any) -> Json:
        one = {"name": "c", "properties": {"subnet": in_subnet("GatewaySubnet"),
                                           "publicIPAddress": ref("publicIPAddresses", "pip")}}  # fmt: skip
        return row("virtualNetworkGateways", "gw", {"ipConfigurations": [one], "gatewayType": "Vpn", **more})

    entry = only(network(), public_ip(), vpn())
    assert (entry.kind, service_text(entry.services), entry.targets) == ("gateway", "udp/500,4500 esp", ())
    clients = {"vpnClientConfiguration": {"vpnClientProtocols": ["OpenVPN"]}}
    assert service_text(only(network(), public_ip(), vpn(**clients)).services) == "tcp/443 udp/500,4500 esp"
    assert entries(topology_of(network(), public_ip(), vpn(gatewayType="ExpressRoute"))) == ()


def test_gateways_and_appliances_of_a_hub_stand_in_it() -> None:
    hub = row("virtualHubs", "hub", {"addressPrefix": "10.9.0.0/23", "virtualWan": ref("virtualWans", "wan")})
    wan = row("virtualWans", "wan", {})
    in_hub = {"virtualHub": ref("virtualHubs", "hub")}
    vpn = row(
        "vpnGateways", "vpn", {"ipConfigurations": [{"id": "0", "publicIpAddress": "20.9.9.9"}], **in_hub}
    )
    nics = {"virtualApplianceNics": [{"publicIpAddress": "20.9.9.8"}]}
    nva = row("networkVirtualAppliances", "sdwan", nics | in_hub)
    found = entries(topology_of(network(), wan, hub, vpn, nva))
    assert [(e.kind, e.vnet, e.public_ips) for e in found] == [
        ("nva", hub["id"].lower(), ("20.9.9.8",)), ("gateway", hub["id"].lower(), ("20.9.9.9",)),
    ]  # fmt: skip


@pytest.mark.parametrize(("mode", "is_entry"), [("External", True), ("Internal", False), ("None", False)])
def test_api_management_is_a_way_in_where_it_is_external(mode: str, is_entry: bool) -> None:
    p: Json = {"virtualNetworkType": mode}
    if mode != "None":
        p["virtualNetworkConfiguration"] = {"subnetResourceId": f"{VNET}/subnets/edge"}
    found = entries(topology_of(network(), row("Microsoft.ApiManagement/service", "api", p)))
    assert [(e.kind, e.waf, [t.is_known for t in e.targets]) for e in found] == (
        [("api-management", "none", [False])] if is_entry else []
    )


def test_the_api_server_of_a_cluster_is_public_or_private() -> None:
    def aks(**profile: Any) -> Json:
        return row(
            "Microsoft.ContainerService/managedClusters", "k8s", {"apiServerAccessProfile": profile or None}
        )

    entry = only(network(), aks())
    assert (entry.kind, entry.sources, entry.vnet, entry.targets) == ("aks", None, "", ())
    narrowed = only(network(), aks(authorizedIPRanges=["203.0.113.0/24"]))
    assert address_texts(narrowed.sources or ()) == ["203.0.113.0/24"]
    assert only(network(), aks(authorizedIPRanges=["203.0.113.0/24", "?"])).sources is None
    assert entries(topology_of(network(), aks(enablePrivateCluster=True))) == ()


def test_traffic_manager_only_answers_names() -> None:
    endpoint = {"name": "a", "properties": {"targetResourceId": ref("publicIPAddresses", "pip")["id"]}}
    outside = {"name": "b", "properties": {"target": "www.contoso.com"}}
    profile = row("trafficManagerProfiles", "tm", {"endpoints": [endpoint, outside]})
    machine = nic(publicIPAddress=ref("publicIPAddresses", "pip"))
    by_kind = {e.kind: e for e in entries(topology_of(network(), machine, public_ip(), profile))}
    entry = by_kind["traffic-manager"]
    assert entry.services == () and told(entry) == [("nic", "10.0.1.4", ""), ("www.contoso.com", "", "")]


def test_managed_services_in_a_subnet_may_answer_the_internet() -> None:
    apps = row("Microsoft.App/managedEnvironments", "apps", {
        "vnetConfiguration": {"infrastructureSubnetId": f"{VNET}/subnets/edge", "internal": False}})  # fmt: skip
    sql = row(
        "Microsoft.Sql/managedInstances",
        "mi",
        {"subnetId": f"{VNET}/subnets/web", "publicDataEndpointEnabled": True},
    )
    group = row("Microsoft.ContainerInstance/containerGroups", "aci", {
        "ipAddress": {"type": "Public", "ip": "20.7.7.7", "ports": [{"protocol": "TCP", "port": 8080}]}})  # fmt: skip
    found = {e.name: e for e in entries(topology_of(network(), apps, sql, group))}
    assert {name: (e.kind, service_text(e.services), e.vnet) for name, e in found.items()} == {
        "apps": ("other", "tcp/80,443", VNET.lower()), "mi": ("other", "tcp/3342", VNET.lower()),
        "aci": ("other", "tcp/8080", ""),
    }  # fmt: skip
    apps["properties"]["vnetConfiguration"]["internal"] = True
    sql["properties"]["publicDataEndpointEnabled"] = False
    assert entries(topology_of(network(), apps, sql)) == ()


# Ways out


def test_a_subnet_that_is_not_private_has_default_outbound_access() -> None:
    """IN-15: absent, null and true are the same."""
    for told_of in ({}, {"defaultOutboundAccess": None}, {"defaultOutboundAccess": True}):
        assert ways_out(network(**told_of), nic()) == [("default", "web", True)]
    assert ways_out(network(defaultOutboundAccess=False), nic()) == [("none", "web", True)]


def test_a_nat_gateway_comes_before_all_else() -> None:
    """IN-16."""
    gateway_ref = {"natGateway": ref("natGateways", "nat")}
    nat = row("natGateways", "nat", {"publicIpAddresses": [ref("publicIPAddresses", "out")]})
    machine = nic(publicIPAddress=ref("publicIPAddresses", "pip"))
    assert ways_out(network(**gateway_ref), machine, public_ip(), nat) == [("nat-gateway", "nat", True)]
    assert ways_out(network(**gateway_ref), machine, public_ip()) == [("nat-gateway", "nat", False)]


def test_public_addresses_and_balancers_serve_their_own_machines_alone() -> None:
    with_address = nic(publicIPAddress=ref("publicIPAddresses", "pip"))
    assert ways_out(network(), with_address, public_ip()) == [("public-ip", "pip", True)]
    other = nic("other", "10.0.1.5")
    assert ways_out(network(), with_address, other, public_ip()) == [
        ("default", "web", True),
        ("public-ip", "pip", True),
    ]
    fronts: Json = {"frontendIPConfiguration": None, "frontendIPConfigurations": [FRONT]}
    lb = balancer(outboundRules=[balancer_rule(kind="outboundRules", **fronts)])
    assert ways_out(network(), nic(), public_ip(), lb) == [("load-balancer", "lb", True)]


def test_a_load_balancing_rule_leads_out_unless_it_says_no() -> None:
    def out(**more: Any) -> list[tuple[str, str, bool]]:
        rows = balancer(loadBalancingRules=[balancer_rule(**more)])
        return ways_out(network(), nic(), public_ip(), rows)

    assert out() == [("load-balancer", "lb", True)]
    assert out(disableOutboundSnat=True) == [("default", "web", True)]


def test_machines_behind_an_internal_standard_balancer_have_no_default_access() -> None:
    member = nic(loadBalancerBackendAddressPools=[POOL])
    inside = [part("loadBalancers/lb", "frontendIPConfigurations", "f", {"subnet": in_subnet("web")})]
    standard = balancer(loadBalancingRules=[balancer_rule()], frontendIPConfigurations=inside)
    basic = balancer("Basic", loadBalancingRules=[balancer_rule()], frontendIPConfigurations=inside)
    assert ways_out(network(), member, standard) == [("none", "web", True)]
    assert ways_out(network(), member, basic) == [("default", "web", True)]


def test_machines_of_a_flexible_scale_set_have_no_default_access() -> None:
    vm = row("Microsoft.Compute/virtualMachines", "vm", {"virtualMachineScaleSet": {
        "id": f"{GROUP}/Microsoft.Compute/virtualMachineScaleSets/flex"}})  # fmt: skip
    scale_set = row("Microsoft.Compute/virtualMachineScaleSets", "flex", {"orchestrationMode": "Flexible"})
    machine = nic()
    machine["properties"]["virtualMachine"] = {"id": vm["id"]}
    assert ways_out(network(), vm, scale_set, machine) == [("none", "web", True)]


def test_subnets_of_services_have_no_machines_and_a_firewall_goes_out_by_its_own_address() -> None:
    rows = (network(), public_ip(), *firewall())
    assert ways_out(*rows, name="AzureFirewallSubnet") == [("public-ip", "pip", True)]
    assert ways_out(*rows, name="GatewaySubnet") == [("none", "gatewaysubnet", True)]
    assert ways_out(network(), gateway(), name="edge") == [("none", "edge", True)]


def test_a_subnet_that_is_not_in_the_input_has_ways_out_that_nobody_knows() -> None:
    assert ways_out(network(), name="gone") == [("unknown", "gone", False)]


# Specs

SPEC = """
vnets:
  V:
    address: 10.0.0.0/16
    subnets:
      Edge:
        address: 10.0.2.0/24
        resources:
          AGW: {type: application_gateway, waf: WAF, public_ip: PIP, backends: [Web servers, Vault, www.contoso.com]}
      Web:
        address: 10.0.1.0/24
        nat_gateway: NAT
        resources:
          Web servers: {type: vm, count: 2}
          Jump: {type: vm, ip: 10.0.1.9, public_ip: Old}
          Router: {type: nva, public_ip: true}
          LB: {type: load_balancer, public_ip: true, backends: [Web servers]}
      AzureFirewallSubnet: {address: 10.0.3.0/26, resources: {FW: {type: firewall, policy: FWP, public_ip: PIP-fw}}}
      Bastion: {address: 10.0.4.0/26, resources: {Bastion: {type: bastion, public_ip: true}}}
services:
  Vault: {type: key_vault}
  Door: {type: front_door, waf: true, origins: [AGW, {to: Vault, private_link: true}]}
  Old door: {type: front_door_classic, origins: [{host: www.contoso.com}]}
  TM: {type: traffic_manager, origins: [Door]}
public_ips: {PIP: {address: 20.1.2.3}, Old: {sku: basic}, PIP-fw: {address: 20.1.2.4}}
nat_gateways: [NAT]
waf_policies: {WAF: {mode: detection}}
firewall_policies:
  FWP: {rule_collections: {In: {priority: 200, action: dnat, rules: [tcp/22 from any to PIP-fw -> 10.0.1.9:22]}}}
"""


def test_a_spec_says_the_same_in_fewer_words() -> None:
    topology = spec(SPEC)
    found = {entry.name: entry for entry in entries(topology)}
    shown = {name: (e.kind, service_text(e.services), e.waf, e.is_sure) for name, e in found.items()}
    assert shown == {
        "AGW": ("application-gateway", "tcp/80,443", "detection", True),
        "Jump": ("public-ip", "any", "", True),
        "Router": ("nva", "any", "", True),
        "LB": ("load-balancer", "tcp,udp/*", "", True),
        "FW/tcp/22 from any to PIP-fw -> 10.0.1.9:22": ("firewall", "tcp/22", "", True),
        "Bastion": ("bastion", "tcp/443", "", True),
        "Door": ("front-door", "tcp/80,443", "prevention", True),
        "Old door": ("front-door", "tcp/80,443", "none", True),
        "TM": ("traffic-manager", "", "", True),
    }
    assert [name for name, _, _ in told(found["AGW"])] == ["vault", "nic", "www.contoso.com"]
    origins = found["Door"].targets
    assert [(t.id.rsplit("/", 1)[-1], t.is_private_link) for t in origins] == [
        ("vault", True),
        ("agw", False),
    ]
    assert (found["Jump"].sku, found["LB"].sku) == ("basic", "standard")
    assert told(found["FW/tcp/22 from any to PIP-fw -> 10.0.1.9:22"]) == [("nic", "10.0.1.9", "tcp/22")]
    subnets = {s.name: s.id for s in topology.resources.values() if s.type.endswith("/subnets")}
    ways = egress(topology, Addresses(topology), subnets["Web"])
    assert [(way.kind, way.is_sure) for way in ways] == [("nat-gateway", True)]


# Any shape


def estate() -> Topology:
    """One of everything."""
    storage = row("Microsoft.Storage/storageAccounts", "st", {
        "primaryEndpoints": {"blob": "https://st.blob.core.windows.net/"}})  # fmt: skip
    link = {"privateLink": {"id": storage["id"]}, "status": "Approved"}
    endpoint = {"name": "a", "properties": {"targetResourceId": ref("publicIPAddresses", "pip")["id"]}}
    path = {"name": "a", "properties": {"paths": ["/a"], "firewallPolicy": policy_ref()}}
    inner = {"subnet": in_subnet("web"), "publicIPAddressConfiguration": {"name": "p"}}
    interface = {"name": "n", "properties": {"ipConfigurations": [{"name": "c", "properties": inner}]}}
    profile = {"networkProfile": {"networkInterfaceConfigurations": [interface]}}
    home = {"subnetResourceId": f"{VNET}/subnets/edge"}
    return topology_of(
        network(natGateway=ref("natGateways", "nat")), public_ip(), storage,
        waf_policy(), waf_policy("w", front=True),
        nic(publicIPAddress=ref("publicIPAddresses", "pip")),
        nic("second", "10.0.1.5", loadBalancerBackendAddressPools=[POOL]),
        balancer(loadBalancingRules=[balancer_rule()], inboundNatRules=[balancer_rule("n", "inboundNatRules")],
                 outboundRules=[balancer_rule("o", "outboundRules")]),
        gateway(path_map={"pathRules": [path]}),
        *door({"hostName": "20.1.2.3", "sharedPrivateLinkResource": link}, security(ENDPOINT, policy="w")),
        *firewall(dnat()), bastion(networkAcls={"ipRules": [{"addressPrefix": "1.2.3.4"}]}),
        row("trafficManagerProfiles", "tm", {"endpoints": [endpoint]}),
        row("natGateways", "nat", {"publicIpAddresses": [ref("publicIPAddresses", "out")]}),
        row("Microsoft.ContainerService/managedClusters", "k8s", {
            "apiServerAccessProfile": {"authorizedIPRanges": ["1.2.3.4"]}}),
        row("Microsoft.ApiManagement/service", "api", {
            "virtualNetworkType": "External", "virtualNetworkConfiguration": home}),
        row("Microsoft.Compute/virtualMachineScaleSets", "vmss", {"virtualMachineProfile": profile}),
    )  # fmt: skip


def broken(value: Any) -> Iterator[Any]:
    """The same value with each part of it, one at a time, made into something that it should not be."""
    yield from (None, 7, "x", [], {}, [None, 3, "x", {}], True)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from ({**value, name: wrong} for wrong in broken(inner))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from ([*value[:at], wrong, *value[at + 1 :]] for wrong in broken(inner))


@pytest.mark.parametrize("place", range(24))
def test_properties_of_any_shape_never_crash(place: int) -> None:
    topology = estate()
    addresses = Addresses(topology)
    subnet_id = f"{VNET}/subnets/web".lower()
    resources = [r for r in topology.resources.values() if r.properties]
    for resource in resources[place::24]:
        for properties in broken(dict(resource.properties)):
            if not isinstance(properties, dict):
                continue
            changed = {**topology.resources, resource.id: resource._replace(properties=properties)}
            other = topology._replace(resources=changed)
            found = frontends(other, addresses)
            assert len({entry.id for entry in found}) == len(found)
            assert egress(other, addresses, subnet_id)


def test_entries_are_sorted_and_the_same_each_time() -> None:
    topology = estate()
    found = entries(topology)
    assert [entry.id for entry in found] == sorted(entry.id for entry in found)
    assert found == entries(topology)
    kinds = {entry.kind for entry in found}
    assert kinds >= {"public-ip", "load-balancer", "application-gateway", "front-door", "firewall", "bastion"}
