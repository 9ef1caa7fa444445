"""Lists of children that say whose they are: an empty one tells that there are none."""

from __future__ import annotations

from typing import Any

from read_samples import GROUP, by_id, read, rest_vnet

from diagramgen.pipeline import build_topology

SERVER = f"{GROUP}/providers/Microsoft.Sql/servers/sql1"
HUB = f"{GROUP}/providers/Microsoft.Network/virtualHubs/hub1"


def server() -> dict[str, Any]:
    return {"id": SERVER, "name": "sql1", "type": "Microsoft.Sql/servers", "properties": {"version": "12.0"}}


def listed(parent: str, collection: str, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"parentId": parent, "collection": collection, "value": list(children), "nextLink": None, **more}


def test_an_empty_list_tells_that_there_are_none() -> None:
    found = by_id(read(server(), rest_vnet(), listed(SERVER, "firewallRules")))[SERVER.lower()]
    assert found.properties == {"version": "12.0", "firewallRules": []}
    assert not found.envelope.keys() & {"isFragment", "isUntold"}


def test_children_are_read() -> None:
    one = {
        "id": f"{SERVER}/firewallRules/office",
        "name": "office",
        "properties": {"startIpAddress": "198.51.100.1"},
    }
    found = by_id(read(server(), rest_vnet(), listed(SERVER, "firewallRules", one)))
    assert found[f"{SERVER}/firewallRules/office".lower()].type == "microsoft.sql/servers/firewallrules"
    assert "firewallRules" not in found[SERVER.lower()].properties


def test_a_list_that_could_not_be_had_is_unknown() -> None:
    reading = read(server(), rest_vnet(), listed(SERVER, "firewallRules") | {"value": None})
    assert by_id(reading)[SERVER.lower()].properties["firewallRules"] == ["{more}"]
    assert [d.message for d in reading.diagnostics] == [
        "`firewallRules` of `sql1` could not be exported: what they say is unknown"
    ]


def test_the_pages_of_a_list_add_up() -> None:
    hub = {"id": HUB, "name": "hub1", "properties": {"addressPrefix": "10.9.0.0/23"}}
    pages = [
        {
            "id": f"{HUB}/hubVirtualNetworkConnections/{n}",
            "properties": {"remoteVirtualNetwork": {"id": f"{GROUP}/x/{n}"}},
        }
        for n in range(3)
    ]
    first = listed(HUB, "hubVirtualNetworkConnections", *pages[:2], nextLink="https://next")
    last = listed(HUB, "hubVirtualNetworkConnections", pages[2])
    estate = build_topology(read(hub, rest_vnet(), first, last))
    assert estate.tells(HUB.lower(), "hubVirtualNetworkConnections")
    assert not build_topology(read(hub, rest_vnet(), first)).tells(
        HUB.lower(), "hubVirtualNetworkConnections"
    )


def test_a_parent_of_which_nothing_else_is_told_stays_untold() -> None:
    found = by_id(read(rest_vnet(), listed(SERVER, "firewallRules")))[SERVER.lower()]
    assert found.envelope["isUntold"] is True
