"""`--anonymise` replaces names and addresses and changes neither structure nor verdict."""

from __future__ import annotations

import json
import re
from collections import Counter
from ipaddress import ip_network
from pathlib import Path

import pytest
from command import ROOT, diagramgen
from hypothesis import given
from hypothesis import strategies as st

from diagramgen.analyse import Analysis
from diagramgen.pipeline import Reading, Source, analyse_topology, anonymise, build_topology, read_records
from diagramgen.read.anonymise.addresses import Addresses

EXAMPLES = sorted((ROOT / "examples").glob("*.*"))
ESTATE = ROOT / "examples" / "contoso-estate.json"
TELLING = re.compile(
    r"contoso|\berp\b|\bshop|amsterdam|workstation|45e094ff|10\.10[0-9]\.[1-9]", re.IGNORECASE
)

prefixes = st.builds(
    lambda address, length: ip_network((address >> (32 - length) << (32 - length), length)),
    st.integers(0, 2**32 - 1),
    st.integers(1, 32),
)


def reading_of(path: Path) -> Reading:
    return read_records([Source(path.name, path.read_bytes())])


def verdicts(analysis: Analysis) -> Counter[tuple[str, ...]]:
    counted: Counter[tuple[str, ...]] = Counter((b.level, b.status) for b in analysis.boundaries())
    counted.update((finding.rule, finding.severity) for finding in analysis.findings())
    return counted


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_verdict_stays(path: Path) -> None:
    reading = reading_of(path)
    before, after = (build_topology(each) for each in (reading, anonymise(reading)))
    assert Counter(r.type for r in before.resources.values()) == Counter(
        r.type for r in after.resources.values()
    )
    assert verdicts(analyse_topology(before)) == verdicts(analyse_topology(after))


@pytest.mark.parametrize("command", ["render", "check", "inventory"])
def test_no_output_tells_a_name_or_an_address(command: str, tmp_path: Path) -> None:
    target = ["-o", "a.svg", "-o", "a.json"] if command == "render" else ["--format", "json"]
    (tmp_path / "in.json").write_bytes(ESTATE.read_bytes())
    done = diagramgen(command, "in.json", "--anonymise", *target, folder=tmp_path)
    said = done.out.decode() + done.err + "".join(file.read_text() for file in tmp_path.glob("a.*"))
    assert not TELLING.findall(said)
    assert "AzureFirewallSubnet" in said or command == "inventory"


def test_the_same_input_is_replaced_by_the_same(tmp_path: Path) -> None:
    reading = reading_of(ESTATE)
    assert anonymise(reading) == anonymise(reading)


def test_prefixes_of_the_estate_keep_their_lengths_and_what_lies_in_what() -> None:
    reading = reading_of(ESTATE)
    for record in anonymise(reading).records:
        if record.type == "microsoft.network/virtualnetworks/subnets":
            vnet = next(r for r in anonymise(reading).records if r.id == record.envelope["parent"])
            space = [ip_network(p) for p in vnet.properties["addressSpace"]["addressPrefixes"]]
            assert any(ip_network(record.properties["addressPrefix"]).subnet_of(p) for p in space)  # type: ignore[arg-type]


@given(prefixes, prefixes)
def test_one_prefix_lies_in_another_exactly_where_it_did(a, b) -> None:  # type: ignore[no-untyped-def]
    disguise = Addresses(b"key")
    new_a, new_b = (ip_network(disguise.text(str(each)) or "") for each in (a, b))
    assert new_a.prefixlen == a.prefixlen
    assert new_a.subnet_of(new_b) == a.subnet_of(b)  # type: ignore[arg-type]
    assert new_a.is_private == a.is_private


def test_free_texts_tags_and_descriptions_do_not_stay() -> None:
    row = {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v", "name": "v",
           "type": "Microsoft.Network/virtualNetworks", "tags": {"owner": "zebra"}, "properties": {
               "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "comment": "zebra", "zebra of": "x",
               "list": ["zebra"], "nested": {"displayName": "zebra", "fqdns": ["*.zebra.com"]}}}  # fmt: skip
    text = json.dumps([[r.id, r.name, r.properties, r.envelope] for r in anonymise(
        read_records([Source("z.json", json.dumps(row).encode())])).records])  # fmt: skip
    assert "zebra" not in text and "*.host-1.example" in text
