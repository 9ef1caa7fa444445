"""Which of two deployments of one resource comes later: it replaces what the earlier one wrote, whole.

Templates make a NIC and give it a fixed address afterwards, or a VNet and its NSGs. Only `dependsOn` tells the order.
https://learn.microsoft.com/azure/azure-resource-manager/templates/resource-dependency
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagramgen.read.extract import Row
from diagramgen.read.template.deployment import Deployment
from diagramgen.read.template.instance import Instance
from diagramgen.read.template.targets import text_of
from diagramgen.read.template.walk import evaluate_tree

_KEPT = {"microsoft.network/virtualnetworks": ("subnets", "virtualNetworkPeerings")}
"""Children that stay where a later deployment says nothing of them.
https://learn.microsoft.com/azure/virtual-network/manage-virtual-network"""

Trail = tuple[int, ...]
"""The way to a resource: the positions of the deployments around it, then its own."""


def in_order(root: Deployment, rows: Sequence[tuple[Trail, Row]]) -> list[Row]:
    """The rows, of those of one resource that come after each other only the last."""
    by_id: dict[str, list[tuple[Trail, Row]]] = {}
    for trail, row in rows:
        by_id.setdefault(row.resource["id"].lower(), []).append((trail, row))
    found: list[Row] = []
    for same in by_id.values():
        found += [row for _, row in same] if len(same) == 1 else _combined(root, same)
    return found


def _combined(root: Deployment, same: list[tuple[Trail, Row]]) -> list[Row]:
    """The rows of one resource: one, where each comes after the one before or before it; else all of them."""
    ordered = [same[0]]
    for trail, row in same[1:]:
        if _is_after(root, trail, ordered[-1][0]):
            ordered.append((trail, row))
        elif _is_after(root, ordered[0][0], trail):
            ordered.insert(0, (trail, row))
        else:
            return [row for _, row in same]
    if any(row.resource.get("isConditional") for _, row in ordered):
        return [row for _, row in same]
    last = ordered[-1][1]
    for _, earlier in reversed(ordered[:-1]):
        for name in _KEPT.get(str(last.resource["type"]).lower(), ()):
            if name in earlier.resource["properties"]:
                last.resource["properties"].setdefault(name, earlier.resource["properties"][name])
    return [last]


def _is_after(root: Deployment, trail: Trail, other: Trail) -> bool:
    """Whether a resource is deployed after another one has been."""
    deployment = root
    for position, before in zip(trail, other, strict=False):
        if position != before:
            later, earlier = deployment.resources.at(position), deployment.resources.at(before)
            return later is not None and earlier is not None and _depends(later, earlier)
        step = deployment.resources.at(position)
        if step is None or not step.is_deployment or step.inner is None:
            return False
        deployment = step.inner
    return False


def _depends(later: Instance, earlier: Instance) -> bool:
    waiting, seen = [later], {id(later)}
    while waiting:
        for needed in _needs(waiting.pop()):
            if needed is earlier:
                return True
            if id(needed) not in seen:
                seen.add(id(needed))
                waiting.append(needed)
    return False


def _needs(instance: Instance) -> Iterator[Instance]:
    """The resources that are deployed before a resource; the one that it is written in is."""
    if instance.parent is not None:
        yield instance.parent
    resources, run = instance.deployment.resources, instance.deployment.run
    told = evaluate_tree(instance.raw.get("dependsOn"), instance.frame, instance.place / "dependsOn", run)
    for target in told if isinstance(told, list) else ():
        name = text_of(target)
        turns = resources.named(name) or resources.of_loop(name)
        found = turns or [one for one in (resources.find(target),) if one is not None]
        yield from (one for one in found if one.deployment is instance.deployment)
