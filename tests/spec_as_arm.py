"""A spec's network as Azure's REST API would list it, so that one estate is put to the program in both languages.

Written from the spec language and Azure's reference alone, without a line of the program. It knows the part of the
language that `test_unseen_vectors` uses; machines, firewalls and balancers must say their address (`ip`).
https://learn.microsoft.com/azure/templates/
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

Json = dict[str, Any]
_SUBSCRIPTION = "00000000-0000-0000-0000-00000000000"
_PROTOCOLS = {"any": "*", "tcp": "Tcp", "udp": "Udp", "icmp": "Icmp", "esp": "Esp", "ah": "Ah"}
_HOPS = {"internet": "Internet", "none": "None", "vnet": "VnetLocal", "gateway": "VirtualNetworkGateway"}
_SERVICES = {
    "storage": "Microsoft.Storage/storageAccounts", "key_vault": "Microsoft.KeyVault/vaults",
    "sql": "Microsoft.Sql/servers",
}  # fmt: skip
_NSG_LINE = re.compile(r"(\d+) (\w+) (inbound|outbound) (\w+)(?:/(\S+))? from (.+) to (.+)$")
_FIREWALL_LINE = re.compile(r"(\S+?)(?:/(\S+))? from (.+?) to (.+?)(?: -> (\S+))?$")
_PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]


def spec_as_arm(text: str) -> list[Json]:
    """The resources of a spec, those that Azure lists inside others inside them."""
    return _Estate(yaml.safe_load(text)).resources


def _listed(value: Any) -> list[Any]:
    return [] if value is None else list(value) if isinstance(value, list) else [value]


def _named(value: Any) -> dict[str, Any]:
    """A mapping of named things, or a list of names, as a mapping."""
    if isinstance(value, list):
        return {str(name): {} for name in value}
    return {str(name): {} if told is None else told for name, told in (value or {}).items()}


def _typed(value: Any) -> Json:
    return {"type": value} if isinstance(value, str) else value


def _ref(rid: str) -> Json:
    return {"id": rid}


def _word(told: Mapping[str, Any], name: str, otherwise: str) -> str:
    return str(told.get(name, otherwise)).capitalize()


class _Estate:
    """The resources, with ids and addresses by name. What refers to others is made after them."""

    def __init__(self, spec: Json) -> None:
        self.spec = spec
        self.resources: list[Json] = []
        self.by_id: dict[str, Json] = {}
        self.ids: dict[str, str] = {}
        self.prefixes: dict[str, list[str]] = {}
        self.later: list[Callable[[], None]] = []
        self.vnets = list(self._find_vnets())
        self._name_addresses()
        self._lower_shared()
        for subscription, name, vnet in self.vnets:
            self._lower_vnet(subscription, name, vnet)
        for subscription, name, vnet in self.vnets:
            for subnet, told in _named(vnet.get("subnets")).items():
                for thing, resource in _named(told.get("resources")).items():
                    self._lower_resource(subscription, f"{name}/{subnet}", thing, _typed(resource))
        for lower in self.later:
            lower()
        for name, told in _named(spec.get("services")).items():
            self._lower_service(name, _typed(told))
        for peering in _listed(spec.get("peerings")):
            self._lower_peering(peering)
        for number, connection in enumerate(_listed(spec.get("connections"))):
            self._lower_connection(f"connection-{number}", connection)
        for name, told in _named(spec.get("virtual_wans")).items():
            self._lower_wan(name, told)
        if spec.get("network_manager"):
            self._lower_manager(spec["network_manager"])

    # Ids and names

    def id_of(self, kind: str, name: str, subscription: str = _SUBSCRIPTION + "1") -> str:
        provider = kind if kind.startswith("Microsoft.") else f"Microsoft.Network/{kind}"
        return f"/subscriptions/{subscription}/resourceGroups/rg/providers/{provider}/{name}"

    def put(self, kind: str, name: str, properties: Json, subscription: str = "", **beside: Any) -> str:
        provider = kind if kind.startswith("Microsoft.") else f"Microsoft.Network/{kind}"
        rid = self.id_of(kind, name, subscription or _SUBSCRIPTION + "1")
        row = {"id": rid, "name": name, "type": provider, "location": "westeurope", "properties": properties}
        return self._add(row | beside)

    def child(self, parent: str, segment: str, name: str, properties: Json, **beside: Any) -> str:
        kind = f"{self.by_id[parent]['type']}/{segment}"
        row = {"id": f"{parent}/{segment}/{name}", "name": name, "type": kind, "properties": properties}
        return self._add(row | beside)

    def _add(self, row: Json) -> str:
        self.resources.append(row)
        self.by_id[row["id"]] = row
        self.ids.setdefault(row["name"].lower(), row["id"])
        return str(row["id"])

    def find(self, name: Any) -> str:
        return self.ids[str(name).lower()]

    def _find_vnets(self) -> Iterator[tuple[str, str, Json]]:
        for number, told in enumerate(_named(self.spec.get("subscriptions")).values(), 2):
            for name, vnet in _named(told.get("vnets")).items():
                yield f"{_SUBSCRIPTION}{number}", name, vnet
        for name, vnet in _named(self.spec.get("vnets")).items():
            yield _SUBSCRIPTION + "1", name, vnet

    def _name_addresses(self) -> None:
        for _, name, vnet in self.vnets:
            self.prefixes[name] = _listed(vnet.get("address"))
            for subnet, told in _named(vnet.get("subnets")).items():
                self.prefixes[subnet] = _listed(told.get("address"))
                for thing, resource in _named(told.get("resources")).items():
                    if "ip" in _typed(resource):
                        self.prefixes[thing] = [resource["ip"]]
        for name, told in _named(self.spec.get("on_premises")).items():
            self.prefixes[name] = _listed(told.get("address"))
        for name, told in _named(self.spec.get("public_ips")).items():
            self.prefixes[name] = _listed(told.get("address"))

    def _addresses(self, text: str) -> list[str]:
        """The prefixes, tags and `*` that the words of one end of a rule mean."""
        words = [word.strip() for word in text.split(",")]
        return [p for word in words for p in ("*",) if word == "any"] or [
            prefix for word in words for prefix in self.prefixes.get(word, [word])
        ]

    # What several things share

    def _lower_shared(self) -> None:
        spec = self.spec
        for name in _named(spec.get("asgs")):
            self.put("applicationSecurityGroups", name, {})
        for name, told in _named(spec.get("public_ips")).items():
            address = {"ipAddress": told["address"]} if "address" in told else {}
            self.put("publicIPAddresses", name, address, sku={"name": _word(told, "sku", "standard")})
        for name, told in _named(spec.get("ip_groups")).items():
            self.put("ipGroups", name, {"ipAddresses": _listed(told)})
        for name, told in _named(spec.get("nsgs")).items():
            rules = [self._nsg_rule(rule) for rule in _listed(told.get("rules"))]
            self.put("networkSecurityGroups", name, {"securityRules": rules})
        for name, told in _named(spec.get("route_tables")).items():
            self._lower_routes(name, told)
        for name in _named(spec.get("nat_gateways")):
            public = self.put("publicIPAddresses", f"{name}-pip", {}, sku={"name": "Standard"})
            self.put("natGateways", name, {"publicIpAddresses": [_ref(public)]}, sku={"name": "Standard"})
        for name, told in _named(spec.get("waf_policies")).items():
            state = "Disabled" if told.get("enabled") is False else "Enabled"
            mode = _word(told, "mode", "prevention")
            self.put("ApplicationGatewayWebApplicationFirewallPolicies", name,
                     {"policySettings": {"state": state, "mode": mode}})  # fmt: skip
            self.put("FrontDoorWebApplicationFirewallPolicies", f"{name}-door",
                     {"policySettings": {"enabledState": state, "mode": mode}})  # fmt: skip
        for name, told in _named(spec.get("firewall_policies")).items():
            self._lower_policy(name, told)
        for name in _named(spec.get("circuits")):
            self.put("expressRouteCircuits", name, {"serviceProviderProperties": {}})
        for name, told in _named(spec.get("on_premises")).items():
            space = {"addressPrefixes": _listed(told.get("address"))}
            self.put("localNetworkGateways", name, {"localNetworkAddressSpace": space})
        for name, told in _named(spec.get("services")).items():
            kind = _typed(told)["type"]
            if kind in _SERVICES:
                self.put(_SERVICES[kind], name, {})

    def _nsg_rule(self, line: str) -> Json:
        found = _NSG_LINE.match(line)
        assert found, line
        priority, access, direction, protocol, ports, source, target = found.groups()
        properties: Json = {
            "priority": int(priority), "access": access.capitalize(), "direction": direction.capitalize(),
            "protocol": _PROTOCOLS[protocol], "sourcePortRange": "*", "sourcePortRanges": [],
        }  # fmt: skip
        groups = _named(self.spec.get("asgs"))
        for side, text in (("source", source), ("destination", target)):
            if text in groups:
                properties[f"{side}ApplicationSecurityGroups"] = [_ref(self.find(text))]
            else:
                properties |= _either(f"{side}AddressPrefix", f"{side}AddressPrefixes", self._addresses(text))
        properties |= _either("destinationPortRange", "destinationPortRanges", (ports or "*").split(","))
        return {"name": f"{direction}-{priority}", "properties": properties}

    def _lower_routes(self, name: str, told: Json) -> None:
        routes = []
        for line in _listed(told.get("routes")):
            prefix, hop = (word.strip() for word in line.split("->"))
            for each in self.prefixes.get(prefix, [prefix]):
                properties = {"addressPrefix": each, "nextHopType": _HOPS.get(hop, "VirtualAppliance")}
                if hop not in _HOPS:
                    properties["nextHopIpAddress"] = self.prefixes.get(hop, [hop])[0]
                routes.append({"name": f"r{len(routes)}", "properties": properties})
        stops = told.get("propagate_gateway_routes") is False
        self.put("routeTables", name, {"routes": routes, "disableBgpRoutePropagation": stops})

    def _lower_policy(self, name: str, told: Json) -> None:
        base = {"basePolicy": _ref(self.find(told["parent"]))} if "parent" in told else {}
        policy = self.put("firewallPolicies", name, {"threatIntelMode": "Alert", **base})
        collections = []
        for title, collection in _named(told.get("rule_collections")).items():
            action = collection["action"]
            kind = "Nat" if action == "dnat" else "Filter"
            lines = enumerate(_listed(collection.get("rules")))
            collections.append({
                "ruleCollectionType": f"FirewallPolicy{kind}RuleCollection", "name": title,
                "priority": collection["priority"], "action": {"type": action.capitalize()},
                "rules": [self._firewall_rule(f"{title}-{number}", line) for number, line in lines],
            })  # fmt: skip
        if collections:
            properties = {"priority": 200, "ruleCollections": collections}
            self.child(policy, "ruleCollectionGroups", f"{name}-rules", properties)

    def _firewall_rule(self, name: str, line: str) -> Json:
        found = _FIREWALL_LINE.match(line)
        assert found, line
        protocols, ports, source, target, translated = found.groups()
        words, numbers = protocols.split(","), (ports or "*").split(",")
        rule: Json = {"name": name, **self._firewall_side("source", source)}
        if translated:
            address, _, port = translated.partition(":")
            return rule | {
                "ruleType": "NatRule", "ipProtocols": [word.upper() for word in words],
                "destinationAddresses": self._addresses(target), "destinationPorts": numbers,
                "translatedAddress": address, "translatedPort": port,
            }  # fmt: skip
        if words[0] in ("http", "https"):
            told = [{"protocolType": word.capitalize(), "port": int(numbers[0])} for word in words]
            return rule | {
                "ruleType": "ApplicationRule",
                "targetFqdns": [host.strip() for host in target.split(",")],
                "protocols": told,
            }
        return rule | self._firewall_side("destination", target) | {
            "ruleType": "NetworkRule", "ipProtocols": ["Any" if word == "any" else word.upper() for word in words],
            "destinationPorts": numbers,
        }  # fmt: skip

    def _firewall_side(self, side: str, text: str) -> Json:
        groups = [word for word in text.split(", ") if word in _named(self.spec.get("ip_groups"))]
        addresses = [] if groups else self._addresses(text)
        return {f"{side}Addresses": addresses, f"{side}IpGroups": [self.find(group) for group in groups]}

    # VNets and what stands in them

    def _lower_vnet(self, subscription: str, name: str, told: Json) -> None:
        rid = self.id_of("virtualNetworks", name, subscription)
        subnets = []
        for title, subnet in _named(told.get("subnets")).items():
            properties = _either("addressPrefix", "addressPrefixes", _listed(subnet.get("address")))
            for word, key in (
                ("nsg", "networkSecurityGroup"),
                ("route_table", "routeTable"),
                ("nat_gateway", "natGateway"),
            ):
                if subnet.get(word):
                    properties[key] = _ref(self.find(subnet[word]))
            endpoints = _listed(subnet.get("service_endpoints"))
            properties["serviceEndpoints"] = [{"service": e, "locations": ["*"]} for e in endpoints]
            if "default_outbound" in subnet:
                properties["defaultOutboundAccess"] = subnet["default_outbound"]
            if subnet.get("private_endpoint_policies"):
                properties["privateEndpointNetworkPolicies"] = "Enabled"
            if subnet.get("delegation"):
                properties["delegations"] = [{"properties": {"serviceName": subnet["delegation"]}}]
            row = {"id": f"{rid}/subnets/{title}", "name": title, "properties": properties}
            subnets.append(row)
            self.by_id[row["id"]] = row
            self.ids.setdefault(title.lower(), row["id"])
            self.ids[f"{name}/{title}".lower()] = row["id"]
        self.put("virtualNetworks", name, {
            "addressSpace": {"addressPrefixes": _listed(told.get("address"))}, "subnets": subnets,
            "virtualNetworkPeerings": [],
        }, subscription)  # fmt: skip

    def _lower_resource(self, subscription: str, subnet: str, name: str, told: Json) -> None:
        match told["type"]:
            case "vm" | "nva" as kind:
                nic = self._nic(subscription, subnet, name, told, kind == "nva")
                profile = {"networkProfile": {"networkInterfaces": [_ref(nic)]}}
                machine = self.put("Microsoft.Compute/virtualMachines", name, profile, subscription)
                self.by_id[nic]["properties"]["virtualMachine"] = _ref(machine)
            case "private_endpoint":
                self._private_endpoint(subscription, subnet, name, told)
            case "firewall":
                self._in_subnet("azureFirewalls", subnet, name, told, self._policy_of(told))
            case "bastion":
                self._in_subnet("bastionHosts", subnet, name, told, {})
            case "vpn_gateway":
                self._in_subnet("virtualNetworkGateways", subnet, name, told, {"gatewayType": "Vpn"})
            case "expressroute_gateway":
                self._in_subnet("virtualNetworkGateways", subnet, name, told, {"gatewayType": "ExpressRoute"})
            case "load_balancer":
                self.later.append(lambda: self._load_balancer(subnet, name, told))
            case "application_gateway":
                self.later.append(lambda: self._application_gateway(subnet, name, told))
            case other:
                raise NotImplementedError(other)

    def _policy_of(self, told: Json) -> Json:
        policy = {"firewallPolicy": _ref(self.find(told["policy"]))} if told.get("policy") else {}
        return {"sku": {"name": "AZFW_VNet", "tier": "Premium"}, **policy}

    def _in_subnet(self, kind: str, subnet: str, name: str, told: Json, properties: Json) -> None:
        configuration = {
            "subnet": _ref(self.find(subnet)),
            "publicIPAddress": _ref(self._public_ip(name, told)),
        }
        if "ip" in told:
            configuration["privateIPAddress"] = told["ip"]
        self.put(kind, name, {**properties, "ipConfigurations": [{"name": "c", "properties": configuration}]})

    def _public_ip(self, name: str, told: Json) -> str:
        named = told.get("public_ip", True)
        if named is True:
            return self.put("publicIPAddresses", f"{name}-pip", {}, sku={"name": "Standard"})
        return self.find(named)

    def _nic(self, subscription: str, subnet: str, name: str, told: Json, forwards: bool = False) -> str:
        rid = self.id_of("networkInterfaces", f"{name}-nic", subscription)
        configuration: Json = {"subnet": _ref(self.find(subnet)), "privateIPAddress": told["ip"]}
        if told.get("asg"):
            groups = [_ref(self.find(asg)) for asg in _listed(told["asg"])]
            configuration["applicationSecurityGroups"] = groups
        if told.get("public_ip"):
            configuration["publicIPAddress"] = _ref(self._public_ip(name, told))
        properties: Json = {
            "ipConfigurations": [
                {"id": f"{rid}/ipConfigurations/ip", "name": "ip", "properties": configuration}
            ],
            "enableIPForwarding": forwards,
        }
        if told.get("nsg"):
            properties["networkSecurityGroup"] = _ref(self.find(told["nsg"]))
        return self.put("networkInterfaces", f"{name}-nic", properties, subscription)

    def _private_endpoint(self, subscription: str, subnet: str, name: str, told: Json) -> None:
        nic = self._nic(subscription, subnet, name, told)
        self.by_id[nic]["properties"]["privateEndpoint"] = _ref(
            self.id_of("privateEndpoints", name, subscription)
        )
        connection = {
            "privateLinkServiceId": self.find(told["to"]), "groupIds": _listed(told.get("group")),
            "privateLinkServiceConnectionState": {"status": "Approved"},
        }  # fmt: skip
        self.put("privateEndpoints", name, {
            "subnet": _ref(self.find(subnet)), "networkInterfaces": [_ref(nic)],
            "privateLinkServiceConnections": [{"name": "c", "properties": connection}],
        }, subscription)  # fmt: skip

    def _load_balancer(self, subnet: str, name: str, told: Json) -> None:
        """All ports of an internal one, as appliances need it; 443 of a public one."""
        rid = self.id_of("loadBalancers", name)
        pool, front = _ref(f"{rid}/backendAddressPools/pool"), _ref(f"{rid}/frontendIPConfigurations/front")
        members = []
        for backend in _listed(told.get("backends")):
            configuration = self.by_id[self.find(f"{backend}-nic")]["properties"]["ipConfigurations"][0]
            configuration["properties"]["loadBalancerBackendAddressPools"] = [pool]
            members.append(_ref(configuration["id"]))
        is_inner = told.get("internal", False)
        inner = {"subnet": _ref(self.find(subnet)), "privateIPAddress": told.get("ip")}
        fronted = inner if is_inner else {"publicIPAddress": _ref(self._public_ip(name, told))}
        port = 0 if is_inner else 443
        rule = {
            "protocol": "All" if is_inner else "Tcp", "frontendPort": port, "backendPort": port,
            "frontendIPConfiguration": front, "backendAddressPool": pool, "disableOutboundSnat": True,
        }  # fmt: skip
        self.put("loadBalancers", name, {
            "frontendIPConfigurations": [{"name": "front", **front, "properties": fronted}],
            "backendAddressPools": [{"name": "pool", **pool, "properties": {"backendIPConfigurations": members}}],
            "loadBalancingRules": [{"name": "rule", "properties": rule}],
        }, sku={"name": _word(told, "sku", "standard")})  # fmt: skip

    def _application_gateway(self, subnet: str, name: str, told: Json) -> None:
        """One listener on 443 before one pool that is called at 443."""
        rid = self.id_of("applicationGateways", name)

        def part(segment: str, properties: Json) -> list[Json]:
            return [{"name": "x", "id": f"{rid}/{segment}/x", "properties": properties}]

        def to(segment: str) -> Json:
            return _ref(f"{rid}/{segment}/x")

        inner = {"subnet": _ref(self.find(subnet)), "privateIPAddress": told.get("ip")}
        public = {"publicIPAddress": _ref(self._public_ip(name, told))} if told.get("public_ip") else inner
        addresses = [{"ipAddress": self.prefixes[backend][0]} for backend in _listed(told.get("backends"))]
        policy = {"firewallPolicy": _ref(self.find(told["waf"]))} if told.get("waf") else {}
        tier = "WAF_v2" if policy else "Standard_v2"
        self.put("applicationGateways", name, {
            "sku": {"name": tier, "tier": tier}, **policy,
            "gatewayIPConfigurations": part("gatewayIPConfigurations", {"subnet": _ref(self.find(subnet))}),
            "frontendIPConfigurations": part("frontendIPConfigurations", public),
            "frontendPorts": part("frontendPorts", {"port": 443}),
            "backendAddressPools": part("backendAddressPools", {"backendAddresses": addresses}),
            "backendHttpSettingsCollection": part("backendHttpSettingsCollection", {"port": 443, "protocol": "Https"}),
            "httpListeners": part("httpListeners", {
                "frontendIPConfiguration": to("frontendIPConfigurations"), "frontendPort": to("frontendPorts"),
                "protocol": "Https",
            }),
            "requestRoutingRules": part("requestRoutingRules", {
                "httpListener": to("httpListeners"), "backendAddressPool": to("backendAddressPools"),
                "backendHttpSettings": to("backendHttpSettingsCollection"),
            }),
        })  # fmt: skip

    # Services

    def _lower_service(self, name: str, told: Json) -> None:
        if told["type"] == "front_door":
            self._front_door(name, told)
            return
        service = self.find(name)
        subnets, addresses = _listed(told.get("allowed_subnets")), _listed(told.get("allowed_addresses"))
        is_closed = told.get("public_access") is False
        properties: Json = {"publicNetworkAccess": "Disabled" if is_closed else "Enabled"}
        if told["type"] == "sql":
            for number, address in enumerate(addresses):
                ends = {"startIpAddress": address, "endIpAddress": address}
                self.child(service, "firewallRules", f"rule{number}", ends)
        else:
            properties["networkAcls"] = {
                "defaultAction": "Deny" if subnets or addresses or is_closed else "Allow",
                "ipRules": [{"value": address} for address in addresses], "bypass": "None",
                "virtualNetworkRules": [_ref(self.find(subnet)) for subnet in subnets],
            }  # fmt: skip
        self.by_id[service]["properties"] |= properties

    def _front_door(self, name: str, told: Json) -> None:
        door = self.put("Microsoft.Cdn/profiles", name, {}, sku={"name": "Premium_AzureFrontDoor"})
        endpoint = self.child(door, "afdEndpoints", "ep", {"hostName": "ep.z01.azurefd.net"})
        group = self.child(door, "originGroups", "group", {})
        for number, origin in enumerate(_listed(told.get("origins"))):
            target = _ref(self.find(origin["to"] if isinstance(origin, dict) else origin))
            is_private = isinstance(origin, dict) and origin.get("private_link")
            link = {"sharedPrivateLinkResource": {"privateLink": target, "status": "Approved"}}
            way = link if is_private else {"azureOrigin": target}
            self.child(group, "origins", f"origin{number}", {"hostName": f"o{number}.example", **way})
        self.child(endpoint, "routes", "route", {
            "originGroup": _ref(group), "patternsToMatch": ["/*"], "linkToDefaultDomain": "Enabled",
            "supportedProtocols": ["Https"], "forwardingProtocol": "HttpsOnly",
        })  # fmt: skip
        if told.get("waf"):
            covered = {"domains": [_ref(endpoint)], "patternsToMatch": ["/*"]}
            policy = _ref(self.find(f"{told['waf']}-door"))
            parameters = {"type": "WebApplicationFirewall", "wafPolicy": policy, "associations": [covered]}
            self.child(door, "securityPolicies", "policy", {"parameters": parameters})

    # Links

    def _lower_peering(self, told: Any) -> None:
        if isinstance(told, str):
            near, far = (name.strip() for name in re.split("<->|->", told))
            told, sides = {"between": [near, far]}, [(near, far), (far, near)][: 2 if "<->" in told else 1]
        else:
            near, far = told["between"]
            sides = [(near, far), (far, near)]
        for near, far in sides:
            vnet, remote = self.by_id[self.find(near)], self.by_id[self.find(far)]
            vnet["properties"]["virtualNetworkPeerings"].append({
                "name": far, "id": f"{vnet['id']}/virtualNetworkPeerings/{far}", "properties": {
                    "remoteVirtualNetwork": _ref(remote["id"]), "peeringSyncLevel": "FullyInSync",
                    "peeringState": _word(told, "state", "connected" if len(sides) == 2 else "initiated"),
                    "allowVirtualNetworkAccess": told.get("access", True),
                    "allowForwardedTraffic": told.get("forwarded_traffic", False),
                    "allowGatewayTransit": told.get("gateway_transit") == near,
                    "useRemoteGateways": told.get("gateway_transit") == far,
                    "remoteAddressSpace": copy.deepcopy(remote["properties"]["addressSpace"]),
                },
            })  # fmt: skip

    def _lower_connection(self, name: str, told: Any) -> None:
        if isinstance(told, str):
            site, gateway = re.split(" -> | via ", told)[:2]
            told = {"from": site, "to": gateway}
        properties = {"virtualNetworkGateway1": _ref(self.find(told["to"])), "connectionType": "IPsec"}
        if told.get("circuit"):
            properties |= {"connectionType": "ExpressRoute", "peer": _ref(self.find(told["circuit"]))}
        else:
            properties["localNetworkGateway2"] = _ref(self.find(told["from"]))
        self.put("connections", name, properties)

    # Virtual WAN

    def _lower_wan(self, name: str, told: Json) -> None:
        wan = self.put("virtualWans", name, {"type": _word(told, "type", "standard")})
        for title, hub in _named(told.get("hubs")).items():
            properties = {"addressPrefix": hub.get("address"), "virtualWan": _ref(wan), "sku": "Standard"}
            rid = self.put("virtualHubs", title, properties)
            firewall = self._hub_firewall(rid, title, hub["firewall"]) if hub.get("firewall") else ""
            self._hub_routes(rid, title, hub, firewall)
            for vnet, connection in _named(hub.get("connections")).items():
                self._hub_connection(rid, vnet, connection, "private" in _listed(hub.get("routing_intent")))

    def _hub_firewall(self, hub: str, name: str, told: Json) -> str:
        rid = self.put("azureFirewalls", f"{name}-fw", {
            "sku": {"name": "AZFW_Hub", "tier": "Standard"}, "virtualHub": _ref(hub),
            "hubIPAddresses": {"privateIPAddress": told["ip"]}, "firewallPolicy": _ref(self.find(told["policy"])),
        })  # fmt: skip
        self.by_id[hub]["properties"]["azureFirewall"] = _ref(rid)
        return rid

    def _hub_routes(self, hub: str, name: str, told: Json, firewall: str) -> None:
        intents = _listed(told.get("routing_intent"))
        own = []
        for intent in intents:
            title = "_policy_PublicTraffic" if intent == "internet" else "_policy_PrivateTraffic"
            own.append({
                "name": title, "destinationType": "CIDR", "nextHopType": "ResourceId", "nextHop": firewall,
                "destinations": ["0.0.0.0/0"] if intent == "internet" else _PRIVATE,
            })  # fmt: skip
        tables = {"defaultRouteTable": {"labels": ["default"]}, "noneRouteTable": {"labels": ["none"]}}
        for title, table in (tables | _named(told.get("route_tables"))).items():
            routes = own if title == "defaultRouteTable" else []
            self.child(hub, "hubRouteTables", title, {"routes": routes, "labels": table.get("labels", [])})
        if intents:
            words = {"internet": "Internet", "private": "PrivateTraffic"}
            policies = [{"name": i, "destinations": [words[i]], "nextHop": firewall} for i in intents]
            self.child(hub, "routingIntent", f"{name}-intent", {"routingPolicies": policies})

    def _hub_connection(self, hub: str, vnet: str, told: Json, is_private: bool) -> None:
        def table(name: str) -> Json:
            return _ref(f"{hub}/hubRouteTables/{name}")

        usual = ["noneRouteTable"] if is_private else ["defaultRouteTable"]
        labels = [] if is_private or "propagate_to" in told else ["default"]
        propagated = [table(name) for name in told.get("propagate_to", usual)]
        self.child(hub, "hubVirtualNetworkConnections", vnet, {
            "remoteVirtualNetwork": _ref(self.find(vnet)),
            "enableInternetSecurity": told.get("internet_security", False),
            "routingConfiguration": {
                "associatedRouteTable": table(told.get("route_table", "defaultRouteTable")),
                "propagatedRouteTables": {"ids": propagated, "labels": told.get("labels", labels)},
            },
        })  # fmt: skip

    # Network manager

    def _lower_manager(self, told: Json) -> None:
        manager = self.put("networkManagers", told.get("name", "manager"), {})
        for name, group in _named(told.get("groups")).items():
            rid = self.child(manager, "networkGroups", name, {"memberType": "VirtualNetwork"})
            for number, member in enumerate(_listed(group.get("members"))):
                self.child(rid, "staticMembers", f"member{number}", {"resourceId": self.find(member)})
        deployed: dict[str, list[str]] = {"Connectivity": [], "SecurityAdmin": []}
        for name, mesh in _named(told.get("connectivity")).items():
            applied = [{"networkGroupId": self.find(group), "groupConnectivity": "DirectlyConnected"}
                       for group in _listed(mesh.get("groups"))]  # fmt: skip
            properties = {"connectivityTopology": "Mesh", "appliesToGroups": applied}
            rid = self.child(manager, "connectivityConfigurations", name, properties)
            deployed["Connectivity"] += [rid] if mesh.get("deployed", True) else []
        for name, admin in _named(told.get("security_admin")).items():
            rid = self._admin_rules(manager, name, admin)
            deployed["SecurityAdmin"] += [rid] if admin.get("deployed", True) else []
        for kind, ids in deployed.items():
            commit = {"commitType": kind, "configurationIds": ids, "targetLocations": ["westeurope"]}
            self.child(manager, "commits", kind.lower(), commit)

    def _admin_rules(self, manager: str, name: str, told: Json) -> str:
        configuration = self.child(manager, "securityAdminConfigurations", name, {})
        applied = [{"networkGroupId": self.find(group)} for group in _listed(told.get("groups"))]
        collection = self.child(
            configuration, "ruleCollections", f"{name}-rules", {"appliesToGroups": applied}
        )
        for line in _listed(told.get("rules")):
            found = _NSG_LINE.match(line)
            assert found, line
            priority, access, direction, protocol, ports, source, target = found.groups()
            self.child(collection, "rules", f"{direction}-{priority}", {
                "priority": int(priority), "direction": direction.capitalize(),
                "access": "AlwaysAllow" if access == "always_allow" else access.capitalize(),
                "protocol": "Any" if protocol == "any" else _PROTOCOLS[protocol],
                "sources": [{"addressPrefix": address} for address in self._addresses(source)],
                "destinations": [{"addressPrefix": address} for address in self._addresses(target)],
                "sourcePortRanges": ["0-65535"], "destinationPortRanges": (ports or "0-65535").split(","),
            }, kind="Custom")  # fmt: skip
        return configuration


def _either(single: str, plural: str, values: list[str]) -> Json:
    """One value in the singular form, several in the plural; the other form is empty, as Azure writes it."""
    if len(values) == 1:
        return {single: values[0], plural: []}
    return {plural: values}
