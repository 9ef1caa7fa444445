"""Which table a connection uses, and which tables learn its prefixes.

https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.analyse.wan.hubs import Hub, TableKey, table_key
from diagramgen.analyse.wan.intent import DEFAULT, NONE
from diagramgen.analyse.wan.shapes import are_texts, texts
from diagramgen.model.references import at, key
from diagramgen.model.topology import Topology

Tables = frozenset[TableKey]


def associated_table(routing: object, hub: Hub, topology: Topology) -> TableKey | None:
    """The table that a connection uses: the Default table without configuration, None where it cannot be read."""
    if routing is None:
        return hub.id, DEFAULT
    if not isinstance(routing, Mapping):
        return None
    told = routing.get("associatedRouteTable")
    return (hub.id, DEFAULT) if told is None else table_key(key(told), topology)


def learning_tables(
    routing: object, hub: Hub, hubs: Mapping[str, Hub], topology: Topology
) -> tuple[Tables, Tables]:
    """The tables that learn the prefixes of a connection of `hub` for sure, and those that may.

    Under routing intent Azure sets them itself, whatever stands there, and hubs tell each other all they have:
    https://learn.microsoft.com/azure/virtual-wan/how-to-routing-policies#rollback
    """
    if not hub.is_known:
        return frozenset(), frozenset((other, DEFAULT) for other in hubs)
    peers = [other for other in hubs.values() if other.is_joined(hub)]
    perhaps = {o.id for o in hubs.values() if o.may_be_joined(hub) and not o.is_joined(hub)}
    default = frozenset((peer.id, DEFAULT) for peer in peers)
    if hub.intent.internet or hub.intent.private:
        sure, maybe = default, frozenset[TableKey]()
    elif routing is not None and not isinstance(routing, Mapping):
        sure, maybe = frozenset[TableKey](), _all_tables(peers)
    else:
        sure, maybe = _propagated(at(routing, "propagatedRouteTables"), hub, peers, topology)
    if not has_open_map(at(routing, "inboundRouteMap"), topology):
        sure, maybe = frozenset(), sure | maybe
    return sure, maybe | {(other, DEFAULT) for other in perhaps if (sure | maybe) & default}


def has_open_map(reference: object, topology: Topology) -> bool:
    """Whether no route map, or an empty one, changes what is announced.

    https://learn.microsoft.com/azure/virtual-wan/route-maps-about
    """
    if reference is None:
        return True
    found = topology.resources.get(key(reference))
    return found is not None and found.properties.get("rules") == []


def _propagated(told: Any, hub: Hub, peers: list[Hub], topology: Topology) -> tuple[Tables, Tables]:
    """What a configuration says. A label is the tables of all hubs that carry it; no label is the label `default`,
    that is the Default table of every hub.

    Where no label and only other tables are listed, Microsoft's pages disagree whether `default` still counts:
    https://learn.microsoft.com/azure/virtual-wan/about-virtual-hub-routing#labels and
    https://learn.microsoft.com/azure/virtual-wan/static-routes-firewall-basic
    """
    ids, labels = at(told, "ids"), at(told, "labels")
    rows = list(ids) if isinstance(ids, list | tuple) else []
    listed = {found for row in rows if (found := table_key(key(row), topology)) is not None}
    words = {label.lower() for label in texts(labels)}
    named = {(p.id, name) for p in peers for name, table in p.tables.items() if words & table.labels}
    unread = {(p.id, name) for p in peers for name, table in p.tables.items() if not table.are_labels_known}
    tables = frozenset(found for found in listed | named if found[1] != NONE)
    default = frozenset((peer.id, DEFAULT) for peer in peers)
    is_readable = (told is None or isinstance(told, Mapping)) and are_texts(labels)
    if not is_readable or len(listed) < len(rows) or (ids is not None and not isinstance(ids, list | tuple)):
        return tables, _all_tables(peers) - tables
    if words:
        return tables, (frozenset(unread) - tables if words != {"none"} else frozenset())
    if not listed or (hub.id, DEFAULT) in listed:
        return tables | default, frozenset()
    return tables, (default - tables if tables else frozenset())


def _all_tables(peers: list[Hub]) -> Tables:
    return frozenset((peer.id, name) for peer in peers for name in peer.tables if name != NONE)
