"""The order in which a person reads things: by address, and by name with the numbers in it by their size."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any

from diagramgen.author.values import texts


def natural(name: str) -> tuple[Any, ...]:
    """A name as people sort it.

    >>> sorted(["vm-10", "vm-2"], key=natural)
    ['vm-2', 'vm-10']
    """
    parts = re.split(r"([0-9]+)", name.lower())
    return tuple(
        (0, int(part), "") if part.isdecimal() and part.isascii() else (1, 0, part) for part in parts
    )


def by_address(properties: Mapping[str, Any]) -> tuple[int, int]:
    """The first address of a subnet; things without one come last."""
    for text in (*texts(properties.get("addressPrefix")), *texts(properties.get("addressPrefixes"))):
        try:
            network = ip_network(text, strict=False)
        except ValueError:
            continue
        return network.version, int(network.network_address)
    return 9, 0
