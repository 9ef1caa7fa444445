"""A plain value and its definition -> the checked value, and everything that is wrong with it.

Nothing stops at the first error. What is wrong is left out of the result, and the rest stands, so that the
checks that follow (`lower`) speak of the rest of the file too. Checked values: a Form becomes `Told`, a list
a tuple of `Item`, Names a tuple of named `Item` (in order), a scalar itself or what its parser made of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, assert_never

from diagramgen.diagnostics import Diagnostic, did_you_mean
from diagramgen.located import Place
from diagramgen.read.spec.shapes import (
    Either,
    Flag,
    Form,
    Free,
    Item,
    LineError,
    Many,
    Mark,
    Names,
    Shape,
    Text,
    Told,
    Whole,
    Word,
)
from diagramgen.read.unknown import is_unknown

Report = Callable[[Diagnostic], None]

LONGEST_NAME = 10_000
LONGEST_TEXT = 100_000
WRONG: Any = object()
"""Stands for a value that was refused."""

# What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets), and the other control characters
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def check(shape: Shape, value: Any, place: Place, report: Report, what: str = "") -> Any:
    """The checked value, or WRONG; `what` says in messages which value is meant (its key, if empty)."""
    match shape:
        case Text() | Flag() | Whole() | Word() if _is_mark(shape, value):
            checked = _check_text(_MARK, value, place, report, what)
            return WRONG if checked is WRONG else Mark(checked)
        case Text():
            return _check_text(shape, value, place, report, what)
        case Flag():
            if isinstance(value, bool):
                return value
            return _refuse(value, "`true` or `false`", place, report, what, _flag_hint(value))
        case Whole():
            return _check_whole(shape, value, place, report, what)
        case Word():
            return _check_word(shape, value, place, report, what)
        case Free():
            return _check_free(shape, value, place, report, what)
        case Many():
            return _check_many(shape, value, place, report, what)
        case Names():
            return _check_names(shape, value, place, report, what)
        case Form():
            return _check_form(shape, value, place, report, what)
        case Either():
            for option in shape.shapes:
                if _takes(option, value):
                    return check(option, value, place, report, what)
            hint = _flag_hint(value) if any(isinstance(s, Flag) for s in shape.shapes) else ""
            return _refuse(value, expectation(shape), place, report, what, hint)
        case _:
            assert_never(shape)


def expectation(shape: Shape) -> str:
    """What a shape wants, in words."""
    match shape:
        case Text():
            return shape.what
        case Flag():
            return "`true` or `false`"
        case Whole():
            return f"a whole number from {shape.low} to {shape.high}"
        case Word():
            return "one of " + ", ".join(f"`{w}`" for w in shape.words)
        case Free():
            return shape.what
        case Many():
            return "a list"
        case Names():
            return f"a mapping whose keys are names, each the name of {shape.what}"
        case Form():
            return "a mapping"
        case Either():
            return " or ".join(dict.fromkeys(expectation(s) for s in shape.shapes))
        case _:
            assert_never(shape)


def kind_of(value: Any) -> str:
    """What a value is, in words, short enough for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"`{shorten(as_text(value))}`"


def shorten(text: str, length: int = 80) -> str:
    return text if len(text) <= length else text[: length - 3] + "..."


