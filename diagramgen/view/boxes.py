"""Boxes: the frames and icons of a drawing as a tree, each with its role, style, captions and marks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from ipaddress import ip_network
from typing import Any

from diagramgen.model.kinds import KINDS, kind_of_word
from diagramgen.model.references import at, key, keys
from diagramgen.model.topology import Resource, Site, Topology
from diagramgen.read.unknown import is_unknown
from diagramgen.view.edges import is_virtual_hub
from diagramgen.view.selection import Selection
from diagramgen.view.sketch import Box, BoxKind, Role, SideMark
from diagramgen.view.words import facts, ghost_word, is_open, nsg_facts, prefixes, short_prefixes

VNET = "microsoft.network/virtualnetworks"
SUBNET = VNET + "/subnets"
HUB = "microsoft.network/virtualhubs"
SUBSCRIPTION = "microsoft.resources/subscriptions"
MANAGEMENT_GROUP = "microsoft.management/managementgroups"
FRAMES: Mapping[str, BoxKind] = {
    VNET: "vnet", SUBNET: "subnet", HUB: "virtual-hub", SUBSCRIPTION: "subscription",
    MANAGEMENT_GROUP: "management-group",
}  # fmt: skip
WAN = "microsoft.network/virtualwans"
BALANCER = "microsoft.network/loadbalancers"
GLOBAL = (
    "microsoft.network/privatednszones", "microsoft.network/dnszones", "microsoft.network/trafficmanagerprofiles",
    "microsoft.cdn/profiles", "microsoft.network/frontdoors",
)  # fmt: skip
FRONT_DOORS = (
    "microsoft.cdn/profiles",
    "microsoft.network/frontdoors",
    "microsoft.network/trafficmanagerprofiles",
)
MACHINES = ("microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets")
MOST_ICONS = 8
MOST_SERVICES = 10
ENTRY_ORDER = (
    "applicationgateways",
    "azurefirewalls",
    "nva",
    "virtualnetworkgateways",
    "virtualhubs",
    "bastionhosts",
)
SITE_ICONS: Mapping[str, str] = {
    "datacenter": "own/datacenter", "branch": "own/branch", "user": "own/user", "server": "compute/host-groups",
    "local_network": "networking/local-network-gateways", "vpn_site": "own/branch",
    "circuit": "networking/expressroute-circuits", "": "own/datacenter",
}  # fmt: skip


class BoxMaker:
    """Makes the boxes of one view. `targets` are ids that links end at: they are never folded."""

    def __init__(
        self, topology: Topology, selection: Selection, hubs: frozenset[str], targets: frozenset[str],
        late_entries: frozenset[str], order: Mapping[str, int], view: Mapping[str, Any],
    ) -> None:  # fmt: skip
        self.topology = topology
        self.selection = selection
        self.hubs = hubs
        self.targets = targets
        self.late_entries = late_entries
        self.order = order
        self.view = view
        self.folded: dict[str, str] = {}
        self._ranks = _flow_ranks(topology)
        self._vnet_count = sum(not vnet.is_outside for vnet in topology.of_type(VNET))
        self._linked = {end for p in topology.peerings for end in (p.a, p.b)} | {
            c.vnet for c in topology.hub_connections
        }
        self._neighbours = _peered_runs(topology, hubs)
        self._children: dict[str | None, list[Resource]] = defaultdict(list)
        self._grouped = {
            member for group in topology.groups for member in group.members if group.id in selection.visible
        }
        self._estate_regions = Counter(
            r.location for r in topology.resources.values() if r.type == VNET and r.location
        )
        self._members = (
            {m for group in topology.network_groups for m in group.members}
            if selection.shows("network_groups")
            else set()
        )
        self._machine_nics = {
            nic
            for r in topology.resources.values()
            for nic in keys(at(r.properties, "networkProfile", "networkInterfaces"))
        }
        for resource in topology.resources.values():
            if self._is_drawn(resource):
                self._children[self._frame_of(resource)].append(resource)

    def _is_drawn(self, resource: Resource) -> bool:
        if resource.id not in self.selection.visible:
            return False
        if resource.type in FRAMES:
            return True
        kind = resource.kind
        if kind is None or kind.home not in ("subnet", "hub", "service"):
            return False
        if resource.type == "microsoft.network/networkinterfaces":
            owned = resource.properties.get("virtualMachine") or resource.properties.get("privateEndpoint")
            return not owned and resource.id not in self._machine_nics and bool(resource.parent)
        return True

    @staticmethod
    def _is_route_server(resource: Resource) -> bool:
        return resource.type == HUB and not is_virtual_hub(resource)

    def _frame_of(self, resource: Resource) -> str | None:
        """The nearest enclosing frame that is drawn."""
        parent = resource.parent
        while parent is not None:
            frame = self.topology.resources.get(parent)
            if frame is None:
                return None
            if parent in self.selection.visible and frame.type in FRAMES:
                return parent
            parent = frame.parent
        return None

    def roots(self) -> list[Box]:
        """What stands at the top: Azure with everything in it, or the frames of a crop."""
        tops = [box for resource in self._children[None] for box in self._boxes_of(resource)]
        tops = [*self._framed(tops, self._children[None]), *self._group_boxes()]
        frames = self.selection.frames
        if frames is not None and "azure" not in frames:
            return tops
        if not tops:
            return []
        return [Box("azure", "azure", "Azure", tooltip=("Microsoft Azure",), children=tuple(tops),
                    faded="azure" in self.selection.faded_classes, columns=self._columns())]  # fmt: skip

    def _columns(self) -> int:
        layout = self.view.get("layout") or self.topology.layout
        columns = layout.get("columns") if isinstance(layout, Mapping) else None
        return columns if isinstance(columns, int) else 0

    def _boxes_of(self, resource: Resource) -> list[Box]:
        if resource.id in self._grouped:
            return []
        if self._is_route_server(resource):
            return []
        if resource.type in FRAMES:
            return [self._frame(resource)]
        return self._icons([resource])

    def _frame(self, resource: Resource) -> Box:
        kind = FRAMES[resource.type]
        inside = self._children[resource.id]
        if kind in ("vnet", "subnet", "virtual-hub"):
            children = self._network_content(resource, inside)
        else:
            frames = [box for child in inside if child.type in FRAMES for box in self._boxes_of(child)]
            if kind == "subscription":
                frames = self._by_region(inside, frames)
            children = self._framed(frames, inside)
        return Box(
            resource.id, kind, resource.label, resource.type, self._frame_icon(resource), self._style(resource),
            self._role(resource, children), self._caption(resource), marks=self._marks(resource),
            tooltip=facts(self.topology, resource), children=tuple(children), faded=self._is_faded(resource.id),
            at_end=resource.id in self.late_entries, order=self._order(resource),
        )  # fmt: skip

    def _network_content(self, resource: Resource, inside: Sequence[Resource]) -> list[Box]:
        """Subnets of a VNet, icons of a subnet or hub; icons that stand in the VNet itself come in a row."""
        boxes = [box for child in inside if child.type in FRAMES for box in self._boxes_of(child)]
        icons = self._icons([c for c in inside if c.type not in FRAMES])
        icons += [self._icon(c, "networking/virtual-router") for c in inside if self._is_route_server(c)]
        return [*boxes, *icons]

    def _framed(self, frames: list[Box], inside: Sequence[Resource]) -> list[Box]:
        """Frames, and beside them the services and homeless machines of a subscription or of Azure in frames of
        their own."""
        route_servers = [r for r in inside if self._is_route_server(r)]
        services = [r for r in inside if r.type not in FRAMES and r.kind is not None and r.kind.home == "service"
                    and r.id not in self._grouped and r.type != WAN]  # fmt: skip
        homeless = [
            r
            for r in inside
            if r in route_servers
            or (r.type not in FRAMES and r.kind is not None and r.kind.home in ("subnet", "hub"))
        ]
        where = inside[0].parent if inside else None
        kept = self._without_empty([box for box in frames if box.kind != "resource"], where or "azure")
        alone = not kept and not homeless
        entries = [r for r in services if r.kind is not None and r.kind.entry]
        if services:
            icons = self._icons(services, MOST_SERVICES)
            if alone and len(icons) <= 4 and where is None:
                kept += [
                    _with_role(icon, "entry" if icon.id in {e.id for e in entries} else "service")
                    for icon in icons
                ]
            else:
                kept += [_with_role(icon, "entry") for icon in icons if icon.type in FRONT_DOORS]
                kept += self._service_frames(
                    where or "azure", [icon for icon in icons if icon.type not in FRONT_DOORS]
                )
        balancers = [r for r in homeless if self._is_public_balancer(r)]
        unplaced = self._icons([r for r in homeless if r not in (*route_servers, *balancers)], MOST_SERVICES)
        unplaced += [self._icon(r, "networking/virtual-router") for r in route_servers]
        for name, title, told, icons in (
            ("balancers", "Public load balancers", "the input does not tell in which subnet their machines are",
             self._icons(balancers, MOST_SERVICES)),
            ("unplaced", "Subnet not in the input", "the input does not tell in which subnet these are", unplaced),
        ):  # fmt: skip
            if icons:
                kept.append(Box(f"{where or 'azure'}#{name}", "group", title, style="unplaced", role="service",
                                children=tuple(icons), order=("zzz", name), columns=min(len(icons), 6),
                                tooltip=(told,)))  # fmt: skip
        return kept

    def _is_public_balancer(self, resource: Resource) -> bool:
        """Whether this is a load balancer that stands in no subnet, but at public addresses."""
        return resource.type == BALANCER and bool(self.topology.public_ips_of.get(resource.id))

    def _without_empty(self, frames: Sequence[Box], where: str) -> list[Box]:
        """Subscriptions of an export and management groups that hold no network, told in one small frame together: a
        column and a red line for each would say something of them that nobody knows. Those whose very id is not known
        may be any other, and are not told. A spec's subscriptions stay."""
        frames = [box for box in frames if not (self._is_empty(box) and is_unknown(box.id))]
        empty = [box for box in frames if self._is_empty(box)]
        if not empty:
            return list(frames)
        names = [name for box in empty for name in self._empty_names(box)]
        title = f"{len(names)} without networks" if len(names) > 1 else f"{names[0]}: no networks"
        chip = Box(f"{where}#empty", "group", title, style="empty", role="service", order=("zzzz",),
                   tooltip=("subscriptions and management groups that hold no network:", *names[:40]))  # fmt: skip
        return [*(box for box in frames if box not in empty), chip]

    def _is_empty(self, box: Box) -> bool:
        if box.kind == "subscription":
            return not box.children and not self.topology.is_spec
        if box.kind != "management-group":
            return False
        return all(self._is_empty(child) or child.style == "empty" for child in box.children)

    def _empty_names(self, box: Box) -> list[str]:
        inner = [name for child in box.children if child.style == "empty" for name in child.tooltip[1:]]
        return [
            box.name,
            *inner,
            *(name for child in box.children if child.style != "empty" for name in self._empty_names(child)),
        ]

    def _service_frames(self, where: str, icons: Sequence[Box]) -> list[Box]:
        """Platform services, to which a boundary leads, apart from global ones such as DNS and Front Door."""
        found = []
        for style, name, told in (("services", "Platform services", "PaaS, outside every VNet"),
                                  ("global", "Global services", "services that belong to no region")):  # fmt: skip
            chosen = tuple(icon for icon in icons if (icon.type in GLOBAL) == (style == "global"))
            if chosen:
                found.append(Box(f"{where}#{style}", "group", name, style=style, role="service", children=chosen,
                                 order=("zz", style), columns=min(len(chosen), 6), tooltip=(told,),
                                 faded=all(icon.faded for icon in chosen)))  # fmt: skip
        return found

    def _group_boxes(self) -> list[Box]:
        """Frames that the spec asks for round services."""
        found = []
        for group in self.topology.groups:
            if group.id not in self.selection.visible:
                continue
            members = [self.topology.resources[m] for m in group.members if m in self.topology.resources
                       and m in self.selection.visible]  # fmt: skip
            icons = [_with_role(icon, "entry") for icon in self._icons(members)]
            if icons:
                leads_in = any(icon.type in FRONT_DOORS for icon in icons)
                found.append(Box(group.id, "group", group.label, style="member", role="entry" if leads_in else "plain",
                                 children=tuple(icons),
                                 faded=self._is_faded(group.id), order=("a",)))  # fmt: skip
        return found

    def _by_region(self, inside: Sequence[Resource], boxes: list[Box]) -> list[Box]:
        """VNets outside the subscription's main region in a frame of their region."""
        regions = Counter(r.location for r in inside if r.type in (VNET, HUB) and r.location)
        frames = self.selection.frames
        if (
            len(regions) < 2
            or not self.selection.shows("regions")
            or (frames is not None and "region" not in frames)
        ):
            return self._sided(boxes, inside)
        main = max(sorted(regions), key=lambda region: (regions[region], self._estate_regions[region]))
        location = {r.id: r.location for r in inside}
        others = sorted(region for region in regions if region != main)
        kept = [box for box in boxes if location.get(box.id, main) in (main, "")]
        hubs_everywhere = all(any(location.get(h) == region for h in self.hubs) for region in regions)
        all_framed = hubs_everywhere or len(regions) > 2 or len(kept) < 3
        role: Role = "hub" if hubs_everywhere else "plain"
        if all_framed:
            found = [self._region_frame(inside, main, kept, "", role)]
        else:
            found = self._sided(kept, inside)
            role = "member" if any(box.role != "plain" for box in found) or len(kept) > 1 else "plain"
        for region in others:
            members = [box for box in boxes if location.get(box.id) == region]
            found.append(self._region_frame(inside, region, members, "" if all_framed else main, role))
        return found

    def _region_frame(
        self, inside: Sequence[Resource], region: str, members: Sequence[Box], over: str, role: Role
    ) -> Box:
        parent = inside[0].parent or ""
        plain = tuple(
            _with_role(box, "hub" if box.role == "hub" and len(members) > 1 else "plain") for box in members
        )
        return Box(f"{parent}#region-{region}".lower(), "region", region, role=role, over=over, children=plain,
                   tooltip=(f"region {region}",), order=(float(10**7), region),
                   faded="regions" in self.selection.faded_classes)  # fmt: skip

    def _sided(self, boxes: list[Box], inside: Sequence[Resource]) -> list[Box]:
        """Members of a network group beside VNets that are none stand in a column of their own."""
        mixed = any(box.id in self._members for box in boxes) and any(
            box.id not in self._members and box.kind == "vnet" for box in boxes
        )
        if not mixed:
            return boxes
        return [_with_role(box, "member") if box.id in self._members else box for box in boxes]

    def _icons(self, resources: Sequence[Resource], most: int = MOST_ICONS) -> list[Box]:
        """Icons of resources; like ones fold to one with a count where there are too many to tell apart."""
        boxes: list[Box] = []
        alike: dict[tuple[str, tuple[str, ...], bool], list[Resource]] = defaultdict(list)
        for resource in sorted(resources, key=lambda r: r.id):
            groups = self.topology.asgs_of.get(resource.id, ()) if self.selection.shows("asgs") else ()
            alike[(resource.type, groups, resource.id in self.targets)].append(resource)
        crowded = len(resources) > most
        for (type_name, _, is_target), group in alike.items():
            if crowded and len(group) > 2 and not is_target:
                boxes.append(self._folded(type_name, group))
            else:
                boxes += [box for resource in group for box in self._each(resource)]
        return boxes

    def _folded(self, type_name: str, group: Sequence[Resource]) -> Box:
        first = group[0]
        count = sum(_count(resource) for resource in group)
        label = KINDS[type_name].label
        for resource in group:
            self.folded[resource.id] = first.id
        names = tuple(resource.label for resource in group[:20])
        more = (f"and {len(group) - 20} more",) if len(group) > 20 else ()
        box = self._icon(first)
        return Box(box.id, "resource", f"{label} x{count}", type_name, box.icon, "", box.role, (), box.side_label,
                   tooltip=(f"{count} of them:", *names, *more), faded=all(self._is_faded(r.id) for r in group),
                   order=box.order)  # fmt: skip

    def _each(self, resource: Resource) -> list[Box]:
        """One icon, or as many as the spec wants to see of it."""
        box = self._icon(resource)
        count = _count(resource)
        if count < 2:
            return [box]
        if resource.envelope.get("each") and count <= 12:
            ids = [resource.id, *(f"{resource.id}#{i + 1}" for i in range(1, count))]
            return [box._replace(id=rid, order=(*box.order, float(i))) for i, rid in enumerate(ids)]
        return [box._replace(name=f"{box.name} x{count}" if box.name else f"x{count}")]

    def _icon(self, resource: Resource, icon: str = "") -> Box:
        kind = resource.kind
        assert kind is not None
        groups = self.topology.asgs_of.get(resource.id, ()) if self.selection.shows("asgs") else ()
        side = ", ".join(self._name(group) for group in groups[:2]) + (" ..." if len(groups) > 2 else "")
        stands_in_subnet = resource.parent is not None and self._type_of(resource.parent) == SUBNET
        role: Role = "entry" if kind.entry and (stands_in_subnet or kind.home == "service") else "plain"
        return Box(
            resource.id, "resource", resource.label, resource.type, icon or _icon_name(resource), "", role,
            self._icon_caption(resource), side, self._over(resource), tooltip=facts(self.topology, resource),
            faded=self._is_faded(resource.id), order=self._order(resource),
        )  # fmt: skip

    def _over(self, resource: Resource) -> str:
        """What a service is to Front Door."""
        for link in self.topology.private_links:
            if (
                link.target == resource.id
                and link.status.endswith("origin")
                and link.endpoint in self.selection.visible
            ):
                return "FD Origin"
        return ""

    def _icon_caption(self, resource: Resource) -> tuple[str, ...]:
        if resource.is_outside:
            return (ghost_word(resource),)
        if resource.type == "microsoft.network/azurefirewalls":
            policy = key(resource.properties.get("firewallPolicy"))
            known = self.topology.resources.get(policy)
            name = known.label if known is not None else self._name(policy)
            return (name,) if name else ()
        if (
            resource.type == "microsoft.network/applicationgateways"
            and "firewall" not in resource.label.lower()
        ):
            return self._waf_caption(resource)
        return ()

    def _waf_caption(self, resource: Resource) -> tuple[str, ...]:
        """What guards an application gateway: its WAF policy by name, or its own WAF configuration."""
        policy = key(resource.properties.get("firewallPolicy"))
        if policy:
            return (f"WAF: {self._name(policy)}",)
        own = resource.properties.get("webApplicationFirewallConfiguration")
        if isinstance(own, Mapping) and own.get("enabled"):
            return (f"WAF: {str(own.get('firewallMode') or 'enabled').lower()}",)
        return ()

    def _name(self, rid: str) -> str:
        resource = self.topology.resources.get(rid)
        return (resource.label or resource.name) if resource else rid.rsplit("/", 1)[-1]

    def _type_of(self, rid: str) -> str:
        resource = self.topology.resources.get(rid)
        return resource.type if resource else ""

    def _caption(self, resource: Resource) -> tuple[str, ...]:
        """Prefixes behind a VNet's name: where the input is an export, or the view asks for them."""
        wanted = self.view.get("addresses")
        if wanted is None:
            wanted = not self.view
        if not wanted or resource.type not in (VNET, HUB):
            return (ghost_word(resource),) if resource.is_outside else ()
        shown = short_prefixes(resource)
        return tuple(text for text in (shown, ghost_word(resource)) if text)

    def _frame_icon(self, resource: Resource) -> str | None:
        return {VNET: "own/vnet", HUB: "networking/virtual-wan-hub", SUBSCRIPTION: "own/subscription",
                MANAGEMENT_GROUP: "general/managementgroups"}.get(resource.type)  # fmt: skip

    def _style(self, resource: Resource) -> str:
        """A VNet's paint: the hub (or the only one) is the workload in question, alone ones are standalone."""
        if resource.type != VNET:
            return "ghost" if resource.is_outside else ""
        if resource.is_outside:
            return "ghost"
        chosen = resource.envelope.get("style")
        if chosen:
            return str(chosen)
        if resource.id in self._members:
            return "member"
        if resource.id in self.hubs or self._vnet_count == 1:
            return "workload"
        linked = resource.id in self._linked
        has_content = any(r.type == SUBNET for r in self._children[resource.id])
        return "standalone" if has_content and not linked else "member"

    def _role(self, resource: Resource, children: Sequence[Box]) -> Role:
        if resource.type == SUBNET:
            entry = any(child.kind == "resource" and child.role == "entry" for child in children)
            gateway = resource.name.lower() in ("gatewaysubnet", "azurefirewallsubnet", "azurebastionsubnet",
                                                "routeserversubnet", "azurefirewallmanagementsubnet")  # fmt: skip
            return "entry" if entry or gateway else "tier"
        if resource.type in (VNET, HUB):
            siblings = [r for r in self._children[self._frame_of(resource)] if r.type in (VNET, HUB)]
            return (
                "hub"
                if resource.id in self.hubs and any(r.id not in self.hubs for r in siblings)
                else "plain"
            )
        if resource.type in (SUBSCRIPTION, MANAGEMENT_GROUP):
            return "hub" if any(self._holds_hub(box) for box in children) else "plain"
        return "plain"

    def _holds_hub(self, box: Box) -> bool:
        return box.id in self.hubs or any(
            self._holds_hub(child)
            for child in box.children
            if child.kind in ("vnet", "virtual-hub", "region", "subscription", "management-group")
        )

    def _marks(self, resource: Resource) -> tuple[SideMark, ...]:
        """Signs on a frame: NSG, route table and NAT gateway on a subnet, a DDoS plan on a VNet."""
        marks: list[SideMark] = []
        topology = self.topology
        if resource.type == SUBNET:
            nsg = topology.nsg_of.get(resource.id)
            if nsg and not is_open(resource, "NSG") and self.selection.shows("nsgs"):
                marks.append(
                    SideMark(
                        "nsg",
                        "own/nsg",
                        self._nsg_label(resource, nsg),
                        (self._name(nsg), *nsg_facts(topology, nsg)),
                    )
                )
            for kind, mapping, icon in (("route-table", topology.route_table_of, "networking/route-tables"),
                                        ("nat-gateway", topology.nat_gateway_of, "networking/nat")):  # fmt: skip
                owner = mapping.get(resource.id)
                title = "route table" if kind == "route-table" else "NAT gateway"
                if (
                    owner
                    and not is_open(resource, title)
                    and (kind != "route-table" or self.selection.shows("route_tables"))
                ):
                    marks.append(
                        SideMark(kind, icon, "", (f"{title} {self._name(owner)}", *_routes(topology, owner)))
                    )
        plan = key(resource.properties.get("ddosProtectionPlan")) if resource.type == VNET else ""
        if plan:
            marks.append(
                SideMark(
                    "ddos",
                    "networking/ddos-protection-plans",
                    "",
                    (f"DDoS protection plan {self._name(plan)}",),
                )
            )
        return tuple(marks)

    def _nsg_label(self, subnet: Resource, nsg: str) -> str:
        label = subnet.envelope.get("nsg_label")
        resource = self.topology.resources.get(nsg)
        return str(label) if label is not None else resource.label if resource else self._name(nsg)

    def _is_faded(self, rid: str) -> bool:
        return rid in self.selection.faded

    def _order(self, resource: Resource) -> tuple[float | str, ...]:
        """Where a thing stands among its siblings: as the spec orders it, then by meaning, then by address."""
        wished = float(self.order.get(resource.id, 10**6))
        if resource.type == SUBNET:
            return (
                wished,
                self._entry_rank(resource),
                float(self._ranks.get(resource.id, 10**6)),
                address_rank(resource),
            )
        if resource.type in (VNET, HUB):
            rank = 0.0 if resource.id in self.hubs else 1.0 if resource.id in self._members else 2.0
            group, place = self._neighbours.get(resource.id, (address_rank(resource), 0))
            return (wished, rank, group, float(place), address_rank(resource))
        if resource.type == SUBSCRIPTION:
            holds = any(r.id in self.hubs for r in self._children[resource.id])
            return (wished, 0.0 if holds else 1.0, "")
        kind = resource.kind
        return (wished, 0.0 if kind is not None and kind.entry else 1.0, resource.type)

    def _entry_rank(self, subnet: Resource) -> float:
        inside = [r.type for r in self._children[subnet.id]]
        for rank, part in enumerate(ENTRY_ORDER):
            if any(type_name.endswith(part) for type_name in inside):
                return float(rank)
        return float(len(ENTRY_ORDER))


