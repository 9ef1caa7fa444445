"""Build: from records to the topology, one way for specs and for exported state.

Records come merged and sorted by id. Here every record gets the frame that encloses it, attachments are read from
whichever side names them, the halves of peerings meet, and what is referred to but absent becomes a ghost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from diagramgen.model.kinds import KINDS
from diagramgen.model.labels import label_of, subscription_label
from diagramgen.model.links import (
    connections,
    hub_connections,
    network_groups,
    peerings,
    private_links,
    service_links,
    sites,
)
from diagramgen.model.references import (
    at,
    items,
    key,
    keys,
    last_segment,
    strings,
    subscription_of,
    type_of_id,
    vnet_of_subnet,
)
from diagramgen.model.topology import (
    Acceptance,
    DeclaredBoundary,
    Flow,
    Group,
    Resource,
    ServiceEndpoint,
    Topology,
    Traffic,
    Users,
)
from diagramgen.read.brief import readable
from diagramgen.read.record import NAME_ONLY, UNTOLD, Reading, Record, key_of

NET = "microsoft.network/"
VNET = NET + "virtualnetworks"
SUBNET = VNET + "/subnets"
SUBSCRIPTION = "microsoft.resources/subscriptions"
NIC = NET + "networkinterfaces"
ATTACHED = (NET + "networksecuritygroups", NET + "routetables", NET + "natgateways")
WITH_PUBLIC_IPS = (
    NIC,
    NET + "applicationgateways",
    NET + "azurefirewalls",
    NET + "bastionhosts",
    NET + "loadbalancers",
    NET + "natgateways",
    NET + "virtualhubs",
    NET + "virtualhubs/ipconfigurations",
    NET + "virtualnetworkgateways",
    NET + "vpngateways",
    "microsoft.apimanagement/service",
    "microsoft.compute/virtualmachinescalesets",
    "microsoft.containerservice/managedclusters",
)
"""Types whose configuration may name public IP addresses."""
MACHINES = ("microsoft.compute/virtualmachines", "diagramgen/nva")


def build_topology(reading: Reading) -> Topology:
    """The estate that the records describe."""
    builder = _Builder(reading.records)
    builder.place_all()
    found = builder.resources
    records = reading.records
    outside = {r.id: r for r in records if r.type.startswith("diagramgen/") and r.type not in MACHINES}
    return Topology(
        resources={rid: found[rid] for rid in sorted(found)},
        nsg_of=_attachment(
            found, "networkSecurityGroup", NET + "networksecuritygroups", ("subnets", "networkInterfaces")
        ),
        route_table_of=_attachment(found, "routeTable", NET + "routetables", ("subnets",)),
        nat_gateway_of=_attachment(found, "natGateway", NET + "natgateways", ("subnets",)),
        asgs_of=builder.asgs(),
        public_ips_of=builder.public_ips(),
        peerings=peerings(found),
        connections=connections(found, outside),
        hub_connections=hub_connections(found),
        private_links=private_links(found),
        service_endpoints=_service_endpoints(found),
        service_links=service_links(found),
        network_groups=network_groups(found),
        sites=sites(found, outside),
        groups=tuple(_groups(outside)),
        traffic=tuple(_traffic(outside)),
        internet_label=next((str(r.envelope.get("label") or r.properties.get("label") or "Internet")
                             for r in outside.values() if r.type == "diagramgen/internet"), ""),
        users=tuple(_users(outside)),
        flows=tuple(_flows(outside)),
        boundaries=tuple(_boundaries(outside)),
        views={r.name: r.properties for r in outside.values() if r.type == "diagramgen/view"},
        notes=tuple((key(r.properties.get("on")), str(r.properties.get("text", ""))) for r in outside.values()
                    if r.type == "diagramgen/note"),
        layout=next((r.properties for r in outside.values() if r.type == "diagramgen/layout"), {}),
        document=next((r.properties for r in outside.values() if r.type == "diagramgen/document"), {}),
        is_spec=any(
            r.type == "diagramgen/document" and not r.envelope.get("isPartial") for r in outside.values()
        ),
        parts=_parts(found),
        unknown=reading.unknown,
        acceptances=tuple(_acceptances(outside)),
        records=records if any(map(_is_open, records)) else (),
    )  # fmt: skip


def _is_open(record: Record) -> bool:
    """Whether a record may leave something open."""
    return bool(record.envelope.get("isPlanned") or record.envelope.get("isConditional"))


class _Builder:
    """Turns records into resources and finds the frame of each."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.resources: dict[str, Resource] = {}
        for record in records:
            if record.type.startswith("diagramgen/") and record.type not in MACHINES:
                continue
            label = record.envelope.get("label")
            if label is None:
                label = label_of(record)
            self.resources[record.id] = Resource(
                record.id, record.type, record.name, str(label), None, record.properties, record.envelope,
                record.location, record.place, _is_ghost(record), record.places,
            )  # fmt: skip

    def place_all(self) -> None:
        self._tell_machines()
        self._ghost_networks()
        self._ghost_machines()
        self._subnets_by_user = self._index_users()
        nic_subnets = {rid: self._own_subnet(r) for rid, r in self.resources.items() if r.type == NIC}
        for rid in sorted(self.resources):
            resource = self.resources[rid]
            parent = self._parent(resource, nic_subnets)
            if parent:
                self._need_frame(parent)
            self.resources[rid] = _with_parent(resource, parent)
        self._spell_ghosts()
        for rid in sorted(self.resources):
            resource = self.resources[rid]
            if resource.parent and (resource.parent not in self.resources or self._goes_in_a_circle(rid)):
                self.resources[rid] = _with_parent(resource, None)

    def _spell_ghosts(self) -> None:
        """Gives ghosts their names as the references to them are written: ids are known in lower case alone."""
        unspelled = {
            rid for rid, resource in self.resources.items()
            if resource.is_ghost and rid.startswith("/") and resource.label == readable(last_segment(rid))
            and resource.type != SUBSCRIPTION
        }  # fmt: skip
        for resource in list(self.resources.values()):
            if not unspelled:
                return
            for _, text in strings(resource.properties):
                folded = text.lower().rstrip("/")
                if folded in unspelled:
                    name = last_segment(text)
                    self.resources[folded] = self.resources[folded]._replace(name=name, label=readable(name))
                    unspelled.discard(folded)

    def _goes_in_a_circle(self, rid: str) -> bool:
        """Whether the frames round a resource lead back to it, as no true input says."""
        met = {rid}
        at = self.resources[rid].parent
        while at is not None and at in self.resources:
            if at in met:
                return at == rid
            met.add(at)
            at = self.resources[at].parent
        return False

    def _parent(self, resource: Resource, nic_subnets: Mapping[str, str]) -> str | None:
        """The id of the frame that encloses a resource."""
        rid = resource.id
        if resource.type == SUBNET:
            return key(resource.envelope.get("parent")) or vnet_of_subnet(rid) or None
        if resource.type == SUBSCRIPTION:
            return self._management_group(resource)
        if resource.type == "microsoft.management/managementgroups":
            return (
                key(at(resource.properties, "details", "parent", "id"))
                or key(resource.envelope.get("parent"))
                or None
            )
        named = key(resource.envelope.get("parent"))
        kind = resource.kind
        if kind is not None and (kind.home in ("subnet", "hub") or self._may_be_route_server(resource)):
            home = self._home(resource, nic_subnets) or self._subnet_that_names(resource)
            if home:
                return home
        if named in self.resources and not rid.startswith("/subscriptions/"):
            return named
        if "/" in resource.type and resource.type.count("/") > 1 and rid.startswith("/"):
            return named or subscription_of(rid) or None
        return subscription_of(rid) or (named or None)

    def _home(self, resource: Resource, nic_subnets: Mapping[str, str]) -> str:
        """The subnet or virtual hub that a resource's own configuration names."""
        subnet = self._own_subnet(resource)
        if subnet:
            return subnet
        hub = key(at(resource.properties, "virtualHub"))
        if hub:
            return hub
        for nic in keys(at(resource.properties, "networkProfile", "networkInterfaces")):
            if nic_subnets.get(nic):
                return nic_subnets[nic]
        for nic in self._nics_of.get(resource.id, ()):
            if nic_subnets.get(nic):
                return nic_subnets[nic]
        if resource.type == NET + "loadbalancers":
            return self._backend_subnet(resource, nic_subnets)
        return ""

    @staticmethod
    def _may_be_route_server(resource: Resource) -> bool:
        return resource.type == NET + "virtualhubs" and not resource.properties.get("virtualWan")

    def _subnet_that_names(self, resource: Resource) -> str:
        """The subnet of a child IP configuration, or the one whose own configurations name the resource."""
        for rid, child in self.resources.items():
            if rid.startswith(resource.id + "/ipconfigurations/"):
                subnet = self._own_subnet(child)
                if subnet:
                    return subnet
        return self._subnets_by_user.get(resource.id, "")

    def _index_users(self) -> dict[str, str]:
        """For each resource that a subnet's IP configurations name, the first such subnet."""
        found: dict[str, str] = {}
        for rid, subnet in sorted(self.resources.items()):
            if subnet.type == SUBNET:
                for configuration in keys(subnet.properties.get("ipConfigurations")):
                    for mark in (
                        "/ipconfigurations/",
                        "/frontendipconfigurations/",
                        "/gatewayipconfigurations/",
                    ):
                        if mark in configuration:
                            found.setdefault(configuration.split(mark)[0], rid)
        return found

    def _own_subnet(self, resource: Resource) -> str:
        """The first subnet that the properties refer to, by name of the key and then by id."""
        if resource.type in MACHINES or resource.type.startswith("diagramgen/"):
            return ""
        if resource.type == NIC:
            for configuration in _ip_configurations(resource):
                subnet = key(at(configuration, "properties", "subnet"))
                if subnet:
                    return subnet
        stated = {
            name: value for name, value in resource.properties.items() if name != "managementIpConfiguration"
        }
        found = sorted(
            {
                text.strip().lower().rstrip("/")
                for name, text in strings(stated)
                if "/subnets/" in text.lower() and name not in ("virtualNetworkSubnetId",)
            }
        )
        return next((rid for rid in found if self._is_subnet(rid)), "")

    def _is_subnet(self, rid: str) -> bool:
        known = self.resources.get(rid)
        return known.type == SUBNET if known is not None else bool(vnet_of_subnet(rid))

    def _backend_subnet(self, resource: Resource, nic_subnets: Mapping[str, str]) -> str:
        """Where a public load balancer's machines are: the subnet of its first backend NIC, in a pool or behind a NAT
        rule."""
        p = resource.properties
        for _, text in strings([at(p, "backendAddressPools"), at(p, "inboundNatRules")]):
            nic = text.lower().split("/ipconfigurations/")[0]
            if nic_subnets.get(nic):
                return nic_subnets[nic]
        for rid, subnet in sorted(nic_subnets.items()):
            refers = any(
                resource.id + "/" in text.lower() for _, text in strings(self.resources[rid].properties)
            )
            if refers and subnet:
                return subnet
        return ""

    def _management_group(self, resource: Resource) -> str | None:
        named = key(resource.envelope.get("parent"))
        if named:
            return named
        for group in items(at(resource.properties, "managementGroupAncestorsChain")):
            name = str(group.get("name", "")).lower() if isinstance(group, Mapping) else ""
            rid = f"/providers/microsoft.management/managementgroups/{name}"
            if rid in self.resources:
                return rid
        return None

    def _ghost_networks(self) -> None:
        """Frames for far ends outside the input: VNets of peerings and hub connections, subnets of interfaces."""
        wanted: dict[str, dict[str, Any]] = {}
        for resource in list(self.resources.values()):
            if resource.type == VNET + "/virtualnetworkpeerings":
                far = key(resource.properties.get("remoteVirtualNetwork"))
                space = resource.properties.get("remoteAddressSpace") or resource.properties.get(
                    "remoteVirtualNetworkAddressSpace"
                )
                if far:
                    wanted.setdefault(far, {"addressSpace": space} if space else {})
                    if space and not wanted[far]:
                        wanted[far] = {"addressSpace": space}
                near = (
                    key(resource.envelope.get("parent"))
                    or resource.id.rsplit("/virtualnetworkpeerings/", 1)[0]
                )
                wanted.setdefault(near, {})
            elif resource.type == NET + "virtualhubs/hubvirtualnetworkconnections":
                far = key(resource.properties.get("remoteVirtualNetwork"))
                if far:
                    wanted.setdefault(far, {})
            elif resource.type == VNET:
                for subnet in keys(resource.properties.get("subnets")):
                    self._need_frame(key_of(subnet))
            elif resource.type.endswith("/staticmembers"):
                member = key(resource.properties.get("resourceId"))
                if type_of_id(member) == VNET:
                    wanted.setdefault(member, {})
            elif resource.type == SUBNET:
                wanted.setdefault(key(resource.envelope.get("parent")) or vnet_of_subnet(resource.id), {})
            elif resource.type == NET + "privateendpoints":
                self._ghost_services(resource)
            elif resource.type in ATTACHED:
                for subnet in keys(resource.properties.get("subnets")):
                    self._need_frame(key_of(subnet))
        for rid, properties in sorted(wanted.items()):
            if rid and rid not in self.resources:
                self._ghost(rid, VNET, properties)

    def _ghost_services(self, endpoint: Resource) -> None:
        """Platform services that a private endpoint reaches and the input lacks."""
        for name in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
            for connection in items(endpoint.properties.get(name)):
                target = key(at(connection, "properties", "privateLinkServiceId"))
                kind = KINDS.get(type_of_id(target))
                if target not in self.resources and kind is not None and kind.home == "service":
                    self._ghost(target, kind.type, {})

    def _tell_machines(self) -> None:
        """Says of an interface whose it is where only the machine tells, as templates do."""
        for resource in list(self.resources.values()):
            for rid in keys(at(resource.properties, "networkProfile", "networkInterfaces")):
                nic = self.resources.get(rid)
                if nic is not None and nic.type == NIC and not nic.properties.get("virtualMachine"):
                    told = {**nic.properties, "virtualMachine": {"id": resource.id}}
                    self.resources[rid] = nic._replace(properties=told)

    def _ghost_machines(self) -> None:
        """Machines that only their interfaces name; an index of which interface is whose."""
        self._nics_of: dict[str, list[str]] = defaultdict(list)
        for resource in list(self.resources.values()):
            if resource.type != NIC:
                continue
            machine = key(resource.properties.get("virtualMachine"))
            if machine:
                self._nics_of[machine].append(resource.id)
                if machine not in self.resources:
                    kind = type_of_id(machine)
                    self._ghost(machine, kind if kind.startswith("microsoft.compute/") else MACHINES[0], {})

    def _need_frame(self, rid: str) -> None:
        """Makes the ghost of an enclosing frame that the input lacks: a subnet, a VNet, a hub, a subscription."""
        if rid in self.resources or not rid:
            return
        kind = type_of_id(rid)
        if kind == SUBNET:
            self._ghost(rid, SUBNET, {})
            vnet = vnet_of_subnet(rid)
            self._need_frame(vnet)
            self.resources[rid] = _with_parent(self.resources[rid], vnet)
        elif kind in (VNET, NET + "virtualhubs"):
            self._ghost(rid, kind, {})
            self._need_frame(subscription_of(rid))
            self.resources[rid] = _with_parent(self.resources[rid], subscription_of(rid) or None)
        elif rid == subscription_of(rid):
            self.resources[rid] = Resource(
                rid, SUBSCRIPTION, last_segment(rid), subscription_label(last_segment(rid)), None, {}
            )

    def _ghost(self, rid: str, kind: str, properties: Mapping[str, Any]) -> None:
        self.resources[rid] = Resource(
            rid, kind, last_segment(rid), readable(last_segment(rid)), None, properties, is_ghost=True
        )

    def asgs(self) -> dict[str, tuple[str, ...]]:
        """For each machine (or interface without one) the application security groups of its interfaces."""
        found: dict[str, set[str]] = defaultdict(set)
        for resource in self.resources.values():
            configurations = _ip_configurations(resource)
            owner = key(resource.properties.get("virtualMachine")) or resource.id
            for configuration in configurations:
                found[owner].update(keys(at(configuration, "properties", "applicationSecurityGroups")))
        return {rid: tuple(sorted(groups)) for rid, groups in sorted(found.items()) if groups}

    def public_ips(self) -> dict[str, tuple[str, ...]]:
        """For each resource the public IP addresses that its configuration names."""
        found: dict[str, set[str]] = defaultdict(set)
        for resource in self.resources.values():
            if resource.type not in WITH_PUBLIC_IPS:
                continue
            owner = key(resource.properties.get("virtualMachine")) or resource.id
            for name, text in strings(resource.properties):
                if (name == "id" and "/publicipaddresses/" in f"{text.lower()}") or (
                    name == "id"
                    and key(text) in self.resources
                    and self.resources[key(text)].type == (NET + "publicipaddresses")
                ):
                    found[owner].add(key(text))
        return {rid: tuple(sorted(ips)) for rid, ips in sorted(found.items()) if ips}


