"""The estate as resources of Terraform's provider azurerm 4, with all attributes that the provider writes.

What refers to another resource is a `Ref`: in a state the id of that one, in a plan not known, and to be found in the
configuration alone. What the provider computes is `Later`: in a plan it is not known at all.
https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from six_formats import network as n
from six_formats.rest import Ids, Json, part_of


class Ref(NamedTuple):
    """The id of another resource, or an address of it: its type without `azurerm_`, and its name in Azure."""

    kind: str
    name: str
    attribute: str = "id"

    @property
    def applied(self) -> str:
        """The address, after apply."""
        return n.PUBLIC_IPS[self.name][1] if self.kind == "public_ip" else n.FIREWALL_IP


class Later(NamedTuple):
    """What is known after apply."""

    value: Any


class Resource(NamedTuple):
    """A resource; `name` is that in Azure, of associations one of their own."""

    kind: str
    name: str
    id: str
    values: Json
    part: str

    @property
    def label(self) -> str:
        """The name in the configuration."""
        return re.sub(r"[^a-z0-9]+", "_", self.name.lower())


class Estate:
    """All resources, each known by type and name."""

    def __init__(self, places: n.Places) -> None:
        self.places = places
        self.ids = Ids(places)
        self.resources: dict[tuple[str, str], Resource] = {}
        for make in (
            self.networks, self.security, self.routes, self.joints, self.addresses, self.machines, self.firewall,
            self.gateways, self.balancer, self.ways_in, self.services,
        ):  # fmt: skip
            make()

    def add(
        self, part: str, kind: str, name: str, azure_id: str, /, *, named: bool = True, **values: Any
    ) -> None:
        """Takes in a resource; one that is `named` has a name, a group and a region as well."""
        here = {
            "name": name,
            "resource_group_name": self.places[part].group,
            "location": n.REGION,
            "tags": None,
        }
        told = {**(here if named else {}), **values, "timeouts": None}
        self.resources[kind, name] = Resource(kind, name, azure_id, told, part)

    # What it holds

    def networks(self) -> None:
        """VNets, subnets and peerings."""
        for vnet in n.VNETS:
            rid = self.ids.vnet(vnet.name)
            self.add(vnet.part, "virtual_network", vnet.name, rid, address_space=list(vnet.space),
                     dns_servers=[_FIREWALL_IP for _ in vnet.dns], bgp_community="", ddos_protection_plan=[],
                     encryption=[], edge_zone="", flow_timeout_in_minutes=0, guid=Later("0-0"),
                     subnet=Later([self._listed(vnet.name, each) for each in vnet.subnets]))  # fmt: skip
        for vnet, subnet in n.subnets():
            group = self.places[vnet.part].group
            self.add(vnet.part, "subnet", f"{vnet.name}/{subnet.name}", self.ids.subnet(f"{vnet.name}/{subnet.name}"),
                     named=False, name=subnet.name, resource_group_name=group, virtual_network_name=vnet.name,
                     address_prefixes=[subnet.prefix], delegation=[], service_endpoint_policy_ids=None,
                     service_endpoints=[subnet.service] if subnet.service else None,
                     default_outbound_access_enabled=subnet.default_outbound,
                     private_endpoint_network_policies=subnet.endpoint_policies,
                     private_link_service_network_policies_enabled=True)  # fmt: skip
        for each in n.PEERINGS:
            part = part_of(each.near)
            self.add(part, "virtual_network_peering", each.name,
                     f"{self.ids.vnet(each.near)}/virtualNetworkPeerings/{each.name}", named=False, name=each.name,
                     resource_group_name=self.places[part].group, virtual_network_name=each.near,
                     remote_virtual_network_id=Ref("virtual_network", each.far), allow_virtual_network_access=True,
                     allow_forwarded_traffic=each.forwarded, allow_gateway_transit=each.gives_gateway,
                     use_remote_gateways=each.uses_gateway, peer_complete_virtual_networks_enabled=True,
                     only_ipv6_peering_enabled=None, local_subnet_names=[], remote_subnet_names=[],
                     triggers=None)  # fmt: skip

    def _listed(self, vnet: str, subnet: n.Subnet) -> Json:
        """A subnet as a network lists it."""
        return {
            "name": subnet.name, "id": self.ids.subnet(f"{vnet}/{subnet.name}"), "address_prefixes": [subnet.prefix],
            "security_group": self.ids.nsg(subnet.nsg) if subnet.nsg else "",
            "route_table_id": self.ids.table(subnet.table) if subnet.table else "", "delegation": [],
            "default_outbound_access_enabled": subnet.default_outbound, "service_endpoint_policy_ids": [],
            "private_endpoint_network_policies": subnet.endpoint_policies,
            "private_link_service_network_policies_enabled": True,
            "service_endpoints": [subnet.service] if subnet.service else [],
        }  # fmt: skip

    def security(self) -> None:
        """NSGs: rules of the hub's inside them, the others as resources of their own; ASGs."""
        for name, nsg in n.NSGS.items():
            is_inline = nsg.part == "hub"
            rules = [{"name": each.name, **_rule(each)} for each in nsg.rules]
            self.add(nsg.part, "network_security_group", name, self.ids.nsg(name),
                     security_rule=rules if is_inline else Later(rules))  # fmt: skip
            for rule in () if is_inline else nsg.rules:
                self.add(nsg.part, "network_security_rule", f"{name}/{rule.name}",
                         f"{self.ids.nsg(name)}/securityRules/{rule.name}", named=False, name=rule.name,
                         resource_group_name=self.places[nsg.part].group, network_security_group_name=name,
                         **_rule(rule))  # fmt: skip
        for name, part in n.ASGS.items():
            self.add(part, "application_security_group", name, self.ids.asg(name))

    def routes(self) -> None:
        """Route tables: routes of the shop's inside them, the others as resources of their own."""
        for name, table in n.TABLES.items():
            is_inline = table.part == "shop"
            routes = [{"name": each.name, **_route(each)} for each in table.routes]
            users = [self.ids.subnet(f"{v.name}/{s.name}") for v, s in n.subnets() if s.table == name]
            self.add(table.part, "route_table", name, self.ids.table(name), subnets=Later(users),
                     bgp_route_propagation_enabled=table.propagates,
                     route=routes if is_inline else Later(routes))  # fmt: skip
            for route in () if is_inline else table.routes:
                self.add(table.part, "route", f"{name}/{route.name}", f"{self.ids.table(name)}/routes/{route.name}",
                         named=False, name=route.name, resource_group_name=self.places[table.part].group,
                         route_table_name=name, **_route(route))  # fmt: skip

    def joints(self) -> None:
        """What is attached to subnets."""
        for vnet, subnet in n.subnets():
            path = f"{vnet.name}/{subnet.name}"
            for kind, other, name in (
                ("network_security_group", "network_security_group", subnet.nsg),
                ("route_table", "route_table", subnet.table), ("nat_gateway", "nat_gateway", subnet.nat),
            ):  # fmt: skip
                if name:
                    told = {"subnet_id": Ref("subnet", path), f"{kind}_id": Ref(other, name)}
                    self.add(
                        vnet.part,
                        f"subnet_{kind}_association",
                        path,
                        self.ids.subnet(path),
                        named=False,
                        **told,
                    )

    def addresses(self) -> None:
        """Public addresses and the NAT gateway."""
        for name, (part, address) in n.PUBLIC_IPS.items():
            self.add(part, "public_ip", name, self.ids.public_ip(name), allocation_method="Static", ip_version="IPv4",
                     sku="Standard", sku_tier="Regional", ip_address=Later(address), idle_timeout_in_minutes=4,
                     ddos_protection_mode="VirtualNetworkInherited", ddos_protection_plan_id=None, fqdn=Later(None),
                     domain_name_label=None, public_ip_prefix_id=None, zones=None)  # fmt: skip
        nat = self.ids.net("data", "natGateways", n.NAT)
        self.add("data", "nat_gateway", n.NAT, nat, sku_name="Standard", idle_timeout_in_minutes=4, zones=None,
                 resource_guid=Later("0-0"))  # fmt: skip
        self.add("data", "nat_gateway_public_ip_association", n.NAT, f"{nat}|{self.ids.public_ip(n.NAT_IP)}",
                 named=False, nat_gateway_id=Ref("nat_gateway", n.NAT),
                 public_ip_address_id=Ref("public_ip", n.NAT_IP))  # fmt: skip

    def machines(self) -> None:
        """Machines, their interfaces, and what these are in."""
        for nic in n.NICS:
            rid = self.ids.net(nic.part, "networkInterfaces", nic.name)
            machine = self.ids.of(nic.part, "Microsoft.Compute/virtualMachines", nic.machine)
            self.add(nic.part, "network_interface", nic.name, rid, ip_forwarding_enabled=nic.forwards,
                     accelerated_networking_enabled=False, dns_servers=[], internal_dns_name_label="", edge_zone="",
                     virtual_machine_id=Later(machine), private_ip_address=Later(nic.address), ip_configuration=[{
                         "name": "ipconfig1", "subnet_id": Ref("subnet", nic.subnet), "primary": Later(True),
                         "private_ip_address": nic.address, "private_ip_address_allocation": "Static",
                         "private_ip_address_version": "IPv4",
                         "public_ip_address_id": Ref("public_ip", nic.public_ip) if nic.public_ip else "",
                         "gateway_load_balancer_frontend_ip_configuration_id": "",
                     }])  # fmt: skip
            me = Ref("network_interface", nic.name)
            self.add(nic.part, "linux_virtual_machine", nic.machine, machine, size="Standard_B2s", zone=None,
                     network_interface_ids=[me], computer_name=nic.machine, virtual_machine_id=Later("0-0"),
                     availability_set_id="", identity=[])  # fmt: skip
            if nic.asg:
                self.add(nic.part, "network_interface_application_security_group_association", nic.name,
                         f"{rid}|{self.ids.asg(nic.asg)}", named=False, network_interface_id=me,
                         application_security_group_id=Ref("application_security_group", nic.asg))  # fmt: skip
            if nic.nsg:
                self.add(nic.part, "network_interface_security_group_association", nic.name,
                         f"{rid}|{self.ids.nsg(nic.nsg)}", named=False, network_interface_id=me,
                         network_security_group_id=Ref("network_security_group", nic.nsg))  # fmt: skip
            if nic.pool:
                self.add(nic.part, "network_interface_backend_address_pool_association", nic.name,
                         f"{rid}/ipConfigurations/ipconfig1|{self.ids.balancer('backendAddressPools', nic.pool)}",
                         named=False, network_interface_id=me, ip_configuration_name="ipconfig1",
                         backend_address_pool_id=Ref("lb_backend_address_pool", nic.pool))  # fmt: skip

    def firewall(self) -> None:
        """The firewall, its policy, the rules and the IP group."""
        policy = self.ids.net("hub", "firewallPolicies", n.POLICY)
        group = f"{policy}/ruleCollectionGroups/{n.RULE_GROUP}"
        name, networks = n.IP_GROUP
        self.add("hub", "firewall", n.FIREWALL, self.ids.net("hub", "azureFirewalls", n.FIREWALL), zones=None,
                 sku_name="AZFW_VNet", sku_tier="Standard", firewall_policy_id=Ref("firewall_policy", n.POLICY),
                 threat_intel_mode=Later("Alert"), private_ip_ranges=None, dns_servers=None, virtual_hub=[],
                 dns_proxy_enabled=Later(False), management_ip_configuration=[], ip_configuration=[{
                     "name": "ipconfig1", "subnet_id": Ref("subnet", f"{n.HUB}/AzureFirewallSubnet"),
                     "public_ip_address_id": Ref("public_ip", "pip-firewall"),
                     "private_ip_address": Later(n.FIREWALL_IP)}])  # fmt: skip
        self.add("hub", "firewall_policy", n.POLICY, policy, sku="Standard", base_policy_id=None,
                 threat_intelligence_mode="Deny", threat_intelligence_allowlist=[], private_ip_ranges=None,
                 dns=[{"proxy_enabled": True, "servers": []}], intrusion_detection=[], insights=[], identity=[],
                 tls_certificate=[], explicit_proxy=[], auto_learn_private_ranges_enabled=None,
                 sql_redirect_allowed=None, child_policies=Later([]), rule_collection_groups=Later([group]),
                 firewalls=Later([self.ids.net("hub", "azureFirewalls", n.FIREWALL)]))  # fmt: skip
        blocks: dict[str, list[Json]] = {kind: [] for kind in ("dnat", "network", "application")}
        for each in n.COLLECTIONS:
            blocks[each.kind].append({"name": each.name, "priority": each.priority, "action": each.action,
                                      "rule": [_firewall_rule(each.kind, rule) for rule in each.rules]})  # fmt: skip
        self.add("hub", "firewall_policy_rule_collection_group", n.RULE_GROUP, group, named=False, name=n.RULE_GROUP,
                 firewall_policy_id=Ref("firewall_policy", n.POLICY), priority=n.RULE_GROUP_PRIORITY,
                 nat_rule_collection=blocks["dnat"], network_rule_collection=blocks["network"],
                 application_rule_collection=blocks["application"])  # fmt: skip
        self.add("hub", "ip_group", name, self.ids.net("hub", "ipGroups", name), cidrs=list(networks),
                 firewall_ids=Later([]), firewall_policy_ids=Later([policy]))  # fmt: skip

    def gateways(self) -> None:
        """The VPN gateway with its tunnel, and Bastion."""
        self.add("hub", "virtual_network_gateway", n.VPN, self.ids.net("hub", "virtualNetworkGateways", n.VPN),
                 type="Vpn", vpn_type="RouteBased", sku="VpnGw1AZ", generation=Later("Generation1"),
                 active_active=False, enable_bgp=False, bgp_settings=Later([{
                     "asn": n.ASN, "peer_weight": 0, "peering_addresses": []}]),
                 default_local_network_gateway_id=None, edge_zone=None, custom_route=[], policy_group=[],
                 vpn_client_configuration=[], private_ip_address_enabled=None, remote_vnet_traffic_enabled=False,
                 virtual_wan_traffic_enabled=False, ip_configuration=[{
                     "name": "ipconfig1", "subnet_id": Ref("subnet", f"{n.HUB}/GatewaySubnet"),
                     "public_ip_address_id": Ref("public_ip", "pip-vpn"),
                     "private_ip_address_allocation": "Dynamic"}])  # fmt: skip
        self.add("hub", "local_network_gateway", n.LOCAL, self.ids.net("hub", "localNetworkGateways", n.LOCAL),
                 address_space=list(n.LOCAL_SPACE), gateway_address=n.LOCAL_ADDRESS, gateway_fqdn=None,
                 bgp_settings=[])  # fmt: skip
        self.add("hub", "virtual_network_gateway_connection", n.CONNECTION,
                 self.ids.net("hub", "connections", n.CONNECTION), type="IPsec", connection_protocol=Later("IKEv2"),
                 virtual_network_gateway_id=Ref("virtual_network_gateway", n.VPN), enable_bgp=False,
                 local_network_gateway_id=Ref("local_network_gateway", n.LOCAL), express_route_circuit_id=None,
                 peer_virtual_network_gateway_id=None, connection_mode="Default", shared_key="not-to-be-seen",
                 routing_weight=Later(0), use_policy_based_traffic_selectors=Later(False))  # fmt: skip
        self.add("hub", "bastion_host", n.BASTION, self.ids.net("hub", "bastionHosts", n.BASTION), sku="Basic",
                 scale_units=2, copy_paste_enabled=True, file_copy_enabled=False, ip_connect_enabled=False,
                 tunneling_enabled=False, shareable_link_enabled=False, kerberos_enabled=False, virtual_network_id=None,
                 session_recording_enabled=False, dns_name=Later("bst-1.bastion.azure.com"), zones=None,
                 ip_configuration=[{
                     "name": "ipconfig1", "subnet_id": Ref("subnet", f"{n.HUB}/AzureBastionSubnet"),
                     "public_ip_address_id": Ref("public_ip", "pip-bastion")}])  # fmt: skip

    def balancer(self) -> None:
        """The load balancer and its parts."""
        me = Ref("lb", n.BALANCER)
        members = [c for c in n.NICS if c.pool]
        pool = self.ids.balancer("backendAddressPools", "pool")
        self.add("shop", "lb", n.BALANCER, self.ids.balancer(), sku="Standard", sku_tier="Regional", edge_zone="",
                 private_ip_address=Later(n.BALANCER_IP), private_ip_addresses=Later([n.BALANCER_IP]),
                 frontend_ip_configuration=[{
                     "name": "front", "id": Later(self.ids.balancer("frontendIPConfigurations", "front")),
                     "subnet_id": Ref("subnet", n.BALANCER_SUBNET), "private_ip_address": n.BALANCER_IP,
                     "private_ip_address_allocation": "Static", "private_ip_address_version": "IPv4",
                     "public_ip_address_id": "", "public_ip_prefix_id": "", "zones": None,
                     "gateway_load_balancer_frontend_ip_configuration_id": ""}])  # fmt: skip
        self.add("shop", "lb_backend_address_pool", "pool", pool, named=False, name="pool", loadbalancer_id=me,
                 tunnel_interface=[], virtual_network_id=None, synchronous_mode=None, backend_ip_configurations=Later([
                     self.ids.net(c.part, "networkInterfaces", c.name) + "/ipConfigurations/ipconfig1" for c in members
                 ]))  # fmt: skip
        self.add("shop", "lb_probe", "alive", self.ids.balancer("probes", "alive"), named=False, name="alive",
                 loadbalancer_id=me, protocol="Tcp", port=8443, request_path=None, interval_in_seconds=15,
                 number_of_probes=2)  # fmt: skip
        self.add("shop", "lb_rule", "https", self.ids.balancer("loadBalancingRules", "https"), named=False,
                 name="https", loadbalancer_id=me, protocol="Tcp", frontend_port=443, backend_port=8443,
                 frontend_ip_configuration_name="front", disable_outbound_snat=True, floating_ip_enabled=False,
                 backend_address_pool_ids=[Ref("lb_backend_address_pool", "pool")],
                 probe_id=Ref("lb_probe", "alive"))  # fmt: skip

    def ways_in(self) -> None:
        """The application gateway and its WAF policy."""
        waf = self.ids.net("hub", "ApplicationGatewayWebApplicationFirewallPolicies", n.WAF)
        self.add("hub", "web_application_firewall_policy", n.WAF, waf, custom_rules=[], policy_settings=[{
            "enabled": True, "mode": "Prevention", "request_body_check": True}],
            managed_rules=[{"exclusion": [], "managed_rule_set": [
                {"type": "OWASP", "version": "3.2", "rule_group_override": []}]}],
            http_listener_ids=Later([]), path_based_rule_ids=Later([]))  # fmt: skip
        self.add("hub", "application_gateway", n.GATEWAY, self.ids.gateway(), enable_http2=False, zones=None,
                 firewall_policy_id=Ref("web_application_firewall_policy", n.WAF), identity=[], ssl_certificate=[],
                 sku=[{"name": "WAF_v2", "tier": "WAF_v2", "capacity": 2}], waf_configuration=[], url_path_map=[],
                 gateway_ip_configuration=[{"name": "gateway", "subnet_id": Ref("subnet", f"{n.HUB}/snet-ingress")}],
                 frontend_ip_configuration=[{
                     "name": "public", "public_ip_address_id": Ref("public_ip", "pip-gateway"), "subnet_id": "",
                     "private_ip_address": "", "private_ip_address_allocation": "Dynamic",
                     "private_link_configuration_name": ""}],
                 frontend_port=[{"name": "port_80", "port": 80}],
                 backend_address_pool=[{"name": "web", "fqdns": [], "ip_addresses": [n.GATEWAY_BACKEND]}],
                 backend_http_settings=[{
                     "name": "https_443", "port": 443, "protocol": "Https", "cookie_based_affinity": "Disabled",
                     "request_timeout": 30, "probe_name": "", "host_name": "", "path": ""}],
                 http_listener=[{
                     "name": "http", "frontend_ip_configuration_name": "public", "frontend_port_name": "port_80",
                     "protocol": "Http", "require_sni": False, "host_name": "", "host_names": [],
                     "firewall_policy_id": "", "ssl_certificate_name": ""}],
                 request_routing_rule=[{
                     "name": "web", "rule_type": "Basic", "priority": 100, "http_listener_name": "http",
                     "backend_address_pool_name": "web", "backend_http_settings_name": "https_443",
                     "url_path_map_name": "", "redirect_configuration_name": ""}])  # fmt: skip

    def services(self) -> None:
        """The storage account, the private endpoint and its zone."""
        self.add("shop", "storage_account", n.STORAGE, self.ids.storage(), account_tier="Standard",
                 account_kind="StorageV2", account_replication_type="LRS", public_network_access_enabled=True,
                 min_tls_version="TLS1_2", https_traffic_only_enabled=True, is_hns_enabled=False,
                 primary_access_key=Later("not-to-be-seen"), network_rules=[{
                     "default_action": "Deny", "bypass": ["AzureServices"], "ip_rules": [],
                     "private_link_access": [],
                     "virtual_network_subnet_ids": [Ref("subnet", n.STORAGE_SUBNET)]}])  # fmt: skip
        rid = self.ids.net("shop", "privateEndpoints", n.ENDPOINT)
        nic = self.ids.net("shop", "networkInterfaces", n.ENDPOINT_NIC)
        self.add("shop", "private_endpoint", n.ENDPOINT, rid, subnet_id=Ref("subnet", n.ENDPOINT_SUBNET),
                 custom_network_interface_name=n.ENDPOINT_NIC, custom_dns_configs=Later([]),
                 network_interface=Later([{"id": nic, "name": n.ENDPOINT_NIC}]),
                 ip_configuration=[{"name": "ipconfig1", "private_ip_address": n.ENDPOINT_IP,
                                    "subresource_name": "blob", "member_name": "blob"}],
                 private_service_connection=[{
                     "name": n.ENDPOINT, "private_connection_resource_id": Ref("storage_account", n.STORAGE),
                     "private_connection_resource_alias": "", "subresource_names": ["blob"], "request_message": "",
                     "is_manual_connection": False, "private_ip_address": Later(n.ENDPOINT_IP)}],
                 private_dns_zone_group=[{
                     "name": "default", "id": Later(f"{rid}/privateDnsZoneGroups/default"),
                     "private_dns_zone_ids": [Ref("private_dns_zone", n.ZONE)]}])  # fmt: skip
        zone = self.ids.net("hub", "privateDnsZones", n.ZONE)
        group = self.places["hub"].group
        self.add("hub", "private_dns_zone", n.ZONE, zone, named=False, name=n.ZONE, resource_group_name=group,
                 number_of_record_sets=Later(2), max_number_of_record_sets=Later(25000))  # fmt: skip
        self.add("hub", "private_dns_zone_virtual_network_link", n.ZONE_LINK,
                 f"{zone}/virtualNetworkLinks/{n.ZONE_LINK}", named=False, name=n.ZONE_LINK, resource_group_name=group,
                 private_dns_zone_name=n.ZONE, registration_enabled=False, resolution_policy="",
                 virtual_network_id=Ref("virtual_network", n.SHOP))  # fmt: skip


