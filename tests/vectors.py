"""The test vectors of Azure's segmentation, each expanded into a whole estate and put to the program.

    python tests/vectors.py         prints a table: id, kind, what is expected, what the program says

The vectors stand beside the project, not in it: `../shared/segmentation-vectors.yaml` from its root; where the file is
absent, the tests that need it are skipped. Vectors are short; `cases_*` in `simulator` say what each kind means as
resources.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from simulator.arm import Arm
from simulator.cases import Ask, Case
from simulator.cases_filters import expand_firewall, expand_nsg, expand_route
from simulator.cases_hubs import CHANGES, expand_hubs, is_of_hubs
from simulator.cases_internet import OUTSIDE, expand_internet, is_of_internet
from simulator.cases_services import expand_service, is_of_services
from simulator.cases_wan import expand_wan

Json = Mapping[str, Any]
FILE = Path(__file__).resolve().parents[2] / "shared" / "segmentation-vectors.yaml"


class Vector(NamedTuple):
    """A vector as the file has it, what `as XX-nn` means filled in."""

    id: str
    kind: str
    title: str
    basis: str
    given: Json
    flow: Json
    expect: Json


def load() -> list[Vector]:
    """The vectors of the file; none where it is absent."""
    if not FILE.is_file():
        return []
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))["vectors"]
    by_id = {row["id"]: row for row in rows}
    return [
        Vector(row["id"], row["kind"], row["title"], row["basis"], _given(row, by_id), row.get("flow") or {},
               row["expect"])
        for row in rows
    ]  # fmt: skip


def _given(row: Json, by_id: Json) -> Json:
    given = row.get("given") or {}
    found: dict[str, Any]
    if not isinstance(given, str):
        found = copy.deepcopy(given)
        return found
    _, base, *rest = given.split(" ", 2)
    found = copy.deepcopy(by_id[base]["given"])
    CHANGES[" ".join(rest)](found)
    return found


def _nsg(vector: Vector) -> Case:
    return expand_nsg(vector.given, vector.flow)


def _route(vector: Vector) -> Case:
    return expand_route(vector.given, vector.flow)


def _firewall(vector: Vector) -> Case:
    return expand_firewall(vector.given, vector.flow or None)


def _hubs(vector: Vector) -> Case | None:
    return expand_hubs(vector.given, vector.flow) if is_of_hubs(vector.given) else None


def _internet(vector: Vector) -> Case | None:
    if not is_of_internet(vector.given):
        return None
    given, flow = dict(vector.given), dict(vector.flow)
    if (flow.get("src"), flow.get("dst")) == ("vm", "internet"):
        return expand_internet(given, None, "outbound")._replace(ask=Ask("10.1.1.4", OUTSIDE))
    return expand_internet(given, flow, vector.expect.get("direction", "inbound"))


def _service(vector: Vector) -> Case | None:
    return expand_service(vector.given, vector.flow) if is_of_services(vector.given) else None


def _wan(vector: Vector) -> Case:
    return expand_wan(vector.given, vector.flow)


EXPANSIONS: Mapping[str, tuple[Callable[[Vector], Case | None], ...]] = {
    "nsg": (_nsg,),
    "route": (_route,),
    "firewall": (_firewall,),
    "flow": (_service, _hubs, _internet),
    "boundary": (_hubs, _internet),
    "paas": (_service,),
    "vwan": (_wan,),
}
"""By a vector's kind the expansions to try, in order; None of one means that it is for the next."""


def expand(vector: Vector) -> Case:
    """The vector as a whole estate."""
    for expansion in EXPANSIONS[vector.kind]:
        case = expansion(vector)
        if case is not None:
            return case
    raise LookupError(f"no expansion for {vector.id}")


# ---------------------------------------------------------------- what the program says


class Answers(NamedTuple):
    """What the program says of a vector, as pairs (what is expected, what is said) by the name of the thing asked.

    Only what was asked is there: a thing that the vector does not tell of, or tells in words of its own, is not.
    """

    pairs: Mapping[str, tuple[str, str]]

    @property
    def differences(self) -> dict[str, tuple[str, str]]:
        return {name: pair for name, pair in self.pairs.items() if pair[0] != pair[1]}


CODES = (
    "subnet:", "nic:", "admin:", "platform:", "peering:", "route:", "return-route:", "asymmetric-return",
    "firewall:default-deny", "default-outbound-access",
)  # fmt: skip
"""How codes begin that mean the same in the vectors and in the program."""

OWN_WORDS = {
    "NSG-18": "the reply of an allowed flow passes with it; the flow is what is traced",
    "NSG-32": "the doubt is told of the first filter that has it",
    "PS-14": "an invalid rule is a fault of the input, not a finding of a rule",
    "VW-14": "an invalid configuration is a fault of the input, not a finding of a rule",
}
"""Vectors whose code is not compared, and why."""

NOT_ASKED = {
    "FW-06": "the order of collections is no verdict; the simulator's tests look at it",
    "FW-08": "a packet to a firewall's own public address belongs to no machine",
}
"""Vectors that cannot be put to the program as a question."""


