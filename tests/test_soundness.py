"""What the analysis claims never rests on what the input lacks, on the order of things, or on how they are written.

Estates are random; each test changes one in a way that has a known meaning and compares what is said before and after.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any, NamedTuple

import pytest
from estates import Estate, estates
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from simulator.addresses import number

from diagramgen.analyse import Analysis, analyse_topology, networks
from diagramgen.analyse.boundaries import together
from diagramgen.analyse.tags import ServiceTags
from diagramgen.analyse.verdicts import Boundary
from diagramgen.located import Place
from diagramgen.model.build import build_topology
from diagramgen.model.traffic import Packet, PacketSet, describe, overlap, parse_service
from diagramgen.read import Source, read_records

Json = dict[str, Any]
Key = tuple[str, str, str]
PACKETS = 25
TAGS = ServiceTags("ServiceTags_Public_20240527.json", "Public", "1", {
    "storage": ("20.60.0.0/16", "203.0.113.0/28"), "azurecloud": ("20.0.0.0/8", "203.0.113.0/26"),
    "azurecloud.westeurope": ("20.50.0.0/16", "203.0.113.0/27"), "sql": ("20.70.0.0/16",),
})  # fmt: skip
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32 - 1)


class Said(NamedTuple):
    """All that the analysis says of an estate: the status of each boundary, and what becomes of some packets."""

    boundaries: Mapping[Key, str]
    traces: tuple[str, ...]


def analysed(resources: list[Json], tags: ServiceTags | None = None) -> Analysis:
    text = json.dumps({"value": resources}).encode()
    return analyse_topology(build_topology(read_records([Source("estate.json", text)])), tags)


def asked(estate: Estate, seed: int) -> list[Packet]:
    """Packets in the program's own words."""
    found = []
    for packet in estate.packets(seed, PACKETS):
        ports = str(packet.port) if packet.protocol in ("Tcp", "Udp") else "*"
        service = parse_service(packet.protocol.lower(), ports)[0][0]
        found.append(Packet(number(packet.source), number(packet.target), service, packet.source_port))
    return found


def said(analysis: Analysis, packets: list[Packet], keys: list[Key] | None = None) -> Said:
    """What is said of the boundaries of `keys`, or of all that are listed."""
    if keys is None:
        listed: list[Boundary | None] = list(analysis.boundaries())
    else:
        listed = [analysis.boundary(*key) for key in keys]  # type: ignore[arg-type]
    boundaries = {(b.level, b.a, b.b): b.status for b in listed if b is not None}
    return Said(boundaries, tuple(analysis.trace(packet).verdict for packet in packets))


def claims(before: Said, after: Said, packets: list[Packet]) -> list[str]:
    """What is claimed after something was taken from the input that was not so before: nothing, if all is well."""
    found = []
    for key, status in after.boundaries.items():
        told = before.boundaries.get(key)
        if told in ("gap", "unknown") and status in ("enforced", "no-path"):
            found.append(f"{key}: {told} became {status}")
        if told in ("enforced", "no-path", "unknown") and status == "gap":
            found.append(f"{key}: {told} became {status}")
    for packet, told, verdict in zip(packets, before.traces, after.traces, strict=True):
        if verdict not in (told, "unknown"):
            found.append(f"{packet}: {told} became {verdict}")
    return found


# What is not in the input


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def with_back_references(resources: list[Json]) -> list[Json]:
    """The estate as Azure tells it: subnets, NSGs and route tables name what uses them."""
    resources = copy.deepcopy(resources)
    subnets: dict[str, Json] = {}
    for resource in resources:
        if "/virtualnetworks" in resource["type"].lower():
            subnets |= {
                subnet["id"]: subnet["properties"] for subnet in resource["properties"].get("subnets", ())
            }
    owners: dict[str, Json] = {resource["id"]: resource["properties"] for resource in resources}
    for resource in resources:
        p = resource["properties"]
        for configuration in p.get("ipConfigurations", ()):
            home = configuration.get("properties", {}).get("subnet", {}).get("id")
            if home in subnets:
                subnets[home].setdefault("ipConfigurations", []).append({"id": configuration["id"]})
        if "subnet" in p and "privateEndpoints" in resource["id"]:
            subnets[p["subnet"]["id"]].setdefault("privateEndpoints", []).append({"id": resource["id"]})
        nsg = p.get("networkSecurityGroup", {}).get("id")
        if nsg in owners:
            owners[nsg].setdefault("networkInterfaces", []).append({"id": resource["id"]})
    for rid, p in subnets.items():
        for name in ("networkSecurityGroup", "routeTable"):
            owner = p.get(name, {}).get("id")
            if owner in owners:
                owners[owner].setdefault("subnets", []).append({"id": rid})
    return resources


