"""Resources in the shape of the ARM REST API, built by a few short calls: what tests are made of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
Resource = dict[str, Any]
Rule = tuple[Any, ...]

PROTOCOLS = {"*": "*", "tcp": "Tcp", "udp": "Udp", "icmp": "Icmp", "esp": "Esp", "ah": "Ah"}


class Arm:
    """A growing list of resources; every method adds one and returns its id."""

    def __init__(self, subscription: str = SUBSCRIPTION) -> None:
        self.resources: list[Resource] = []
        self.by_id: dict[str, Resource] = {}
        self.subscription = subscription

    def text(self) -> bytes:
        """The estate as REST gives a list."""
        return json.dumps({"value": self.resources}).encode()

    def id_of(self, kind: str, name: str, subscription: str = "") -> str:
        group = f"/subscriptions/{subscription or self.subscription}/resourceGroups/rg"
        provider = kind if kind.lower().startswith("microsoft.") else f"Microsoft.Network/{kind}"
        return f"{group}/providers/{provider}/{name}"

    def add(
        self, kind: str, name: str, properties: Mapping[str, Any], /, *, subscription: str = "", **beside: Any
    ) -> str:
        provider = kind if kind.lower().startswith("microsoft.") else f"Microsoft.Network/{kind}"
        return self._put(self.id_of(kind, name, subscription), provider, name, properties, beside)

    def child(
        self, parent: str, segment: str, name: str, properties: Mapping[str, Any], **beside: Any
    ) -> str:
        """A child resource that stands beside its parent in the list."""
        kind = f"{self.by_id[parent]['type']}/{segment}"
        return self._put(f"{parent}/{segment}/{name}", kind, name, properties, beside)

    def _put(
        self, rid: str, kind: str, name: str, properties: Mapping[str, Any], beside: Mapping[str, Any]
    ) -> str:
        resource = {
            "id": rid,
            "name": name,
            "type": kind,
            "location": "westeurope",
            "properties": dict(properties),
        }
        resource.update(beside)
        self.resources.append(resource)
        self.by_id[rid] = resource
        return rid

    # Networks

    def vnet(self, name: str, *spaces: str, subscription: str = "", location: str = "westeurope") -> str:
        properties = {
            "addressSpace": {"addressPrefixes": list(spaces)}, "subnets": [], "virtualNetworkPeerings": [],
        }  # fmt: skip
        return self.add("virtualNetworks", name, properties, subscription=subscription, location=location)

    def subnet(self, vnet: str, name: str, prefix: str, **properties: Any) -> str:
        """`nsg`, `route_table` and `nat` are ids; anything else is a property as Azure names it."""
        shaped: dict[str, Any] = {"addressPrefix": prefix}
        references = (("nsg", "networkSecurityGroup"), ("route_table", "routeTable"), ("nat", "natGateway"))
        for word, key in references:
            if properties.get(word):
                shaped[key] = {"id": properties[word]}
            properties.pop(word, None)
        shaped.update(properties)
        rid = f"{vnet}/subnets/{name}"
        subnet = {
            "id": rid, "name": name, "type": "Microsoft.Network/virtualNetworks/subnets", "properties": shaped,
        }  # fmt: skip
        self.by_id[vnet]["properties"]["subnets"].append(subnet)
        self.by_id[rid] = subnet
        return rid

    def set(self, rid: str, **properties: Any) -> None:
        """Changes properties; None takes one away."""
        shaped = self.by_id[rid]["properties"]
        for key, value in properties.items():
            shaped.pop(key, None)
            if value is not None:
                shaped[key] = value

    def half_peering(self, vnet: str, remote: str, state: str = "Connected", **flags: Any) -> None:
        """The half of a peering that `vnet` owns; `flags` are its properties as Azure names them."""
        space = self.by_id[remote]["properties"]["addressSpace"] if remote in self.by_id else None
        name = remote.rpartition("/")[2]
        properties: dict[str, Any] = {
            "remoteVirtualNetwork": {"id": remote}, "peeringState": state, "peeringSyncLevel": "FullyInSync",
            "allowVirtualNetworkAccess": True, "allowForwardedTraffic": False, "allowGatewayTransit": False,
            "useRemoteGateways": False, "remoteAddressSpace": space, "remoteVirtualNetworkAddressSpace": space,
        }  # fmt: skip
        properties.update(flags)
        rid = f"{vnet}/virtualNetworkPeerings/{name}"
        kind = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings"
        self.by_id[rid] = {"id": rid, "name": name, "type": kind, "properties": properties}
        self.by_id[vnet]["properties"]["virtualNetworkPeerings"].append(self.by_id[rid])

    def peer(self, one: str, other: str, **flags: Any) -> None:
        """A whole peering, both halves connected, with the same flags."""
        self.half_peering(one, other, **flags)
        self.half_peering(other, one, **flags)

    # Machines

    def nic(self, name: str, subnet: str, address: str, **given: Any) -> str:
        """`nsg`, `public_ip`, `asgs` are ids; `forwarding` is whether it forwards."""
        configuration: dict[str, Any] = {
            "privateIPAddress": address, "privateIPAllocationMethod": "Static", "subnet": {"id": subnet},
            "primary": True,
        }  # fmt: skip
        if given.get("public_ip"):
            configuration["publicIPAddress"] = {"id": given["public_ip"]}
        if given.get("asgs"):
            configuration["applicationSecurityGroups"] = [{"id": asg} for asg in given["asgs"]]
        rid = self.id_of("networkInterfaces", name)
        machine = self.id_of("Microsoft.Compute/virtualMachines", f"vm-{name}")
        properties: dict[str, Any] = {
            "ipConfigurations": [
                {"id": f"{rid}/ipConfigurations/ipconfig1", "name": "ipconfig1", "properties": configuration}
            ],
            "enableIPForwarding": bool(given.get("forwarding")),
        }
        if given.get("is_of_machine", True):
            properties["virtualMachine"] = {"id": machine}
            self.add(
                "Microsoft.Compute/virtualMachines", f"vm-{name}",
                {"networkProfile": {"networkInterfaces": [{"id": rid}]}},
            )  # fmt: skip
        if given.get("nsg"):
            properties["networkSecurityGroup"] = {"id": given["nsg"]}
        return self.add("networkInterfaces", name, properties)

    def public_ip(self, name: str, sku: str = "Standard", address: str = "") -> str:
        properties = {"publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4"}
        if address:
            properties["ipAddress"] = address
        return self.add("publicIPAddresses", name, properties, sku={"name": sku})

    def private_endpoint(
        self, name: str, subnet: str, address: str, target: str, group: str = "blob", status: str = "Approved"
    ) -> str:
        nic = self.nic(f"{name}-nic", subnet, address, is_of_machine=False)
        rid = self.id_of("privateEndpoints", name)
        self.by_id[nic]["properties"]["privateEndpoint"] = {"id": rid}
        connection = {
            "privateLinkServiceId": target, "groupIds": [group],
            "privateLinkServiceConnectionState": {"status": status},
        }  # fmt: skip
        return self.add("privateEndpoints", name, {
            "subnet": {"id": subnet}, "networkInterfaces": [{"id": nic}],
            "privateLinkServiceConnections": [{"name": name, "properties": connection}],
        })  # fmt: skip

    def load_balancer(
        self, name: str, nics: Iterable[str], sku: str = "Standard", *, public_ip: str = "", subnet: str = "",
        address: str = "", rules: Iterable[tuple[str, int, int]] = (), has_outbound: bool = False,
    ) -> str:  # fmt: skip
        """A load balancer before the first configurations of `nics`; rules are (protocol, front, back port)."""
        rid = self.id_of("loadBalancers", name)
        pool, front = f"{rid}/backendAddressPools/pool", f"{rid}/frontendIPConfigurations/front"
        configurations = []
        for nic in nics:
            configuration = self.by_id[nic]["properties"]["ipConfigurations"][0]
            configuration["properties"].setdefault("loadBalancerBackendAddressPools", []).append({"id": pool})
            configurations.append({"id": configuration["id"]})
        fronted: dict[str, Any] = {"privateIPAddress": address, "subnet": {"id": subnet}}
        if public_ip:
            fronted = {"publicIPAddress": {"id": public_ip}}
        properties: dict[str, Any] = {
            "frontendIPConfigurations": [{"id": front, "name": "front", "properties": fronted}],
            "backendAddressPools": [
                {"id": pool, "name": "pool", "properties": {"backendIPConfigurations": configurations}}
            ],
            "loadBalancingRules": [
                {"id": f"{rid}/loadBalancingRules/{place}", "name": str(place), "properties": {
                    "frontendIPConfiguration": {"id": front}, "backendAddressPool": {"id": pool},
                    "protocol": protocol, "frontendPort": frontend, "backendPort": backend,
                    "disableOutboundSnat": True,
                }}
                for place, (protocol, frontend, backend) in enumerate(rules)
            ],
            "outboundRules": [],
        }  # fmt: skip
        if has_outbound:
            properties["outboundRules"] = [{"id": f"{rid}/outboundRules/out", "name": "out", "properties": {
                "frontendIPConfigurations": [{"id": front}], "backendAddressPool": {"id": pool}, "protocol": "All",
            }}]  # fmt: skip
        return self.add("loadBalancers", name, properties, sku={"name": sku})

    # Filters

    def nsg(self, name: str, rules: Iterable[Rule], asgs: Mapping[str, str] | None = None) -> str:
        """Rules are (priority, In|Out, Allow|Deny, protocol, source, source port, destination, port).

        Addresses and ports are one or a list; `asg:NAME` is the ASG whose id `asgs` gives.
        """
        rid = self.id_of("networkSecurityGroups", name)
        listed = []
        for rule in rules:
            priority, direction, access, protocol, source, source_port, target, port = rule
            label = f"{direction}-{priority}"
            properties: dict[str, Any] = {
                "priority": priority, "direction": {"In": "Inbound", "Out": "Outbound"}[direction],
                "access": access, "protocol": PROTOCOLS[protocol.lower()],
            }  # fmt: skip
            properties.update(_addresses("source", source, asgs or {}))
            properties.update(_addresses("destination", target, asgs or {}))
            properties.update(_either("sourcePortRange", "sourcePortRanges", source_port))
            properties.update(_either("destinationPortRange", "destinationPortRanges", port))
            listed.append({"id": f"{rid}/securityRules/{label}", "name": label, "properties": properties})
        return self.add("networkSecurityGroups", name, {"securityRules": listed})

    def asg(self, name: str) -> str:
        return self.add("applicationSecurityGroups", name, {})

    def manager(self, name: str = "avnm") -> str:
        scope = {"subscriptions": [f"/subscriptions/{self.subscription}"], "managementGroups": []}
        return self.add("networkManagers", name, {
            "networkManagerScopes": scope, "networkManagerScopeAccesses": ["Connectivity", "SecurityAdmin"],
        })  # fmt: skip

    def group(self, manager: str, name: str, members: Iterable[str]) -> str:
        rid = self.child(manager, "networkGroups", name, {"memberType": "VirtualNetwork"})
        for place, member in enumerate(members):
            self.child(rid, "staticMembers", f"m{place}", {"resourceId": member})
        return rid

    def connectivity(
        self,
        manager: str,
        name: str,
        group: str,
        *,
        hub: str = "",
        direct: bool = True,
        is_global: bool = False,
        deployed: bool | None = True,
    ) -> str:
        """A mesh, or with `hub` a star; `deployed` None where the input does not tell."""
        applied = {
            "networkGroupId": group, "groupConnectivity": "DirectlyConnected" if direct else "None",
            "useHubGateway": "False", "isGlobal": str(is_global),
        }  # fmt: skip
        return self.child(manager, "connectivityConfigurations", name, {
            "connectivityTopology": "HubAndSpoke" if hub else "Mesh", "isGlobal": str(is_global),
            "hubs": [{"resourceId": hub, "resourceType": "Microsoft.Network/virtualNetworks"}] if hub else [],
            "appliesToGroups": [applied], **_told(deployed),
        })  # fmt: skip

    def admin_rules(
        self,
        manager: str,
        name: str,
        collections: Iterable[tuple[str, Iterable[Rule]]],
        deployed: bool | None = True,
    ) -> str:
        """Collections are (group's id, rules); rules are written as those of an NSG."""
        configuration = self.child(manager, "securityAdminConfigurations", name, _told(deployed))
        for place, (group, rules) in enumerate(collections):
            applied = {"appliesToGroups": [{"networkGroupId": group}]}
            collection = self.child(configuration, "ruleCollections", f"c{place}", applied)
            for rule in rules:
                priority, direction, access, protocol, source, source_port, target, port = rule
                properties = {
                    "priority": priority, "direction": {"In": "Inbound", "Out": "Outbound"}[direction],
                    "access": access, "protocol": "Any" if protocol == "*" else PROTOCOLS[protocol.lower()],
                    "sources": _prefix_items(source), "destinations": _prefix_items(target),
                    "sourcePortRanges": _port_list(source_port), "destinationPortRanges": _port_list(port),
                }  # fmt: skip
                self.child(collection, "rules", f"{direction}-{priority}", properties, kind="Custom")
        return configuration

    # Routes

    def route_table(
        self, name: str, routes: Iterable[tuple[str, str, str | None]], *, propagates: bool = True
    ) -> str:
        """Routes are (prefix, type of the next hop, its address or None)."""
        rid = self.id_of("routeTables", name)
        listed = []
        for place, (prefix, hop, address) in enumerate(routes):
            properties = {"addressPrefix": prefix, "nextHopType": hop, "hasBgpOverride": False}
            if address:
                properties["nextHopIpAddress"] = address
            listed.append({"id": f"{rid}/routes/r{place}", "name": f"r{place}", "properties": properties})
        return self.add("routeTables", name, {"routes": listed, "disableBgpRoutePropagation": not propagates})

    # Firewall

    def firewall(
        self, name: str, subnet: str, address: str, policy: str | None = None, **properties: Any
    ) -> str:
        rid = self.id_of("azureFirewalls", name)
        public_ip = self.public_ip(f"pip-{name}")
        configuration = {
            "privateIPAddress": address, "subnet": {"id": subnet}, "publicIPAddress": {"id": public_ip},
        }  # fmt: skip
        shaped: dict[str, Any] = {
            "sku": {"name": "AZFW_VNet", "tier": "Standard"},
            "ipConfigurations": [
                {"id": f"{rid}/azureFirewallIpConfigurations/c", "name": "c", "properties": configuration}
            ],
        }
        if policy:
            shaped["firewallPolicy"] = {"id": policy}
        shaped.update(properties)
        return self.add("azureFirewalls", name, shaped)

    def policy(self, name: str, parent: str | None = None) -> str:
        properties: dict[str, Any] = {"threatIntelMode": "Alert", "ruleCollectionGroups": []}
        if parent:
            properties["basePolicy"] = {"id": parent}
        return self.add("firewallPolicies", name, properties)

    def rule_group(self, policy: str, name: str, priority: int, collections: Iterable[Resource]) -> str:
        rid = self.child(policy, "ruleCollectionGroups", name, {
            "priority": priority, "ruleCollections": list(collections),
        })  # fmt: skip
        self.by_id[policy]["properties"]["ruleCollectionGroups"].append({"id": rid})
        return rid

    def ip_group(self, name: str, *addresses: str) -> str:
        return self.add("ipGroups", name, {"ipAddresses": list(addresses)})

    # Outside

    def gateway(self, name: str, subnet: str, kind: str = "Vpn", **properties: Any) -> str:
        rid = self.id_of("virtualNetworkGateways", name)
        configuration = {"subnet": {"id": subnet}}
        shaped: dict[str, Any] = {
            "gatewayType": kind, "enableBgp": False,
            "ipConfigurations": [{"id": f"{rid}/ipConfigurations/c", "name": "c", "properties": configuration}],
        }  # fmt: skip
        shaped.update(properties)
        return self.add("virtualNetworkGateways", name, shaped)

    def site(self, name: str, *prefixes: str) -> str:
        return self.add("localNetworkGateways", name, {
            "localNetworkAddressSpace": {"addressPrefixes": list(prefixes)}, "gatewayIpAddress": "198.51.100.20",
        })  # fmt: skip

    def connection(self, name: str, gateway: str, far: str, kind: str = "IPsec", **properties: Any) -> str:
        """A tunnel to a local network gateway (IPsec), to a circuit (ExpressRoute) or a gateway (Vnet2Vnet)."""
        end = {
            "IPsec": "localNetworkGateway2",
            "ExpressRoute": "peer",
            "Vnet2Vnet": "virtualNetworkGateway2",
        }[kind]
        return self.add("connections", name, {
            "connectionType": kind, "virtualNetworkGateway1": {"id": gateway}, end: {"id": far},
            "connectionStatus": "Connected", **properties,
        })  # fmt: skip

    def circuit(self, name: str) -> str:
        return self.add("expressRouteCircuits", name, {"serviceProviderProperties": {}})


def network_collection(
    name: str, priority: int, access: str, rules: Iterable[tuple[Any, Any, Any, Any]], **fields: Any
) -> Resource:
    """A collection of network rules (protocols, sources, destinations, ports); an IP group is `group:ID`.

    `fields` are added to every rule.
    """
    listed = []
    for place, (protocols, sources, targets, ports) in enumerate(rules):
        rule = {"ruleType": "NetworkRule", "name": f"{name}-{place}", "ipProtocols": _listed(protocols)}
        for word, values in (("source", _listed(sources)), ("destination", _listed(targets))):
            rule[f"{word}Addresses"] = [value for value in values if not value.startswith("group:")]
            rule[f"{word}IpGroups"] = [value[6:] for value in values if value.startswith("group:")]
        rule["destinationPorts"] = _listed(ports)
        rule.update(fields)
        listed.append(rule)
    return {
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": name, "priority": priority,
        "action": {"type": access}, "rules": listed,
    }  # fmt: skip


def application_collection(
    name: str, priority: int, access: str, sources: Any, names: Any, protocols: Iterable[tuple[str, int]]
) -> Resource:
    """A collection of one application rule."""
    rule = {
        "ruleType": "ApplicationRule", "name": f"{name}-0", "sourceAddresses": _listed(sources), "sourceIpGroups": [],
        "targetFqdns": _listed(names), "fqdnTags": [],
        "protocols": [{"protocolType": protocol, "port": port} for protocol, port in protocols],
    }  # fmt: skip
    return {
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": name, "priority": priority,
        "action": {"type": access}, "rules": [rule],
    }  # fmt: skip


def nat_collection(name: str, priority: int, rule: Mapping[str, Any]) -> Resource:
    """A collection of one DNAT rule."""
    return {
        "ruleCollectionType": "FirewallPolicyNatRuleCollection", "name": name, "priority": priority,
        "action": {"type": "Dnat"}, "rules": [{"ruleType": "NatRule", "name": f"{name}-0", **rule}],
    }  # fmt: skip


def _told(deployed: bool | None) -> dict[str, Any]:
    """Azure's resources do not tell whether they are deployed; whoever knows it writes it into the properties."""
    return {} if deployed is None else {"deployed": deployed}


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _either(single: str, plural: str, value: Any) -> dict[str, Any]:
    """One value in the singular form, several in the plural; the other form is empty, as Azure writes it."""
    if isinstance(value, str):
        return {single: value, plural: []}
    return {plural: [str(one) for one in value]}


def _addresses(word: str, value: Any, asgs: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(value, str) and value.startswith("asg:"):
        return {f"{word}ApplicationSecurityGroups": [{"id": asgs[value[4:]]}], f"{word}AddressPrefixes": []}
    return _either(f"{word}AddressPrefix", f"{word}AddressPrefixes", value)


def _prefix_items(value: Any) -> list[dict[str, str]]:
    found = []
    for text in _listed(value):
        kind = "IPPrefix" if text == "*" or "/" in text or text[:1].isdigit() else "ServiceTag"
        found.append({"addressPrefixType": kind, "addressPrefix": text})
    return found


def _port_list(value: Any) -> list[str]:
    return ["0-65535" if port == "*" else port for port in _listed(value)]
