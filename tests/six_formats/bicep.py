"""The estate as `bicep build` writes it: symbolic names, a module for each part of the network, and outputs of modules
where others need an id.

Each part has a network (`network`: everything that has no neighbours), and what uses subnets of any part (`users`). A
network hands its subnets over as an object of ids, that of the shop as a list, in the order of the subnets.
https://learn.microsoft.com/azure/azure-resource-manager/bicep/modules
"""

from __future__ import annotations

import copy
from typing import Any

from six_formats import network as n
from six_formats.export import SCHEMA, split, with_expressions, without_read_only
from six_formats.rest import Ids, Json

API = "2024-05-01"
_NETWORK = ("networkSecurityGroups", "routeTables", "applicationSecurityGroups", "publicIPAddresses", "natGateways",
            "virtualNetworks")  # fmt: skip
"""What is in the network of a part."""
_READ_AFTER = {
    "Microsoft.Network/publicIPAddresses": ("ipAddress",),
    "Microsoft.Network/bastionHosts": ("dnsName",),
    "Microsoft.Storage/storageAccounts": (),
}
"""What Azure gives at deployment and an author does not write."""
_PEERING_STATE = (
    "peeringState",
    "peeringSyncLevel",
    "remoteAddressSpace",
    "remoteVirtualNetworkAddressSpace",
)
_GENERATOR = {"_generator": {"name": "bicep", "version": "0.30.23.60470", "templateHash": "1234567890"}}
_SUBSCRIPTION_SCHEMA = (
    "https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#"
)


def template(bodies: list[Json], places: n.Places) -> Json:
    """The template, with modules that go where the parts are; `bodies` are the resources after deployment."""
    return _Template(bodies, places).build()


