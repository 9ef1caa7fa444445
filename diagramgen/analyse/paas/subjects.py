"""Subjects: each service with what belongs to it, found once for all: children, perimeters, private endpoints."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from diagramgen.analyse.addresses import NET, Addresses
from diagramgen.analyse.paas.subject import Subject
from diagramgen.analyse.paas.ways import PrivatePath
from diagramgen.analyse.tags import ServiceTags
from diagramgen.model.references import at, key
from diagramgen.model.topology import Resource, Topology

_ASSOCIATION = NET + "networksecurityperimeters/resourceassociations"


class Subjects:
    """The services of a topology as subjects, by their ids; one that the input lacks is a ghost."""

    def __init__(
        self, topology: Topology, addresses: Addresses, tags: ServiceTags | None, ids: Iterable[str],
        paths: Mapping[str, tuple[PrivatePath, ...]],
    ) -> None:  # fmt: skip
        self._topology = topology
        self._addresses = addresses
        self._tags = tags
        self._ids = frozenset(ids)
        self._paths = paths

    def of(self, service: str) -> Subject:
        """A service as a subject."""
        resources = self._topology.resources
        resource = resources.get(service) or Resource(service, "", "", "", None, {}, is_ghost=True)
        is_told = not self._topology.is_exported(service)
        return Subject(
            resource, self._children.get(service, {}), is_told, self._has_endpoint(resource, is_told),
            self._perimeters.get(service, ()), self._addresses, self._tags, resources,
        )  # fmt: skip

    def _has_endpoint(self, service: Resource, is_told: bool) -> bool | None:
        """Whether a private endpoint is connected; None where there may be some outside the input."""
        paths = [path for path in self._paths.get(service.id, ()) if path.kind != "injected"]
        if any(path.is_approved is not False for path in paths):
            return True
        listed = service.properties.get("privateEndpointConnections")
        is_complete = is_told or (isinstance(listed, list | tuple) and len(listed) <= len(paths))
        return False if is_complete else None

    @cached_property
    def _children(self) -> Mapping[str, Mapping[str, tuple[Resource, ...]]]:
        """The child resources of each service by the last word of their type, sorted by id."""
        found: dict[str, dict[str, tuple[Resource, ...]]] = defaultdict(dict)
        for rid, resource in sorted(self._topology.resources.items()):
            if resource.type.count("/") < 2:
                continue
            parent = key(resource.envelope.get("parent")) or rid.rsplit("/", 2)[0]
            if parent in self._ids:
                word = resource.type.rsplit("/", 1)[1]
                found[parent][word] = (*found[parent].get(word, ()), resource)
        return found

    @cached_property
    def _perimeters(self) -> Mapping[str, tuple[str, ...]]:
        """The access modes, lower case, of each service's associations with network security perimeters.

        https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition
        """
        found: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for resource in self._topology.resources.values():
            service, mode = "", None
            if resource.type == _ASSOCIATION:
                service = key(resource.properties.get("privateLinkResource"))
                mode = at(resource.properties, "accessMode")
            elif resource.type.endswith("/networksecurityperimeterconfigurations"):
                service = key(resource.envelope.get("parent")) or resource.id.rsplit("/", 2)[0]
                mode = at(resource.properties, "resourceAssociation", "accessMode")
            if service:
                found[service] += (mode.lower() if isinstance(mode, str) else "",)
        return found
