"""What load balancers and application gateways share: frontends, pools, and the names of their parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.author.book import Book, Kept, one_or_many
from diagramgen.author.machines import elsewhere, is_lent
from diagramgen.author.members import members_of
from diagramgen.author.places import Thing
from diagramgen.author.values import Json, addresses, body, entries
from diagramgen.model.references import key, last_segment


def named(value: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The parts of a list by their names, with what each says."""
    for number, part in enumerate(entries(value), 1):
        name = part.get("name") or last_segment(key(part)) or f"part{number}"
        yield str(name), body(part)


def folded(parts: object) -> dict[str, Mapping[str, Any]]:
    """The parts of a list by their names in lower case."""
    return {name.lower(): part for name, part in named(parts)}


class Parts:
    """The parts of a balancer or gateway, by the names that it gives them."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self._names = {
            (field.lower(), name.lower()): name
            for field, parts in properties.items()
            for name, _ in (named(parts) if isinstance(parts, list | tuple) else ())
        }
        fronts = [name for field, name in self._names if field == "frontendipconfigurations"]
        self._alone = fronts[0] if len(fronts) == 1 else ""

    def of(self, reference: object) -> str:
        """The name of the part that a reference means."""
        told = reference.get("id") if isinstance(reference, Mapping) else reference
        steps = told.strip("/").split("/") if isinstance(told, str) else []
        if len(steps) < 2:
            return steps[0] if steps else ""
        return self._names.get((steps[-2].lower(), steps[-1].lower()), steps[-1])

    def front(self, p: Mapping[str, Any]) -> str:
        """The frontend of a rule or listener; none where there is no other."""
        name = self.of(p.get("frontendIPConfiguration"))
        return "" if name.lower() == self._alone else name


def _frontends(thing: Thing, book: Book) -> Json:
    found: Json = {}
    for name, p in named(thing.resource.properties.get("frontendIPConfigurations")):
        fields: Json = {}
        if (ip := book.name(key(p.get("publicIPAddress")), ("public_ip",))) is not None:
            fields["public_ip"] = ip
        elif (prefix := book.name(key(p.get("publicIPPrefix")), ("public_ip_prefix",))) is not None:
            fields["public_ip_prefix"] = prefix
        else:
            if (subnet := elsewhere(key(p.get("subnet")), thing, book)) is not None:
                fields["subnet"] = subnet
            if (told := addresses(p.get("privateIPAddress"))) and not is_lent(p, book):
                fields["ip"] = told[0]
        found[name] = fields
    return found


def write_frontends(thing: Thing, book: Book, public: str, private: str) -> None:
    """Says the frontends, in few words where they are called as they are without being told."""
    listed = thing.resource.properties.get("frontendIPConfigurations")
    fronts = _frontends(thing, book)
    ips = [key(p.get("publicIPAddress")) for _, p in named(listed) if p.get("publicIPAddress")]
    usual = [public.format(number) for number, _ in enumerate(ips, 1)]
    inner = [name for name in fronts if name not in usual]
    may_be_both = private == "private"
    is_usual = (
        [*inner, *usual] == list(fronts)
        and inner in ([], [private])
        and (may_be_both or not (inner and usual))
    )
    if fronts and is_usual and not any("subnet" in fields for fields in fronts.values()):
        if (said := book.public_ips(ips, thing.id)) is not None:
            thing.entry["public_ip"] = said
        if inner and "ip" in fronts[private]:
            thing.entry["ip"] = fronts[private]["ip"]
    elif isinstance(listed, list | tuple):
        thing.entry["frontends"] = Kept(fronts)


def write_pools(thing: Thing, book: Book) -> None:
    """Says what is in the pools; the only one may go without saying its name."""
    pools = {}
    for name, pool in named(thing.resource.properties.get("backendAddressPools")):
        listed = members_of(f"{thing.id}/backendaddresspools/{name}".lower(), pool, book)
        pools[name] = one_or_many(listed) if listed else []
    if set(pools) == {"backends"} and pools["backends"]:
        thing.entry["backends"] = pools["backends"]
    elif pools:
        thing.entry["pools"] = pools


def told(fields: Json) -> Json:
    """Fields without those that say nothing."""
    return {name: value for name, value in fields.items() if value not in (None, "")}
