"""Edges: the links of a drawing: peerings, hub connections, tunnels, private links, flows, Internet traffic."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping

from diagramgen.model.topology import Connection, Flow, Peering, Resource, Topology
from diagramgen.view.flows import PROOF_WORDS, SUBNET, FlowJudge, Passing, Proof, stated_label
from diagramgen.view.selection import Selection
from diagramgen.view.sketch import Link
from diagramgen.view.words import peering_facts, prefixes

VNET = "microsoft.network/virtualnetworks"
MANY_PEERINGS = 12
"""More peerings than this, each drawn singly, are drawn thin, so that the red lines stay the strongest."""
ENTRIES = ("azurefirewalls", "virtualnetworkgateways", "bastionhosts", "diagramgen/nva")

_CALLED_HUB = re.compile(r"(?<![A-Za-z])(?:hub|HUB)|(?<![A-Z])Hub")
"""`hub` at the beginning of a word: `vnet-hub-weu`, `hubVnet`, `CoreHub`, and not `github`."""


def find_hubs(topology: Topology) -> frozenset[str]:
    """The VNets and virtual hubs round which an estate is built.

    A virtual hub always is one. A VNet is one when it holds what a hub holds (firewall, gateway, Bastion, NVA), or is
    called a hub, and its peers do not and are not; or when it has at least three peerings and more than any VNet that
    it is peered with; or when the spec's `layout` names it.
    """
    degree: Counter[str] = Counter()
    neighbours: dict[str, set[str]] = {}
    for peering in topology.peerings:
        for one, other in ((peering.a, peering.b), (peering.b, peering.a)):
            degree[one] += 1
            neighbours.setdefault(one, set()).add(other)
    equipped = _equipped(topology)
    hubs = {r.id for r in topology.of_type("microsoft.network/virtualhubs") if is_virtual_hub(r)}
    for vnet, others in neighbours.items():
        resource = topology.resources.get(vnet)
        if resource is None or resource.type != VNET:
            continue
        if len(others) < 2:
            if vnet in equipped and not others & equipped:
                hubs.add(vnet)
            continue
        more = all(degree[vnet] > degree[other] for other in others if other not in equipped)
        if more and (vnet in equipped or degree[vnet] >= 3):
            hubs.add(vnet)
    chosen = topology.layout.get("hub")
    if chosen:
        hubs = {
            h.lower() if isinstance(h, str) else str(h.get("id"))
            for h in (chosen if isinstance(chosen, list | tuple) else [chosen])
        }
    return frozenset(hub for hub in hubs if hub in topology.resources)


def is_virtual_hub(resource: Resource) -> bool:
    """Whether a resource of the virtual hub's type is one: a Route Server has that type too, without WAN or prefix."""
    kind = str(resource.envelope.get("kind") or "").lower()
    return kind != "routeserver" and bool(
        resource.properties.get("virtualWan") or prefixes(resource) or resource.is_ghost
    )


def _equipped(topology: Topology) -> set[str]:
    """VNets that hold what a hub holds, or are called hubs."""
    found = {vnet.id for vnet in topology.of_type(VNET) if _CALLED_HUB.search(vnet.name)}
    for resource in topology.resources.values():
        if resource.type.endswith(ENTRIES) and resource.parent:
            subnet = topology.resources.get(resource.parent)
            if subnet is not None and subnet.parent:
                found.add(subnet.parent)
    return found


