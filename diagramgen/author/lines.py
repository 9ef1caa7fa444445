"""Entries in full -> the short lines that mean the same, where a line can say it all.

Each takes the fields of an entry and gives a line, or the fields back. A line is given only if the reader takes it for
one of its kind, and no name in it breaks it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from diagramgen.author.book import Kept
from diagramgen.author.values import Json
from diagramgen.read.spec import grammar
from diagramgen.read.spec.shapes import LineError

_RULE = {"priority", "access", "direction", "protocol", "source", "destination", "destination_ports"}
_FILTER = {"protocol", "ports", "source", "destination", "translated"}
_BREAKS_LIST = re.compile(r",|(^|\s)(from|to)(\s|$)|->|\s{2,}|^\s|\s$", re.I)
_BREAKS_PAIR = re.compile(r"->|<-|\[|\||\s(via|by|at)\s|\s{2,}|^\s|\s$|,", re.I)


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _where(value: Any) -> str | None:
    """One side of a rule; None where a name in it would break the line."""
    names = _listed(value) or ["any"]
    return None if any(_BREAKS_LIST.search(str(name)) for name in names) else ", ".join(map(str, names))


def _is_read(line: str, parse: Callable[[str], object]) -> bool:
    """Whether the reader takes a line for one of its kind."""
    try:
        parse(line)
    except (LineError, ValueError):
        return False
    return True


def rule_line(entry: Json) -> Any:
    """`100 allow inbound tcp/443 from Internet to Web` for a rule of an NSG.

    >>> rule_line({"priority": 100, "access": "allow", "direction": "inbound", "protocol": "tcp",
    ...            "source": "Internet", "destination_ports": [80, 443]})
    '100 allow inbound tcp/80,443 from Internet to any'
    """
    return _rule_line(entry, grammar.parse_rule)


def admin_rule_line(entry: Json) -> Any:
    """The same for a rule of a network manager."""
    return _rule_line(entry, grammar.parse_admin_rule)


def _rule_line(entry: Json, parse: Callable[[str], object]) -> Any:
    if set(entry) - _RULE:
        return entry
    ports = ",".join(map(str, _listed(entry.get("destination_ports"))))
    what = entry.get("protocol", "any") + (f"/{ports}" if ports else "")
    source, target = _where(entry.get("source")), _where(entry.get("destination"))
    line = f"{entry['priority']} {entry['access']} {entry['direction']} {what} from {source} to {target}"
    return line if source and target and _is_read(line, parse) else entry


def route_line(entry: Json) -> Any:
    """`0.0.0.0/0 -> 10.0.1.4` for a route."""
    if set(entry) != {"prefix", "next"}:
        return entry
    line = f"{entry['prefix']} -> {entry['next']}"
    breaks = any("->" in str(name) for name in entry.values())
    return line if not breaks and _is_read(line, grammar.parse_route) else entry


def filter_line(entry: Json) -> Any:
    """`tcp/443 from Offices to Storage` for a firewall's rule."""
    if set(entry) - _FILTER:
        return entry
    protocols = ",".join(_listed(entry.get("protocol"))) or "any"
    ports = ",".join(map(str, _listed(entry.get("ports"))))
    source, target = _where(entry.get("source")), _where(entry.get("destination"))
    line = f"{protocols}{'/' + ports if ports else ''} from {source} to {target}"
    if "translated" in entry:
        line += f" -> {entry['translated']}"
    return line if source and target and _is_read(line, grammar.parse_filter) else entry


def own_name(line: str, is_filter: bool, is_rule: bool) -> str | None:
    """The name that the reader gives to a line of a list.

    >>> own_name("100 allow inbound tcp/443 from Internet to Web", False, True)
    'allow-inbound-100'
    """
    if is_filter:
        return line
    if not is_rule:
        prefix = line.partition("->")[0].strip()
        return f"to {prefix}"
    words = line.split()
    return f"{words[1].replace('_', '-')}-{words[2]}-{words[0]}" if len(words) > 3 else None


