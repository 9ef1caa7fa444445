"""Peerings -> records, one a half."""

from __future__ import annotations

from typing import Any, NamedTuple

from diagramgen.located import Place
from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import (
    PairLine,
    Piece,
)
from diagramgen.read.spec.lower.azure import merged, resolved
from diagramgen.read.spec.lower.context import Context, capital
from diagramgen.read.spec.lower.network import address_texts
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
    partial = _subnets(told, a, b, context)
    one_sided = state == "initiated" and isinstance(item.value, PairLine)
    if context.has_defaults and "state" not in told and "absent" in (told.get("a"), told.get("b")):
        state = "initiated"  # what a half is without the other
    for key, here, there in (("a", a, b), ("b", b, a)):
        if _is_told(told, key, here) and not (one_sided and key == "b"):
            half = _Half(here, there, told, told.get(key), state, gateway, through, partial, item)
            _put_half(half, context)
    _warn_of_overlap(a, b, item.place, context)


def _is_told(told: Told, key: str, vnet: Named) -> bool:
    """Whether the half of a VNet is told: that of one which is outside only where it is spelt out."""
    said = told.get(key)
    if said == "absent":
        return False
    return said is not None or not (isinstance(vnet.value, Told) and vnet.value.get("outside"))


def _subnets(told: Told, a: Named, b: Named, context: Context) -> dict[str, list[str]]:
    """The names of the subnets that are peered, by VNet; none where whole VNets are."""
    found: dict[str, list[str]] = {}
    for item in told.get("subnets", ()):
        subnet = _subnet(item, a, b, context)
        if subnet is not None and subnet.parent is not None:
            found.setdefault(subnet.parent.key, []).append(subnet.value.get("name", subnet.name))
    return found


def _through(told: Told, a: Named, b: Named, context: Context) -> list[str] | None:
    """The subnets at which the line ends, that of `a` first."""
    ends: dict[str, str] = {}
    for item in told.get("through", ()):
        subnet = _subnet(item, a, b, context)
        if subnet is not None and subnet.parent is not None:
            ends[subnet.parent.key] = subnet.key
    return [ends[v.key] for v in (a, b) if v.key in ends] or None


def _subnet(item: Item, a: Named, b: Named, context: Context) -> Named | None:
    """The subnet of one of the two VNets that a name means."""
    found = [t for t in context.names.named(item.value, ("subnet",)) if t.parent in (a, b)]
    subnet = found[0] if len(found) == 1 else context.names.find(item.value, ("subnet",), item.place)
    if subnet is not None and subnet.parent not in (a, b):
        context.error("wrong-value", f"`{shorten(subnet.name)}` lies in neither of the two VNets", item.place)
        return None
    return subnet


class _Half(NamedTuple):
    """What is said of one half: by the peering (`told`), and of this half alone (`own`)."""

    here: Named
    there: Named
    told: Told
    own: Told | None
    state: str
    gateway: Named | None
    through: list[str] | None
    partial: dict[str, list[str]]
    item: Item

    def says(self, key: str, otherwise: Any) -> Any:
        if self.own is not None and key in self.own:
            return self.own.get(key)
        return self.told.get(key, otherwise)


_SYNC = {
    "in_sync": "FullyInSync",
    "local_not_in_sync": "LocalNotInSync",
    "remote_not_in_sync": "RemoteNotInSync",
    "not_in_sync": "LocalAndRemoteNotInSync",
}


def _put_half(half: _Half, context: Context) -> None:
    here, there, told, own = half.here, half.there, half.told, half.own
    twins = len(context.names.named(there.name, ("vnet",))) > 1
    name = there.shown if twins else there.name
    envelope: dict[str, Any] = {"parent": here.key}
    envelope |= {k: v for k in ("label", "note") if (v := told.get(k)) is not None}
    if half.through:
        mine = [k for k in half.through if k.startswith(here.key + "/")]
        envelope["through"] = mine + [k for k in half.through if k not in mine]
    keys = {
        "peeringState": "state",
        "allowVirtualNetworkAccess": "access",
        "allowForwardedTraffic": "forwarded_traffic",
        "allowGatewayTransit": "gateway_transit",
        "useRemoteGateways": "gateway_transit",
        "remoteVirtualNetwork": "between",
    }
    places = {p: told.at(k) if k in told else half.item.place for p, k in keys.items()}
    properties = merged(_properties(half, context), _azure(told, context, here))
    shown = f"{here.shown}/peerings/{escape(name)}"
    vnet = context.records.get(here.key)
    listed = vnet.properties.get("virtualNetworkPeerings") if vnet else None
    if isinstance(listed, list) and not context.has_defaults:
        listed.append({"id": shown.lower()})
    context.put(
        shown,
        _NET + "virtualnetworks/virtualnetworkpeerings",
        there.name,
        properties,
        half.item.place,
        places,
        "",
        envelope,
        own,
        here,
    )


def _properties(half: _Half, context: Context) -> dict[str, Any]:
    own = half.own or Told(half.item.place)
    properties: dict[str, Any] = {"remoteVirtualNetwork": half.there.ref}
    properties |= _state(half, own, context)
    properties |= {
        "allowVirtualNetworkAccess": half.says("access", True),
        "allowForwardedTraffic": half.says("forwarded_traffic", False),
        "allowGatewayTransit": own.get("gateway_transit", half.gateway is half.here),
        "useRemoteGateways": own.get("remote_gateway", half.gateway is half.there),
    }
    prefixes = [str(i.value) for i in own.get("remote_address", ())]
    if "remote_address" not in own:
        prefixes = address_texts(half.there, context)
    if prefixes or context.has_defaults or "remote_address" in own:
        properties["remoteAddressSpace"] = {"addressPrefixes": prefixes}
    subnets = {"localSubnetNames": half.partial.get(half.here.key, [])}
    subnets["remoteSubnetNames"] = half.partial.get(half.there.key, [])
    for key, name in (("subnets", "localSubnetNames"), ("remote_subnets", "remoteSubnetNames")):
        if own.get(key) and key in own:
            subnets[name] = [i.value for i in own.get(key)]
    if any(subnets.values()):
        properties |= {"peerCompleteVnets": False, **{k: v for k, v in subnets.items() if v}}
    if "complete" in own:
        properties["peerCompleteVnets"] = own.get("complete")
    return properties


def _state(half: _Half, own: Told, context: Context) -> dict[str, Any]:
    """State and sync, as far as they are known; what is only planned has none yet."""
    state = own.get("state", half.state)
    said: dict[str, Any] = {}
    is_planned = own.get("unsaid", context.unsaid) == "planned"
    if state != "unknown" and ("state" in half.told or "state" in own or not is_planned):
        said["peeringState"] = capital(state)
        said["peeringSyncLevel"] = "FullyInSync" if state == "connected" else "RemoteNotInSync"
    if sync := own.get("sync"):
        said["peeringSyncLevel"] = _SYNC.get(sync, sync)
    if sync == "unknown":
        del said["peeringSyncLevel"]
    return said


def _azure(told: Told, context: Context, near: Named) -> Any:
    """What the peering says of both halves in Azure's own shape."""
    return resolved(told.get("azure", {}), context.names, told.at("azure"), near)


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
