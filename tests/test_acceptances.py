"""What is accepted: how a spec says it, what is wrong with it, and which findings it covers until when."""

from __future__ import annotations

import json
from typing import Any

import pytest
from made_reports import BOUNDARIES, DATA, FINDINGS, HUB, JUMP, OFFICE, SHOP, TODAY, WEB, estate

from diagramgen.analyse.verdicts import Boundary, Finding
from diagramgen.diagnostics import InputError
from diagramgen.model.build import build_topology
from diagramgen.model.topology import Acceptance
from diagramgen.read import Source, read_records
from diagramgen.read.render_diagnostics import render_diagnostics
from diagramgen.report import Applied, apply_acceptances

TREE = "vnets: {Hub: {subnets: [Web, Data]}}\naccepted:\n"
VM = "/subscriptions/S1/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/Jump"
NSG_EXPORT = [
    {
        "id": "/subscriptions/S1/resourceGroups/RG/providers/Microsoft.Network/networkSecurityGroups/N",
        "name": "N",
        "type": "Microsoft.Network/networkSecurityGroups",
        "location": "westeurope",
        "properties": {"securityRules": []},
    }
]


def accepted(*entries: str, also: str = TREE) -> tuple[Acceptance, ...]:
    text = also + "".join(f"- {entry}\n" for entry in entries)
    return build_topology(read_records([Source("a.yaml", text.encode())])).acceptances


def error(entry: str) -> str:
    """The message for one wrong entry, with its line and caret."""
    text = f"{TREE}- {entry}\n"
    with pytest.raises(InputError) as caught:
        read_records([Source("a.yaml", text.encode())])
    return render_diagnostics(caught.value.diagnostics, {"a.yaml": text})


def test_an_acceptance_names_a_rule_and_what_it_is_about() -> None:
    (told,) = accepted("{rule: zt-8, on: Web, reason: until the VPN is up, until: 2026-12-31}")
    assert told._replace(place=told.place) == Acceptance(
        "ZT-08", ("vnets/hub/subnets/web",), "until the VPN is up", "2026-12-31", told.place
    )
    assert told.place.path == ("accepted", 0)


def test_an_acceptance_may_name_several_things_or_both_sides_of_a_boundary() -> None:
    several, pair, ruled = accepted(
        "{rule: ZT-01, on: [Web, Data], reason: x, until: 2026-12-31}",
        "{between: [Web, internet], reason: x, until: 2026-12-31}",
        "{rule: ZT-19, between: [Web, Data], reason: x, until: 2026-12-31}",
    )[::-1]
    assert {several.rule, pair.rule, ruled.rule} == {"ZT-01", "ZT-19", ""}
    found = {a.rule: (a.ids, a.is_between) for a in (several, pair, ruled)}
    assert found[""] == (("internet", "vnets/hub/subnets/web"), True)
    assert found["ZT-19"] == (("vnets/hub/subnets/data", "vnets/hub/subnets/web"), True)
    assert found["ZT-01"] == (("vnets/hub/subnets/data", "vnets/hub/subnets/web"), False)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            "{rule: ZT-08, on: Web, until: 2026-12-31}",
            "a.yaml:3:3: error[missing-key]: an acceptance needs the key `reason`",
        ),
        (
            "{rule: ZT-08, on: Web, reason: x}",
            "a.yaml:3:3: error[missing-key]: an acceptance needs the key `until`",
        ),
        (
            '{rule: ZT-08, on: Web, reason: " ", until: 2026-12-31}',
            "a.yaml:3:35: error[no-reason]: the reason is blank",
        ),
        (
            "{rule: ZT-08, on: Web, reason: x, until: 31.12.2026}",
            "a.yaml:3:44: error[bad-date]: `31.12.2026` is no date",
        ),
        (
            "{rule: ZT-08, on: Web, reason: x, until: 2026-02-30}",
            "a.yaml:3:44: error[bad-date]: `2026-02-30` is no day of the calendar",
        ),
        (
            "{rule: ZT8, on: Web, reason: x, until: 2026-12-31}",
            "a.yaml:3:10: error[bad-rule-id]: `ZT8` is no id of a rule",
        ),
        (
            "{rule: ZT-08, on: Wbe, reason: x, until: 2026-12-31}",
            "a.yaml:3:21: error[unknown-name]: nothing here is called `Wbe`",
        ),
        (
            "{on: Web, reason: x, until: 2026-12-31}",
            "a.yaml:3:3: error[missing-key]: an acceptance with `on` needs the key `rule`",
        ),
        (
            "{rule: ZT-08, reason: x, until: 2026-12-31}",
            "a.yaml:3:3: error[missing-key]: an acceptance needs the key `on` or `between`",
        ),
        (
            "{on: Web, between: [Web, Data], reason: x, until: 2026-12-31}",
            "a.yaml:3:13: error[wrong-value]: an acceptance has `on` or `between`, not both",
        ),
        (
            "{between: [Web], reason: x, until: 2026-12-31}",
            "a.yaml:3:13: error[wrong-value]: a boundary is between 2 sides, and here are 1",
        ),
        (
            "{between: [Web, Hub/Web], reason: x, until: 2026-12-31}",
            "a.yaml:3:13: error[boundary-with-itself]: a boundary has two different sides",
        ),
        (
            "{rule: ZT-08, on: Web, reasn: x, until: 2026-12-31}",
            "a.yaml:3:26: error[unknown-key]: an acceptance has no key `reasn`",
        ),
    ],
)
def test_a_wrong_acceptance_is_told_with_its_place(entry: str, message: str) -> None:
    assert message in error(entry).splitlines()


