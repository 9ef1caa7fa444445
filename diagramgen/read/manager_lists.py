"""What a network manager answers beside its resources: what is deployed where, and what holds for a VNet.

Four answers prove that a configuration is deployed, which the configuration itself does not tell: the status of
deployments, the active configurations and rules of regions, and those that are effective for a VNet. The last prove
besides that the VNet belongs to a group, also where Azure Policy put it there. None of them says for what it was asked:
for a VNet's answer the user says it (`--effective VNET=FILE`), or the file does, as `diagramgen query` writes it
(`virtualNetworkId`, `networkManagerId`, `networkGroupId` beside `value`).

https://learn.microsoft.com/rest/api/networkmanager/network-manager-deployment-status/list
https://learn.microsoft.com/rest/api/networkmanager/list-active-connectivity-configurations
https://learn.microsoft.com/rest/api/networkmanager/list-network-manager-effective-connectivity-configurations
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read import az
from diagramgen.read.context import Context
from diagramgen.read.documents import Json
from diagramgen.read.extract import Extract, Page, Row
from diagramgen.read.lists import strangers_warning
from diagramgen.read.record import UNTOLD, Record, key_of
from diagramgen.read.resource import is_resource_id, records_of, type_of
from diagramgen.read.unknown import unknown

_MANAGERS = "microsoft.network/networkmanagers"
_CONNECTIVITY = _MANAGERS + "/connectivityconfigurations"
_ADMIN = _MANAGERS + "/securityadminconfigurations"
_RULE = _ADMIN + "/rulecollections/rules"
_GROUP = _MANAGERS + "/networkgroups"
_COMMIT_TYPES = {
    "connectivity": "Connectivity",
    "securityadmin": "SecurityAdmin",
    "adminpolicy": "SecurityAdmin",
    "routing": "Routing",
    "securityuser": "SecurityUser",
}
"""https://learn.microsoft.com/rest/api/networkmanager/network-manager-deployment-status/list#configurationtype"""
_EFFECTIVE = {
    "microsoft.network/effectiveconnectivityconfigurations": "Connectivity",
    "microsoft.network/effectivesecurityadminrules": "SecurityAdmin",
}
_ASKED = ("networkManagerId", "virtualNetworkId", "networkGroupId")
_PARENTS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    _RULE: (
        _ADMIN + "/rulecollections",
        {"appliesToGroups": [unknown("network groups")], "rules": unknown("rules")},
    ),
    _ADMIN + "/rulecollections": (_ADMIN, {"ruleCollections": unknown("rule collections")}),
    _GROUP + "/staticmembers": (_GROUP, {"staticMembers": [unknown("further members")]}),
}
"""What a child belongs to, and what is not told of that where the input lacks it."""


def is_answer(document: Json) -> bool:
    """Whether this is such an answer, from the REST API, `az` or PowerShell, or the list inside one."""
    items = _items(document)
    if items is None:
        return False
    if not items:
        return isinstance(document, dict) and bool(document.keys() & {"skipToken", "SkipToken", *_ASKED})
    return any(map(_is_told_by_manager, items[:3]))


def read_answer(document: Json, place: Place, context: Context) -> Extract:
    """The configurations, rules, groups, members and deployments that an answer proves."""
    items = [_camel(item) for item in _items(document) or ()]
    where = _place_of(document, place)
    asked = _asked(document, _id_of(context.options.effective_of.get(place.source, ""), context))
    reader = _Reader(asked, _has_more(document))
    for index, item in enumerate(items):
        reader.read(item, where / index if where is not None else place)
    page = Page(place, len(items), None, _has_more(document))
    warnings = (*strangers_warning(len(reader.rows), reader.strangers), *reader.words(place))
    return Extract(("network manager answer",), tuple(reader.finished(place)), (page,), warnings)


def implied_by(records: Iterable[Record]) -> list[Record]:
    """What records of a network manager tell besides: what they belong to, and what is deployed."""
    listed = [record for record in records if record.type.startswith((_MANAGERS, *_EFFECTIVE))]
    return [*_missing_parents(listed), *_effective_deployments(listed)] if listed else []


