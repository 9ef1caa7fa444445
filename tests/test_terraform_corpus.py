"""Real Terraform files, and damaged ones: all that is in them comes out, and nothing crashes."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from terraform_plans import NAMED, Plan, const, nsg, ref, rule, state, stated, subnet, vnet, without

from diagramgen.diagnostics import InputError
from diagramgen.read import Reading, Source, read_records
from diagramgen.read.inputs import Options

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
COUNTED = {
    "azurerm_virtual_network": "virtualnetworks",
    "azurerm_subnet": "virtualnetworks/subnets",
    "azurerm_virtual_network_peering": "virtualnetworks/virtualnetworkpeerings",
    "azurerm_network_security_group": "networksecuritygroups",
    "azurerm_network_security_rule": "networksecuritygroups/securityrules",
    "azurerm_route_table": "routetables",
    "azurerm_firewall": "azurefirewalls",
    "azurerm_virtual_hub": "virtualhubs",
    "azurerm_virtual_wan": "virtualwans",
    "azurerm_public_ip": "publicipaddresses",
}
INLINE = {"security_rule": "networksecuritygroups/securityrules", "subnet": "virtualnetworks/subnets"}


def files() -> list[Path]:
    return sorted(path for kind in ("tfplan", "tfstate") for path in (CORPUS / kind).glob("*"))


def resources(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Type and attributes of every resource of a file, told from its raw JSON alone."""
    for resource in document.get("resources", ()):
        for instance in resource["instances"]:
            yield resource["type"], instance["attributes"]
    modules = [document.get("planned_values", document.get("values", {})).get("root_module", {})]
    while modules:
        module = modules.pop()
        yield from ((each["type"], each["values"]) for each in module.get("resources", ()))
        modules += module.get("child_modules", ())


def counted(document: Any) -> Counter[str]:
    """How many there are of each type that is counted, with those that stand inside others."""
    count: Counter[str] = Counter()
    for kind, values in resources(document):
        if kind in COUNTED:
            count[COUNTED[kind]] += 1
        for attribute, inner in INLINE.items():
            if isinstance(values.get(attribute), list) and kind.startswith("azurerm_"):
                count[inner] += len(values[attribute])
    return Counter({kind: number for kind, number in count.items() if number})


def told(reading: Reading) -> Counter[str]:
    kinds = set(COUNTED.values())
    found = (record.type.removeprefix("microsoft.network/") for record in reading.records)
    return Counter(kind for kind in found if kind in kinds)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_nothing_in_a_real_file_is_lost(path: Path) -> None:
    reading = read_records([Source(path.name, path.read_bytes())])
    there = counted(orjson.loads(path.read_bytes()))
    assert told(reading) == there
    assert all(diagnostic.severity != "error" for diagnostic in reading.diagnostics)


def sample_plan() -> dict[str, Any]:
    """A plan with some of everything that is followed in plans."""
    plan = Plan(variables={"keys": {"value": {"a": {"key": "a"}}}})
    plan.call(
        "", "m", {"nsg": ref("azurerm_network_security_group.n.id")}, for_each_expression=ref("var.keys")
    )
    told = {**without(nsg(), "id"), "security_rule": [without(rule(), "id")]}
    mask = {"security_rule": [{"source_application_security_group_ids": [True]}]}
    plan.create("azurerm_network_security_group.n", told, {"name": const("nsg")}, mask)
    plan.create('module.m["a"].azurerm_virtual_network.v', without(vnet(), "id"), None, {"subnet": True})
    plan.create('module.m["a"].azurerm_subnet.s[0]', without(subnet(), "id"))
    plan.create('module.m["a"].azurerm_subnet_network_security_group_association.s[0]', {}, None,
                {"subnet_id": True, "network_security_group_id": True})  # fmt: skip
    expressions = {
        "subnet_id": ref("azurerm_subnet.s", "count.index"),
        "network_security_group_id": ref("var.nsg"),
    }
    plan.declare("module.m.azurerm_subnet_network_security_group_association.s", expressions)
    plan.output("m", "ids", ref("azurerm_subnet.s"))
    plan.create("azurerm_network_interface.n", {"name": "n", **NAMED, "ip_configuration": [{"name": "ip"}]},
                {"ip_configuration": [{"name": const("ip"), "subnet_id": ref('module.m["a"].ids[0]')}]},
                {"ip_configuration": [{"subnet_id": True}]})  # fmt: skip
    plan.change("azurerm_virtual_network.old", ["delete"], vnet("old"), None)
    plan.change("azurerm_virtual_network.new", ["update"], vnet("new"), vnet("new", address_space=[]))
    plan.create("azapi_resource.z", {"type": "Microsoft.Network/routeTables@2024-01-01", "name": "z", "body": {}},
                {"body": ref("local.x")}, {"body": {"properties": True}, "parent_id": True})  # fmt: skip
    return plan.document()


