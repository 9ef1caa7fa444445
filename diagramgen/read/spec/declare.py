"""The checked spec -> the table of its names: the first of two walks, so that a name may be used early.

Here names become ids, the tree becomes parents, and addresses are gathered; nothing is looked up yet.
"""

from __future__ import annotations

from diagramgen.diagnostics import Diagnostic, did_you_mean
from diagramgen.model.kinds import Kind, kind_of_word
from diagramgen.read.spec.check import Report, shorten
from diagramgen.read.spec.grammar import ON_PREMISES_WORDS, Network, ResourceLine
from diagramgen.read.spec.language.resources import BELONGS
from diagramgen.read.spec.names import Named, NameTable, escape
from diagramgen.read.spec.shapes import Item, Mark, Told

_TOP = {
    "management_groups": "management_group",
    "nsgs": "nsg",
    "asgs": "asg",
    "route_tables": "route_table",
    "firewall_policies": "firewall_policy",
    "waf_policies": "waf_policy",
    "ddos_plans": "ddos_plan",
    "nat_gateways": "nat_gateway",
    "public_ips": "public_ip",
    "private_dns_zones": "private_dns_zone",
    "ip_groups": "ip_group",
    "public_ip_prefixes": "public_ip_prefix",
    "service_endpoint_policies": "service_endpoint_policy",
    "circuits": "circuit",
    "local_networks": "local_network",
    "vpn_sites": "vpn_site",
    "azure_resources": "azure_resource",
    "groups": "group",
    "users": "users",
    "views": "view",
}
_HUB_PARTS = ("firewall", "vpn_gateway", "expressroute_gateway", "p2s_gateway", "nva")
BUILT_IN_HUB_TABLES = ("defaultRouteTable", "noneRouteTable")


def declare_names(spec: Told, report: Report) -> NameTable:
    """Every named thing of the spec."""
    names = NameTable(report)
    _Declaring(names, report).walk(spec)
    return names


class _Declaring:
    def __init__(self, names: NameTable, report: Report) -> None:
        self.names, self.report = names, report

    def walk(self, spec: Told) -> None:
        for key, kind in _TOP.items():
            for item in spec.get(key, ()):
                self.add(kind, key, item)
        for item in spec.get("on_premises", ()):
            site = self.add("site", "on_premises", item)
            site.networks, site.unknown = networks(site.value)
            self.add_resources(site, item.value, "resources", "resource")
        for item in spec.get("subscriptions", ()):
            subscription = self.add("subscription", "subscriptions", item)
            self.add_vnets(item.value, subscription)
            self.add_resources(subscription, item.value, "services", "service")
        self.add_vnets(spec, None)
        self.add_resources(None, spec, "services", "service")
        for wan in spec.get("virtual_wans", ()):
            self.add_wan(wan)
        manager = spec.get("network_manager")
        for item in manager.get("groups", ()) if manager else ():
            self.names.add(
                Named(
                    "network_group",
                    item.name,
                    f"network_manager/groups/{escape(item.name)}",
                    item.place,
                    item.value,
                )
            )

    def add(self, kind: str, collection: str, item: Item, parent: Named | None = None) -> Named:
        before = f"{parent.shown}/" if parent else ""
        return self.names.add(
            Named(
                kind,
                item.name.strip(),
                f"{before}{collection}/{escape(item.name)}",
                item.place,
                item.value,
                parent,
            )
        )

    def add_vnets(self, told: Told, subscription: Named | None) -> None:
        for item in told.get("vnets", ()):
            vnet = self.add("vnet", "vnets", item, subscription)
            vnet.networks, vnet.unknown = networks(item.value)
            for inner in item.value.get("subnets", ()):
                subnet = self.add("subnet", "subnets", inner, vnet)
                subnet.networks, subnet.unknown = networks(inner.value)
                self.add_resources(subnet, inner.value, "resources", "resource")

    def add_wan(self, item: Item) -> None:
        wan = self.add("virtual_wan", "virtual_wans", item)
        for inner in item.value.get("hubs", ()):
            hub = self.add("virtual_hub", "hubs", inner, wan)
            if address := inner.value.get("address"):
                hub.networks = () if isinstance(address, Mark) else (address,)
                hub.unknown = (address,) if isinstance(address, Mark) else ()
            for part in _HUB_PARTS:
                said = inner.value.get(part)
                if said is not None and said is not False:
                    kind = kind_of_word("firewall" if part == "firewall" else f"hub_{part}")
                    value = said if isinstance(said, Told) else Told(inner.place / part)
                    thing = Named(
                        "hub_resource",
                        kind.label if kind else part,
                        f"{hub.shown}/{part}",
                        inner.place / part,
                        value,
                        hub,
                        part,
                    )
                    self.names.add_alias(self.names.add(thing), part)
            for table in inner.value.get("route_tables", ()):
                self.add("hub_route_table", "route_tables", table, hub)
            for name in BUILT_IN_HUB_TABLES:
                key = f"{hub.shown}/route_tables/{name}"
                if key.lower() not in self.names.by_key:
                    self.names.add(Named("hub_route_table", name, key, inner.place, Told(inner.place), hub))

    def add_resources(self, parent: Named | None, told: Told, key: str, kind: str) -> None:
        for item in told.get(key, ()):
            line, value = _resource(item)
            name = item.name or (_label_of(line) if line else "")
            if line is None:
                line = self._type_from_name(item, value, parent)
                if line is None:
                    line = ResourceLine("", "other", None, 1, False)
            elif not self._stands_here(line, kind, parent, value, item):
                continue
            values = {
                **value.values,
                "count": value.get("count", line.count),
                "each": value.get("each", line.each),
            }
            named = Item(Told(value.place, values, value.is_whole), item.place, name)
            thing = self.add("resource" if kind == "resource" else "service", key, named, parent)
            thing.word = line.word
            if parent is None or parent.kind != "site":
                self._check_keys(value, line)

    def _type_from_name(self, item: Item, value: Told, parent: Named | None) -> ResourceLine | None:
        """The type of a resource of which only the name is said, when the name is a type: `storage:`."""
        if not value.is_whole:
            return None
        is_site = parent is not None and parent.kind == "site"
        if is_site and item.name.lower() in ON_PREMISES_WORDS:
            return ResourceLine(item.name, item.name.lower(), None, 1, False)
        kind = None if is_site else kind_of_word(item.name)
        if kind is not None and kind.home in ("subnet", "service"):
            return ResourceLine(item.name, kind.word, kind, 1, False)
        message = f"`{shorten(item.name)}` has no type"
        example = "datacenter" if is_site else "vm"
        self.report(
            Diagnostic(
                "error",
                "missing-key",
                message,
                item.place.key,
                (f"write `{shorten(item.name)}: {example}`, or give it a `type`",),
            )
        )
        return None

    def _stands_here(
        self, line: ResourceLine, kind: str, parent: Named | None, value: Told, item: Item
    ) -> bool:
        if line.kind is None or (parent is not None and parent.kind == "site"):
            return True
        home = "elsewhere" if line.word in ELSEWHERE else line.kind.home
        if home == "service" or (
            home == "subnet" and (kind == "resource" or line.word in BELONGS["public_access"])
        ):
            return True
        place = value.at("type") if "type" in value else item.place
        if home == "subnet":
            hint = "put it under `resources` of a subnet"
            message = f"{_a(line.kind)} stands in a subnet, not among services"
        else:
            hint = ELSEWHERE.get(line.word, "")
            message = f"{_a(line.kind)} is no resource of its own"
        self.report(
            Diagnostic(
                "error",
                "wrong-home",
                message,
                place,
                (hint,) if hint else (),
                span=(0, max(1, len(line.word))),
            )
        )
        return True

    def _check_keys(self, value: Told, line: ResourceLine) -> None:
        for key in value:
            if key in BELONGS and line.word not in BELONGS[key] and line.word != "other":
                mine = [k for k, words in BELONGS.items() if line.word in words]
                label = f"`{line.word}`"
                hints = tuple(h for h in did_you_mean(key, mine) if h.startswith("did"))
                self.report(
                    Diagnostic(
                        "error",
                        "unknown-key",
                        f"a {label} has no key `{key}`",
                        value.at(key).key,
                        hints or (f"keys of a {label}: " + ", ".join(f"`{k}`" for k in sorted(mine)),),
                    )
                )


