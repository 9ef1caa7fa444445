"""Effective rules and routes of network interfaces: what Azure says that it applies to a machine.

`az network nic list-effective-nsg` and `show-effective-route-table`, the same of REST and PowerShell, and Network
Watcher's security group view. They become records of their own (`diagramgen/effective-rules` and `-routes`), which
`effective_state` holds against the rest of the input.

https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/list-effective-network-security-groups
https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/get-effective-route-table
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from diagramgen.located import Place
from diagramgen.read.context import Context
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Row

RULES = "diagramgen/effective-rules"
ROUTES = "diagramgen/effective-routes"

_KEPT_TAGS = frozenset({"virtualnetwork", "internet", "azureloadbalancer", "*"})
"""Tags that the analysis knows itself; others stand for the addresses that Azure says they expand to."""


def is_rules(document: Json) -> bool:
    """Whether these are effective rules, a group for each NSG that counts for an interface."""
    return any(isinstance(_get(entry, "effectiveSecurityRules"), list) for entry in _entries(document)[:3])


def is_routes(document: Json) -> bool:
    """Whether this is an effective route table."""
    entries = _entries(document)
    return bool(entries) and all(
        _get(entry, "nextHopType")
        and _get(entry, "addressPrefix")
        and (_get(entry, "source") or _get(entry, "state"))
        for entry in entries[:5]
    )


def is_view(document: Json) -> bool:
    """Whether this is a security group view of Network Watcher."""
    interfaces = document.get("networkInterfaces") if isinstance(document, dict) else None
    return isinstance(interfaces, list) and any(
        isinstance(nic, dict) and "securityRuleAssociations" in nic for nic in interfaces[:3]
    )


def read_rules(document: Json, place: Place, context: Context) -> Extract:
    """The rules of one interface."""
    where = place / "value" if isinstance(document, dict) and "value" in document else place
    groups, nic = [], ""
    for at, entry in enumerate(_entries(document)):
        association = _get(entry, "association")
        nic = nic or _id(_get(association, "networkInterface"))
        rules = [
            _rule(rule, where / at / "effectiveSecurityRules" / n)
            for n, rule in enumerate(_get(entry, "effectiveSecurityRules") or ())
            if isinstance(rule, dict)
        ]
        groups.append({
            "nsg": _id(_get(entry, "networkSecurityGroup")), "subnet": _id(_get(association, "subnet")),
            "manager": _id(_get(association, "networkManager")), "rules": rules,
        })  # fmt: skip
    said = {"networkInterface": _nic(nic, place, context), "groups": groups}
    return Extract(("effective rules",), (_row(RULES, said, place),))


def read_view(document: dict[str, Any], place: Place) -> Extract:
    """The rules of the interfaces of a machine, as Network Watcher lists them."""
    rows = []
    for at, nic in enumerate(document["networkInterfaces"]):
        associations = nic.get("securityRuleAssociations") if isinstance(nic, dict) else None
        if not isinstance(associations, dict):
            continue
        where = place / "networkInterfaces" / at
        groups = []
        for name in ("networkInterfaceAssociation", "subnetAssociation"):
            association = associations.get(name)
            listed = association.get("securityRules") if isinstance(association, dict) else None
            for nsg, rules in _by_group(listed, where / "securityRuleAssociations" / name / "securityRules"):
                subnet = _id(association) if name == "subnetAssociation" else ""
                groups.append({"nsg": nsg, "subnet": subnet, "rules": rules})
        said = {"networkInterface": {"id": _id(nic), "isSure": True}, "groups": groups}
        rows.append(_row(RULES, said, where))
    return Extract(("security group view",), tuple(rows))


def read_routes(document: Json, place: Place, context: Context) -> Extract:
    """The routes of one interface, which does not stand among them."""
    where = place / "value" if isinstance(document, dict) and "value" in document else place
    routes = [
        {
            "name": str(_get(entry, "name") or ""), "source": str(_get(entry, "source") or ""),
            "state": str(_get(entry, "state") or "Active"), "prefixes": _texts(_get(entry, "addressPrefix")),
            "nextHopType": str(_get(entry, "nextHopType")), "nextHops": _texts(_get(entry, "nextHopIpAddress")),
            "place": where / at,
        }
        for at, entry in enumerate(_entries(document))
    ]  # fmt: skip
    said = {"networkInterface": _nic("", place, context), "routes": routes}
    return Extract(("effective routes",), (_row(ROUTES, said, place),))


def _row(kind: str, said: dict[str, Any], place: Place) -> Row:
    steps = "-".join(map(str, (place.document, *place.path)))
    name = f"{kind.removeprefix('diagramgen/')} {PurePath(place.source).name} {steps}"
    return Row(
        {"id": f"{kind}/{place.source}/{steps}", "name": name, "type": kind, "properties": said}, place
    )


def _nic(told: str, place: Place, context: Context) -> dict[str, Any]:
    """The interface that is meant: as told in the file, by the user, or perhaps by the file's name."""
    if told:
        return {"id": told, "isSure": True}
    if given := context.options.effective_of.get(place.source):
        return {"id": given, "isSure": True}
    return {"id": PurePath(place.source).name.split(".")[0], "isSure": False}


