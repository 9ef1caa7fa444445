"""What stands for an attribute that is not known: its address in braces.

The same attribute has the same mark wherever it goes, so that what refers to it can still be told.
"""

from __future__ import annotations

from diagramgen.read.terraform.instance import Instance
from diagramgen.read.unknown import unknown


def mark(instance: Instance, path: str) -> str:
    """What stands for an attribute that is not known; without slashes, as it may become a part of an id.

    >>> from diagramgen.located import NOWHERE
    >>> mark(Instance((), "managed", "azurerm_subnet", "x", "10.0.0.0/24", "", {}, NOWHERE), "name")
    '{azurerm_subnet.x["10.0.0.0-24"].name}'
    """
    return mark_of(instance.address, path)


def mark_of(address: str, path: str) -> str:
    """The same for the instance with an address."""
    return unknown(f"{address}.{path}".replace("/", "-"))