ELSEWHERE = {
    "nsg": "list it under `nsgs`, and name it with `nsg` at its subnet",
    "asg": "list it under `asgs`, and name it with `asg` at its machines",
    "route_table": "list it under `route_tables`, and name it with `route_table` at its subnet",
    "nat_gateway": "list it under `nat_gateways`, and name it with `nat_gateway` at its subnet",
    "public_ip": "list it under `public_ips`, and name it with `public_ip` at its resource",
    "ddos_plan": "list it under `ddos_plans`, and name it with `ddos_plan` at its VNet",
    "waf_policy": "list it under `waf_policies`, and name it with `waf` at its gateway",
    "firewall_policy": "list it under `firewall_policies`, and name it with `policy` at its firewall",
    "peering": "list it under `peerings`",
    "connection": "list it under `connections`",
    "vnet": "list it under `vnets`",
    "subnet": "list it under `subnets` of its VNet",
    "circuit": "list it under `circuits`",
    "network_manager": "it has a place of its own, `network_manager`",
    "network_group": "list it under `groups` of `network_manager`",
    "virtual_wan": "list it under `virtual_wans`",
    "private_dns_zone": "list it under `private_dns_zones`",
    "virtual_hub": "list it under `hubs` of a Virtual WAN",
    "local_network": "a network on premises is a site under `on_premises`",
    "vpn_site": "a network on premises is a site under `on_premises`",
}


def networks(told: Told) -> tuple[tuple[Network, ...], tuple[str, ...]]:
    """The addresses of a VNet, subnet or site, IPv4 first, in their own order; and those that are not known."""
    found = {item.value for item in told.get("address", ())}
    unknown = sorted(value for value in found if isinstance(value, Mark))
    return tuple(sorted(found - set(unknown), key=lambda n: (n.version, n))), tuple(unknown)


def _resource(item: Item) -> tuple[ResourceLine | None, Told]:
    if isinstance(item.value, ResourceLine):
        return item.value, Told(item.place)
    told: Told = item.value
    line = told.get("type")
    return line, told


def _label_of(line: ResourceLine) -> str:
    return line.kind.label if line.kind else line.word.capitalize()


def _a(kind: Kind) -> str:
    label = kind.label
    return ("an " if label[0] in "AEIO" or label.startswith(("NSG", "NVA")) else "a ") + label
