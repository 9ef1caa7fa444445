"""A plan -> the instances of one of its two sides: what there is before it, or after it.

After it: the planned values, what is only refreshed, and what Terraform forgets but does not destroy. Before it: the
prior state, which is already refreshed.
https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.inputs import PlanSide
from diagramgen.read.terraform.instance import Instance
from diagramgen.read.terraform.shown import bare_instance, instances_of_values

_KNOWN: tuple[Json, ...] = (False, None, {}, [])


class Side(NamedTuple):
    """One side of a plan. `gone` are the objects that the plan takes away or replaces, as they were; `touched` the
    associations and children that it knew before, whatever becomes of them; both empty for the side before."""

    instances: tuple[Instance, ...]
    gone: tuple[Instance, ...] = ()
    touched: tuple[Instance, ...] = ()
    forgotten: int = 0


class _Change(NamedTuple):
    """One entry of `resource_changes`, with its shape checked."""

    bare: Instance
    previous: str
    actions: frozenset[str]
    change: dict[str, Any]

    @property
    def address(self) -> str:
        return self.bare.address

    @property
    def is_creation(self) -> bool:
        return "create" in self.actions


def side_of(plan: dict[str, Any], side: PlanSide, place: Place) -> Side:
    """The instances of one side of a plan."""
    changes = tuple(_changes(plan.get("resource_changes"), place / "resource_changes"))
    return _before(plan, changes, place) if side == "before" else _after(plan, changes, place)


def _after(plan: dict[str, Any], changes: tuple[_Change, ...], place: Place) -> Side:
    by_address = {change.address: change for change in changes}
    found: dict[str, Instance] = {}
    for instance in instances_of_values(plan.get("planned_values"), place / "planned_values"):
        change = by_address.get(instance.address)
        found[instance.address] = (
            replace(instance, unknown=None) if change is None else _as_planned(instance, change)
        )
    gone, touched, forgotten = [], [], 0
    for change in changes:
        before = _instance(change, "before")
        after = _instance(change, "after")
        if after is not None and change.address not in found:
            found[change.address] = _as_planned(after, change)
        if before is None or before.mode == "data":
            continue
        touched.append(before)
        if "forget" in change.actions:
            found.setdefault(change.address, before)
            forgotten += 1
        elif "delete" in change.actions:
            gone.append(before)
    named = by_address.keys() | {change.previous for change in changes}
    for instance in _prior(plan, place):
        if instance.address not in named:
            found.setdefault(instance.address, instance)
    return Side(tuple(found.values()), tuple(gone), tuple(touched), forgotten)


def _before(plan: dict[str, Any], changes: tuple[_Change, ...], place: Place) -> Side:
    found = {instance.address: instance for instance in _prior(plan, place)}
    for change in changes:
        before = _instance(change, "before")
        if before is not None and change.previous not in found:
            found.setdefault(change.address, before)
    return Side(tuple(found.values()))


def _prior(plan: dict[str, Any], place: Place) -> Iterator[Instance]:
    prior = plan.get("prior_state")
    if isinstance(prior, dict):
        yield from instances_of_values(prior.get("values"), place / "prior_state" / "values")


def _as_planned(instance: Instance, change: _Change) -> Instance:
    """An instance with what its change says of it: which values are not known yet, and which are secret."""
    unknown = change.change.get("after_unknown")
    sensitive = change.change.get("after_sensitive")
    return replace(
        instance,
        unknown=unknown if isinstance(unknown, dict | list | bool) else None,
        sensitive=instance.sensitive if sensitive in _KNOWN else sensitive,
        is_new=change.is_creation and "importing" not in change.change,
    )


def _changes(listed: Json, place: Place) -> Iterator[_Change]:
    """The entries of `resource_changes`, but for objects that only wait to be destroyed (`deposed`)."""
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if not isinstance(entry, dict) or entry.get("deposed") or not isinstance(entry.get("change"), dict):
            continue
        change = entry["change"]
        actions = change.get("actions")
        bare = bare_instance(entry, place / index)
        if bare is not None:
            yield _Change(
                bare,
                str(entry.get("previous_address") or bare.address),
                frozenset(str(action) for action in (actions if isinstance(actions, list) else ())),
                change,
            )


def _instance(change: _Change, side: PlanSide) -> Instance | None:
    """The object of a change on one side; None where there is none."""
    values = change.change.get(side)
    if not isinstance(values, dict):
        return None
    sensitive = change.change.get(f"{side}_sensitive", False)
    place = change.bare.place / "change" / side
    return replace(change.bare, attributes=values, sensitive=sensitive, place=place)
