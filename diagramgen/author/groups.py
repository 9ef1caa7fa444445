"""Resource groups, each in one spelling: Azure compares their names without case, and inputs write them anyhow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from diagramgen.model.references import resource_group_of
from diagramgen.model.topology import Resource

Groups = Mapping[str, str]
"""How a resource group is written, by its name in lower case."""


def spelled_groups(resources: Iterable[Resource]) -> Groups:
    """The spelling of each group that most of what it holds has."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for resource in resources:
        told = resource.envelope.get("resourceGroup")
        if isinstance(told, str) and told and not resource.is_ghost:
            found[told.lower()][told] += 1
    return {folded: max(sorted(spelled), key=lambda name: spelled[name]) for folded, spelled in found.items()}


def group_of(resource: Resource, groups: Groups) -> str:
    """The resource group of a resource; "" for what is in none."""
    told = resource.envelope.get("resourceGroup")
    found = told if isinstance(told, str) and told else resource_group_of(resource.id)
    return groups.get(found.lower(), found)
