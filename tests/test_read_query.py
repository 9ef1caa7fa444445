"""The commands that export the state: complete, paged, and plain text."""

import shutil
import subprocess

import pytest

from diagramgen.model.kinds import KINDS
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


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_the_script_follows_the_token_and_the_children(tmp_path) -> None:  # type: ignore[no-untyped-def]
    az = tmp_path / "az"
    az.write_text(
        "#!/usr/bin/env bash\n"
        'echo "$*" >> log\n'
        'case "$*" in\n'
        "  *'project id'*) echo /parent;;\n"
        '  *--skip-token*) printf \'{\\n  "count": 1,\\n  "data": [],\\n  "skip_token": null\\n}\\n\';;\n'
        '  *"graph query"*) printf \'{\\n  "count": 1,\\n  "data": [],\\n  "skip_token": "t=="\\n}\\n\';;\n'
        "  *originGroups*value*) echo /group;;\n"
        "  *routingIntent*) exit 3;;\n"
        "  *rest*) echo '{}';;\n"
        "esac\n"
    )
    az.chmod(0o755)
    done = subprocess.run(
        ["bash", "-c", query_commands("bash")],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "not exported: routingIntent of /parent" in done.stderr
    files = {f.name for f in (tmp_path / "export").iterdir()}
    assert {"resources-1.json", "resources-2.json", "containers-2.json", "networkresources-2.json"} <= files
    log = (tmp_path / "log").read_text()
    assert "--url /group/origins?api-version=" in log
    assert "--skip-token t==" in log