def _one_or_many(name: str, values: tuple[str, ...]) -> Json:
    return {name: values[0], f"{name}s": []} if len(values) == 1 else {name: "", f"{name}s": list(values)}


def _prefixes(side: str, values: tuple[str, ...]) -> Json:
    is_group = values[0] in n.ASGS
    prefixes = () if is_group else values
    return {
        f"{side}_address_prefix": prefixes[0] if len(prefixes) == 1 else "",
        f"{side}_address_prefixes": list(prefixes) if len(prefixes) > 1 else [],
        f"{side}_application_security_group_ids": [Ref("application_security_group", each) for each in values]
        if is_group else [],
    }  # fmt: skip


def _rule(rule: n.Rule) -> Json:
    return {
        "priority": rule.priority, "direction": rule.direction, "access": rule.access, "protocol": rule.protocol,
        "description": rule.description, **_one_or_many("source_port_range", rule.source_ports),
        **_one_or_many("destination_port_range", rule.ports), **_prefixes("source", rule.sources),
        **_prefixes("destination", rule.destinations),
    }  # fmt: skip


_FIREWALL_IP = Ref("firewall", n.FIREWALL, "ip_configuration[0].private_ip_address")


def _route(route: n.Route) -> Json:
    address = _FIREWALL_IP if route.address else ""
    return {"address_prefix": route.prefix, "next_hop_type": route.hop, "next_hop_in_ip_address": address}


def _firewall_rule(kind: str, rule: n.FirewallRule) -> Json:
    groups = [Ref("ip_group", rule.source_group)] if rule.source_group else []
    told: Json = {
        "name": rule.name, "description": "", "source_addresses": list(rule.sources), "source_ip_groups": groups,
    }  # fmt: skip
    if kind == "application":
        protocols = [each.partition(":")[::2] for each in rule.protocols]
        return {
            **told, "destination_addresses": [], "destination_fqdns": list(rule.to), "destination_urls": [],
            "destination_fqdn_tags": list(rule.tags), "web_categories": [], "terminate_tls": False, "http_headers": [],
            "protocols": [{"type": name, "port": int(port)} for name, port in protocols],
        }  # fmt: skip
    told |= {"protocols": list(rule.protocols), "destination_ports": list(rule.ports)}
    if kind == "dnat":
        address, port = rule.translated
        return {**told, "destination_address": Ref("public_ip", "pip-firewall", "ip_address"),
                "translated_address": address, "translated_fqdn": "", "translated_port": int(port)}  # fmt: skip
    return {
        **told,
        "destination_addresses": list(rule.to),
        "destination_ip_groups": [],
        "destination_fqdns": [],
    }