class _Template:
    def __init__(self, bodies: list[Json], places: n.Places) -> None:
        self.places = places
        self.ids = Ids(places)
        self.is_one = len(set(places.values())) == 1
        self.bodies = [_authored(each) for each in bodies if "privateEndpoint" not in each["properties"]]
        self.part_of = {vnet.name: vnet.part for vnet in n.VNETS}

    def build(self) -> Json:
        """The whole template."""
        parts = list(dict.fromkeys(vnet.part for vnet in n.VNETS))
        modules = {f"network_{part}": self._network(part) for part in parts}
        modules |= {f"users_{part}": self._users(part) for part in parts}
        modules |= {f"peerings_{part}": self._peerings(part) for part in parts}
        schema = SCHEMA if self.is_one else _SUBSCRIPTION_SCHEMA
        return _document(modules, {}, {}, schema=schema)

    def _of(self, part: str, *, is_network: bool) -> list[Json]:
        found = []
        for each in self.bodies:
            is_inside = _kind(each["id"]).partition("/")[2] in _NETWORK
            if is_inside == is_network and self._part(each) == part:
                found.append(each)
        return found

    def _part(self, body: Json) -> str:
        """The part to which a resource belongs: by its names, as in one place nothing else tells."""
        known: dict[str, str] = {**self.part_of, **n.ASGS, **{name: told[0] for name, told in n.PUBLIC_IPS.items()},
                 **{name: nsg.part for name, nsg in n.NSGS.items()},
                 **{name: table.part for name, table in n.TABLES.items()},
                 **{each: nic.part for nic in n.NICS for each in (nic.name, nic.machine)},
                 n.NAT: "data", n.BALANCER: "shop", n.STORAGE: "shop", n.ENDPOINT: "shop"}  # fmt: skip
        return known.get(body["id"].partition("/providers/")[2].split("/")[2], "hub")

    # Modules

    def _network(self, part: str) -> Json:
        """NSGs, route tables, addresses and VNets of a part, without peerings."""
        resources: Json = {}
        for each in self._of(part, is_network=True):
            resources[_symbol(each["id"])] = (
                self._vnet(each) if _is_vnet(each) else _resource(each, _resource_id)
            )
        (vnet,) = (each for each in n.VNETS if each.part == part)
        vnet_id = f"resourceId('Microsoft.Network/virtualNetworks', '{vnet.name}')"
        subnet_id = f"resourceId('Microsoft.Network/virtualNetworks/subnets', '{vnet.name}', {{}})"
        if part == "shop":
            names = [each.name for each in vnet.subnets]
            subnets: Json = {
                "type": "array",
                "copy": {
                    "count": f"[length(createArray({', '.join(map(repr, names))}))]",
                    "input": f"[{subnet_id.format('createArray(' + ', '.join(map(repr, names)) + ')[copyIndex()]')}]",
                },
            }
        else:
            by_name = {each.name: f"[{subnet_id.format(repr(each.name))}]" for each in vnet.subnets}
            subnets = {"type": "object", "value": by_name}
        others = {
            _symbol(each["id"]): _resource_id(each["id"])
            for each in self._of(part, is_network=True)
            if not _is_vnet(each)
        }
        outputs = {"vnetId": {"type": "string", "value": f"[{vnet_id}]"}, "subnetIds": subnets,
                   "ids": {"type": "object", "value": others}}  # fmt: skip
        told = {"subnets": [_subnet_parameters(each) for each in vnet.subnets]}
        asked = {} if part == "hub" else {"firewallIp": {"type": "string"}}
        values = {name: {"value": "[reference('users_hub').outputs.firewallIp.value]"} for name in asked}
        made = _with_address(resources) if asked else resources
        return self._module(part, f"network-{part}", made, asked, values, outputs, told)

    def _vnet(self, body: Json) -> Json:
        """A VNet whose subnets are a loop over a variable, attachments where there are any."""
        made = _resource(body, _resource_id)
        del made["properties"]["subnets"], made["properties"]["virtualNetworkPeerings"]
        item = "variables('subnets')[copyIndex('subnets')]"

        def attached(name: str, kind: str) -> str:
            there = f"createObject('id', resourceId('Microsoft.Network/{kind}', {item}.{name}))"
            return f"[if(empty({item}.{name}), null(), {there})]"

        made["properties"]["copy"] = [
            {
                "name": "subnets",
                "count": "[length(variables('subnets'))]",
                "input": {
                    "name": f"[{item}.name]",
                    "properties": {
                        "addressPrefix": f"[{item}.prefix]",
                        "networkSecurityGroup": attached("nsg", "networkSecurityGroups"),
                        "routeTable": attached("table", "routeTables"),
                        "natGateway": attached("nat", "natGateways"),
                        "serviceEndpoints": f"[map({item}.services, lambda('s', createObject('service', "
                        "lambdaVariables('s'))))]",
                        "defaultOutboundAccess": f"[{item}.defaultOutbound]",
                        "privateEndpointNetworkPolicies": f"[{item}.endpointPolicies]",
                        "privateLinkServiceNetworkPolicies": "Enabled",
                    },
                },
            }
        ]
        made["dependsOn"] = []
        return made

    def _users(self, part: str) -> Json:
        """What stands in subnets, and what goes with it."""
        own = self._of(part, is_network=False)
        mine = {each["id"] for each in own}
        needed: dict[str, str] = {}

        def write(rid: str) -> str:
            provider, steps, _ = split(rid)
            top = f"{rid.partition('/providers/')[0]}/providers/{provider}/{'/'.join(steps)}"
            if top in mine or (len(steps) > 2 and top.rsplit("/", 2)[0] in mine):
                return _resource_id(rid)
            name = _symbol(rid)
            needed[name] = self._from_outside(rid)
            return f"[parameters('{name}')]"

        resources = {_symbol(each["id"]): _resource(each, write) for each in own}
        given = {name: {"type": "string"} for name in needed}
        values = {name: {"value": each} for name, each in needed.items()}
        address = f"[reference('{_symbol(self._firewall)}').ipConfigurations[0].properties.privateIPAddress]"
        outputs = {"firewallIp": {"type": "string", "value": address}} if part == "hub" else {}
        return self._module(part, f"users-{part}", resources, given, values, outputs)

    @property
    def _firewall(self) -> str:
        return self.ids.net("hub", "azureFirewalls", n.FIREWALL)

    def _from_outside(self, rid: str) -> str:
        """Where the main template has an id from: an output of a network, or the place of what is in another module."""
        place = _named(rid)
        if "/subnets/" in place:
            vnet, _, name = place.partition("/")[2].partition("/subnets/")
            part = self.part_of[vnet]
            outputs = f"reference('network_{part}').outputs.subnetIds.value"
            if part == "shop":
                (told,) = (each for each in n.VNETS if each.name == vnet)
                return f"[{outputs}[{[each.name for each in told.subnets].index(name)}]]"
            return f"[{outputs}['{name}']]"
        if place.startswith("virtualNetworks/"):
            return f"[reference('network_{self.part_of[place.partition('/')[2]]}').outputs.vnetId.value]"
        part = self._part({"id": rid})
        if place.partition("/")[0] in _NETWORK:
            return f"[reference('network_{part}').outputs.ids.value.{_symbol(rid)}]"
        return _resource_id(rid, None if self.is_one else self.places[part])

    def _peerings(self, part: str) -> Json:
        """The halves of the peerings that a part's VNet has, as children of it."""
        resources, values = {}, {}
        for each in n.PEERINGS:
            if self.part_of[each.near] != part:
                continue
            rid = f"{self.ids.vnet(each.near)}/virtualNetworkPeerings/{each.name}"
            (body,) = (child for own in self.bodies if _is_vnet(own)
                       for child in own["properties"]["virtualNetworkPeerings"] if child["id"] == rid)  # fmt: skip
            far = f"{_symbol(self.ids.vnet(each.far))}Id"
            properties = {
                key: value for key, value in body["properties"].items() if key not in _PEERING_STATE
            }
            properties["remoteVirtualNetwork"] = {"id": f"[parameters('{far}')]"}
            resources[_symbol(rid)] = {
                "type": body["type"], "apiVersion": API, "properties": properties,
                "name": f"[format('{{0}}/{{1}}', '{each.near}', '{each.name}')]",
            }  # fmt: skip
            values[far] = {"value": self._from_outside(self.ids.vnet(each.far))}
        return self._module(
            part, f"peerings-{part}", resources, {name: {"type": "string"} for name in values}, values, {}
        )

    def _module(
        self, part: str, name: str, resources: Json, parameters: Json, values: Json, outputs: Json,
        variables: Json | None = None,
    ) -> Json:  # fmt: skip
        place = self.places[part]
        target = {} if self.is_one else {"subscriptionId": place.subscription, "resourceGroup": place.group}
        return {
            "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": name, **target,
            "properties": {
                "expressionEvaluationOptions": {"scope": "inner"}, "mode": "Incremental", "parameters": values,
                "template": _document(resources, parameters, outputs, variables)},
        }  # fmt: skip


