"""The same resources twice: as a Terraform state has them (azurerm 4), and as the ARM REST API shows them.

A pair holds instances (type, attributes) and the REST bodies that they make together. Both are written by hand from the
provider's documentation and the REST reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from diagramgen.located import Place
from diagramgen.read.merge import merge_records
from diagramgen.read.record import Record
from diagramgen.read.resource import records_of
from diagramgen.read.terraform.azurerm import CONVERTERS, make_id
from diagramgen.read.terraform.resource import TerraformResource
from diagramgen.read.unknown import is_unknown

Json = dict[str, Any]
S = "/subscriptions/00000000-0000-0000-0000-000000000001"
G = f"{S}/resourceGroups/rg"
PLACE = Place("estate.tfstate")


def arm(kind: str, *names: str) -> str:
    """The id of a resource of the resource group: its type, and a name for each step of that."""
    provider, *steps = kind.split("/")
    return f"{G}/providers/{provider}/" + "/".join(f"{s}/{n}" for s, n in zip(steps, names, strict=True))


def net(kind: str, *names: str) -> str:
    """The same, of Microsoft.Network."""
    return arm(f"Microsoft.Network/{kind}", *names)


class Pair(NamedTuple):
    """`terraform` are types without `azurerm_`, with their attributes."""

    terraform: tuple[tuple[str, Json], ...]
    rest: tuple[Json, ...]


def body(azure_id: str, properties: Json, /, **more: Any) -> Json:
    """A REST body: its type and name are in its id."""
    _, _, after = azure_id.rpartition("/providers/")
    steps = after.split("/")
    kind = "/".join([steps[0], *steps[1::2]])
    return {"id": azure_id, "name": steps[-1], "type": kind, **more, "properties": properties}


def here(azure_id: str, **values: Any) -> Json:
    """Attributes that nearly all resources have."""
    return {
        "id": azure_id,
        "name": azure_id.rpartition("/")[2],
        "resource_group_name": "rg",
        "location": "westeurope",
        "tags": {},
        "timeouts": None,
        **values,
    }


WEU = {"location": "westeurope"}


class Estate:
    """A document's instances, as a converter asks for them."""

    subscription_id = S.rpartition("/")[2]

    def __init__(self, instances: Iterable[TerraformResource], configured: Sequence[str] = ()) -> None:
        self.instances = tuple(instances)
        self.configured = configured

    def subscription_of(self, resource: TerraformResource) -> str:
        return self.subscription_id

    def id_of(self, resource: TerraformResource) -> str:
        told = resource.values.get("id")
        return told if isinstance(told, str) and not is_unknown(told) else make_id(resource, self)

    def resource(self, address: str) -> TerraformResource | None:
        return next((each for each in self.instances if each.address == address), None)

    def with_id(self, azure_id: str) -> TerraformResource | None:
        return next((r for r in self.instances if self.id_of(r).lower() == azure_id.lower() != ""), None)

    def of_type(self, terraform_type: str) -> Sequence[TerraformResource]:
        return [each for each in self.instances if each.type == terraform_type]

    def referring(self, terraform_type: str, attribute: str, azure_id: str) -> Sequence[TerraformResource]:
        told = [(each, each.values.get(attribute)) for each in self.of_type(terraform_type)]
        return [each for each, value in told if isinstance(value, str) and value.lower() == azure_id.lower()]

    def is_configured(self, resource: TerraformResource, attribute: str) -> bool:
        return attribute in self.configured

    def bodies(self) -> list[Json]:
        """What all converters give."""
        return [made for each in self.instances for made in CONVERTERS[each.type](each, self)]


def instance(
    kind: str, values: Mapping[str, Any], name: str = "x", *, is_new: bool = False, is_data: bool = False
) -> TerraformResource:
    """An instance of a type, written without `azurerm_`."""
    full = f"azurerm_{kind}"
    mode = "data" if is_data else "managed"
    return TerraformResource(f"{full}.{name}", mode, full, name, "", "azurerm", values, PLACE, is_new)  # type: ignore[arg-type]


