"""Topology: the one model of an estate, the same for a spec and for exported state.

Everything is known by its id (lower case). Frozen; mappings are sorted by id. What the input refers to and does not
hold is a ghost: it has an id, a name and whatever its neighbours tell of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from diagramgen.located import NOTHING, NOWHERE, Place
from diagramgen.model.kinds import KINDS, Kind
from diagramgen.model.references import key
from diagramgen.read.record import Record, key_of

_NET = "microsoft.network/"
MAY_BE_EMPTY = frozenset(
    _NET + kind for kind in (
        "networksecuritygroups", "routetables", "applicationsecuritygroups", "publicipaddresses", "ddosprotectionplans",
        "privatednszones", "natgateways", "virtualwans", "networkmanagers/securityadminconfigurations",
        "networkmanagers/networkgroups", "firewallpolicies",
    )
)  # fmt: skip
"""Types that a template may declare without properties, besides platform services."""


class Resource(NamedTuple):
    """An Azure resource or child resource. `parent` is the frame that encloses it in a drawing: for a VNet its
    subscription, for a subnet its VNet, for an icon its subnet, virtual hub or subscription; None at the top.

    `label` is what is shown; `properties` are in the shape of the ARM REST API.
    """

    id: str
    type: str
    name: str
    label: str
    parent: str | None
    properties: Mapping[str, Any]
    envelope: Mapping[str, Any] = NOTHING
    location: str = ""
    place: Place = NOWHERE
    is_ghost: bool = False
    places: Mapping[str, Place] = NOTHING  # of parts that do not stand where their path would lead

    @property
    def kind(self) -> Kind | None:
        """The row of KINDS, or None for a type that the program does not know."""
        return KINDS.get(self.type)

    @property
    def is_outside(self) -> bool:
        """Whether it is a ghost that the input does not list: what it lists by name alone is drawn like the rest."""
        return self.is_ghost and not self.envelope.get("isUntold")

    @property
    def is_exported(self) -> bool:
        """Whether it is told as an export tells it, which may leave things out: what is not said of it is not known.
        A spec says all there is, unless it says of itself that it does not (`unsaid: unknown`)."""
        return self.id.startswith("/") or self.envelope.get("isPartial") is True

    @property
    def is_planned(self) -> bool:
        """Whether a declaration tells of it (a template, Terraform): what is not said of it is as by default."""
        return self.envelope.get("isPlanned") is True

    @property
    def is_conditional(self) -> bool:
        """Whether it may not be there: it is declared under a condition that is not known."""
        return bool(self.envelope.get("isConditional"))

    @property
    def is_untold(self) -> bool:
        """Whether its properties are there and not known: one expression in a template, say."""
        return bool(self.envelope.get("isUntold"))

    @property
    def is_told(self) -> bool:
        """Whether the input holds more of it than that it is there."""
        if self.is_ghost or self.is_untold:
            return False
        if self.properties or not self.is_exported:
            return True
        is_service = self.kind is not None and self.kind.home == "service"
        return self.is_planned and (is_service or self.type in MAY_BE_EMPTY)


class PeeringHalf(NamedTuple):
    """One side's view of a peering: its state as Azure writes it, None where that is not told; flags None likewise.

    `remote_prefixes` are those of the far side that this side has routes to, `current_prefixes` those that it has now.
    A peering of subnets alone (`is_complete` false) names them on both sides. `is_planned`: it is declared and gets its
    state when it is deployed; `is_conditional`: it may not be there.
    """

    state: str | None
    sync: str = ""
    allows_access: bool | None = True
    allows_forwarded: bool | None = False
    allows_gateway_transit: bool | None = False
    uses_remote_gateways: bool | None = False
    place: Place = NOWHERE
    id: str = ""
    remote_prefixes: tuple[str, ...] = ()
    current_prefixes: tuple[str, ...] = ()
    is_complete: bool | None = True
    local_subnets: tuple[str, ...] = ()
    remote_subnets: tuple[str, ...] = ()
    is_planned: bool = False
    is_conditional: bool = False


class Peering(NamedTuple):
    """A VNet peering: two VNets in id order and what each side says; None for a side that the input lacks.

    `is_possible`: the input does not tell whether these two are peered at all.
    """

    a: str
    b: str
    a_half: PeeringHalf | None
    b_half: PeeringHalf | None
    label: str = ""
    through: tuple[str, ...] = ()
    is_possible: bool = False

    @property
    def state(self) -> Literal["connected", "pending", "disconnected", "unknown"]:
        """What both halves together mean: connected only where every half that is known says so.

        A half that the input lacks because its VNet lies outside the export tells nothing against the other half.
        """
        states = [
            half.state.lower() for half in (self.a_half, self.b_half) if half is not None and half.state
        ]
        if not states:
            return "unknown"
        if any(state == "disconnected" for state in states):
            return "disconnected"
        if any(state == "initiated" for state in states):
            return "pending"
        return "connected"


class Connection(NamedTuple):
    """A tunnel or circuit between Azure and something else; `a` is the outer end where there is one.

    `circuit` is the ExpressRoute circuit that carries it.
    """

    id: str
    a: str
    b: str
    kind: Literal["vpn", "expressroute", "sd-wan", "vnet-to-vnet", "other"]
    label: str = ""
    tunnels: tuple[str, ...] = ()
    status: str = ""
    place: Place = NOWHERE
    circuit: str = ""


class HubConnection(NamedTuple):
    """A VNet joined to a virtual hub."""

    id: str
    hub: str
    vnet: str
    place: Place = NOWHERE


class PrivateLink(NamedTuple):
    """A private endpoint (or Front Door origin) and the service that it reaches."""

    endpoint: str
    target: str
    group: str = ""
    status: str = ""


class ServiceEndpoint(NamedTuple):
    """A subnet's service endpoint for a kind of service, such as `Microsoft.Storage`."""

    subnet: str
    service: str


