"""cloudnetdraw's topology -> VNets, subnets and peerings of which much is not told.

It keeps the first prefix of each VNet and subnet, whether a subnet has an NSG and a route table (`nsg`, `udr`), and
the VNets at the far ends of peerings. It keeps no rule, route, state or flag of a peering, no gateway and no connection
of a virtual hub; `expressroute` and `vpn_gateway` say `Yes` for whatever has a GatewaySubnet, `firewall` for whatever
has an AzureFirewallSubnet. What it does not keep is unknown here, so that the analysis concludes nothing from it.

Older versions wrote `hub` and `spokes`, peerings by name, and no ids; its tests have files with REST's words and with
several topologies by name.

https://github.com/krhatland/cloudnetdraw
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Row
from diagramgen.read.lists import strangers_warning
from diagramgen.read.resource import is_resource_id
from diagramgen.read.unknown import MORE, RESOURCE_GROUP, SUBSCRIPTION, unknown

_VNET = "Microsoft.Network/virtualNetworks"
_HUB = "Microsoft.Network/virtualHubs"
_DEEPEST = 3
"""Levels of names above a topology."""
_FLAGS = ("allowVirtualNetworkAccess", "allowForwardedTraffic", "allowGatewayTransit", "useRemoteGateways")
_UNTOLD_OF_SUBNET = (
    *("ipConfigurations", "natGateway", "serviceEndpoints", "delegations", "privateEndpointNetworkPolicies"),
    *("defaultOutboundAccess", "serviceEndpointPolicies"),
)
_UNTOLD_OF_HUB = (
    *(
        "virtualNetworkConnections",
        "hubVirtualNetworkConnections",
        "hubRouteTables",
        "routingIntent",
        "azureFirewall",
    ),
    *("vpnGateway", "expressRouteGateway", "p2SVpnGateway", "securityPartnerProvider", "sku"),
)


def is_topology(document: Json) -> bool:
    """Whether this is a topology of cloudnetdraw, or several by name."""
    return any(True for _ in _topologies(document, Place("")))


def read_topology(document: dict[str, Any], place: Place) -> Extract:
    """The VNets, virtual hubs and subscriptions of all topologies in a document."""
    rows: list[Row] = []
    strangers: list[Place] = []
    for networks in _topologies(document, place):
        ids = _Ids(networks)
        for network, where in networks:
            if isinstance(network, dict) and ids.of(network):
                rows += _rows(network, where, ids)
            else:
                strangers.append(where)
    poor = _poor(place) if rows else ()
    return Extract(
        ("cloudnetdraw topology",), tuple(rows), diagnostics=(*poor, *strangers_warning(len(rows), strangers))
    )


Networks = list[tuple[Json, Place]]
"""The networks of one topology, each with its place."""


def _topologies(document: Json, place: Place, depth: int = 0) -> Iterator[Networks]:
    if not isinstance(document, dict) or depth > _DEEPEST:
        return
    found: Networks = []
    for name in ("hub", "hubs", "vnets", "spokes"):
        listed = document.get(name)
        if isinstance(listed, dict) and name == "hub":
            found.append((listed, place / name))
        elif isinstance(listed, list):
            found += [(one, place / name / index) for index, one in enumerate(listed)]
    if found:
        if _is_network(found[0][0]):
            yield found
        return
    if not all(isinstance(inner, dict) for inner in document.values()):
        return
    for name, inner in document.items():
        yield from _topologies(inner, place / name, depth + 1)


def _is_network(value: Json) -> bool:
    if not isinstance(value, dict):
        return False
    is_plain = "peering_resource_ids" in value or {"address_space", "subnets", "peerings"} <= value.keys()
    return is_plain or ("addressSpace" in value and "peerings" in value and is_resource_id(value.get("id")))


class _Ids:
    """The ids of the networks of one topology: made up, with what is not told, where it does not have any."""

    def __init__(self, networks: Networks) -> None:
        known = [network for network, _ in networks if isinstance(network, dict)]
        names = Counter(_text(network.get("name")) for network in known)
        self._by_name = {
            _text(network.get("name")): self.of(network)
            for network in known
            if names[_text(network.get("name"))] == 1
        }

    def of(self, network: Mapping[str, Any]) -> str:
        """The id of a network, "" where it has not even a name."""
        for name in ("resource_id", "id"):
            if is_resource_id(network.get(name)):
                return str(network[name])
        name = _text(network.get("name"))
        kind = _HUB if _is_hub(network) else _VNET
        return f"{_group_of(network)}/providers/{kind}/{name}" if name else ""

    def named(self, name: str) -> str:
        """The id of the network of this name, perhaps not one of the topology."""
        return self._by_name.get(name) or f"{_group_of({})}/providers/{_VNET}/{name}"


def _rows(network: dict[str, Any], place: Place, ids: _Ids) -> Iterator[Row]:
    shown_id = ids.of(network)
    resource = {"id": shown_id, "name": network.get("name"), "location": network.get("location")}
    if _is_hub(network):
        yield Row({**resource, "type": _HUB, "properties": _hub(network)}, place)
    else:
        yield Row({**resource, "type": _VNET, "properties": _vnet(network, shown_id, ids)}, place)
    title = _text(network.get("subscription_name"))
    if title:
        yield Row(
            {"id": _subscription_of(shown_id), "name": title, "type": "Microsoft.Resources/subscriptions"},
            place,
        )


def _is_hub(network: Mapping[str, Any]) -> bool:
    return network.get("type") == "virtual_hub" or "/virtualhubs/" in str(network.get("resource_id")).lower()


def _hub(network: dict[str, Any]) -> dict[str, Any]:
    untold = {name: unknown(name) for name in _UNTOLD_OF_HUB}
    return {
        "addressPrefix": network.get("address_space"),
        "virtualWan": {"id": unknown("virtualWan")},
        **untold,
    }


def _vnet(network: dict[str, Any], shown_id: str, ids: _Ids) -> dict[str, Any]:
    space = network.get("addressSpace", network.get("address_space"))
    listed = network.get("subnets")
    named = (
        [one for one in listed if isinstance(one, dict) and _text(one.get("name"))]
        if isinstance(listed, list)
        else []
    )
    return {
        "addressSpace": space if isinstance(space, dict) else {"addressPrefixes": _first_of(space)},
        "subnets": [_subnet(one, shown_id) for one in named] if named or listed == [] else unknown("subnets"),
        "virtualNetworkPeerings": list(_peerings(network, shown_id, ids)),
        "enableDdosProtection": unknown("enableDdosProtection"),
    }


def _subnet(subnet: dict[str, Any], vnet: str) -> dict[str, Any]:
    name = _text(subnet["name"])
    properties: dict[str, Any] = {each: unknown(each) for each in _UNTOLD_OF_SUBNET}
    if "addressPrefix" in subnet:
        properties["addressPrefix"] = subnet["addressPrefix"]
    else:
        properties["addressPrefixes"] = _first_of(subnet.get("address"))
    for flag, field, kind in (("nsg", "networkSecurityGroup", "NSG"), ("udr", "routeTable", "route table")):
        told = _text(subnet.get(flag)).lower()
        if told == "yes":
            properties[field] = {
                "id": _attached(field, f"{kind} of {name} in {vnet.rsplit('/', 1)[1]}", vnet)
            }
        elif told != "no":
            properties[field] = unknown(field)
    found = {"id": f"{vnet}/subnets/{name}", "name": name, "properties": properties}
    return found | {"nsg_label": "NSG"} if _text(subnet.get("nsg")).lower() == "yes" else found


def _attached(field: str, what: str, vnet: str) -> str:
    """The id of an NSG or route table of which neither the name nor the resource group is told."""
    group = f"{_subscription_of(vnet)}/resourceGroups/{RESOURCE_GROUP}"
    return f"{group}/providers/Microsoft.Network/{field}s/{unknown(what)}"


def _peerings(network: dict[str, Any], vnet: str, ids: _Ids) -> Iterator[dict[str, Any]]:
    """The near halves of a network's peerings: by id, by name, or as REST tells them."""
    for name in ("peering_resource_ids", "peerings"):
        listed = network.get(name)
        for far in listed if isinstance(listed, list) else ():
            if isinstance(far, dict):
                if far.get("name"):
                    told = {key: value for key, value in far.items() if key != "name"}
                    yield {
                        "id": f"{vnet}/virtualNetworkPeerings/{far['name']}",
                        "name": far["name"],
                        "properties": told,
                    }
            elif _text(far):
                yield _half(vnet, far if is_resource_id(far) else ids.named(far))
        if listed:
            return


