"""Records with the spec's paths for ids -> the same with Azure's, for a spec that tells of what exists.

An id follows from subscription, resource group, type and name, as in
https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules; a child's from its parent's.
Where a shared thing (an NSG, a route table ...) does not say in which subscription or resource group it is, it is in
that of whatever uses it, if that is one; for a subnet's NSG and route table Azure demands the same subscription:
https://learn.microsoft.com/azure/virtual-network/manage-network-security-group#associate-or-dissociate-a-network-security-group-to-or-from-a-subnet-or-network-interface
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from diagramgen.read.record import Record

_SUBSCRIPTION = "microsoft.resources/subscriptions"
_MANAGEMENT_GROUP = "microsoft.management/managementgroups"
_TYPES = {"diagramgen/nva": "microsoft.compute/virtualmachines", "diagramgen/other": "diagramgen/other"}
_SEGMENTS = re.compile(r"^/route_tables/")
"""What a hub's tables that are always there are called in Azure."""
_ROUNDS = 4
"""How far a subscription is sought: NSG, interface, machine, subnet."""


def with_azure_ids(records: Mapping[str, Record]) -> dict[str, Record]:
    """The records with their new ids, by the spec's paths."""
    ids = _Ids(records)
    found: dict[str, Record] = {}
    for key, record in records.items():
        shown = ids.shown[key]
        envelope = {**ids.translated(record.envelope), **ids.base_of(key)}
        for name in ("azureId", "resourceGroup") if not envelope.get("resourceGroup") else ("azureId",):
            envelope.pop(name, None)
        above = str(record.envelope.get("parent") or "")
        if _is_azure(record) and not ids.is_child(record):
            envelope.pop("parent", None)
        elif above in records and _is_azure(records[above]):
            envelope["parent"] = ids.shown[above].lower()
        if "parent" not in envelope and record.envelope.get("azureId") and record.type.count("/") > 1:
            envelope["parent"] = shown.lower().rsplit("/", 2)[0]  # not told, or in no words of the spec
        properties = ids.translated(record.properties)
        found[key] = replace(
            record, id=shown.lower(), shown_id=shown, envelope=envelope, properties=properties
        )
    return found


