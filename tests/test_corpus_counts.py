"""Real files: VNets, subnets, halves of peerings, NSGs and security rules are as many as the raw file holds, in the
model and, of VNets and subnets, in the drawing. The counts are made from the JSON alone, without the readers' help."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from diagramgen.diagnostics import InputError
from diagramgen.model.topology import Topology
from diagramgen.pipeline import Analysis, build_topology, choose_view, plan_layout
from diagramgen.read import Source, read_records
from diagramgen.system import read_theme

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
Json = dict[str, Any]
Counts = Mapping[str, int]

KINDS = (
    "virtualnetworks", "virtualnetworks/subnets", "virtualnetworks/virtualnetworkpeerings", "networksecuritygroups",
    "networksecuritygroups/securityrules",
)  # fmt: skip
DRAWN = {"vnet": "virtualnetworks", "subnet": "virtualnetworks/subnets"}


def files(*kinds: str) -> list[Path]:
    """The files of some folders of the corpus."""
    return sorted(f for kind in kinds for f in (CORPUS / kind).glob("**/*") if f.is_file())


def shown(path: Path) -> str:
    """A file's name in the corpus."""
    return str(path.relative_to(CORPUS))


def raw(path: Path) -> Any:
    """A file's JSON."""
    return json.loads(path.read_text(encoding="utf-8-sig"))


def counted(told: Mapping[str, set[Any]]) -> Counts:
    """How many there are of each kind."""
    return {kind: len(told[kind]) for kind in KINDS if told.get(kind)}


# What the program knows and draws


def known(topology: Topology) -> Counts:
    """What the model has, but for what the file only refers to."""
    own = (r.type.removeprefix("microsoft.network/") for r in topology.resources.values() if not r.is_ghost)
    count = Counter(own)
    return {kind: count[kind] for kind in KINDS if count[kind]}


def drawn(topology: Topology, own: Collection[str] | None = None) -> Counts:
    """The VNets and subnets that have a box in the drawing, but for ghosts, or of those that are `own`."""
    try:
        plan = plan_layout(choose_view(Analysis(topology)), read_theme().metrics)
    except InputError as problem:
        assert [each.code for each in problem.diagnostics] == ["nothing-to-draw"]
        return {}
    if own is None:
        own = {rid for rid, resource in topology.resources.items() if not resource.is_ghost}
    count = Counter(DRAWN[box.kind] for box in plan.boxes if box.kind in DRAWN and box.id in own)
    return dict(count)


def check(path: Path, expected: Counts) -> None:
    """Fails unless the program knows and draws what is expected of a file."""
    try:
        reading = read_records([Source(path.name, path.read_bytes())])
    except InputError as problem:
        assert not expected, problem
        return
    topology = build_topology(reading)
    assert known(topology) == expected
    assert drawn(topology) == {kind: expected[kind] for kind in DRAWN.values() if kind in expected}


# Exports


EXPORTS = ("arg", "avnm", "powershell", "rest-assembled", "rest-get", "rest-list", "rest-spec-example")
_REFERENCE = frozenset((
    "id", "name", "type", "resourceGroup", "kind", "location", "managedBy", "plan", "sku", "subscriptionId", "tags",
    "tenantId", "identity", "zones", "extendedLocation", "aliases",
))  # fmt: skip
"""What stands beside the properties of a resource."""
_STEPS = re.compile(r"/providers/microsoft\.network/([^/]+)/[^/]+(?:/([^/]+)/[^/]+)?/?$")


