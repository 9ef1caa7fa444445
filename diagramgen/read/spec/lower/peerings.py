"""Peerings -> records, one a half."""

from __future__ import annotations

from typing import Any

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import (
    PairLine,
    Piece,
)
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.names import Named, escape
from diagramgen.read.spec.shapes import Item, Told

_NET = "microsoft.network/"


def lower_peerings(spec: Told, context: Context) -> None:
    """All peerings."""
    for item in spec.get("peerings", ()):
        _lower_peering(item, context)


def _lower_peering(item: Item, context: Context) -> None:
    """Two records, a half for each VNet; `A -> B` makes the half of A alone."""
    if isinstance(item.value, PairLine):
        line, told = item.value, Told(item.place)
        ends = [(line.a, item.place), (line.b, item.place)]
        state = "connected" if line.both else "initiated"
    else:
        told = item.value
        ends = [(Piece(i.value.strip()), i.place) for i in told.get("between", ())]
        state = told.get("state", "connected")
        if "between" in told and len(ends) != 2:
            context.error(
                "wrong-value", f"a peering is between 2 VNets, and here are {len(ends)}", told.at("between")
            )
        if len(ends) != 2:
            return
    found = [
        context.names.find(p.text, ("vnet",), place, p.span if isinstance(item.value, PairLine) else None)
        for p, place in ends
    ]
    a, b = found
    if a is None or b is None:
        return
    if a is b:
        context.error(
            "peering-with-itself",
            f"`{shorten(a.name)}` cannot be peered with itself",
            ends[1][1],
            span=ends[1][0].span if isinstance(item.value, PairLine) else None,
        )
        return
    gateway = context.find(told, "gateway_transit", "vnet")
    if gateway is not None and gateway not in (a, b):
        context.error(
            "wrong-value",
            f"`{shorten(gateway.name)}` is neither of the two VNets",
            told.at("gateway_transit"),
        )
    through = _through(told, a, b, context)
    halves = ((a, b), (b, a)) if state != "initiated" or not isinstance(item.value, PairLine) else ((a, b),)
    for here, there in halves:
        _put_half(here, there, told, state, gateway, through, item, context)
    _warn_of_overlap(a, b, item.place, context)


def _through(told: Told, a: Named, b: Named, context: Context) -> list[str] | None:
    """The subnets at which the line ends, that of `a` first."""
    ends: dict[str, str] = {}
    for item in told.get("through", ()):
        found = [t for t in context.names.named(item.value, ("subnet",)) if t.parent in (a, b)]
        subnet = found[0] if len(found) == 1 else context.names.find(item.value, ("subnet",), item.place)
        if subnet is None:
            continue
        if subnet.parent not in (a, b):
            context.error(
                "wrong-value", f"`{shorten(subnet.name)}` lies in neither of the two VNets", item.place
            )
        elif subnet.parent is not None:
            ends[subnet.parent.key] = subnet.key
    return [ends[v.key] for v in (a, b) if v.key in ends] or None


def _put_half(
    here: Named,
    there: Named,
    told: Told,
    state: str,
    gateway: Named | None,
    through: list[str] | None,
    item: Item,
    context: Context,
) -> None:
    twins = len(context.names.named(there.name, ("vnet",))) > 1
    name = there.shown if twins else there.name
    envelope: dict[str, Any] = {"parent": here.key}
    envelope |= {k: v for k in ("label", "note") if (v := told.get(k)) is not None}
    if through:
        mine = [k for k in through if k.startswith(here.key + "/")]
        envelope["through"] = mine + [k for k in through if k not in mine]
    properties = {
        "remoteVirtualNetwork": there.ref,
        "peeringState": state.capitalize(),
        "peeringSyncLevel": "FullyInSync" if state == "connected" else "RemoteNotInSync",
        "allowVirtualNetworkAccess": told.get("access", True),
        "allowForwardedTraffic": told.get("forwarded_traffic", False),
        "allowGatewayTransit": gateway is here,
        "useRemoteGateways": gateway is there,
        "remoteAddressSpace": {"addressPrefixes": [str(n) for n in there.networks]},
    }
    keys = {
        "peeringState": "state",
        "allowVirtualNetworkAccess": "access",
        "allowForwardedTraffic": "forwarded_traffic",
        "allowGatewayTransit": "gateway_transit",
        "useRemoteGateways": "gateway_transit",
        "remoteVirtualNetwork": "between",
    }
    places = {p: told.at(k) if k in told else item.place for p, k in keys.items()}
    context.put(
        f"{here.shown}/peerings/{escape(name)}",
        _NET + "virtualnetworks/virtualnetworkpeerings",
        there.name,
        properties,
        item.place,
        places,
        "",
        envelope,
    )


def _warn_of_overlap(a: Named, b: Named, place: Place, context: Context) -> None:
    for one in a.networks:
        for other in b.networks:
            if (
                one.version == other.version
                and int(one.network_address) <= int(other.broadcast_address)
                and int(other.network_address) <= int(one.broadcast_address)
            ):
                context.warn(
                    "peered-overlap",
                    f"`{shorten(a.name)}` (`{one}`) and `{shorten(b.name)}` (`{other}`) overlap,"
                    " which Azure refuses",
                    place,
                    related=(
                        (f"`{shorten(a.name)}` stands here", a.place.key),
                        (f"`{shorten(b.name)}` stands here", b.place.key),
                    ),
                )
                return
