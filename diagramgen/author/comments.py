"""The comments of a spec: from what it was made, what is not in it, and who has the addresses in rules and routes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from diagramgen.author.book import Book
from diagramgen.author.values import Json
from diagramgen.model.references import strings
from diagramgen.model.topology import Resource
from diagramgen.read.unknown import is_unknown

MOST_NAMED = 4
"""How many things of a kind a comment names."""
_LONGEST = 110
_MEANS = {
    "unknown": "What is not said here is unknown, and not Azure's default.",
    "planned": "It is not deployed yet: what is not said here is Azure's default then.",
}
_ACRONYMS = {
    "nsgs": "NSGs", "asgs": "ASGs", "vnets": "VNets", "public_ips": "public IPs", "waf_policies": "WAF policies",
    "public_ip_prefixes": "public IP prefixes", "private_dns_zones": "private DNS zones", "ddos_plans": "DDoS plans",
    "nat_gateways": "NAT gateways", "ip_groups": "IP groups",
}  # fmt: skip
_MARK = re.compile(r"\{[^{}]+\}")


def head_of(book: Book, formats: Mapping[str, str], secrets: Mapping[str, int]) -> list[str]:
    """The lines that stand above everything."""
    said = [
        _source(formats),
        _MEANS.get(book.unsaid, ""),
        _list("Only named, and outside of it:", _outside(book)),
        _list("Not known before it is deployed:" if book.unsaid == "planned" else "Not known:", _marks(book)),
        _list("Left out, as neither a drawing nor a verdict depends on it:", _left_out(book)),
        _list("Not understood, and left out:", _counted(book.topology.unknown)),
        _secrets(sum(secrets.values())),
    ]
    return [line for text in said if text for line in _wrapped(text)]


def _source(formats: Mapping[str, str]) -> str:
    names = sorted({PurePath(name).name for name in formats})
    if not names or set(formats.values()) <= {"spec", "overlay"}:
        return ""
    kinds = sorted({kind for kind in formats.values() if kind not in ("spec", "overlay")})
    files = names[0] if len(names) == 1 else f"{len(names)} files"
    return f"Made from {_line(files)} ({', '.join(kinds)})."


def _secrets(count: int) -> str:
    return f"{count} {'secrets are' if count > 1 else 'secret is'} left out." if count else ""


def _list(what: str, found: Iterator[str] | list[str]) -> str:
    named = list(found)
    return f"{what} {', '.join(named)}." if named else ""


def _outside(book: Book) -> Iterator[str]:
    """What is only named, by its collection."""
    counts = Counter(thing.collection for thing in book.things.values() if thing.resource.is_outside)
    for collection, count in sorted(counts.items()):
        name = _ACRONYMS.get(collection, collection.replace("_", " "))
        yield f"{count} {name if count > 1 else _singular(name)}"


def _singular(name: str) -> str:
    return name[:-3] + "y" if name.endswith("ies") else name[:-1] if name.endswith("s") else name


def _marks(book: Book) -> Iterator[str]:
    """The values that are not known, the most frequent first."""
    counts: Counter[str] = Counter()
    for _, text in strings(book.document):
        if is_unknown(text):
            counts.update(_MARK.findall(text))
    names = sorted(counts, key=lambda mark: (-counts[mark], mark))
    yield from (_line(name) for name in names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        yield f"and {len(names) - MOST_NAMED} more"


def _left_out(book: Book) -> Iterator[str]:
    """The resources that the spec does not tell of, by type, and what is beside resources."""
    counts: Counter[str] = Counter()
    tagged = 0
    for resource in book.topology.resources.values():
        tagged += bool(resource.envelope.get("tags")) and not book.keeps_tags
        is_told = resource.id in book.renamed or resource.id in book.told or resource.is_ghost
        is_known = resource.type not in book.topology.unknown
        if is_known and not is_told and not resource.type.endswith("/defaultsecurityrules"):
            counts[_shown(resource)] += 1
    yield from _counted(counts)
    if tagged:
        yield f"the tags of {tagged} {'things' if tagged > 1 else 'thing'}"


def _shown(resource: Resource) -> str:
    return resource.type.removeprefix("microsoft.")


def _counted(counts: Mapping[str, int]) -> Iterator[str]:
    names = sorted(counts, key=lambda name: (-counts[name], name))
    yield from (f"{counts[name]} {_line(name)}" for name in names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        yield f"and {sum(counts[name] for name in names[MOST_NAMED:])} others"


def _wrapped(text: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= _LONGEST:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
    yield line


# Beside lines


def remark(book: Book) -> None:
    """Says beside rules and routes who has the addresses in them, and what their authors say of them."""
    owners = _owners(book)
    for rid, entry in book.entries.items():
        resource = book.resource(rid)
        if resource is None:
            continue
        if resource.type.endswith(("/securityrules", "/routes")):
            note = resource.properties.get("description")
            said = [_line(note)] if isinstance(note, str) and note.strip() else []
            if told := [*said, *dict.fromkeys(_holders(entry, owners))]:
                book.remarks[id(entry), ""] = "; ".join(told)
        elif servers := [owners[ip] for ip in _listed(entry.get("dns_servers")) if ip in owners]:
            book.remarks[id(entry), "dns_servers"] = ", ".join(servers)


def _line(text: str) -> str:
    """A text of any shape on one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _holders(entry: Json, owners: Mapping[str, str]) -> Iterator[str]:
    """Who has the single addresses that a rule or route names."""
    yield from (owners[hop] for hop in _listed(entry.get("next")) if hop in owners)
    for text in (*_listed(entry.get("source")), *_listed(entry.get("destination"))):
        if (address := text.removesuffix("/32")) in owners:
            yield f"{address} is {owners[address]}"


def _listed(value: object) -> list[str]:
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _owners(book: Book) -> Mapping[str, str]:
    """The thing that alone has a private address, by the address."""
    found: dict[str, set[str]] = defaultdict(set)
    for thing in book.of("resources", "firewall"):
        owner = thing.name if thing.collection == "resources" or thing.parent is None else thing.parent.name
        for address in _own_addresses(thing.entry):
            found[address].add(owner)
    return {address: _line(names.pop()) for address, names in found.items() if len(names) == 1}


def _own_addresses(entry: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(ip := entry.get("ip"), str) and not is_unknown(ip):
        yield ip
    for field in ("nics", "ip_configurations", "frontends"):
        inner = entry.get(field)
        for each in inner.values() if isinstance(inner, Mapping) else ():
            yield from _own_addresses(each) if isinstance(each, Mapping) else ()
