"""What is known of the estate where its resources are compared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

Properties = dict[str, Any]


class Knows(NamedTuple):
    """What the estate holds: ids, the host names that something refers to, the networks of VNets, what is outside, and
    the balancers and gateways that tell what is in their pools."""

    ids: Collection[str]
    more_ids: Collection[str]
    hosts: Collection[str]
    networks: Mapping[str, Collection[str]]
    outside: Collection[str]
    balancers: Collection[str]

    def __call__(self, rid: str) -> bool:
        """Whether the estate holds a resource."""
        return rid in self.ids or rid in self.more_ids
