"""One spelling for every key, and no secret in any value: the first walk over a document that was read.

The same property is `publicIPAddress` in REST and was `publicIpAddress` in older `az`; from here on it is
REST's spelling. Exports hold shared keys, service keys and passwords: they are replaced before anything else
sees them. The walk works in place, as the document is ours, and bounds the nesting, so that later stages may
recurse.
"""

from __future__ import annotations

from typing import Any

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.secrets import REMOVED, is_secret_key, without_secrets

DEEPEST = 100
"""Levels that an export may nest; real ones stay below 30."""

_SHORT = 12
"""Texts of up to so many characters hold no connection string and no certificate."""
_TELLING = frozenset({"name", "type"})
"""Keys whose text may say that the `value` beside them is a secret."""

_SPELLING = {
    name.lower(): name
    for name in (
        # https://learn.microsoft.com/rest/api/virtualnetwork/ and its neighbours load-balancer, virtualwan
        "backendIPConfigurations",
        "enableFloatingIP",
        "enableIPForwarding",
        "frontendIPConfiguration",
        "frontendIPConfigurations",
        "gatewayIPConfigurations",
        "gatewayIpAddress",
        "hubIPAddresses",
        "ipAddress",
        "ipConfigurations",
        "loadBalancerFrontendIpConfigurations",
        "managementIpConfiguration",
        "nextHopIpAddress",
        "p2SConnectionConfigurations",
        "privateIPAddress",
        "privateIPAddressVersion",
        "privateIPAllocationMethod",
        "publicIPAddress",
        "publicIPAddressConfiguration",
        "publicIPAddressVersion",
        "publicIPAllocationMethod",
        "publicIPPrefix",
        "publicIPs",
        "publicIpAddresses",  # so on NAT gateways
        "publicIpPrefixes",
        "virtualHub",
        "virtualNetworkPeerings",
        "virtualWan",
    )
}


def tidy(document: Json, place: Place) -> int:
    """Gives the document REST's spelling of keys and takes secrets out of it; how many there were.

    Raises:
        InputError: it nests deeper than any export.

    >>> document = {"sharedKey": "hunter2", "publicIpAddress": {"id": "/x"}}
    >>> tidy(document, Place("a.json")), document
    (1, {'sharedKey': '(removed)', 'publicIPAddress': {'id': '/x'}})
    """
    walk = _Walk(place)
    walk.walk(document, 0)
    return walk.secrets


class _Walk:
    """Remembers for each key met what to do with it: None (nothing), a spelling, or `REMOVED`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.verdicts: dict[str, str | None] = {}
        self.secrets = 0

    def walk(self, value: Json, depth: int) -> None:
        if depth > DEEPEST:
            message = f"`{self.place.source}` nests deeper than {DEEPEST} levels, as no export does"
            raise InputError([Diagnostic("error", "json-too-deep", message, self.place)])
        if type(value) is list:
            for n, item in enumerate(value):
                if type(item) is dict or type(item) is list:
                    self.walk(item, depth + 1)
                elif type(item) is str and len(item) > _SHORT:
                    value[n] = self.cleaned(item)
        elif type(value) is dict:
            self.walk_members(value, depth)

    def walk_members(self, members: dict[str, Any], depth: int) -> None:
        verdicts, respelled = self.verdicts, {}
        for key, value in members.items():
            try:
                verdict = verdicts[key]
            except KeyError:
                verdict = verdicts[key] = _verdict(key)
            kind = type(value)
            if verdict is REMOVED:
                members[key] = self.without_text(value)
            elif kind is dict or kind is list:
                self.walk(value, depth + 1)
            elif kind is str:
                if key == "data":  # of a certificate; an envelope's `data` is a list
                    members[key] = self.without_text(value)
                elif len(value) > _SHORT:
                    cleaned = self.cleaned(value)
                    if cleaned is not value:
                        members[key] = cleaned
                if key in _TELLING:
                    self.clean_told(members, value)
            elif key == "sensitive" and value is True and "value" in members:
                members["value"] = self.without_text(members["value"])
            if verdict is not None and verdict is not REMOVED:
                respelled[key] = verdict
        if respelled:
            items = [(respelled.get(key, key), value) for key, value in members.items()]
            members.clear()
            members.update(items)

    def clean_told(self, members: dict[str, Any], told: str) -> None:
        """Takes the value out where its neighbour says that it is a secret: `{"name": "password", "value": ...}`, a
        parameter of the type `secureString`."""
        folded = told.lower()
        for name in ("value", "defaultValue"):
            if name in members and (folded.startswith("secure") or is_secret_key(folded)):
                members[name] = self.without_text(members[name])

    def cleaned(self, text: str) -> str:
        """A text without what looks like a secret; the same object where nothing does."""
        if "=" not in text and "-----" not in text and "eyJ" not in text:
            return text
        cleaned = without_secrets(text)
        if cleaned == text:
            return text
        self.secrets += 1
        return cleaned

    def without_text(self, value: Json) -> Json:
        """A secret without its text; of a list of settings the names stay, of a parameter its type."""
        if isinstance(value, dict):
            return {
                key: inner if key.lower() in ("name", "type") else self.without_text(inner)
                for key, inner in value.items()
            }
        if isinstance(value, list):
            return [self.without_text(inner) for inner in value]
        if not isinstance(value, str) or not value or value == REMOVED:
            return value
        self.secrets += 1
        return REMOVED


def _verdict(key: str) -> str | None:
    folded = key.lower()
    if is_secret_key(folded):
        return REMOVED
    spelling = _SPELLING.get(folded)
    return spelling if spelling != key else None