class EdgeMaker:
    """Makes the links of one view between the boxes that it draws (`drawn`), following folds."""

    def __init__(
        self, topology: Topology, selection: Selection, view_name: str, hubs: frozenset[str],
        drawn: Collection[str], folded: Mapping[str, str], flow_judge: FlowJudge,
    ) -> None:  # fmt: skip
        self.topology = topology
        self.flow_judge = flow_judge
        self._told: dict[frozenset[str], tuple[str, str, str]] = {}
        self.selection = selection
        self.view_name = view_name
        self.hubs = hubs
        self.drawn = drawn
        self.folded = folded
        self._site_of = {machine[0]: site.id for site in topology.sites for machine in site.machines}

    def links(self) -> list[Link]:
        """Every link whose two ends are drawn, each once, sorted by id."""
        found: dict[str, Link] = {}
        for link in self._all():
            found.setdefault(link.id, link)
        return [found[rid] for rid in sorted(found)]

    def _all(self) -> Iterator[Link]:
        if self.selection.shows("peerings"):
            yield from self._peerings()
        yield from self._hub_connections()
        if self.selection.shows("connections"):
            yield from self._connections()
        if self.selection.shows("private_links"):
            yield from self._private_links()
            yield from self._service_links()
        if self.selection.shows("flows"):
            yield from self._flows()
        if self.selection.shows("internet"):
            yield from self._traffic()
        yield from self._users()

    def _shown(self, rid: str) -> str | None:
        """The box that stands for a thing: itself, what it was folded into, or the nearest frame that is drawn."""
        at: str | None = self.folded.get(rid, rid)
        if (
            rid in self._site_of and at not in self.drawn
        ):  # stands outside Azure, wherever its resource is kept
            site = self._site_of[rid]
            return site if site in self.drawn else None
        while at is not None and at not in self.drawn:
            resource = self.topology.resources.get(at)
            at = resource.parent if resource else None
            if at is not None:
                at = self.folded.get(at, at)
        return at

    def _faded(self, word: str, *ends: str) -> bool:
        if word in self.selection.faded_classes:
            return True
        return any(end in self.selection.faded for end in ends)

    def _peerings(self) -> Iterator[Link]:
        singles = sum(not self._bundle("", p.a, p.b) for p in self.topology.peerings)
        plain = "many" if singles > MANY_PEERINGS else ""
        for peering in self.topology.peerings:
            a, b = self._peering_ends(peering)
            if a not in self.drawn or b not in self.drawn:
                continue
            style = {
                "connected": plain,
                "pending": "pending",
                "disconnected": "disconnected",
                "unknown": plain,
            }[peering.state]
            yield Link(
                f"peering:{peering.a}|{peering.b}", "peering", a, b, "both",
                (peering.label,) if peering.label else (), (), peering_facts(self.topology, peering),
                self._bundle("peering", peering.a, peering.b), style=style,
                faded=self._faded("peerings", a, b),
            )  # fmt: skip

    def _peering_ends(self, peering: Peering) -> tuple[str, str]:
        if len(peering.through) == 2 and all(subnet in self.drawn for subnet in peering.through):
            first = self.topology.resources.get(peering.through[0])
            one, other = peering.through
            return (one, other) if first is not None and first.parent == peering.a else (other, one)
        return peering.a, peering.b

    def _bundle(self, kind: str, a: str, b: str) -> str:
        """Links of one hub to its spokes are one trunk."""
        if (a in self.hubs) == (b in self.hubs):
            return ""
        return f"{kind}:{a if a in self.hubs else b}"

    def _hub_connections(self) -> Iterator[Link]:
        for connection in self.topology.hub_connections:
            if connection.hub in self.drawn and connection.vnet in self.drawn:
                yield Link(connection.id, "hub-connection", connection.hub, connection.vnet, "both",
                           tooltip=("virtual hub connection",), bundle=f"hub-connection:{connection.hub}",
                           faded=self._faded("peerings", connection.hub, connection.vnet))  # fmt: skip

    def _connections(self) -> Iterator[Link]:
        for connection in self.topology.connections:
            kind = {"vpn": "vpn", "expressroute": "expressroute", "sd-wan": "sd-wan", "vnet-to-vnet": "vpn",
                    "other": "on-premises"}[connection.kind]  # fmt: skip
            far = self._shown(connection.a)
            faded = self._faded("connections", *([far] if far else []))
            if connection.b == "azure":
                if far is not None and self._outermost() is not None:
                    label = self._connection_label(connection)
                    if connection.tunnels:
                        label = (connection.label,) if connection.label else ()
                    yield Link(connection.id, kind, far, "azure", "both", label, connection.tunnels,
                               self._connection_facts(connection), stops_at_line=True,
                               faded=faded)  # fmt: skip
                continue
            near = self._shown(connection.b)
            if far is None or near is None or far == near:
                continue
            yield Link(connection.id, kind, far, near, "both", self._connection_label(connection), (),
                       self._connection_facts(connection), f"{kind}:{near}", faded=faded)  # fmt: skip

    def _outermost(self) -> str | None:
        return next(iter(sorted(self.drawn)), None)

    @staticmethod
    def _connection_label(connection: Connection) -> tuple[str, ...]:
        if connection.label:
            return (connection.label, *connection.tunnels[:4])
        word = {"vpn": "S2S VPN", "expressroute": "ExpressRoute", "sd-wan": "SD-WAN"}.get(connection.kind)
        return (word, *connection.tunnels[:4]) if word else connection.tunnels[:4]

    @staticmethod
    def _connection_facts(connection: Connection) -> tuple[str, ...]:
        words = {"vpn": "site-to-site VPN", "expressroute": "ExpressRoute", "sd-wan": "SD-WAN",
                 "vnet-to-vnet": "VNet-to-VNet VPN", "other": "connection"}  # fmt: skip
        return tuple(
            line
            for line in (words[connection.kind], connection.label, *connection.tunnels, connection.status)
            if line
        )

    def _private_links(self) -> Iterator[Link]:
        to_target = Counter(self._shown(link.target) for link in self.topology.private_links)
        for link in self.topology.private_links:
            a, b = self._shown(link.endpoint), self._shown(link.target)
            if a is None or b is None or a == b or self._holds(a, b) or self._holds(b, a):
                continue
            if link.status == "origin":
                yield Link(
                    f"origin:{a}|{b}",
                    "internet",
                    a,
                    b,
                    "b",
                    tooltip=("Front Door origin",),
                    faded=self._faded("services", a, b),
                )
                continue
            words = (
                "Private Link",
                *((link.group,) if link.group else ()),
                *((link.status,) if link.status else ()),
            )
            yield Link(f"private-link:{a}|{b}", "private-link", a, b, "none", tooltip=words,
                       bundle=f"private-link:{b}" if to_target[b] > 1 else "",
                       faded=self._faded("private_links", a, b))  # fmt: skip

    def _service_links(self) -> Iterator[Link]:
        for link in self.topology.service_links:
            a, b = self._shown(link.subnet), self._shown(link.service)
            if a is None or b is None or a == b or self._holds(a, b) or self._holds(b, a):
                continue
            faded = self._faded("private_links", a, b)
            if link.kind == "service-endpoint":
                told = ("service endpoint: the service's firewall lets this subnet in",)
                yield Link(
                    f"service-endpoint:{a}|{b}", "service-endpoint", a, b, "none", tooltip=told, faded=faded
                )
            else:
                yield Link(f"integration:{b}|{a}", "integration", b, a, "b",
                           tooltip=("VNet integration: the service sends into this subnet",), faded=faded)  # fmt: skip

    def _holds(self, frame: str, rid: str) -> bool:
        at = self.topology.resources.get(rid)
        while at is not None and at.parent is not None:
            if at.parent == frame:
                return True
            at = self.topology.resources.get(at.parent)
        return False

    def _flows(self) -> Iterator[Link]:
        """What the spec states, each as told; what the rules prove between two subnets as one arrow or pair."""
        proved: dict[tuple[str, str], list[Flow]] = {}
        for flow, proof in self._judged(self.topology.flows):
            a, b = self._shown(flow.source), self._shown(flow.target)
            if a is None or b is None or a == b or self._holds(a, b) or self._holds(b, a):
                continue
            if proof == "named" and (a, b) == (flow.source, flow.target) and self._are_subnets(a, b):
                proved.setdefault((a, b) if (b, a) not in proved else (b, a), []).append(flow)
            else:
                if proof in ("named", "default"):
                    self.flow_judge.tell(flow)
                yield self._stated(flow, a, b, proof)
        for (a, b), flows in proved.items():
            yield self._proved(a, b, flows)

    def _judged(self, flows: Iterable[Flow]) -> Iterator[tuple[Flow, Proof | None]]:
        """Stated flows and whether they pass; the two ways of one apart where only one does."""
        for flow in flows:
            there = self.flow_judge.proof(flow._replace(is_both_ways=False))
            back_flow = Flow(flow.target, flow.source, flow.ports)
            back = self.flow_judge.proof(back_flow) if flow.is_both_ways else there
            if there == back:
                yield flow, there
            else:
                yield flow._replace(is_both_ways=False), there
                yield back_flow, back

    def _stated(self, flow: Flow, a: str, b: str, proof: Proof | None) -> Link:
        words = (
            "allowed flow" if proof is None else PROOF_WORDS[proof],
            *((flow.ports,) if flow.ports else ()),
        )
        label = () if not flow.ports else (flow.ports,) if proof is None else (stated_label(flow.ports),)
        style = "pending" if proof in ("denied", "unknown") else ""
        return Link(f"flow:{a}|{b}|{flow.ports}", "flow", a, b, "both" if flow.is_both_ways else "b", label, (), words,
                    pair=flow.is_both_ways, style=style, faded=self._is_flow_faded(a, b),
                    back_label=())  # fmt: skip

    def _proved(self, a: str, b: str, flows: Iterable[Flow]) -> Link:
        """One arrow for all that is stated and proved between two subnets; two side by side where both ways are."""
        flows = list(flows)
        stated = ", ".join(dict.fromkeys(flow.ports for flow in flows if flow.ports))
        words = f"{PROOF_WORDS['named']}{f': {stated}' if stated else ''}"
        is_both_ways = any(flow.is_both_ways or flow.source == b for flow in flows)
        self._told[frozenset((a, b))] = (a, b, words)
        back = self.flow_judge.named(b, a) if is_both_ways else Passing()
        there = self.flow_judge.named(a, b)
        return self.flow_judge.arrow(f"flow:{a}|{b}", a, b, there, back, words, self._is_flow_faded(a, b))

    def flow_between(self, a: str, b: str) -> Link | None:
        """The computed flow between two subnets that stand side by side; with what is stated and proved of it."""
        faded = self._is_flow_faded(a, b)
        told = self._told.get(frozenset((a, b)))
        if told is None:
            return self.flow_judge.computed(a, b, faded)
        a, b, words = told
        there, back = self.flow_judge.named(a, b), self.flow_judge.named(b, a)
        return self.flow_judge.arrow(f"flow:{a}|{b}", a, b, there, back, words, faded)

    def _are_subnets(self, *ids: str) -> bool:
        resources = self.topology.resources
        return all(rid in resources and resources[rid].type == SUBNET for rid in ids)

    def _is_flow_faded(self, a: str, b: str) -> bool:
        return self._faded("flows") or self._is_faded_box(a) or self._is_faded_box(b)

    def _is_faded_box(self, rid: str) -> bool:
        return rid in self.selection.faded

    def _traffic(self) -> Iterator[Link]:
        faded = "internet" in self.selection.faded_classes
        stated = [
            t for t in self.topology.traffic if not (t.views and self.view_name) or self.view_name in t.views
        ]
        for number, traffic in enumerate(sorted(stated, key=lambda t: (t.target, t.label, t.direction))):
            target = self._shown(traffic.target) if traffic.target != "azure" else "azure"
            if target is None:
                continue
            yield Link(
                f"internet:{number}:{traffic.target}", "internet", "internet", "azure",
                {"in": "b", "out": "a", "both": "both"}[traffic.direction],  # type: ignore[arg-type]
                (traffic.label,) if traffic.label else (), (), (traffic.label or "Internet traffic",),
                pair=traffic.direction == "both", stops_at_line=True, style=f"at:{target}", faded=faded,
            )  # fmt: skip
        if not stated and internet_targets(self.topology):
            exposed = [
                t for t in (self._shown(rid) for rid in internet_targets(self.topology)) if t is not None
            ]
            if exposed:
                yield Link("internet:0", "internet", "internet", "azure", "both", (), (), ("Internet traffic",),
                           pair=True, stops_at_line=True, style=f"at:{sorted(exposed)[0]}", faded=faded)  # fmt: skip

    def _users(self) -> Iterator[Link]:
        for users in self.topology.users:
            for number, target in enumerate(users.targets):
                shown = self._shown(target)
                if users.id in self.drawn and shown is not None:
                    told = (f"{users.label} reach {self._label(target)}",)
                    yield Link(
                        f"{users.id}:{number}", "internet", users.id, "azure", "b", (), (), told,
                        stops_at_line=True, style=f"at:{shown}", faded=self._faded("users", users.id),
                    )  # fmt: skip

    def _label(self, rid: str) -> str:
        resource = self.topology.resources.get(rid)
        return resource.label or resource.name if resource else rid.rsplit("/", 1)[-1]


