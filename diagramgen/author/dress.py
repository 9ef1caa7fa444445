"""The plain values of a spec -> the same in the form in which they are written: short lines, and blocks above them.

A mapping is either an entry, whose keys are words of the language, or holds named things, whose keys are names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from diagramgen.author import lines
from diagramgen.author.book import Kept
from diagramgen.author.places import HUB_PARTS
from diagramgen.author.values import Json, safe
from diagramgen.author.yaml_text import Remarked, Tall

_NAMED = frozenset({
    "management_groups", "subscriptions", "vnets", "services", "groups", "virtual_wans", "on_premises",
    "local_networks", "vpn_sites", "circuits", "users", "nsgs", "asgs", "route_tables", "firewall_policies",
    "ip_groups", "waf_policies", "nat_gateways", "public_ips", "public_ip_prefixes", "private_dns_zones", "ddos_plans",
    "service_endpoint_policies", "azure_resources", "views", "title_block", "subnets", "resources", "rules", "routes",
    "nics", "ip_configurations", "frontends", "pools", "listeners", "routing", "paths", "inbound_nat", "outbound",
    "hubs", "connections", "bgp_connections", "static_routes", "rule_collections", "rule_collection_groups",
    "connectivity", "security_admin", "collections", "allows", "restrictions", "tags", "allowed_addresses",
})  # fmt: skip
_FREE = frozenset({"azure", "properties", "sku", "tags"})
"""Values in Azure's own shape."""
_FLAT = frozenset({
    "title_block", "nics", "ip_configurations", "frontends", "pools", "paths", "outbound", "tags", "allows",
    "allowed_addresses", "resources", "services", "listeners",
})  # fmt: skip
"""Named things that may share a line."""
_NAMES_ALONE = frozenset({"asgs", "ddos_plans"})
"""Sections that are a list of names where nothing more is said."""
_MAY_BE_NAMES = frozenset({"origins"})
"""Lists of entries that are a name where they say nothing else."""
_TALL_LISTS = frozenset({"peerings", "connections", "flows", "boundaries", "accepted", "notes", "traffic"})
_PARTS = frozenset(HUB_PARTS.values())
"""Entries that are there without saying anything."""
_FIRST = (
    "type", "between", "from", "to", "name", "id", "label", "outside", "untold", "condition", "unsaid", "parent",
    "management_group", "subscription", "resource_group", "in", "priority", "access", "action", "direction", "address",
    "region", "sku", "kind", "protocol", "port", "ports", "source", "source_ports", "destination", "destination_ports",
    "frontend", "frontends", "pool", "pools", "listener", "listeners", "dns_servers", "nsg", "route_table",
    "nat_gateway",
)  # fmt: skip
_LAST = (
    "vnets", "subnets", "resources", "services", "rules", "routes", "rule_collections", "rule_collection_groups",
    "hubs", "connections", "more", "properties", "note", "azure",
)  # fmt: skip
_RANK = {word: rank - 100 for rank, word in enumerate(_FIRST)} | {
    word: rank + 1 for rank, word in enumerate(_LAST)
}

Remarks = Mapping[tuple[int, str], str]
"""Comments by the identity of the entries that they stand beside, or in which they stand beside a key."""


def dress(document: Mapping[str, Any], remarks: Remarks) -> Json:
    """The document as `write_yaml` takes it."""
    return {name: _dressed(value, name, (name,), remarks) for name, value in document.items()}


