"""The estate as the ARM REST API gives it, after deployment: a list of bodies.

https://learn.microsoft.com/rest/api/virtualnetwork/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from six_formats import network as n

Json = dict[str, Any]


class Ids:
    """The ids of all that the estate holds."""

    def __init__(self, places: n.Places) -> None:
        self.places = places

    def of(self, part: str, kind: str, *names: str) -> str:
        """The id of a resource of this type, a name for each of its steps."""
        place = self.places[part]
        provider, *steps = kind.split("/")
        path = "/".join(f"{step}/{name}" for step, name in zip(steps, names, strict=True))
        return f"/subscriptions/{place.subscription}/resourceGroups/{place.group}/providers/{provider}/{path}"

    def net(self, part: str, kind: str, *names: str) -> str:
        """The same, of Microsoft.Network."""
        return self.of(part, f"Microsoft.Network/{kind}", *names)

    def vnet(self, name: str) -> str:
        """A VNet's id."""
        return self.net(part_of(name), "virtualNetworks", name)

    def subnet(self, path: str) -> str:
        """A subnet's id, by `VNET/SUBNET`."""
        vnet, _, subnet = path.partition("/")
        return f"{self.vnet(vnet)}/subnets/{subnet}"

    def nsg(self, name: str) -> str:
        """An NSG's id."""
        return self.net(n.NSGS[name].part, "networkSecurityGroups", name)

    def table(self, name: str) -> str:
        """A route table's id."""
        return self.net(n.TABLES[name].part, "routeTables", name)

    def asg(self, name: str) -> str:
        """An application security group's id."""
        return self.net(n.ASGS[name], "applicationSecurityGroups", name)

    def public_ip(self, name: str) -> str:
        """A public IP address's id."""
        return self.net(n.PUBLIC_IPS[name][0], "publicIPAddresses", name)

    def balancer(self, *steps: str) -> str:
        """The id of the load balancer, or of a part of it."""
        return "/".join((self.net("shop", "loadBalancers", n.BALANCER), *steps))

    def gateway(self, *steps: str) -> str:
        """The id of the application gateway, or of a part of it."""
        return "/".join((self.net("hub", "applicationGateways", n.GATEWAY), *steps))

    def storage(self) -> str:
        """The storage account's id."""
        return self.of("shop", "Microsoft.Storage/storageAccounts", n.STORAGE)


def part_of(vnet: str) -> str:
    """The part of the estate in which a VNet is."""
    return next(each.part for each in n.VNETS if each.name == vnet)


def ref(rid: str) -> Json:
    """A reference."""
    return {"id": rid}


def item(owner: str, segment: str, name: str, properties: Json) -> Json:
    """A part of a resource, with an id of its own."""
    provider = owner.partition("/providers/")[2].split("/")
    kind = "/".join([provider[0], *provider[1::2], segment])
    return {"id": f"{owner}/{segment}/{name}", "name": name, "type": kind,
            "properties": {"provisioningState": "Succeeded", **properties}}  # fmt: skip


def body(rid: str, properties: Json, location: str = n.REGION, **more: Any) -> Json:
    """A resource."""
    _, _, after = rid.rpartition("/providers/")
    steps = after.split("/")
    told = {"id": rid, "name": steps[-1], "type": "/".join([steps[0], *steps[1::2]]), **more}
    if location:
        told["location"] = location
    return {**told, "properties": {"provisioningState": "Succeeded", **properties}}


def bodies(places: n.Places) -> list[Json]:
    """All resources; what the API lists apart (rule collection groups, zone groups, zone links) beside the others."""
    ids = Ids(places)
    return [
        *_vnets(ids), *_nsgs(ids), *_tables(ids), *_addresses(ids), *_nics(ids), *_machines(ids), *_firewall(ids),
        *_gateways(ids), *_ways_in(ids), *_services(ids),
    ]  # fmt: skip


def one_or_many(name: str, plural: str, values: tuple[str, ...]) -> Json:
    """A value behind its singular, several behind their plural, the other one empty as Azure writes it."""
    return {name: values[0], plural: []} if len(values) == 1 else {plural: list(values)}