def records(bodies: Iterable[Json]) -> dict[str, Record]:
    """Merged records of REST bodies by id."""
    found = [record for each in bodies for record in records_of(each, PLACE)]
    merged, quarrels = merge_records(found)
    assert not quarrels, quarrels
    return {record.id: record for record in merged}


def converted(kind: str, values: Mapping[str, Any], *, is_new: bool = False, is_data: bool = False) -> Json:
    """The one body that one instance gives."""
    (made,) = Estate([instance(kind, values, is_new=is_new, is_data=is_data)]).bodies()
    return made


_VNET, _FAR = net("virtualNetworks", "hub"), net("virtualNetworks", "spoke")
_SUBNET = net("virtualNetworks/subnets", "hub", "app")
_NSG, _ASG, _TABLE = (
    net("networkSecurityGroups", "nsg"),
    net("applicationSecurityGroups", "web"),
    net("routeTables", "rt"),
)
_NIC, _IP, _NAT = net("networkInterfaces", "nic"), net("publicIPAddresses", "pip"), net("natGateways", "nat")
_PREFIX = net("publicIPPrefixes", "prefix")
_LB = net("loadBalancers", "lb")
_POOL = f"{_LB}/backendAddressPools/pool"
_FRONT = f"{_LB}/frontendIPConfigurations/front"
_VM = arm("Microsoft.Compute/virtualMachines", "vm")

