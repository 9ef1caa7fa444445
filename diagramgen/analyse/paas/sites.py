"""App Service and Functions: access restrictions, a list of allows and denials in order of priority.

https://learn.microsoft.com/azure/app-service/overview-access-restrictions
"""

from __future__ import annotations

from collections.abc import Mapping

from diagramgen.analyse.addresses import PRIVATE
from diagramgen.analyse.paas.answers import ANY_SUBNET, NOT_EXPORTED, NOT_UNDERSTOOD, Answer, Entry, Gate
from diagramgen.analyse.paas.lines import Lines, is_broad, joined, unreadable
from diagramgen.analyse.paas.subject import Subject
from diagramgen.analyse.verdicts import Access, Evidence, FlowVerdict
from diagramgen.located import Key
from diagramgen.model.references import at, key, last_segment
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import ADDRESSES, NO_RANGES, Ranges, covers, parse_addresses, union

_LAST_PRIORITY = 2147483647
_USUAL_PRIORITY = 65000


def site_access(subject: Subject) -> tuple[object, tuple[Key, ...]]:
    """The switch for public access, and where it stands. Where it was never set, a private endpoint turns it off."""
    for path in (("publicNetworkAccess",), ("siteConfig", "publicNetworkAccess")):
        word = at(subject.properties, *path)
        if word is not None and word != "":
            return word, path
    return ("Disabled" if subject.has_endpoint else None), ("publicNetworkAccess",)


def site_gate(subject: Subject, surface: str) -> Gate:
    """The restrictions of the app, or of its `scm` site, which has a list of its own."""
    environment = key(subject.properties.get("hostingEnvironmentProfile"))
    if environment:
        mode = at(
            getattr(subject.environments.get(environment), "properties", None), "internalLoadBalancingMode"
        )
        if not isinstance(mode, str):
            return Gate(Answer("unknown", "public:environment not in the input"))
        if "web" in mode.lower():
            text = "the app stands in an App Service Environment without a public address"
            return Gate(subject.answer("denied", "public:none", text, "hostingEnvironmentProfile"))
    gate = _restrictions(subject, surface)
    if not subject.is_told and subject.has_endpoint is None and site_access(subject)[0] is None:
        return gate._replace(doubt=Answer("denied", "public:publicNetworkAccess not in the input"))
    return gate


def is_internal(environment: Resource | None) -> bool | None:
    """Whether apps of an App Service Environment have no public address; None where that is not told.

    https://learn.microsoft.com/azure/app-service/environment/overview
    """
    mode = environment.properties.get("internalLoadBalancingMode") if environment is not None else None
    return "web" in mode.lower() if isinstance(mode, str) else None


def _restrictions(subject: Subject, surface: str) -> Gate:
    own, prefix, config = _config(subject)
    is_scm = surface == "scm" and config.get("scmIpSecurityRestrictionsUseMain") is not True
    name = "scmIpSecurityRestrictions" if is_scm else "ipSecurityRestrictions"
    listed, told = config.get(name), config.get(name + "DefaultAction")
    if listed is None and not subject.is_told:
        return Gate(NOT_EXPORTED)
    if listed is not None and not isinstance(listed, list | tuple):
        return unreadable(subject, f"`{name}` is no list", *prefix, name, own=own).before(NOT_EXPORTED)
    order = sorted(range(len(listed or ())), key=lambda number: _priority((listed or ())[number]))
    last = [number for number in order if _is_last((listed or ())[number])]
    lines = [
        _line(subject, (listed or ())[number], *prefix, name, number, own=own)
        for number in order
        if number not in last
    ]
    default = at((listed or ())[last[-1]], "action") if last else ("Deny" if lines else "Allow")
    action = str(told or default).lower()
    where = (*prefix, name + "DefaultAction") if told else (*prefix, name, *last[-1:])
    if action == "allow":
        answer = subject.open_to_all("public:defaultAction=Allow", "everyone else is let in", *where, own=own)
    elif action == "deny":
        answer = subject.answer(
            "denied", "public:defaultAction=Deny", "everyone else is refused", *where, own=own
        )
    else:
        answer = NOT_UNDERSTOOD
    return joined(*lines).before(answer)


