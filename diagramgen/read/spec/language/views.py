"""What is shown, and how: views, notes, layout hints."""

from __future__ import annotations

from diagramgen.read.spec.language.words import CLASSES, FRAMES, LEVELS, NOTE, ref, some, text
from diagramgen.read.spec.shapes import Either, Flag, Form, Many, Shape, Text, Whole, Word

LAYOUT_FIELDS: dict[str, Shape] = {
    "order": some(ref("anything drawn"), "Names in the order in which they are to stand."),
    "hub": some(ref("a VNet or virtual hub"), "The VNets that are hubs, where the peerings do not tell."),
    "ratio": Either(
        (Whole(1, 10), Text("a ratio such as `1.5` or `16:9`", None, r"^[0-9.]+(:[0-9.]+)?$")),
        "Width to height of the page.",
    ),
    "columns": Whole(1, 100, "How many columns of subscriptions or VNets."),
}
LAYOUT = Form("the layout", LAYOUT_FIELDS, title="layout")
_SELECTION = some(
    text("a name, a glob or a class of things"),
    "Names, paths (`VNet/Subnet`), globs (`* tier subnet`), or words: "
    + ", ".join(f"`{c}`" for c in CLASSES)
    + ".",
)
VIEW = Form(
    "a view",
    {
        "title": text("a text", "The drawing's title in this view."),
        "show": _SELECTION,
        "hide": _SELECTION,
        "focus": _SELECTION,
        "fade": _SELECTION,
        "frames": Either((Word(("all", "none")), Many(Word(FRAMES))), "Which outer frames are drawn."),
        "boundaries": Either(
            (Word(("declared", "all", "none")), Many(Word(LEVELS))), "Which boundaries are drawn."
        ),
        "numbers": Either((Word(("auto", "none")), Many(Word(LEVELS))), "Which boundaries are numbered."),
        "key": Word(("full", "abbreviations", "none"), "How much the key tells."),
        "subnets": Flag("Whether subnets are drawn."),
        "resources": Flag("Whether resources are drawn."),
        "layout": LAYOUT,
        "note": NOTE,
    },
    title="view",
)
NOTE_ENTRY: Shape = Either(
    (
        text("a text"),
        Form("a note", {"on": ref("anything"), "text": text("a text")}, required=("text",), title="note"),
    )
)