def _vnets(ids: Ids) -> Iterator[Json]:
    for vnet in n.VNETS:
        rid = ids.vnet(vnet.name)
        options = {"dhcpOptions": {"dnsServers": list(vnet.dns)}} if vnet.dns else {}
        yield body(rid, {
            "addressSpace": {"addressPrefixes": list(vnet.space)}, **options, "enableDdosProtection": False,
            "subnets": [item(rid, "subnets", each.name, _subnet(ids, each)) for each in vnet.subnets],
            "virtualNetworkPeerings": [
                item(rid, "virtualNetworkPeerings", each.name, _peering(ids, each))
                for each in n.PEERINGS if each.near == vnet.name
            ],
        })  # fmt: skip


def _subnet(ids: Ids, subnet: n.Subnet) -> Json:
    told: Json = {
        "addressPrefix": subnet.prefix, "delegations": [], "defaultOutboundAccess": subnet.default_outbound,
        "privateEndpointNetworkPolicies": subnet.endpoint_policies, "privateLinkServiceNetworkPolicies": "Enabled",
    }  # fmt: skip
    if subnet.nsg:
        told["networkSecurityGroup"] = ref(ids.nsg(subnet.nsg))
    if subnet.table:
        told["routeTable"] = ref(ids.table(subnet.table))
    if subnet.nat:
        told["natGateway"] = ref(ids.net("data", "natGateways", subnet.nat))
    if subnet.service:
        told["serviceEndpoints"] = [{"service": subnet.service, "locations": [n.REGION, "northeurope"]}]
    return told


def _peering(ids: Ids, peering: n.Peering) -> Json:
    space = {"addressPrefixes": list(next(v.space for v in n.VNETS if v.name == peering.far))}
    return {
        "peeringState": "Connected", "peeringSyncLevel": "FullyInSync", "peerCompleteVnets": True,
        "remoteVirtualNetwork": ref(ids.vnet(peering.far)), "remoteAddressSpace": space,
        "remoteVirtualNetworkAddressSpace": space, "allowVirtualNetworkAccess": True,
        "allowForwardedTraffic": peering.forwarded, "allowGatewayTransit": peering.gives_gateway,
        "useRemoteGateways": peering.uses_gateway, "doNotVerifyRemoteGateways": False,
    }  # fmt: skip


def _nsgs(ids: Ids) -> Iterator[Json]:
    for name, nsg in n.NSGS.items():
        rid = ids.nsg(name)
        users = {
            "subnets": [ref(ids.subnet(f"{v.name}/{s.name}")) for v, s in n.subnets() if s.nsg == name],
            "networkInterfaces": [
                ref(ids.net(c.part, "networkInterfaces", c.name)) for c in n.NICS if c.nsg == name
            ],
        }
        yield body(rid, {
            "securityRules": [item(rid, "securityRules", rule.name, rule_body(ids, rule)) for rule in nsg.rules],
            "defaultSecurityRules": [item(rid, "defaultSecurityRules", *row) for row in _defaults()],
            **{side: found for side, found in users.items() if found},
        })  # fmt: skip


def rule_body(ids: Ids, rule: n.Rule) -> Json:
    """The properties of a security rule."""
    told: Json = {
        "protocol": rule.protocol, "access": rule.access, "priority": rule.priority, "direction": rule.direction,
        **one_or_many("sourcePortRange", "sourcePortRanges", rule.source_ports),
        **one_or_many("destinationPortRange", "destinationPortRanges", rule.ports),
    }  # fmt: skip
    if rule.description:
        told["description"] = rule.description
    for side, values in (("source", rule.sources), ("destination", rule.destinations)):
        if values[0] in n.ASGS:
            told[f"{side}ApplicationSecurityGroups"] = [ref(ids.asg(each)) for each in values]
            told[f"{side}AddressPrefixes"] = []
        else:
            told |= one_or_many(f"{side}AddressPrefix", f"{side}AddressPrefixes", values)
    return told