def _document(
    resources: Json, parameters: Json, outputs: Json, variables: Json | None = None, schema: str = SCHEMA
) -> Json:
    return {
        "$schema": schema, "languageVersion": "2.0", "contentVersion": "1.0.0.0", "metadata": _GENERATOR,
        "parameters": parameters, "variables": variables or {}, "resources": resources, "outputs": outputs,
    }  # fmt: skip


def _authored(body: Json) -> Json:
    """A copy of a body with what a person writes of it."""
    made = copy.deepcopy(without_read_only(body))
    for name in _READ_AFTER.get(body["type"], ()):
        made["properties"].pop(name, None)
    return made


def _resource(body: Json, write: Any) -> Json:
    _, steps, _ = split(body["id"])
    name = f"[format('{{0}}/{{1}}', '{steps[1]}', '{steps[3]}')]" if len(steps) > 2 else steps[1]
    told = {key: value for key, value in body.items() if key not in ("id", "name", "type", "properties")}
    return {"type": body["type"], "apiVersion": API, "name": name, **told,
            "properties": with_expressions(_without_ids(body["properties"]), write)}  # fmt: skip


def _without_ids(value: Any) -> Any:
    """Parts without ids of their own, which no author writes: these have a name, references have none."""
    if isinstance(value, dict):
        is_part = "name" in value and "properties" in value
        return {
            key: _without_ids(each) for key, each in value.items() if not (is_part and key in ("id", "type"))
        }
    return [_without_ids(each) for each in value] if isinstance(value, list) else value


def _resource_id(rid: str, place: n.Place | None = None) -> str:
    """An id by Bicep's function, with its place where that is another one."""
    provider, steps, rest = split(rid)
    kind = "/".join([provider, *steps[::2], *rest[::2]])
    where = f"'{place.subscription}', '{place.group}', " if place is not None else ""
    return f"[resourceId({where}'{kind}', {', '.join(map(repr, [*steps[1::2], *rest[1::2]]))})]"


def _subnet_parameters(subnet: n.Subnet) -> Json:
    return {
        "name": subnet.name, "prefix": subnet.prefix, "nsg": subnet.nsg, "table": subnet.table, "nat": subnet.nat,
        "services": [subnet.service] if subnet.service else [], "defaultOutbound": subnet.default_outbound,
        "endpointPolicies": subnet.endpoint_policies,
    }  # fmt: skip


def _with_address(value: Any) -> Any:
    """A value that takes the firewall's address from a parameter."""
    if isinstance(value, dict):
        return {key: _with_address(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_with_address(each) for each in value]
    return "[parameters('firewallIp')]" if value == n.FIREWALL_IP else value


def _is_vnet(body: Json) -> bool:
    return _kind(body["id"]) == "Microsoft.Network/virtualNetworks"


def _kind(rid: str) -> str:
    provider, steps, _ = split(rid)
    return "/".join([provider, *steps[::2]])


def _named(rid: str) -> str:
    return rid.partition("/providers/")[2].partition("/")[2]


def _symbol(rid: str) -> str:
    """A symbolic name."""
    return "_".join(_named(rid).replace("-", "_").replace(".", "_").split("/")[1::2])