def sample_state() -> dict[str, Any]:
    inline = [{"name": "app", "security_group": nsg()["id"], "id": subnet()["id"]}]
    network = {
        "attributes": vnet(subnet=inline),
        "sensitive_attributes": [[{"type": "get_attr", "value": "tags"}]],
    }
    return state(
        stated("azurerm_virtual_network", network, module='module.a["x"]'),
        stated("azurerm_subnet", {"index_key": "app", "attributes": subnet()}),
        stated("azurerm_network_security_group", nsg(security_rule=[without(rule(), "id")])),
        stated(
            "azurerm_virtual_network",
            vnet("far", subnets=["a"], vnet_peerings={"x": vnet()["id"]}),
            mode="data",
        ),
    )


def damaged(value: Any, chance: random.Random, rate: float = 0.03) -> Any:
    """A document with some of its values taken away, exchanged or doubled."""
    if chance.random() < rate:
        return chance.choice(
            [None, 7, "", "x", [], {}, True, [value], {"a": value}, [None, value, value], "{x}", -1.5]
        )
    if isinstance(value, dict):
        return {
            key: damaged(inner, chance, rate) for key, inner in value.items() if chance.random() > rate / 3
        }
    if isinstance(value, list):
        return [damaged(inner, chance, rate) for inner in value]
    return value


@pytest.mark.parametrize("make", [sample_plan, sample_state], ids=["plan", "state"])
@pytest.mark.parametrize("seed", range(10))
def test_damaged_documents_are_read_or_refused(make: Any, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(40):
        data = orjson.dumps(damaged(make(), chance))
        for side in ("after", "before"):
            try:
                read_records([Source("a.json", data)], Options(plan_side=side))  # type: ignore[arg-type]
            except InputError as problem:
                assert problem.diagnostics


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_damaged_real_files_are_read_or_refused(path: Path) -> None:
    chance = random.Random(1)
    for _ in range(15):
        data = orjson.dumps(damaged(orjson.loads(path.read_bytes()), chance, 0.01))
        try:
            read_records([Source("a.json", data)])
        except InputError as problem:
            assert problem.diagnostics


def test_deep_nesting_is_no_matter() -> None:
    value: Any = None
    mask: Any = True
    for _ in range(110):
        value, mask = {"a": [value]}, {"a": [mask]}
    for sensitive in (False, mask):
        plan = Plan().change("azurerm_virtual_network.v", ["update"], vnet(), vnet(tags=value, subnet=[value]),
                             unknown={"tags": mask, "subnet": [mask]}, after_sensitive=sensitive)  # fmt: skip
        try:
            read_records([Source("a.json", orjson.dumps(plan.document()))])
        except InputError as problem:
            assert [d.code for d in problem.diagnostics] == ["json-too-deep"]


def test_the_order_of_resources_does_not_matter() -> None:
    document = sample_plan()
    turned = {**document, "resource_changes": document["resource_changes"][::-1]}
    root = document["planned_values"]["root_module"]
    turned["planned_values"] = {"root_module": {**root, "resources": root["resources"][::-1]}}
    found = [read_records([Source("a.json", orjson.dumps(each))]).records for each in (document, turned)]
    ours, theirs = ({record.id: (record.type, record.properties) for record in records} for records in found)
    assert ours == theirs
