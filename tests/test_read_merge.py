"""Records of one id from many places become one, whatever the order."""

import copy
import itertools
import random
from pathlib import Path

import orjson
import pytest
from read_samples import HUB, NSG, az_vnet, by_id, graph_answer, graph_row, nsg, read, rest_vnet, rule, said

from diagramgen.read import Source, key_of, read_records

SHUFFLED = ("microsoft.network/virtualnetworks", "microsoft.network/networksecuritygroups")
CONTOSO = Path(__file__).parent.parent / "examples" / "contoso-estate.json"


def test_what_only_one_input_says_is_kept() -> None:
    poor, rich = copy.deepcopy(rest_vnet()), copy.deepcopy(rest_vnet())
    del poor["properties"]["virtualNetworkPeerings"]
    rich["properties"]["enableDdosProtection"] = True
    del rich["tags"]
    merged = by_id(read(poor, rich))[key_of(HUB)]
    assert merged.properties["enableDdosProtection"] is True
    assert merged.envelope["tags"] == {"owner": "net"}
    assert len(merged.properties["virtualNetworkPeerings"]) == 1


def test_rest_and_az_of_the_same_network_agree() -> None:
    both = read({"value": [rest_vnet()]}, [az_vnet()])
    assert said(both) == said(read(rest_vnet()))
    assert both.diagnostics == ()


def test_children_in_two_exports_are_joined() -> None:
    first, second = nsg(rule("a", 100)), nsg(rule("b", 200))
    merged = by_id(read(first, second))
    assert [one["id"][-1] for one in merged[key_of(NSG)].properties["securityRules"]] == ["a", "b"]
    assert key_of(f"{NSG}/securityRules/a") in merged
    assert key_of(f"{NSG}/securityRules/b") in merged


def test_of_two_states_of_a_rule_one_counts_whole_and_it_is_told() -> None:
    old = nsg(rule("a", 100, sourceAddressPrefix="*", sourceAddressPrefixes=[]))
    new = nsg(rule("a", 100, sourceAddressPrefix="", sourceAddressPrefixes=["10.0.0.0/8", "172.16.0.0/12"]))
    for order in ((old, new), (new, old)):
        reading = read(*order)
        merged = by_id(reading)[key_of(f"{NSG}/securityRules/a")].properties
        assert (merged["sourceAddressPrefix"], len(merged["sourceAddressPrefixes"])) == ("", 2)
        assert [(d.code, d.message) for d in reading.diagnostics] == [
            (
                "conflict",
                "`a` is told twice with different `sourceAddressPrefix`, `sourceAddressPrefixes`: "
                "the richer telling counts",
            )
        ]


def test_ids_that_differ_only_in_case_do_not_conflict() -> None:
    first, second = copy.deepcopy(rest_vnet()), copy.deepcopy(rest_vnet())
    peering = second["properties"]["virtualNetworkPeerings"][0]["properties"]
    peering["remoteVirtualNetwork"]["id"] = peering["remoteVirtualNetwork"]["id"].upper()
    assert read(first, second).diagnostics == ()


def test_every_order_of_files_gives_the_same() -> None:
    rich = copy.deepcopy(rest_vnet())
    rich["properties"]["subnets"][0]["properties"]["addressPrefix"] = "10.0.9.0/24"
    files = (
        [az_vnet()],
        graph_answer(graph_row(rest_vnet())),
        rich,
        nsg(rule("a", 100)),
        nsg(rule("a", 101)),
    )
    results = [said(read(*order)) for order in itertools.permutations(files)]
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize("seed", range(5))
def test_a_shuffled_and_split_estate_reads_the_same(seed: int) -> None:
    whole = CONTOSO.read_bytes()
    rows = orjson.loads(whole)["data"]
    chance = random.Random(seed)
    chance.shuffle(rows)
    for row in rows:
        for listed in row["properties"].values():
            if isinstance(listed, list) and row["type"] in SHUFFLED:
                chance.shuffle(listed)
    files = [Source(f"part{n}.json", orjson.dumps(rows[n::7])) for n in range(7)]
    parts = read_records(files)
    once = read_records([Source("whole.json", whole)])
    by_key = [(r.id, r.type, r.name, dict(r.envelope)) for r in once.records]
    assert [(r.id, r.type, r.name, dict(r.envelope)) for r in parts.records] == by_key
    assert [r.id for r in parts.records] == sorted(r.id for r in parts.records)


def test_the_estate_reads_without_a_word() -> None:
    reading = read_records([Source("contoso-estate.json", CONTOSO.read_bytes())])
    assert reading.diagnostics == ()
    assert reading.unknown == {}
    assert reading.formats == {"contoso-estate.json": "Resource Graph"}


def test_what_one_input_does_not_tell_is_taken_from_the_other_without_a_word() -> None:
    part, whole = rest_vnet(), rest_vnet()
    part["properties"]["addressSpace"] = {"addressPrefixes": ["10.0.0.0/16", "{further prefixes}"]}
    part["properties"]["virtualNetworkPeerings"] = "{virtualNetworkPeerings}"
    part["properties"]["dhcpOptions"] = {
        "dnsServers": "{dnsServers}",
        "more": "to be the richer telling " * 100,
    }
    whole["properties"]["addressSpace"] = {"addressPrefixes": ["10.1.0.0/16", "10.0.0.0/16"]}
    whole["properties"]["dhcpOptions"] = {"dnsServers": []}
    for documents in ((part, whole), (whole, part)):
        reading = read(*copy.deepcopy(documents))
        vnet = by_id(reading)[HUB.lower()].properties
        assert vnet["addressSpace"] == {"addressPrefixes": ["10.1.0.0/16", "10.0.0.0/16"]}
        assert [one["id"] for one in vnet["virtualNetworkPeerings"]] == [
            f"{HUB}/virtualNetworkPeerings/to-spoke"
        ]
        assert vnet["dhcpOptions"]["dnsServers"] == []
        assert reading.diagnostics == ()


def test_lists_that_are_not_whole_contradict_only_what_they_hold() -> None:
    part, whole = rest_vnet(), rest_vnet()
    part["properties"]["addressSpace"] = {"addressPrefixes": ["10.9.0.0/16", "{further prefixes}"]}
    reading = read(part, whole)
    assert [d.code for d in reading.diagnostics] == ["conflict"]


def test_a_name_alone_adds_nothing_to_what_is_told_of_the_thing() -> None:
    bare = {"id": NSG, "name": "nsg-web", "type": "Microsoft.Network/networkSecurityGroups"}
    reading = read([bare, rest_vnet()], nsg(rule("a", 100)))
    found = by_id(reading)[NSG.lower()]
    assert "isUntold" not in found.envelope
    assert found.properties["securityRules"]
    alone = by_id(read([bare, rest_vnet()]))[NSG.lower()]
    assert alone.envelope["isUntold"] is True
