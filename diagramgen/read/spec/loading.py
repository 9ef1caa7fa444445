"""YAML text -> plain values in which names stay names.

Plain YAML loading turns `no` into False, `010` into 8, `1.10` into 1.1 and a date into an object, and keeps
the last of two equal keys in silence. Here a scalar becomes a number or a truth value only where that loses
nothing (`100`, `true`), so that text can always be had back as it was written; everything else stays text.
Equal keys are refused.

The parser's events are read with a stack of our own and with bounds, so that no file, however hostile, costs
more than its length: nesting ends at `DEEPEST`, and what aliases unfold to at `LARGEST` values (the billion
laughs attack: https://en.wikipedia.org/wiki/Billion_laughs_attack).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place

DEEPEST = 60
LARGEST = 2_000_000

# libyaml where it is there: 10x faster than the parser in Python, same events
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,14}")
_NOTHING = frozenset({"", "~", "null"})
_STRING_TAG = "tag:yaml.org,2002:str"


def load_yaml(source: str, text: str) -> tuple[Any, list[Diagnostic]]:
    """The one document of a YAML text, and what is wrong with it that does not keep it from being read.

    Mappings keep their order and have keys of text; scalars are `str`, or `int`, `bool` and `None` where
    written plain. An alias gives the very same object as its anchor.

    >>> load_yaml("", "{no: 010, yes: 1.10, port: 443, on: true}")[0]
    {'no': '010', 'yes': '1.10', 'port': 443, 'on': True}

    Raises:
        InputError: the text is not YAML, holds several documents, or is nested or unfolded beyond the bounds.
    """
    return _Reader(source).read(text)


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being read; `began` is the count of values when it began."""

    value: Any
    anchor: str | None
    began: int
    mark: Any
    key: str | None = None
    first: dict[str, Any] = field(default_factory=dict)
    merges: list[tuple[Any, Any]] = field(default_factory=list)


