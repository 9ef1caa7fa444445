"""Theme: the measures that layout needs and the paint that drawing needs, from `styles/*.yaml` alone.

A theme is made of layers, each laid over the one before: `reference` is the first and says everything,
another file says only what differs. So `reference` is the schema too: a word that it does not know is an
error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from diagramgen.diagnostics import Diagnostic, InputError, did_you_mean
from diagramgen.layout.plan import FontMetrics, Metrics, TextStyle
from diagramgen.located import Place

End = Literal["arrow", "dot", "plain"]

_OPEN_SECTIONS = ("frames", "links")
"""Sections where a theme may add `kind.style` to a kind that is known."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn. `head` is an arrowhead's length and width, or a dot's diameter, px."""

    color: str
    width: float = 1.0
    dash: tuple[float, ...] = ()
    round_caps: bool = False
    end: End = "arrow"
    head: tuple[float, float] = (9.75, 6.5)


@dataclass(frozen=True, slots=True)
class Theme:
    """One look. Colours are `#rrggbb`; `text` is keyed by text style, the strokes by kind or `kind.style`."""

    name: str
    metrics: Metrics
    font_family: tuple[str, ...]
    page: str
    veil: float
    wobble: float
    grey_icons: bool
    text: Mapping[TextStyle, str]
    frames: Mapping[str, Stroke]
    links: Mapping[str, Stroke]
    link_styles: Mapping[str, Mapping[str, object]]
    boundaries: Mapping[str, Stroke]
    marks: Mapping[str, str]

    def frame(self, kind: str, style: str = "") -> Stroke:
        """The frame of a box of that kind, in that style where there is one."""
        return self.frames.get(f"{kind}.{style}") or self.frames.get(kind) or self.frames["other"]

    def link(self, kind: str, style: str = "") -> Stroke:
        """The line of a link: its kind's own paint, with what its style changes laid over."""
        own = self.links.get(f"{kind}.{style}")
        if own is not None:
            return own
        base = self.links.get(kind) or self.links["other"]
        return _stroke(self.link_styles[style], base) if style in self.link_styles else base

    def boundary(self, status: str, declared: bool = False) -> Stroke:
        """The line of a boundary; one that holds because the spec says so has a paint of its own."""
        return self.boundaries["declared" if declared and status in ("no-path", "enforced") else status]


def make_theme(layers: Sequence[tuple[str, Mapping[str, object]]]) -> Theme:
    """The theme that `layers` add up to; each is a source's name and what is in it, `reference` first.

    Raises:
        InputError: with everything that a layer says and the reference does not know.
    """
    (_, merged), *rest = layers
    problems = _Problems()
    for source, layer in rest:
        _check(layer, merged, Place(source), problems)
        merged = merged if problems.found else _overlay(merged, layer)
    if problems.found:
        raise InputError(problems.found)
    return _build(merged)


@dataclass(slots=True)
class _Problems:
    found: list[Diagnostic] = field(default_factory=list)

    def add(self, place: Place, message: str, hints: tuple[str, ...] = ()) -> None:
        self.found.append(Diagnostic("error", "theme", message, place, hints))


def _overlay(below: Mapping[str, object], above: Mapping[str, object]) -> Mapping[str, object]:
    """`above` laid over `below`, mapping by mapping; a `kind.style` that is new starts as its kind."""
    result = dict(below)
    for key, value in above.items():
        under = result.get(key, result.get(key.split(".")[0], {}))
        if isinstance(value, Mapping) and isinstance(under, Mapping):
            result[key] = _overlay(under, value)
        else:
            result[key] = value
    return result


_STROKES = ("frames", "links", "link_styles", "boundaries")
"""Sections whose entries are lines."""

_STROKE_WORDS = dict.fromkeys(("stroke", "width", "dash", "caps", "end", "head"), "")


def _check(
    layer: Mapping[str, object], known: Mapping[str, object], place: Place, problems: _Problems
) -> None:
    """Notes what `layer` says that `known` has no word for, or no such value, at every depth."""
    section = place.path[0] if place.path else ""
    for key, value in layer.items():
        word, here = str(key), place / str(key)
        if word == "extends" and not section:
            continue
        below = known.get(word)
        if below is None and section in _OPEN_SECTIONS:
            below = known.get(word.partition(".")[0])
        if below is None:
            thing = "a line" if known is _STROKE_WORDS else "a theme"
            problems.add(here.key, f"{thing} has no `{word}` here", did_you_mean(word, list(known)))
        elif isinstance(below, Mapping) != isinstance(value, Mapping):
            wanted = "a mapping" if isinstance(below, Mapping) else "a single value"
            problems.add(here, f"`{word}` is {wanted} in a theme")
        elif isinstance(value, Mapping) and isinstance(below, Mapping):
            _check(value, _STROKE_WORDS if section in _STROKES else below, here, problems)
        else:
            _check_value(word, value, here, problems)


