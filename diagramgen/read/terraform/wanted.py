"""Which type of Azure's a link leads to, told from the name of its attribute.

A plan does not tell `azurerm_lb.x.id` from `"${azurerm_lb.x.id}/backendAddressPools/y"`: what an attribute wants tells
them apart. Names are those of azurerm's attributes and of REST's properties alike.
"""

from __future__ import annotations

from collections.abc import Mapping

_NET = "microsoft.network/"
_VNET = _NET + "virtualnetworks"

_WANTED: Mapping[str, tuple[str, ...]] = {
    "applicationsecuritygroup": (_NET + "applicationsecuritygroups",),
    "azurefirewall": (_NET + "azurefirewalls",),
    "backendaddresspool": (
        _NET + "loadbalancers/backendaddresspools",
        _NET + "applicationgateways/backendaddresspools",
    ),
    "ddosprotectionplan": (_NET + "ddosprotectionplans",),
    "expressroutecircuit": (_NET + "expressroutecircuits",),
    "expressroutecircuitpeering": (_NET + "expressroutecircuits/peerings",),
    "expressroutegateway": (_NET + "expressroutegateways",),
    "firewallpolicy": (_NET + "firewallpolicies", _NET + "applicationgatewaywebapplicationfirewallpolicies"),
    "frontendipconfiguration": (
        _NET + "loadbalancers/frontendipconfigurations",
        _NET + "applicationgateways/frontendipconfigurations",
    ),
    "ipgroup": (_NET + "ipgroups",),
    "loadbalancer": (_NET + "loadbalancers",),
    "localnetworkgateway": (_NET + "localnetworkgateways",),
    "natgateway": (_NET + "natgateways",),
    "networkinterface": (_NET + "networkinterfaces",),
    "networksecuritygroup": (_NET + "networksecuritygroups",),
    "privatednszone": (_NET + "privatednszones",),
    "publicip": (_NET + "publicipaddresses",),
    "publicipaddress": (_NET + "publicipaddresses",),
    "publicipprefix": (_NET + "publicipprefixes",),
    "remotevirtualnetwork": (_VNET,),
    "routetable": (_NET + "routetables", _NET + "virtualhubs/hubroutetables"),
    "securitygroup": (_NET + "networksecuritygroups", _NET + "applicationsecuritygroups"),
    "subnet": (_VNET + "/subnets",),
    "virtualhub": (_NET + "virtualhubs",),
    "virtualnetwork": (_VNET,),
    "virtualnetworkgateway": (_NET + "virtualnetworkgateways",),
    "virtualwan": (_NET + "virtualwans",),
    "vnet": (_VNET,),
    "vpngateway": (_NET + "vpngateways",),
    "vpnsite": (_NET + "vpnsites",),
}

_LISTS = frozenset({"source_ip_groups", "destination_ip_groups", "ids", "scopes"})
_SINGLE = frozenset({"id", "scope", "security_group", "target"})


def types_wanted(attribute: str) -> tuple[str, ...]:
    """The types that an attribute's id may be of; nothing where its name does not tell.

    >>> types_wanted("virtual_network_subnet_id"), types_wanted("publicIPAddress"), types_wanted("scope")
    (('microsoft.network/virtualnetworks/subnets',), ('microsoft.network/publicipaddresses',), ())
    """
    folded = attribute.lower().replace("_", "")
    singular = folded.removesuffix("ids") if folded.endswith("ids") else folded.removesuffix("id")
    for name in (singular, singular.removesuffix("es"), singular.removesuffix("s")):
        endings = [known for known in _WANTED if name.endswith(known)]
        if endings:
            return _WANTED[max(endings, key=len)]
    return ()


def is_link(attribute: str) -> bool:
    """Whether an attribute holds an id.

    >>> [is_link(name) for name in ("subnet_id", "privateLinkServiceId", "subnet_ids", "name", "bgp_peer_grid")]
    [True, True, True, False, False]
    """
    return attribute in _SINGLE or attribute.endswith(("_id", "Id")) or is_list_of_links(attribute)


def is_list_of_links(attribute: str) -> bool:
    """Whether an attribute holds a list of ids."""
    return attribute in _LISTS or attribute.endswith(("_ids", "Ids"))


def is_name_of(attribute: str, terraform_type: str) -> bool:
    """Whether an attribute holds the name of a resource of this type.

    >>> is_name_of("virtual_network_name", "azurerm_virtual_network"), is_name_of("name", "azurerm_subnet")
    (True, False)
    """
    return attribute.endswith("_name") and terraform_type.endswith(f"_{attribute.removesuffix('_name')}")


_PARTS: Mapping[tuple[str, str], str] = {
    ("azurerm_lb", "frontend_ip_configuration"): "frontendIPConfigurations",
    ("azurerm_firewall", "ip_configuration"): "azureFirewallIpConfigurations",
    ("azurerm_network_interface", "ip_configuration"): "ipConfigurations",
    ("azurerm_virtual_network", "subnet"): "subnets",
    ("azurerm_virtual_network_gateway", "ip_configuration"): "ipConfigurations",
    ("azurerm_private_link_service", "nat_ip_configuration"): "ipConfigurations",
    ("azurerm_application_gateway", "backend_address_pool"): "backendAddressPools",
    ("azurerm_application_gateway", "backend_http_settings"): "backendHttpSettingsCollection",
    ("azurerm_application_gateway", "frontend_ip_configuration"): "frontendIPConfigurations",
    ("azurerm_application_gateway", "frontend_port"): "frontendPorts",
    ("azurerm_application_gateway", "gateway_ip_configuration"): "gatewayIPConfigurations",
    ("azurerm_application_gateway", "http_listener"): "httpListeners",
    ("azurerm_application_gateway", "probe"): "probes",
}


def segment_of_part(terraform_type: str, block: str) -> str:
    """The step that a block's id has below the id of its resource; empty for what has no id of its own."""
    return _PARTS.get((terraform_type, block), "")


_IMPLIED: Mapping[tuple[str, str], str] = {
    ("azurerm_virtual_hub", "default_route_table_id"): "hubRouteTables/defaultRouteTable",
}


def steps_implied(terraform_type: str, attribute: str) -> str:
    """The steps below a resource's id to what it always has and an attribute names; empty for any other attribute."""
    return _IMPLIED.get((terraform_type, attribute), "")
