"""The commands that export from Azure what a drawing wants, as text: nothing here runs them.

Resource Graph answers across subscriptions at once, a thousand rows a page, so a token leads from page to
page. What it does not keep (the children of virtual hubs, of Front Door ...) is asked of each parent. The
result is a folder of JSON files, which `diagramgen render` takes as it is. Which table of Resource Graph
holds what: https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from diagramgen.model.kinds import KINDS
from diagramgen.read.resource import CONTAINERS, MANAGEMENT_GROUP

Shell = Literal["bash", "powershell"]

_CHILDREN_IN_RESOURCES = (
    "microsoft.cdn/profiles/afdendpoints",
    "microsoft.network/networkwatchers/flowlogs",
    "microsoft.network/privatednszones/virtualnetworklinks",
    "microsoft.network/virtualhubs/bgpconnections",
    "microsoft.network/virtualhubs/ipconfigurations",
)
_NETWORK_RESOURCES = (
    "microsoft.network/firewallpolicies/rulecollectiongroups",
    "microsoft.network/networkgroupmemberships",
    "microsoft.network/networkmanagers/connectivityconfigurations",
    "microsoft.network/networkmanagers/networkgroups",
    "microsoft.network/networkmanagers/networkgroups/staticmembers",
    "microsoft.network/networkmanagers/securityadminconfigurations",
    "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections",
    "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules",
)


@dataclass(frozen=True, slots=True)
class _Below:
    """Children that Resource Graph does not keep: `path` below each parent, as `originGroups/origins`."""

    parents: str
    path: str
    api_version: str


_HUBS = "resources | where type =~ 'microsoft.network/virtualhubs'"
_GATEWAYS = "resources | where type =~ 'microsoft.network/expressroutegateways'"
_FRONT_DOORS = "resources | where type =~ 'microsoft.cdn/profiles' and sku.name contains 'AzureFrontDoor'"
_BELOW: tuple[_Below, ...] = (
    _Below(_HUBS, "hubVirtualNetworkConnections", "2024-05-01"),
    _Below(_HUBS, "hubRouteTables", "2024-05-01"),
    _Below(_HUBS, "routingIntent", "2024-05-01"),
    _Below(_GATEWAYS, "expressRouteConnections", "2024-05-01"),
    _Below(_FRONT_DOORS, "originGroups/origins", "2024-02-01"),
    _Below(_FRONT_DOORS, "securityPolicies", "2024-02-01"),
)


def resource_types() -> tuple[str, ...]:
    """The types asked of the table `resources`, sorted: every known type that is no child, and a few that
    are.
    """
    tops = (
        kind
        for kind in KINDS
        if kind.startswith("microsoft.") and kind.count("/") == 1 and kind not in CONTAINERS
    )
    return tuple(sorted({*tops, *_CHILDREN_IN_RESOURCES} - set(_NETWORK_RESOURCES)))


def graph_queries() -> Mapping[str, str]:
    """The Resource Graph queries, by the name of the file that holds the answer."""
    containers = (MANAGEMENT_GROUP, "microsoft.resources/subscriptions")
    return {
        "containers": _query("resourcecontainers", containers),
        "resources": _query("resources", resource_types()),
        "networkresources": _query("networkresources", _NETWORK_RESOURCES),
    }


def query_commands(shell: Shell = "bash") -> str:
    """A script that exports everything into the folder `export`, for bash or PowerShell; ends in a line
    break.
    """
    head, call_graph, call_below = (
        (_BASH, 'graph {0} "{1}"', 'below "{0}" {1} {2}')
        if shell == "bash"
        else (_POWERSHELL, 'Save-Graph {0} "{1}"', 'Save-Below "{0}" {1} {2}')
    )
    graphs = [call_graph.format(name, query) for name, query in graph_queries().items()]
    belows = [call_below.format(row.parents, row.path, row.api_version) for row in _BELOW]
    return head + "\n".join(["", *graphs, *belows]) + "\n"


def _query(table: str, types: tuple[str, ...]) -> str:
    """One query, sorted by id so that pages neither overlap nor leave gaps."""
    return f"{table} | where type in~ ({', '.join(repr(t) for t in types)}) | order by id asc"


_BASH = r"""#!/usr/bin/env bash
# Exports what diagramgen draws into the folder `export`; draw it with: diagramgen render export -o estate.svg
# Wants the Azure CLI, signed in (`az login`) with read access; asks every subscription that it can see.
set -euo pipefail
mkdir -p export
az extension add --only-show-errors --upgrade --name resource-graph
number=0

