"""Values of properties -> values that tell nobody's name: what is not known to be harmless is replaced."""

from __future__ import annotations

import re
from typing import Any

from diagramgen.read.anonymise.addresses import Addresses
from diagramgen.read.anonymise.names import GUID, Names, word_of_type
from diagramgen.read.secrets import REMOVED
from diagramgen.read.spec.service_tags import service_tag
from diagramgen.read.unknown import is_unknown


def _words(text: str) -> list[str]:
    return text.split()


_DROPPED = frozenset(
    _words(
        """
    adminusername alias computername contact createdby description displayname email emails etag
    extendedlocation identity macaddress managedby note notes order osprofile path plan provisioningstate
    reason resourceguid storageprofile storageuri subtitle systemdata tags tenant text title titleblock
    tunnels uniqueid vmid
    """
    )
)
"""Keys, in lower case, whose values no verdict and no box needs, and that may say anything."""

# https://learn.microsoft.com/rest/api/virtualnetwork/ and its neighbours: enum words, and words of ours
_HARMLESS = frozenset(
    _words(
        """
    access action actiontype addressprefixtype bandwidth bypass category circuitprovisioningstate
    connectionprotocol connectionstatus connectiontype connectivitytopology defaultaction
    deleteexistingpeering destinationtype direction effect enabledprotocols enabledstate endpointtype
    enforcement exclusionmanagedrule family firewallmode firewallpolicytier fqdntags gatewaytype
    groupconnectivity groupids hubroutingpreference icon ipprotocols ipv4 isconditional isglobal isplanned
    kind level location locations membertype minimumtlsversion mode networkmanagerscopeaccesses nexthoptype
    nictype operationalstate origin ostype peeringstate peeringsynclevel peeringtype ports priority
    privateendpointnetworkpolicies privateipaddressversion privateipallocationmethod
    privatelinkservicenetworkpolicies protocol protocols protocoltype publicipaddressversion
    publicipallocationmethod publicnetworkaccess purpose region resourcetype routingstate rulecollectiontype
    rulesettype rulesetversion ruletype service servicename serviceproviderprovisioningstate size source
    state status style threatintelmode tier trafficroutingmethod type usehubgateway vmsize
    vnetlocalrouteoverridecriteria vpngatewaygeneration vpntype webcategories zones
    """
    )
)
_TAGGED = re.compile(r"(address|prefix|destination|source|route)", re.IGNORECASE)
_HOSTS = re.compile(r"(fqdn|host|url|domain|dns)", re.IGNORECASE)
_PLAIN = re.compile(
    r"|\*|true|false|none|null|[0-9.,:\- ]*|(any|tcp|udp|icmp|esp|ah)(/[0-9,\-]+)?", re.IGNORECASE
)
_SKU = frozenset({"name", "tier", "family", "size"})
_PROPERTY = re.compile(r"[A-Za-z$@][A-Za-z0-9_$@.\-]*")


class Values:
    """One disguise of all values."""

    def __init__(self, names: Names, addresses: Addresses) -> None:
        self._names, self._addresses = names, addresses

    def envelope(self, key: str, value: Any, name: str) -> Any:
        """What stands beside the properties; None for what is left out. `name` is the resource's new one."""
        if key == "label":
            return name if value else value
        if key == "resourceGroup":
            return self._names.called(str(value), "rg")
        return self._member(key, value)

    def value(self, key: str, value: Any) -> Any:
        """A value that stands behind `key`."""
        if isinstance(value, dict):
            shown = {
                self._key(inner): new
                for inner, below in value.items()
                if (new := self._member(inner, below, in_sku=key.lower() == "sku")) is not None
            }
            if isinstance(value.get("name"), str) and key.lower() != "sku":
                shown["name"] = self._own_name(key, value)
            return shown
        if isinstance(value, list | tuple):
            return [self.value(key, item) for item in value]
        return self._text(key, value) if isinstance(value, str) else value

    def _member(self, key: str, value: Any, in_sku: bool = False) -> Any:
        if key.lower() in _DROPPED:
            return None
        if in_sku and key in _SKU:
            return value
        return self.value(key, value)

    def _own_name(self, collection: str, part: dict[str, Any]) -> str:
        """The new name of a part inside a resource: what ids call it (`.../httpListeners/NAME`)."""
        name, rid = part["name"], part.get("id")
        if isinstance(rid, str) and rid.lower().endswith(f"/{name.lower()}"):
            return self._names.id(rid).rpartition("/")[2]
        if self._names.is_known(name):
            return self._names.known(name)
        return self._names.called(name, word_of_type(collection.lower()))

    def _key(self, key: str) -> str:
        """A property's name stays; a name that serves as a key does not."""
        if self._names.is_id(key):
            return self._names.id(key)
        if self._names.is_known(key) and key.lower() not in _HARMLESS:
            return self._names.known(key)
        return key if _PROPERTY.fullmatch(key) else self._names.called(key, "key")

    def _text(self, key: str, text: str) -> str:
        folded = key.lower()
        if _PLAIN.fullmatch(text) and self._addresses.text(text) is None:
            return text
        if text == REMOVED or (folded in _HARMLESS and not is_unknown(text) and not self._names.is_id(text)):
            return text
        if text in ("PrivateTraffic", "Internet"):  # destinations of a routing intent
            return text
        if GUID.fullmatch(text):
            return self._names.called(text, "guid")
        if (address := self._addresses.text(text)) is not None:
            return address
        if self._names.is_id(text):
            return self._names.id(text)
        if _TAGGED.search(key) and service_tag(text):
            return text
        if self._names.is_known(text):
            return self._names.known(text)
        if is_unknown(text):
            return self._names.called(text, "unknown")
        if _HOSTS.search(key):
            star = "*." if text.startswith("*.") else ""
            return f"{star}{self._names.called(text.removeprefix('*.'), 'host')}.example"
        return self._names.called(text, "name" if folded.endswith("name") else "text")
