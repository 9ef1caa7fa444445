"""`diagramgen check`: what it writes where, what it counts, and how it ends. The verdicts are made up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from command import ENVIRONMENT, ROOT, diagramgen, files_below
from made_reports import BOUNDARIES, FINDINGS, SPEC
from typer.testing import CliRunner

from diagramgen import pipeline
from diagramgen.analyse.verdicts import Finding
from diagramgen.cli import app

PLAIN = SPEC[: SPEC.index("accepted:")]
FOREVER, OVER = "2999-12-31", "2001-01-01"


class Ended:
    """How a call ended, and what it said where."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


class Checking:
    """`check` on the made-up estate, in a folder of its own."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._monkeypatch = folder, monkeypatch
        self.finds(*FINDINGS)
        monkeypatch.chdir(folder)
        (folder / "shop.yaml").write_text(PLAIN)

    def finds(self, *findings: Finding) -> None:
        self._monkeypatch.setattr(pipeline, "check_topology", lambda *_: (BOUNDARIES, findings))

    def accepts(self, *entries: str) -> None:
        (self.folder / "shop.yaml").write_text(PLAIN + "accepted:\n" + "".join(f"- {e}\n" for e in entries))

    def __call__(self, *arguments: str) -> Ended:
        done = CliRunner().invoke(app, ["check", "shop.yaml", *arguments], catch_exceptions=False)
        return Ended(done.exit_code, done.stdout, done.stderr)


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checking]:
    yield Checking(tmp_path, monkeypatch)


# How it ends


@pytest.mark.parametrize(
    ("severity", "fail_on", "code"),
    [
        ("critical", "critical", 1),
        ("high", "critical", 0),
        ("high", "high", 1),
        ("medium", "high", 0),
        ("medium", "medium", 1),
        ("low", "low", 1),
        ("critical", "none", 0),
    ],
)
def test_it_ends_with_1_for_findings_as_severe_as_is_said(
    severity: str, fail_on: str, code: int, check: Checking
) -> None:
    check.finds(Finding("ZT-01", severity, ("x",), "no NSG"))  # type: ignore[arg-type]
    assert check("--fail-on", fail_on).code == code


def test_high_is_what_fails_where_nothing_is_said(check: Checking) -> None:
    assert check().code == 1
    check.finds(Finding("ZT-01", "medium", ("x",), "no NSG"))
    assert check().code == 0


def test_a_clean_estate_ends_with_0_and_says_so(check: Checking) -> None:
    check.finds()
    done = check()
    assert (done.code, done.err) == (0, "")
    assert "no findings" in done.out


# Where it writes


def test_the_report_goes_to_stdout_in_the_form_that_is_asked_for(check: Checking) -> None:
    assert check().out.startswith("Contoso shop\n")
    assert json.loads(check("--format", "json").out)["findings"]
    assert json.loads(check("--format", "sarif").out)["version"] == "2.1.0"
    assert ET.fromstring(check("--format", "junit").out.encode()).tag == "testsuites"
    assert check("--format", "markdown").out.startswith("## Contoso shop\n")


def test_files_get_the_form_of_their_names_and_stdout_stays_empty(check: Checking) -> None:
    names = ["a.txt", "a.json", "a.sarif", "b.SARIF.json", "a.xml", "deep/er/a.md"]
    done = check(*(word for name in names for word in ("-o", name)))
    assert (done.code, done.out) == (1, "")
    assert files_below(check.folder) == sorted([*names, "shop.yaml"])
    assert all(f"wrote {name}\n" in done.err for name in names)
    assert done.err.splitlines()[-1].startswith("findings: 1 critical")
    assert (check.folder / "a.txt").read_text().startswith("Contoso shop\n")
    assert json.loads((check.folder / "a.json").read_text())["boundaries"]
    assert json.loads((check.folder / "a.sarif").read_text())["runs"]
    assert json.loads((check.folder / "b.SARIF.json").read_text())["runs"]
    assert ET.parse(check.folder / "a.xml").getroot().tag == "testsuites"


def test_a_format_and_a_file_give_both(check: Checking) -> None:
    done = check("--format", "text", "-o", "a.json")
    assert done.out.startswith("Contoso shop\n")
    assert files_below(check.folder) == ["a.json", "shop.yaml"]


@pytest.mark.parametrize("name", ["a.svg", "a", ".json", "a.jsn"])
def test_a_file_of_no_known_form_is_refused_before_anything_is_read(name: str, check: Checking) -> None:
    done = check("-o", "good.json", "-o", name)
    assert done.code == 2
    assert "cannot tell the format" in done.err
    assert files_below(check.folder) == ["shop.yaml"]


def test_all_folds_nothing(check: Checking) -> None:
    check.finds(*(Finding("ZT-01", "high", (f"s{n}",), f"`S{n}` has no NSG") for n in range(50)))
    assert "`S49` has no NSG" not in check().out
    assert "`S49` has no NSG" in check("--all").out


# What it counts


def test_rules_are_selected_and_ignored(check: Checking) -> None:
    def rules(*arguments: str) -> set[str]:
        said = json.loads(check("--format", "json", *arguments).out)
        return {finding["rule"] for finding in said["findings"]}

    assert rules("--select", "ZT-03", "--select", "zt-31") == {"ZT-03", "ZT-31"}
    assert rules("--select", "SEG") == {"SEG-02"}
    assert rules("--ignore", "ZT-03,SEG") == {"ZT-08", "ZT-39", "ZT-31"}
    assert check("--select", "ZT-39").code == 0


def test_an_unknown_rule_is_an_error_with_the_near_miss(check: Checking) -> None:
    done = check("--select", "TZ-03", "--ignore", "ZT-99")
    assert (done.code, done.out) == (2, "")
    assert "there is no rule `TZ-03` (--select)" in done.err and "did you mean `ZT-03`?" in done.err
    assert "there is no rule `ZT-99` (--ignore)" in done.err


def test_accepted_findings_do_not_count_until_their_day_is_over(check: Checking) -> None:
    check.finds(FINDINGS[0])
    check.accepts(f"{{rule: ZT-08, on: Jump host, reason: x, until: {FOREVER}}}")
    assert check().code == 0
    check.accepts(f"{{rule: ZT-08, on: Jump host, reason: x, until: {OVER}}}")
    done = check()
    assert done.code == 1
    assert f"the last day of this acceptance was {OVER}" in done.err and "shop.yaml:26:" in done.err


def test_an_acceptance_that_fits_nothing_is_told(check: Checking) -> None:
    check.accepts(f"{{rule: ZT-33, on: FW, reason: x, until: {FOREVER}}}")
    assert "this acceptance fits nothing that was found" in check().err
    assert "fits nothing" not in check("--ignore", "ZT-33").err, "a rule that is not asked finds nothing"


def test_an_acceptance_of_a_rule_that_there_is_not_is_an_error(check: Checking) -> None:
    check.accepts(f"{{rule: ZT-80, on: FW, reason: x, until: {FOREVER}}}")
    done = check()
    assert (done.code, done.out) == (2, "")
    assert "shop.yaml:26:10: error[unknown-rule]: there is no rule `ZT-80`" in done.err


def test_what_a_baseline_knows_counts_no_more(check: Checking) -> None:
    check.finds(*FINDINGS[:3])
    first = check("--write-baseline", "known.json")
    assert first.code == 0 and "wrote known.json" in first.err
    assert "Jump host" in first.out, "what is written down is told"
    done = check("--baseline", "known.json")
    assert done.code == 0 and "3 known from the baseline" in done.out
    check.finds(*FINDINGS[:3], Finding("ZT-01", "high", ("x",), "no NSG"))
    done = check("--baseline", "known.json", "--format", "json")
    assert done.code == 1
    assert [f["rule"] for f in json.loads(done.out)["findings"]] == ["ZT-01"]


def test_a_new_baseline_keeps_what_the_old_one_knows(check: Checking) -> None:
    check.finds(FINDINGS[0])
    check("--write-baseline", "known.json")
    check.finds(*FINDINGS[:2])
    check("--baseline", "known.json", "--write-baseline", "known.json")
    assert check("--baseline", "known.json").code == 0


@pytest.mark.parametrize("said", [None, "", "[]", "\x00", "not json"])
def test_a_baseline_that_is_none_is_an_error(said: str | None, check: Checking) -> None:
    if said is not None:
        (check.folder / "known.json").write_text(said)
        done = check("--baseline", "known.json")
        assert (done.code, done.out) == (2, "")
        assert "known.json" in done.err
    else:
        done_outside = diagramgen("check", "shop.yaml", "--baseline", "known.json", folder=check.folder)
        assert done_outside.code == 2 and "cannot read `known.json`" in done_outside.err


PEERED = """\
vnets:
  Hub: {address: 10.0.0.0/16, subnets: {Ops: {address: 10.0.0.0/24, nsg: N, resources: {A: vm}}}}
  One: {address: 10.1.0.0/16, subnets: {S: {address: 10.1.0.0/24, nsg: N, resources: {B: vm}}}}
  Two: {address: 10.2.0.0/16, subnets: {S: {address: 10.2.0.0/24, nsg: N, resources: {C: vm}}}}