graph() { # graph NAME QUERY: all pages, 1000 rows each
  local page=1 token=''
  while :; do
    az graph query --first 1000 ${token:+--skip-token "$token"} -o json -q "$2" > "export/$1-$page.json"
    token=$(sed -n 's/^ *"skip_token": "\(.*\)".*/\1/p' "export/$1-$page.json")
    [ -n "$token" ] || break
    page=$((page + 1))
  done
}

below() { # below PARENTS PATH API-VERSION: what Resource Graph does not keep, asked of each parent
  local ids
  ids=$(az graph query --first 1000 -q "$1 | project id" --query 'data[].id' -o tsv | tr -d '\r')
  children "$ids" "$2" "$3"
}

children() { # children IDS PATH API-VERSION: lists the first step of the path, and below it the rest
  local id inner child=${2%%/*}
  while read -r id; do
    [ -n "$id" ] || continue
    number=$((number + 1))
    az rest --method get --url "$id/$child?api-version=$3" -o json \
      > "export/$child-$number.json" < /dev/null ||
      { rm -f "export/$child-$number.json"; echo "not exported: $child of $id" >&2; continue; }
    [ "$child" != "$2" ] || continue
    inner=$(az rest --method get --url "$id/$child?api-version=$3" --query 'value[].id' -o tsv < /dev/null)
    children "$(echo "$inner" | tr -d '\r')" "${2#*/}" "$3"
  done <<< "$1"
}
"""

_POWERSHELL = r"""# PowerShell
# Exports what diagramgen draws into the folder `export`; draw it with: diagramgen render export -o estate.svg
# Wants the Azure CLI, signed in (`az login`) with read access; asks every subscription that it can see.
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
New-Item -ItemType Directory -Force export | Out-Null
az extension add --only-show-errors --upgrade --name resource-graph
$script:number = 0

function Save-Text($Name, $Text) { # UTF-8, where `>` of Windows PowerShell writes UTF-16
    [IO.File]::WriteAllText((Join-Path (Get-Location) "export/$Name.json"), ($Text -join "`n"))
}

function Save-Graph($Name, $Query) { # all pages, 1000 rows each
    $page = 1
    $token = $null
    do {
        $arguments = @('graph', 'query', '--first', '1000', '-o', 'json', '-q', $Query)
        if ($token) { $arguments += @('--skip-token', $token) }
        $answer = az @arguments
        if ($LASTEXITCODE -ne 0) { throw "az graph query failed for $Name" }
        Save-Text "$Name-$page" $answer
        $token = ($answer | Out-String | ConvertFrom-Json).skip_token
        $page++
    } while ($token)
}

function Save-Below($Parents, $Path, $Version) { # what Resource Graph does not keep, asked of each parent
    $ids = az graph query --first 1000 -q "$Parents | project id" --query 'data[].id' -o tsv
    Save-Children $ids $Path $Version
}

function Save-Children($Ids, $Path, $Version) { # lists the first step of the path, and below it the rest
    $child, $rest = $Path.Split('/', 2)
    foreach ($id in $Ids) {
        $script:number++
        $answer = az rest --method get --url "$id/${child}?api-version=$Version" -o json
        if ($LASTEXITCODE -ne 0) { Write-Warning "not exported: $child of $id"; continue }
        Save-Text "$child-$script:number" $answer
        if ($rest) { Save-Children ($answer | Out-String | ConvertFrom-Json).value.id $rest $Version }
    }
}
"""
