"""The walk of one packet, there and back, and the verdict on it.

    source: admin and NSG rules out -> the route of its subnet -> firewalls, gateways -> the target: rules in
    return: the same walk from target to source, filters skipped (they are stateful), routes checked

https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
https://learn.microsoft.com/azure/firewall/firewall-faq
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from simulator.addresses import PLATFORM_DNS, PLATFORM_IMDS, is_private, number
from simulator.estate import Estate, Gateway, Nic, Subnet, VNet
from simulator.filters import Filters, Wire
from simulator.firewall import Firewalls
from simulator.routes import Route, Routes

MAX_HOPS = 16


class Packet(NamedTuple):
    """The first packet of a flow. Protocols: Tcp, Udp, Icmp, Esp, Ah."""

    source: str
    target: str
    protocol: str = "Tcp"
    source_port: int = 50000
    port: int = 443


class Answer(NamedTuple):
    """`verdict` is allowed, denied or unknown; `path` names subnets, firewalls, gateways ... in order."""

    verdict: str
    decided_by: str
    path: tuple[str, ...] = ()
    one_way_exposure: bool = False


class Way(NamedTuple):
    """Where a packet went: `end` is subnet, on-premises, internet, dropped or unknown; `reason` for the last two.

    `doubts` are reasons why the way may not carry it; `appliances` the firewalls on it, in order; `last` is the
    subnet that it left last, `came_by` the kind of the last route.
    """

    end: str
    reason: str
    path: tuple[str, ...]
    appliances: tuple[str, ...]
    doubts: tuple[str, ...]
    last: Subnet | None
    came_by: str = ""


class Stop(NamedTuple):
    """Why a packet goes no further: `end` is dropped or unknown."""

    end: str
    reason: str


class Simulator:
    """An estate that packets can be sent through."""

    def __init__(self, resources: Sequence[Mapping[str, Any]]) -> None:
        self.estate = Estate(resources)
        self.routes = Routes(self.estate)
        self.filters = Filters(self.estate, self.routes)
        self.firewalls = Firewalls(self.estate)

    def answer(self, packet: Packet) -> Answer:
        """What becomes of a packet: what every choice among uncertain routes leads to, unknown where they differ."""
        source, target = number(packet.source), number(packet.target)
        wire = Wire(source, target, packet.protocol.lower(), packet.source_port, packet.port)
        answers = []
        script: list[int] | None = []
        while script is not None:
            self.routes.script, self.routes.taken = script, []
            answers.append(self._walk(wire))
            script = _next_script(self.routes.taken)
        if len({answer.verdict for answer in answers}) == 1:
            return answers[0]
        return Answer("unknown", "route:not-in-input", answers[0].path)

    def _walk(self, wire: Wire) -> Answer:
        start, end = self.estate.subnet_of(wire.source), self.estate.subnet_of(wire.target)
        if start is not None:
            return self._from_subnet(wire, start, end)
        if self._is_on_premises(wire.source):
            return self._from_site(wire, end)
        if end is not None and not is_private(wire.source):
            return self._from_internet(wire, end)
        return Answer("denied", "nobody-there")

    # Where flows begin

    def _from_subnet(self, wire: Wire, start: Subnet, end: Subnet | None) -> Answer:
        leaving = self.filters.judge(wire, wire.source, start, "outbound")
        if leaving.verdict == "denied":
            return Answer("denied", leaving.decided_by, (start.name,))
        if wire.target in (PLATFORM_DNS, PLATFORM_IMDS):
            return Answer(leaving.verdict, leaving.decided_by, (start.name, "platform"))
        doubts = [leaving.decided_by] if leaving.verdict == "unknown" else []
        forth = self._travel(start, wire, "machine", is_reply=False)
        if forth.end == "internet":
            return self._to_internet(wire, start, leaving.decided_by, forth, doubts)
        return self._arrive(wire, start, end, leaving.decided_by, forth, doubts)

    def _from_site(self, wire: Wire, end: Subnet | None) -> Answer:
        """From on premises: into the gateway that says it leads to the target."""
        entrances = self._entrances(wire.source, wire.target)
        if not entrances:
            # A site knows what gateways tell it; a spoke that does not use the gateway is not among that.
            return Answer("denied", "route:None", ("on-premises",))
        forth = self._travel(entrances[0].subnet, wire, "gateway", is_reply=False)
        forth = forth._replace(path=("on-premises", *forth.path))
        return self._arrive(wire, None, end, "", forth, [])

    def _from_internet(self, wire: Wire, end: Subnet) -> Answer:
        """From the Internet to a machine with a public address, its own or a load balancer's.

        Standard ones are closed until an NSG opens them, Basic ones open.
        https://learn.microsoft.com/azure/load-balancer/load-balancer-overview#securebydefault
        """
        nic = self.estate.nic_of(wire.target, end.vnet)
        skus = list(nic.public_skus) if nic else []
        for sku, protocol, _, back in nic.frontends if nic else ():
            # Choice: a packet is as the machine gets it, its port that of the backend as its address is the machine's.
            if protocol in ("all", wire.protocol) and wire.port == back:
                skus.append(sku)
        answers = [self._through_entrance(wire, end, sku.lower()) for sku in skus]
        for verdict in ("allowed", "unknown", "denied"):
            for answer in answers:
                if answer.verdict == verdict:
                    return answer
        return Answer("denied", "no-public-path")

    def _through_entrance(self, wire: Wire, end: Subnet, sku: str) -> Answer:
        path = ("internet", end.name)
        if sku != "basic" and not self.filters.has_nsg(wire.target, end):
            # Choice: an admin rule that always allows does not open a Standard address that no NSG opens.
            return Answer("denied", "platform:StandardLbSecureByDefault", path)
        entering = self.filters.judge(wire, wire.target, end, "inbound")
        if entering.verdict == "denied":
            return Answer("denied", entering.decided_by, path)
        reply = self.routes.route(end, wire.source)
        if reply is None:
            return Answer("unknown", "return-route:not-in-input", path)
        if reply.kind != "Internet":
            # The answer leaves by another way than the packet came.
            reason = "return-route:None" if reply.kind == "None" else "asymmetric-return"
            return Answer("denied", reason, path, one_way_exposure=entering.verdict == "allowed")
        return Answer(entering.verdict, entering.decided_by, path)

    # Where flows end

    def _to_internet(
        self, wire: Wire, start: Subnet, decided_by: str, forth: Way, doubts: list[str]
    ) -> Answer:
        doubts = doubts + list(forth.doubts)
        if is_private(wire.target) or self.estate.vnet_of(wire.target) is not None:
            # Private, or a VNet's own although public: the Internet does not lead there.
            return Answer("denied", "route:Internet", forth.path)
        if not forth.appliances:
            method = self._egress_method(wire.source, start)
            if not method:
                return Answer("denied", "no-egress-method", forth.path)
            by = method if decided_by == "none" else decided_by
            return self._judged(doubts, by, forth.path)
        # The firewall translates the source; the answer returns to it and has to find the machine from there.
        assert forth.last is not None
        back = self._travel(forth.last, _reversed(wire), "appliance", is_reply=True)
        return self._with_return(back, (), doubts, "firewall:allow", forth)

    def _arrive(
        self,
        wire: Wire,
        start: Subnet | None,
        end: Subnet | None,
        decided_by: str,
        forth: Way,
        doubts: list[str],
    ) -> Answer:
        """The verdict on a packet whose way there is known: what the target's filters say, and the way back."""
        doubts = doubts + list(forth.doubts)
        if forth.end == "dropped":
            return Answer("denied", forth.reason, forth.path)
        if forth.end == "unknown":
            return Answer("unknown", doubts[0] if doubts else forth.reason, forth.path)
        by = [decided_by]
        path = forth.path
        if forth.end == "subnet":
            assert end is not None
            entering = self.filters.judge(wire, wire.target, end, "inbound")
            if entering.verdict == "denied":
                return Answer("denied", entering.decided_by, path)
            if entering.verdict == "unknown":
                doubts.append(entering.decided_by)
            by.append(entering.decided_by)
        back = self._way_back(wire, start, end, forth)
        expected = tuple(reversed(forth.appliances))
        label = next((one for one in reversed(by) if one not in ("", "none")), "")
        if forth.appliances:
            label = "firewall:allow"
        return self._with_return(back, expected, doubts, label or f"route:{forth.came_by}", forth)

    def _way_back(self, wire: Wire, start: Subnet | None, end: Subnet | None, forth: Way) -> Way:
        reply = _reversed(wire)
        if forth.end == "on-premises":
            entrances = self._entrances(reply.source, reply.target)
            if not entrances:
                return Way("dropped", "None", (), (), (), None)
            return self._travel(entrances[0].subnet, reply, "gateway", is_reply=True)
        assert end is not None
        nic = self.estate.nic_of(wire.target, end.vnet)
        if nic is not None and nic.endpoint_status:
            # Choice: the answers of a private endpoint find their way, whatever routes its subnet has; but past a
            # firewall only where that translates the source, which its network rules need not do.
            # https://learn.microsoft.com/azure/private-link/inspect-traffic-with-azure-firewall
            doubts = ("return-route:private-endpoint",) if forth.appliances else ()
            return Way("subnet", "", (), tuple(reversed(forth.appliances)), doubts, None)
        return self._travel(end, reply, "machine", is_reply=True)

    def _with_return(
        self, back: Way, expected: tuple[str, ...], doubts: list[str], by: str, forth: Way
    ) -> Answer:
        """The verdict once the way there is fine, for the way back and the firewalls expected on it."""
        is_exposed = not doubts
        if back.end == "dropped":
            return Answer("denied", f"return-route:{back.reason}", forth.path, is_exposed)
        if back.end == "internet":
            return Answer("denied", "asymmetric-return", forth.path, is_exposed)
        if back.end == "unknown":
            return Answer("unknown", doubts[0] if doubts else f"return-{back.reason}", forth.path)
        if back.appliances != expected:
            if expected:
                return Answer("denied", "asymmetric-return", forth.path, is_exposed)
            # Choice: a packet that goes directly and is answered through a firewall really arrives; what becomes of
            # the answer no page tells, so it is unknown (as OP-05 has it), not denied.
            return Answer(
                "unknown", doubts[0] if doubts else f"route:{forth.came_by}", forth.path, is_exposed
            )
        return self._judged(doubts + list(back.doubts), by, forth.path)

    @staticmethod
    def _judged(doubts: list[str], by: str, path: tuple[str, ...]) -> Answer:
        return Answer("unknown", doubts[0], path) if doubts else Answer("allowed", by, path)

    # The way

    def _travel(self, subnet: Subnet, wire: Wire, carrier: str, *, is_reply: bool) -> Way:
        """Follows the routes from a subnet. `carrier` is what sends: machine, gateway or appliance.

        Firewalls judge what is no reply.
        """
        path, came_by = [subnet.name], ""
        appliances: list[str] = []
        doubts: list[str] = []
        seen: set[tuple[str, str]] = set()

        def done(end: str, reason: str = "", last: Subnet | None = None) -> Way:
            return Way(end, reason, tuple(path), tuple(appliances), tuple(doubts), last, came_by)

        for _ in range(MAX_HOPS):
            if (subnet.id, carrier) in seen:
                return done("dropped", "route:loop")
            seen.add((subnet.id, carrier))
            route = self.routes.route(subnet, wire.target)
            if route is None:
                return done("unknown", "route:not-in-input")
            came_by = route.kind
            if route.kind == "None":
                return done("dropped", "None" if is_reply else "route:None")
            if route.kind == "Internet":
                return done("internet", "route:Internet", subnet)
            if route.kind in ("VnetLocal", "VNetPeering", "ConnectedGroup", "InterfaceEndpoint"):
                doubts += self._doubts_of_crossing(subnet.vnet, route.far, route.kind, wire, carrier)
                return self._land(route, subnet, wire, done)
            if route.kind == "VirtualNetworkGateway":
                gateway = self._gateway_towards(subnet.vnet, wire.target)
                if isinstance(gateway, Stop):
                    path.append("gateway")
                    return done(*gateway)
                if gateway.vnet is not subnet.vnet:
                    doubts += self._doubts_of_crossing(
                        subnet.vnet, gateway.vnet, "VNetPeering", wire, carrier
                    )
                path.append("gateway")
                if any(prefix.length != 0 and prefix.holds(wire.target) for prefix in gateway.prefixes):
                    return done("on-premises", last=subnet)
                for other, space in self.routes.beyond(gateway):
                    if space.holds(wire.target):
                        gateway = other
                        path.append("circuit" if other.circuits else "tunnel")
                        break
                subnet, carrier = gateway.subnet, "gateway"
                continue
            appliance = self._appliance(route.address, subnet.vnet)
            if isinstance(appliance, Stop):
                path.append("nva")
                return done(*appliance)
            firewall, landing = appliance
            if landing.vnet is not subnet.vnet:
                doubts += self._doubts_of_crossing(subnet.vnet, landing.vnet, "VNetPeering", wire, carrier)
            path.append("firewall")
            if not is_reply:
                verdict = self.firewalls.judge(firewall, wire)
                if verdict.verdict == "denied":
                    return done("dropped", f"firewall:{verdict.decided_by}")
                if verdict.verdict == "unknown":
                    doubts.append(f"firewall:{verdict.decided_by}")
            appliances.append(firewall)
            subnet, carrier = landing, "appliance"
        return done("dropped", "route:loop")

    def _land(self, route: Route, subnet: Subnet, wire: Wire, done: Callable[..., Way]) -> Way:
        """In the VNet to which the last route leads."""
        far = route.far if route.source == "Default" else subnet.vnet
        end = self.estate.subnet_of(wire.target)
        if far is None or end is None or end.vnet is not far:
            return done("dropped", "nobody-there")
        nic = self.estate.nic_of(wire.target, far)
        if nic is not None and nic.endpoint_status not in ("", "Approved"):
            return done("dropped", f"private-endpoint:{nic.endpoint_status}")
        if route.kind == "ConnectedGroup" and nic is not None and nic.endpoint_status:
            # Private endpoints in connected groups: one page says no, a later one yes.
            return done("unknown", "route:ConnectedGroup")
        there = done("subnet", "", subnet)
        return there._replace(path=(*there.path, end.name))

    def _doubts_of_crossing(
        self, near: VNet, far: VNet | None, kind: str, wire: Wire, carrier: str
    ) -> tuple[str, ...]:
        """What stands against a packet that crosses from one VNet into another without coming from the first.

        What a gateway lends to its peers needs no flag of this kind.
        """
        if far is None or far is near or carrier == "gateway" or near.holds(wire.source):
            return ()
        link = self.routes.link_to(far, near)
        if kind == "ConnectedGroup" or link is None or link.half is None:
            return ("peering:allowForwardedTraffic?",)
        return () if link.half.allows_forwarded else ("peering:allowForwardedTraffic=false",)

    def _appliance(self, address: str, vnet: VNet) -> tuple[str, Subnet] | Stop:
        """The firewall at a next hop address and its subnet, or what becomes of the packet where there is none."""
        hop = number(address) if address else 0
        reachable = [vnet, *(link.far for link in self.routes.links(vnet) if link.far is not None)]
        homes = [one for one in reachable if one.holds(hop)]
        absent = [link.half for link in self.routes.links(vnet) if link.far is None and link.half is not None]
        if not homes and any(space.holds(hop) for half in absent for space in half.spaces):
            return Stop("unknown", "nva")
        if not homes:
            # Only what is in the VNet or a peer can be a next hop.
            return Stop("dropped", "route:VirtualAppliance-unreachable")
        for firewall, subnet in self.estate.firewalls.get(hop, ()):
            if subnet.vnet in homes:
                return firewall, subnet
        nic = self.estate.nic_of(hop, homes[0])
        if nic is not None and not nic.forwards:
            return Stop("dropped", "route:VirtualAppliance-does-not-forward")
        # An appliance whose rules nobody knows, or one that the input lacks. Choice: nothing more is asked behind it,
        # as it may translate addresses, tunnel, or answer itself; nor are the NSGs round it.
        return Stop("unknown", "nva")

    def _gateway_towards(self, vnet: VNet, target: int) -> Gateway | Stop:
        """The gateway that carries what a VNet sends to the target by a gateway route."""
        gateways = self.routes.used_gateways(vnet)
        if not gateways:
            return Stop("dropped", "route:VirtualNetworkGateway-absent")
        for gateway in gateways:
            known = [*gateway.prefixes, *(space for _, space in self.routes.beyond(gateway))]
            if any(prefix.length != 0 and prefix.holds(target) for prefix in known):
                return gateway
        for gateway in gateways:
            told = [*self.routes.advertised(gateway), *gateway.vnet.spaces]
            if any(space.holds(target) for space in told):
                return gateway
        if not any(gateway.prefixes or gateway.circuits or gateway.far_gateways for gateway in gateways):
            # Choice: an export may lack the connections of a gateway that it holds.
            return Stop("unknown", "route:VirtualNetworkGateway-leads-nowhere")
        everyone = self.estate.gateways.values()
        is_inside = self.estate.vnet_of(target) is not None
        if is_inside and not any(n.holds(target) for one in everyone for n in self.routes.advertised(one)):
            return Stop(
                "dropped", "route:VirtualNetworkGateway-leads-elsewhere"
            )  # nothing outside leads back in there
        # It leaves what the input tells: prefixes may come by BGP, on-premises may do anything with it.
        return Stop("unknown", "route:VirtualNetworkGateway")

    def _entrances(self, source: int, target: int) -> list[Gateway]:
        """The gateways by which a site reaches a target: joined to the site, and telling it of the target."""
        found = []
        for gateway in self.estate.gateways.values():
            is_joined = any(prefix.length != 0 and prefix.holds(source) for prefix in gateway.prefixes)
            if is_joined and any(space.holds(target) for space in self.routes.advertised(gateway)):
                found.append(gateway)
        return found

    def _is_on_premises(self, address: int) -> bool:
        prefixes = [prefix for gateway in self.estate.gateways.values() for prefix in gateway.prefixes]
        return any(prefix.length != 0 and prefix.holds(address) for prefix in prefixes)

    def _egress_method(self, source: int, subnet: Subnet) -> str:
        """How a machine reaches the Internet, or "" where it cannot.

        https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access
        """
        nic: Nic | None = self.estate.nic_of(source, subnet.vnet)
        if subnet.has_nat_gateway:
            return "nat-gateway"
        if nic is not None and nic.public_skus:
            return "public-ip"
        if nic is not None and nic.has_outbound_rule:
            return "outbound-rule"
        return "default-outbound-access" if subnet.has_default_outbound else ""


def _next_script(taken: list[tuple[int, int]]) -> list[int] | None:
    """The choices to make next time, after those taken: (place, of how many); None when all have been made."""
    while taken and taken[-1][0] + 1 == taken[-1][1]:
        taken = taken[:-1]
    return [place for place, _ in taken[:-1]] + [taken[-1][0] + 1] if taken else None


def _reversed(wire: Wire) -> Wire:
    return Wire(wire.target, wire.source, wire.protocol, wire.port, wire.source_port)
