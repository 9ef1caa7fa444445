"""One estate in every format builds one model, with the same verdicts; what a format cannot tell is named, with its
reason. The yardstick is what the REST API gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from six_formats import bicep, envelopes, export, network, portrait, rest, spec, terraform
from six_formats.differences import FORMATS

from diagramgen.diagnostics import InputError
from diagramgen.pipeline import build_topology, write_spec
from diagramgen.read import Reading, Source, read_records

PLACES: Mapping[str, network.Places] = {
    "one group": network.ONE_PLACE,
    "two subscriptions": network.TWO_SUBSCRIPTIONS,
}


@cache
def documents(name: str, places: str) -> Mapping[str, Any]:
    """The estate in a format, by the names of its files."""
    where = PLACES[places]
    bodies = rest.bodies(where)
    match name:
        case "REST":
            return {"rest": {"value": bodies}}
        case "Resource Graph":
            return envelopes.graph_answers(bodies, rest.subscriptions(where))
        case "az":
            return envelopes.az_lists(bodies)
        case "PowerShell":
            return {"resources": envelopes.powershell_resources(bodies)}
        case "ARM export":
            return {"template": export.template(bodies)}
        case "Bicep":
            return {"main": bicep.template(bodies, where)}
        case "Terraform state":
            return {"terraform.tfstate": terraform.state(where)}
        case "Terraform plan":
            return {"plan": terraform.plan(where)}
        case "spec":
            return {"network": spec.spec(where)}
        case _:
            told = reading("REST", places)
            return {"network": write_spec(build_topology(told), told)}


@cache
def reading(name: str, places: str) -> Reading:
    """The estate, read from a format."""
    return read_records([
        Source(file, told.encode() if isinstance(told, str) else json.dumps(told).encode())
        for file, told in documents(name, places).items()
    ])  # fmt: skip


@cache
def painted(name: str, places: str, by_role: bool) -> portrait.Facts:
    """The portrait of what was read."""
    return portrait.portrait_of(reading(name, places), by_role=by_role)


def told_differently(name: str, places: str) -> Iterator[str]:
    """The differences between a format and REST, as they are named."""
    by_role = FORMATS[name].is_spec
    both = (painted("REST", places, by_role), painted(name, places, by_role))
    for path, ours, theirs in portrait.differences(*both):
        sign = "-" if theirs in (None, (), "") else "+" if ours in (None, (), "") else "~"
        yield f"{sign} {path}"


def fits(difference: str, pattern: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), difference) is not None


WRITTEN = "spec of the REST bodies"
CASES = [
    (name, places)
    for name in FORMATS
    for places in PLACES
    if (name, places) != ("ARM export", "two subscriptions")  # an export is of one resource group
]


@pytest.mark.parametrize(("name", "places"), CASES)
def test_every_format_builds_one_model(name: str, places: str) -> None:
    patterns = [pattern for named in FORMATS[name].differences.values() for pattern in named]
    found = list(told_differently(name, places))
    assert [each for each in found if not any(fits(each, pattern) for pattern in patterns)] == []


@pytest.mark.parametrize("name", [name for name in FORMATS if name != WRITTEN])  # which may well say more
def test_every_named_difference_is_there(name: str) -> None:
    found = list(told_differently(name, "one group"))
    patterns = [pattern for named in FORMATS[name].differences.values() for pattern in named]
    assert [pattern for pattern in patterns if not any(fits(each, pattern) for each in found)] == []


@pytest.mark.parametrize(("name", "places"), [("REST", "one group"), ("REST", "two subscriptions"), *CASES])
def test_nothing_is_missed_or_doubted(name: str, places: str) -> None:
    expected = FORMATS[name].codes if name in FORMATS else frozenset()
    assert {each.code for each in reading(name, places).diagnostics} == expected
    assert not reading(name, places).unknown or name == "ARM export"


def test_the_estate_has_what_is_compared() -> None:
    told = painted("REST", "two subscriptions", False)
    kinds = {path[0] for path in told}
    assert {
        "nsg_of",
        "route_table_of",
        "nat_gateway_of",
        "asgs_of",
        "public_ips_of",
        "peering",
        "connection",
    } <= kinds
    assert {"private link", "service endpoint", "service link", "finding"} <= kinds
    assert {value for path, value in told.items() if path[0] == "boundary"} == {"enforced", "gap"}
    assert {path[1] for path in told if path[0] == "boundary"} == {
        "subscription", "vnet", "subnet", "internet", "on-premises", "paas"
    }  # fmt: skip
    assert all(value for path, value in told.items() if path[0] == "tells")
    rules = [path[0] for path in told if len(path) == 1 and "/securityrules/" in path[0]]
    assert len(rules) == sum(len(nsg.rules) for nsg in network.NSGS.values())


@pytest.mark.parametrize(
    ("changed", "into", "seen"),
    [
        ('"destinationPortRange": "1433"', '"destinationPortRange": "1434"', "networksecuritygroups/nsg-sql"),
        ('"allowForwardedTraffic": false', '"allowForwardedTraffic": true', "allows_forwarded"),
        ('"access": "Deny", "priority": 4096', '"access": "Allow", "priority": 4096', "boundary > vnet"),
        ('"defaultAction": "Deny"', '"defaultAction": "Allow"', "boundary > paas"),
    ],
)
def test_a_change_is_seen(changed: str, into: str, seen: str) -> None:
    text = json.dumps(documents("REST", "one group")["rest"])
    assert changed in text
    other = portrait.portrait_of(read_records([Source("rest.json", text.replace(changed, into).encode())]))
    found = [path for path, _, _ in portrait.differences(painted("REST", "one group", False), other)]
    assert any(seen in path for path in found)


def test_empty_properties_are_a_whole_body() -> None:
    group = {"id": f"{network_group()}/applicationSecurityGroups/a", "name": "a", "location": "westeurope",
             "type": "Microsoft.Network/applicationSecurityGroups", "properties": {}}  # fmt: skip
    told = rest.bodies(network.ONE_PLACE)
    assert read_value([*told, group]).diagnostics == ()
    assert read_value([group]).diagnostics == ()


@pytest.mark.parametrize("lacking", [{}, {"properties": None}], ids=["absent", "null"])
def test_rows_without_properties_are_told_or_refused(lacking: dict[str, Any]) -> None:
    row = {
        "id": f"{network_group()}/virtualNetworks/v",
        "name": "v",
        "type": "microsoft.network/virtualnetworks",
    }
    told = rest.bodies(network.ONE_PLACE)
    assert [each.code for each in read_value([*told, row | lacking]).diagnostics] == ["no-properties"]
    with pytest.raises(InputError) as refused:
        read_value([row | lacking])
    (diagnostic,) = refused.value.diagnostics
    assert diagnostic.code == "no-properties" and "diagramgen query" in diagnostic.hints[0]


def network_group() -> str:
    place = network.ONE_PLACE["hub"]
    return f"/subscriptions/{place.subscription}/resourceGroups/{place.group}/providers/Microsoft.Network"


def read_value(rows: list[dict[str, Any]]) -> Reading:
    return read_records([Source("rows.json", json.dumps({"value": rows}).encode())])