def forwarding_line(entry: Json) -> Any:
    """`tcp/443 at public -> web:8443` for a rule of a load balancer."""
    goal = str(entry.get("pool") or entry.get("to") or "")
    if set(entry) - {"protocol", "port", "frontend", "pool", "to", "backend_port"} or not goal:
        return entry
    line = str(entry.get("protocol", "any")) + (f"/{entry['port']}" if "port" in entry else "")
    line += f" at {entry['frontend']}" if "frontend" in entry else ""
    line += f" -> {goal}" + (f":{entry['backend_port']}" if "backend_port" in entry else "")
    breaks = any(_BREAKS_PAIR.search(str(name)) for name in (goal, entry.get("frontend", "")))
    return line if not breaks and ":" not in goal and _is_read(line, grammar.parse_forwarding) else entry


def listening_line(entry: Json) -> Any:
    """`public-https -> web:8080` for a rule of an application gateway."""
    if set(entry) - {"listener", "pool", "backend_port"} or not {"listener", "pool"} <= set(entry):
        return entry
    line = f"{entry['listener']} -> {entry['pool']}" + (
        f":{entry['backend_port']}" if "backend_port" in entry else ""
    )
    breaks = any(
        _BREAKS_PAIR.search(str(entry[name])) or ":" in str(entry[name]) for name in ("listener", "pool")
    )
    return line if not breaks and _is_read(line, grammar.parse_listening) else entry


def restriction_line(entry: Json) -> Any:
    """`100 allow from 203.0.113.0/24` for an access restriction."""
    if set(entry) - {"priority", "access", "source"}:
        return entry
    source = _where(entry.get("source"))
    line = f"{entry['priority']} {entry['access']} from {source}"
    return line if source and _is_read(line, grammar.parse_restriction) else entry


def resource_line(entry: Json) -> Any:
    """`vm`, `vm x3`, `vm x3 each` for a resource of which nothing more is said."""
    told = {word for word, value in entry.items() if value != {}}
    if told - {"type", "count", "each"} or "type" not in entry:
        return entry
    count = f" x{entry['count']}" if "count" in entry else ""
    return f"{entry['type']}{count}{' each' if entry.get('each') else ''}"


def peering_line(entry: Json) -> Any:
    """`Hub <-> Spoke` for a peering of which nothing more is said."""
    told = {word for word, value in entry.items() if isinstance(value, Kept) or value not in ({}, None)}
    if told != {"between"}:
        return entry
    return _pair(entry["between"], "<->", entry, grammar.parse_peering)


def connection_line(entry: Json) -> Any:
    """`Head office -> VPN via vpn` for a connection of which nothing more is said."""
    if set(entry) - {"from", "to", "type"}:
        return entry
    shaped = _pair([entry["from"], entry["to"]], "->", entry, grammar.parse_connection)
    if isinstance(shaped, dict) or "type" not in entry:
        return shaped
    line = f"{shaped} via {entry['type']}"
    return line if _is_read(line, grammar.parse_connection) else entry


def flow_line(entry: Json) -> Any:
    """`Web -> Data [tcp/1433]` for a flow."""
    if set(entry) - {"from", "to", "ports", "both"}:
        return entry
    arrow = "<->" if entry.get("both") else "->"
    shaped = _pair([entry["from"], entry["to"]], arrow, entry, grammar.parse_flow)
    if isinstance(shaped, dict) or "ports" not in entry:
        return shaped
    return f"{shaped} [{entry['ports']}]" if not re.search(r"[\[\]]", str(entry["ports"])) else entry


def boundary_line(entry: Json) -> Any:
    """`Web | Data by NSG-data` for a declared boundary; status and level stand where they do not follow."""
    if set(entry) - {"between", "by"}:
        return entry
    shaped = _pair(entry["between"], "|", entry, grammar.parse_boundary)
    by = [str(name) for name in _listed(entry.get("by"))]
    if isinstance(shaped, dict) or any(_BREAKS_PAIR.search(name) for name in by):
        return entry
    return shaped + (f" by {', '.join(by)}" if by else "")


def _pair(names: list[str], sign: str, entry: Json, parse: Callable[[str], object]) -> Any:
    line = f" {sign} ".join(names)
    breaks = any(_BREAKS_PAIR.search(str(name)) for name in names)
    return line if not breaks and _is_read(line, parse) else entry


def ip_group(entry: Json) -> Any:
    """The networks of an IP group of which nothing more is said."""
    return entry["address"] if set(entry) == {"address"} else entry


def pool(entry: Json) -> Any:
    """The members of a pool of which nothing more is said."""
    return entry["members"] if set(entry) == {"members"} else entry
