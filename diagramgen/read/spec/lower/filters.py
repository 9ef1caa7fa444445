"""Rule collections of firewalls and their policies -> what is in them."""

from __future__ import annotations

from typing import Any

from diagramgen.read.spec.check import shorten
from diagramgen.read.spec.grammar import APPLICATION_PROTOCOLS, FilterLine, Piece
from diagramgen.read.spec.lower.context import Context, capital
from diagramgen.read.spec.lower.far import is_address
from diagramgen.read.spec.lower.where import where
from diagramgen.read.spec.names import Named
from diagramgen.read.spec.service_tags import fqdn_tag
from diagramgen.read.spec.shapes import Item, Told
from diagramgen.read.unknown import is_unknown

_FILTER_PROTOCOLS = {"any": "Any", "tcp": "TCP", "udp": "UDP", "icmp": "ICMP"}


def name_of(rule: Item, at: int) -> str:
    if isinstance(rule.value, FilterLine):
        return rule.name or rule.value.text
    return str(rule.value.get("name") or rule.name or f"rule-{at + 1}")


def refuse_equal_priorities(collections: tuple[Item, ...], owner: Named, context: Context) -> None:
    """An error for every second rule collection with one priority."""
    taken: dict[int, Item] = {}
    for item in collections:
        priority = item.value.get("priority")
        if isinstance(priority, int) and taken.setdefault(priority, item) is not item:
            context.refuse(
                "duplicate-priority",
                f"two rule collections of `{shorten(owner.name)}` have the priority {priority}",
                item.value.at("priority"),
                related=(("first here", taken[priority].value.at("priority")),),
            )


def lower_collection(item: Item, context: Context) -> dict[str, Any]:
    """A rule collection, as a policy has it."""
    told: Told = item.value
    action = told.get("action", "deny")
    rules: list[dict[str, Any]] = []
    kinds: dict[str, Item] = {}
    for at, rule in enumerate(told.get("rules", ())):
        lowered = _filter_rule(rule, at, action, context)
        if lowered is not None:
            kinds.setdefault(str(lowered.get("ruleType")), rule)
            rules.append(lowered)
    if len(kinds) > 1:
        second = list(kinds.values())[1]
        context.refuse(
            "mixed-collection",
            f"the rule collection `{shorten(item.name)}` mixes network and application rules",
            second.place,
            "Azure keeps them apart: write a collection for each",
            related=(("the first kind is here", next(iter(kinds.values())).place),),
        )
    is_nat = action == "dnat"
    properties = {
        "name": told.get("name", item.name),
        "priority": told.get("priority", 65000),
        "ruleCollectionType": "FirewallPolicyNatRuleCollection"
        if is_nat
        else "FirewallPolicyFilterRuleCollection",
        "action": {"type": "DNAT" if is_nat else capital(action)},
        "rules": sorted(rules, key=lambda r: str(r["name"])) if context.has_defaults else rules,
    }
    return context.with_azure(properties, told)


def _filter_rule(item: Item, at: int, action: str, context: Context) -> dict[str, Any] | None:
    """A rule, a line or in full; None where it is not whole."""
    if isinstance(item.value, FilterLine):
        line, told = item.value, None
    else:
        told = item.value
        line = _line_of(item, context)
    lowered = _lower_line(line, name_of(item, at), item, action, context)
    if told is None:
        return lowered
    for key, name in (("urls", "targetUrls"), ("web_categories", "webCategories")):
        if values := told.get(key):
            lowered[name] = [each.value for each in values]
            lowered["ruleType"] = "ApplicationRule"
    if description := told.get("description"):
        lowered["description"] = description
    return context.with_azure(lowered, told)


