"""What an estate says, asked across its resources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from diagramgen.author.canon import HOST_NAMES, hosts_in
from diagramgen.author.groups import Groups, group_of, spelled_groups
from diagramgen.author.places import NIC, VNET
from diagramgen.author.pools import in_pools
from diagramgen.author.values import Json, texts
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource, Topology
from diagramgen.read.record import Reading, Record


class Estate:
    """An estate that is written down. `read` has the properties of each resource that the program reads."""

    def __init__(self, topology: Topology, reading: Reading, read: Mapping[str, Json]) -> None:
        self.topology = topology
        self.read = read
        self.formats = frozenset(reading.formats.values())
        self.records: dict[str, Record] = {record.id: record for record in reading.records}

    def resource(self, rid: str) -> Resource | None:
        """A resource that the input tells of or names."""
        return self.topology.resources.get(rid)

    def shown_id(self, resource: Resource) -> str:
        """The id of a resource as the input writes it."""
        record = self.records.get(resource.id)
        shown = record.shown_id.strip().rstrip("/") if record is not None else ""
        return shown if shown.lower() == resource.id else resource.id

    def group_of(self, resource: Resource) -> str:
        """The resource group of a resource, as the spec writes it; "" for what is in none."""
        return group_of(resource, self._groups)

    @cached_property
    def _groups(self) -> Groups:
        return spelled_groups(self.topology.resources.values())

    @cached_property
    def keeps_tags(self) -> bool:
        """Whether tags are written: a person wrote them, in a spec."""
        return self.formats <= {"spec", "overlay"}

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The host names by which something refers to something else."""
        found: set[str] = set()
        if all(HOST_NAMES.isdisjoint(properties) for properties in self.read.values()):
            return frozenset()
        for properties in self.read.values():
            found |= hosts_in({n: v for n, v in properties.items() if n not in HOST_NAMES})
        return frozenset(found)

    @cached_property
    def networks(self) -> Mapping[str, tuple[str, ...]]:
        """The networks of each VNet."""
        return {
            vnet.id: tuple(texts(at(vnet.properties, "addressSpace", "addressPrefixes")))
            for vnet in self.topology.of_type(VNET)
        }

    @cached_property
    def outside(self) -> frozenset[str]:
        """What the input only names."""
        return frozenset(r.id for r in self.topology.resources.values() if r.is_outside)

    @cached_property
    def in_pools(self) -> Mapping[str, list[str]]:
        """The IP configurations that say of a pool or NAT rule that they are in it."""
        return in_pools(self.topology.resources.values())

    @cached_property
    def nics(self) -> Mapping[str, list[Resource]]:
        """The interfaces of each machine and private endpoint, in its own order where it tells one."""
        found: dict[str, dict[str, Resource]] = defaultdict(dict)
        for resource in self.topology.resources.values():
            for rid in keys(at(resource.properties, "networkProfile", "networkInterfaces")):
                if (nic := self.resource(rid)) is not None and nic.type == NIC:
                    found[resource.id][rid] = nic
        for nic in self.topology.of_type(NIC):
            owner = key(nic.properties.get("virtualMachine")) or key(nic.properties.get("privateEndpoint"))
            if owner:
                found[owner][nic.id] = nic
        return {owner: list(nics.values()) for owner, nics in found.items()}

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """The machine or private endpoint that each interface belongs to."""
        return {nic.id: owner for owner, nics in self.nics.items() for nic in nics}
