"""Network Watcher's topology -> resources of which only names and joints are told.

It lists what there is in a resource group and what is associated with what: subnets in VNets, interfaces in subnets,
NSGs at both, machines, public addresses. It tells no prefix, rule, route or peering, nor whether it names all: so every
resource is marked untold, and only what it does say is drawn.

https://learn.microsoft.com/rest/api/network-watcher/network-watchers/get-topology
https://learn.microsoft.com/cli/azure/network/watcher#az-network-watcher-show-topology
https://learn.microsoft.com/powershell/module/az.network/get-aznetworkwatchertopology
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Row
from diagramgen.read.lists import strangers_warning
from diagramgen.read.record import UNTOLD, key_of
from diagramgen.read.resource import is_resource_id, type_of

_NET = "microsoft.network/"
_SUBNET = _NET + "virtualnetworks/subnets"
_NIC = _NET + "networkinterfaces"
_NSG = _NET + "networksecuritygroups"
_PUBLIC_IP = _NET + "publicipaddresses"
_MACHINE = "microsoft.compute/virtualmachines"
_ONE: Mapping[str, Mapping[str, str]] = {
    _SUBNET: {
        _NSG: "networkSecurityGroup",
        _NET + "routetables": "routeTable",
        _NET + "natgateways": "natGateway",
    },
    _NIC: {_NSG: "networkSecurityGroup", _MACHINE: "virtualMachine"},
}
"""What a resource has one of, by its type and that of the other: REST's property."""
_MANY: Mapping[str, Mapping[str, str]] = {
    _NET + "virtualnetworks": {_SUBNET: "subnets"},
    _NSG: {_SUBNET: "subnets", _NIC: "networkInterfaces", _NSG + "/securityrules": "securityRules"},
    _NET + "routetables": {_SUBNET: "subnets", _NET + "routetables/routes": "routes"},
}
"""What it has several of."""
_HINT = "for prefixes, rules, routes and peerings export the state with the commands that `diagramgen query` prints"


def is_topology(document: Json) -> bool:
    """Whether this is a topology of Network Watcher, from the REST API, `az` or PowerShell."""
    resources = _member(document, "resources")
    return (
        isinstance(resources, list)
        and (
            _member(document, "createdDateTime") is not None or _member(document, "lastModified") is not None
        )
        and all(_member(one, "associations") is not None for one in resources[:3])
    )


def read_topology(document: dict[str, Any], place: Place) -> Extract:
    """The resources, each with those that it is associated with in either direction."""
    name = "resources" if "resources" in document else "Resources"
    listed, joints = _listed(document[name], place / name)
    rows = []
    strangers = [where for one, where in listed if not is_resource_id(_member(one, "id"))]
    for one, where in listed:
        shown_id = _member(one, "id")
        if is_resource_id(shown_id):
            others = joints[key_of(shown_id)]
            resource = {"id": shown_id, "name": _member(one, "name"), "location": _member(one, "location")}
            rows.append(Row({**resource, UNTOLD: True, "properties": _properties(shown_id, others)}, where))
    warnings = strangers_warning(len(rows), strangers)
    return Extract(("Network Watcher topology",), tuple(rows), diagnostics=(*_poor(rows, place), *warnings))


def _listed(
    resources: list[Json], place: Place
) -> tuple[list[tuple[dict[str, Any], Place]], Mapping[str, dict[str, str]]]:
    """The entries with their places; and for each key the ids of what is associated with it, by their keys."""
    listed = []
    joints: dict[str, dict[str, str]] = defaultdict(dict)
    for index, one in enumerate(resources):
        if not isinstance(one, dict):
            continue
        listed.append((one, place / index))
        associations = _member(one, "associations")
        for association in associations if isinstance(associations, list) else ():
            ends = (_member(one, "id"), _member(association, "resourceId"))
            if all(map(is_resource_id, ends)):
                joints[key_of(ends[0])].setdefault(key_of(ends[1]), ends[1])
                joints[key_of(ends[1])].setdefault(key_of(ends[0]), ends[0])
    return listed, joints


def _properties(shown_id: str, others: Mapping[str, str]) -> dict[str, Any]:
    """What is associated with a resource, under REST's names."""
    kind = type_of(key_of(shown_id))
    by_type: dict[str, list[str]] = defaultdict(list)
    for key, other in sorted(others.items()):
        by_type[type_of(key)].append(other)
    found: dict[str, Any] = {}
    for other_type, name in _ONE.get(kind, {}).items():
        if by_type[other_type]:
            found[name] = {"id": by_type[other_type][0]}
    for other_type, name in _MANY.get(kind, {}).items():
        if by_type[other_type]:
            found[name] = [{"id": other} for other in by_type[other_type]]
    if kind == _NIC:
        found["ipConfigurations"] = _ip_configurations(shown_id, by_type[_SUBNET], by_type[_PUBLIC_IP])
    elif kind == _MACHINE:
        found["networkProfile"] = {"networkInterfaces": [{"id": other} for other in by_type[_NIC]]}
    elif kind not in _ONE and kind not in _MANY:
        found["associations"] = [{"id": other} for _, other in sorted(others.items())]
    return found


def _ip_configurations(nic: str, subnets: list[str], public_ips: list[str]) -> list[dict[str, Any]]:
    """An interface's configurations: all in its one subnet, one for each public address. Their names are not told."""
    inside = {"subnet": {"id": subnets[0]}} if subnets else {}
    if not public_ips:
        return [{"id": f"{nic}/ipConfigurations/{{name}}", "properties": inside}]
    return [
        {
            "id": f"{nic}/ipConfigurations/{{of {ip.rsplit('/', 1)[-1]}}}",
            "properties": inside | {"publicIPAddress": {"id": ip}},
        }
        for ip in public_ips
    ]


def _member(value: Json, name: str) -> Json:
    """A member as REST names it, or as PowerShell does, with a capital letter."""
    if not isinstance(value, dict):
        return None
    return value.get(name, value.get(name[:1].upper() + name[1:]))


def _poor(rows: list[Row], place: Place) -> tuple[Diagnostic, ...]:
    if not rows:
        return ()
    text = (
        f"`{place.source}` is a topology of Network Watcher: it tells names and what is joined, no prefixes, rules, "
        "routes or peerings, so that every boundary stays unknown"
    )
    return (Diagnostic("warning", "names-only", text, rows[0].place, (_HINT,)),)
