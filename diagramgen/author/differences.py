"""What has to be laid over the properties of a record so that they come to those of a resource.

Of mappings and of lists of named things only what differs is said: the reader lays it over what the spec's words make.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from diagramgen.author.essence import essence
from diagramgen.author.values import entries

Properties = dict[str, Any]
Essence = Callable[[Mapping[str, Any]], Properties]
_FIELDS = {
    "addressPrefixes": ("addressPrefix", "addressPrefixes"),
    "sourceAddressPrefixes": ("sourceAddressPrefix", "sourceAddressPrefixes"),
    "destinationAddressPrefixes": ("destinationAddressPrefix", "destinationAddressPrefixes"),
    "sourcePortRanges": ("sourcePortRange", "sourcePortRanges"),
    "destinationPortRanges": ("destinationPortRange", "destinationPortRanges"),
    "httpListeners": ("frontendPorts", "httpListeners"),
    "requestRoutingRules": ("backendHttpSettingsCollection", "requestRoutingRules", "urlPathMaps"),
}  # fmt: skip
"""The fields that a part of an essence comes from, where they have other names."""
_NAMELESS = frozenset({"ipConfigurations"})
"""Lists in which the names of the parts mean nothing."""
_BACK_REFERENCES = frozenset({
    "httpListeners", "requestRoutingRules", "urlPathMaps", "loadBalancingRules", "outboundRules", "inboundNatRules",
    "inboundNatPools", "pathRules", "id", "type", "provisioningState",
})  # fmt: skip
"""What a part of a resource says of what refers to it."""


def difference(has: Mapping[str, Any], wants: Mapping[str, Any], come_to: Essence) -> Properties:
    """What to lay over `has` so that it comes to the same as `wants`, property by property."""
    given, wanted = come_to(has), come_to(wants)
    wants = {
        name: _named_alike(has.get(name), value) if name in _NAMELESS else value
        for name, value in wants.items()
    }
    patch: Properties = {}
    for name in sorted({*given, *wanted}):
        if given.get(name) == wanted.get(name):
            continue
        for field in _FIELDS.get(name, (name,)):
            if essence(wants.get(field), field) is not None:

                def same(one: Any, other: Any, name: str = name, field: str = field) -> bool:
                    ours, theirs = ({**whole, field: [part]} for whole, part in ((has, one), (wants, other)))
                    return bool(come_to(ours).get(name) == come_to(theirs).get(name))

                patch[field] = _laid_over(has.get(field), wants.get(field), same if field == name else None)
            elif has.get(field) is not None:
                patch[field] = None
    return patch


def _named_alike(has: Any, wants: Any) -> Any:
    """The parts of a list under the names that they have in another one, one after the other."""
    names = [part.get("name") for part in entries(has)]
    if (
        not isinstance(wants, list | tuple)
        or not all(isinstance(part, Mapping) for part in wants)
        or not all(names)
    ):
        return wants
    return [{**part, "name": name} for part, name in zip(wants, names, strict=False)] + list(
        wants[len(names) :]
    )


def _laid_over(has: Any, wants: Any, same: Callable[[Any, Any], bool] | None) -> Any:
    """A value to lay over another one."""
    if isinstance(has, Mapping) and isinstance(wants, Mapping):
        return _inner(has, wants) or dict(wants)
    ours, theirs = _by_name(has), _by_name(wants)
    if ours is None or theirs is None or not ours.keys() <= theirs.keys():
        return wants
    found = []
    for name, part in theirs.items():
        if name not in ours:
            found.append(part)
        elif not (same(ours[name], part) if same is not None else essence(ours[name]) == essence(part)):
            found.append({"name": part["name"], **(_inner(ours[name], part))})
    return found or wants


def _inner(has: Mapping[str, Any], wants: Mapping[str, Any]) -> Properties:
    """What differs between two parts, at any depth."""
    patch: Properties = {}
    for field in dict.fromkeys((*has, *wants)):
        if field in _BACK_REFERENCES or essence({field: has.get(field)}) == essence(
            {field: wants.get(field)}
        ):
            continue
        if essence(wants.get(field), field) is None:
            patch[field] = None
        else:
            patch[field] = _laid_over(has.get(field), wants[field], None)
    return patch


def _by_name(value: object) -> dict[str, Mapping[str, Any]] | None:
    """The parts of a list by name; None where one has none, or two share one."""
    if not isinstance(value, list | tuple):
        return None
    found = {str(part["name"]).lower(): part for part in entries(value) if part.get("name")}
    return found if found and len(found) == len(value) else None


def laid_over(first: Any, second: Any) -> Any:
    """One difference with another over it: both are laid over a third.

    >>> laid_over({"a": [{"name": "x", "v": 1}]}, {"a": [{"name": "y", "v": None}]})
    {'a': [{'name': 'x', 'v': 1}, {'name': 'y', 'v': None}]}
    """
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        return {**first, **{key: laid_over(first.get(key), value) for key, value in second.items()}}
    ours, theirs = _by_name(first), _by_name(second)
    if ours is None or theirs is None:
        return second
    return [
        laid_over(ours.get(name), theirs.get(name, ours.get(name)))
        for name in dict.fromkeys((*ours, *theirs))
    ]
