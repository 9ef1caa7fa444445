"""Azure Firewall: what its rules do with a packet that is routed through it.

https://learn.microsoft.com/azure/firewall/rule-processing
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.addresses import is_private, network, ports
from simulator.estate import Estate, Json, key
from simulator.filters import Verdict, Wire

PASSES = ("nat", "network", "application")


class Unreadable(Exception):
    """A part of the policy is not in the input."""


class Firewalls:
    """The firewalls of an estate."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._collections: dict[str, list[tuple[str, Json]] | None] = {}

    def judge(self, firewall: str, wire: Wire) -> Verdict:
        """allowed, denied or unknown; decided by the name of a collection or `default-deny`."""
        if firewall not in self._collections:
            try:
                self._collections[firewall] = self.order(firewall)
            except Unreadable:
                self._collections[firewall] = None
        collections = self._collections[firewall]
        if collections is None:
            return Verdict("unknown", "policy-not-in-input")
        possible = []  # the verdicts of the collections that may decide; the first sure one ends it
        for kind, collection in collections:
            match = self._collection_matches(kind, collection, wire)
            access = str((collection.get("action") or {}).get("type")).lower()
            if match != "no":
                verdict = "denied" if access == "deny" else "allowed"
                possible.append(Verdict(verdict, str(collection.get("name"))))
            if match == "yes":
                break
        else:
            # Choice: the platform's own collection of host names opens nothing.
            possible.append(Verdict("denied", "default-deny"))
        if len({verdict.verdict for verdict in possible}) == 1:
            return possible[-1]
        return Verdict("unknown", f"{possible[0].decided_by}?")

    def order(self, firewall: str) -> list[tuple[str, Json]]:
        """The rule collections in order of processing, each with its kind.

        Types first; within a type the parent's before the child's; then groups, then collections by priority.
        """
        p = self.estate.properties(firewall)
        policy = key(p.get("firewallPolicy"))
        if not policy:
            return self._classic(p)
        layers: list[str] = []
        while policy:
            if not self.estate.get(policy) or policy in layers:
                raise Unreadable(policy)
            layers.insert(0, policy)
            policy = key(self.estate.properties(policy).get("basePolicy"))
        found = []
        for wanted in PASSES:
            for layer in layers:
                for collection in self._of_policy(layer):
                    if _kind(collection) == wanted:
                        found.append((wanted, collection))
        return found

    def _of_policy(self, policy: str) -> list[Json]:
        groups = self.estate.parts(policy, "ruleCollectionGroups")
        named = [key(one) for one in self.estate.properties(policy).get("ruleCollectionGroups") or ()]
        if any(rid not in groups for rid in named):
            raise Unreadable(policy)
        found = []
        for rid in sorted(groups, key=lambda rid: int(self.estate.properties(rid)["priority"])):
            collections = self.estate.properties(rid).get("ruleCollections") or ()
            found += sorted(collections, key=lambda c: int(c["priority"]))
        return found

    def _classic(self, p: Json) -> list[tuple[str, Json]]:
        """Rules on the firewall itself."""
        found: list[tuple[str, Json]] = []
        for kind in PASSES:
            listed = p.get(f"{kind}RuleCollections") or ()
            for collection in sorted(listed, key=lambda c: int(c["properties"]["priority"])):
                shaped = dict(collection["properties"], name=collection.get("name"))
                protocols = [
                    dict(rule, ipProtocols=rule.get("protocols") or rule.get("ipProtocols"))
                    if kind != "application" else rule for rule in shaped.get("rules") or ()
                ]  # fmt: skip
                found.append((kind, {**shaped, "rules": protocols}))
        return found

    def _collection_matches(self, kind: str, collection: Json, wire: Wire) -> str:
        rules: Iterable[Json] = collection.get("rules") or ()
        matcher = self._application_matches if kind == "application" else self._network_matches
        answers = [matcher(rule, wire) for rule in rules]
        return "yes" if "yes" in answers else "maybe" if "maybe" in answers else "no"

    def _network_matches(self, rule: Json, wire: Wire) -> str:
        protocols = [str(protocol).lower() for protocol in rule.get("ipProtocols") or ()]
        if wire.protocol not in protocols and "any" not in protocols:
            return "no"
        ranges = [ports(str(text)) for text in rule.get("destinationPorts") or ()]
        if wire.protocol in ("tcp", "udp"):
            if not any(r is not None and r[0] <= wire.port <= r[1] for r in ranges):
                return "no"
        elif wire.protocol not in protocols and not any(
            r is not None and r[1] - r[0] >= 65534 for r in ranges
        ):
            return "no"  # `Any` with named ports means TCP and UDP
        source = self._is_among(wire.source, rule, "source")
        target = self._is_among(wire.target, rule, "destination")
        if "no" in (source, target):
            return "no"
        return "yes" if source == target == "yes" else "maybe"

    def _application_matches(self, rule: Json, wire: Wire) -> str:
        """Application rules look at names, which a packet does not tell: they may match, never surely.

        They are for what goes out: nothing that comes in from the Internet.
        """
        numbers = [protocol.get("port") for protocol in rule.get("protocols") or ()]
        if wire.protocol != "tcp" or wire.port not in numbers:
            return "no"
        if not is_private(wire.source) and self.estate.vnet_of(wire.source) is None:
            return "no"
        if is_private(wire.target):
            # Choice: the firewall looks the name up itself, and names lead to private addresses in private zones alone,
            # of which these estates have none.
            return "no"
        return "no" if self._is_among(wire.source, rule, "source") == "no" else "maybe"

    def _is_among(self, address: int, rule: Json, word: str) -> str:
        answers = [self._is_in(address, str(text)) for text in rule.get(f"{word}Addresses") or ()]
        for group in rule.get(f"{word}IpGroups") or ():
            rid = key(group)
            if not self.estate.get(rid):
                answers.append("maybe")
            listed: Iterable[object] = self.estate.properties(rid).get("ipAddresses") or ()
            answers += [self._is_in(address, str(text)) for text in listed]
        if word == "destination" and rule.get("destinationFqdns"):
            answers.append("maybe")
        return "yes" if "yes" in answers else "maybe" if "maybe" in answers else "no"

    def _is_in(self, address: int, text: str) -> str:
        found = network(text)
        if found is not None:
            return "yes" if found.holds(address) else "no"
        # Choice: a service tag holds public addresses only.
        return "no" if is_private(address) else "maybe"


def _kind(collection: Json) -> str:
    if "Nat" in str(collection.get("ruleCollectionType")):
        return "nat"
    rules: Sequence[Json] = collection.get("rules") or ({},)
    return "application" if "Application" in str(rules[0].get("ruleType")) else "network"
