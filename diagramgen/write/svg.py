"""SVG: a scene as a self-contained file that keeps the drawing contract.

No script, no style sheet, no outside reference: icons are embedded once each and used by id, and every id
starts with the drawing's name, so that several drawings may stand in one page. One element a line, numbers
without trailing zeros: the same scene gives the same bytes everywhere. Written as text, for a tree would cost
more than the drawing.
"""

from __future__ import annotations

import re
from binascii import b2a_base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import assert_never

from diagramgen.draw.scene import (
    BoundaryTag,
    Disc,
    Fill,
    Group,
    LinkTag,
    MarkTag,
    NodeTag,
    Outline,
    Pen,
    Picture,
    Polyline,
    Rectangle,
    Scene,
    Shade,
    Shape,
    Tag,
    Words,
)
from diagramgen.geometry import Point, Rect

_FONT_SIZE, _TEXT_COLOR = 11.0, "#000000"
"""What the root says for all texts, so that most need not."""


def write_svg(scene: Scene, icons: Mapping[str, bytes]) -> bytes:
    """The scene as SVG, UTF-8. `icons` are the pictures of `scene.icons`, PNG or SVG; one without is a
    box."""
    page = _Page(scene, icons)
    return ("\n".join(page.lines()) + "\n").encode("utf-8", "replace")


class _Page:
    """One file on its way: knows the ids of what is defined once."""

    def __init__(self, scene: Scene, icons: Mapping[str, bytes]) -> None:
        self.scene, self.icons = scene, icons
        self.prefix = slug(scene.name) or "drawing"
        pictures = sorted({*scene.symbols, *(name for name in scene.icons if name in icons)})
        self.ids = _unique_ids(pictures, f"{self.prefix}-")

    def lines(self) -> Iterator[str]:
        scene, prefix = self.scene, self.prefix
        width, height = number(scene.width), number(scene.height)
        families = ", ".join(_family(name) for name in scene.font_family)
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" '
            f'role="img" aria-labelledby="{prefix}-title {prefix}-desc" '
            f'font-family="{escape(families)}" font-size="{number(_FONT_SIZE)}">'
        )
        yield f'<title id="{prefix}-title">{escape(scene.title or scene.name)}</title>'
        yield f'<desc id="{prefix}-desc">{escape(scene.description)}</desc>'
        yield from self._definitions()
        yield f'<rect class="page" width="{width}" height="{height}" fill="{scene.page}"/>'
        yield from self._shapes(scene.shapes, "")
        yield "</svg>"

    def _definitions(self) -> Iterator[str]:
        """Shades, signs and icons, each once."""
        shades = sorted(set(_shades(self.scene)), key=lambda shade: (shade.top, shade.bottom))
        if not shades and not self.ids:
            return
        yield "<defs>"
        for shade in shades:
            yield f'<linearGradient id="{self._shade_id(shade)}" x1="0" y1="0" x2="0" y2="1">'
            yield f' <stop offset="0" stop-color="{shade.top}"/>'
            yield f' <stop offset="1" stop-color="{shade.bottom}"/>'
            yield "</linearGradient>"
        for name, key in self.ids.items():
            symbol = self.scene.symbols.get(name)
            if symbol is not None:
                yield f'<symbol id="{key}" viewBox="0 0 {number(symbol.width)} {number(symbol.height)}">'
                yield from self._shapes(symbol.shapes, " ")
            else:
                paint = ' filter="grayscale(1)"' if self.scene.icon_paint == "grey" else ""
                yield f'<symbol id="{key}" viewBox="0 0 100 100">'
                yield f' <image width="100" height="100"{paint} href="{_data_uri(self.icons[name])}"/>'
            yield "</symbol>"
        yield "</defs>"

    def _shapes(self, shapes: Iterable[Shape | Group], indent: str) -> Iterator[str]:
        for shape in shapes:
            if isinstance(shape, Group):
                yield from self._group(shape, indent)
            else:
                yield indent + self._shape(shape)

    def _group(self, group: Group, indent: str) -> Iterator[str]:
        opacity = f' opacity="{number(group.opacity)}"' if group.opacity != 1 else ""
        yield f"{indent}<g{_tag_attributes(group.tag)}{opacity}>"
        if group.tooltip:
            told = escape("\n".join(group.tooltip))
            yield f"{indent} <title>{told}</title>"
        yield from self._shapes(group.shapes, indent + " ")
        yield f"{indent}</g>"

    def _shape(self, shape: Shape) -> str:
        match shape:
            case Words():
                return _words(shape)
            case Picture(name, box):
                place = f'x="{number(box.x)}" y="{number(box.y)}" {_size(box)}'
                if name in self.ids:
                    return f'<use href="#{self.ids[name]}" {place}/>'
                return f'<rect {place} rx="3" fill="none" stroke="#7f7f7f"/>'
            case Rectangle(box, pen, fill, radius):
                rounded = f' rx="{number(radius)}"' if radius else ""
                place = f'x="{number(box.x)}" y="{number(box.y)}" {_size(box)}'
                return f"<rect {place}{rounded}{self._paint(pen, fill)}/>"
            case Disc(center, radius, pen, fill):
                place = f'cx="{number(center.x)}" cy="{number(center.y)}" r="{number(radius)}"'
                return f"<circle {place}{self._paint(pen, fill)}/>"
            case Polyline(points, pen, fill, closed):
                return f'<path d="{_way(points)}{"Z" if closed else ""}"{self._paint(pen, fill)}/>'
            case Outline(d, pen, fill):
                return f'<path d="{d}"{self._paint(pen, fill)}/>'
            case _:
                assert_never(shape)

    def _paint(self, pen: Pen | None, fill: Fill) -> str:
        if isinstance(fill, Shade):
            paint = f' fill="url(#{self._shade_id(fill)})"'
        else:
            paint = f' fill="{fill or "none"}"'
        if pen is not None:
            paint += f' stroke="{pen.color}"'
            if pen.width != 1:
                paint += f' stroke-width="{number(pen.width)}"'
            if pen.dash:
                paint += f' stroke-dasharray="{",".join(map(number, pen.dash))}"'
            if pen.round_caps:
                paint += ' stroke-linecap="round" stroke-linejoin="round"'
        return paint

    def _shade_id(self, shade: Shade) -> str:
        return f"{self.prefix}-{shade.top[1:]}-{shade.bottom[1:]}"


