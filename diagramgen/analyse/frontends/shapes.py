"""How properties of any shape are read: null, a text for a list, a number as a text give nothing, never an error.

Parts of a resource (listeners, pools, rules ...) are known by their names: a reference's last segment is that of
one part, whatever case or form the id has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.analyse.frontends.entries import Sku
from diagramgen.located import NOWHERE, Place
from diagramgen.model.references import key, last_segment
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import NO_RANGES, TCP, TCP_PORTS, UDP, UDP_PORTS, Ranges, union

TCP_AND_UDP: Ranges = union(TCP_PORTS, UDP_PORTS)
HTTP: Ranges = ((TCP + 80, TCP + 80),)
HTTPS: Ranges = ((TCP + 443, TCP + 443),)
WEB: Ranges = union(HTTP, HTTPS)


def listed(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def numbered(value: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a list with their positions in it."""
    if isinstance(value, list | tuple):
        yield from ((at, item) for at, item in enumerate(value) if isinstance(item, Mapping))


def mapping(value: object) -> Mapping[str, Any]:
    """An object; an empty one where it is none."""
    return value if isinstance(value, Mapping) else {}


def body(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of a part: those below `properties`, else its own."""
    inner = item.get("properties")
    return inner if isinstance(inner, Mapping) else item


def text(value: object) -> str:
    """A text without blanks at its ends; "" where it is none."""
    return value.strip() if isinstance(value, str) else ""


def word(value: object) -> str:
    """A text in lower case, as Azure compares its words without case."""
    return text(value).lower()


def texts(value: object) -> tuple[str, ...]:
    """The texts of a list; a text alone counts as a list of one."""
    if isinstance(value, str):
        value = (value,)
    return tuple(filter(None, map(text, value))) if isinstance(value, list | tuple) else ()


def port_number(value: object) -> int | None:
    """A port, also where it is written as a text; None for anything else.

    >>> port_number("443"), port_number(70000), port_number(True)
    (443, None, None)
    """
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 9:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 65536 else None


def ports(protocol: str, first: int | None, last: int | None = None) -> Ranges:
    """The services of a balancer's protocol word and ports; none where one cannot be read.

    >>> ports("udp", 53)
    ((65589, 65589),)
    """
    if first is None:
        return NO_RANGES
    last = first if last is None else last
    tcp: Ranges = ((TCP + first, TCP + last),) if first <= last else NO_RANGES
    udp: Ranges = ((UDP + first, UDP + last),) if first <= last else NO_RANGES
    match protocol:
        case "tcp" | "http" | "https" | "tls" | "":
            return tcp
        case "udp":
            return udp
        case "all" | "any" | "*":
            return TCP_AND_UDP if first == last == 0 else union(tcp, udp)
        case _:
            return NO_RANGES


def named(items: object, reference: object) -> Mapping[str, Any] | None:
    """The part of a resource that a reference means, by its name: names are unique within a collection."""
    wanted = last_segment(key(reference))
    return next((item for item in listed(items) if wanted and part_name(item) == wanted), None)


def part_name(item: Mapping[str, Any]) -> str:
    """The name of a part in lower case, from its name or its id."""
    return word(item.get("name")) or last_segment(key(item))


def part_id(owner: str, collection: str, item: Mapping[str, Any]) -> str:
    """The id of a part: its own, else made of its owner's and its name."""
    return key(item) or f"{owner}/{collection}/{part_name(item)}"


def sku_of(value: object) -> Sku:
    """The SKU of a public address or balancer from `sku`, which is an object or a word.

    >>> sku_of({"name": "StandardV2"}), sku_of("Basic"), sku_of(None)
    ('standard', 'basic', 'unknown')
    """
    name = word(value.get("name") if isinstance(value, Mapping) else value)
    if name.startswith("standard"):
        return "standard"
    return "basic" if name == "basic" else "unknown"


def is_of_spec(resource: Resource) -> bool:
    """Whether a spec wrote the resource. A spec says less than Azure: no rules of balancers, no listeners."""
    return not resource.is_exported


def place_of(resource: Resource, *path: str | int) -> Place:
    """The place of a property; the resource's own for a spec, whose files have no such paths."""
    place = resource.place
    if (own := resource.places.get("/".join(map(str, path)))) is not None:
        return own
    if not resource.id.startswith("/") or place is NOWHERE:
        return place
    for step in ("properties", *path):
        place = place / step
    return place