def _effective_deployments(records: Iterable[Record]) -> Iterator[Record]:
    """A deployment for each configuration that Resource Graph tells to be effective for VNets.

    https://learn.microsoft.com/azure/virtual-network-manager/query-azure-resource-graph
    """
    found: dict[str, tuple[str, dict[str, bool], Place]] = {}
    for record in records:
        kind = _EFFECTIVE.get(record.type)
        for name, listed in record.properties.items():
            if kind is None or not name.lower().startswith("effective"):
                continue
            vnet = record.id.rpartition("/providers/")[0]
            for one in _dicts(listed):
                told = str(one.get("id") or one.get("Id") or "").partition("/snapshots/")[0]
                if _manager_of(told):
                    found.setdefault(_with_slash(told), (kind, {}, record.place))[1][vnet] = True
    for configuration, (kind, vnets, place) in found.items():
        name = f"{kind}-effective-{configuration.rsplit('/', 1)[-1]}"
        properties = {"commitType": kind, "configurationIds": [configuration], "targetNetworks": vnets}
        shown_id = f"{_manager_of(configuration)}/commits/{name}"
        yield from records_of({"id": shown_id, "name": name, "properties": properties}, place)


def _missing_parents(records: list[Record]) -> list[Record]:
    """What rules, rule collections and members belong to and these records lack, each as a name alone."""
    known = {record.id for record in records}
    found: dict[str, Record] = {}
    for record in records:
        kind, key, shown_id = record.type, record.id, record.shown_id
        while kind in _PARENTS:
            kind, untold = _PARENTS[kind]
            key, shown_id = key.rsplit("/", 2)[0], shown_id.rstrip("/").rsplit("/", 2)[0]
            if key not in known:
                name = shown_id.rsplit("/", 1)[-1]
                found[key] = Record(
                    key, kind, name, dict(untold), record.place, shown_id, envelope={UNTOLD: True}
                )
    return list(found.values())