def without(resources: list[Json], rid: str) -> list[Json]:
    """The input without the body of one thing; its children go with it."""
    return [r for r in resources if r["id"] != rid and not r["id"].startswith(rid + "/")]


def referred(resources: list[Json]) -> list[str]:
    """The ids of things to which something else refers, or to a part of them."""
    found = []
    for resource in resources:
        rid = resource["id"]
        others = {text for other in without(resources, rid) for text in texts(other)}
        if any(text == rid or text.startswith(rid + "/") for text in others):
            found.append(rid)
    return found


def is_beside_the_point(packet: Packet, rid: str) -> bool:
    """An address that the Internet may have too: whoever takes away the VNet that uses it takes away all that tells."""
    public = ((number("20.30.0.0"), number("20.30.255.255")),)
    ends = ((packet.source, packet.source), (packet.destination, packet.destination))
    return "/virtualNetworks/" in rid and any(overlap(public, (end,)) for end in ends)


@quick
@given(estate=estates(), seed=seeds, is_told=st.booleans())
def test_what_is_referred_to_and_absent_is_never_taken_for_a_wall_or_for_a_hole(
    estate: Estate, seed: int, is_told: bool
) -> None:
    resources = with_back_references(estate.arm.resources) if is_told else estate.arm.resources
    removable = referred(resources)
    assume(removable)
    packets = asked(estate, seed)
    before = said(analysed(resources), packets)
    for rid in random.Random(seed).sample(removable, min(4, len(removable))):
        after = said(analysed(without(resources, rid)), packets, list(before.boundaries))
        found = [c for c in claims(before, after, packets) if not any(
            str(p) in c and is_beside_the_point(p, rid) for p in packets)]  # fmt: skip
        assert not found, rid


@quick
@given(estate=estates(), seed=seeds)
def test_policies_taken_away_without_their_rules_are_unknown(estate: Estate, seed: int) -> None:
    resources = estate.arm.resources
    policies = [r["id"] for r in resources if r["type"].lower().endswith("/firewallpolicies")]
    assume(policies)
    packets = asked(estate, seed)
    before = said(analysed(resources), packets)
    for rid in policies:
        left = [resource for resource in resources if resource["id"] != rid]
        assert not claims(before, said(analysed(left), packets, list(before.boundaries)), packets)


def with_tags(estate: Estate, chance: random.Random) -> list[Json]:
    """The estate with service tags in routes, and with service endpoints."""
    resources = copy.deepcopy(estate.arm.resources)
    for resource in resources:
        for route in resource["properties"].get("routes", ()):
            if chance.random() < 0.3:
                route["properties"]["addressPrefix"] = chance.choice(("Storage", "AzureCloud", "Sql"))
        for subnet in (
            resource["properties"].get("subnets", ()) if "addressSpace" in resource["properties"] else ()
        ):
            if chance.random() < 0.3:
                subnet["properties"]["serviceEndpoints"] = [{"service": "Microsoft.Storage"}]
    return resources


@quick
@given(estate=estates(), seed=seeds)
def test_without_the_prefixes_of_service_tags_nothing_is_claimed_that_they_do_not_prove(
    estate: Estate, seed: int
) -> None:
    resources = with_tags(estate, random.Random(seed))
    inside = [
        Packet(p.source, number("20.60.1.1"), p.service, p.source_port) for p in asked(estate, seed)[:8]
    ]
    packets = [*asked(estate, seed), *inside]
    before = said(analysed(resources, TAGS), packets)
    after = said(analysed(resources), packets, list(before.boundaries))
    assert not claims(before, after, packets)


# What changes nothing, or something for sure


def rules_of(resources: list[Json], direction: str) -> Iterator[list[Json]]:
    """The rules of each NSG for one direction, in order."""
    for resource in resources:
        rules = resource["properties"].get("securityRules", ())
        found = [rule for rule in rules if rule["properties"]["direction"] == direction]
        yield sorted(found, key=lambda rule: rule["properties"]["priority"])