def _count(resource: Resource) -> int:
    count = resource.envelope.get("count")
    return count if isinstance(count, int) and count > 1 else 1


def _with_role(box: Box, role: Role) -> Box:
    return box._replace(role=role)


def _icon_name(resource: Resource) -> str:
    kind = resource.kind
    assert kind is not None
    own = resource.envelope.get("icon")
    if isinstance(own, str) and own:
        return own
    if (
        resource.type == "microsoft.web/sites"
        and "function" in str(resource.envelope.get("kind") or "").lower()
    ):
        return "compute/function-apps"
    return kind.icon


def _routes(topology: Topology, owner: str) -> tuple[str, ...]:
    lines = []
    for resource in topology.parts_of(owner):
        if resource.type.endswith("/routes"):
            p = resource.properties
            hop = p.get("nextHopIpAddress") or p.get("nextHopType") or ""
            lines.append(f"{p.get('addressPrefix') or '?'} via {hop}")
    return tuple(sorted(lines)[:12])


def address_rank(resource: Resource) -> float:
    """The first address as a number, for sorting; things without one come last."""
    for prefix in prefixes(resource):
        try:
            network = ip_network(prefix, strict=False)
        except ValueError:
            continue
        return float(
            int(network.network_address)
            if network.version == 4
            else 2**33 + int(network.network_address) % 2**60
        )
    return float(2**100)