def _entries(document: Json) -> list[Json]:
    listed = document.get("value") if isinstance(document, dict) else document
    return [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []


def _get(entry: Json, name: str) -> Any:
    """A member by REST's name or PowerShell's."""
    if not isinstance(entry, dict):
        return None
    return entry[name] if name in entry else entry.get(name[0].upper() + name[1:])


def _id(value: Json) -> str:
    found = _get(value, "id")
    return found.strip() if isinstance(found, str) else ""


def _texts(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    return [text for text in value if isinstance(text, str) and text] if isinstance(value, list) else []


def _rule(entry: dict[str, Any], place: Place) -> dict[str, Any]:
    """One effective rule as REST writes a rule of an NSG, with what it said of its two sides before tags expand."""
    kind, _, name = str(_get(entry, "name") or "").rpartition("/")
    for mark in ("UserRule_", "DefaultRule_"):
        if name.startswith(mark):
            kind, name = mark, name.removeprefix(mark)
    source, target = _side(entry, "source"), _side(entry, "destination")
    protocol = str(_get(entry, "protocol") or "*")
    return {
        "name": name, "isDefault": kind.lower().startswith("default"), "place": place,
        "told": {"source": source, "destination": target},
        "properties": {
            "protocol": "*" if protocol.lower() == "all" else protocol,
            "access": str(_get(entry, "access") or ""), "direction": str(_get(entry, "direction") or ""),
            "priority": _get(entry, "priority"),
            "sourcePortRanges": _ports(entry, "source"), "destinationPortRanges": _ports(entry, "destination"),
            "sourceAddressPrefixes": _expanded(entry, "Source", source),
            "destinationAddressPrefixes": _expanded(entry, "Destination", target),
        },
    }  # fmt: skip


def _side(entry: dict[str, Any], side: str) -> list[str]:
    several, one = _texts(_get(entry, f"{side}AddressPrefixes")), _texts(_get(entry, f"{side}AddressPrefix"))
    return [_plain(text) for text in several or one]


def _plain(prefix: str) -> str:
    """A prefix as people write it: any address is `*`, one address stands alone.

    >>> [_plain(text) for text in ("0.0.0.0/0", "10.0.0.4/32", "Internet")]
    ['*', '10.0.0.4', 'Internet']
    """
    return "*" if prefix in ("0.0.0.0/0", "::/0", "Any") else prefix.removesuffix("/32")


def _expanded(entry: dict[str, Any], side: str, told: list[str]) -> list[str]:
    expanded = [_plain(text) for text in _texts(_get(entry, f"expanded{side}AddressPrefix"))]
    is_tag = any(text[:1].isalpha() and ":" not in text and text.lower() not in _KEPT_TAGS for text in told)
    return expanded if expanded and is_tag else told


def _ports(entry: dict[str, Any], side: str) -> list[str]:
    found = []
    for text in _texts(_get(entry, f"{side}PortRanges")) or _texts(_get(entry, f"{side}PortRange")):
        first, _, last = text.partition("-")
        found.append("*" if (first, last) == ("0", "65535") else first if first == last else text)
    return found


def _by_group(listed: Json, place: Place) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Rules in REST's shape, by the NSG that their ids name."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for at, rule in enumerate(listed if isinstance(listed, list) else ()):
        properties = rule.get("properties") if isinstance(rule, dict) else None
        nsg, found, name = _id(rule).rpartition("/securityRules/")
        if isinstance(properties, dict) and found and name:
            sides = {side: _side(properties, side) for side in ("source", "destination")}
            groups.setdefault(nsg, []).append(
                {
                    "name": name,
                    "isDefault": False,
                    "place": place / at,
                    "told": sides,
                    "properties": properties,
                }
            )
    yield from groups.items()
