"""The inventory: what was read and what is missing, so that nothing is ignored in silence.

Counts are of what the input tells itself; what it only refers to is listed apart, with who refers to it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from diagramgen.model.kinds import KINDS
from diagramgen.model.references import strings, type_of_id
from diagramgen.model.topology import Resource, Topology
from diagramgen.read.brief import readable
from diagramgen.read.record import Reading, key_of
from diagramgen.read.render_diagnostics import make_visible

INCOMPLETE = frozenset({"incomplete-export", "names-only", "no-properties"})
"""Codes of diagnostics that say that a part of an export is missing."""
MOST_LISTED = 20
"""How many things of a list the text names before it counts the rest."""

T = TypeVar("T")
_MARK = re.compile(r"\{[^{}]+\}")


class Outside(NamedTuple):
    """Something that the input refers to and does not hold. `by` are the ids of what refers to it, sorted."""

    id: str
    type: str
    by: tuple[str, ...]


class Inventory(NamedTuple):
    """What was read. `files` gives the format of each file, `held` the records that came of it alone or first.
    `outside` lists what a network is made of, `outside_others` counts the rest (disks ...) by ARM type. `counts` and
    `not_understood` count resources by ARM type; `unknown_values` counts where values stand that nobody
    knows offline, by their mark; `secrets` those that were left out, by file."""

    files: Mapping[str, str]
    held: Mapping[str, int]
    counts: Mapping[str, int]
    not_understood: Mapping[str, int]
    incomplete: tuple[str, ...]
    outside: tuple[Outside, ...]
    outside_others: Mapping[str, int]
    unknown_values: Mapping[str, int]
    secrets: Mapping[str, int]


def take_inventory(reading: Reading, topology: Topology) -> Inventory:
    """The inventory of what was read."""
    held = Counter(record.place.source for record in reading.records)
    told = [resource for resource in topology.resources.values() if not resource.is_outside]
    outside = tuple(_outside(topology))
    return Inventory(
        files=dict(sorted(reading.formats.items())),
        held={name: held.get(name, 0) for name in sorted(reading.formats)},
        counts=_sorted(Counter(resource.type for resource in told if resource.type in KINDS)),
        not_understood=_sorted(Counter(topology.unknown)),
        incomplete=tuple(d.message for d in reading.diagnostics if d.code in INCOMPLETE),
        outside=tuple(each for each in outside if each.type in KINDS),
        outside_others=_sorted(Counter(each.type for each in outside if each.type not in KINDS)),
        unknown_values=_sorted(Counter(_marks(told))),
        secrets=dict(sorted(reading.secrets.items())),
    )


def inventory_json(inventory: Inventory) -> str:
    """The inventory as JSON, indented, with a line break at its end."""
    told = inventory._asdict() | {"outside": [each._asdict() for each in inventory.outside]}
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"


def inventory_text(inventory: Inventory) -> str:
    """The inventory for a person, with a line break at its end."""
    return "\n".join(make_visible(line) for line in _lines(inventory)) + "\n"


def _lines(inventory: Inventory) -> Iterator[str]:
    files = inventory.files
    yield f"{len(files)} file{'s' if len(files) != 1 else ''} read"
    for name, form in _first(files.items()):
        yield f"  {name}: {form}, {inventory.held[name]} records"
    yield from _more(len(files))
    yield ""
    yield "Holds"
    for kind, number in inventory.counts.items():
        yield f"  {number:6} {KINDS[kind].label} ({kind})"
    for title, counted in (
        ("Not understood", inventory.not_understood),
        ("Values that the input does not tell", _briefly(inventory.unknown_values)),
        ("Secrets left out", inventory.secrets),
    ):
        if counted:
            yield ""
            yield title
            yield from (f"  {number:6} {name}" for name, number in _first(counted.items()))
            yield from _more(len(counted))
    if inventory.incomplete:
        yield ""
        yield "Missing"
        yield from (f"  {message}" for message in inventory.incomplete)
    if inventory.outside:
        yield ""
        yield "Referred to, and not in the input"
        for each in _first(inventory.outside):
            yield f"  {each.id}"
            shown = ", ".join(rid.rsplit("/", 1)[-1] for rid in each.by[:3])
            more = f" and {len(each.by) - 3} more" if len(each.by) > 3 else ""
            if shown:
                yield f"         by {shown}{more}"
        yield from _more(len(inventory.outside))
    if inventory.outside_others:
        yield ""
        yield "Referred to besides, which no drawing shows"
        yield from (f"  {number:6} {name}" for name, number in inventory.outside_others.items())


def _briefly(counted: Mapping[str, int]) -> dict[str, int]:
    """Unknown values as people read them, those that read alike but for case together; the most frequent first."""
    found: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for name, number in counted.items():
        brief = readable(name)
        found[spelled.setdefault(brief.lower(), brief)] += number
    return _sorted(found)


def _first(things: Iterable[T]) -> list[T]:
    return list(things)[:MOST_LISTED]


def _more(number: int) -> Iterator[str]:
    if number > MOST_LISTED:
        yield f"         and {number - MOST_LISTED} more: `--format json` has all of them"


def _outside(topology: Topology) -> Iterator[Outside]:
    known = {rid for rid, resource in topology.resources.items() if not resource.is_outside}
    by: dict[str, set[str]] = {rid: set() for rid in topology.resources.keys() - known}
    for resource in topology.resources.values():
        if resource.parent in by:
            by[resource.parent].add(resource.id)
        for _, text in strings(resource.properties):
            if (
                text.startswith("/")
                and "/providers/" in text.lower()
                and (missing := _missing(key_of(text), known))
            ):
                by.setdefault(missing, set()).add(resource.id)
    for rid in sorted(by):
        ghost = topology.resources.get(rid)
        yield Outside(rid, ghost.type if ghost is not None else type_of_id(rid), tuple(sorted(by[rid])))


def _missing(rid: str, known: set[str]) -> str:
    """The id itself, or "" where it, or what it is a part of (an IP configuration of a NIC), is known."""
    kind = type_of_id(rid)
    if not kind:
        return ""
    at = rid
    for _ in range(kind.count("/")):
        if at in known:
            return ""
        at = at.rsplit("/", 2)[0]
    return rid if kind in KINDS else _top(rid)


def _top(rid: str) -> str:
    """The resource of which an id names a part.

    >>> _top("/subscriptions/s/resourcegroups/g/providers/microsoft.network/networkinterfaces/n/ipconfigurations/i")
    '/subscriptions/s/resourcegroups/g/providers/microsoft.network/networkinterfaces/n'
    """
    head, _, tail = rid.rpartition("/providers/")
    return f"{head}/providers/{'/'.join(tail.split('/')[:3])}"


def _marks(resources: Iterable[Resource]) -> Iterator[str]:
    """The marks in values; text of several lines is a script or document, whose braces are its own."""
    for resource in resources:
        for _, text in strings(resource.properties):
            if "{" in text and "\n" not in text:
                yield from _MARK.findall(text)


def _sorted(counted: Counter[str]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))
