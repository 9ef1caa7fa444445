"""Network Watcher's topology: what it names is drawn as it is joined, and nothing is concluded from what it lacks."""

from __future__ import annotations

from typing import Any

import pytest
from read_samples import GROUP, HUB, NSG, SPOKE, by_id, nsg, read, rest_vnet, rule

from diagramgen.diagnostics import Diagnostic
from diagramgen.pipeline import analyse_topology, build_topology

NIC = f"{GROUP}/providers/Microsoft.Network/networkInterfaces/nic1"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/vm1"
PIP = f"{GROUP}/providers/Microsoft.Network/publicIPAddresses/pip1"
TABLE = f"{GROUP}/providers/Microsoft.Network/routeTables/rt1"


def entry(shown_id: str, *contained: str, joined: tuple[str, ...] = ()) -> dict[str, Any]:
    """An entry of a topology, with what it contains and what it is joined with."""
    kinds = [("Contains", each) for each in contained] + [("Associated", each) for each in joined]
    return {
        "name": shown_id.rsplit("/", 1)[1],
        "id": shown_id,
        "location": "westeurope",
        "associations": [
            {"name": each.rsplit("/", 1)[1], "resourceId": each, "associationType": kind}
            for kind, each in kinds
        ],
        "properties": {},
    }


def topology() -> dict[str, Any]:
    """Two VNets, a machine with a public address in one, an NSG at its subnet, a route table at the other's."""
    return {
        "id": "54a92994-0bc1-4e5d-8b2e-4f6c7fabe219",
        "createdDateTime": "2024-04-16T19:04:51Z",
        "lastModified": "2024-04-16T19:04:15Z",
        "resources": [
            entry(HUB, f"{HUB}/subnets/web", f"{HUB}/subnets/data"),
            entry(SPOKE, f"{SPOKE}/subnets/app"),
            entry(f"{HUB}/subnets/web", joined=(NSG,)),
            entry(f"{HUB}/subnets/data"),
            entry(f"{SPOKE}/subnets/app"),
            entry(TABLE, joined=(f"{SPOKE}/subnets/app",)),
            entry(NSG, f"{NSG}/securityRules/a"),
            entry(VM, NIC),
            entry(NIC, joined=(f"{HUB}/subnets/web", PIP)),
            entry(PIP, joined=(NIC,)),
        ],
    }


def of_powershell(value: Any) -> Any:
    """The same, as `Get-AzNetworkWatcherTopology | ConvertTo-Json -Depth 100` writes it."""
    if isinstance(value, list):
        return [of_powershell(each) for each in value]
    if isinstance(value, dict):
        return {name[:1].upper() + name[1:]: of_powershell(each) for name, each in value.items()}
    return value


def without_names_only(diagnostics: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return [d for d in diagnostics if d.code != "names-only"]


@pytest.mark.parametrize("document", [topology(), of_powershell(topology())], ids=["REST", "PowerShell"])
def test_what_is_joined_is_joined(document: dict[str, Any]) -> None:
    reading = read(document)
    estate = build_topology(reading)
    web, app = f"{HUB}/subnets/web".lower(), f"{SPOKE}/subnets/app".lower()
    assert estate.resources[web].parent == HUB.lower()
    assert estate.resources[VM.lower()].parent == web
    assert estate.nsg_of == {web: NSG.lower()}
    assert estate.route_table_of == {app: TABLE.lower()}
    assert estate.public_ips_of == {VM.lower(): (PIP.lower(),)}
    assert [d.code for d in reading.diagnostics] == ["names-only"]


def test_nothing_is_concluded_from_what_is_not_told() -> None:
    boundaries = analyse_topology(build_topology(read(topology()))).boundaries()
    assert {b.level for b in boundaries} >= {"vnet", "subnet", "internet"}
    assert {b.status for b in boundaries} == {"unknown"}


def test_an_export_beside_it_counts_alone() -> None:
    beside = read(topology(), rest_vnet(), nsg(rule("a", 100)))
    alone = by_id(read(rest_vnet(), nsg(rule("a", 100))))
    assert without_names_only(beside.diagnostics) == []
    found = by_id(beside)
    for key in (HUB.lower(), f"{HUB}/subnets/web".lower(), NSG.lower()):
        assert found[key].properties == alone[key].properties
        assert "isUntold" not in found[key].envelope


def test_two_topologies_add_up() -> None:
    one, two = topology(), topology()
    one["resources"] = [r for r in one["resources"] if r["id"] != NIC]
    two["resources"] = [entry(NIC, joined=(f"{HUB}/subnets/web", NSG))]
    found = by_id(read(one, two))[NIC.lower()]
    assert found.properties["networkSecurityGroup"] == {"id": NSG}


@pytest.mark.parametrize("broken", [None, [], {}, "x", 7, [None], [{"associations": None}], [[]]])
def test_broken_entries_are_counted_and_never_crash(broken: Any) -> None:
    document = topology()
    document["resources"].append({"id": broken, "associations": broken})
    document["resources"].append({"id": HUB, "associations": broken or []})
    reading = read(document)
    assert "1 of 12 entries has no resource `id`" in str(without_names_only(reading.diagnostics))