def as_text(value: Any) -> str:
    """A scalar as it was written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def name_problem(name: str) -> str:
    """What is wrong with a name, or ''."""
    if not name.strip():
        return "a name is empty"
    if len(name) > LONGEST_NAME:
        return f"a name of {len(name):,} characters, more than {LONGEST_NAME:,}"
    if bad := _FORBIDDEN_IN_NAMES.search(name):
        return f"a name holds the control character `U+{ord(bad.group()):04X}`"
    return ""


def _takes(shape: Shape, value: Any) -> bool:
    """Whether a value is of the kind that a shape wants."""
    match shape:
        case Text() | Flag() | Whole() | Word() if _is_mark(shape, value):
            return True
        case Text() | Word():
            return isinstance(value, str) or (isinstance(shape, Text) and isinstance(value, int))
        case Flag():
            return isinstance(value, bool)
        case Whole():
            return isinstance(value, int) and not isinstance(value, bool)
        case Many():
            return isinstance(value, list) or (shape.lone and _takes(shape.item, value))
        case Names():
            return isinstance(value, dict) or (shape.bare and isinstance(value, list))
        case Form() | Free():
            return isinstance(value, dict)
        case Either():
            return any(_takes(s, value) for s in shape.shapes)
        case _:
            assert_never(shape)


def _refuse(
    value: Any, wanted: str, place: Place, report: Report, what: str, *hints: str, code: str = "wrong-value"
) -> Any:
    subject = what or _key_of(place)
    message = (
        f"{subject}: expected {wanted}, found {kind_of(value)}"
        if subject
        else f"expected {wanted}, found {kind_of(value)}"
    )
    report(Diagnostic("error", code, message, place, tuple(h for h in hints if h)))
    return WRONG


def _key_of(place: Place) -> str:
    for key in reversed(place.path):
        if isinstance(key, str):
            return f"`{shorten(key)}`"
    return ""


def _flag_hint(value: Any) -> str:
    folded = value.lower() if isinstance(value, str) else ""
    if folded in ("yes", "on", "true", "y"):
        return "did you mean `true`?"
    if folded in ("no", "off", "false", "n"):
        return "did you mean `false`?"
    return ""


def _check_text(shape: Text, value: Any, place: Place, report: Report, what: str) -> Any:
    if not isinstance(value, (str, int)):
        return _refuse(value, shape.what, place, report, what)
    text = as_text(value)
    if len(text) > LONGEST_TEXT:
        report(
            Diagnostic(
                "error", "too-long", f"a text of {len(text):,} characters, more than {LONGEST_TEXT:,}", place
            )
        )
        return WRONG
    if bad := _FORBIDDEN.search(text):
        message = f"the text holds the control character `U+{ord(bad.group()):04X}`"
        report(Diagnostic("error", "control-character", message, place, span=(bad.start(), 1)))
        return WRONG
    if shape.parse is None:
        return text
    try:
        return shape.parse(text)
    except LineError as error:
        report(
            Diagnostic(
                "error", error.code, error.message, place, tuple(h for h in error.hints if h), span=error.span
            )
        )
        return WRONG


_MARK = Text("a text")


def _is_mark(shape: Text | Flag | Whole | Word, value: Any) -> bool:
    """Whether a value says that it is not known, where that may be said.

    >>> _is_mark(Whole(1, 9, may_be_unknown=True), "{priority}"), _is_mark(Whole(1, 9), "{priority}")
    (True, False)
    """
    return shape.may_be_unknown and is_unknown(value)


def _check_whole(shape: Whole, value: Any, place: Place, report: Report, what: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        hint = (
            "write the number without quotes" if isinstance(value, str) and value.strip().isdecimal() else ""
        )
        return _refuse(value, expectation(shape), place, report, what, hint)
    if not shape.low <= value <= shape.high:
        return _refuse(value, expectation(shape), place, report, what, code="out-of-range")
    return value


def _check_word(shape: Word, value: Any, place: Place, report: Report, what: str) -> Any:
    if not isinstance(value, str):
        return _refuse(value, expectation(shape), place, report, what)
    if value not in shape.words:
        close = did_you_mean(value, shape.words)
        return _refuse(
            value, expectation(shape), place, report, what, *(h for h in close if h.startswith("did"))
        )
    return value


def _check_free(shape: Free, value: Any, place: Place, report: Report, what: str) -> Any:
    """The value itself, in which every text is fit to be shown."""
    if not isinstance(value, dict):
        return _refuse(value, shape.what, place, report, what)
    waiting: list[tuple[Any, Place]] = [(value, place)]
    while waiting:
        inner, here = waiting.pop()
        if isinstance(inner, dict):
            waiting += [(each, here / key) for key, each in inner.items()]
            if any(_FORBIDDEN_IN_NAMES.search(key) for key in inner):
                report(Diagnostic("error", "bad-name", "a name holds a control character", here))
                return WRONG
        elif isinstance(inner, list):
            waiting += [(each, here / index) for index, each in enumerate(inner)]
        elif isinstance(inner, str) and _check_text(_MARK, inner, here, report, "") is WRONG:
            return WRONG
    return value


def _check_many(shape: Many, value: Any, place: Place, report: Report, what: str) -> Any:
    if not isinstance(value, list):
        if not shape.lone or value is None or (isinstance(value, dict) and not _takes(shape.item, value)):
            wanted = f"{expectation(shape.item)}, or a list" if shape.lone else "a list"
            return _refuse(value, wanted, place, report, what)
        checked = check(shape.item, value, place, report, what)
        return WRONG if checked is WRONG else (Item(checked, place),)
    items = []
    for index, item in enumerate(value):
        checked = check(shape.item, item, place / index, report, what)
        if checked is not WRONG:
            items.append(Item(checked, place / index))
    return tuple(items)


def _check_names(shape: Names, value: Any, place: Place, report: Report, what: str) -> Any:
    if isinstance(value, list) and shape.bare:
        return _check_bare_names(shape, value, place, report)
    if not isinstance(value, dict):
        return _refuse(value, expectation(shape), place, report, what)
    entries = []
    for name, entry in value.items():
        here = place / name
        if not _name_is_good(name, here.key, report):
            continue
        if entry is None:
            _demand_required(shape.entry, here, report)
        checked = _empty(shape.entry, here) if entry is None else check(shape.entry, entry, here, report)
        # a refused entry keeps its name, so that what refers to it is not refused too
        entries.append(Item(_empty(shape.entry, here, False) if checked is WRONG else checked, here, name))
    return _without_twins(tuple(entries), report)


def _check_bare_names(shape: Names, value: list[Any], place: Place, report: Report) -> Any:
    entries = []
    for index, name in enumerate(value):
        here = place / index
        if isinstance(name, (dict, list)) or name is None:
            _refuse(name, f"the name of {shape.what}", here, report, "")
        elif _name_is_good(as_text(name), here, report):
            entries.append(Item(_empty(shape.entry, here), here, as_text(name)))
    return _without_twins(tuple(entries), report)


def _demand_required(shape: Shape, place: Place, report: Report) -> None:
    """Complains of an empty entry that cannot be empty."""
    forms = (shape,) if not isinstance(shape, Either) else shape.shapes
    form = next((f for f in forms if isinstance(f, Form) and f.required), None)
    if form is not None:
        _check_form(form, {}, place, report, "")


def _empty(shape: Shape, place: Place, is_whole: bool = True) -> Any:
    forms = (shape,) if not isinstance(shape, Either) else shape.shapes
    return Told(place, {}, is_whole) if any(isinstance(s, Form) for s in forms) else ()


def _name_is_good(name: str, place: Place, report: Report) -> bool:
    problem = name_problem(name)
    if problem:
        report(Diagnostic("error", "bad-name", problem, place))
    return not problem


def _without_twins(entries: tuple[Item, ...], report: Report) -> tuple[Item, ...]:
    """The entries whose names differ by more than case: Azure compares names without it."""
    first: dict[str, Item] = {}
    for entry in entries:
        twin = first.setdefault(entry.name.strip().lower(), entry)
        if twin is not entry:
            same = twin.name == entry.name
            message = (
                f"the name `{shorten(entry.name)}` stands here twice"
                if same
                else f"`{shorten(entry.name)}` and `{shorten(twin.name)}` are one name: Azure ignores case"
            )
            report(
                Diagnostic(
                    "error",
                    "duplicate-name",
                    message,
                    entry.place.key,
                    related=(("first here", twin.place.key),),
                )
            )
    return tuple(first.values())


def _check_form(shape: Form, value: Any, place: Place, report: Report, what: str) -> Any:
    if not isinstance(value, dict):
        return _refuse(value, "a mapping", place, report, what or _named(shape, place))
    told, is_whole = {}, True
    for key, inner in value.items():
        field = shape.fields.get(key)
        if field is None:
            if not (shape.may_extend and key.startswith("x-")):
                _refuse_key(shape, key, value, place, report)
        elif inner is not None:
            checked = check(field, inner, place / key, report)
            if checked is WRONG:
                is_whole = False
            else:
                told[key] = checked
    for key in shape.required:
        if value.get(key) is None:
            report(
                Diagnostic(
                    "error",
                    "missing-key",
                    f"{shape.what} needs the key `{key}`",
                    place.key if place.path else place,
                )
            )
    return Told(place, told, is_whole)


def _named(shape: Form, place: Place) -> str:
    return shape.what if isinstance(place.path[-1] if place.path else "", int) else ""


def _refuse_key(shape: Form, key: str, value: Any, place: Place, report: Report) -> None:
    free = [k for k in shape.fields if k not in value]
    known = did_you_mean(key, free)
    if not known:
        known = ("known here: " + ", ".join(f"`{k}`" for k in sorted(shape.fields)),)
    message = f"{shape.what} has no key `{shorten(key)}`"
    report(Diagnostic("error", "unknown-key", message, (place / key).key, known))