_SKIP = object()


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[Diagnostic] = []
        self.frames: list[_Frame] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.open_anchors: set[str] = set()
        self.count = 0
        self.root: Any = None

    def read(self, text: str) -> tuple[Any, list[Diagnostic]]:
        documents = 0
        try:
            loader = Loader(text)
            while True:
                event = loader.get_event()
                kind = type(event)
                if kind is yaml.ScalarEvent:
                    self._scalar(event)
                elif kind is yaml.MappingStartEvent:
                    self._begin({}, event)
                elif kind is yaml.SequenceStartEvent:
                    self._begin([], event)
                elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                    self._end()
                elif kind is yaml.AliasEvent:
                    self._alias(event)
                elif kind is yaml.DocumentStartEvent:
                    documents += 1
                    if documents > 1:
                        self._stop(
                            "several-documents",
                            "a spec is one YAML document, and here a second one begins",
                            event.start_mark,
                            "remove the line `---`, or give the parts as files of their own",
                        )
                elif kind is yaml.StreamEndEvent:
                    break
        except yaml.YAMLError as error:
            self.found.append(syntax_diagnostic(self.source, error, text))
            raise InputError(self.found) from None
        except UnicodeEncodeError as error:
            self.found.append(
                Diagnostic(
                    "error",
                    "yaml-syntax",
                    "the text holds half of a surrogate pair: it is not"
                    f" Unicode (`U+{ord(text[error.start]):04X}`)",
                    Place(self.source),
                )
            )
            raise InputError(self.found) from None
        if documents == 0:
            self.root = None
        return self.root, self.found

    def _scalar(self, event: Any) -> None:
        self._grow(1, event.start_mark)
        text: str = event.value
        frame = self.frames[-1] if self.frames else None
        if frame is not None and frame.key is None and type(frame.value) is dict:
            self._key(frame, text, event)
            return
        tag = event.tag
        if tag is not None and tag != "!":
            if tag != _STRING_TAG:
                self._report(
                    "yaml-tag",
                    f"the tag `{_short_tag(tag)}` has no meaning in a spec",
                    event.start_mark,
                    "write the plain value",
                )
            value: Any = text
        elif event.style:
            value = text
        else:
            value = _plain(text)
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        self._place(value, event.start_mark)

    def _key(self, frame: _Frame, text: str, event: Any) -> None:
        if text == "<<" and not event.style:
            frame.key = "<<"
            return
        if text in frame.first:
            path = self._path()
            self.found.append(
                Diagnostic(
                    "error",
                    "duplicate-key",
                    f"the key `{_shorten(text)}` stands here twice",
                    Place(self.source, path, at_key=True),
                    hints=("give each its own name, or put the two together",),
                    related=(("first here", Place(self.source, (*path, text), at_key=True)),),
                    line=event.start_mark.line + 1,
                    column=event.start_mark.column + 1,
                    span=(0, max(1, event.end_mark.column - event.start_mark.column)),
                )
            )
        else:
            frame.first[text] = event.start_mark
        if event.anchor:
            self.anchors[event.anchor] = (text, 1)
        frame.key = text

    def _begin(self, value: Any, event: Any) -> None:
        if len(self.frames) >= DEEPEST:
            self._stop("too-deep", f"nested more than {DEEPEST} deep: no spec is", event.start_mark)
        frame = self.frames[-1] if self.frames else None
        if frame is not None and type(frame.value) is dict and frame.key is None:
            what = "a list" if type(value) is list else "a mapping"
            self._stop(
                "complex-key",
                f"a key is a name, and here it is {what}",
                event.start_mark,
                "put a name that begins with `[`, `{` or `?` in quotes",
            )
        if event.tag is not None and event.tag != "!":
            self._report(
                "yaml-tag",
                f"the tag `{_short_tag(event.tag)}` has no meaning in a spec",
                event.start_mark,
                "write the plain value",
            )
        self._grow(1, event.start_mark)
        if event.anchor:
            self.open_anchors.add(event.anchor)
        self.frames.append(_Frame(value, event.anchor, self.count, event.start_mark))

    def _end(self) -> None:
        frame = self.frames.pop()
        for merged, mark in frame.merges:
            self._merge(frame.value, merged, mark)
        if frame.anchor:
            self.open_anchors.discard(frame.anchor)
            self.anchors[frame.anchor] = (frame.value, self.count - frame.began + 1)
        self._place(frame.value, frame.mark)

    def _alias(self, event: Any) -> None:
        name = event.anchor
        if name in self.open_anchors:
            self._stop(
                "alias-of-itself",
                f"the alias `*{name}` stands inside its own anchor `&{name}`",
                event.start_mark,
            )
        if name not in self.anchors:
            hint = f'put the name in quotes: `"*{name}"`' if not self.anchors else ""
            self._stop(
                "unknown-alias",
                f"no anchor `&{name}` stands before the alias `*{name}`",
                event.start_mark,
                hint,
            )
        value, size = self.anchors[name]
        self._grow(size, event.start_mark)
        frame = self.frames[-1] if self.frames else None
        if frame is not None and type(frame.value) is dict and frame.key is None:
            if not isinstance(value, str):
                self._stop(
                    "complex-key",
                    "a key is a name, and this alias stands for something else",
                    event.start_mark,
                )
            self._key(frame, value, event)
            return
        self._place(value, event.start_mark)

    def _place(self, value: Any, mark: Any) -> None:
        """Put a finished value where it belongs."""
        if not self.frames:
            self.root = value
            return
        frame = self.frames[-1]
        if type(frame.value) is list:
            frame.value.append(value)
            return
        key, frame.key = frame.key, None
        if key == "<<" and key not in frame.first:
            frame.merges.append((value, mark))
        elif key is not None and key not in frame.value:
            frame.value[key] = value

    def _merge(self, into: dict[str, Any], merged: Any, mark: Any) -> None:
        """`<<: *base`: the keys of a mapping that are not given. https://yaml.org/type/merge.html"""
        for source in merged if isinstance(merged, list) else [merged]:
            if not isinstance(source, dict):
                self._report("yaml-merge", "`<<` takes a mapping, or a list of them", mark)
                return
            for key, value in source.items():
                into.setdefault(key, value)

    def _grow(self, size: int, mark: Any) -> None:
        self.count += size
        if self.count > LARGEST:
            self._stop(
                "too-large",
                f"more than {LARGEST:,} values" + (" once the aliases are unfolded" if self.anchors else ""),
                mark,
            )

    def _path(self) -> tuple[str | int, ...]:
        return tuple(len(f.value) if type(f.value) is list else (f.key or "") for f in self.frames[:-1])

    def _report(self, code: str, message: str, mark: Any, hint: str = "") -> None:
        self.found.append(
            Diagnostic(
                "error",
                code,
                message,
                Place(self.source),
                (hint,) if hint else (),
                line=mark.line + 1,
                column=mark.column + 1,
            )
        )

    def _stop(self, code: str, message: str, mark: Any, hint: str = "") -> None:
        self._report(code, message, mark, hint)
        raise InputError(self.found)