@dataclass(slots=True)
class _Reader:
    """What the items read so far prove; `asked` has what the answer is of, `has_more` that it is not the last page."""

    asked: Mapping[str, str]
    has_more: bool
    rows: list[Row] = field(default_factory=list)
    strangers: list[Place] = field(default_factory=list)
    commits: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)
    is_nameless: bool = False

    def read(self, item: Json, place: Place) -> None:
        """Takes in one item."""
        if not isinstance(item, dict):
            self.strangers.append(place)
        elif "deploymentType" in item or "deploymentStatus" in item:
            self._read_status(item, place)
        elif not is_resource_id(item.get("id")):
            self.strangers.append(place)
        elif type_of(key_of(item["id"])) == "microsoft.network/virtualnetworks":
            self._read_member(item, place)
        else:
            self._read_effective(item, place)

    def _read_status(self, item: dict[str, Any], place: Place) -> None:
        """The configurations of one type in one region."""
        told = item.get("configurationIds")
        ids = [each for each in told if isinstance(each, str) and each] if isinstance(told, list) else []
        kind = _COMMIT_TYPES.get(_folded(item.get("deploymentType")))
        managers = {_manager_of(each) for each in ids if is_resource_id(each)} or {
            self.asked.get("networkManagerId", "")
        }
        if kind is None or "" in managers:
            self.is_nameless = self.is_nameless or kind is not None
            return
        is_done = _folded(item.get("deploymentStatus")) == "deployed"
        for manager in managers:
            own = (
                [each for each in ids if _manager_of(each) == manager]
                if is_done
                else [unknown("being deployed")]
            )
            self._commit(manager, kind, str(item.get("region") or ""), own, place)

    def _read_member(self, item: dict[str, Any], place: Place) -> None:
        """A VNet that belongs to a group."""
        group = self.asked.get("networkGroupId", "")
        if not group:
            self.is_nameless = True
            return
        self._add_group(group, place, is_whole=not self.has_more)
        self._add_member(group, str(item["id"]), place)

    def _read_effective(self, item: dict[str, Any], place: Place) -> None:
        """A configuration or a rule that is deployed, with its groups."""
        shown_id = _with_slash(str(item["id"]))
        kind = type_of(key_of(shown_id))
        manager, region = _manager_of(shown_id), str(item.get("region") or "")
        groups = [one for name in ("configurationGroups", "ruleGroups") for one in _dicts(item.get(name))]
        outside = {"region", "commitTime", "configurationGroups", "ruleGroups", "configurationDescription"}
        outside |= {"ruleCollectionDescription", "ruleCollectionAppliesToGroups"}
        own = {key: value for key, value in item.items() if key not in outside}
        resource = own if isinstance(own.get("properties"), dict) else az.nest(own, kind)
        self.rows.append(Row({**resource, "id": shown_id}, place))
        if kind == _RULE:
            shown_id = self._add_parents(shown_id, item, place)
        for group in groups:
            if is_resource_id(group.get("id")):
                self._add_group(str(group["id"]), place)
        self._add_own_membership(resource, groups, place)
        if manager and kind in (_CONNECTIVITY, _RULE):
            commit_type = "Connectivity" if kind == _CONNECTIVITY else "SecurityAdmin"
            self._commit(manager, commit_type, region, [shown_id], place)

    def _add_parents(self, rule: str, item: dict[str, Any], place: Place) -> str:
        """The collection and the configuration of a rule; returns the configuration's id."""
        collection = rule.rsplit("/", 2)[0]
        configuration = collection.rsplit("/", 2)[0]
        told: dict[str, Any] = {"appliesToGroups": _dicts(item.get("ruleCollectionAppliesToGroups"))}
        if self.has_more:
            told["rules"] = unknown("rules")
        self.rows.append(Row({"id": collection, "properties": told}, place))
        services = {
            "applyOnNetworkIntentPolicyBasedServices": unknown("applyOnNetworkIntentPolicyBasedServices")
        }
        self.rows.append(Row({"id": configuration, "properties": services}, place))
        return configuration

    def _add_group(self, group: str, place: Place, is_whole: bool = False) -> None:
        untold = {} if is_whole else {"staticMembers": [unknown("further members")]}
        self.rows.append(Row({"id": _with_slash(group), UNTOLD: True, "properties": untold}, place))

    def _add_own_membership(
        self, resource: dict[str, Any], groups: list[dict[str, Any]], place: Place
    ) -> None:
        """The VNet asked about belongs to the one group through which a configuration holds for it; a hub to none."""
        vnet = self.asked.get("virtualNetworkId", "")
        hubs = {key_of(str(hub.get("resourceId"))) for hub in _dicts(resource["properties"].get("hubs"))}
        ids = [str(group["id"]) for group in groups if is_resource_id(group.get("id"))]
        if vnet and len(ids) == 1 and key_of(vnet) not in hubs:
            self._add_member(ids[0], vnet, place)

    def _add_member(self, group: str, vnet: str, place: Place) -> None:
        name = unknown(f"member {vnet.rstrip('/').rsplit('/', 1)[-1]}")
        self.rows.append(
            Row(
                {"id": f"{_with_slash(group)}/staticMembers/{name}", "properties": {"resourceId": vnet}},
                place,
            )
        )

    def _commit(self, manager: str, kind: str, region: str, ids: list[str], place: Place) -> None:
        told = self.commits.setdefault((manager, kind, region), {"ids": {}, "place": place})
        told["ids"] |= dict.fromkeys(map(_with_slash, ids))

    def finished(self, place: Place) -> Iterator[Row]:
        """All rows, with the deployments, and one of which nothing is told where the answer may not be all there is."""
        yield from self.rows
        manager = self.asked.get("networkManagerId", "")
        kinds = {(each, kind) for each, kind, _ in self.commits}
        for (each, kind, region), told in self.commits.items():
            vnet = self.asked.get("virtualNetworkId", "")
            regions = [region] if region else [unknown("region")]
            yield _commit_row(each, kind, regions, list(told["ids"]), told["place"], vnet)
        if manager and not self.has_more:
            for kind in ("Connectivity", "SecurityAdmin"):
                if (manager, kind) not in kinds:
                    yield _commit_row(manager, kind, [], [], place)
            return
        for each, kind in sorted(kinds) if not self.asked.get("virtualNetworkId") else ():
            yield _commit_row(each, kind, [unknown("other regions")], [unknown("others")], place)

    def words(self, place: Place) -> Iterator[Diagnostic]:
        """What is to be said of an answer that does not tell what it is of."""
        if self.is_nameless:
            text = f"`{place.source}` does not tell of which network manager or group it is"
            hint = "export with the commands that `diagramgen query` prints, which write it down"
            yield Diagnostic("warning", "incomplete-export", text, place, (hint,))
        elif not self.rows and not self.commits:
            text = f"`{place.source}` is an empty answer of a network manager: nothing is deployed of what it was asked"
            yield Diagnostic("note", "empty-answer", text, place)


