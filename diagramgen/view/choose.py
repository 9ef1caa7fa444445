"""Choosing a view: from an analysed topology to the sketch of one drawing. The last stage that knows Azure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from diagramgen.analyse import INTERNET, Analysis
from diagramgen.diagnostics import Diagnostic, InputError, did_you_mean
from diagramgen.model.references import key
from diagramgen.model.scope import Cut, within
from diagramgen.model.topology import Topology
from diagramgen.read.unknown import is_unknown
from diagramgen.view.boundaries import BoundaryJudge, members_of
from diagramgen.view.boxes import BoxMaker, address_rank, site_boxes
from diagramgen.view.edges import EdgeMaker, all_ids, endpoints, find_hubs, internet_targets
from diagramgen.view.flows import MOST_SUBNETS, FlowJudge
from diagramgen.view.further import FurtherGaps
from diagramgen.view.keys import abbreviations, key_entries
from diagramgen.view.outer import OuterLines
from diagramgen.view.selection import Selection, select
from diagramgen.view.sketch import (
    LEVEL_NUMBERS,
    Boundaries,
    BoundaryState,
    Box,
    Level,
    Overlay,
    Sketch,
    no_flow,
    nothing_further,
)

OUTER_LEVELS = ("internet", "on-premises")


def view_names(topology: Topology) -> tuple[str, ...]:
    """The views that the input defines, sorted."""
    return tuple(sorted(topology.views))


def choose_view(analysis: Analysis, name: str | None = None, cut: Cut | None = None) -> Sketch:
    """The sketch of the view `name`, or of the whole estate. What the input's files are called shows nowhere.

    A `cut` shows a part of the estate alone, with what it is joined with as ghosts; verdicts stay those of the whole.

    Raises:
        InputError: when there is no such view, or it names what is not there.
    """
    topology = analysis.topology
    if name is not None and name not in topology.views:
        names = view_names(topology)
        hints = did_you_mean(name, names) if names else ("the input has no views: leave `--view` out",)
        raise InputError([Diagnostic("error", "view", f"there is no view `{name}`", hints=hints)])
    view = topology.views[name] if name is not None else {}
    selection = select(topology, name or "", view)
    hubs = find_hubs(topology)
    if cut is not None:
        topology = within(topology, cut)
        selection.visible -= analysis.topology.resources.keys() - topology.resources.keys()
        hubs &= topology.resources.keys()
    boxes = BoxMaker(topology, selection, hubs, endpoints(topology), _late_entries(topology, selection),
                     _order(topology, view), view)  # fmt: skip
    roots = boxes.roots()
    if not _has_content(roots):
        raise InputError([_nothing(topology, name)])
    outside = _outside(topology, selection, bool(roots))
    drawn = all_ids([*roots, *outside])
    flow_judge = FlowJudge(analysis)
    edges = EdgeMaker(topology, selection, name or "", hubs, drawn, boxes.folded, flow_judge)
    links = edges.links()
    if not any(link.a == INTERNET for link in links):
        outside = [box for box in outside if box.kind != "internet"]
    overlays = _overlays(topology, selection, drawn)
    judge = BoundaryJudge(analysis, members_of(roots, boxes.folded), view.get("boundaries") == "declared")
    boundaries = _boundaries(judge, view)
    outer_lines = OuterLines(analysis, judge, roots, links, boxes.folded)
    if _may_show_internet(selection, boundaries) and not any(box.kind == "internet" for box in outside):
        arrow = outer_lines.open_to_internet()
        if arrow is not None:
            links = [*links, arrow]
            outside = [_internet(topology, selection), *outside]
    outer = outer_lines.lines(boundaries, outside)
    links = outer_lines.badged(links)
    everything = [*roots, *outside]
    document = topology.document
    key_wish = str(view.get("key") or "full")
    own_title = str(view.get("title") or document.get("title") or "")
    return Sketch(
        name=name or "estate",
        title=own_title or _default_title(topology),
        description=_description(topology, own_title or _default_title(topology), roots, outer),
        roots=tuple(everything),
        links=tuple(links),
        overlays=overlays,
        boundaries=boundaries,
        outer=tuple(outer),
        key=key_entries(everything, links, overlays, boundaries) if key_wish == "full" else (),
        abbreviations=abbreviations(everything) if key_wish != "none" else (),
        subtitle=str(
            view.get("subtitle") or document.get("subtitle") or ("" if topology.is_spec else _counts(roots))
        ),
        title_block=_title_block(document) if name is None or view.get("title") else (),
        notes=_notes(topology, selection, drawn),
        show_title=bool(view.get("title")) if name is not None else True,
        page_ratio=_ratio(topology, view),
        columns=_columns(view),
        flow_between=edges.flow_between if _draws_flows(selection, everything) else no_flow,
        further=nothing_further
        if judge.only_stated
        else FurtherGaps(analysis, roots, links, boundaries.shown),
    )


def _draws_flows(selection: Selection, boxes: Iterable[Box]) -> bool:
    """Whether computed flows are drawn: where the view shows flows, and there are not too many subnets."""
    return selection.shows("flows") and sum(box.kind == "subnet" for box in _flat(boxes)) <= MOST_SUBNETS


def _flat(boxes: Iterable[Box]) -> Iterator[Box]:
    for box in boxes:
        yield box
        yield from _flat(box.children)


def _has_content(roots: Iterable[Box]) -> bool:
    """Whether anything is drawn but empty frames of Azure, subscriptions and management groups."""
    for box in roots:
        is_frame = box.kind in ("azure", "subscription", "management-group") or box.style == "empty"
        if not is_frame or _has_content(box.children):
            return True
    return False


def _nothing(topology: Topology, name: str | None) -> Diagnostic:
    """What to say where a drawing would be empty."""
    if name is not None:
        return Diagnostic("error", "empty-view", f"view `{name}` shows nothing",
                          hints=("`show` less strictly, or `hide` less",))  # fmt: skip
    counts = Counter(r.kind.label if r.kind is not None else r.type for r in topology.resources.values())
    held = ", ".join(f"{count} x {label}" for label, count in sorted(counts.items()))
    return Diagnostic(
        "error",
        "nothing-to-draw",
        f"there is no VNet, subnet, virtual hub or service to draw; the input holds {held or 'nothing'}",
        hints=(
            "give what tells the VNets as a further input: another template or state, `az network vnet list -o json`, "
            "or all that the commands of `diagramgen query` export",
        ),
    )


def _notes(topology: Topology, selection: Selection, drawn: set[str]) -> tuple[tuple[str, str], ...]:
    """Notes on what is drawn, and those on nothing in particular, as (id or "", text with the name of its thing)."""
    if not selection.shows("notes"):
        return ()
    found = []
    for rid, text in topology.notes:
        resource = topology.resources.get(rid)
        if not rid:
            found.append(("", text))
        elif rid in drawn:
            found.append((rid, f"{resource.label}: {text}" if resource and resource.label else text))
    return tuple(sorted(found, key=lambda note: (note[0] != "", note)))


def _late_entries(topology: Topology, selection: Selection) -> frozenset[str]:
    """Entry subnets from which a peering leaves downwards: they stand at the foot of their column."""
    if not selection.shows("peerings"):
        return frozenset()
    found = set()
    for peering in topology.peerings:
        ends = [rid for rid in peering.through if rid in selection.visible and rid in topology.resources]
        if len(ends) == 2:
            found.add(min(ends, key=lambda rid: (address_rank(topology.resources[rid]), rid)))
    return frozenset(found)


def _order(topology: Topology, view: Mapping[str, Any]) -> dict[str, int]:
    """The order that the layout hints wish, by id."""
    layout = view.get("layout") or topology.layout
    wished = layout.get("order") if isinstance(layout, Mapping) else None
    found: dict[str, int] = {}
    for place, entry in enumerate(wished or ()):
        rid = str(entry.get("id") if isinstance(entry, Mapping) else entry).lower()
        matches = [
            r.id for r in topology.resources.values() if rid in (r.id, r.label.lower(), r.name.lower())
        ]
        for match in matches:
            found.setdefault(match, place)
    return found


def _outside(topology: Topology, selection: Selection, has_inside: bool) -> list[Box]:
    found: list[Box] = []
    if not has_inside:
        return found
    if selection.shows("internet") and (
        topology.traffic or topology.internet_label or internet_targets(topology)
    ):
        found.append(_internet(topology, selection))
    if selection.shows("users"):
        found += [Box(users.id, "users", f"{users.label} x{users.people}" if users.people > 1 else users.label,
                      icon="own/users", tooltip=("users",), role="outside", faded=users.id in selection.faded)
                  for users in topology.users if users.id in selection.visible]  # fmt: skip
    if selection.shows("on_premises"):
        found += site_boxes(topology.sites, selection)
    return found


def _internet(topology: Topology, selection: Selection) -> Box:
    label = topology.internet_label or "Internet traffic"
    return Box(INTERNET, "internet", label, tooltip=("the public Internet",), role="outside",
               faded="internet" in selection.faded_classes)  # fmt: skip


def _may_show_internet(selection: Selection, boundaries: Boundaries) -> bool:
    """Whether a gap towards the Internet would be drawn."""
    return selection.shows("internet") and "internet" in boundaries.shown


def _overlays(topology: Topology, selection: Selection, drawn: set[str]) -> tuple[Overlay, ...]:
    """Frames across frames: a virtual WAN round its hubs, a network group round its members."""
    found = []
    for wan in topology.of_type("microsoft.network/virtualwans"):
        hubs = tuple(r.id for r in topology.of_type("microsoft.network/virtualhubs")
                     if key(r.properties.get("virtualWan")) == wan.id and r.id in drawn)  # fmt: skip
        if hubs and wan.id in selection.visible:
            found.append(
                Overlay(
                    wan.id,
                    "group",
                    wan.label,
                    hubs,
                    tooltip=("Virtual WAN",),
                    faded=wan.id in selection.faded,
                )
            )
    if not selection.shows("network_groups"):
        return tuple(found)
    for group in topology.network_groups:
        members = tuple(member for member in group.members if member in drawn)
        if members and group.id in selection.visible:
            topology_word = {
                "mesh": "mesh: members reach each other directly",
                "hubandspoke": "hub and spoke",
            }
            told = topology_word.get(group.topology.lower().replace("_", ""), "")
            is_faded = "network_groups" in selection.faded_classes or group.id in selection.faded
            tooltip = tuple(t for t in ("network group", told) if t)
            found.append(
                Overlay(group.id, "network-group", group.label, members, tooltip=tooltip, faded=is_faded)
            )
    return tuple(found)


def _boundaries(judge: BoundaryJudge, view: Mapping[str, Any]) -> Boundaries:
    """Which boundaries the view draws, and who judges them."""
    wish = view.get("boundaries", "all")
    every = frozenset(LEVEL_NUMBERS)
    shown = every
    if wish == "none":
        shown = frozenset()
    elif isinstance(wish, list | tuple):
        shown = frozenset(cast(Level, str(level).replace("_", "-")) for level in wish) & every
    numbers = view.get("numbers", "auto")
    numbered = shown
    if numbers == "none":
        numbered = frozenset()
    elif isinstance(numbers, list | tuple):
        numbered = frozenset(cast(Level, str(level).replace("_", "-")) for level in numbers) & every
    return Boundaries(judge, shown, frozenset(), numbered)


def _default_title(topology: Topology) -> str:
    """What to call a drawing whose input names none: the only subscription, or the top management group, else what
    it is."""
    subscriptions = [r for r in topology.of_type("microsoft.resources/subscriptions") if r.label]
    if len(subscriptions) == 1 and not is_unknown(subscriptions[0].id):
        return f"{subscriptions[0].label}: network segmentation"
    groups = topology.of_type("microsoft.management/managementgroups")
    tops = [group for group in groups if group.parent not in topology.resources]
    return f"{tops[0].label}: network segmentation" if len(tops) == 1 else "Azure network segmentation"


def _counts(roots: Iterable[Box]) -> str:
    """What a drawing holds, in numbers; what is only referred to is not counted."""
    count: Counter[str] = Counter(box.kind for box in _flat(roots) if box.style != "ghost")
    words = (
        ("subscription", "subscription"),
        ("vnet", "VNet"),
        ("virtual-hub", "virtual hub"),
        ("subnet", "subnet"),
    )
    return " · ".join(
        f"{count[kind]} {word}{'s' if count[kind] != 1 else ''}" for kind, word in words if count[kind]
    )


def _description(
    topology: Topology, title: str, roots: list[Box], outer: list[tuple[Level, str, str, BoundaryState]]
) -> str:
    """What a screen reader says of the whole drawing."""
    lines = [f"Azure network segmentation: {title}.", f"{_counts(roots)}." if _counts(roots) else ""]
    names = [
        box.name for root in roots for box in ([root] if root.kind != "azure" else root.children) if box.name
    ]
    if names:
        more = f" and {len(names) - 12} more" if len(names) > 12 else ""
        lines.append(f"Shown: {', '.join(names[:12])}{more}.")
    told = [
        f"{level} boundary: {state.tooltip[0]}"
        for level, _, _, state in outer
        if level in OUTER_LEVELS and state.tooltip
    ]
    if told:
        lines.append(f"{'; '.join(dict.fromkeys(told))}.")
    return " ".join(line for line in lines if line)


def _title_block(document: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    block = document.get("titleBlock")
    return tuple((str(k), str(v)) for k, v in block.items()) if isinstance(block, Mapping) else ()


def _ratio(topology: Topology, view: Mapping[str, Any]) -> float:
    layout = view.get("layout") or topology.layout
    ratio = layout.get("ratio") if isinstance(layout, Mapping) else None
    return (
        float(ratio) if isinstance(ratio, int | float) and not isinstance(ratio, bool) and ratio > 0 else 1.5
    )


def _columns(view: Mapping[str, Any]) -> int:
    layout = view.get("layout")
    columns = layout.get("columns") if isinstance(layout, Mapping) else None
    return columns if isinstance(columns, int) else 0
