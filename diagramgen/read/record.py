"""Record: one thing that an input says, in the one shape that every reader produces.

A record is an Azure resource or child resource in the shape of the ARM REST API (`properties` with camelCase keys,
references as `{"id": ...}`), whatever format it was read from: the spec reader lowers what a person wrote to the
same shape. Nested children are records of their own (a subnet, a peering, a security rule, a route ...), so
children that an export repeats inside and outside their parent meet under one id. What Azure does not know
(on-premises sites, the Internet, declared boundaries, views ...) has types that begin with `diagramgen/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import NOWHERE, Place

UNTOLD = "isUntold"
"""In the envelope of a record of which the input tells no more than that there is such a thing, and what it is joined
with: nothing may be concluded from what it lacks, and whatever else is told of it counts alone."""

FRAGMENT = "isFragment"
"""In the envelope of a record that tells one property of a thing, to add to what others tell; alone it leaves the thing
untold."""

NAME_ONLY = "isNameOnly"
"""In the envelope of a record of what lies outside of the input, which only names it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing said by an input.

    `id` is the key: lower case, no slash at its end; `shown_id` is as written. `type` is the ARM type in lower case
    (`microsoft.network/virtualnetworks/subnets`) or `diagramgen/...`. `envelope` holds what stands beside
    `properties` and matters: `sku`, `kind`, `zones`, `tags`, `tenantId`, `subscriptionId`, `resourceGroup` ...
    `places` gives the place of a property where it is not `place / "properties" / key` (lowered specs).
    """

    id: str
    type: str
    name: str
    properties: Mapping[str, Any]
    place: Place = NOWHERE
    shown_id: str = ""
    location: str = ""
    envelope: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was read: the records of every source, and what there is to say of them.

    `sources` maps each source's name to its text for messages (bytes decoded; empty for what is not text).
    `formats` tells what each source was recognised as. `unknown` counts what was not understood, by type;
    `secrets` the secrets that were met and left out, by source.
    """

    records: tuple[Record, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    secrets: Mapping[str, int] = field(default_factory=dict)


def key_of(resource_id: str) -> str:
    """The key under which a resource id is known: Azure compares ids without case.

    Ids as some tools write them, without the first slash or with `resourceGroup`, get the usual form.

    >>> key_of("/subscriptions/S/resourceGroups/RG/ ")
    '/subscriptions/s/resourcegroups/rg'
    >>> key_of("resourceGroup/RG/providers/Microsoft.Network/virtualNetworks/V")
    '/resourcegroups/rg/providers/microsoft.network/virtualnetworks/v'
    """
    key = resource_id.strip().lower().rstrip("/")
    if not key.startswith("/") and ("/providers/" in key or key.startswith("providers/")):
        key = "/" + key
    return key.replace("/resourcegroup/", "/resourcegroups/", 1) if "/resourcegroup/" in key else key
