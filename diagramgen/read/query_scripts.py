"""The frame of the scripts that export from Azure, for two shells: what pages, asks of each parent, and writes files.

Every answer but Resource Graph's is written with what it is of (`parentId`, `networkManagerId`), which the answer alone
does not tell; one that could not be had is written as a list without `value`, so that the export says what it lacks.
"""

from __future__ import annotations

BASH = r"""#!/usr/bin/env bash
# Exports what diagramgen draws into the folder `export`; draw it with: diagramgen render export -o estate.svg
# Wants the Azure CLI, signed in (`az login`) with read access; asks every subscription that it can see.
set -euo pipefail
command -v az > /dev/null || {
  echo 'error: the Azure CLI (az) is not installed: https://learn.microsoft.com/cli/azure/install-azure-cli' >&2
  exit 1
}
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

ids() { # ids QUERY: the ids of all rows, a line each
  local page token=''
  while :; do
    page=$(az graph query --first 1000 ${token:+--skip-token "$token"} -o json \
      -q "$1 | project id | order by id asc" < /dev/null | tr -d '\r') || return 1
    sed -n 's/^ *"id": "\(.*\)".*/\1/p' <<< "$page"
    token=$(sed -n 's/^ *"skip_token": "\(.*\)".*/\1/p' <<< "$page")
    [ -n "$token" ] || break
  done
}

ask() { # ask METHOD URL [SHAPE]: one answer of the REST API, in this shape (JMESPath)
  local more=()
  [ -z "${3:-}" ] || more+=(--query "$3")
  [ "$1" != post ] || more+=(--body '{}')
  az rest --method "$1" --url "$2" ${more[@]+"${more[@]}"} -o json < /dev/null
}

below() { # below PARENTS PATH API-VERSION: what Resource Graph does not keep, asked of each parent
  local parents
  parents=$(ids "$1")
  children "$parents" "$2" "$3"
}

children() { # children IDS PATH API-VERSION: lists the first step of the path, and below it the rest
  local id url file inner child=${2%%/*}
  while read -r id; do
    [ -n "$id" ] || continue
    url="$id/$child?api-version=$3" inner=''
    while [ -n "$url" ]; do
      number=$((number + 1))
      file="export/$child-$number.json"
      if ! ask get "$url" "{parentId: '$id', collection: '$child', value: value, nextLink: nextLink}" > "$file"; then
        printf '{"parentId": "%s", "collection": "%s", "value": null}\n' "$id" "$child" > "$file"
        echo "not exported: $child of $id" >&2
        break
      fi
      inner+=$(tr -d '\r' < "$file" | sed -n 's/^      "id": "\(.*\)".*/\1/p')$'\n'
      url=$(tr -d '\r' < "$file" | sed -n 's/^  "nextLink": "\(.*\)".*/\1/p')
    done
    [ "$child" = "$2" ] || children "$inner" "${2#*/}" "$3"
  done <<< "$1"
}

single() { # single PARENTS CHILD API-VERSION: the one child of this name of each parent
  local id file parents
  parents=$(ids "$1")
  while read -r id; do
    [ -n "$id" ] || continue
    number=$((number + 1))
    file="export/${2//\//-}-$number.json"
    ask get "$id/$2?api-version=$3" > "$file" || { rm -f "$file"; echo "not exported: $2 of $id" >&2; }
  done <<< "$parents"
}

answer() { # answer PARENTS QUESTION API-VERSION NAME: what each parent answers, with its id under this name
  local id file parents
  parents=$(ids "$1")
  while read -r id; do
    [ -n "$id" ] || continue
    number=$((number + 1))
    file="export/$2-$number.json"
    ask post "$id/$2?api-version=$3" "{$4: '$id', value: value, skipToken: skipToken}" > "$file" ||
      { rm -f "$file"; echo "not exported: $2 of $id" >&2; }
  done <<< "$parents"
}
"""

POWERSHELL = r"""# PowerShell
# Exports what diagramgen draws into the folder `export`; draw it with: diagramgen render export -o estate.svg
# Wants the Azure CLI, signed in (`az login`) with read access; asks every subscription that it can see.
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
if (-not (Get-Command az -ErrorAction SilentlyContinue)) {
    throw 'the Azure CLI (az) is not installed: https://learn.microsoft.com/cli/azure/install-azure-cli'
}
New-Item -ItemType Directory -Force export | Out-Null
az extension add --only-show-errors --upgrade --name resource-graph
$script:number = 0
$onWindows = $PSVersionTable.PSEdition -eq 'Desktop' -or $IsWindows

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

function Get-Ids($Query) { # the ids of all rows
    $token = $null
    do {
        $arguments = @('graph', 'query', '--first', '1000', '-o', 'json', '-q', "$Query | project id | order by id asc")
        if ($token) { $arguments += @('--skip-token', $token) }
        $answer = az @arguments | Out-String | ConvertFrom-Json
        if ($LASTEXITCODE -ne 0) { throw "az graph query failed for $Query" }
        $answer.data | ForEach-Object { $_.id }
        $token = $answer.skip_token
    } while ($token)
}

function Get-Answer($Method, $Url, $Shape) { # one answer of the REST API, in this shape (JMESPath)
    if ($onWindows -and $Url.Contains('&')) { $Url = '"' + $Url + '"' } # az is a batch file there
    $arguments = @('rest', '--method', $Method, '--url', $Url, '-o', 'json')
    if ($Shape) { $arguments += @('--query', $Shape) }
    if ($Method -eq 'post') { $arguments += @('--body', '{}') }
    az @arguments
}

function Save-Below($Parents, $Path, $Version) { # what Resource Graph does not keep, asked of each parent
    Save-Children (Get-Ids $Parents) $Path $Version
}

function Save-Children($Ids, $Path, $Version) { # lists the first step of the path, and below it the rest
    $child, $rest = $Path.Split('/', 2)
    foreach ($id in $Ids) {
        $url = "$id/${child}?api-version=$Version"
        $inner = @()
        while ($url) {
            $script:number++
            $answer = Get-Answer get $url "{parentId: '$id', collection: '$child', value: value, nextLink: nextLink}"
            if ($LASTEXITCODE -ne 0) {
                $answer = '{"parentId": "' + $id + '", "collection": "' + $child + '", "value": null}'
                Write-Warning "not exported: $child of $id"
            }
            Save-Text "$child-$script:number" $answer
            $told = $answer | Out-String | ConvertFrom-Json
            $inner += @($told.value | ForEach-Object { $_.id })
            $url = $told.nextLink
        }
        if ($rest) { Save-Children $inner $rest $Version }
    }
}

function Save-Single($Parents, $Child, $Version) { # the one child of this name of each parent
    foreach ($id in (Get-Ids $Parents)) {
        $script:number++
        $answer = Get-Answer get "$id/${Child}?api-version=$Version"
        if ($LASTEXITCODE -ne 0) { Write-Warning "not exported: $Child of $id"; continue }
        Save-Text "$($Child.Replace('/', '-'))-$script:number" $answer
    }
}

function Save-Answer($Parents, $Question, $Version, $Name) { # what each parent answers, with its id under this name
    foreach ($id in (Get-Ids $Parents)) {
        $script:number++
        $shape = "{${Name}: '$id', value: value, skipToken: skipToken}"
        $answer = Get-Answer post "$id/${Question}?api-version=$Version" $shape
        if ($LASTEXITCODE -ne 0) { Write-Warning "not exported: $Question of $id"; continue }
        Save-Text "$Question-$script:number" $answer
    }
}
"""