def _dressed(value: Any, key: str, way: tuple[str, ...], remarks: Remarks) -> Any:
    if isinstance(value, list) and key in _MAY_BE_NAMES:
        value = [each["to"] if isinstance(each, dict) and each.keys() == {"to"} else each for each in value]
    if isinstance(value, list):
        inner = [_entry(each, key, way, remarks) for each in value]
        return Tall(inner) if key in _TALL_LISTS and inner else inner
    if not isinstance(value, dict):
        return safe(value)
    if key in _FREE and key != "tags":
        return safe(value)
    if key == "firewall" and value.keys() == {"policy"}:
        return value["policy"]
    if key not in _NAMED:
        return _fields(value, way, remarks)
    if key in _NAMES_ALONE and value and not any(value.values()):
        return list(value)
    found = {name: _entry(inner, key, way, remarks) for name, inner in value.items()}
    if key in _UNNAMED and found and all(_is_own_name(name, line, way) for name, line in found.items()):
        return Tall(list(found.values()))
    most = (
        1
        if any(isinstance(inner, dict) for inner in found.values()) and key in ("resources", "services")
        else 3
    )
    is_short = (
        key in _FLAT
        and len(found) <= most
        and not any(isinstance(v, (Tall, Remarked)) for v in found.values())
    )
    return found if is_short or not found else Tall(found)


_UNNAMED = frozenset({"rules", "routes", "static_routes"})
"""Named lines that the reader gives names, where they stand in a list."""


def _is_own_name(name: str, line: object, way: tuple[str, ...]) -> bool:
    """Whether a line has the name that it would have in a list."""
    if not isinstance(line, str):
        return False
    return name == lines.own_name(line, "rule_collections" in way, way[-1] == "rules")


def _entry(value: Any, key: str, way: tuple[str, ...], remarks: Remarks) -> Any:
    """One of several named things, or of a list: a line where that says it all."""
    if not isinstance(value, dict):
        return safe(value)
    line = _line_of(key, way)
    shaped = line(value) if line is not None else value
    if isinstance(shaped, dict):
        shaped = _fields(shaped, (*way, ""), remarks)
    remark = remarks.get((id(value), ""))
    return Remarked(shaped, remark) if remark else shaped


def _fields(value: Json, way: tuple[str, ...], remarks: Remarks) -> Any:
    """The fields of an entry in the order in which they are read."""
    told = {name: inner for name, inner in value.items() if not _says_nothing(inner)}
    groups = told.get("rule_collection_groups", {})
    if groups.keys() == {"default"} and _is_usual(groups["default"]):
        told["rule_collections"] = told.pop("rule_collection_groups")["default"].get("rule_collections", {})
    told |= {name: True for name, inner in value.items() if name in _PARTS and not inner}
    listed = sorted(told.items(), key=lambda item: _RANK.get(item[0], 0))
    found = {name: _dressed(inner, name, (*way, name), remarks) for name, inner in listed}
    for name in found:
        if remark := remarks.get((id(value), name)):
            found[name] = Remarked(found[name], remark)
    return found


def _is_usual(group: Json) -> bool:
    """Whether a group of rule collections is as the reader makes it of collections that stand in none."""
    return group.keys() <= {"priority", "rule_collections"} and group.get("priority", 200) == 200


def _says_nothing(value: Any) -> bool:
    return isinstance(value, dict) and not value and not isinstance(value, Kept)


def _line_of(key: str, way: tuple[str, ...]) -> Callable[[Json], Any] | None:
    """The short line that entries under a key may have."""
    if key == "rules":
        if way[0] == "nsgs":
            return lines.rule_line
        if way[0] == "network_manager":
            return lines.admin_rule_line
        return lines.filter_line if "rule_collections" in way else lines.forwarding_line
    if key == "connections" and way != ("connections",):
        return None
    return _LINES.get(key)


_LINES: Mapping[str, Callable[[Json], Any]] = {
    "routes": lines.route_line,
    "static_routes": lines.route_line,
    "resources": lines.resource_line,
    "services": lines.resource_line,
    "peerings": lines.peering_line,
    "connections": lines.connection_line,
    "flows": lines.flow_line,
    "boundaries": lines.boundary_line,
    "inbound_nat": lines.forwarding_line,
    "routing": lines.listening_line,
    "restrictions": lines.restriction_line,
    "ip_groups": lines.ip_group,
    "pools": lines.pool,
    "rule_collections": lambda entry: entry,
}