def _peered_runs(topology: Topology, hubs: frozenset[str]) -> dict[str, tuple[float, int]]:
    """For VNets that are peered without a hub: which run they stand in (its first address) and where in it, so that
    those that are linked stand near one another."""
    linked: dict[str, set[str]] = defaultdict(set)
    for peering in topology.peerings:
        if peering.a not in hubs and peering.b not in hubs:
            linked[peering.a].add(peering.b)
            linked[peering.b].add(peering.a)

    def rank(rid: str) -> tuple[float, str]:
        resource = topology.resources.get(rid)
        return (address_rank(resource) if resource else 2.0**100, rid)

    runs: dict[str, tuple[float, int]] = {}
    for first in sorted(linked, key=rank):
        if first in runs:
            continue
        queue, run = [first], rank(first)[0]
        while queue:
            rid = queue.pop(0)
            if rid in runs:
                continue
            runs[rid] = (run, len(runs))
            queue += sorted((other for other in linked[rid] if other not in runs), key=rank)
    return runs


def _flow_ranks(topology: Topology) -> dict[str, int]:
    """How far along the declared flows each thing stands: the longest way from a source, cycles cut."""
    after: dict[str, set[str]] = defaultdict(set)
    for flow in topology.flows:
        after[flow.source].add(flow.target)
    ranks: dict[str, int] = {}

    def visit(rid: str, depth: int, on_way: frozenset[str]) -> None:
        if rid in on_way or depth > 200 or ranks.get(rid, -1) >= depth:
            return
        ranks[rid] = depth
        for target in sorted(after.get(rid, ())):
            visit(target, depth + 1, on_way | {rid})

    reached = {target for targets in after.values() for target in targets}
    for source in sorted(set(after) - reached) or sorted(after)[:1]:
        visit(source, 0, frozenset())
    return ranks


