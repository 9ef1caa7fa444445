"""What a spec names, and what is meant when a name is used.

A name means the one thing so called of a kind that fits. Where several are so called, a path tells them
apart: `Parent/Name`, or as much of the spec's own path as is needed, down to the whole id
(`vnets/Hub/subnets/Web`). Near the thing that refers, what shares its subnet or VNet comes first. Azure
compares names without case, and so does this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from diagramgen.diagnostics import Diagnostic, near_miss
from diagramgen.located import Place
from diagramgen.read.spec.check import Report, shorten
from diagramgen.read.spec.grammar import Network

CALLED = {
    "management_group": "management group",
    "subscription": "subscription",
    "vnet": "VNet",
    "subnet": "subnet",
    "resource": "resource",
    "service": "service",
    "nsg": "NSG",
    "asg": "ASG",
    "route_table": "route table",
    "firewall_policy": "firewall policy",
    "ip_group": "IP group",
    "waf_policy": "WAF policy",
    "ddos_plan": "DDoS plan",
    "nat_gateway": "NAT gateway",
    "public_ip": "public IP",
    "private_dns_zone": "private DNS zone",
    "circuit": "circuit",
    "public_ip_prefix": "public IP prefix",
    "service_endpoint_policy": "service endpoint policy",
    "local_network": "local network",
    "vpn_site": "VPN site",
    "azure_resource": "resource of Azure",
    "network_group": "network group",
    "virtual_wan": "Virtual WAN",
    "virtual_hub": "virtual hub",
    "hub_resource": "resource of a virtual hub",
    "hub_route_table": "hub route table",
    "site": "site",
    "users": "users",
    "group": "group",
    "view": "view",
    "outside": "place",
}
"""What each kind of named thing is called in a message."""

DRAWN = frozenset(
    {
        "management_group",
        "subscription",
        "vnet",
        "subnet",
        "resource",
        "service",
        "network_group",
        "virtual_wan",
        "virtual_hub",
        "hub_resource",
        "site",
        "users",
        "group",
        "outside",
    }
)
ANYTHING = frozenset(CALLED) - {"view"}
IN_AZURE = ANYTHING - {"outside", "site", "users", "group"}
"""What has an id in Azure."""

_MOST_SUGGESTIONS = 50
_MOST_LISTED = 8
_MANY_ALIKE = 8


@dataclass(slots=True, eq=False)
class Named:
    """A thing with a name: `shown` is its path as written, and its lower case the key that references use.

    `value` is what the spec says of it, `networks` its addresses (VNets, subnets, sites) and `unknown` those that
    are not known, `word` the type of a resource.
    """

    kind: str
    name: str
    shown: str
    place: Place
    value: Any = None
    parent: Named | None = None
    word: str = ""
    networks: tuple[Network, ...] = ()
    unknown: tuple[str, ...] = ()
    children: list[Named] = field(default_factory=list)

    @property
    def key(self) -> str:
        return self.shown.lower()

    @property
    def ref(self) -> dict[str, str]:
        """A reference to it, as in the REST API."""
        return {"id": self.key}

    @property
    def prefixes(self) -> list[str]:
        """Its addresses as texts, those that are not known last."""
        return [*map(str, self.networks), *self.unknown]

    def within(self, kind: str) -> Named | None:
        """The nearest thing of a kind that it lies in, or itself."""
        here: Named | None = self
        while here is not None and here.kind != kind:
            here = here.parent
        return here

    def path(self) -> tuple[str, ...]:
        return tuple(self.key.split("/"))


class NameTable:
    """All names of a spec."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.by_key: dict[str, Named] = {}
        self.by_name: dict[str, list[Named]] = defaultdict(list)
        self.by_kind: dict[str, list[Named]] = defaultdict(list)
        self.given: dict[str, list[Named]] = defaultdict(list)
        self.suggested = 0
        self._steps: dict[str, tuple[int, dict[str, list[Named]]]] = {}
        for name in ("internet", "azure"):
            self.add(Named("outside", name, name, Place("")))

    def add(self, thing: Named) -> Named:
        twin = self.by_key.setdefault(thing.key, thing)
        if twin is not thing:
            self.report(
                Diagnostic(
                    "error",
                    "duplicate-name",
                    f"the name `{shorten(thing.name)}` stands here twice",
                    thing.place,
                    related=(("first here", twin.place),),
                )
            )
            return thing
        self.by_name[thing.name.strip().lower()].append(thing)
        self.by_kind[thing.kind].append(thing)
        if thing.parent is not None:
            thing.parent.children.append(thing)
        return thing

    def give(self, thing: Named) -> None:
        """Makes known a thing of another input: names may mean it, and it is not lowered."""
        if self.by_key.setdefault(thing.key, thing) is thing:
            self.by_name[thing.name.strip().lower()].append(thing)
            self.given[thing.kind].append(thing)

    def add_alias(self, thing: Named, name: str) -> None:
        """A second name by which a thing is known."""
        if name.lower() != thing.name.lower():
            self.by_name[name.lower()].append(thing)

    def all(self, *kinds: str) -> Iterator[Named]:
        for kind in kinds:
            yield from self.by_kind[kind]

    def named(self, text: str, kinds: Collection[str]) -> list[Named]:
        """Everything of these kinds that a name or path may mean."""
        folded = text.strip().lower()
        found = [t for t in self.by_name.get(folded, ()) if t.kind in kinds]
        if not found and "/" in folded:
            if (exact := self.by_key.get(folded)) is not None and exact.kind in kinds:
                return [exact]
            *steps, last = (p.strip() for p in folded.split("/"))
            found = [
                t for t in self._below(last, steps[-1]) if t.kind in kinds and _leads(steps, t.path()[:-1])
            ]
        return found

    def _below(self, name: str, step: str) -> list[Named]:
        """The things of a name with a step in their paths; many things may share a name."""
        alike = self.by_name.get(name, [])
        if len(alike) < _MANY_ALIKE:
            return alike
        size, by_step = self._steps.get(name, (0, {}))
        if size != len(alike):
            by_step = defaultdict(list)
            for thing in alike:
                for each in dict.fromkeys(thing.path()[:-1]):
                    by_step[each].append(thing)
            self._steps[name] = (len(alike), by_step)
        return by_step.get(step, [])

    def find(
        self,
        text: str,
        kinds: Collection[str],
        place: Place,
        span: tuple[int, int] | None = None,
        near: Named | None = None,
    ) -> Named | None:
        """The one thing that is meant; None, and said, if there is none or if there are several."""
        found = self.named(text, kinds)
        if len(found) > 1 and near is not None:
            found = _nearest(found, near)
        if len(found) == 1:
            return found[0]
        if found:
            self._say_ambiguous(text, found, place, span)
        else:
            self._say_unknown(text, kinds, place, span)
        return None

    def _say_ambiguous(
        self, text: str, found: list[Named], place: Place, span: tuple[int, int] | None
    ) -> None:
        nearest = sorted(found, key=lambda t: t.key)[:_MOST_LISTED]
        listed = ", ".join(f"`{shorten(p)}`" for p in sorted({self.shortest_path(t) for t in nearest}))
        if len(found) > _MOST_LISTED:
            listed += f" and {len(found) - _MOST_LISTED} more"
        self.report(
            Diagnostic(
                "error",
                "ambiguous-name",
                f"`{shorten(text)}` is the name of {len(found)} things",
                place,
                (f"write one of {listed}",),
                span=span,
            )
        )

    def _say_unknown(
        self, text: str, kinds: Collection[str], place: Place, span: tuple[int, int] | None
    ) -> None:
        others = self.named(text, ANYTHING)
        wanted = _wanted(kinds)
        if others:
            is_a = CALLED[others[0].kind]
            message = f"`{shorten(text)}` is {_article(is_a)} {is_a}, expected {_article(wanted)} {wanted}"
            self.report(
                Diagnostic(
                    "error",
                    "wrong-kind",
                    message,
                    place,
                    related=(("it stands here", others[0].place.key),),
                    span=span,
                )
            )
            return
        message = (
            f"no {wanted} is called `{shorten(text)}`"
            if wanted != "thing"
            else f"nothing here is called `{shorten(text)}`"
        )
        hint = self.suggestion(text, kinds)
        self.report(Diagnostic("error", "unknown-name", message, place, (hint,) if hint else (), span=span))

    def suggestion(self, text: str, kinds: Collection[str], more: Collection[str] = ()) -> str:
        """'did you mean', among the names of these kinds; only for the first few errors of a file."""
        self.suggested += 1
        if self.suggested > _MOST_SUGGESTIONS:
            return ""
        known = (t.name for k in kinds for table in (self.by_kind, self.given) for t in table[k])
        names = [*dict.fromkeys(known), *more]
        size = len(text)
        close = near_miss(text, [n for n in names if abs(len(n) - size) <= 2 + size // 3][:5000])
        if close:
            return f"did you mean `{shorten(close)}`?"
        own = sorted(n for n in names if n not in more)
        if own and len(own) <= 8 and not more:
            return "known here: " + ", ".join(f"`{shorten(n)}`" for n in own)
        return ""

    def shortest_path(self, thing: Named) -> str:
        """The shortest path that means this thing alone.

        A path is made of the names around it, then of the spec's own keys too.
        """
        parts = [thing.name]
        parent = thing.parent
        while parent is not None and len(self.named("/".join(parts), ANYTHING)) > 1:
            parts.insert(0, parent.name)
            parent = parent.parent
        path = "/".join(parts)
        return path if len(self.named(path, ANYTHING)) == 1 else thing.shown


def escape(name: str) -> str:
    """A name as a part of an id."""
    return name.strip().replace("/", "%2F")


def _leads(parts: list[str], path: tuple[str, ...]) -> bool:
    """Whether the parts occur in the path, in order."""
    steps = iter(path)
    return all(part in steps for part in parts)


def _nearest(found: list[Named], near: Named) -> list[Named]:
    """Those that share the subnet of `near`, else its VNet; else all."""
    for kind in ("subnet", "vnet", "virtual_hub"):
        home = near.within(kind)
        if home is not None and (inside := [t for t in found if t.within(kind) is home]):
            return inside
    return found


def _wanted(kinds: Collection[str]) -> str:
    if len(kinds) > 4:
        return "thing" if len(kinds) > 6 else " or ".join(CALLED[k] for k in sorted(kinds))
    return " or ".join(CALLED[k] for k in sorted(kinds))


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiouAEIO" or noun.startswith("NSG") else "a"
