"""Names and ids -> other names and ids, the same by the same: `vnet-3`, `subnet-12`."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable

from diagramgen.model.kinds import KINDS
from diagramgen.read.record import Record, key_of
from diagramgen.read.resource import is_resource_id
from diagramgen.read.unknown import is_unknown

GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

_KEPT = frozenset(
    name.lower()
    for name in (
        # Subnets that mean something by their names: https://learn.microsoft.com/azure/virtual-network/virtual-network-vnet-plan-design-arm
        *("GatewaySubnet", "AzureFirewallSubnet", "AzureFirewallManagementSubnet", "AzureBastionSubnet"),
        *(
            "RouteServerSubnet",
            "default",
            "Default",
            "defaultRouteTable",
            "noneRouteTable",
            "internet",
            "azure",
        ),
        # Default rules: https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules
        *("AllowVnetInBound", "AllowAzureLoadBalancerInBound", "DenyAllInBound"),
        *("AllowVnetOutBound", "AllowInternetOutBound", "DenyAllOutBound"),
        *("PrivateTraffic", "InternetTraffic", "Internet"),
        *("AzurePrivatePeering", "MicrosoftPeering", "AzurePublicPeering", "document", "layout"),
    )
)
_CONTAINERS = {
    "subscriptions": "subscription",
    "resourcegroups": "rg",
    "managementgroups": "management-group",
}
_SPEC_WORDS = {
    "accepted": "accepted", "asgs": "asg", "azure_resources": "resource", "boundaries": "boundary",
    "circuits": "circuit", "configurations": "configuration", "connections": "connection",
    "ddos_plans": "ddos-plan", "expressroute_gateway": "", "firewall": "",
    "firewall_policies": "firewall-policy", "flows": "flow", "groups": "group", "hubs": "hub",
    "ip_groups": "ip-group", "management_groups": "management-group", "nat_gateways": "nat-gateway",
    "network_manager": "", "notes": "note", "nsgs": "nsg", "nva": "", "on_premises": "site", "p2s_gateway": "",
    "peerings": "peering", "private_dns_zones": "zone", "public_ips": "pip", "resources": "resource",
    "route_tables": "route-table", "routes": "route", "rules": "rule", "rule_collections": "collection",
    "services": "service", "subnets": "subnet", "subscriptions": "subscription", "users": "user",
    "views": "view", "virtual_wans": "wan", "vnets": "vnet", "vpn_gateway": "", "waf_policies": "waf-policy",
}  # fmt: skip
"""Words of the spec that make its ids, and what a name behind them is called."""


class Names:
    """One disguise of all names of some records."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._new: dict[tuple[str, str], str] = {}
        self._last: Counter[str] = Counter()
        self._word_of: dict[str, str] = {}
        self._ids: set[str] = set()
        for record in records:
            self._ids.add(record.id)
            word = word_of_type(record.type)
            for name in (record.name, record.envelope.get("label")):
                if isinstance(name, str) and name:
                    self._word_of.setdefault(name.lower(), word)

    def name(self, name: str, type_: str, rid: str = "") -> str:
        """The new name of a resource of that type."""
        if rid and GUID.fullmatch(name):
            return _guid(name)
        return self.called(name, word_of_type(type_))

    def called(self, name: str, word: str) -> str:
        """The new name of something that is called so; `word` begins it. Special names stay."""
        folded = name.strip().lower()
        if not folded or folded in _KEPT or folded.startswith("privatelink."):
            return name
        if GUID.fullmatch(name):
            return _guid(name)
        if is_unknown(name):
            word = "{" + word
        found = self._new.get((word, folded))
        if found is None:
            self._last[word] += 1
            found = self._new[word, folded] = f"{word}-{self._last[word]}" + (
                "}" if word.startswith("{") else ""
            )
        return found

    def is_known(self, text: str) -> bool:
        """Whether some record is called so."""
        return text.strip().lower() in self._word_of

    def known(self, text: str) -> str:
        """The new name of what some record is called."""
        return self.called(text, self._word_of[text.strip().lower()])

    def is_id(self, text: str) -> bool:
        """Whether this is a resource id, of Azure's or of a spec, or a part of one."""
        return (
            (text.startswith("/") and text.count("/") > 1)
            or is_resource_id(text)
            or key_of(text) in self._ids
        )

    def id(self, text: str) -> str:
        """The id with every name in it replaced."""
        if text.startswith("/") or is_resource_id(text):
            return self._azure_id(text)
        return self._spec_id(text)

    def _azure_id(self, text: str) -> str:
        steps = text.split("/")
        is_name = False
        kind = ""
        for n, step in enumerate(steps):
            folded = step.lower()
            if not step:
                is_name = False
            elif is_name:
                word = _CONTAINERS.get(kind.rsplit("/", 1)[-1]) or word_of_type(kind)
                steps[n] = self.called(step, word)
                is_name = False
            elif n > 0 and steps[n - 1].lower() == "providers":
                kind = folded
            elif folded != "providers":
                kind = f"{kind}/{folded}" if kind and "." in kind else folded
                is_name = True
            else:
                kind = ""
        return "/".join(steps)

    def _spec_id(self, text: str) -> str:
        steps = text.split("/")
        word = ""
        for n, step in enumerate(steps):
            if word:
                steps[n], word = self.called(step, word), ""
            elif step.lower() in _SPEC_WORDS:
                word = _SPEC_WORDS[step.lower()]
            else:
                steps[n] = self.called(step, "part")
        return "/".join(steps)


def word_of_type(type_: str) -> str:
    """What a thing of a type is called.

    >>> word_of_type("microsoft.network/virtualnetworks"), word_of_type("contoso.odd/things")
    ('vnet', 'thing')
    """
    kind = KINDS.get(type_.lower())
    word = kind.word if kind is not None else type_.rsplit("/", 1)[-1].removesuffix("s")
    return word.replace("_", "-").replace(" ", "-") or "thing"


def _guid(text: str) -> str:
    made = hashlib.blake2s(text.lower().encode(), person=b"diagramg").hexdigest()[:32]
    return f"{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:]}"
