"""`import`: a spec of whatever was read, which draws the same picture with the same verdicts.

Of the real files every eighth is tried; `EVERYTHING=1` tries all.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from command import ROOT, diagramgen
from import_portrait import faults

from diagramgen.diagnostics import InputError
from diagramgen.pipeline import Reading, Source, build_topology, read_records, write_spec

CORPUS = ROOT.parent / "shared" / "corpus"
EXAMPLES = sorted((ROOT / "examples").iterdir())
REAL = sorted(file for file in CORPUS.rglob("*.*") if file.is_file()) if CORPUS.is_dir() else []
TRIED = REAL if os.environ.get("EVERYTHING") else REAL[::8]
ESTATE = ROOT / "examples" / "contoso-estate.json"


def reading_of(path: Path) -> Reading:
    return read_records([Source(path.name, path.read_bytes())])


@pytest.mark.parametrize("path", [*EXAMPLES, *TRIED], ids=lambda path: path.name)
def test_what_is_imported_draws_the_same_with_the_same_verdicts(path: Path) -> None:
    try:
        reading = reading_of(path)
    except InputError:
        return
    assert faults(reading) == []


def test_a_spec_reads_as_a_person_would_write_it() -> None:
    reading = reading_of(ESTATE)
    text = write_spec(build_topology(reading), reading, "Contoso")
    for line in (
        "title: Contoso",
        "AllowSqlInBound: 100 allow inbound tcp/1433 from asg-erp-app to snet-data",
        "default-to-firewall: 0.0.0.0/0 -> 10.100.0.4",
        "vm-jump-01: {type: vm, ip: 10.100.1.4",
    ):
        assert line in text
    assert "provisioningState" not in text and "/providers/" not in text
    assert max(map(len, text.splitlines())) <= 125


def test_the_command_writes_to_a_file_once(tmp_path: Path) -> None:
    done = diagramgen("import", ESTATE, "-o", "network.yaml", folder=tmp_path)
    assert done.code == 0 and (tmp_path / "network.yaml").read_text().startswith(("#", "unsaid", "title"))
    again = diagramgen("import", ESTATE, "-o", "network.yaml", folder=tmp_path)
    assert again.code == 2 and "was not touched" in again.err
    assert diagramgen("import", ESTATE, "-o", "network.yaml", "--force", folder=tmp_path).code == 0


def test_without_a_file_it_prints_the_spec_and_nothing_else(tmp_path: Path) -> None:
    done = diagramgen("import", ESTATE, folder=tmp_path)
    (tmp_path / "network.yaml").write_bytes(done.out)
    assert diagramgen("render", "network.yaml", "-o", "a.svg", folder=tmp_path).code == 0


def test_a_scope_imports_a_part_and_names_what_it_is_joined_with(tmp_path: Path) -> None:
    done = diagramgen("import", ESTATE, "--subscription", "*Web Shop", "-o", "shop.yaml", folder=tmp_path)
    text = (tmp_path / "shop.yaml").read_text()
    assert done.code == 0 and "vm-shop-web-01" in text and "nsg-shop-web" in text
    assert "vm-erp-web-01" not in text and "vnet-hub-weu" in text
    drawn = diagramgen("render", "shop.yaml", "-o", "a.json", folder=tmp_path)
    assert drawn.code == 0
    assert "vnet-hub-weu" in json.dumps(json.loads((tmp_path / "a.json").read_text()))


def test_an_anonymised_spec_tells_no_name(tmp_path: Path) -> None:
    text = diagramgen("import", ESTATE, "--anonymise", folder=tmp_path).out.decode()
    assert "contoso" not in text.lower() and "AzureFirewallSubnet" in text