def _with_parent(resource: Resource, parent: str | None) -> Resource:
    return Resource(
        resource.id, resource.type, resource.name, resource.label, parent, resource.properties, resource.envelope,
        resource.location, resource.place, resource.is_ghost, resource.places,
    )  # fmt: skip


def _is_ghost(record: Record) -> bool:
    return any(record.envelope.get(mark) is True for mark in (NAME_ONLY, UNTOLD))


def _ip_configurations(resource: Resource) -> list[Mapping[str, Any]]:
    value = resource.properties.get("ipConfigurations")
    return [c for c in value if isinstance(c, Mapping)] if isinstance(value, list | tuple) else []


def _attachment(
    resources: Mapping[str, Resource], forward: str, owner_type: str, backward: tuple[str, ...]
) -> dict[str, str]:
    """What is attached to each subnet or interface, read from both directions; the subnet's own word wins."""
    found: dict[str, str] = {}
    for resource in resources.values():
        if resource.type == owner_type:
            for name in backward:
                for target in keys(resource.properties.get(name)):
                    found.setdefault(target, resource.id)
    for resource in resources.values():
        target = key(resource.properties.get(forward)) if resource.type in (SUBNET, NIC) else ""
        if target:
            found[resource.id] = target
    return dict(sorted(found.items()))


