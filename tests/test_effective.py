# ruff: noqa: E501  the documents are set by hand
"""Effective rules and routes fill in what the input lacks, confirm it, or correct it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from command import diagramgen

from diagramgen.analyse.ends import trace_between
from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.pipeline import Analysis, Options, Source, analyse_topology, build_topology, read_records

HEAD = "/subscriptions/s1/resourceGroups/rg/providers"
NET = f"{HEAD}/Microsoft.Network"
CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus" / "network-watcher"


def estate(
    *, rules: list[dict[str, Any]] | None = None, routes: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Two subnets with a machine each; the second has an NSG and a route table, told where given."""
    refs = {"networkSecurityGroup": {"id": f"{NET}/networkSecurityGroups/nsg-data"},
            "routeTable": {"id": f"{NET}/routeTables/rt-data"}}  # fmt: skip
    vnet = {"id": f"{NET}/virtualNetworks/v", "name": "v", "type": "Microsoft.Network/virtualNetworks", "properties": {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "virtualNetworkPeerings": [], "subnets": [
            {"id": f"{NET}/virtualNetworks/v/subnets/web", "name": "web", "properties": {"addressPrefix": "10.0.1.0/24"}},
            {"id": f"{NET}/virtualNetworks/v/subnets/data", "name": "data",
             "properties": {"addressPrefix": "10.0.2.0/24", **refs}}]}}  # fmt: skip
    nics = [{"id": f"{NET}/networkInterfaces/nic-{name}", "name": f"nic-{name}", "type": "Microsoft.Network/networkInterfaces",
             "properties": {"ipConfigurations": [{"name": "c", "properties": {
                 "privateIPAddress": f"10.0.{n}.4", "subnet": {"id": f"{NET}/virtualNetworks/v/subnets/{name}"}}}]}}
            for n, name in ((1, "web"), (2, "data"))]  # fmt: skip
    rows = [vnet, *nics]
    if rules is not None:
        rows.append({"id": f"{NET}/networkSecurityGroups/nsg-data", "name": "nsg-data", "type":
                     "Microsoft.Network/networkSecurityGroups", "properties": {"securityRules": rules}})  # fmt: skip
    if routes is not None:
        rows.append({"id": f"{NET}/routeTables/rt-data", "name": "rt-data", "type": "Microsoft.Network/routeTables",
                     "properties": {"routes": routes, "disableBgpRoutePropagation": False}})  # fmt: skip
    return {"value": rows}


def nsg_rule(name: str, access: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "properties": {
        "access": access, "direction": "Inbound", "priority": 100, "protocol": "*", "sourcePortRange": "*",
        "destinationPortRange": "*", "sourceAddressPrefix": "VirtualNetwork", "destinationAddressPrefix": "*", **more}}  # fmt: skip


def effective(access: str, name: str = "only-sql") -> dict[str, Any]:
    """What Azure says of the interface in `data`."""
    rule = {"name": f"securityRules/{name}", "access": access, "direction": "Inbound", "priority": 100, "protocol": "All",
            "sourcePortRange": "0-65535", "destinationPortRange": "0-65535", "sourceAddressPrefix": "VirtualNetwork",
            "expandedSourceAddressPrefix": ["10.0.0.0/16"], "destinationAddressPrefix": "0.0.0.0/0"}  # fmt: skip
    return {"value": [{
        "networkSecurityGroup": {"id": f"{NET}/networkSecurityGroups/nsg-data"},
        "association": {"subnet": {"id": f"{NET}/virtualNetworks/v/subnets/data"},
                        "networkInterface": {"id": f"{NET}/networkInterfaces/nic-data"}},
        "effectiveSecurityRules": [rule]}]}  # fmt: skip


def route(
    prefix: str, hop: str, address: str = "", source: str = "User", state: str = "Active"
) -> dict[str, Any]:
    return {"source": source, "state": state, "addressPrefix": [prefix], "nextHopType": hop,
            "nextHopIpAddress": [address] if address else []}  # fmt: skip


def own_route(prefix: str, hop: str, address: str = "") -> dict[str, Any]:
    return {
        "name": "r",
        "properties": {"addressPrefix": prefix, "nextHopType": hop, "nextHopIpAddress": address},
    }


def read(*documents: tuple[str, Any], **options: Any) -> tuple[Analysis, list[Diagnostic]]:
    sources = [Source(name, json.dumps(document).encode()) for name, document in documents]
    reading = read_records(sources, Options(**options))
    return analyse_topology(build_topology(reading)), [
        d for d in reading.diagnostics if d.code.startswith("effective")
    ]


