"""The key: an entry for each mark that occurs in a drawing, and none for what does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from diagramgen.model.kinds import KINDS
from diagramgen.view.sketch import (
    LEVEL_NUMBERS,
    Boundaries,
    Box,
    KeyEntry,
    Level,
    Link,
    Overlay,
)

_LEVEL_TEXTS: Mapping[Level, str] = {
    "subscription": "between subscriptions", "vnet": "between VNets", "subnet": "between subnets",
    "internet": "Internet and Azure", "on-premises": "on-premises and Azure (extension)",
    "paas": "VNets and platform services (extension)",
}  # fmt: skip
_STATE_TEXTS: Mapping[str, str] = {
    "declared": "boundary as declared",
    "no-path": "boundary holds: no path",
    "enforced": "boundary holds: enforced",
    "gap": "gap: traffic passes that no rule names",
    "unknown": "boundary not known to hold",
}
_LINK_TEXTS: Mapping[str, str] = {
    "peering": "VNet peering", "hub-connection": "virtual hub connection", "vpn": "site-to-site VPN",
    "expressroute": "ExpressRoute", "sd-wan": "SD-WAN", "on-premises": "connection to on-premises",
    "private-link": "Private Link", "service-endpoint": "service endpoint", "integration": "VNet integration",
    "flow": "allowed flow", "internet": "Internet traffic",
}  # fmt: skip
_MARKS: Mapping[str, KeyEntry] = {
    "nsg": KeyEntry("nsg", "network security group"),
    "route-table": KeyEntry("icon:networking/route-tables", "route table"),
    "nat-gateway": KeyEntry("icon:networking/nat", "NAT gateway"),
    "ddos": KeyEntry("icon:networking/ddos-protection-plans", "DDoS protection plan"),
}


def key_entries(
    boxes: Sequence[Box], links: Sequence[Link], overlays: Sequence[Overlay], boundaries: Boundaries
) -> tuple[KeyEntry, ...]:
    """The entries for what occurs, boundaries first: every state and number that a line may have, since only layout
    knows which lines there are; it leaves out the entries of those that are not."""
    entries = [KeyEntry(f"boundary:{kind}", text) for kind, text in _STATE_TEXTS.items() if boundaries.shown]
    entries += [
        KeyEntry(f"number:{number}", _LEVEL_TEXTS[level])
        for level, number in LEVEL_NUMBERS.items()
        if level in boundaries.numbered
    ]
    drawn = {(link.kind, link.style if link.style in ("pending", "disconnected") else "") for link in links}
    for kind, text in _LINK_TEXTS.items():
        if (kind, "") in drawn:
            entries.append(KeyEntry(f"link:{kind}", text))
        for style, word in (("pending", "not yet connected"), ("disconnected", "disconnected")):
            if (kind, style) in drawn:
                entries.append(KeyEntry(f"link:{kind}.{style}", f"{text}, {word}"))
    flat = list(_flat(boxes))
    if any(box.style == "ghost" for box in flat):
        entries.append(KeyEntry("frame:vnet.ghost", "not exported, known from its neighbours"))
    if any(overlay.kind == "network-group" for overlay in overlays):
        entries.append(KeyEntry("frame:network-group", "network group"))
    marks = {mark.kind for box in flat for mark in box.marks}
    for kind, entry in _MARKS.items():
        if kind in marks:
            entries.append(entry)
    return tuple(entries)


def abbreviations(boxes: Sequence[Box]) -> tuple[str, ...]:
    """What the short words in the drawing stand for, as the article spells them at the top."""
    flat = list(_flat(boxes))
    found = []
    if any(mark.kind == "nsg" for box in flat for mark in box.marks):
        found.append("NSG = Network Security Group")
    if any(box.side_label for box in flat):
        found.append("ASG = Application Security Group")
    for box in flat:
        kind = KINDS.get(box.type)
        word = kind.label if kind is not None else ""
        if (
            kind is not None
            and kind.abbreviation
            and kind.home != "mark"
            and len(word) <= 4
            and word in box.name.split()
        ):
            found.append(f"{word} = {kind.abbreviation}")
    return tuple(dict.fromkeys(found))


def _flat(boxes: Iterable[Box]) -> Iterable[Box]:
    for box in boxes:
        yield box
        yield from _flat(box.children)