def _plain(text: str) -> Any:
    if text in _NOTHING:
        return None
    if text == "true":
        return True
    if text == "false":
        return False
    if (text[0].isdigit() or text[0] == "-") and _WHOLE.fullmatch(text):
        return int(text)
    return text


def _shorten(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _short_tag(tag: str) -> str:
    return _shorten(tag.replace("tag:yaml.org,2002:", "!!"))


_SAID_BETTER = (
    (
        r"found character '\\t' that cannot start any token|found a tab character",
        "a tab cannot indent YAML",
        "use blanks",
    ),
    (
        r"mapping values are not allowed",
        "a `:` stands where no key can be",
        "put a text that holds `: ` in quotes, or check the indentation of this line",
    ),
    (
        r"could not find expected ':'",
        "a key without its `:`",
        "write `key: value`, and a blank after the `:`",
    ),
    (
        r"did not find expected key",
        "a key was expected here",
        "check the indentation of this line and of the one before",
    ),
    (
        r"did not find expected '-' indicator",
        "a list item was expected here",
        "check the indentation: the items of a list stand in one column",
    ),
    (r"did not find expected ',' or '([\]}])'", "a `,` or the closing `{0}` was expected here", ""),
    (r"found unexpected end of stream", "the text ends inside quotes", "close the quotes"),
    (
        r"found unknown escape character",
        "an unknown escape in double quotes",
        "write `\\\\` for a backslash, or use single quotes",
    ),
    (
        r"found character '(.)' that cannot start any token",
        "a text cannot begin with `{0}`",
        "put it in quotes",
    ),
    (r"control characters are not allowed", "a control character", "remove it"),
    (
        r"found undefined tag handle|expected alphabetic or numeric character|did not find URI|found invalid",
        "a text cannot begin with `!`, `&`, `*` or `%`",
        "put it in quotes",
    ),
    (r"while scanning an? (?:alias|anchor)", "a text cannot begin with `&` or `*`", "put it in quotes"),
)


def syntax_diagnostic(source: str, error: Any, text: str) -> Diagnostic:
    """What a YAML parser's error says, in words for people who do not know YAML's grammar."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    whole = f"{getattr(error, 'context', '') or ''} {problem}"
    message, hint = f"not YAML: {problem}", ""
    if "cannot start any token" in problem and mark is not None:
        found = _character_at(text, mark)
        problem = f"found character {found!r} that cannot start any token"
        whole = problem
    for pattern, better, advice in _SAID_BETTER:
        if match := re.search(pattern, whole):
            message, hint = better.format(*match.groups()), advice
            break
    return Diagnostic(
        "error",
        "yaml-syntax",
        message,
        Place(source),
        (hint,) if hint else (),
        line=mark.line + 1 if mark else None,
        column=mark.column + 1 if mark else None,
    )


def _character_at(text: str, mark: Any) -> str:
    """The character at a mark of the parser."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", mark.line + 1)
    line = lines[mark.line] if mark.line < len(lines) else ""
    return line[mark.column : mark.column + 1]