class ServiceLink(NamedTuple):
    """A subnet and a service outside VNets: `service-endpoint` where the service's firewall lets the subnet in,
    `integration` where the service sends its own traffic into the subnet."""

    subnet: str
    service: str
    kind: Literal["service-endpoint", "integration"]


class NetworkGroup(NamedTuple):
    """VNets that a network manager treats as one; `mesh` where a configuration connects them directly.

    `is_open`: the input names members that it does not tell, or that may be none.
    """

    id: str
    label: str
    members: tuple[str, ...]
    topology: str = ""
    is_open: bool = False


class Site(NamedTuple):
    """Something outside Azure: an on-premises network with its users and machines (name, type word, icon, id)."""

    id: str
    label: str
    prefixes: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    machines: tuple[tuple[str, str, str, str], ...] = ()


class Traffic(NamedTuple):
    """Traffic from or to the Internet as a spec states it. `views` restricts it to those views; empty means all."""

    target: str
    label: str = ""
    direction: Literal["in", "out", "both"] = "both"
    views: tuple[str, ...] = ()


class Users(NamedTuple):
    """People outside Azure and what they reach; `people` is 0 where their number is not told."""

    id: str
    label: str
    targets: tuple[str, ...] = ()
    people: int = 0


class Flow(NamedTuple):
    """An allowed flow as a spec states it."""

    source: str
    target: str
    ports: str = ""
    is_both_ways: bool = False


class DeclaredBoundary(NamedTuple):
    """A boundary that a spec declares between `a` and `b` (ids, or `internet` and `azure`)."""

    level: str
    a: str
    b: str
    status: str
    by: tuple[str, ...] = ()
    place: Place = NOWHERE


class Acceptance(NamedTuple):
    """What is accepted up to the day `until` (YYYY-MM-DD) although `rule` finds fault with it; no rule: any.

    `ids` are in id order. `is_between`: they are the two sides of a boundary, and both are meant; else any one of them.
    """

    rule: str
    ids: tuple[str, ...]
    reason: str
    until: str
    place: Place = NOWHERE
    is_between: bool = False


class Group(NamedTuple):
    """A frame round members that a spec asks for."""

    id: str
    label: str
    members: tuple[str, ...]


class Topology(NamedTuple):
    """An estate. Attachments map a subnet's id to what is attached to it."""

    resources: Mapping[str, Resource]
    nsg_of: Mapping[str, str] = NOTHING  # subnet or NIC -> NSG
    route_table_of: Mapping[str, str] = NOTHING
    nat_gateway_of: Mapping[str, str] = NOTHING
    asgs_of: Mapping[str, tuple[str, ...]] = NOTHING  # machine -> ASGs of its NICs
    public_ips_of: Mapping[str, tuple[str, ...]] = NOTHING  # resource -> public IPs
    peerings: tuple[Peering, ...] = ()
    connections: tuple[Connection, ...] = ()
    hub_connections: tuple[HubConnection, ...] = ()
    private_links: tuple[PrivateLink, ...] = ()
    service_endpoints: tuple[ServiceEndpoint, ...] = ()
    service_links: tuple[ServiceLink, ...] = ()
    network_groups: tuple[NetworkGroup, ...] = ()
    sites: tuple[Site, ...] = ()
    groups: tuple[Group, ...] = ()
    traffic: tuple[Traffic, ...] = ()
    internet_label: str = ""
    users: tuple[Users, ...] = ()
    flows: tuple[Flow, ...] = ()
    boundaries: tuple[DeclaredBoundary, ...] = ()
    views: Mapping[str, Mapping[str, Any]] = NOTHING
    notes: tuple[tuple[str, str], ...] = ()
    layout: Mapping[str, Any] = NOTHING
    document: Mapping[str, Any] = NOTHING
    is_spec: bool = False
    parts: Mapping[str, tuple[Resource, ...]] = NOTHING  # by the id of their owner
    unknown: Mapping[str, int] = NOTHING
    acceptances: tuple[Acceptance, ...] = ()
    records: tuple[Record, ...] = ()
    """What it was built from, where a declaration leaves something open."""

    def parts_of(self, rid: str) -> tuple[Resource, ...]:
        """The rules, routes and other parts that belong to a resource, sorted by id."""
        return self.parts.get(rid, ())

    def tells(self, rid: str, collection: str) -> bool:
        """Whether the input holds a resource and all of its children of a kind (`securityRules`, `routes`, `subnets`):
        an export lists them, and may list some of which it holds no more than the id. A spec tells all, unless it says
        that there are more."""
        resource = self.resources.get(rid)
        if resource is None or resource.is_ghost or resource.is_untold:
            return False
        listed = resource.properties.get(collection)
        if (
            (listed is None and not resource.is_exported)
            or listed == []
            or (listed is None and resource.is_planned and resource.is_told)
        ):
            return True
        if listed is None:
            return any(part.type.endswith(f"/{collection.lower()}") for part in self.parts_of(rid))
        return isinstance(listed, list | tuple) and all(
            key_of(key(each)) in self.resources for each in listed
        )

    def is_exported(self, rid: str) -> bool:
        """Whether a thing is told as an export tells it; of what the input does not hold, its id says so."""
        resource = self.resources.get(rid)
        return rid.startswith("/") if resource is None else resource.is_exported

    def of_type(self, type_name: str) -> list[Resource]:
        """The resources of one ARM type, sorted by id."""
        return [resource for resource in self.resources.values() if resource.type == type_name]
