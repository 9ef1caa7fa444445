"""What was read, by names: what there is, what each thing says, how it hangs together, and how it is judged.

Ids differ between formats (a template has none, a spec has its own), so everything is called by its type and the names
of what it is in. Specs have no names for interfaces, peerings and zone links: `by_role` calls these by what they join.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.analyse import Analysis
from diagramgen.model.topology import PeeringHalf, Resource, Topology
from diagramgen.pipeline import build_topology, check_topology
from diagramgen.read import Reading

Facts = dict[tuple[str, ...], Any]
NET = "microsoft.network/"
_FLEETING = frozenset(
    ("etag", "provisioningState", "resourceGuid", "id", "type", "resourceGroup", "virtualNetworkResourceId")
)
_PAIRS = {
    "addressPrefix": "addressPrefixes", "sourceAddressPrefix": "sourceAddressPrefixes",
    "destinationAddressPrefix": "destinationAddressPrefixes", "sourcePortRange": "sourcePortRanges",
    "destinationPortRange": "destinationPortRanges",
}  # fmt: skip
"""Properties that hold one value, and those that hold several of the same."""
_COLLECTIONS = {
    NET + "virtualnetworks": ("subnets", "virtualNetworkPeerings"),
    NET + "networksecuritygroups": ("securityRules",),
    NET + "routetables": ("routes",),
    NET + "firewallpolicies": ("ruleCollectionGroups",),
}
"""Collections of which the model says whether all of them are told."""


def portrait_of(reading: Reading, *, by_role: bool = False) -> Facts:
    """Everything that the model and the analysis tell of what was read: what is told of each thing by the path to it,
    joins and verdicts by a word and the names of what they are about."""
    topology = build_topology(reading)
    painter = _Painter(topology, by_role)
    return {**painter.facts(), **painter.joins(), **painter.verdicts(Analysis(topology))}


def differences(one: Facts, other: Facts) -> Iterator[tuple[str, Any, Any]]:
    """What two portraits tell differently: the path, and what each of them tells; None for nothing."""
    for path in sorted({*one, *other}):
        if one.get(path) != other.get(path):
            yield " > ".join(path), one.get(path), other.get(path)


class _Painter:
    def __init__(self, topology: Topology, by_role: bool) -> None:
        self.topology = topology
        self.by_role = by_role
        self.known: dict[str, str] = {}

    # Names

    def name(self, rid: str) -> str:
        """`virtualnetworks/hub/subnets/web`; of a part of a thing, the name of that with the rest of the id."""
        rid = rid.strip().lower().rstrip("/")
        if rid not in self.known:
            self.known[rid] = rid  # while it is asked for
            resource = self.topology.resources.get(rid)
            self.known[rid] = self._part(rid) if resource is None else self._name(resource)
        return self.known[rid]

    def _name(self, resource: Resource) -> str:
        if resource.type == "microsoft.resources/subscriptions":
            return "subscription"
        role = self._role(resource) if self.by_role else ""
        if role:
            return role
        steps = resource.type.removeprefix(NET).split("/")
        above = str(resource.envelope.get("parent") or "") if len(resource.type.split("/")) > 2 else ""
        head = self.name(above) if above else "/".join(steps[:-1])
        return "/".join(filter(None, (head, steps[-1], resource.name))).lower()

    def _role(self, resource: Resource) -> str:
        p = resource.properties
        above = str(resource.envelope.get("parent") or "")
        if resource.type == NET + "networkinterfaces":
            owner = _id(p.get("virtualMachine")) or _id(p.get("privateEndpoint"))
            return f"interface of {self.name(owner)}" if owner else ""
        if resource.type.endswith("/virtualnetworkpeerings"):
            return f"{self.name(above)}/peering with {self.name(_id(p.get('remoteVirtualNetwork')))}"
        if resource.type.endswith("/virtualnetworklinks"):
            return f"{self.name(above)}/link of {self.name(_id(p.get('virtualNetwork')))}"
        if resource.type.endswith("/privatednszonegroups"):
            return f"{self.name(above)}/zone group"
        return ""

    def _part(self, rid: str) -> str:
        head = rid
        while "/" in head.strip("/"):
            head = head.rpartition("/")[0]
            resource = self.topology.resources.get(head)
            if resource is not None and resource.type != "microsoft.resources/subscriptions":
                return f"{self.name(head)}{rid[len(head) :]}"
        return rid.partition("/providers/")[2].removeprefix(NET) or rid

    # What each thing says

    def facts(self) -> Facts:
        """Every property of every resource, a fact a path, in one spelling; what is empty is not there."""
        found: Facts = {}
        for resource in self.topology.resources.values():
            name = self.name(resource.id)
            found[name,] = (resource.type, resource.is_ghost)
            beside = {
                key: resource.envelope[key] for key in ("sku", "kind", "zones") if resource.envelope.get(key)
            }
            told = {**resource.properties, **beside, "location": resource.location}
            for path, value in self._flat(told, ()):
                if path[0] not in _FLEETING:
                    found[name, *path] = value
        return found

    def _flat(self, value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
        if isinstance(value, Mapping):
            members = dict(value)
            for one, many in _PAIRS.items():
                if members.get(one):
                    members[many] = [members[one]]
                members.pop(one, None)
            if set(members) == {"id"}:
                yield path, self.name(str(members["id"]))
                return
            for key, inner in members.items():
                if key not in _FLEETING:
                    yield from self._flat(inner, path if key == "properties" else (*path, key))
        elif isinstance(value, list | tuple):
            yield from self._flat_list(value, path)
        elif value not in (None, ""):
            text = str(value).lower().removesuffix("/32")
            yield path, self.name(text) if text in self.topology.resources else text

    def _flat_list(
        self, values: list[Any] | tuple[Any, ...], path: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], Any]]:
        plain = []
        for number, each in enumerate(values):
            if not isinstance(each, Mapping):
                plain += [told for _, told in self._flat(each, ())]
                continue
            reference = each.get("id") or each.get("virtualNetworkResourceId")
            if reference and "name" not in each:
                plain.append(self.name(str(reference)))
            key = (
                each.get("name")
                or each.get("service")
                or (self.name(str(reference)) if reference else number)
            )
            if set(each) != {"id"}:
                told = self._flat(each, (*path, f"[{key}]".lower()))
                yield from ((inside, value) for inside, value in told if inside[-1] != "name")
        if plain:
            yield path, tuple(sorted(map(str, plain)))

    # How things hang together

    def joins(self) -> Facts:
        """Frames, attachments, peerings, connections and links, and which lists are told in full."""
        topology, name = self.topology, self.name
        found: Facts = {}
        for rid, resource in topology.resources.items():
            parent = topology.resources.get(resource.parent or "")
            is_part = resource.kind is not None and resource.kind.home in ("part", "link")
            if parent is not None and not is_part and parent.type != "microsoft.resources/subscriptions":
                found["frame", name(rid)] = name(parent.id)
            for collection in _COLLECTIONS.get(resource.type, ()):
                found["tells", name(rid), collection] = topology.tells(rid, collection)
        for what in ("nsg_of", "route_table_of", "nat_gateway_of"):
            found |= {(what, name(rid)): name(to) for rid, to in getattr(topology, what).items()}
        for what in ("asgs_of", "public_ips_of"):
            for rid, many in getattr(topology, what).items():
                found[what, name(rid)] = tuple(sorted(map(name, many)))
        for rid, parts in topology.parts.items():
            own = sorted(name(part.id) for part in parts if not part.type.endswith("/defaultsecurityrules"))
            if own:
                found["parts", name(rid)] = tuple(own)
        return {**found, **self._peerings(), **self._links()}

    def _peerings(self) -> Facts:
        found: Facts = {}
        for each in self.topology.peerings:
            found["peering", " | ".join(sorted((self.name(each.a), self.name(each.b))))] = each.state
            for near, far, half in ((each.a, each.b, each.a_half), (each.b, each.a, each.b_half)):
                way = f"{self.name(near)} -> {self.name(far)}"
                found |= {("peering", way, key): value for key, value in self._half(half).items()}
        return found

    def _half(self, half: PeeringHalf | None) -> Mapping[str, Any]:
        if half is None:
            return {"absent": True}
        told = half._asdict()
        del told["place"]
        return {**told, "id": self.name(half.id), "state": (half.state or "").lower()}

    def _links(self) -> Facts:
        name = self.name
        found: Facts = {}
        for each in self.topology.connections:
            ends = f"{name(each.a)} -> {name(each.b)}"
            found |= {("connection", ends): each.kind, ("connection", ends, "status"): each.status.lower()}
        for link in self.topology.private_links:
            found["private link", name(link.endpoint)] = (name(link.target), link.group)
            found["private link", name(link.endpoint), "status"] = link.status
        for endpoint in self.topology.service_endpoints:
            found["service endpoint", name(endpoint.subnet), endpoint.service] = True
        for service in self.topology.service_links:
            found["service link", name(service.subnet), name(service.service)] = service.kind
        return found

    # How it is judged

    def verdicts(self, analysis: Analysis) -> Facts:
        """Every boundary by its sides, every finding by what it is about."""
        boundaries, findings = check_topology(analysis)
        found: Facts = {}
        for each in boundaries:
            sides = sorted((self._side(analysis, each.a), self._side(analysis, each.b)))
            found["boundary", each.level, *sides] = each.status
            found["controls", each.level, *sides] = tuple(sorted(map(self.name, each.by)))
        for finding in findings:
            found["finding", finding.rule, *sorted(map(self.name, finding.ids))] = finding.severity
        return found

    def _side(self, analysis: Analysis, rid: str) -> str:
        name = self.name(rid)
        inside = sorted(map(self.name, analysis.vnets_of(rid))) if name == "subscription" else []
        return f"subscription of {', '.join(inside)}" if inside else name


def _id(reference: object) -> str:
    return str(reference.get("id") or "") if isinstance(reference, Mapping) else ""