def verdict(analysis: Analysis) -> str:
    head = f"{NET}/virtualNetworks/v/subnets/".lower()
    found = analysis.boundary("subnet", f"{head}data", f"{head}web")
    assert found is not None
    return found.status


# Rules


def test_an_nsg_that_the_input_lacks_is_filled_in() -> None:
    alone, _ = read(("estate.json", estate()))
    assert verdict(alone) == "unknown"
    analysis, said = read(("estate.json", estate(routes=[])), ("rules.json", effective("Deny")))
    assert not said
    names = [
        part.name for part in analysis.topology.parts_of(f"{NET}/networkSecurityGroups/nsg-data".lower())
    ]
    assert "only-sql" in names
    assert analysis.topology.tells(f"{NET}/networkSecurityGroups/nsg-data".lower(), "securityRules")


def test_an_nsg_that_says_the_same_is_confirmed() -> None:
    rules = [nsg_rule("only-sql", "Deny")]
    _, said = read(("estate.json", estate(rules=rules)), ("rules.json", effective("Deny")))
    assert [d.code for d in said] == ["effective-confirms"]
    assert "confirm the NSG `nsg-data`" in said[0].message


def test_where_they_differ_what_is_effective_counts_and_both_are_told() -> None:
    rules = [nsg_rule("only-sql", "Deny"), nsg_rule("gone", "Deny", priority=200)]
    analysis, said = read(("estate.json", estate(rules=rules, routes=[])), ("rules.json", effective("Allow")))
    assert [d.code for d in said] == ["effective-differs"]
    assert "`gone`, `only-sql`" in said[0].message and said[0].severity == "warning"
    assert said[0].place is not None and said[0].place.source == "rules.json"
    (rule,) = (
        p
        for p in analysis.topology.parts_of(f"{NET}/networkSecurityGroups/nsg-data".lower())
        if p.name == "only-sql"
    )
    assert rule.properties["access"] == "Allow"
    assert rule.place.source == "rules.json" and rule.place.path == ("value", 0, "effectiveSecurityRules", 0)


def test_an_nsg_that_the_subnet_does_not_name_is_told() -> None:
    document = estate(rules=[nsg_rule("only-sql", "Deny")], routes=[])
    del document["value"][0]["properties"]["subnets"][1]["properties"]["networkSecurityGroup"]
    analysis, said = read(("estate.json", document), ("rules.json", effective("Deny")))
    assert "effective-differs" in {d.code for d in said}
    assert analysis.topology.nsg_of[f"{NET}/virtualNetworks/v/subnets/data".lower()].endswith("nsg-data")


def test_admin_rules_of_an_interface_are_those_of_its_vnet() -> None:
    """Nothing filters in the export: what the network manager denies is told by the effective rules alone."""
    document = estate(rules=[], routes=[])
    alone, _ = read(("estate.json", document))
    assert verdict(alone) == "gap"
    groups = effective("Deny", "closed")
    del groups["value"][0]["networkSecurityGroup"]
    groups["value"][0]["association"]["networkManager"] = {"id": f"{NET}/networkManagers/avnm"}
    for direction in ("Inbound", "Outbound"):
        rule = {**groups["value"][0]["effectiveSecurityRules"][0], "direction": direction, "name": direction}
        groups["value"][0]["effectiveSecurityRules"].append(rule)
    analysis, said = read(("estate.json", estate(rules=[], routes=[])), ("rules.json", groups))
    assert not said
    assert verdict(analysis) == "enforced"


# Routes


def test_a_route_table_that_the_input_lacks_is_filled_in() -> None:
    analysis, _ = read(("estate.json", estate(rules=[])), ("r.json", {"value": [route("0.0.0.0/0", "None")]}),
                       effective_of={"r.json": "nic-data"})  # fmt: skip
    table = analysis.topology.route_table_of[f"{NET}/virtualNetworks/v/subnets/data".lower()]
    assert [part.properties["addressPrefix"] for part in analysis.topology.parts_of(table)] == ["0.0.0.0/0"]


def test_a_route_table_that_says_the_same_is_confirmed() -> None:
    told = estate(rules=[], routes=[own_route("0.0.0.0/0", "VirtualAppliance", "10.0.9.4")])
    document = {"value": [route("0.0.0.0/0", "VirtualAppliance", "10.0.9.4"),
                          route("0.0.0.0/0", "Internet", source="Default", state="Invalid")]}  # fmt: skip
    _, said = read(("estate.json", told), ("r.json", document), effective_of={"r.json": "nic-data"})
    assert [d.code for d in said] == ["effective-confirms"]