def _parts(resources: Mapping[str, Resource]) -> dict[str, tuple[Resource, ...]]:
    """Security rules, routes and whatever else is a part of something, by its owner."""
    owned: dict[str, list[Resource]] = defaultdict(list)
    for rid in sorted(resources):
        resource = resources[rid]
        if resource.kind is not None and resource.kind.home == "part" and resource.type.count("/") > 1:
            owned[key(resource.envelope.get("parent"))].append(resource)
    return {owner: tuple(parts) for owner, parts in owned.items()}


def _service_endpoints(resources: Mapping[str, Resource]) -> tuple[ServiceEndpoint, ...]:
    found = []
    for resource in resources.values():
        if resource.type == SUBNET:
            for endpoint in items(resource.properties.get("serviceEndpoints")):
                service = at(endpoint, "service")
                if isinstance(service, str):
                    found.append(ServiceEndpoint(resource.id, service))
    return tuple(sorted(found, key=lambda e: (e.subnet, e.service)))


def _groups(outside: Mapping[str, Record]) -> Iterable[Group]:
    for record in outside.values():
        if record.type == "diagramgen/group":
            label = record.envelope.get("label", record.properties.get("label", record.name))
            yield Group(
                record.id,
                str(label if label is not None else record.name),
                keys(record.properties.get("members")),
            )


