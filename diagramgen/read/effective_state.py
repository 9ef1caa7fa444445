"""Effective rules and routes laid over the rest of the input: they fill in what it lacks, confirm it, or correct it.

What Azure applies to an interface is the truth about its NSGs and about the routes of its subnet. An NSG or route table
that the input lacks is filled in; one that says the same is confirmed; where it differs the effective one counts, and
both are told. Routes that gateways have learnt stand in no export at all: they become routes of that subnet alone.

https://learn.microsoft.com/azure/virtual-network/diagnose-network-traffic-filter-problem
https://learn.microsoft.com/azure/virtual-network/diagnose-network-routing-problem
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.effective import ROUTES, RULES
from diagramgen.read.record import FRAGMENT, NAME_ONLY, UNTOLD, Record, key_of
from diagramgen.read.resource import records_of

_NET = "microsoft.network/"
_NIC = _NET + "networkinterfaces"
_SUBNET = _NET + "virtualnetworks/subnets"
_NSG = _NET + "networksecuritygroups"
_TABLE = _NET + "routetables"
_MANAGER = _NET + "networkmanagers"
_ADMIN = _MANAGER + "/securityadminconfigurations"
_ROUTED = {
    "virtualappliance": "VirtualAppliance", "virtualnetworkgateway": "VirtualNetworkGateway", "internet": "Internet",
    "none": "None", "null": "None", "vnetlocal": "VnetLocal",
}  # fmt: skip
"""Next hops of effective routes that a route table can say; the others are Azure's own, and known without."""


def with_effective(records: tuple[Record, ...]) -> tuple[tuple[Record, ...], tuple[Diagnostic, ...]]:
    """The records, sorted by id, as the effective rules and routes among them say, and what there is to say of it."""
    effective = [record for record in records if record.type in (RULES, ROUTES)]
    if not effective:
        return records, ()
    state = _State({record.id: record for record in records if record.type not in (RULES, ROUTES)})
    for record in effective:
        state.lay(record)
    return tuple(state.records[rid] for rid in sorted(state.records)), tuple(state.diagnostics)


