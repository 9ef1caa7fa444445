"""A small network in every shape in which Azure exports it, for the tests of the readers."""

from __future__ import annotations

import copy
import json
from typing import Any

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.read import Reading, Record, Source, read_records

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-net"
HUB = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-hub"
SPOKE = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-spoke"
NSG = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg-web"


def rest_vnet() -> dict[str, Any]:
    """A VNet with two subnets and a peering, as the REST API gives it."""
    return {
        "id": HUB,
        "name": "vnet-hub",
        "type": "Microsoft.Network/virtualNetworks",
        "location": "westeurope",
        "etag": 'W/"1"',
        "tags": {"owner": "net"},
        "properties": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [
                {
                    "id": f"{HUB}/subnets/web",
                    "name": "web",
                    "type": "Microsoft.Network/virtualNetworks/subnets",
                    "properties": {"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {"id": NSG}},
                },
                {
                    "id": f"{HUB}/subnets/data",
                    "name": "data",
                    "type": "Microsoft.Network/virtualNetworks/subnets",
                    "properties": {"addressPrefix": "10.0.2.0/24"},
                },
            ],
            "virtualNetworkPeerings": [
                {
                    "id": f"{HUB}/virtualNetworkPeerings/to-spoke",
                    "name": "to-spoke",
                    "type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
                    "properties": {"peeringState": "Connected", "remoteVirtualNetwork": {"id": SPOKE}},
                }
            ],
        },
    }


def az_vnet() -> dict[str, Any]:
    """The same VNet as `az network vnet list` prints it, the old way, with null for what is absent."""
    return {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "bgpCommunities": None,
        "etag": 'W/"1"',
        "id": HUB,
        "location": "westeurope",
        "name": "vnet-hub",
        "resourceGroup": "rg-net",
        "subnets": [
            {
                "addressPrefix": "10.0.1.0/24",
                "id": f"{HUB}/subnets/web",
                "name": "web",
                "networkSecurityGroup": {"id": NSG, "resourceGroup": "rg-net", "securityRules": None},
                "resourceGroup": "rg-net",
                "type": "Microsoft.Network/virtualNetworks/subnets",
            },
            {
                "addressPrefix": "10.0.2.0/24",
                "id": f"{HUB}/subnets/data",
                "name": "data",
                "networkSecurityGroup": None,
                "resourceGroup": "rg-net",
                "type": "Microsoft.Network/virtualNetworks/subnets",
            },
        ],
        "tags": {"owner": "net"},
        "type": "Microsoft.Network/virtualNetworks",
        "virtualNetworkPeerings": [
            {
                "id": f"{HUB}/virtualNetworkPeerings/to-spoke",
                "name": "to-spoke",
                "peeringState": "Connected",
                "remoteVirtualNetwork": {"id": SPOKE, "resourceGroup": "rg-net"},
                "resourceGroup": "rg-net",
                "type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
            }
        ],
    }


def graph_row(resource: dict[str, Any]) -> dict[str, Any]:
    """A resource in REST's shape as a row of Resource Graph, with its sixteen columns."""
    row: dict[str, Any] = dict.fromkeys(("sku", "plan", "tags", "identity", "zones", "extendedLocation"))
    row |= {"kind": "", "managedBy": "", "location": "", "tenantId": "t", "subscriptionId": SUBSCRIPTION}
    row |= copy.deepcopy({key: value for key, value in resource.items() if key != "etag"})
    return row | {"type": resource["type"].lower(), "resourceGroup": "rg-net"}


def graph_answer(*rows: dict[str, Any], total: int | None = None, token: str | None = None) -> dict[str, Any]:
    """The envelope of `az graph query -o json`."""
    return {
        "count": len(rows),
        "data": list(rows),
        "skip_token": token,
        "total_records": len(rows) if total is None else total,
    }


def rule(name: str, priority: int, **properties: Any) -> dict[str, Any]:
    """A security rule of the NSG, in REST's shape."""
    return {
        "id": f"{NSG}/securityRules/{name}",
        "name": name,
        "properties": {"priority": priority, "direction": "Inbound", "access": "Allow", **properties},
    }


def nsg(*rules: dict[str, Any]) -> dict[str, Any]:
    """The NSG of subnet `web`, in REST's shape."""
    return {
        "id": NSG,
        "name": "nsg-web",
        "type": "Microsoft.Network/networkSecurityGroups",
        "location": "westeurope",
        "properties": {"securityRules": list(rules), "subnets": [{"id": f"{HUB}/subnets/web"}]},
    }


def read(*documents: Any) -> Reading:
    """Reads every document as a file of its own: a str or bytes as it is, anything else as JSON."""
    return read_records(
        Source(f"file{n}.json", encoded(document)) for n, document in enumerate(documents, start=1)
    )


def encoded(document: Any) -> bytes:
    if isinstance(document, bytes):
        return document
    return (document if isinstance(document, str) else json.dumps(document)).encode()


def refusal(*documents: Any) -> Diagnostic:
    """The one error that reading these documents ends in."""
    try:
        reading = read(*documents)
    except InputError as problem:
        errors = [d for d in problem.diagnostics if d.severity == "error"]
        assert len(errors) == 1, errors
        return errors[0]
    raise AssertionError(f"read without error: {reading.formats}")


def by_id(reading: Reading) -> dict[str, Record]:
    return {record.id: record for record in reading.records}


def said(reading: Reading) -> list[tuple[Any, ...]]:
    """What the records say, without where it was said."""
    return [
        (
            r.id,
            r.type,
            r.name,
            r.location,
            dict(r.properties),
            {k: v for k, v in r.envelope.items() if k != "tenantId"},
        )
        for r in reading.records
    ]