def _traffic(outside: Mapping[str, Record]) -> Iterable[Traffic]:
    for record in outside.values():
        if record.type != "diagramgen/internet":
            continue
        for entry in record.properties.get("traffic") or ():
            yield Traffic(key(entry.get("to")), str(entry.get("label") or ""), entry.get("direction") or "both",
                          tuple(sorted(entry.get("views") or ())))  # fmt: skip


def _users(outside: Mapping[str, Record]) -> Iterable[Users]:
    for record in outside.values():
        if record.type == "diagramgen/users":
            to = record.properties.get("to")
            targets = keys(to) if isinstance(to, list | tuple) else tuple(filter(None, (key(to),)))
            count = record.envelope.get("count")
            yield Users(record.id, str(record.envelope.get("label") or record.name), targets,
                        count if isinstance(count, int) else 0)  # fmt: skip


def _flows(outside: Mapping[str, Record]) -> Iterable[Flow]:
    for record in sorted(outside.values(), key=lambda r: r.id):
        if record.type == "diagramgen/flow":
            p = record.properties
            yield Flow(key(p.get("from")), key(p.get("to")), str(p.get("ports") or ""), bool(p.get("both")))


def _boundaries(outside: Mapping[str, Record]) -> Iterable[DeclaredBoundary]:
    for record in sorted(outside.values(), key=lambda r: r.id):
        if record.type == "diagramgen/boundary":
            p = record.properties
            yield DeclaredBoundary(
                str(p.get("level") or ""),
                key(p.get("a")),
                key(p.get("b")),
                str(p.get("status") or "enforced"),
                tuple(map(str, p.get("by") or ())),
                record.place,
            )


def _acceptances(outside: Mapping[str, Record]) -> Iterable[Acceptance]:
    for record in sorted(outside.values(), key=lambda r: r.id):
        if record.type == "diagramgen/acceptance":
            p = record.properties
            sides = keys(p.get("between"))
            yield Acceptance(
                str(p.get("rule") or ""),
                tuple(sorted(sides or keys(p.get("on")))),
                str(p.get("reason") or ""),
                str(p.get("until") or ""),
                record.place,
                bool(sides),
            )