def test_a_route_table_that_differs_is_corrected() -> None:
    told = estate(rules=[], routes=[own_route("0.0.0.0/0", "Internet")])
    document = {"value": [route("0.0.0.0/0", "VirtualAppliance", "10.0.9.4")]}
    analysis, said = read(("estate.json", told), ("r.json", document), effective_of={"r.json": "nic-data"})
    assert [d.code for d in said] == ["effective-differs"]
    table = analysis.topology.route_table_of[f"{NET}/virtualNetworks/v/subnets/data".lower()]
    assert [part.properties["nextHopType"] for part in analysis.topology.parts_of(table)] == [
        "VirtualAppliance"
    ]


def test_learnt_routes_become_routes_of_that_subnet() -> None:
    told = estate(rules=[], routes=[])
    document = {
        "value": [
            route("192.168.0.0/16", "VirtualNetworkGateway", "20.1.1.1", source="VirtualNetworkGateway")
        ]
    }
    analysis, _ = read(("estate.json", told), ("r.json", document), effective_of={"r.json": "nic-data"})
    table = analysis.topology.route_table_of[f"{NET}/virtualNetworks/v/subnets/data".lower()]
    assert [part.properties["addressPrefix"] for part in analysis.topology.parts_of(table)] == [
        "192.168.0.0/16"
    ]


def test_routes_that_a_route_server_has_learnt_lead_to_an_appliance() -> None:
    """In effective routes they look like routes to a gateway, of which there need be none."""
    told = estate(rules=[], routes=[])
    subnets = told["value"][0]["properties"]["subnets"]
    home = f"{NET}/virtualNetworks/v/subnets/RouteServerSubnet"
    subnets.append({"id": home, "name": "RouteServerSubnet", "properties": {"addressPrefix": "10.0.9.0/27"}})
    server = f"{NET}/virtualHubs/rs"
    configuration = {"name": "c", "properties": {"subnet": {"id": home}}}
    told["value"].append({"id": server, "name": "rs", "type": "Microsoft.Network/virtualHubs", "properties": {
        "sku": "Standard", "ipConfigurations": [{"id": f"{server}/ipConfigurations/c", **configuration}]}})  # fmt: skip
    document = {
        "value": [route("10.50.0.0/16", "VirtualNetworkGateway", "10.0.1.4", source="VirtualNetworkGateway")]
    }
    analysis, _ = read(("estate.json", told), ("r.json", document), effective_of={"r.json": "nic-data"})
    assert trace_between(analysis, "10.0.2.4", "10.50.1.1").verdict == "unknown"


def test_whose_routes_they_are_may_be_told_by_the_files_name_and_is_noted() -> None:
    _, said = read(
        ("estate.json", estate(rules=[], routes=[])),
        ("nic-data.json", {"value": [route("0.0.0.0/0", "None")]}),
    )
    assert "taken for those of the network interface `nic-data`" in said[0].message


def test_routes_of_nobody_are_not_used_and_told() -> None:
    analysis, said = read(
        ("estate.json", estate(rules=[], routes=[])), ("x.json", {"value": [route("0.0.0.0/0", "None")]})
    )
    assert [d.severity for d in said] == ["warning"]
    assert said[0].hints == ("say it with --effective NIC=FILE",)
    assert analysis.topology.route_table_of[f"{NET}/virtualNetworks/v/subnets/data".lower()].endswith(
        "rt-data"
    )


# Forms


def test_powershells_names_are_understood() -> None:
    def pascal(value: Any) -> Any:
        if isinstance(value, dict):
            return {key[0].upper() + key[1:]: pascal(inner) for key, inner in value.items()}
        return [pascal(inner) for inner in value] if isinstance(value, list) else value

    document = pascal(effective("Allow")["value"])
    _, said = read(
        ("estate.json", estate(rules=[nsg_rule("only-sql", "Deny")], routes=[])), ("rules.json", document)
    )
    assert [d.code for d in said] == ["effective-differs"]


def test_the_command_takes_whose_they_are(tmp_path: Path) -> None:
    (tmp_path / "estate.json").write_text(
        json.dumps(estate(rules=[], routes=[own_route("0.0.0.0/0", "Internet")]))
    )
    (tmp_path / "r.json").write_text(json.dumps({"value": [route("0.0.0.0/0", "None")]}))
    done = diagramgen(
        "render", "estate.json", "--effective", "nic-data=r.json", "-o", "a.svg", folder=tmp_path
    )
    assert done.code == 0
    assert "effective-differs" in done.err


def test_every_real_file_is_read_or_refused() -> None:
    for path in CORPUS.glob("*ffective*.json") if CORPUS.is_dir() else ():
        try:
            read_records([Source(path.name, path.read_bytes())])
        except InputError as problem:
            assert all(d.message for d in problem.diagnostics)