_COLOR = re.compile(r"#[0-9a-fA-F]{6}\Z")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1000


def _is_color(value: object) -> bool:
    return isinstance(value, str) and _COLOR.match(value) is not None


def _is_numbers(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(map(_is_number, value))


def _is_pair(value: object) -> bool:
    return _is_numbers(value) and len(cast(Sequence[object], value)) == 2


def _is_texts(value: object) -> bool:
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return is_list and all(isinstance(v, str) for v in cast(Sequence[object], value))


_VALUES: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "name": (lambda v: isinstance(v, str), "a text"),
    "extends": (lambda v: isinstance(v, str), "the name of a theme"),
    "page": (_is_color, "a colour such as `#ffffff`"),
    "veil": (lambda v: _is_number(v) and cast(float, v) <= 1, "a number from 0 to 1"),
    "stroke": (_is_color, "a colour such as `#ff0000`"),
    "dash": (_is_numbers, "a list of lengths, px, such as `[3, 3]`"),
    "head": (_is_pair, "two lengths, such as `[9, 6]`"),
    "caps": (lambda v: v in ("round", "butt"), "`round` or `butt`"),
    "end": (lambda v: v in ("arrow", "dot", "plain"), "`arrow`, `dot` or `plain`"),
    "icons": (lambda v: v in ("colour", "grey"), "`colour` or `grey`"),
    "bold": (lambda v: isinstance(v, bool), "`true` or `false`"),
    "italic": (lambda v: isinstance(v, bool), "`true` or `false`"),
    "font_family": (_is_texts, "a list of font names"),
}
"""What a value must be, by its own word; words of `text` and `marks` are colours, all others are numbers."""


def _check_value(word: str, value: object, place: Place, problems: _Problems) -> None:
    """Notes a value that is not of its word's sort."""
    is_color = len(place.path) > 1 and place.path[0] in ("text", "marks")
    fits, wanted = _VALUES["page"] if is_color else _VALUES.get(word, (_is_number, "a number from 0 to 1000"))
    if not fits(value):
        problems.add(place, f"`{word}` must be {wanted}, not `{value}`")


def _build(merged: Mapping[str, object]) -> Theme:
    """The theme of a complete and checked mapping."""

    def section(name: str) -> Mapping[str, Mapping[str, object]]:
        return cast(Mapping[str, Mapping[str, object]], merged[name])

    def strokes(name: str) -> dict[str, Stroke]:
        return {key: _stroke(value) for key, value in section(name).items()}

    return Theme(
        name=str(merged["name"]),
        metrics=_metrics(cast(Mapping[str, object], merged["metrics"])),
        font_family=tuple(cast(Sequence[str], merged["font_family"])),
        page=str(merged["page"]),
        veil=cast(float, merged["veil"]),
        wobble=cast(float, merged["wobble"]),
        grey_icons=merged["icons"] == "grey",
        text=cast(Mapping[TextStyle, str], merged["text"]),
        frames=strokes("frames"),
        links=strokes("links"),
        link_styles=section("link_styles"),
        boundaries=strokes("boundaries"),
        marks=cast(Mapping[str, str], merged["marks"]),
    )


def _metrics(measures: Mapping[str, object]) -> Metrics:
    fonts = cast(Mapping[str, Mapping[str, float | bool]], measures["fonts"])
    plain = {key: cast(float, value) for key, value in measures.items() if key != "fonts"}
    by_style = {style: FontMetrics(**font) for style, font in fonts.items()}  # type: ignore[arg-type]
    return Metrics(fonts=by_style, **plain)


def _stroke(words: Mapping[str, object], base: Stroke | None = None) -> Stroke:
    """A line's paint; what `words` do not say is `base`'s."""
    known: dict[str, object] = {}
    if "stroke" in words:
        known["color"] = words["stroke"]
    if "caps" in words:
        known["round_caps"] = words["caps"] == "round"
    for word in ("dash", "head"):
        if word in words:
            known[word] = tuple(cast(Sequence[float], words[word]))
    for word in ("width", "end"):
        if word in words:
            known[word] = words[word]
    return replace(base or Stroke("#000000"), **known)  # type: ignore[arg-type]