nsgs: {N: {rules: [100 allow inbound tcp/443 from VirtualNetwork to any]}}
peerings: [Hub <-> One, Hub <-> Two]
"""


def test_one_of_several_gaps_with_one_cause_is_accepted_alone(tmp_path: Path) -> None:
    def told(spec: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]], list[str]]:
        (tmp_path / "x.yaml").write_text(spec)
        said = json.loads(
            diagramgen("check", "x.yaml", "--format", "json", "--select", "SEG", folder=tmp_path).out
        )
        gaps = {(b["a"], b["b"]) for b in said["boundaries"] if b["level"] == "vnet" and b["status"] == "gap"}
        accepted = {(b["a"], b["b"]) for b in said["boundaries"] if b["accepted"]}
        inside = [finding["ids"] for finding in said["findings"] if "internet" not in finding["ids"]]
        return gaps, accepted, [rid for ids in inside for rid in ids]

    both = {("vnets/hub", "vnets/one"), ("vnets/hub", "vnets/two")}
    gaps, accepted, ids = told(PEERED)
    assert (gaps, accepted) == (both, set())
    assert {"vnets/one", "vnets/two"} <= set(ids)
    gaps, accepted, ids = told(f"{PEERED}accepted: [{{between: [Hub, One], reason: x, until: {FOREVER}}}]\n")
    assert (gaps, accepted) == (both, {("vnets/hub", "vnets/one")})
    assert "vnets/two" in ids and "vnets/one" not in ids


# The program from outside


def test_the_command_explains_itself(tmp_path: Path) -> None:
    done = diagramgen("check", "--help", folder=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert b"--fail-on" in done.out and b"--write-baseline" in done.out


@pytest.mark.parametrize(
    "arguments", [(), ("x.yaml", "--fail-on", "awful"), ("x.yaml", "--format", "html"), ("no.yaml",)]
)
def test_a_wrong_call_is_told_on_stderr(arguments: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(PLAIN)
    done = diagramgen("check", *arguments, folder=tmp_path)
    assert (done.code, done.out) == (2, b"") and done.err


def test_faults_of_the_input_are_told_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("vnets: {Hub: {subnts: [Web]}}\n")
    done = diagramgen("check", "x.yaml", folder=tmp_path)
    assert (done.code, done.out) == (2, b"")
    assert "x.yaml:1:15: error[unknown-key]" in done.err


@pytest.mark.parametrize("example", sorted((ROOT / "examples").iterdir()), ids=lambda file: file.name)
def test_every_example_is_judged(example: Path, tmp_path: Path) -> None:
    done = diagramgen("check", example, "--format", "json", "--fail-on", "none", folder=tmp_path)
    assert done.code == 0, done.err
    said = json.loads(done.out)
    assert len(said["summary"]) == 6 and said["input"]["counts"]["vnets"]


def test_a_terminal_without_unicode_gets_the_report_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("vnets: {Grün: {subnets: [Wéb]}}\n", encoding="utf-8")
    done = diagramgen("check", "x.yaml", folder=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    assert done.code in (0, 1), done.err
    assert b"-----" in done.out


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals there")
@pytest.mark.parametrize(
    ("env", "has_colors"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colours_are_for_terminals_that_want_them(
    env: dict[str, str], has_colors: bool, tmp_path: Path
) -> None:
    (tmp_path / "x.yaml").write_text(PLAIN)
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "diagramgen", "check", "x.yaml", "--fail-on", "none"]
    environment = {**ENVIRONMENT, "TERM": "xterm", "COLUMNS": "100", **env}
    environment.pop("NO_COLOR", None) if "NO_COLOR" not in env else None
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=theirs, stderr=subprocess.PIPE
    ) as running:
        os.close(theirs)
        said = b""
        while chunk := _read(ours):
            said += chunk
        assert running.wait(60) == 0
    os.close(ours)
    assert (b"\x1b[1mSUMMARY" in said) is has_colors
    assert b"SUMMARY" in said


def _read(terminal: int) -> bytes:
    """What a terminal shows next; nothing at its end, which Linux tells as an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