class _State:
    """The records while effective ones are laid over them."""

    def __init__(self, records: dict[str, Record]) -> None:
        self.records = records
        self.diagnostics: list[Diagnostic] = []

    def lay(self, record: Record) -> None:
        nic = self._nic(record)
        if record.type == RULES:
            self._lay_rules(record, nic)
        elif nic is not None:
            self._lay_routes(record, nic)

    def _nic(self, record: Record) -> Record | None:
        """The interface that is meant, None where it is not in the input or the file does not tell."""
        said = record.properties["networkInterface"]
        wanted = str(said["id"]).strip()
        known = self.records.get(key_of(wanted))
        if known is not None and known.type == _NIC:
            return known
        named = [r for r in self.records.values() if r.type == _NIC and r.name.lower() == wanted.lower()]
        if len(named) == 1:
            if not said["isSure"]:
                text = f"taken for those of the network interface `{named[0].name}`, as the file is called so"
                self._say("note", "effective-nic", text, record.place)
            return named[0]
        if record.type == RULES and said["isSure"] and "/" in wanted:
            return None  # the groups name what they are attached to
        if named:
            what = f"several network interfaces are called `{wanted}`"
        elif said["isSure"]:
            what = f"there is no network interface `{wanted}` in the input"
        else:
            what = "the file does not tell of which network interface it is"
        self._unused(f"{what}: its effective {'rules' if record.type == RULES else 'routes'}", record.place)
        return None

    # Rules

    def _lay_rules(self, record: Record, nic: Record | None) -> None:
        for group in record.properties["groups"]:
            nsg = str(group["nsg"])
            if group.get("manager") and not nsg:
                self._lay_admin(group, nic, record.place)
            if not nsg:
                continue
            subnet = str(group["subnet"])
            if subnet:
                self._attach(key_of(subnet), _SUBNET, subnet, nsg, record.place)
            elif nic is not None:
                self._attach(nic.id, _NIC, nic.shown_id, nsg, record.place)
            self._lay_group(nsg, group["rules"], record.place, nic.name if nic is not None else "")

    def _lay_admin(self, group: dict[str, Any], nic: Record | None, place: Place) -> None:
        """Admin rules hold for whole VNets: those of an interface are those of its VNet, deployed as they are.

        https://learn.microsoft.com/azure/virtual-network-manager/concept-security-admins
        """
        subnet = key_of(str(group["subnet"])) if group["subnet"] else ""
        if not subnet and nic is not None:
            found = self._subnet_of(nic)
            subnet = found.id if found is not None else ""
        vnet = subnet.rpartition("/subnets/")[0]
        manager = str(group["manager"])
        if any(record.type.startswith(_ADMIN) for record in self.records.values()):
            text = (
                "effective rules of a network manager are not compared with its configurations in the input"
            )
            self._say("note", "effective-admin", text, place)
            return
        if not vnet:
            self._unused(
                "the input does not tell the VNet of the interface: effective rules of a network manager",
                place,
            )
            return
        self._put_admin(manager, vnet, group["rules"], place)

    def _put_admin(self, manager: str, vnet: str, rules: list[dict[str, Any]], place: Place) -> None:
        """A configuration with the rules, deployed to one VNet."""
        name = f"effective-{vnet.rpartition('/')[2]}"
        applied = {"networkGroupId": f"{manager}/networkGroups/{name}"}
        collection = f"{manager}/securityAdminConfigurations/{name}/ruleCollections/{name}"
        told: list[dict[str, Any]] = [
            {"id": applied["networkGroupId"], "type": _MANAGER + "/networkgroups",
             "properties": {"memberType": "VirtualNetwork", "staticMembers": [
                 {"name": "vnet", "properties": {"resourceId": vnet}}]}},
            {"id": collection.partition("/ruleCollections/")[0], "type": _ADMIN, "properties": {"deployed": True}},
            {"id": collection, "type": _ADMIN + "/rulecollections", "properties": {
                "appliesToGroups": [applied], "rules": [
                    {"name": rule["name"] or str(number), "kind": "Custom", "properties": _as_admin(rule["properties"])}
                    for number, rule in enumerate(rules)]}},
        ]  # fmt: skip
        for each in told:
            self._put(records_of({**each, "name": name}, place))

    def _attach(self, rid: str, kind: str, shown: str, nsg: str, place: Place) -> None:
        known = self.records.get(rid)
        if known is None:
            told = {"id": shown, "type": kind, "name": shown.rpartition("/")[2], FRAGMENT: True, UNTOLD: True,
                    "properties": {"networkSecurityGroup": {"id": nsg}}}  # fmt: skip
            self._put(records_of(told, place))
            return
        had = known.properties.get("networkSecurityGroup")
        had_id = key_of(str(had.get("id") or "")) if isinstance(had, Mapping) else ""
        if had_id == key_of(nsg):
            return
        if not known.envelope.get(UNTOLD):
            was = f"`{had_id.rpartition('/')[2]}`" if had_id else "none"
            text = f"`{known.name}` has the NSG `{nsg.rpartition('/')[2]}`, and {was} in the input"
            self._differ(text, place, known.place)
        self.records[rid] = replace(
            known, properties={**known.properties, "networkSecurityGroup": {"id": nsg}}
        )

    def _lay_group(self, nsg: str, rules: list[dict[str, Any]], place: Place, nic: str) -> None:
        rid = key_of(nsg)
        known = self.records.get(rid)
        own = {rule["name"].lower(): rule for rule in rules if not rule["isDefault"]}
        ours = {record.name.lower(): record for record in self._children(rid, "securityrules")}
        whose = f"the effective rules of `{nic}`" if nic else "the effective rules"
        if known is not None and self._is_told(known, "securityRules"):
            different = sorted(
                {name for name in own.keys() | ours.keys() if not _same(own.get(name), ours.get(name))}
            )
            if not different:
                self._say(
                    "note", "effective-confirms", f"{whose} confirm the NSG `{known.name}`", known.place
                )
                return
            listed = ", ".join(f"`{name}`" for name in different[:5]) + (" ..." if len(different) > 5 else "")
            self._differ(f"{whose} differ from the NSG `{known.name}` in {listed}", place, known.place)
        self._replace_children(rid, nsg, known, rules, place)

    def _is_told(self, record: Record, collection: str) -> bool:
        is_named = bool(record.envelope.keys() & {NAME_ONLY, UNTOLD})
        return not is_named and isinstance(record.properties.get(collection), list)

    def _replace_children(
        self, rid: str, shown: str, known: Record | None, rules: list[dict[str, Any]], place: Place
    ) -> None:
        for segment in ("securityrules", "defaultsecurityrules"):
            for child in list(self._children(rid, segment)):
                if segment == "securityrules" or any(rule["isDefault"] for rule in rules):
                    del self.records[child.id]
        collections: dict[str, list[dict[str, Any]]] = {"securityRules": []}
        for rule in rules:
            name = "defaultSecurityRules" if rule["isDefault"] else "securityRules"
            properties = {key: value for key, value in rule["properties"].items() if value not in (None, [])}
            collections.setdefault(name, []).append({"name": rule["name"], "properties": properties})
        had = known or Record(rid, _NSG, shown.rpartition("/")[2], {})
        beside = {key: value for key, value in had.properties.items() if key not in collections}
        told = {"id": shown, "name": had.name, "type": _NSG, "location": had.location,
                "properties": {**beside, **collections}}  # fmt: skip
        places = {rule["name"].lower(): rule["place"] for rule in rules}
        first, *children = records_of(told, place)
        self.records[rid] = replace(first, place=known.place if known is not None else place)
        for child in children:
            self.records[child.id] = replace(child, place=places.get(child.name.lower(), place))

    # Routes

    def _lay_routes(self, record: Record, nic: Record) -> None:
        subnet = self._subnet_of(nic)
        if subnet is None:
            self._unused(
                f"the input does not tell the subnet of `{nic.name}`: its effective routes", record.place
            )
            return
        active = [r for r in record.properties["routes"] if r["state"].lower() in ("active", "")]
        stated = {
            _route_key(prefix, r) for r in active if r["source"].lower() == "user" for prefix in r["prefixes"]
        }
        learnt = [r for r in active if r["source"].lower() == "virtualnetworkgateway"]
        table = self._table_of(subnet)
        whose = f"the effective routes of `{nic.name}`"
        if table is not None and self._is_told(table, "routes"):
            ours = {_own_key(child) for child in self._children(table.id, "routes")}
            if ours == stated:
                self._say(
                    "note",
                    "effective-confirms",
                    f"{whose} confirm the route table `{table.name}`",
                    table.place,
                )
            else:
                odd = ", ".join(sorted({f"`{prefix}`" for prefix, _, _ in ours ^ stated})[:5])
                self._differ(
                    f"{whose} differ from the route table `{table.name}` in {odd}", record.place, table.place
                )
            if ours == stated and not learnt:
                return
        elif not stated and not learnt and table is None:
            return
        self._route(subnet, table, active, record.place)

    def _route(
        self, subnet: Record, table: Record | None, active: list[dict[str, Any]], place: Place
    ) -> None:
        """Gives the subnet a route table of its own with every active route that a route table can say."""
        listed, places = [], {}
        for route in active:
            hop = _ROUTED.get(route["nextHopType"].lower().replace(" ", ""))
            if hop is None or route["source"].lower() not in ("user", "virtualnetworkgateway"):
                continue
            for prefix in route["prefixes"]:
                word = route["name"] or ("learnt" if route["source"].lower() != "user" else "route")
                name = f"{word} {prefix}".replace("/", "-")
                said = {"addressPrefix": prefix, "nextHopType": hop}
                if hop == "VirtualAppliance" and route["nextHops"]:
                    said["nextHopIpAddress"] = route["nextHops"][0]
                listed.append({"name": name, "properties": said})
                places[name.lower()] = route["place"]
        group = subnet.shown_id.partition("/providers/")[0]
        shown = f"{group}/providers/Microsoft.Network/routeTables/effective-{subnet.name}"
        told = {"id": shown, "type": _TABLE, "name": table.name if table is not None else "effective routes",
                "properties": {"routes": listed, "disableBgpRoutePropagation": True}}  # fmt: skip
        first, *children = records_of(told, place)
        self.records[first.id] = first
        for child in children:
            self.records[child.id] = replace(child, place=places.get(child.name.lower(), place))
        self.records[subnet.id] = replace(
            subnet, properties={**subnet.properties, "routeTable": {"id": shown}}
        )
        if table is not None and isinstance(used := table.properties.get("subnets"), list):
            kept = [
                each
                for each in used
                if not isinstance(each, Mapping) or key_of(str(each.get("id"))) != subnet.id
            ]
            self.records[table.id] = replace(table, properties={**table.properties, "subnets": kept})

    def _subnet_of(self, nic: Record) -> Record | None:
        for configuration in nic.properties.get("ipConfigurations") or ():
            properties = configuration.get("properties") if isinstance(configuration, Mapping) else None
            subnet = properties.get("subnet") if isinstance(properties, Mapping) else None
            if isinstance(subnet, Mapping) and isinstance(subnet.get("id"), str):
                return self.records.get(key_of(subnet["id"]))
        return None

    def _table_of(self, subnet: Record) -> Record | None:
        named = subnet.properties.get("routeTable")
        if isinstance(named, Mapping) and isinstance(named.get("id"), str):
            rid = key_of(named["id"])
            return self.records.get(rid) or Record(
                rid, _TABLE, named["id"].rpartition("/")[2], {}, envelope={UNTOLD: True}
            )
        for record in self.records.values():
            used = record.properties.get("subnets") if record.type == _TABLE else None
            listed = used if isinstance(used, list) else ()
            if any(isinstance(e, Mapping) and key_of(str(e.get("id"))) == subnet.id for e in listed):
                return record
        return None

    # Both

    def _children(self, rid: str, segment: str) -> Iterable[Record]:
        head = f"{rid}/{segment}/"
        return [record for record in self.records.values() if record.id.startswith(head)]

    def _put(self, records: Iterator[Record]) -> None:
        for record in records:
            self.records.setdefault(record.id, record)

    def _differ(self, text: str, place: Place, other: Place) -> None:
        message = f"{text}: what is effective counts"
        told = Diagnostic("warning", "effective-differs", message, place, related=(("the input's", other),))
        self.diagnostics.append(told)

    def _unused(self, text: str, place: Place) -> None:
        self._say(
            "warning", "effective-nic", f"{text} are not used", place, "say it with --effective NIC=FILE"
        )

    def _say(self, severity: Any, code: str, text: str, place: Place, *hints: str) -> None:
        self.diagnostics.append(Diagnostic(severity, code, text, place, hints))