def described(value: Any) -> Iterator[str]:
    """The ids, lower case, of all objects at any depth that say more of a thing than which it is."""
    if isinstance(value, dict):
        rid = value.get("ResourceId") or value.get("id")
        if isinstance(rid, str) and value.keys() - _REFERENCE:
            yield rid.lower().rstrip("/")
        for inner in value.values():
            yield from described(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from described(inner)


@pytest.mark.parametrize("path", files(*EXPORTS), ids=shown)
def test_everything_in_an_export_is_known_and_drawn(path: Path) -> None:
    told: dict[str, set[str]] = {}
    for rid in described(raw(path)):
        told.setdefault(_kind(rid), set()).add(rid)
    check(path, counted(told))


@pytest.mark.parametrize("path", files("cloudnetdraw"), ids=shown)
def test_everything_in_a_topology_of_cloudnetdraw_is_known_and_drawn(path: Path) -> None:
    told: dict[str, set[Any]] = {kind: set() for kind in KINDS}
    for vnet in vnets_of_cloudnetdraw(raw(path)):
        rid = (vnet.get("resource_id") or vnet["id"]).lower()
        told["virtualnetworks"].add(rid)
        told["virtualnetworks/subnets"] |= {(rid, subnet["name"]) for subnet in vnet["subnets"]}
        far = vnet.get("peering_resource_ids") or [
            p["remoteVirtualNetwork"]["id"] for p in vnet.get("peerings", ())
        ]
        told["virtualnetworks/virtualnetworkpeerings"] |= {(rid, each.lower()) for each in far}
    check(path, counted(told))


def vnets_of_cloudnetdraw(value: Any) -> Iterator[Json]:
    """The VNets of all topologies in a file; virtual hubs stand among them."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "vnets":
                yield from (vnet for vnet in inner if vnet.get("type") != "virtual_hub")
            else:
                yield from vnets_of_cloudnetdraw(inner)


TOPOLOGIES = [path for path in files("network-watcher") if "createdDateTime" in raw(path)]


@pytest.mark.parametrize("path", TOPOLOGIES, ids=shown)
def test_everything_in_a_topology_of_network_watcher_is_drawn(path: Path) -> None:
    listed = [each["id"].lower() for each in raw(path)["resources"]]
    expected = networks(listed)
    topology = build_topology(read_records([Source(path.name, path.read_bytes())]))
    own = {rid for rid, resource in topology.resources.items() if not resource.is_outside}
    assert networks(own) == expected
    assert drawn(topology, own) == expected


def networks(ids: Iterable[str]) -> Counts:
    """How many VNets and subnets there are among ids."""
    return Counter(kind for kind in map(_kind, ids) if kind in DRAWN.values())


def _kind(rid: str) -> str:
    steps = _STEPS.search(rid)
    return "/".join(filter(None, steps.groups())) if steps is not None else ""


# Terraform


def instances(document: Json) -> Iterator[tuple[str, Json]]:
    """Type and attributes of every managed resource of a state, or of those that a plan leads to."""
    for resource in document.get("resources", ()):
        if resource["mode"] == "managed":
            yield from ((resource["type"], instance["attributes"]) for instance in resource["instances"])
    modules: list[Json] = [
        (document.get("planned_values") or document.get("values") or {}).get("root_module", {})
    ]
    while modules:
        module = modules.pop()
        modules += module.get("child_modules", ())
        for resource in module.get("resources", ()):
            if resource["mode"] == "managed":
                yield resource["type"], resource["values"]


def of_terraform(document: Json) -> Counts:
    """What is in a state or plan: resources, and blocks inside of them; what is told both ways is one."""
    told: dict[str, set[Any]] = {kind: set() for kind in KINDS}
    own_rules: set[tuple[Any, Any]] = set()
    for number, (kind, values) in enumerate(instances(document)):
        name = values.get("name", number)
        match kind:
            case "azurerm_virtual_network":
                told["virtualnetworks"].add(name)
                told["virtualnetworks/subnets"] |= {
                    (name, each["name"]) for each in values.get("subnet") or ()
                }
            case "azurerm_subnet":
                told["virtualnetworks/subnets"].add((values.get("virtual_network_name", number), name))
            case "azurerm_virtual_network_peering":
                told["virtualnetworks/virtualnetworkpeerings"].add(
                    (values.get("virtual_network_name", number), name)
                )
            case "azurerm_network_security_group":
                told["networksecuritygroups"].add(name)
                rules = {(name, each["name"]) for each in values.get("security_rule") or ()}
                told["networksecuritygroups/securityrules"] |= rules
            case "azurerm_network_security_rule":
                rule = (values.get("network_security_group_name", number), name)
                is_double = rule in own_rules  # two of one name, which Azure refuses
                own_rules.add(rule)
                told["networksecuritygroups/securityrules"].add((*rule, number) if is_double else rule)
    return counted(told)


@pytest.mark.parametrize("path", files("tfstate", "tfplan"), ids=shown)
def test_everything_in_a_terraform_file_is_known_and_drawn(path: Path) -> None:
    check(path, of_terraform(raw(path)))


# Templates


class NotLiteral(Exception):
    """A template that takes more than names and their parts to be counted."""


_CALL = re.compile(r"\[(concat|format|parameters|variables)\((.*)\)\]$", re.DOTALL)
_ARGUMENT = re.compile(r"\s*(?:'((?:[^']|'')*)'|(parameters|variables)\('([^']*)'\))\s*(?:,|$)")


class Template:
    """An interpreter of what a literal template needs: parameters, variables, `concat` and `format` of these."""

    def __init__(self, document: Json) -> None:
        self.given = {
            "parameters": {
                name: told.get("defaultValue", f"?{name}")
                for name, told in document.get("parameters", {}).items()
            },
            "variables": document.get("variables", {}),
        }
        self.told: dict[str, set[str]] = {kind: set() for kind in KINDS}
        resources = document["resources"]
        for each in resources.values() if isinstance(resources, dict) else resources:
            self.resource(each, "", "")

    def text(self, value: Any) -> str:
        """A text, or an expression of few functions; anything else makes a template not literal."""
        if not isinstance(value, str):
            raise NotLiteral
        if not value.startswith("[") or value.startswith("[["):
            return value
        call = _CALL.match(value)
        if call is None:
            raise NotLiteral
        name, inside = call.groups()
        if name in self.given:
            return self.text(self.given[name][inside.strip().strip("'")])
        arguments = self.arguments(inside)
        if name == "concat":
            return "".join(arguments)
        return re.sub(r"\{(\d+)\}", lambda n: arguments[1 + int(n[1])], arguments[0])

    def arguments(self, inside: str) -> list[str]:
        """The arguments of a function: texts, parameters and variables."""
        found, at = [], 0
        while at < len(inside):
            argument = _ARGUMENT.match(inside, at)
            if argument is None:
                raise NotLiteral
            literal, kind, name = argument.groups()
            found.append(literal if kind is None else self.text(self.given[kind][name]))
            at = argument.end()
        return found

    def resource(self, told: Json, outer_type: str, outer_name: str) -> None:
        """Counts a resource with its children; what is there on a condition or several times is not literal."""
        kind = told["type"].lower()
        is_inside = bool(outer_type) and not kind.startswith("microsoft.")
        kind = f"{outer_type}/{kind}" if is_inside else kind
        if kind.removeprefix("microsoft.network/") not in (*KINDS, "microsoft.resources/deployments"):
            return
        if told.keys() & {"condition", "copy", "existing"} or kind == "microsoft.resources/deployments":
            raise NotLiteral
        name = "/".join(filter(None, (outer_name if is_inside else "", self.text(told["name"])))).lower()
        self.add(kind, name, told.get("properties", {}))
        for child in told.get("resources", ()):
            self.resource(child, kind, name)

    def add(self, kind: str, name: str, properties: Any) -> None:
        """Counts a thing and what its properties hold of it."""
        if isinstance(properties, str) or "copy" in properties:
            raise NotLiteral
        short = kind.removeprefix("microsoft.network/")
        if short in self.told:
            self.told[short].add(name)
        for collection in ("subnets", "virtualNetworkPeerings", "securityRules"):
            inner = f"{kind}/{collection.lower()}"
            listed = (
                properties.get(collection, []) if inner.removeprefix("microsoft.network/") in KINDS else []
            )
            if not isinstance(listed, list):
                raise NotLiteral
            for child in listed:
                self.add(inner, f"{name}/{self.text(child['name'])}".lower(), child.get("properties", {}))


def templates() -> Iterator[tuple[Path, Counts]]:
    """The literal templates of the corpus that have networks or NSGs, with what is in them."""
    for path in files("arm-template", "arm-portal-export", "arm-bicep-build"):
        text = path.read_text(encoding="utf-8-sig")
        try:
            document = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
            is_template = "deploymenttemplate.json" in document.get("$schema", "").lower()
            expected = counted(Template(document).told) if is_template else {}
        except (ValueError, NotLiteral):
            continue
        if expected:
            yield path, expected


LITERAL = dict(templates())


@pytest.mark.parametrize("path", LITERAL, ids=shown)
def test_everything_in_a_literal_template_is_known_and_drawn(path: Path) -> None:
    check(path, LITERAL[path])


def test_there_are_templates_to_count() -> None:
    assert len(LITERAL) >= 15
