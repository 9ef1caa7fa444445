"""What the analysis claims never rests on what the input lacks, on the order of things, or on how they are written.

Estates are random; each test changes one in a way that has a known meaning and compares what is said before and after.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from estates import Estate, estates
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from simulator.addresses import number

from diagramgen.analyse import Analysis, analyse_topology
from diagramgen.analyse.tags import ServiceTags
from diagramgen.analyse.verdicts import Boundary
from diagramgen.model.build import build_topology
from diagramgen.model.traffic import Packet, parse_service
from diagramgen.read import Source, read_records

Json = dict[str, Any]
Key = tuple[str, str, str]
PACKETS = 25
TAGS = ServiceTags("ServiceTags_Public_20240527.json", "Public", "1", {
    "storage": ("20.60.0.0/16", "203.0.113.0/28"), "azurecloud": ("20.0.0.0/8", "203.0.113.0/26"),
    "azurecloud.westeurope": ("20.50.0.0/16", "203.0.113.0/27"), "sql": ("20.70.0.0/16",),
})  # fmt: skip
quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
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
        if "privateEndpoints" in resource["id"]:
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


@quick
@given(estate=estates(), seed=seeds, is_told=st.booleans())
def test_what_is_referred_to_and_absent_is_never_taken_for_a_wall_or_for_a_hole(
    estate: Estate, seed: int, is_told: bool
) -> None:
    resources = with_back_references(estate.arm.resources) if is_told else estate.arm.resources
    removable = referred(resources)
    assume(removable)
    chance = random.Random(seed)
    packets = asked(estate, seed)
    before = said(analysed(resources), packets)
    for rid in chance.sample(removable, min(4, len(removable))):
        after = said(analysed(without(resources, rid)), packets, list(before.boundaries))
        assert not claims(before, after, packets), rid
