"""The commands that export the state: complete, paged, and plain text."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from diagramgen.model.kinds import KINDS
from diagramgen.read import Source, read_records
from diagramgen.read.children import CHILDREN
from diagramgen.read.query import graph_queries, query_commands, resource_types

DRAWN_FROM_ELSEWHERE = {
    # asked of each parent
    "microsoft.network/virtualhubs/hubvirtualnetworkconnections",
    "microsoft.network/virtualhubs/hubroutetables",
    "microsoft.network/virtualhubs/routingintent",
    "microsoft.network/expressroutegateways/expressrouteconnections",
    "microsoft.cdn/profiles/origingroups",
    "microsoft.cdn/profiles/origingroups/origins",
    "microsoft.cdn/profiles/securitypolicies",
    "microsoft.network/networkmanagers/commits",
    # not asked for: nothing is drawn from them yet
    "microsoft.resources/subscriptions/resourcegroups",
    "microsoft.network/privateendpoints/privatednszonegroups",
    "microsoft.sql/servers/databases",
}


@pytest.mark.parametrize("kind", sorted(k for k in KINDS if k.startswith("microsoft.")))
def test_every_known_type_is_exported_somehow(kind: str) -> None:
    inline = {f"{parent}/{segment}".lower() for parent, rows in CHILDREN.items() for _, segment in rows}
    queried = any(f"'{kind}'" in query for query in graph_queries().values())
    assert queried or kind in inline or kind in DRAWN_FROM_ELSEWHERE


@pytest.mark.parametrize("shell", ["bash", "powershell"])
def test_the_script_pages_through_every_query(shell: str) -> None:
    script = query_commands(shell)  # type: ignore[arg-type]
    assert "--first 1000" in script or "'--first', '1000'" in script
    assert "--skip-token" in script
    for query in graph_queries().values():
        assert query in script
    for child in ("hubVirtualNetworkConnections", "hubRouteTables", "routingIntent", "originGroups/origins"):
        assert child in script
    assert script.endswith("\n")


def test_the_types_are_sorted_and_none_is_ours() -> None:
    types = resource_types()
    assert list(types) == sorted(set(types))
    assert not any(kind.startswith("diagramgen/") for kind in types)


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_understands_the_script() -> None:
    done = subprocess.run(
        ["bash", "-n"], input=query_commands("bash"), text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


ROOT = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
SERVER = f"{ROOT}/providers/Microsoft.Sql/servers/sql1"
HUB = f"{ROOT}/providers/Microsoft.Network/virtualHubs/hub1"
VNET = f"{ROOT}/providers/Microsoft.Network/virtualNetworks/v1"
DOOR = f"{ROOT}/providers/Microsoft.Cdn/profiles/fd1"
SITE = f"{ROOT}/providers/Microsoft.Web/sites/site1"
MANAGER = f"{ROOT}/providers/Microsoft.Network/networkManagers/nm1"
FAKE_AZ = """#!/usr/bin/env python3
import json, sys
line = " ".join(sys.argv[1:])
with open("log", "a") as log:
    print(line, file=log)
def option(name):
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else ""
def show(answer):
    print(json.dumps(answer, indent=2))
ROWS = json.load(open("rows.json"))
if sys.argv[1] == "graph":
    query = option("-q")
    wanted = [r for r in ROWS if "'" + r["type"].lower() + "'" in query]
    if "project id" in query:
        wanted = [{"id": r["id"]} for r in wanted]
    half = len(wanted) // 2
    page, token = (wanted[half:], None) if option("--skip-token") else (wanted[:half], "t==")
    show({"count": len(page), "data": page, "skip_token": token, "total_records": len(wanted)})
elif sys.argv[1] == "rest":
    url, shape = option("--url"), option("--query")
    path, _, rest = url.partition("?")
    parent, child = path.rsplit("/", 1)
    if child == "virtualNetworkRules":
        sys.exit("ERROR: Forbidden")
    if child == "web":
        inside = {"ipSecurityRestrictions": []}
        show({"id": path, "name": "site1", "type": "Microsoft.Web/sites/config", "properties": inside})
        sys.exit()
    answer = {"value": [], "nextLink": None}
    if child in ("hubVirtualNetworkConnections", "afdEndpoints", "routes", "originGroups", "origins"):
        number = 2 if "page2" in rest else 1
        inside = {"remoteVirtualNetwork": {"id": json.load(open("vnet.json"))}, "a": "b"}
        answer["value"] = [{"id": f"{path}/c{number}", "name": f"c{number}", "properties": inside}]
        if number == 1:
            answer["nextLink"] = f"{path}?page2=x&api-version=1"
    name = shape[1:shape.index(":")]
    if name == "parentId":
        answer |= {"parentId": parent, "collection": child}
    else:
        answer = {name: parent, "value": [], "skipToken": ""}
    show(answer)
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_what_the_script_writes_is_read_back(tmp_path: Path) -> None:
    az = tmp_path / "az"
    az.write_text(FAKE_AZ)
    az.chmod(0o755)
    kinds = {SERVER: "microsoft.sql/servers", HUB: "microsoft.network/virtualhubs", DOOR: "microsoft.cdn/profiles",
             VNET: "microsoft.network/virtualnetworks", SITE: "microsoft.web/sites",
             MANAGER: "microsoft.network/networkmanagers"}  # fmt: skip
    rows = [{"id": rid, "name": rid.rsplit("/", 1)[1], "type": kind, "tenantId": "t", "properties": {"x": 1}}
            for rid, kind in kinds.items()]  # fmt: skip
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    (tmp_path / "vnet.json").write_text(json.dumps(VNET))
    done = subprocess.run(
        ["bash", "-c", query_commands("bash")],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"not exported: virtualNetworkRules of {SERVER}" in done.stderr
    files = sorted((tmp_path / "export").iterdir())
    assert {"resources-1.json", "resources-2.json", "containers-2.json"} <= {file.name for file in files}
    assert "--skip-token t==" in (tmp_path / "log").read_text()
    reading = read_records([Source(file.name, file.read_bytes()) for file in files])
    assert [d.message for d in reading.diagnostics if d.severity != "note"] == [
        "`virtualNetworkRules` of `sql1` could not be exported: what they say is unknown"
    ]
    records = {record.id: record for record in reading.records}
    assert records[SERVER.lower()].properties["firewallRules"] == []
    assert records[SERVER.lower()].properties["virtualNetworkRules"] == ["{more}"]
    assert len(records[HUB.lower()].properties["hubVirtualNetworkConnections"]) == 2
    for child in ("afdEndpoints/c2/routes/c2", "originGroups/c1/origins/c2"):
        assert f"{DOOR}/{child}".lower() in records
    assert records[f"{SITE}/config/web".lower()].type == "microsoft.web/sites/config"
    assert [
        record.properties["configurationIds"] for record in reading.records if "/commits/" in record.id
    ] == [[], []]
