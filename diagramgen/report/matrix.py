"""The matrix: zones against zones, what may go from a row to a column.

A boundary is one line with two sides, and its gap may be in one direction alone: a cell is one direction. Zones
stand in blocks, networks (with what is outside them) in one, the subnets of each VNet in one of their own, as pairs
across blocks have no boundary between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diagramgen.analyse.verdicts import AllowedFlow, Boundary
from diagramgen.model.topology import Topology
from diagramgen.model.traffic import Ranges, service_text, union
from diagramgen.report.facts import WORST_FIRST, Block, Cell, Matrix

_OUTSIDE = ("internet", "on-premises", "paas")


def build_matrix(topology: Topology, boundaries: Sequence[Boundary]) -> Matrix:
    """The matrix of all boundaries but those between subscriptions, which are those between their VNets."""
    frames: dict[str, list[str]] = {}
    cells: dict[tuple[str, str], Cell] = {}
    for boundary in boundaries:
        if boundary.level == "subscription":
            continue
        frame = _frame(topology, boundary)
        frames.setdefault(frame, []).extend((boundary.a, boundary.b))
        for (source, target), cell in _cells(topology, boundary).items():
            known = cells.get((source, target))
            if known is None or WORST_FIRST.index(cell.status) < WORST_FIRST.index(known.status):
                cells[source, target] = cell
    worst: dict[str, int] = dict.fromkeys(
        (zone for zones in frames.values() for zone in zones), len(WORST_FIRST)
    )
    for pair, cell in cells.items():
        for zone in pair:
            worst[zone] = min(worst[zone], WORST_FIRST.index(cell.status))
    outer = {b.a for b in boundaries if b.level in _OUTSIDE}
    blocks = [
        Block(frame, tuple(sorted(set(zones), key=lambda zone: (zone not in outer, zone))))
        for frame, zones in frames.items()
    ]
    blocks.sort(key=lambda block: (block.frame != "", min(worst[zone] for zone in block.zones), block.frame))
    return Matrix(tuple(blocks), cells)


def _frame(topology: Topology, boundary: Boundary) -> str:
    """The VNet inside which a boundary runs, or "" for one between networks."""
    homes = set()
    for side in (boundary.a, boundary.b):
        resource = topology.resources.get(side)
        home = topology.resources.get(resource.parent or "") if resource is not None else None
        if resource is not None:
            is_inside = home is not None and home.type == "microsoft.network/virtualnetworks"
            homes.add(home.id if is_inside and home is not None else "")
    return homes.pop() if len(homes) == 1 else ""


def _cells(topology: Topology, boundary: Boundary) -> dict[tuple[str, str], Cell]:
    """Both directions of a boundary. Where no flow tells the direction of its status, both have it; of the Internet's
    boundary each is judged by itself, as no flow tells that nobody knows what comes in."""
    ways = ((boundary.a, boundary.b), (boundary.b, boundary.a))
    cells = {way: _cell(topology, boundary, *way) for way in ways}
    judged = dict(boundary.directions)
    if judged:
        statuses = (judged.get("in", boundary.status), judged.get("out", boundary.status))
        return {
            way: cells[way] if cells[way].status == status else Cell(status)
            for way, status in zip(ways, statuses, strict=True)
        }
    if all(cell.status != boundary.status for cell in cells.values()):
        return dict.fromkeys(ways, Cell(boundary.status, services_of(boundary.gaps)))
    return cells


def _cell(topology: Topology, boundary: Boundary, source: str, target: str) -> Cell:
    if boundary.status == "no-path":
        return Cell("no-path")
    flows = [flow for flow in boundary.flows if _is_from(topology, flow, source, target)]
    gaps = [flow for flow in flows if flow.is_sure and not flow.is_specific]
    unsure = [flow for flow in flows if not flow.is_sure and not flow.is_specific]
    if gaps:
        return Cell("gap", services_of(gaps))
    if unsure:
        return Cell("unknown", services_of(unsure))
    return Cell("enforced", services_of(flows))


def _is_from(topology: Topology, flow: AllowedFlow, source: str, target: str) -> bool:
    """Whether a flow goes from one side to the other: it names the sides, or things within them."""
    return _is_within(topology, flow.source, source) and _is_within(topology, flow.target, target)


def _is_within(topology: Topology, rid: str, frame: str) -> bool:
    for _ in range(8):
        if rid == frame:
            return True
        resource = topology.resources.get(rid)
        if resource is None or not resource.parent:
            return False
        rid = resource.parent
    return False


def services_of(flows: Iterable[AllowedFlow]) -> str:
    """The services of all packets of some flows, `tcp/443`; "" where there are none."""
    services: Ranges = ()
    for flow in flows:
        services = union(services, flow.packets.services)
    return service_text(services) if services else ""