def _commit_row(
    manager: str, kind: str, regions: list[str], ids: list[str], place: Place, vnet: str = ""
) -> Row:
    name = f"{kind}-{'-'.join(regions) or 'everywhere'}" + (f"-{vnet.rsplit('/', 1)[-1]}" if vnet else "")
    properties: dict[str, Any] = {"commitType": kind, "targetLocations": regions, "configurationIds": ids}
    if vnet:
        properties["targetNetworks"] = {key_of(vnet): True}
    return Row({"id": f"{manager}/commits/{name}", "name": name, "properties": properties}, place)


def _is_told_by_manager(item: Json) -> bool:
    item = _camel(item)
    if not isinstance(item, dict):
        return False
    return (
        {"deploymentType", "deploymentStatus"} <= item.keys()
        or {"commitTime", "region"} <= item.keys()
        or bool(
            item.keys()
            & {"configurationGroups", "ruleGroups", "ruleCollectionAppliesToGroups", "membershipType"}
        )
    )


def _items(document: Json) -> list[Json] | None:
    if isinstance(document, list):
        return document
    listed = document.get("value", document.get("Value")) if isinstance(document, dict) else None
    return listed if isinstance(listed, list) else None


def _place_of(document: Json, place: Place) -> Place | None:
    if isinstance(document, list):
        return place
    return place / ("value" if "value" in document else "Value")


def _has_more(document: Json) -> bool:
    return isinstance(document, dict) and bool(
        document.get("skipToken") or document.get("SkipToken") or document.get("nextLink")
    )


def _asked(document: Json, told: str) -> Mapping[str, str]:
    """What an answer is of, by what the file says of itself, else by what the user says."""
    found = {
        name: str(document[name]) for name in _ASKED if isinstance(document, dict) and document.get(name)
    }
    if told and not found:
        kind = type_of(key_of(told))
        name = {_MANAGERS: "networkManagerId", _GROUP: "networkGroupId"}.get(kind, "virtualNetworkId")
        found[name] = told
    return found


def _id_of(told: str, context: Context) -> str:
    """The id of a VNet that the user named: the one in all inputs that ends so; "" where there is none, or several."""
    if not told or is_resource_id(told):
        return told
    pattern = re.compile(
        rb'"(/subscriptions/[^"\\]+/virtualnetworks/' + re.escape(told.encode()) + rb')"', re.IGNORECASE
    )
    ids = {
        key_of(found.decode())
        for source in context.sources.values()
        for found in pattern.findall(source.data)
    }
    return ids.pop() if len(ids) == 1 else ""


def _camel(value: Json) -> Json:
    """The same with REST's spelling of names: PowerShell writes them with capitals."""
    if isinstance(value, list):
        return [_camel(each) for each in value]
    if isinstance(value, dict):
        return {name[:1].lower() + name[1:]: _camel(inner) for name, inner in value.items()}
    return value


def _manager_of(shown_id: str) -> str:
    """The manager's part of an id, "" where it is of none."""
    head, found, tail = _with_slash(shown_id).lower().partition("/networkmanagers/")
    return _with_slash(shown_id)[: len(head) + len(found) + len(tail.split("/")[0])] if found else ""


def _with_slash(shown_id: str) -> str:
    return shown_id if shown_id.startswith(("/", "{")) else "/" + shown_id


def _dicts(value: Json) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _folded(value: Json) -> str:
    return str(value).lower().replace(" ", "")