def ask(case: Case) -> Any:
    """The program's trace of a case's question."""
    analysis = analysed(case.arm)
    assert case.ask is not None
    if not case.ask.target.startswith("/"):
        return analysis.trace(asked(case.ask))
    zone = analysis.platform.zone(case.ask.target.lower())
    there = asked(case.ask._replace(target="0.0.0.0"))._replace(destination=zone.addresses[0][0])
    return analysis.tracer.packet(there, target=zone)


def analysed(arm: Arm) -> Any:
    """The program's analysis of an estate, read as it reads any export; the last one is kept."""
    from diagramgen.analyse import analyse_topology
    from diagramgen.model.build import build_topology
    from diagramgen.read import Source, read_records

    if not _kept or _kept[0][0] is not arm:
        reading = read_records([Source("estate.json", arm.text())])
        _kept[:] = [(arm, analyse_topology(build_topology(reading)))]
    return _kept[0][1]


_kept: list[tuple[Arm, Any]] = []


def asked(question: Any) -> Any:
    """A packet or question in the program's own words."""
    from simulator.addresses import number

    from diagramgen.model.traffic import Packet, parse_service

    has_ports = question.protocol in ("Tcp", "Udp")
    service = parse_service(question.protocol.lower(), str(question.port) if has_ports else "*")[0][0]
    return Packet(number(question.source), number(question.target), service, question.source_port)


def answers(vector: Vector, case: Case) -> Answers:
    """Everything that a vector expects, beside what the program says."""
    pairs: dict[str, tuple[str, str]] = {}
    expect = vector.expect
    if case.ask is not None:
        trace = ask(case)
        if "verdict" in expect:
            pairs["verdict"] = (expect["verdict"], trace.verdict)
        code = str(expect.get("decided_by", ""))
        if code.startswith(CODES) and vector.id not in OWN_WORDS:
            pairs["decided by"] = (code, trace.decided_by)
        kinds = [hop.kind for hop in trace.hops]
        if "next_hop" in expect:
            pairs["next hop"] = (
                expect["next_hop"],
                trace.hops[0].route.partition(":")[0] if trace.hops else "",
            )
        if "inspected" in expect:
            pairs["inspected"] = (str(expect["inspected"]), str("firewall" in kinds))
        if expect.get("path") == "direct":
            pairs["path"] = ("direct", "by a firewall" if "firewall" in kinds else "direct")
        if expect.get("path") == ["fw1", "fw2"]:
            pairs["firewalls"] = ("2", str(kinds.count("firewall")))
    status = expect.get("boundary") or expect.get("status")
    if status and case.boundary:
        pairs["boundary"] = (status.replace("_", "-"), _status(case))
    finding = str(expect.get("finding", ""))
    if finding.startswith("ZT-"):
        found = {finding.rule for finding in analysed(case.arm).findings()}
        pairs["finding"] = (finding, finding if finding in found else ", ".join(sorted(found)))
    return Answers(pairs)


def _status(case: Case) -> str:
    """The status of a case's boundary, of one direction where the case is about one."""
    assert case.boundary is not None
    level, a, b = case.boundary
    boundary = analysed(case.arm).boundary(level, *_sides(case, a, b))
    if boundary is None:
        return "none"
    told = dict(boundary.directions)
    return str(told.get({"inbound": "in", "outbound": "out"}.get(case.direction, ""), boundary.status))


def _sides(case: Case, a: str, b: str) -> tuple[str, str]:
    """The two sides by the ids that the program knows them by."""
    from diagramgen.analyse import INTERNET

    sites = [site.id for site in analysed(case.arm).topology.sites]
    names = {"internet": INTERNET, "on-premises": sites[0] if sites else "on-premises"}
    one, other = (names.get(side, side.lower()) for side in (a, b))
    return one, other


# ---------------------------------------------------------------- the table


def table() -> list[tuple[str, str, str, str]]:
    """A row a vector: id, kind, what is expected, what the program says ('same' where all agrees)."""
    rows = []
    for vector in load():
        case = expand(vector)
        reason = case.unsupported or NOT_ASKED.get(vector.id)
        if reason:
            rows.append((vector.id, vector.kind, "", f"not asked: {reason}"))
            continue
        try:
            found = answers(vector, case)
        except Exception as problem:  # a row that fails must not hide the others
            rows.append((vector.id, vector.kind, "", f"failed: {problem!r}"))
            continue
        expected = ", ".join(f"{name} {pair[0]}" for name, pair in found.pairs.items())
        said = ", ".join(f"{name} {pair[1]}" for name, pair in found.differences.items()) or "same"
        rows.append((vector.id, vector.kind, expected, said if found.pairs else "nothing to compare"))
    return rows


def main() -> None:
    rows = table()
    if not rows:
        print(f"there is no {FILE}")
        return
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    for row in (("id", "kind", "expected", "the program"), *rows):
        print("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]))
    same = sum(1 for row in rows if row[3] == "same")
    print(f"{len(rows)} vectors, {same} the same")


if __name__ == "__main__":
    main()