def test_hints_say_what_to_write() -> None:
    assert "did you mean `Web`?" in error("{rule: ZT-08, on: Wbe, reason: x, until: 2026-12-31}")
    assert "did you mean `reason`?" in error("{rule: ZT-08, on: Web, reasn: x, until: 2026-12-31}")
    assert "write the year first" in error("{rule: ZT-08, on: Web, reason: x, until: 1/2/2026}")


def test_one_thing_is_not_accepted_twice() -> None:
    entry = "{rule: ZT-08, on: Web, reason: x, until: 2026-12-31}"
    message = "a.yaml:4:3: error[said-twice]: `ZT-08 on Web` is said twice"
    assert message in error(f"{entry}\n- {entry}").splitlines()


def test_beside_an_export_a_spec_may_hold_nothing_but_acceptances() -> None:
    spec = f"accepted: [{{rule: ZT-08, on: {VM}, reason: x, until: 2026-12-31}}]\n"
    export = json.dumps(NSG_EXPORT).encode()
    topology = build_topology(read_records([Source("e.json", export), Source("a.yaml", spec.encode())]))
    assert [a.ids for a in topology.acceptances] == [(VM.lower(),)]
    assert not topology.is_spec
    assert len(topology.resources) == len(build_topology(read_records([Source("e.json", export)])).resources)


def test_the_schema_takes_what_the_program_takes() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    from diagramgen.read.spec import spec_schema

    def is_valid(**entry: Any) -> bool:
        return bool(jsonschema.Draft202012Validator(spec_schema()).is_valid({"accepted": [entry]}))

    good = {"rule": "ZT-08", "on": "Web", "reason": "x", "until": "2026-12-31"}
    assert is_valid(**good)
    assert is_valid(between=["A", "B"], reason="x", until="2026-12-31")
    assert not is_valid(**{**good, "until": "tomorrow"})
    assert not is_valid(rule="ZT-08", on="Web", until="2026-12-31")
    assert not is_valid(**{**good, "rule": "ZT8"})


# What is covered


def applied(
    *acceptances: Acceptance, findings: tuple[Finding, ...] = FINDINGS, today: str = TODAY
) -> Applied:
    return apply_acceptances(findings, BOUNDARIES, acceptances, today)


def rules(found: Applied) -> list[str]:
    return [suppressed.finding.rule for suppressed in found.suppressed]


