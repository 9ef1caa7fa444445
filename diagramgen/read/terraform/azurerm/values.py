"""Attributes of a Terraform resource as REST writes them: what is set, and in which shape.

Providers write an unset attribute as null, as an empty text or as an empty list; a single block as a list of one. What
the input does not tell is a text in braces, in the place of any of these (see `diagramgen.read.unknown`): it is handed
on as it is. A conversion gives None for what is not set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.located import NOTHING
from diagramgen.read.resource import is_resource_id
from diagramgen.read.unknown import is_unknown

Json = dict[str, Any]


def plain(value: Any) -> Any:
    """The value itself; None where nothing is set.

    >>> [plain(v) for v in ("a", "", [], 0, False)]
    ['a', None, None, 0, False]
    """
    return None if value is None or (isinstance(value, str | list | dict) and not value) else value


def first_of(values: Mapping[str, Any], *attributes: str) -> Any:
    """The first of several attributes that is set: the new name of one before its older names."""
    return next((found for name in attributes if (found := plain(values.get(name))) is not None), None)


def text(value: Any) -> str:
    """A text; "" where there is none."""
    return value if isinstance(value, str) else ""


def texts(value: Any) -> Any:
    """The texts of a list or set; None where it is empty, the text itself where a list is not told.

    >>> texts(["10.0.0.0/8", ""]), texts([]), texts("{x.address_space}")
    (['10.0.0.0/8'], None, '{x.address_space}')
    """
    if not isinstance(value, list | tuple):
        return plain(value) if isinstance(value, str) else None
    return [each for each in value if plain(each) is not None] or None


def listed(value: Any) -> list[Any]:
    """The entries of a list; of one that is not told its text, as the only entry; else none."""
    if isinstance(value, list | tuple):
        return [each for each in value if plain(each) is not None]
    return [value] if is_unknown(value) else []


def blocks(value: Any) -> list[Mapping[str, Any]]:
    """The blocks of a list that are told; a block alone counts as a list of one."""
    if isinstance(value, Mapping):
        return [value] if value else []
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list | tuple) else []


def block(value: Any) -> Mapping[str, Any]:
    """A single block, which providers write as a list of one; nothing where it is absent or not told."""
    return next(iter(blocks(value)), NOTHING)


def untold(value: Any) -> str | None:
    """The text that stands for a block or list of which the input tells nothing; None for one that it tells. The id of
    a resource in a subscription that is not known tells which resource it is.

    >>> untold("{x.rule}"), untold(["{x.rule}"]), untold([{"name": "a"}, "{x.rule}"])
    ('{x.rule}', '{x.rule}', None)
    >>> untold(["/subscriptions/{subscription}/resourceGroups/rg"])
    """
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    return value if is_unknown(value) and not is_resource_id(value) else None


def ref(value: Any) -> Json | None:
    """A reference to the resource with this id.

    >>> ref("/subscriptions/s"), ref("")
    ({'id': '/subscriptions/s'}, None)
    """
    return {"id": value} if isinstance(value, str) and value else None


def refs(value: Any) -> list[Json] | None:
    """References to the resources of a list of ids."""
    return [{"id": each} for each in listed(value) if isinstance(each, str)] or None


def back_refs(value: Any) -> list[Json] | None:
    """References to what uses a resource, which the provider computes; None while that is known after apply: the users
    themselves tell it.

    >>> back_refs(["{azurerm_route_table.x.subnets}"]), back_refs(["/subscriptions/s"])
    (None, [{'id': '/subscriptions/s'}])
    """
    return None if untold(value) else refs(value)


def flag(value: Any) -> Any:
    """A boolean, which old states write as a text.

    >>> flag("true"), flag(False), flag("{x.enabled}"), flag("")
    (True, False, '{x.enabled}', None)
    """
    return {"true": True, "false": False}.get(value, plain(value)) if isinstance(value, str) else value


def inverted(value: Any) -> Any:
    """The opposite of a boolean; of one that is not told, its text."""
    told = flag(value)
    return not told if isinstance(told, bool) else told


def enabled(value: Any) -> Any:
    """`Enabled` or `Disabled` for a boolean.

    >>> enabled(True), enabled("false"), enabled("{x.enabled}")
    ('Enabled', 'Disabled', '{x.enabled}')
    """
    told = flag(value)
    return ("Enabled" if told else "Disabled") if isinstance(told, bool) else told


def disabled(value: Any) -> Any:
    """`Disabled` or `Enabled` for a boolean that switches something off."""
    return enabled(inverted(value))


def boolean_word(value: Any) -> Any:
    """`True` or `False`, the words that network manager has for booleans."""
    told = flag(value)
    return str(told) if isinstance(told, bool) else told


def number(value: Any) -> Any:
    """A number, which some attributes write as a text; what is no number stays as it is.

    >>> number("8443"), number(443), number("{x.port}"), number("")
    (8443, 443, '{x.port}', None)
    """
    is_decimal = isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10
    return int(value) if is_decimal else plain(value)