def _line_of(item: Item, context: Context) -> FilterLine:
    """What a rule in full says, as its line would."""
    told: Told = item.value
    protocols = tuple(dict.fromkeys(each.value for each in told.get("protocol", ()))) or ("any",)
    if any(p in APPLICATION_PROTOCOLS for p in protocols) and not all(
        p in APPLICATION_PROTOCOLS for p in protocols
    ):
        context.refuse("bad-protocol", "a rule mixes network and application protocols", told.at("protocol"))
    ports = tuple(p for each in told.get("ports", ()) for p in _ports_of(each.value))
    translated = told.get("translated")
    address, _, port = translated.rpartition(":") if translated else ("", "", "")
    return FilterLine(
        "",
        protocols,
        ports,
        _pieces(told.get("source")),
        _pieces(told.get("destination")),
        None if not translated else (address.strip("[] "), port.strip()) if address else (translated, ""),
    )


def _ports_of(value: tuple[str, ...] | str) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _pieces(items: tuple[Item, ...] | None) -> tuple[Piece, ...]:
    return (Piece("any"),) if items is None else tuple(Piece(each.value.strip()) for each in items)


def _lower_line(line: FilterLine, name: str, item: Item, action: str, context: Context) -> dict[str, Any]:
    source = where(context, line.sources, item.place, has_names=False)
    rule: dict[str, Any] = {
        "name": name,
        "sourceAddresses": source.prefixes,
        "sourceIpGroups": source.ip_groups,
    }
    is_application = line.protocols[0] in APPLICATION_PROTOCOLS
    if action in ("allow", "deny", "dnat") and (action == "dnat") != (line.translated is not None):
        wanted = (
            "needs ` -> ADDRESS:PORT` after it"
            if action == "dnat"
            else "has ` -> ADDRESS:PORT`, but its collection's action is not `dnat`"
        )
        context.refuse("bad-line", f"the rule {wanted}", item.place, span=(0, max(1, len(line.text))))
    if is_application:
        return rule | {
            "ruleType": "ApplicationRule",
            **_fqdns(line, item, context),
            "protocols": [
                {"protocolType": capital(p), "port": _number(port)}
                for p in line.protocols
                for port in line.ports or (_USUAL_PORTS.get(p, ""),)
            ],
        }
    target = where(context, line.destinations, item.place, has_names=False, has_fqdns=True)
    rule |= {
        "ipProtocols": [_FILTER_PROTOCOLS.get(p, p) for p in line.protocols],
        "destinationAddresses": target.prefixes,
        "destinationPorts": list(line.ports) or ["*"],
    }
    if line.translated:
        address, port = line.translated
        is_name = address and not is_unknown(address) and not is_address(address)
        return rule | {
            "ruleType": "NatRule",
            "translatedFqdn" if is_name else "translatedAddress": address,
            **({"translatedPort": port} if port else {}),
            **({"destinationPublicIps": [{"id": k} for k in target.public_ips]} if target.public_ips else {}),
        }
    return rule | {
        "ruleType": "NetworkRule",
        "destinationIpGroups": target.ip_groups,
        "destinationFqdns": target.fqdns,
    }


_USUAL_PORTS = {"http": "80", "https": "443", "mssql": "1433"}


def _number(port: str) -> int | str:
    first = port.split("-")[0]
    return int(first) if first.isdecimal() else port


def _fqdns(line: FilterLine, item: Item, context: Context) -> dict[str, Any]:
    fqdns, tags = [], []
    for piece in line.destinations:
        text = piece.text
        if text.lower() in ("any", "*"):
            fqdns.append("*")
        elif text.lower().startswith("tag:"):
            tags.append(text[4:].strip())
        elif tag := fqdn_tag(text):
            tags.append(tag)
        elif is_unknown(text):
            fqdns.append(text)
        elif "." in text and " " not in text and "/" not in text.partition("/")[0]:
            fqdns.append(text.lower())
        else:
            context.error(
                "bad-line",
                f"`{shorten(text)}` is no host name or FQDN tag, which an application rule leads to",
                item.place,
                "write `www.contoso.com`, `*.contoso.com`, `WindowsUpdate` or `any`",
                span=piece.span,
            )
    return {"targetFqdns": context.ordered(fqdns), "fqdnTags": context.ordered(tags)}
