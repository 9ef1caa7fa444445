"""Private ways: what is told of one, whichever side of it tells."""

from __future__ import annotations

from typing import Literal, NamedTuple

from diagramgen.analyse.verdicts import Rule
from diagramgen.model.references import vnet_of_subnet
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import Ranges, normal, parse_addresses

WayKind = Literal["private-endpoint", "front-door", "injected"]


class PrivatePath(NamedTuple):
    """One private way to a service. `state` is as Azure writes it; `is_approved` is None where it is not told.

    `endpoint` is the id of the private endpoint, of the Front Door profile (`front-door`, without a subnet), or of
    the service itself where it stands in `subnet` (`injected`). `subnet`, `vnet` and `addresses` are empty where the
    endpoint is not in the input; where only its address is not told, `addresses` are those of the whole subnet.
    `dns_vnets` are the VNets linked to its private DNS zones, None where that is not told.
    """

    endpoint: str
    service: str
    groups: tuple[str, ...]
    subnet: str
    vnet: str
    addresses: Ranges
    state: str
    is_approved: bool | None
    rule: Rule
    kind: WayKind = "private-endpoint"
    dns_vnets: frozenset[str] | None = None
    custom_dns: frozenset[str] = frozenset()

    def has_dns_link(self, vnet: str) -> bool | None:
        """Whether names resolve to this way in a VNet; None with custom DNS servers, or where it is not told.

        https://learn.microsoft.com/azure/private-link/private-endpoint-dns
        """
        if vnet in self.custom_dns or self.dns_vnets is None:
            return None
        return vnet in self.dns_vnets

    def serves(self, subresource: str) -> bool | None:
        """Whether it leads to a subresource (`blob`, `vault`, `sqlServer` ...); an endpoint leads to one alone."""
        if self.kind == "injected" or not subresource:
            return True
        return subresource.lower() in (group.lower() for group in self.groups) if self.groups else None


def vnet_of(topology: Topology, subnet: str) -> str:
    """The VNet of a subnet that may be absent from the input."""
    resource = topology.resources.get(subnet)
    return (resource.parent or "") if resource is not None else vnet_of_subnet(subnet)


def items(value: object) -> tuple[object, ...]:
    """The items of a list; none where the value is no list."""
    return tuple(value) if isinstance(value, list | tuple) else ()


def parsed(value: object) -> Ranges:
    """The addresses in a text or a list of texts."""
    texts = value if isinstance(value, list | tuple) else (value,)
    return normal(r for text in texts if isinstance(text, str) for r in parse_addresses(text) or ())