def _defaults() -> Iterator[tuple[str, Json]]:
    """https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules"""
    for direction, name, balancer, tag in (
        ("Inbound", "InBound", "AllowAzureLoadBalancerInBound", ("AzureLoadBalancer", "*")),
        ("Outbound", "OutBound", "AllowInternetOutBound", ("*", "Internet")),
    ):
        for priority, title, access, ends in (
            (65000, f"AllowVnet{name}", "Allow", ("VirtualNetwork", "VirtualNetwork")),
            (65001, balancer, "Allow", tag),
            (65500, f"DenyAll{name}", "Deny", ("*", "*")),
        ):
            yield title, {
                "protocol": "*", "access": access, "priority": priority, "direction": direction,
                "sourceAddressPrefix": ends[0], "destinationAddressPrefix": ends[1], "sourcePortRange": "*",
                "destinationPortRange": "*",
            }  # fmt: skip


def _tables(ids: Ids) -> Iterator[Json]:
    for name, table in n.TABLES.items():
        rid = ids.table(name)
        yield body(rid, {
            "disableBgpRoutePropagation": not table.propagates,
            "routes": [item(rid, "routes", route.name, route_body(route)) for route in table.routes],
            "subnets": [ref(ids.subnet(f"{v.name}/{s.name}")) for v, s in n.subnets() if s.table == name],
        })  # fmt: skip


def route_body(route: n.Route) -> Json:
    """The properties of a route."""
    address = {"nextHopIpAddress": route.address} if route.address else {}
    return {"addressPrefix": route.prefix, "nextHopType": route.hop, **address}


def _addresses(ids: Ids) -> Iterator[Json]:
    for name in n.ASGS:
        yield body(ids.asg(name), {})
    for name, (_, address) in n.PUBLIC_IPS.items():
        yield body(ids.public_ip(name), {
            "ipAddress": address, "publicIPAddressVersion": "IPv4", "publicIPAllocationMethod": "Static",
            "idleTimeoutInMinutes": 4, "ddosSettings": {"protectionMode": "VirtualNetworkInherited"},
        }, sku={"name": "Standard", "tier": "Regional"})  # fmt: skip
    yield body(ids.net("data", "natGateways", n.NAT), {
        "idleTimeoutInMinutes": 4, "publicIpAddresses": [ref(ids.public_ip(n.NAT_IP))],
        "subnets": [ref(ids.subnet(f"{v.name}/{s.name}")) for v, s in n.subnets() if s.nat == n.NAT],
    }, sku={"name": "Standard"})  # fmt: skip


def _nics(ids: Ids) -> Iterator[Json]:
    for nic in n.NICS:
        rid = ids.net(nic.part, "networkInterfaces", nic.name)
        inside: Json = {
            "subnet": ref(ids.subnet(nic.subnet)), "privateIPAddress": nic.address, "primary": True,
            "privateIPAllocationMethod": "Static", "privateIPAddressVersion": "IPv4",
        }  # fmt: skip
        if nic.public_ip:
            inside["publicIPAddress"] = ref(ids.public_ip(nic.public_ip))
        if nic.asg:
            inside["applicationSecurityGroups"] = [ref(ids.asg(nic.asg))]
        if nic.pool:
            inside["loadBalancerBackendAddressPools"] = [ref(ids.balancer("backendAddressPools", nic.pool))]
        guard = {"networkSecurityGroup": ref(ids.nsg(nic.nsg))} if nic.nsg else {}
        yield body(rid, {
            "ipConfigurations": [item(rid, "ipConfigurations", "ipconfig1", inside)], **guard,
            "enableIPForwarding": nic.forwards,
            "virtualMachine": ref(ids.of(nic.part, "Microsoft.Compute/virtualMachines", nic.machine)),
        })  # fmt: skip
    rid = ids.net("shop", "networkInterfaces", n.ENDPOINT_NIC)
    yield body(rid, {
        "ipConfigurations": [item(rid, "ipConfigurations", "blob", {
            "subnet": ref(ids.subnet(n.ENDPOINT_SUBNET)), "privateIPAddress": n.ENDPOINT_IP, "primary": True,
            "privateIPAllocationMethod": "Static", "privateIPAddressVersion": "IPv4",
        })],
        "enableIPForwarding": False, "privateEndpoint": ref(ids.net("shop", "privateEndpoints", n.ENDPOINT)),
    })  # fmt: skip