def test_accepted_findings_are_told_with_their_reason_and_count_no_more() -> None:
    made = estate()
    found = apply_acceptances(made.findings, made.boundaries, made.topology.acceptances, TODAY)
    assert [(s.finding.rule, s.reason, s.until) for s in found.suppressed] == [
        ("ZT-08", "until the VPN is up", "2026-12-31"),
        ("SEG-02", "one firewall is ordered", "2027-06-30"),
    ]
    assert {finding.rule for finding in found.findings} == {"ZT-03", "SEG-02", "ZT-39", "ZT-31"}
    assert [a.rule for a in found.expired] == ["ZT-39"]
    assert [a.rule for a in found.unused] == ["ZT-33"]
    assert list(found.accepted) == [(OFFICE, HUB)]


@pytest.mark.parametrize(
    ("today", "is_covered"), [("2026-12-30", True), ("2026-12-31", True), ("2027-01-01", False)]
)
def test_the_last_day_of_an_acceptance_counts_and_the_next_does_not(today: str, is_covered: bool) -> None:
    found = applied(Acceptance("ZT-08", (JUMP,), "x", "2026-12-31"), today=today)
    assert bool(found.suppressed) is is_covered
    assert bool(found.expired) is not is_covered


def test_an_acceptance_covers_one_rule_and_what_it_names_alone() -> None:
    assert rules(applied(Acceptance("ZT-08", (SHOP,), "x", "2027-01-01"))) == []
    assert rules(applied(Acceptance("ZT-09", (JUMP,), "x", "2027-01-01"))) == []
    assert rules(applied(Acceptance("ZT-03", (WEB, JUMP), "x", "2027-01-01"))) == ["ZT-03"]


def test_a_boundary_is_accepted_with_what_is_found_of_it_and_with_nothing_else() -> None:
    found = applied(Acceptance("", (HUB, SHOP), "x", "2027-01-01", is_between=True))
    assert [s.finding.ids for s in found.suppressed] == [(HUB, SHOP)]
    assert list(found.accepted) == [(HUB, SHOP)]
    mentioned = Finding("SEG-02", "high", (HUB, SHOP, WEB, DATA), "x")
    inner = Acceptance("", (DATA, WEB), "x", "2027-01-01", is_between=True)
    assert not applied(inner, findings=(mentioned,)).suppressed


def test_a_finding_about_several_boundaries_is_accepted_only_with_all_of_them() -> None:
    gaps = (
        Boundary("vnet", "a", "b", "gap"),
        Boundary("vnet", "a", "c", "gap"),
        Boundary("vnet", "b", "c", "enforced"),
    )
    shared = Finding("SEG-02", "high", ("a", "b", "c"), "one rule lets all pass")
    one, other = (
        Acceptance("", pair, "x", until, is_between=True)
        for pair, until in ((("a", "b"), "2027-01-01"), (("a", "c"), "2027-06-01"))
    )
    assert apply_acceptances((shared,), gaps, (one,), TODAY).findings == (shared,)
    found = apply_acceptances((shared,), gaps, (one, other), TODAY)
    assert [(s.finding, s.until) for s in found.suppressed] == [(shared, "2027-01-01")]
    assert not found.findings


def test_a_boundary_that_holds_needs_no_acceptance() -> None:
    found = applied(Acceptance("", (DATA, WEB), "x", "2027-01-01", is_between=True))
    assert not found.accepted and len(found.unused) == 1


def test_a_rule_between_two_things_covers_only_findings_about_both() -> None:
    direct = Finding("ZT-19", "high", (HUB, SHOP), "x")
    one = Finding("ZT-19", "high", (HUB,), "x")
    found = applied(
        Acceptance("ZT-19", (HUB, SHOP), "x", "2027-01-01", is_between=True), findings=(direct, one)
    )
    assert [s.finding for s in found.suppressed] == [direct]
    assert found.findings == (one,)


def test_the_acceptance_that_lasts_longest_is_told() -> None:
    short, long = (Acceptance("ZT-08", ids, until, until) for ids, until in
                   (((JUMP,), "2026-06-01"), ((JUMP, WEB), "2026-09-01")))  # fmt: skip
    for pair in ((short, long), (long, short)):
        (suppressed,) = applied(*pair).suppressed
        assert suppressed.until == "2026-09-01"