NETWORKS: Mapping[str, Pair] = {
    "a network with what belongs to it": Pair(
        (
            ("virtual_network", here(
                _VNET, address_space=["10.0.0.0/16"], dns_servers=["10.0.0.4"], bgp_community="",
                ddos_protection_plan=[{"id": net("ddosProtectionPlans", "ddos"), "enable": True}], encryption=[],
                guid="7", subnet=[], edge_zone="",
            )),
            ("subnet", here(
                _SUBNET, virtual_network_name="hub", address_prefixes=["10.0.1.0/24"],
                service_endpoints=["Microsoft.Storage"], service_endpoint_policy_ids=[],
                private_endpoint_network_policies="Disabled", private_link_service_network_policies_enabled=True,
                default_outbound_access_enabled=False,
                delegation=[{"name": "aci", "service_delegation": [
                    {"name": "Microsoft.ContainerInstance/containerGroups", "actions": []}]}],
            )),
            ("subnet_network_security_group_association",
             {"id": _SUBNET, "subnet_id": _SUBNET, "network_security_group_id": _NSG}),
            ("subnet_route_table_association", {"id": _SUBNET, "subnet_id": _SUBNET, "route_table_id": _TABLE}),
            ("subnet_nat_gateway_association", {"id": _SUBNET, "subnet_id": _SUBNET, "nat_gateway_id": _NAT}),
            ("virtual_network_peering", {
                "id": f"{_VNET}/virtualNetworkPeerings/to-spoke", "name": "to-spoke", "resource_group_name": "rg",
                "virtual_network_name": "hub", "remote_virtual_network_id": _FAR, "allow_virtual_network_access": True,
                "allow_forwarded_traffic": True, "allow_gateway_transit": True, "use_remote_gateways": False,
                "peer_complete_virtual_networks_enabled": True, "local_subnet_names": [], "triggers": None,
            }),
            ("network_ddos_protection_plan", here(net("ddosProtectionPlans", "ddos"), virtual_network_ids=[_VNET])),
            ("virtual_network_dns_servers",
             {"id": f"{_VNET}/dnsServers/default", "virtual_network_id": _VNET, "dns_servers": ["10.0.0.4"]}),
        ),
        (
            body(_VNET, {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "dhcpOptions": {"dnsServers": ["10.0.0.4"]},
                "ddosProtectionPlan": {"id": net("ddosProtectionPlans", "ddos")}, "enableDdosProtection": True,
                "resourceGuid": "7",
            }, **WEU),
            body(_SUBNET, {
                "addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {"id": _NSG}, "routeTable": {"id": _TABLE},
                "natGateway": {"id": _NAT}, "serviceEndpoints": [{"service": "Microsoft.Storage"}],
                "privateEndpointNetworkPolicies": "Disabled", "privateLinkServiceNetworkPolicies": "Enabled",
                "defaultOutboundAccess": False,
                "delegations": [{"name": "aci", "properties": {
                    "serviceName": "Microsoft.ContainerInstance/containerGroups"}}],
            }, **WEU),
            body(f"{_VNET}/virtualNetworkPeerings/to-spoke", {
                "remoteVirtualNetwork": {"id": _FAR}, "allowVirtualNetworkAccess": True, "allowForwardedTraffic": True,
                "allowGatewayTransit": True, "useRemoteGateways": False, "peerCompleteVnets": True,
            }),
            body(net("ddosProtectionPlans", "ddos"), {"virtualNetworks": [{"id": _VNET}]}, **WEU),
        ),
    ),
    "an NSG with its rules, one of its own": Pair(
        (
            ("network_security_group", here(_NSG, security_rule=[{
                "name": "web", "description": "", "priority": 100, "direction": "Inbound", "access": "Allow",
                "protocol": "Tcp", "source_address_prefix": "Internet", "source_address_prefixes": [],
                "source_application_security_group_ids": [], "source_port_range": "*", "source_port_ranges": [],
                "destination_address_prefix": "", "destination_address_prefixes": [],
                "destination_application_security_group_ids": [_ASG], "destination_port_range": "",
                "destination_port_ranges": ["80", "443"],
            }])),
            ("network_security_rule", {
                "id": f"{_NSG}/securityRules/deny", "name": "deny", "network_security_group_name": "nsg",
                "resource_group_name": "rg", "priority": 4096, "direction": "Inbound", "access": "Deny",
                "protocol": "*", "source_address_prefix": "*", "source_address_prefixes": None,
                "source_port_range": "*", "source_port_ranges": None, "destination_address_prefix": "*",
                "destination_port_range": "*", "description": "last",
            }),
            ("application_security_group", here(_ASG)),
        ),
        (
            body(_NSG, {"securityRules": [{"id": f"{_NSG}/securityRules/web", "name": "web", "properties": {
                "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
                "sourceAddressPrefix": "Internet", "sourcePortRange": "*",
                "destinationApplicationSecurityGroups": [{"id": _ASG}], "destinationPortRanges": ["80", "443"],
            }}]}, **WEU),
            body(f"{_NSG}/securityRules/deny", {
                "description": "last", "priority": 4096, "direction": "Inbound", "access": "Deny", "protocol": "*",
                "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
                "destinationPortRange": "*",
            }),
            body(_ASG, {}, **WEU),
        ),
    ),
    "a route table with its routes, one of its own": Pair(
        (
            ("route_table", here(
                _TABLE, bgp_route_propagation_enabled=False, subnets=[_SUBNET],
                route=[{"name": "default", "address_prefix": "0.0.0.0/0", "next_hop_type": "VirtualAppliance",
                        "next_hop_in_ip_address": "10.0.0.4"}],
            )),
            ("route", {"id": f"{_TABLE}/routes/none", "name": "none", "resource_group_name": "rg",
                       "route_table_name": "rt", "address_prefix": "10.9.0.0/16", "next_hop_type": "None",
                       "next_hop_in_ip_address": ""}),
        ),
        (
            body(_TABLE, {
                "disableBgpRoutePropagation": True, "subnets": [{"id": _SUBNET}],
                "routes": [{"id": f"{_TABLE}/routes/default", "name": "default", "properties": {
                    "addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.4"}}],
            }, **WEU),
            body(f"{_TABLE}/routes/none", {"addressPrefix": "10.9.0.0/16", "nextHopType": "None"}),
        ),
    ),
    "public addresses and a NAT gateway": Pair(
        (
            ("public_ip", here(
                _IP, sku="Standard", sku_tier="Regional", allocation_method="Static", ip_version="IPv4",
                ip_address="20.1.2.3", domain_name_label="shop", fqdn="shop.westeurope.cloudapp.azure.com",
                idle_timeout_in_minutes=4, public_ip_prefix_id=_PREFIX, ddos_protection_mode="VirtualNetworkInherited",
                zones=["1", "2"], reverse_fqdn="",
            )),
            ("public_ip_prefix", here(_PREFIX, sku="Standard", ip_prefix="20.1.2.0/28", prefix_length=28, zones=[])),
            ("nat_gateway", here(_NAT, sku_name="Standard", idle_timeout_in_minutes=4, zones=[])),
            ("nat_gateway_public_ip_association",
             {"id": f"{_NAT}|{_IP}", "nat_gateway_id": _NAT, "public_ip_address_id": _IP}),
            ("nat_gateway_public_ip_prefix_association",
             {"id": f"{_NAT}|{_PREFIX}", "nat_gateway_id": _NAT, "public_ip_prefix_id": _PREFIX}),
        ),
        (
            body(_IP, {
                "ipAddress": "20.1.2.3", "publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4",
                "idleTimeoutInMinutes": 4, "publicIPPrefix": {"id": _PREFIX},
                "dnsSettings": {"domainNameLabel": "shop", "fqdn": "shop.westeurope.cloudapp.azure.com"},
                "ddosSettings": {"protectionMode": "VirtualNetworkInherited"},
            }, sku={"name": "Standard", "tier": "Regional"}, zones=["1", "2"], **WEU),
            body(_PREFIX, {"ipPrefix": "20.1.2.0/28", "prefixLength": 28}, sku={"name": "Standard"}, **WEU),
            body(_NAT, {"idleTimeoutInMinutes": 4, "publicIpAddresses": [{"id": _IP}],
                "publicIpPrefixes": [{"id": _PREFIX}]},
                 sku={"name": "Standard"}, **WEU),
        ),
    ),
    "a machine, its interface and all that it is in": Pair(
        (
            ("network_interface", here(
                _NIC, ip_forwarding_enabled=True, accelerated_networking_enabled=False, dns_servers=[],
                virtual_machine_id="", private_ip_address="10.0.1.4", ip_configuration=[{
                    "name": "internal", "subnet_id": _SUBNET, "private_ip_address": "10.0.1.4",
                    "private_ip_address_allocation": "Dynamic", "private_ip_address_version": "IPv4", "primary": True,
                    "public_ip_address_id": _IP, "gateway_load_balancer_frontend_ip_configuration_id": "",
                }],
            )),
            ("network_interface_security_group_association",
             {"id": f"{_NIC}|{_NSG}", "network_interface_id": _NIC, "network_security_group_id": _NSG}),
            ("network_interface_application_security_group_association",
             {"id": f"{_NIC}|{_ASG}", "network_interface_id": _NIC, "application_security_group_id": _ASG}),
            ("network_interface_backend_address_pool_association",
             {"id": f"{_NIC}/ipConfigurations/internal|{_POOL}", "network_interface_id": _NIC,
              "ip_configuration_name": "internal", "backend_address_pool_id": _POOL}),
            ("network_interface_nat_rule_association",
             {"id": f"{_NIC}/ipConfigurations/internal|r", "network_interface_id": _NIC,
              "ip_configuration_name": "internal", "nat_rule_id": f"{_LB}/inboundNatRules/rdp"}),
            ("network_interface_application_gateway_backend_address_pool_association",
             {"id": "x", "network_interface_id": _NIC, "ip_configuration_name": "internal",
              "backend_address_pool_id": net("applicationGateways/backendAddressPools", "agw", "pool")}),
            ("linux_virtual_machine", here(
                _VM, size="Standard_B2s", network_interface_ids=[_NIC], zone="1", availability_set_id="",
                virtual_machine_scale_set_id="", source_image_reference=[{"offer": "ubuntu", "publisher": "c"}],
            )),
        ),
        (
            body(_NIC, {
                "enableIPForwarding": True, "enableAcceleratedNetworking": False, "virtualMachine": {"id": _VM},
                "networkSecurityGroup": {"id": _NSG},
                "ipConfigurations": [{"id": f"{_NIC}/ipConfigurations/internal", "name": "internal", "properties": {
                    "subnet": {"id": _SUBNET}, "privateIPAddress": "10.0.1.4", "privateIPAllocationMethod": "Dynamic",
                    "privateIPAddressVersion": "IPv4", "primary": True, "publicIPAddress": {"id": _IP},
                    "applicationSecurityGroups": [{"id": _ASG}], "loadBalancerBackendAddressPools": [{"id": _POOL}],
                    "loadBalancerInboundNatRules": [{"id": f"{_LB}/inboundNatRules/rdp"}],
                    "applicationGatewayBackendAddressPools": [
                        {"id": net("applicationGateways/backendAddressPools", "agw", "pool")}],
                }}],
            }, **WEU),
            body(_VM, {
                "hardwareProfile": {"vmSize": "Standard_B2s"}, "networkProfile": {"networkInterfaces": [{"id": _NIC}]},
                "storageProfile": {"imageReference": {"offer": "ubuntu"}, "osDisk": {"osType": "Linux"}},
            }, zones=["1"], **WEU),
        ),
    ),
    "a scale set": Pair(
        (("linux_virtual_machine_scale_set", here(
            arm("Microsoft.Compute/virtualMachineScaleSets", "set"), sku="Standard_B2s", instances=2, zones=None,
            network_interface=[{
                "name": "nic", "primary": True, "ip_forwarding_enabled": False, "network_security_group_id": _NSG,
                "dns_servers": [], "ip_configuration": [{
                    "name": "ip", "primary": True, "subnet_id": _SUBNET, "version": "IPv4",
                    "application_gateway_backend_address_pool_ids": [], "application_security_group_ids": [_ASG],
                    "load_balancer_backend_address_pool_ids": [_POOL],
                    "load_balancer_inbound_nat_rules_ids": [f"{_LB}/inboundNatPools/ssh"],
                    "public_ip_address": [{"name": "pip", "domain_name_label": "", "version": "IPv4"}],
                }],
            }],
        )),),
        (body(arm("Microsoft.Compute/virtualMachineScaleSets", "set"), {
            "orchestrationMode": "Uniform",
            "virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": [{"name": "nic",
                "properties": {
                "primary": True, "enableIPForwarding": False, "networkSecurityGroup": {"id": _NSG},
                "ipConfigurations": [{"name": "ip", "properties": {
                    "subnet": {"id": _SUBNET}, "primary": True, "privateIPAddressVersion": "IPv4",
                    "applicationSecurityGroups": [{"id": _ASG}], "loadBalancerBackendAddressPools": [{"id": _POOL}],
                    "loadBalancerInboundNatPools": [{"id": f"{_LB}/inboundNatPools/ssh"}],
                    "publicIPAddressConfiguration": {"name": "pip", "properties": {"publicIPAddressVersion": "IPv4"}},
                }}],
            }}]}},
        }, sku={"name": "Standard_B2s", "capacity": 2}, **WEU),),
    ),
    "a load balancer and its parts": Pair(
        (
            ("lb", here(_LB, sku="Standard", sku_tier="Regional", frontend_ip_configuration=[{
                "name": "front", "id": _FRONT, "public_ip_address_id": _IP, "public_ip_prefix_id": "", "subnet_id": "",
                "private_ip_address": "", "private_ip_address_allocation": "Dynamic", "private_ip_address_version": "",
                "gateway_load_balancer_frontend_ip_configuration_id": "", "zones": None,
            }])),
            ("lb_backend_address_pool", {"id": _POOL, "name": "pool", "loadbalancer_id": _LB, "virtual_network_id": "",
                                         "backend_ip_configurations": [f"{_NIC}/ipConfigurations/internal"]}),
            ("lb_backend_address_pool_address", {
                "id": f"{_POOL}/addresses/far", "name": "far", "backend_address_pool_id": _POOL,
                    "ip_address": "10.0.1.9",
                "virtual_network_id": _VNET, "backend_address_ip_configuration_id": ""}),
            ("lb_rule", {
                "id": f"{_LB}/loadBalancingRules/web", "name": "web", "loadbalancer_id": _LB,
                "frontend_ip_configuration_name": "front", "protocol": "Tcp", "frontend_port": 443,
                    "backend_port": 8443,
                "backend_address_pool_ids": [_POOL], "probe_id": f"{_LB}/probes/up", "disable_outbound_snat": True,
                "enable_floating_ip": False}),
            ("lb_nat_rule", {
                "id": f"{_LB}/inboundNatRules/rdp", "name": "rdp", "loadbalancer_id": _LB, "resource_group_name": "rg",
                "frontend_ip_configuration_name": "front", "protocol": "Tcp", "frontend_port": 3390,
                "frontend_port_start": 0, "frontend_port_end": 0, "backend_port": 3389, "backend_address_pool_id": ""}),
            ("lb_nat_pool", {
                "id": f"{_LB}/inboundNatPools/ssh", "name": "ssh", "loadbalancer_id": _LB,
                "frontend_ip_configuration_name": "front", "protocol": "Tcp", "frontend_port_start": 5000,
                "frontend_port_end": 5010, "backend_port": 22}),
            ("lb_outbound_rule", {
                "id": f"{_LB}/outboundRules/out", "name": "out", "loadbalancer_id": _LB, "protocol": "All",
                "backend_address_pool_id": _POOL, "allocated_outbound_ports": 1024,
                "frontend_ip_configuration": [{"id": _FRONT, "name": "front"}]}),
            ("lb_probe", {"id": f"{_LB}/probes/up", "name": "up", "loadbalancer_id": _LB, "protocol": "Tcp",
                "port": 443,
                          "request_path": ""}),
        ),
        (body(_LB, {
            "frontendIPConfigurations": [{"id": _FRONT, "name": "front", "properties": {
                "publicIPAddress": {"id": _IP}, "privateIPAllocationMethod": "Dynamic"}}],
            "backendAddressPools": [{"id": _POOL, "name": "pool", "properties": {
                "backendIPConfigurations": [{"id": f"{_NIC}/ipConfigurations/internal"}],
                "loadBalancerBackendAddresses": [{"id": f"{_POOL}/loadBalancerBackendAddresses/far", "name": "far",
                    "properties": {"ipAddress": "10.0.1.9", "virtualNetwork": {"id": _VNET}}}]}}],
            "loadBalancingRules": [{"id": f"{_LB}/loadBalancingRules/web", "name": "web", "properties": {
                "frontendIPConfiguration": {"id": _FRONT}, "protocol": "Tcp", "frontendPort": 443, "backendPort": 8443,
                "backendAddressPools": [{"id": _POOL}], "probe": {"id": f"{_LB}/probes/up"},
                    "disableOutboundSnat": True,
                "enableFloatingIP": False}}],
            "inboundNatRules": [{"id": f"{_LB}/inboundNatRules/rdp", "name": "rdp", "properties": {
                "frontendIPConfiguration": {"id": _FRONT}, "protocol": "Tcp", "frontendPort": 3390,
                    "backendPort": 3389}}],
            "inboundNatPools": [{"id": f"{_LB}/inboundNatPools/ssh", "name": "ssh", "properties": {
                "frontendIPConfiguration": {"id": _FRONT}, "protocol": "Tcp", "frontendPortRangeStart": 5000,
                "frontendPortRangeEnd": 5010, "backendPort": 22}}],
            "outboundRules": [{"id": f"{_LB}/outboundRules/out", "name": "out", "properties": {
                "frontendIPConfigurations": [{"id": _FRONT}], "protocol": "All", "backendAddressPool": {"id": _POOL},
                "allocatedOutboundPorts": 1024}}],
            "probes": [{"id": f"{_LB}/probes/up", "name": "up", "properties": {"protocol": "Tcp", "port": 443}}],
        }, sku={"name": "Standard", "tier": "Regional"}, **WEU),),
    ),
}  # fmt: skip