def _machines(ids: Ids) -> Iterator[Json]:
    for nic in n.NICS:
        rid = ids.of(nic.part, "Microsoft.Compute/virtualMachines", nic.machine)
        interfaces = [ref(ids.net(nic.part, "networkInterfaces", nic.name))]
        yield body(rid, {
            "hardwareProfile": {"vmSize": "Standard_B2s"}, "networkProfile": {"networkInterfaces": interfaces},
        })  # fmt: skip


def _firewall(ids: Ids) -> Iterator[Json]:
    firewall = ids.net("hub", "azureFirewalls", n.FIREWALL)
    policy = ids.net("hub", "firewallPolicies", n.POLICY)
    name, networks = n.IP_GROUP
    spokes = ids.net("hub", "ipGroups", name)
    yield body(firewall, {
        "sku": {"name": "AZFW_VNet", "tier": "Standard"}, "threatIntelMode": "Alert",
        "ipConfigurations": [item(firewall, "azureFirewallIpConfigurations", "ipconfig1", {
            "privateIPAddress": n.FIREWALL_IP, "subnet": ref(ids.subnet(f"{n.HUB}/AzureFirewallSubnet")),
            "publicIPAddress": ref(ids.public_ip("pip-firewall"))})],
        "firewallPolicy": ref(policy),
    })  # fmt: skip
    yield body(policy, {
        "sku": {"tier": "Standard"}, "threatIntelMode": "Deny", "dnsSettings": {"enableProxy": True, "servers": []},
        "ruleCollectionGroups": [ref(f"{policy}/ruleCollectionGroups/{n.RULE_GROUP}")], "firewalls": [ref(firewall)],
    })  # fmt: skip
    yield body(f"{policy}/ruleCollectionGroups/{n.RULE_GROUP}", {
        "priority": n.RULE_GROUP_PRIORITY, "ruleCollections": [collection(each, spokes) for each in n.COLLECTIONS],
    }, location="")  # fmt: skip
    yield body(spokes, {"ipAddresses": list(networks), "firewallPolicies": [ref(policy)]})


def collection(told: n.Collection, spokes: str) -> Json:
    """A rule collection; `spokes` is the id of the IP group."""
    kind = "Nat" if told.kind == "dnat" else "Filter"
    return {
        "ruleCollectionType": f"FirewallPolicy{kind}RuleCollection", "name": told.name, "priority": told.priority,
        "action": {"type": told.action.upper() if told.kind == "dnat" else told.action},
        "rules": [_firewall_rule(told.kind, each, spokes) for each in told.rules],
    }  # fmt: skip


def _firewall_rule(kind: str, rule: n.FirewallRule, spokes: str) -> Json:
    sources = {"sourceAddresses": list(rule.sources), "sourceIpGroups": [spokes] if rule.source_group else []}
    if kind == "application":
        protocols = [each.partition(":")[::2] for each in rule.protocols]
        return {
            "ruleType": "ApplicationRule", "name": rule.name, **sources, "targetFqdns": list(rule.to),
            "fqdnTags": list(rule.tags), "webCategories": [], "targetUrls": [], "terminateTLS": False,
            "destinationAddresses": [],
            "protocols": [{"protocolType": name, "port": int(port)} for name, port in protocols],
        }  # fmt: skip
    told = {"name": rule.name, "ipProtocols": list(rule.protocols), **sources, "destinationPorts": list(rule.ports),
            "destinationAddresses": list(rule.to)}  # fmt: skip
    if kind == "dnat":
        address, port = rule.translated
        return {"ruleType": "NatRule", **told, "translatedAddress": address, "translatedPort": port}
    return {"ruleType": "NetworkRule", **told, "destinationIpGroups": [], "destinationFqdns": []}


