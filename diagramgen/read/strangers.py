"""Files that were only found in a folder and are something else: left out with a warning, one for all of a kind.

A folder of templates or states holds scripts, texts and pictures as well. What a person named is never left out; what
was found is, where nothing in it says that it is a spec or an export.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read.inputs import Source

NOT_FOR_US = frozenset(
    {
        "not-text",
        "bad-encoding",
        "empty-input",
        "empty",
        "unsupported-format",
        "not-an-export",
        "not-a-spec",
        "no-properties",
    }
)
"""Codes of errors that say that a file is something else."""
_MOST_NAMED = 3
_LEFT_OUT = "; left out"
_IN_GENERAL = {
    "not-an-export": "is JSON that is no export",
    "not-a-spec": "is text that is no spec",
    "no-properties": "holds only names and ids",
}
"""What to say of several files where each would be told in words of its own."""
_JSON = re.compile(r'\A\s*(\[\s*[-"\[\]{\dtfn/]|\{\s*["}/])')
_KEY = re.compile(r"^([A-Za-z_][\w-]*):(?=\s|$)", re.MULTILINE)
_EVERYDAY = frozenset(
    (
        "title",
        "subtitle",
        "services",
        "groups",
        "users",
        "notes",
        "layout",
        "tenant",
        "connections",
        "internet",
    )
)
"""Words of a spec that other files have too: alone they do not make one."""


def refuse_stranger(source: Source, text: str) -> None:
    """Nothing, for a text that may be a spec or an export, and for any that a person named.

    Raises:
        InputError: nothing in the text of a file that was only found says so.
    """
    if source.is_named or _JSON.match(text):
        return
    if text.lstrip()[:1] in ("{", "["):
        raise _stranger(source, "not-an-export", "is no JSON")
    from diagramgen.read.spec.language import SPEC

    keys = set(_KEY.findall(text))
    if not (keys and keys <= SPEC.fields.keys()) and not keys & (SPEC.fields.keys() - _EVERYDAY):
        raise _stranger(source, "not-a-spec", "is no spec and no export")


def softened(source: Source, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Errors of a file only found in a folder are warnings where they say that it is something else."""
    for diagnostic in diagnostics:
        if not source.is_named and diagnostic.code in NOT_FOR_US and diagnostic.severity == "error":
            yield replace(diagnostic, severity="warning", message=diagnostic.message + _LEFT_OUT)
        else:
            yield diagnostic


def folded(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics with one warning for all files of a kind that were left out, where the first of them stood."""
    told: dict[object, list[Diagnostic]] = {}
    for number, diagnostic in enumerate(diagnostics):
        told.setdefault(_kind_of(diagnostic) or number, []).append(diagnostic)
    return tuple(same[0] if len(same) == 1 else _together(same) for same in told.values())


def _kind_of(diagnostic: Diagnostic) -> tuple[str, str] | None:
    """Code and words, without the file's name, of a warning that a file was left out; None for any other."""
    if diagnostic.severity != "warning" or not diagnostic.message.endswith(_LEFT_OUT) or not diagnostic.place:
        return None
    words = diagnostic.message.removesuffix(_LEFT_OUT).removeprefix(f"`{diagnostic.place.source}` ")
    return diagnostic.code, _IN_GENERAL.get(diagnostic.code, words)


def _together(same: list[Diagnostic]) -> Diagnostic:
    first = same[0]
    _, words = _kind_of(first) or ("", "")
    names = [f"`{one.place.source}`" for one in same if one.place]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    text = f"{len(names)} files are left out, as each {words}: {', '.join(names[:_MOST_NAMED])}{more}"
    hints = first.hints if all(one.hints == first.hints for one in same) else ()
    return Diagnostic("warning", first.code, text, None, hints)


def _stranger(source: Source, code: str, words: str) -> InputError:
    return InputError([Diagnostic("error", code, f"`{source.name}` {words}", Place(source.name))])
