"""Views, notes and layout hints -> records."""

from __future__ import annotations

import zlib
from fnmatch import fnmatchcase
from typing import Any

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.language.words import CLASSES
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.links import told_of
from diagramgen.read.spec.names import ANYTHING, DRAWN, Named
from diagramgen.read.spec.shapes import Item, Told


def lower_views(spec: Told, context: Context) -> None:
    """All views and notes, and the layout hints."""
    for view in context.names.all("view"):
        _lower_view(view, context)
    for item in spec.get("notes", ()):
        _lower_note(item, context)
    if layout := spec.get("layout"):
        context.put("layout", "diagramgen/layout", "layout", _layout(layout, context), layout.place)


def _lower_view(view: Named, context: Context) -> None:
    told: Told = view.value
    said: dict[str, Any] = {}
    for key in told:
        value = told.get(key)
        if key in ("show", "hide", "focus", "fade"):
            said[key] = [text for item in value for text in _selected(item, context)]
            if key == "show" and value and not said[key]:
                return
        elif key == "layout":
            said[key] = _layout(value, context)
        elif isinstance(value, tuple):
            said[key] = sorted({item.value for item in value})
        elif value is not None:
            said[key] = value
    context.add(
        view,
        "diagramgen/view",
        {k: sorted(set(v)) if k in ("show", "hide", "focus", "fade") else v for k, v in said.items()},
        {k: k for k in said},
    )


def _selected(item: Item, context: Context) -> list[str]:
    """What a word of a view selects: itself where it is a class, a name or a glob; ids for a path, and for what Azure
    calls otherwise; nothing, and said, where it means nothing."""
    text = item.value.strip()
    if text in CLASSES:
        return [item.value]
    if found := context.names.named(text, ANYTHING):
        is_renamed = any(isinstance(t.value, Told) and "name" in t.value for t in found)
        return sorted({t.key for t in found}) if "/" in text or is_renamed else [item.value]
    if any(c in text for c in "*?["):
        pattern = text.lower().rpartition("/")[2]
        if any(fnmatchcase(name, pattern) for name in context.names.by_name):
            return [item.value]
        context.error("unknown-name", f"nothing here fits `{shorten(text)}`", item.place)
        return []
    context.error(
        "unknown-name",
        f"nothing here is called `{shorten(text)}`",
        item.place,
        context.names.suggestion(text, sorted(ANYTHING), CLASSES),
    )
    return []


def _layout(told: Told, context: Context) -> dict[str, Any]:
    said: dict[str, Any] = {k: told.get(k) for k in ("columns",) if k in told}
    if "ratio" in told:
        ratio = _ratio(told, context)
        if ratio is not None:
            said["ratio"] = ratio
    for key in ("order", "hub"):
        kinds = DRAWN if key == "order" else ("vnet", "virtual_hub")
        if key in told:
            found = [
                t.key for item in told.get(key) if (t := context.names.find(item.value, kinds, item.place))
            ]
            said[key] = list(dict.fromkeys(found)) if key == "order" else sorted(set(found))
    return said


def _ratio(told: Told, context: Context) -> float | None:
    """`1.5`, `16:9` or `2` as a number from 0.1 to 10."""
    width, colon, height = str(told.get("ratio")).partition(":")
    try:
        ratio = float(width) / (float(height) if colon else 1.0)
    except (ValueError, ZeroDivisionError):
        ratio = 0.0
    if not 0.1 <= ratio <= 10:
        context.error(
            "wrong-value",
            f"`{shorten(str(told.get('ratio')))}` is no ratio",
            told.at("ratio"),
            "write `1.5` or `16:9`",
        )
        return None
    return round(ratio, 4)


def _lower_note(item: Item, context: Context) -> None:
    told = told_of(item)
    text = item.value if isinstance(item.value, str) else told.get("text", "")
    on = context.find(told, "on", *ANYTHING)
    if not text or (on is None and "on" in told):
        return
    mark = zlib.crc32(f"{on.key if on else ''}\n{text}".encode())
    context.put(
        f"notes/{mark:08x}",
        "diagramgen/note",
        shorten(text, 40),
        {"on": on.ref if on else None, "text": text},
        item.place,
    )