def _gateways(ids: Ids) -> Iterator[Json]:
    vpn, local = (
        ids.net("hub", "virtualNetworkGateways", n.VPN),
        ids.net("hub", "localNetworkGateways", n.LOCAL),
    )
    yield body(vpn, {
        "gatewayType": "Vpn", "vpnType": "RouteBased", "enableBgp": False, "activeActive": False,
        "sku": {"name": "VpnGw1AZ", "tier": "VpnGw1AZ", "capacity": 1}, "bgpSettings": {"asn": n.ASN},
        "ipConfigurations": [item(vpn, "ipConfigurations", "ipconfig1", {
            "privateIPAllocationMethod": "Dynamic", "subnet": ref(ids.subnet(f"{n.HUB}/GatewaySubnet")),
            "publicIPAddress": ref(ids.public_ip("pip-vpn"))})],
    })  # fmt: skip
    yield body(local, {
        "localNetworkAddressSpace": {"addressPrefixes": list(n.LOCAL_SPACE)}, "gatewayIpAddress": n.LOCAL_ADDRESS,
    })  # fmt: skip
    yield body(ids.net("hub", "connections", n.CONNECTION), {
        "connectionType": "IPsec", "virtualNetworkGateway1": ref(vpn), "localNetworkGateway2": ref(local),
        "connectionProtocol": "IKEv2", "enableBgp": False, "connectionStatus": "Connected",
    })  # fmt: skip
    bastion = ids.net("hub", "bastionHosts", n.BASTION)
    yield body(bastion, {
        "dnsName": "bst-1.bastion.azure.com",
        "ipConfigurations": [item(bastion, "bastionHostIpConfigurations", "ipconfig1", {
            "privateIPAllocationMethod": "Dynamic", "subnet": ref(ids.subnet(f"{n.HUB}/AzureBastionSubnet")),
            "publicIPAddress": ref(ids.public_ip("pip-bastion"))})],
    }, sku={"name": "Basic"})  # fmt: skip


def _ways_in(ids: Ids) -> Iterator[Json]:
    waf = ids.net("hub", "ApplicationGatewayWebApplicationFirewallPolicies", n.WAF)
    yield body(waf, {
        "policySettings": {"state": "Enabled", "mode": "Prevention"},
        "managedRules": {"managedRuleSets": [{"ruleSetType": "OWASP", "ruleSetVersion": "3.2"}]},
        "applicationGateways": [ref(ids.gateway())],
    })  # fmt: skip
    yield body(ids.gateway(), application_gateway(ids, waf))
    pool = ids.balancer("backendAddressPools", "pool")
    members = [c for c in n.NICS if c.pool]
    yield body(ids.balancer(), {
        "frontendIPConfigurations": [item(ids.balancer(), "frontendIPConfigurations", "front", {
            "privateIPAddress": n.BALANCER_IP, "privateIPAllocationMethod": "Static", "privateIPAddressVersion": "IPv4",
            "subnet": ref(ids.subnet(n.BALANCER_SUBNET))})],
        "backendAddressPools": [item(ids.balancer(), "backendAddressPools", "pool", {
            "backendIPConfigurations": [
                ref(ids.net(c.part, "networkInterfaces", c.name) + "/ipConfigurations/ipconfig1") for c in members]})],
        "loadBalancingRules": [item(ids.balancer(), "loadBalancingRules", "https", {
            "frontendIPConfiguration": ref(ids.balancer("frontendIPConfigurations", "front")), "protocol": "Tcp",
            "frontendPort": 443, "backendPort": 8443, "enableFloatingIP": False, "disableOutboundSnat": True,
            "backendAddressPool": ref(pool), "backendAddressPools": [ref(pool)],
            "probe": ref(ids.balancer("probes", "alive"))})],
        "probes": [item(ids.balancer(), "probes", "alive", {"protocol": "Tcp", "port": 8443})],
    }, sku={"name": "Standard", "tier": "Regional"})  # fmt: skip