def _as_admin(p: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of an effective rule as those of an admin rule."""
    return {
        "access": p.get("access"), "direction": p.get("direction"), "priority": p.get("priority"),
        "protocol": "Any" if p.get("protocol") == "*" else p.get("protocol"),
        "sources": [{"addressPrefix": text} for text in p.get("sourceAddressPrefixes") or ()],
        "destinations": [{"addressPrefix": text} for text in p.get("destinationAddressPrefixes") or ()],
        "sourcePortRanges": p.get("sourcePortRanges") or ["*"],
        "destinationPortRanges": p.get("destinationPortRanges") or ["*"],
    }  # fmt: skip


def _same(effective: Mapping[str, Any] | None, ours: Record | None) -> bool:
    """Whether both say the same; ASGs are told as addresses by one of them, and are not compared."""
    if effective is None or ours is None:
        return False
    theirs, own = effective["properties"], ours.properties
    for name in ("access", "direction", "priority", "protocol"):
        if str(theirs.get(name) or "").lower() != str(own.get(name) or "").lower():
            return False
    for side in ("source", "destination"):
        if set(theirs.get(f"{side}PortRanges") or ()) != _all_of(own, f"{side}PortRange"):
            return False
        addresses = {_bare(text) for text in _all_of(own, f"{side}AddressPrefix")}
        has_groups = bool(own.get(f"{side}ApplicationSecurityGroups"))
        if not has_groups and {_bare(text) for text in effective["told"][side]} != addresses:
            return False
    return True


def _all_of(properties: Mapping[str, Any], name: str) -> set[str]:
    several = properties.get(f"{name}es" if name.endswith("Prefix") else f"{name}s")
    found = {text for text in several if isinstance(text, str)} if isinstance(several, list) else set()
    one = properties.get(name)
    return found or ({one} if isinstance(one, str) and one else set())


def _bare(prefix: str) -> str:
    folded = prefix.lower().removesuffix("/32")
    return "*" if folded in ("0.0.0.0/0", "any", "::/0") else folded


def _route_key(prefix: str, route: Mapping[str, Any]) -> tuple[str, str, str]:
    hop = _ROUTED.get(route["nextHopType"].lower().replace(" ", ""), route["nextHopType"])
    return (
        prefix,
        hop.lower(),
        route["nextHops"][0] if route["nextHops"] and hop == "VirtualAppliance" else "",
    )


def _own_key(child: Record) -> tuple[str, str, str]:
    hop = str(child.properties.get("nextHopType") or "")
    address = str(child.properties.get("nextHopIpAddress") or "") if hop == "VirtualAppliance" else ""
    return str(child.properties.get("addressPrefix") or ""), hop.lower(), address