def _config(subject: Subject) -> tuple[Resource, tuple[Key, ...], Mapping[str, object]]:
    """What holds the restrictions, the path in it, and the configuration itself.

    The site's own `siteConfig` is mostly empty in exports; the child `config/web` has it all:
    https://learn.microsoft.com/rest/api/appservice/web-apps/get-configuration
    """
    for child in subject.children.get("config", ()):
        if last_segment(child.id) == "web":
            return child, (), child.properties
    config = subject.properties.get("siteConfig")
    return subject.resource, ("siteConfig",), config if isinstance(config, Mapping) else {}


def _priority(item: object) -> int:
    told = at(item, "priority")
    return told if isinstance(told, int) else _USUAL_PRIORITY


def _is_last(item: object) -> bool:
    """Whether this is the rule for everyone that Azure itself lists at the end."""
    return _priority(item) == _LAST_PRIORITY and str(at(item, "ipAddress")).lower() == "any"


def _line(subject: Subject, item: object, *path: Key, own: Resource) -> Lines:
    """One restriction. Lines that look at headers, or at who a proxy says is calling, only may match."""
    action = str(at(item, "action") or "Allow").lower()
    if action not in ("allow", "deny") or not isinstance(item, Mapping):
        return unreadable(subject, "an access restriction is not understood", *path, own=own)
    verdict: FlowVerdict = "allowed" if action == "allow" else "denied"
    tag = str(item.get("tag") or "Default").lower()
    is_sure = not item.get("headers") and tag != "xffproxy"
    subnet = key(item.get("vnetSubnetResourceId"))
    told = item.get("ipAddress")
    text = told.strip() if isinstance(told, str) else ""
    access: Access = "allow" if verdict == "allowed" else "deny"
    said = f"{access} subnet {last_segment(subnet)}" if subnet else f"{access} {text}"
    rule = subject.rule(access, said + ("" if is_sure else " with certain headers"), *path, own=own)
    if subnet or text.lower() == "anyvnets":
        answer = Answer(verdict, "vnetRule", rule)
        return Lines((Entry(answer, subnet=subnet or ANY_SUBNET, is_sure=is_sure),))
    if text.lower() == "any":
        answer = Answer(verdict, "ipRule", rule, verdict == "allowed")
        if is_sure:
            return Lines((Entry(answer, ADDRESSES, ADDRESSES, is_everyone=True),))
        return Lines((Entry(answer, possible=ADDRESSES), Entry(answer, subnet=ANY_SUBNET, is_sure=False)))
    if not text:
        return unreadable(subject, "an access restriction is not understood", *path, own=own)
    words = [word.strip() for word in text.split(",") if word.strip()]
    return _addresses(
        subject, words, Answer(verdict, "serviceTag" if tag == "servicetag" else "ipRule", rule), is_sure
    )


def _addresses(subject: Subject, words: list[str], answer: Answer, is_sure: bool) -> Lines:
    """A line for one or several networks or service tags.

    https://learn.microsoft.com/azure/app-service/overview-access-restrictions#multi-source-rules
    """
    sure: Ranges = NO_RANGES
    possible: Ranges = NO_RANGES
    assumptions: tuple[str, ...] = ()
    for word in words:
        ranges = parse_addresses(word)
        if ranges is not None:
            sure, possible = union(sure, ranges), union(possible, ranges)
        else:
            held, may_hold, codes = subject.tagged(word)
            sure, possible = union(sure, held), union(possible, may_hold)
            assumptions = (*assumptions, *(code for code in codes if code not in assumptions))
    assert answer.rule is not None
    if possible and covers(PRIVATE, possible):
        message = f"`{', '.join(words)}` is private: only subnet rules see callers in VNets"
        if key(subject.properties.get("hostingEnvironmentProfile")):
            return Lines((Entry(answer, subnet=ANY_SUBNET, is_sure=False),))
        return Lines(errors=(Evidence(answer.rule.place, message, subject.resource.id),),
                     refused=((possible, answer.rule),))  # fmt: skip
    answer = answer._replace(is_broad=answer.verdict == "allowed" and is_broad(sure), assumptions=assumptions)
    return Lines((Entry(answer, sure if is_sure else NO_RANGES, possible),))