def _words(words: Words) -> str:
    """One line of text, fixed at its natural width: a fallback font is squeezed, never let out of the
    room."""
    parts = [f'<text class="{slug(words.style)}"', f'x="{number(words.at.x)}" y="{number(words.at.y)}"']
    if words.anchor != "start":
        parts.append(f'text-anchor="{words.anchor}"')
    if words.size != _FONT_SIZE:
        parts.append(f'font-size="{number(words.size)}"')
    if words.weight != 400:
        parts.append(f'font-weight="{words.weight}"')
    if words.italic:
        parts.append('font-style="italic"')
    if words.color != _TEXT_COLOR:
        parts.append(f'fill="{words.color}"')
    if words.opacity != 1:
        parts.append(f'opacity="{number(words.opacity)}"')
    if words.length > 0:
        parts.append(f'textLength="{number(words.length)}" lengthAdjust="spacingAndGlyphs"')
    parts.append(f'data-of="{escape(words.of)}"')
    if words.room is not None:
        parts.append(f'data-box="{_box(words.room)}"')
    return " ".join(parts) + f">{escape(words.text)}</text>"


def _tag_attributes(tag: Tag) -> str:
    """The contract's attributes of what a group shows; absent values are left out."""
    named: tuple[tuple[str, str | None], ...]
    match tag:
        case NodeTag():
            classes = ("node", tag.kind, tag.style)
            named = (
                ("id", tag.id),
                ("kind", tag.kind),
                ("parent", tag.parent),
                ("type", tag.type),
                ("box", _box(tag.box)),
            )
        case LinkTag():
            classes = ("link", tag.kind, tag.style)
            named = (
                ("id", tag.id),
                ("kind", tag.kind),
                ("from", tag.a),
                ("to", tag.b),
                ("bundle", tag.bundle),
                ("points", _pairs(tag.points)),
            )
        case BoundaryTag():
            classes = ("boundary", tag.level, tag.status)
            named = (
                ("level", tag.level),
                ("status", tag.status),
                ("a", tag.a),
                ("b", tag.b),
                ("by", ", ".join(tag.by)),
                ("declared", "true" if tag.declared else ""),
                ("points", _pairs(tag.points)),
            )
        case MarkTag():
            classes = ("mark", tag.kind, "")
            named = (("of", tag.of),)
        case _:
            assert_never(tag)
    words = " ".join(word for name in classes if (word := slug(name)))
    return f' class="{words}"' + "".join(f' data-{key}="{escape(value)}"' for key, value in named if value)


