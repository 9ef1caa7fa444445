"""Lines: the lists of a service's firewall -> entries, whatever the service calls its fields.

Address rules are a text or have one of several keys; subnet rules name the subnet in one of several places. What
cannot be read may let anyone in, so it leaves a doubt and is told as an error, never dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from diagramgen.analyse.addresses import PRIVATE
from diagramgen.analyse.paas.answers import ANY_SUBNET, BROAD_SIZE, PUBLIC_IPV4, Answer, Entry, Gate
from diagramgen.analyse.paas.subject import Subject, place_of
from diagramgen.analyse.verdicts import Evidence, Rule
from diagramgen.located import Key
from diagramgen.model.references import at, key, last_segment
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import ADDRESSES, Ranges, covers, intersection, parse_addresses, size

_ADDRESS_KEYS = ("value", "ipMask", "ipAddressOrRange", "ipAddress", "addressPrefix", "cidr")
_FIRST_KEYS = ("startIpAddress", "startIPAddress", "startIP", "startIPv6Address")
_LAST_KEYS = ("endIpAddress", "endIPAddress", "endIP", "endIPv6Address")
_SUBNET_KEYS = ("id", "virtualNetworkResourceId", "virtualNetworkSubnetId", "subnet", "vnetSubnetResourceId")
_NOTHING = "0.0.0.0"


class Lines(NamedTuple):
    """Entries in order, what was wrong with some, and ranges that are named without effect."""

    entries: tuple[Entry, ...] = ()
    errors: tuple[Evidence, ...] = ()
    refused: tuple[tuple[Ranges, Rule], ...] = ()

    def before(self, otherwise: Answer) -> Gate:
        """The gate that has these lines, and this answer for who matches none."""
        return Gate(otherwise, self.entries, None, self.errors, self.refused)


def joined(*parts: Lines) -> Lines:
    """Several lists of lines as one, in their order."""
    return Lines(
        tuple(entry for part in parts for entry in part.entries),
        tuple(error for part in parts for error in part.errors),
        tuple(ranges for part in parts for ranges in part.refused),
    )


def address_lines(
    subject: Subject, items: object, *path: Key, own: Resource | None = None, knows_azure: bool = False
) -> Lines:
    """The entries of a list of address rules at a path of the properties; None is an empty list.

    `own` is the child resource that holds the list, where it is not the service itself. `knows_azure`: 0.0.0.0 stands
    for every address in Azure, of any tenant:
    https://learn.microsoft.com/azure/azure-sql/database/firewall-configure#connections-from-inside-azure
    """
    if items is None:
        return Lines()
    if isinstance(items, str):
        items = [text for text in items.split(",") if text.strip()]
    if not isinstance(items, list | tuple):
        return unreadable(subject, f"`{path[-1]}` is no list", *path, own=own)
    return joined(
        *(address_line(subject, item, *path, number, own=own, knows_azure=knows_azure)
          for number, item in enumerate(items))
    )  # fmt: skip


def child_address_lines(subject: Subject, children: tuple[Resource, ...], knows_azure: bool) -> Lines:
    """The entries of firewall rules that are resources of their own."""
    found = (
        address_line(subject, child.properties, own=child, knows_azure=knows_azure) for child in children
    )
    return joined(*found)


def subnet_lines(subject: Subject, items: object, *path: Key, own: Resource | None = None) -> Lines:
    """The entries of a list of subnet rules at a path of the properties; None is an empty list."""
    if items is None:
        return Lines()
    if not isinstance(items, list | tuple):
        return unreadable(subject, f"`{path[-1]}` is no list", *path, own=own)
    return joined(*(subnet_line(subject, item, *path, number, own=own) for number, item in enumerate(items)))


def subnet_line(subject: Subject, item: object, *path: Key, own: Resource | None = None) -> Lines:
    """The entry of one subnet rule; one whose `state` says that it does not work (yet) may have no effect.

    https://learn.microsoft.com/rest/api/storagerp/storage-accounts/get-properties#state
    """
    subnet = next((found for name in _SUBNET_KEYS if (found := key(at(item, name)))), key(item))
    if not subnet:
        return unreadable(subject, "a subnet rule names no subnet", *path, own=own)
    told = at(item, "state")
    state = told.lower() if isinstance(told, str) else ""
    if state == "networksourcedeleted":
        return Lines(
            errors=(_error(subject, f"subnet `{last_segment(subnet)}` no longer exists", *path, own=own),)
        )
    rule = subject.rule("allow", f"allow subnet {last_segment(subnet)}", *path, own=own)
    is_sure = state in ("", "succeeded", "ready")
    return Lines((Entry(Answer("allowed", "vnetRule", rule), subnet=subnet, is_sure=is_sure),))


def address_line(
    subject: Subject, item: object, *path: Key, own: Resource | None = None, knows_azure: bool = False
) -> Lines:
    """The entry of one address rule: a network, an address, or a first and a last one."""
    text = _address_text(item)
    action = at(item, "action")
    if text is None or not (action is None or str(action).lower() in ("allow", "accept")):
        return unreadable(subject, "an address rule is not understood", *path, own=own)
    first, _, last = text.partition("-")
    if knows_azure and {first, last or first} <= {_NOTHING, _NOTHING + "/32"}:
        sure, possible, assumptions = subject.tagged("AzureCloud")
        rule = subject.rule("allow", "allow everything in Azure, of any tenant", *path, own=own)
        answer = Answer("allowed", "azure-services", rule, is_broad=True, assumptions=assumptions)
        return Lines((Entry(answer, sure, possible, is_azure=True),))
    ranges = parse_addresses(text)
    if ranges is None:
        return unreadable(subject, f"`{text}` is no address, network or range", *path, own=own)
    rule = subject.rule("allow", f"allow {text}", *path, own=own)
    if covers(PRIVATE, ranges):
        message = f"`{text}` is private: no caller of a public endpoint has such an address, and Azure may refuse it"
        return Lines(errors=(_error(subject, message, *path, own=own),), refused=((ranges, rule),))
    return Lines((Entry(Answer("allowed", "ipRule", rule, is_broad(ranges)), ranges, ranges),))


def is_broad(ranges: Ranges) -> bool:
    """Whether a line with these addresses lets in a great part of the Internet."""
    return size(intersection(ranges, PUBLIC_IPV4)) >= BROAD_SIZE


def unreadable(subject: Subject, message: str, *path: Key, own: Resource | None = None) -> Lines:
    """A line that is not understood: it may let anyone in."""
    rule = subject.rule("allow", f"not understood: {message}", *path, own=own)
    answer = Answer("allowed", "public:not-understood", rule, assumptions=("ASSUME_ADDRESS_UNKNOWN",))
    entries = (Entry(answer, possible=ADDRESSES), Entry(answer, subnet=ANY_SUBNET, is_sure=False))
    return Lines(entries, (_error(subject, message, *path, own=own),))


def _error(subject: Subject, message: str, *path: Key, own: Resource | None) -> Evidence:
    return Evidence(place_of(own or subject.resource, *path), message, subject.resource.id)


def _address_text(item: object) -> str | None:
    """The network, address or range `A-B` that a rule names; None where there is none."""
    if isinstance(item, str):
        return item.strip() or None
    if not isinstance(item, Mapping):
        return None
    inner = item.get("properties")
    fields = inner if isinstance(inner, Mapping) else item
    first, last = _first_text(fields, _FIRST_KEYS), _first_text(fields, _LAST_KEYS)
    if first is None and last is None:
        return _first_text(fields, _ADDRESS_KEYS)
    return None if first is None or last is None else first if first == last else f"{first}-{last}"


def _first_text(fields: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    found = (fields.get(name) for name in names)
    return next((value.strip() for value in found if isinstance(value, str) and value.strip()), None)