def are_apart(one: Json, other: Json) -> bool:
    """Whether two rules share no packet, told from their protocols and single ports alone."""
    protocols = {one["protocol"], other["protocol"]}
    if len(protocols) == 2 and "*" not in protocols:
        return True
    ports = [rule.get("destinationPortRange") or "*" for rule in (one, other)]
    return (
        protocols <= {"Tcp", "Udp", "*"}
        and "*" not in ports
        and "-" not in "".join(ports)
        and ports[0] != ports[1]
    )


@quick
@given(estate=estates(), seed=seeds)
def test_the_order_of_rules_that_share_no_packet_does_not_matter(estate: Estate, seed: int) -> None:
    resources = copy.deepcopy(estate.arm.resources)
    packets = asked(estate, seed)
    before = said(analysed(resources), packets)
    swapped = 0
    for direction in ("Inbound", "Outbound"):
        for rules in rules_of(resources, direction):
            for one, other in zip(rules[::2], rules[1::2], strict=False):
                first, second = one["properties"], other["properties"]
                if are_apart(first, second):
                    first["priority"], second["priority"] = second["priority"], first["priority"]
                    swapped += 1
    assume(swapped)
    assert said(analysed(resources), packets) == before


def split(prefix: str) -> list[str]:
    """A network as its two halves; what is none as it is."""
    if prefix in ("*", "0.0.0.0/0"):
        return ["0.0.0.0/1", "128.0.0.0/1"]
    if "/" not in prefix or prefix.endswith("/32"):
        return [prefix]
    return [str(half) for half in ip_network(prefix).subnets()]


@quick
@given(estate=estates(), seed=seeds)
def test_a_prefix_may_be_written_as_its_two_halves(estate: Estate, seed: int) -> None:
    resources = copy.deepcopy(estate.arm.resources)
    packets = asked(estate, seed)
    before = said(analysed(resources), packets)
    for resource in resources:
        for rule in resource["properties"].get("securityRules", ()):
            p = rule["properties"]
            for end in ("source", "destination"):
                if p.get(f"{end}AddressPrefix"):
                    p[f"{end}AddressPrefixes"] = split(p.pop(f"{end}AddressPrefix"))
        for collection in resource["properties"].get("ruleCollections", ()):
            for rule in collection["rules"]:
                for name in ("sourceAddresses", "destinationAddresses"):
                    rule[name] = [half for prefix in rule.get(name, ()) for half in split(prefix)]
    assert said(analysed(resources), packets) == before


def shuffled(resources: list[Json], chance: random.Random) -> list[Json]:
    resources = copy.deepcopy(resources)
    for resource in resources:
        for name in ("subnets", "virtualNetworkPeerings", "securityRules", "routes"):
            chance.shuffle(resource["properties"].get(name, []))
    chance.shuffle(resources)
    return resources


def placeless(value: Any) -> Any:
    """A value without what it says of places, which are elsewhere in another order."""
    if isinstance(value, Place):
        return None
    if isinstance(value, PacketSet):
        return list(describe(value, 99))
    if isinstance(value, tuple):
        return tuple(map(placeless, value))
    return value


@quick
@given(estate=estates(), seed=seeds)
def test_the_order_of_the_input_changes_no_word_of_the_answer(estate: Estate, seed: int) -> None:
    packets = asked(estate, seed)
    one = analysed(estate.arm.resources)
    other = analysed(shuffled(estate.arm.resources, random.Random(seed)))
    assert placeless(one.boundaries()) == placeless(other.boundaries())
    for packet in packets:
        assert placeless(one.trace(packet)) == placeless(other.trace(packet))


HELD = {"no-path": "held", "enforced": "held"}
"""A walk finds routes that drop packets between VNets that nothing joins anyway."""


@quick
@given(estate=estates())
def test_short_ways_to_a_verdict_lead_where_the_long_way_does(estate: Estate) -> None:
    short = analysed(estate.arm.resources)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(networks, "MANY_VNETS", 0)
        shorter = {(b.a, b.b): b.status for b in analysed(estate.arm.resources).boundaries("vnet")}
    for boundary in short.boundaries("vnet"):
        pair = (boundary.a, boundary.b)
        walked = together(
            short.networks.zones_apart(one, other)
            for one in short.zones.of_vnet(boundary.a)
            for other in short.zones.of_vnet(boundary.b)
        )
        assert shorter[pair] == boundary.status
        if all(map(short.zones.of_vnet, pair)):
            assert HELD.get(boundary.status, boundary.status) == HELD.get(walked.status, walked.status)
