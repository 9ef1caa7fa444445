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
_ASKED_FOR: Mapping[str, str] = {
    "link:flow": "allowed flow",
    "link:flow.pending": "flow as stated, not proved by the rules",
    "link:open-flow": "open flow: no rule names it",
    "gap": "open: traffic passes that no rule names",
    "unknown": "not known what passes",
}
"""Marks that layout alone knows to occur, as it asks for flows and open flows."""
_BADGES: Mapping[str, str] = {
    "networking/firewalls": "Azure Firewall enforces",
    "own/nsg": "NSG enforces",
    "networking/application-gateways": "Application Gateway (WAF) enforces",
    "network/front-doors": "Front Door (WAF) enforces",
    "own/nva": "NVA enforces",
    "networking/route-tables": "route enforces",
    "own/network-manager": "admin rules enforce",
    "network/private-endpoint": "Private Link enforces",
    "networking/public-ip-addresses": "public address, closed by default",
}
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
    badges = dict(_BADGES)
    badges |= {
        kind.icon: f"{kind.label} enforces"
        for kind in KINDS.values()
        if kind.icon and kind.icon not in badges
    }
    entries += [KeyEntry(f"badge:{icon}", text) for icon, text in badges.items() if boundaries.shown]
    drawn = {(link.kind, link.style if link.style in ("pending", "disconnected") else "") for link in links}
    drawn = {(kind, style) for kind, style in drawn if kind != "flow"}
    for kind, text in _LINK_TEXTS.items():
        if (kind, "") in drawn:
            entries.append(KeyEntry(f"link:{kind}", text))
        for style, word in (("pending", "not yet connected"), ("disconnected", "disconnected")):
            if (kind, style) in drawn:
                entries.append(KeyEntry(f"link:{kind}.{style}", f"{text}, {word}"))
    entries += [KeyEntry(mark, text) for mark, text in _ASKED_FOR.items()]
    flat = list(_flat(boxes))
    if any(box.style == "ghost" for box in flat):
        words = {line for box in flat if box.style == "ghost" for line in box.caption}
        is_cut = any("not in scope" in word for word in words)
        entries.append(KeyEntry(
            "frame:vnet.ghost", "outside the scope" if is_cut else "not in the input, known from its neighbours"
        ))  # fmt: skip
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