def _half(vnet: str, far: str) -> dict[str, Any]:
    name = unknown(f"to {far.rstrip('/').rsplit('/', 1)[-1]}")
    told = {"remoteVirtualNetwork": {"id": far}, "peeringState": unknown("peeringState")}
    untold = {flag: unknown(flag) for flag in _FLAGS}
    return {"id": f"{vnet}/virtualNetworkPeerings/{name}", "name": name, "properties": {**told, **untold}}


def _first_of(prefix: Json) -> list[str]:
    """The prefixes of a network of which the first is told."""
    told = _text(prefix)
    return [told, MORE] if told and told.upper() != "N/A" else [MORE]


def _group_of(network: Mapping[str, Any]) -> str:
    """The id of a network's resource group, as far as it is told."""
    told = network.get("resourcegroup_id")
    if is_resource_id(told):
        return str(told).rstrip("/")
    title = _text(network.get("subscription_name"))
    return f"/subscriptions/{unknown(title) if title else SUBSCRIPTION}/resourceGroups/{RESOURCE_GROUP}"


def _subscription_of(shown_id: str) -> str:
    return "/".join(shown_id.split("/")[:3])


def _text(value: Json) -> str:
    return value.strip() if isinstance(value, str) else ""


def _poor(place: Place) -> tuple[Diagnostic, ...]:
    text = (
        f"`{place.source}` is a topology of cloudnetdraw, which keeps one prefix a network, and neither rules nor "
        "routes, states of peerings, gateways nor hub connections: what depends on these stays unknown"
    )
    hint = "export the state with the commands that `diagramgen query` prints"
    return (Diagnostic("warning", "incomplete-export", text, place, (hint,)),)