def _way(points: Sequence[Point]) -> str:
    """Path data; steps along an axis are written as such."""
    texts, last = list[str](), None
    for point in points:
        x, y = number(point.x), number(point.y)
        if last is None:
            texts.append(f"M{x} {y}")
        elif last.y == point.y:
            texts.append(f"H{x}")
        elif last.x == point.x:
            texts.append(f"V{y}")
        else:
            texts.append(f"L{x} {y}")
        last = point
    return "".join(texts)


def _pairs(points: Sequence[Point]) -> str:
    return " ".join(f"{number(p.x)},{number(p.y)}" for p in points)


def _box(box: Rect) -> str:
    return f"{number(box.x)} {number(box.y)} {number(box.width)} {number(box.height)}"


def _size(box: Rect) -> str:
    return f'width="{number(box.width)}" height="{number(box.height)}"'


@lru_cache(maxsize=65536)
def number(value: float) -> str:
    """At most two decimals, no trailing zeros.

    >>> number(3.0), number(2.25), number(-0.001), number(1 / 3)
    ('3', '2.25', '0', '0.33')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
"""What no XML 1.0 file may hold: https://www.w3.org/TR/xml/#charsets. Compiled when a text first needs it."""

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
_NEEDS_ESCAPE = re.compile('[&<>"\t\n\r]')


def escape(text: str) -> str:
    """`text` as it may stand in an element or between double quotes.

    >>> escape('a<b> & "c"\\x00')
    'a&lt;b&gt; &amp; &quot;c&quot;'
    """
    if text.isascii() and text.isprintable() and not _NEEDS_ESCAPE.search(text):
        return text
    return _NEEDS_ESCAPE.sub(lambda found: _ESCAPES[found[0]], re.sub(_FORBIDDEN, "", text))


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Lower-case letters, digits and hyphens: fit for an id or a class.

    >>> slug("Networking/Azure Firewall")
    'networking-azure-firewall'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _family(name: str) -> str:
    """A font's name as CSS wants it: quoted where it holds a blank."""
    bare = re.sub(r"[^\w .-]", "", name)
    return f"'{bare}'" if " " in bare else bare


def _unique_ids(names: Sequence[str], prefix: str) -> dict[str, str]:
    """An id a name; names that give the same id are numbered."""
    ids: dict[str, str] = {}
    taken: dict[str, int] = {}
    for name in names:
        key = prefix + slug(name)
        taken[key] = taken.get(key, 0) + 1
        ids[name] = key if taken[key] == 1 else f"{key}-{taken[key]}"
    return ids


def _data_uri(picture: bytes) -> str:
    kind = "png" if picture.startswith(b"\x89PNG") else "svg+xml"
    return f"data:image/{kind};base64,{b2a_base64(picture, newline=False).decode('ascii')}"


def _shades(scene: Scene) -> Iterator[Shade]:
    """All shades that the scene's shapes and signs are filled with."""
    for shape in _all_shapes(scene.shapes):
        if not isinstance(shape, (Words, Picture)) and isinstance(shape.fill, Shade):
            yield shape.fill
    for symbol in scene.symbols.values():
        for part in symbol.shapes:
            if not isinstance(part, (Words, Picture)) and isinstance(part.fill, Shade):
                yield part.fill


def _all_shapes(shapes: Iterable[Shape | Group]) -> Iterator[Shape]:
    for shape in shapes:
        if isinstance(shape, Group):
            yield from _all_shapes(shape.shapes)
        else:
            yield shape
