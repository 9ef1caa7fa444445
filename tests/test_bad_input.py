"""Bad and hostile input ends in a clear error or a right drawing: never a traceback, never half a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from command import ROOT, Done, diagramgen, files_below

SVG = "{http://www.w3.org/2000/svg}"
REFERENCE = ROOT / "examples/reference-architecture.yaml"
EXPORT = ROOT / "examples/contoso-estate.json"

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 11)
)
"""Ten levels of ten aliases each: 10^11 values, were they written out."""

REFUSED: dict[str, tuple[str, bytes]] = {
    "an empty file": ("a.yaml", b""),
    "an empty file called .json": ("a.json", b""),
    "blanks and a comment": ("a.yaml", b"\n   # nothing yet\n\n"),
    "YAML that is no spec: a text": ("a.yaml", b"just a sentence\n"),
    "YAML that is no spec: a list": ("a.yaml", b"- one\n- two\n"),
    "YAML that is no spec: another program's": (
        "a.yaml",
        b"apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n",
    ),
    "YAML with a tab": ("a.yaml", b"subscriptions:\n\tA: {}\n"),
    "YAML that ends too soon": ("a.yaml", b"subscriptions: {A: {vnets: {B: {address: '10.0"),
    "a list of unknown things": ("a.json", b'[{"colour": "red"}, {"colour": "blue"}]'),
    "a list of numbers": ("a.json", b"[1, 2, 3]"),
    "an empty list": ("a.json", b"[]"),
    "an empty answer": ("a.json", b'{"value": []}'),
    "null": ("a.json", b"null"),
    "truncated JSON": ("a.json", EXPORT.read_bytes()[:50_000]),
    "a PNG called .json": ("a.json", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4),
    "a PNG called .yaml": ("a.yaml", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4),
    "an archive": ("a.json", b"PK\x03\x04" + bytes(200)),
    "bytes that are no UTF-8": ("a.yaml", b"subscriptions: {A\xff\xfe: {}}\n"),
    "duplicate keys": ("a.yaml", b"subscriptions: {A: {}, A: {}}\n"),
    "duplicate names": ("a.yaml", b"subscriptions: {A: {vnets: {V: {subnets: {s: {}, S: {}}}}}}\n"),
    "a dangling reference": (
        "a.yaml",
        b"subscriptions: {A: {vnets: {Hub: {address: 10.0.0.0/16}}}}\npeerings: [Hub <-> Hbu]\n",
    ),
    "a group inside itself": ("a.yaml", b"management_groups: {A: {parent: B}, B: {parent: A}}\n"),
    "a bad CIDR": ("a.yaml", b"subscriptions: {A: {vnets: {V: {address: 10.0.0.0/33}}}}\n"),
    "an alias that refers to itself": ("a.yaml", b"subscriptions: &a {A: *a}\n"),
    "an alias bomb": ("a.yaml", BOMB.encode()),
    "an alias bomb in a spec": ("a.yaml", (BOMB + "subscriptions: {A: {vnets: *a10}}\n").encode()),
    "a YAML tag that makes objects": ("a.yaml", b"!!python/object/apply:os.system [echo hello]\n"),
    "a number of a million digits": ("a.json", b"[" + b"9" * 1_000_000 + b"]"),
    "a web page": ("a.json", b"<!doctype html><html><body>Sign in to your account</body></html>"),
    "an error of Azure": ("a.json", b'{"error": {"code": "AuthorizationFailed", "message": "no"}}'),
}


def refused(done: Done, name: str, folder: Path) -> None:
    """The input was refused in words that name it (or say that all of it is empty), and nothing was written."""
    assert (done.code, done.out) == (2, b""), done.err
    assert name in done.err or "the input holds no resources" in done.err
    assert "error" in done.err
    assert len(done.err) < 20_000
    assert files_below(folder) == ([name] if (folder / name).is_file() else [])


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_drawn_is_refused_by_its_name(case: str, tmp_path: Path) -> None:
    name, content = REFUSED[case]
    (tmp_path / name).write_bytes(content)
    refused(diagramgen("render", name, "-o", "out/a.svg", folder=tmp_path), name, tmp_path)


@pytest.mark.parametrize("case", ["an empty file", "truncated JSON", "a PNG called .json", "an alias bomb"])
def test_one_bad_file_among_good_ones_is_refused_by_its_name(case: str, tmp_path: Path) -> None:
    name, content = REFUSED[case]
    (tmp_path / name).write_bytes(content)
    refused(diagramgen("render", REFERENCE, name, "-o", "out/a.svg", folder=tmp_path), name, tmp_path)


@pytest.mark.parametrize(
    ("opening", "count"), [(b"[", 100_000_000), (b'{"a":', 20_000_000), (b"- ", 50_000_000)], ids=repr
)
def test_a_hundred_million_brackets_are_refused_in_seconds(
    opening: bytes, count: int, tmp_path: Path
) -> None:
    done = diagramgen("render", "-", "-o", "a.svg", folder=tmp_path, stdin=opening * count)
    refused(done, "<stdin>", tmp_path)


def test_a_folder_without_inputs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder" / "deep").mkdir(parents=True)
    done = diagramgen("render", "folder", folder=tmp_path)
    refused(done, "folder", tmp_path)


def test_overlapping_subnets_are_told_with_both_names(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "subscriptions: {A: {vnets: {V: {address: 10.0.0.0/16, subnets: {\n"
        "  One: {address: 10.0.1.0/24}, Two: {address: 10.0.1.128/25}}}}}}\n"
    )
    done = diagramgen("render", "a.yaml", "-o", "a.svg", folder=tmp_path)
    assert "One" in done.err and "Two" in done.err and "overlap" in done.err


NAMES = {
    "markup": "<script>alert(1)</script>",
    "the end of a section": "a ]]> b",
    "quotes": "it's a \"name\" with 'quotes'",
    "an attribute": '" onload="alert(1)',
    "an entity": "&amp; &lt; &#x41;",
    "a comment": "a --> b <!-- c",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e8\U0001f1ed vnet",
    "right to left": "شبكة الإنتاج",
    "an override of direction": "abc \u202e def",
    "three hundred letters": "n" * 300,
    "three hundred letters in words": "long name " * 30 + "end",
    "Chinese": "数据基盤网络",
    "accents that combine": "e\u0301" * 20,
    "a path": "../../etc/passwd",
    "braces": "{view} %s $HOME",
}


def hostile_spec(name: str) -> str:
    """The name in every place that takes one."""
    word, other = (json.dumps(text, ensure_ascii=False) for text in (name, f"{name} 2"))
    return (
        f"title: {word}\nsubtitle: {word}\n"
        f"subscriptions: {{{word}: {{vnets: {{{word}: {{address: 10.0.0.0/16, subnets: {{\n"
        f"  {word}: {{address: 10.0.1.0/24, nsg: {word}, resources: {{{word}: {{type: vm, asg: {word}}}}}}},\n"
        f"  {other}: {{address: 10.0.2.0/24}}}}}},\n"
        f"  {other}: {{address: 10.1.0.0/16}}}}}}}}\n"
        f"nsgs: {{{word}: {{rules: []}}}}\nasgs: [{word}]\n"
        f"on_premises: {{{word}: {{address: 192.168.0.0/16}}}}\n"
        f"services: {{{word}: storage}}\n"
    )


def harmless(drawn: bytes) -> ET.Element:
    """The parsed drawing, which holds nothing that acts."""
    root = ET.fromstring(drawn)
    for element in root.iter():
        assert element.tag.removeprefix(SVG) not in ("script", "foreignObject", "a", "iframe")
        assert not any(key.lower().startswith("on") for key in element.attrib)
    assert b"<script" not in drawn
    return root


def shown(root: ET.Element) -> str:
    """All that a reader or a screen reader gets, without blanks: long names stand on many lines."""
    return re.sub(r"\s", "", "".join(root.itertext()))


@pytest.mark.parametrize("case", NAMES)
def test_hostile_names_in_a_spec_are_drawn_as_they_are(case: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(hostile_spec(NAMES[case]), encoding="utf-8")
    done = diagramgen("render", "a.yaml", "-o", "a.svg", "-o", "a.dot", "-o", "a.json", folder=tmp_path)
    assert done.code == 0, done.err
    root = harmless((tmp_path / "a.svg").read_bytes())
    assert re.sub(r"[\s\u202e]", "", NAMES[case]) in shown(root).replace("\u202e", "")
    assert json.loads((tmp_path / "a.json").read_bytes())["boxes"]
    assert files_below(tmp_path) == ["a.dot", "a.json", "a.svg", "a.yaml"]


@pytest.mark.parametrize("case", NAMES)
def test_hostile_names_in_an_export_are_drawn_as_they_are(case: str, tmp_path: Path) -> None:
    name = NAMES[case]
    text = EXPORT.read_text(encoding="utf-8")
    rows = json.loads(text)["data"]
    vnet = next(row for row in rows if row["type"].lower() == "microsoft.network/virtualnetworks")
    subnet = vnet["properties"]["subnets"][0]
    before, after = subnet["id"], subnet["id"].rsplit("/", 1)[0] + "/" + name.replace("/", "-")
    changed = json.loads(text.replace(json.dumps(before)[1:-1], json.dumps(after)[1:-1]))
    for row in changed["data"]:
        for inner in row["properties"].get("subnets") or ():
            if inner["id"] == after:
                inner["name"] = name
    (tmp_path / "a.json").write_text(json.dumps(changed, ensure_ascii=False), encoding="utf-8")
    done = diagramgen("render", "a.json", "-o", "a.svg", folder=tmp_path)
    assert done.code == 0, done.err
    root = harmless((tmp_path / "a.svg").read_bytes())
    assert re.sub(r"[\s\u202e]", "", name) in shown(root).replace("\u202e", "")


@pytest.mark.parametrize(
    "name", ["<b>.yaml", "a b'c.yaml", 'q".yaml', "größe 网络 \U0001f468.yaml", "-a.yaml", "%s.yaml"]
)
def test_hostile_file_names_are_names(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("subscriptions: {A: {vnets: {V: {address: 10.0.0.0/16}}}}")
    done = diagramgen("render", f"./{name}", folder=tmp_path)
    assert done.code == 0, done.err
    (drawn,) = (tmp_path / "out").iterdir()
    harmless(drawn.read_bytes())


ENCODINGS: Mapping[str, Callable[[str], bytes]] = {
    "UTF-8 with a byte order mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16 as Windows PowerShell writes it": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "UTF-16 with the high byte first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without a mark": lambda text: text.encode("utf-16-le"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n").encode(),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Path, bytes]:
    """The two examples, drawn as they are."""
    folder = tmp_path_factory.mktemp("plain")
    for source in (REFERENCE, EXPORT):
        assert diagramgen("render", source, "-o", f"{source.name}.svg", folder=folder).code == 0
    return {source: (folder / f"{source.name}.svg").read_bytes() for source in (REFERENCE, EXPORT)}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("source", [REFERENCE, EXPORT], ids=lambda path: str(path.suffix))
def test_the_encoding_of_a_file_makes_no_difference(
    source: Path, encoding: str, plain: Mapping[Path, bytes], tmp_path: Path
) -> None:
    (tmp_path / source.name).write_bytes(ENCODINGS[encoding](source.read_text(encoding="utf-8")))
    done = diagramgen("render", source.name, "-o", "a.svg", folder=tmp_path)
    assert done.code == 0, done.err
    assert (tmp_path / "a.svg").read_bytes() == plain[source]