def application_gateway(ids: Ids, waf: str) -> Json:
    """The properties of the application gateway."""
    me = ids.gateway()
    return {
        "sku": {"name": "WAF_v2", "tier": "WAF_v2", "capacity": 2}, "firewallPolicy": ref(waf),
        "gatewayIPConfigurations": [item(me, "gatewayIPConfigurations", "gateway", {
            "subnet": ref(ids.subnet(f"{n.HUB}/snet-ingress"))})],
        "frontendIPConfigurations": [item(me, "frontendIPConfigurations", "public", {
            "privateIPAllocationMethod": "Dynamic", "publicIPAddress": ref(ids.public_ip("pip-gateway"))})],
        "frontendPorts": [item(me, "frontendPorts", "port_80", {"port": 80})],
        "backendAddressPools": [item(me, "backendAddressPools", "web", {
            "backendAddresses": [{"ipAddress": n.GATEWAY_BACKEND}]})],
        "backendHttpSettingsCollection": [item(me, "backendHttpSettingsCollection", "https_443", {
            "port": 443, "protocol": "Https"})],
        "httpListeners": [item(me, "httpListeners", "http", {
            "frontendIPConfiguration": ref(f"{me}/frontendIPConfigurations/public"), "protocol": "Http",
            "frontendPort": ref(f"{me}/frontendPorts/port_80")})],
        "requestRoutingRules": [item(me, "requestRoutingRules", "web", {
            "ruleType": "Basic", "priority": 100, "httpListener": ref(f"{me}/httpListeners/http"),
            "backendAddressPool": ref(f"{me}/backendAddressPools/web"),
            "backendHttpSettings": ref(f"{me}/backendHttpSettingsCollection/https_443")})],
    }  # fmt: skip


def _services(ids: Ids) -> Iterator[Json]:
    yield body(ids.storage(), {
        "publicNetworkAccess": "Enabled",
        "networkAcls": {
            "bypass": "AzureServices", "defaultAction": "Deny", "ipRules": [],
            "virtualNetworkRules": [
                {"id": ids.subnet(n.STORAGE_SUBNET), "action": "Allow", "state": "Succeeded"}]},
    }, sku={"name": "Standard_LRS", "tier": "Standard"}, kind="StorageV2")  # fmt: skip
    endpoint = ids.net("shop", "privateEndpoints", n.ENDPOINT)
    yield body(endpoint, {
        "subnet": ref(ids.subnet(n.ENDPOINT_SUBNET)), "customNetworkInterfaceName": n.ENDPOINT_NIC,
        "networkInterfaces": [ref(ids.net("shop", "networkInterfaces", n.ENDPOINT_NIC))],
        "ipConfigurations": [item(endpoint, "ipConfigurations", "ipconfig1", {
            "groupId": "blob", "memberName": "blob", "privateIPAddress": n.ENDPOINT_IP})],
        "privateLinkServiceConnections": [item(endpoint, "privateLinkServiceConnections", n.ENDPOINT, {
            "privateLinkServiceId": ids.storage(), "groupIds": ["blob"],
            "privateLinkServiceConnectionState": {"status": "Approved"}})],
        "manualPrivateLinkServiceConnections": [],
    })  # fmt: skip
    zone = ids.net("hub", "privateDnsZones", n.ZONE)
    yield body(f"{endpoint}/privateDnsZoneGroups/default", {
        "privateDnsZoneConfigs": [{"name": n.ZONE, "properties": {"privateDnsZoneId": zone}}],
    }, location="")  # fmt: skip
    yield body(zone, {"numberOfVirtualNetworkLinks": 1, "numberOfRecordSets": 2}, location="global")
    yield body(f"{zone}/virtualNetworkLinks/{n.ZONE_LINK}", {
        "virtualNetwork": ref(ids.vnet(n.SHOP)), "registrationEnabled": False, "virtualNetworkLinkState": "Completed",
    }, location="global")  # fmt: skip


def subscriptions(places: n.Places) -> tuple[str, ...]:
    """The subscriptions of the places, each once."""
    return tuple(dict.fromkeys(place.subscription for place in places.values()))
