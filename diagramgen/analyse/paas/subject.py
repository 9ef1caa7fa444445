"""A subject: the service that is judged, with what belongs to it, and how its lines become rules with places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from diagramgen.analyse.addresses import Addresses
from diagramgen.analyse.paas.answers import Answer
from diagramgen.analyse.tags import ServiceTags, Tagged, tag_match
from diagramgen.analyse.verdicts import Access, FlowVerdict, Rule
from diagramgen.located import Key, Place
from diagramgen.model.topology import Resource

_SPEC_KEYS = {
    "publicNetworkAccess": "public_access", "ipRules": "allowed_addresses", "virtualNetworkRules": "allowed_subnets",
    "defaultAction": "allowed_addresses", "privateLinkServiceConnections": "to",
}  # fmt: skip


class Subject(NamedTuple):
    """A service. `children` are its child resources by the last word of their type, each list sorted by id.

    `is_told`: a spec tells of it, so that what it does not say is at its documented default; in an export it may only
    be missing. `has_endpoint`: whether a private endpoint is connected. `perimeters` are the access modes of the
    network security perimeters that it is associated with.
    """

    resource: Resource
    children: Mapping[str, tuple[Resource, ...]]
    is_told: bool
    has_endpoint: bool | None
    perimeters: tuple[str, ...]
    addresses: Addresses
    service_tags: ServiceTags | None
    environments: Mapping[str, Resource]

    @property
    def properties(self) -> Mapping[str, Any]:
        """The properties, as the REST API writes them."""
        return self.resource.properties

    def tagged(self, word: str) -> Tagged:
        """The addresses that a service tag means."""
        return tag_match(word, self.service_tags, self.addresses)

    def answer(
        self, verdict: FlowVerdict, code: str, text: str, *path: Key, own: Resource | None = None,
        is_broad: bool = False,
    ) -> Answer:  # fmt: skip
        """An answer with its rule, which stands at a path below the properties of `own`, or of the service.

        Without a path it is what holds by default.
        """
        rule = self.rule("deny" if verdict == "denied" else "allow", text, *path, own=own)
        return Answer(verdict, code, rule, is_broad)

    def open_to_all(self, code: str, text: str, *path: Key, own: Resource | None = None) -> Answer:
        """An answer that lets everyone in."""
        return self.answer("allowed", code, text, *path, own=own, is_broad=True)

    def open_by_default(self) -> Answer:
        """The answer of a service that lets everyone in as long as no rule is set."""
        return self.open_to_all("public:defaultAction=Allow", "everyone is let in, as no rule is set")

    def rule(self, access: Access, text: str, *path: Key, own: Resource | None = None) -> Rule:
        """A rule of the service's firewall."""
        holder = own or self.resource
        if path:
            name = ".".join(map(str, path))
        else:
            name = "default" if holder is self.resource else holder.name
        rid = holder.id if not path and holder is not self.resource else f"{holder.id}/{name.lower()}"
        return Rule(rid, name, self.resource.id, self.resource.label or self.resource.name, "paas", access, 0, text,
                    place_of(holder, *path), not path and holder is self.resource, "service")  # fmt: skip


def place_of(resource: Resource, *path: Key) -> Place:
    """Where a property stands: in an export below `properties`, in a spec under the spec's own key."""
    if resource.id.startswith("/"):
        place = resource.place / "properties"
        for step in path:
            place /= step
        return place
    words = [_SPEC_KEYS[step] for step in path if isinstance(step, str) and step in _SPEC_KEYS]
    return resource.place / words[-1] if words else resource.place