class _Ids:
    """The id of every record."""

    def __init__(self, records: Mapping[str, Record]) -> None:
        self.records = records
        self.bases: dict[str, tuple[str, str]] = {}
        self.shown: dict[str, str] = {}
        self._taken: set[str] = set()
        self._place()
        for key in sorted(records):
            self._name(key)

    def base_of(self, key: str) -> dict[str, str]:
        """What the envelope of an export's record says of subscription and resource group."""
        subscription, group = self.bases[key] if _is_azure(self.records[key]) else ("", "")
        said = {"subscriptionId": subscription.lower(), "resourceGroup": group}
        return {name: value for name, value in said.items() if value}

    def is_child(self, record: Record) -> bool:
        """Whether a record is a part of its parent: its type begins with the parent's, or it is a container."""
        above = self.records.get(str(record.envelope.get("parent")))
        if record.type in (_SUBSCRIPTION, _MANAGEMENT_GROUP):
            return True
        return above is not None and record.type.startswith(_type(above) + "/")

    def translated(self, value: Any) -> Any:
        """A value in which the spec's keys are Azure's ids."""
        if isinstance(value, Mapping):
            return {name: self.translated(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.translated(inner) for inner in value]
        return self._translated_text(value) if isinstance(value, str) and "/" in value else value

    def _translated_text(self, text: str) -> str:
        head, rest = text, ""
        while head:
            if head in self.records and _is_azure(self.records[head]):
                return self.shown[head].lower() + _SEGMENTS.sub(r"/hubroutetables/", rest)
            head, slash, tail = head.rpartition("/")
            rest = slash + tail + rest
        return text

    # Subscriptions and resource groups

    def _place(self) -> None:
        """Finds where everything is: as told, as what is above it, as what uses it, as most things there."""
        told = {key: self._base(key) for key in self.records}
        users = _users(self.records)
        for number in range(_ROUNDS):
            placed = {
                key: self._base_of_users(own, users.get(key, ()), number == _ROUNDS - 1)
                for key, own in told.items()
                if self._is_shared(key)
            }
            self.bases = placed
            for key in self.records:
                self._base(key)

    def _is_shared(self, key: str) -> bool:
        return not self.records[key].envelope.get("parent") and _is_azure(self.records[key])

    def _base(self, key: str) -> tuple[str, str]:
        """Subscription and resource group, as far as the thing or what is above it says them."""
        if key in self.bases:
            return self.bases[key]
        record = self.records[key]
        self.bases[key] = ("", "")  # ends a circle
        above = str(record.envelope.get("parent") or "")
        subscription, group = self._base(above) if above in self.records else ("", "")
        if record.type == _SUBSCRIPTION:
            subscription = _subscription_id(record)
        if azure_id := str(record.envelope.get("azureId") or ""):
            subscription, group = _told_by_id(azure_id, subscription, group)
        self.bases[key] = (subscription, str(record.envelope.get("resourceGroup") or group))
        return self.bases[key]

    def _base_of_users(self, own: tuple[str, str], users: tuple[str, ...], is_last: bool) -> tuple[str, str]:
        """Where a shared thing is: as it says, as all that use it, else in the one subscription and its group."""
        subscriptions = {self.bases[user][0] for user in users} - {""}
        groups = {self.bases[user][1] for user in users} - {""}
        known = self._subscriptions
        only = next(iter(known)) if len(known) == 1 else ""
        subscription = own[0] or (subscriptions.pop() if len(subscriptions) == 1 else only)
        group = own[1] or (groups.pop() if len(groups) == 1 else "")
        return subscription, group or (known.get(subscription.lower(), "") if is_last else "")

    @cached_property
    def _subscriptions(self) -> Mapping[str, str]:
        """The subscriptions of the spec, lower case, each with the resource group of what is in it."""
        return {
            _subscription_id(record).lower(): str(record.envelope.get("resourceGroup") or "")
            for record in self.records.values()
            if record.type == _SUBSCRIPTION
        }

    # Ids

    def _name(self, key: str) -> str:
        if key in self.shown:
            return self.shown[key]
        record = self.records[key]
        shown = self._shown(record)
        if shown.lower() in self._taken:
            shown = f"{shown} ({key.rsplit('/', 1)[-1]})"
        while shown.lower() in self._taken:
            shown += "'"
        self._taken.add(shown.lower())
        self.shown[key] = shown
        return shown

    def _shown(self, record: Record) -> str:
        if not _is_azure(record):
            return record.shown_id or record.id
        subscription, group = self.bases[record.id]
        if record.type == _SUBSCRIPTION:
            return f"/subscriptions/{subscription}"
        azure_id = str(record.envelope.get("azureId") or "").rstrip("/")
        if azure_id.startswith("/") or (azure_id and record.type != _MANAGEMENT_GROUP):
            return azure_id
        name = record.name.replace("/", "%2F")
        if record.type == _MANAGEMENT_GROUP:
            return f"/providers/{record.type}/{azure_id or name}"
        above = str(record.envelope.get("parent") or "")
        if above in self.records and _is_azure(self.records[above]):
            owner = self.records[above]
            if record.type.startswith(_type(owner) + "/"):
                return f"{self._name(above)}/{_spelled(record)[len(_type(owner)) + 1 :]}/{name}"
            if self.is_extension(record, owner):
                return f"{self._name(above)}/providers/{_spelled(record)}/{name}"
        head = f"/subscriptions/{subscription}" if subscription else ""
        head += f"/resourceGroups/{group}" if group else ""
        return f"{head}/providers/{_spelled(record)}/{name}"

    def is_extension(self, record: Record, owner: Record) -> bool:
        """Whether a resource hangs below another of a different provider, as diagnostic settings do."""
        is_told = record.id.startswith("azure_resources/")
        return (
            is_told and owner.type not in (_SUBSCRIPTION, _MANAGEMENT_GROUP) and record.type.count("/") == 1
        )


def _is_azure(record: Record) -> bool:
    return not record.type.startswith("diagramgen/") or record.type in _TYPES


def _type(record: Record) -> str:
    return _TYPES.get(record.type, record.type)


def _spelled(record: Record) -> str:
    """The type of a record as the spec writes it, else in lower case."""
    return str(record.envelope.get("spelledType") or _type(record))


def _subscription_id(record: Record) -> str:
    """The GUID of a subscription, else its name."""
    told = str(record.envelope.get("azureId") or "").strip("/")
    return told.removeprefix("subscriptions/") or record.name


def _told_by_id(azure_id: str, subscription: str, group: str) -> tuple[str, str]:
    steps = azure_id.strip("/").split("/")
    folded = [step.lower() for step in steps]
    if folded[0] == "subscriptions" and len(steps) > 1:
        subscription = steps[1]
    if len(steps) > 3 and folded[2] == "resourcegroups":
        group = steps[3]
    return subscription, group


def _users(records: Mapping[str, Record]) -> Mapping[str, tuple[str, ...]]:
    """By the key of each record, those that refer to it or to a part of it."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, record in records.items():
        if _is_azure(record):
            for text in _references(record):
                if text in records and text != key:
                    found[text].add(key)
    return {key: tuple(sorted(users)) for key, users in found.items()}


def _references(record: Record) -> Iterator[str]:
    """Every text below the properties that may be a path, and the paths above it."""
    waiting: list[Any] = [record.properties]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value
        elif isinstance(value, str):
            while "/" in value:
                yield value
                value = value.rpartition("/")[0]
