"""What is in the pools of load balancers and application gateways, and behind their NAT rules.

Azure tells it on both sides, a template on one of them: in the pool's own list, or with the interface.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from diagramgen.author.places import NET, NIC
from diagramgen.author.values import body, entries
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource
from diagramgen.read.record import Record

SCALE_SET = "microsoft.compute/virtualmachinescalesets"
BALANCERS = (NET + "loadbalancers", NET + "applicationgateways")
_NAMED_BY = (
    "loadBalancerBackendAddressPools", "applicationGatewayBackendAddressPools", "loadBalancerInboundNatRules",
)  # fmt: skip


def in_pools(things: Iterable[Resource | Record]) -> Mapping[str, list[str]]:
    """The IP configurations that say of a pool or NAT rule that they are in it, by its id."""
    found: dict[str, list[str]] = defaultdict(list)
    for thing in things:
        for rid, configuration in _configurations(thing):
            for field in _NAMED_BY:
                for pool in keys(configuration.get(field)):
                    found[pool].append(rid)
    return found


def _configurations(thing: Resource | Record) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The IP configurations of an interface, or of the first instance of a scale set."""
    if thing.type == NIC:
        for number, each in enumerate(entries(thing.properties.get("ipConfigurations")), 1):
            name = each.get("name") or f"ipconfig{number}"
            yield key(each) or f"{thing.id}/ipconfigurations/{name}".lower(), body(each)
    elif thing.type == SCALE_SET:
        profile = at(
            thing.properties, "virtualMachineProfile", "networkProfile", "networkInterfaceConfigurations"
        )
        for nic in entries(profile):
            owner = f"{thing.id}/virtualmachines/0/networkinterfaces/{nic.get('name')}"
            for each in entries(body(nic).get("ipConfigurations")):
                yield f"{owner}/ipconfigurations/{each.get('name')}".lower(), body(each)


def with_members(rid: str, properties: Mapping[str, Any], members: Mapping[str, list[str]]) -> dict[str, Any]:
    """The properties of a balancer or gateway with all that is in its pools and behind its NAT rules."""
    found = dict(properties)
    for field, inner in (
        ("backendAddressPools", "backendIPConfigurations"),
        ("inboundNatRules", "backendIPConfiguration"),
    ):
        if isinstance(properties.get(field), list | tuple):
            found[field] = [_with_members(rid, field, part, inner, members) for part in properties[field]]
    return found


def _with_members(owner: str, field: str, part: Any, inner: str, members: Mapping[str, list[str]]) -> Any:
    if not isinstance(part, Mapping):
        return part
    more = members.get(key(part) or f"{owner}/{field}/{part.get('name')}".lower(), [])
    told = body(part)
    listed = list(dict.fromkeys([*keys(told.get(inner)), *more]))
    if not more or not listed:
        return part
    said = [{"id": rid} for rid in listed] if inner.endswith("s") else {"id": listed[0]}
    own = {name: value for name, value in told.items() if name not in ("id", "name")}
    return {
        **{name: part[name] for name in ("id", "name") if name in part},
        "properties": {**own, inner: said},
    }
