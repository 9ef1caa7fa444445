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

REMOVED = "(removed)"
"""What stands where a secret stood."""

DEEPEST = 100
"""Levels that an export may nest; real ones stay below 30."""

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

_SECRETS = frozenset(
    {
        "accountkey",
        "appsettings",
        "authorizationkey",
        "connectionstrings",
        "customdata",
        "environmentvariables",
        "primarykey",
        "primarymasterkey",
        "protectedsettings",
        "secondarykey",
        "secondarymasterkey",
        "securevalue",
        "userdata",
    }
)
_SECRET_ENDINGS = (
    "password",
    "secret",
    "connectionstring",
    "sharedkey",
    "servicekey",
    "privatekey",
    "accesskey",
    "sastoken",
)


def tidy(document: Json, place: Place) -> Json:
    """The same document, with REST's spelling of keys and without secrets.

    Raises:
        InputError: it nests deeper than any export.

    >>> tidy({"sharedKey": "hunter2", "publicIpAddress": {"id": "/x"}}, Place("a.json"))
    {'sharedKey': '(removed)', 'publicIPAddress': {'id': '/x'}}
    """
    _Walk(place).walk(document, 0)
    return document


class _Walk:
    """Remembers for each key met what to do with it: None (nothing), a spelling, or `REMOVED`."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.verdicts: dict[str, str | None] = {}

    def walk(self, value: Json, depth: int) -> None:
        if depth > DEEPEST:
            message = f"`{self.place.source}` nests deeper than {DEEPEST} levels, as no export does"
            raise InputError([Diagnostic("error", "json-too-deep", message, self.place)])
        if type(value) is list:
            for item in value:
                if type(item) is dict or type(item) is list:
                    self.walk(item, depth + 1)
        elif type(value) is dict:
            self.walk_members(value, depth)

    def walk_members(self, members: dict[str, Any], depth: int) -> None:
        verdicts, respelled = self.verdicts, {}
        for key, value in members.items():
            try:
                verdict = verdicts[key]
            except KeyError:
                verdict = verdicts[key] = _verdict(key)
            if (type(value) is dict or type(value) is list) and key != "tags":
                self.walk(value, depth + 1)
            if verdict is REMOVED:
                members[key] = _without_text(value)
            elif key == "data" and type(value) is str:  # of a certificate; an envelope's `data` is a list
                members[key] = REMOVED
            elif verdict is not None:
                respelled[key] = verdict
        if respelled:
            items = [(respelled.get(key, key), value) for key, value in members.items()]
            members.clear()
            members.update(items)


def _verdict(key: str) -> str | None:
    folded = key.lower()
    if folded in _SECRETS or folded.endswith(_SECRET_ENDINGS):
        return REMOVED
    spelling = _SPELLING.get(folded)
    return spelling if spelling != key else None


def _without_text(value: Json) -> Json:
    """A secret without its text; of a list of settings the names stay."""
    if isinstance(value, dict):
        return {key: inner if key.lower() == "name" else _without_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_text(inner) for inner in value]
    return REMOVED if isinstance(value, str) and value else value