def internet_targets(topology: Topology) -> list[str]:
    """What the Internet may reach or be reached from: whatever has a public address, and global entry services."""
    found: set[str] = set()
    for rid in topology.public_ips_of:
        resource = topology.resources.get(rid)
        if resource is not None and resource.kind is not None and resource.kind.home in ("subnet", "hub"):
            found.add(rid)
        machine = (
            str((resource.properties.get("virtualMachine") or {}).get("id", "")).lower() if resource else ""
        )
        if machine in topology.resources:
            found.add(machine)
    for resource in topology.resources.values():
        if resource.type in ("microsoft.cdn/profiles", "microsoft.network/frontdoors"):
            found.add(resource.id)
    return sorted(found)


def endpoints(topology: Topology) -> frozenset[str]:
    """Ids at which links end: these are never folded away."""
    found: set[str] = set()
    for link in topology.private_links:
        found.add(link.endpoint)
        found.add(link.target)
    found |= {link.service for link in topology.service_links}
    for connection in topology.connections:
        found |= {connection.a, connection.b}
    found |= {t.target for t in topology.traffic}
    found |= {end for flow in topology.flows for end in (flow.source, flow.target)}
    return frozenset(found)


def all_ids(boxes: Iterable[object]) -> set[str]:
    """The ids of boxes and everything inside them."""
    found: set[str] = set()
    waiting = list(boxes)
    while waiting:
        box = waiting.pop()
        found.add(box.id)  # type: ignore[attr-defined]
        waiting += box.children  # type: ignore[attr-defined]
    return found