def site_boxes(sites: Iterable[Site], selection: Selection) -> list[Box]:
    """On-premises sites: users in an inner frame, machines under it, prefixes as caption."""
    found = []
    for site in sites:
        if site.id not in selection.visible:
            continue
        faded = site.id in selection.faded
        children: list[Box] = []
        if site.users:
            people = tuple(
                Box(
                    f"{site.id}#user-{name}".lower(),
                    "resource",
                    name,
                    icon="own/user",
                    order=(float(i),),
                    faded=faded,
                )
                for i, name in enumerate(site.users)
            )
            children.append(Box(f"{site.id}#users", "group", "", style="users", children=people, columns=1,
                                order=(0.0,), faded=faded))  # fmt: skip
        for rid, label, word, icon in site.machines:
            kind = kind_of_word(word) if word not in SITE_ICONS else None
            picture = icon or SITE_ICONS.get(word) or (kind.icon if kind else SITE_ICONS[""])
            children.append(Box(rid, "resource", label, icon=picture, order=(1.0,), faded=faded,
                                tooltip=(kind.label if kind else word.replace("_", " "),)))  # fmt: skip
        told = ("on-premises network", *site.prefixes)
        found.append(Box(site.id, "on-premises", site.label, caption=(), tooltip=told,
                         children=tuple(children), faded=faded, role="outside"))  # fmt: skip
    return found
