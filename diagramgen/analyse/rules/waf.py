"""Rules on WAFs: that HTTP from the Internet passes one, and that it stops what it finds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from diagramgen.analyse.frontends import Frontend
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import (
    APPLICATION_GATEWAY,
    NET,
    Found,
    evidence,
    is_known,
    label,
    labels,
    listed,
    told,
)
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.references import at
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import service_text


def zt_11(estate: Estate) -> Iterator[Found]:
    """Application Gateways and Front Doors that the Internet reaches have a WAF for every host.

    https://learn.microsoft.com/azure/web-application-firewall/overview
    """
    topology = estate.topology
    bare: dict[str, list[Frontend]] = defaultdict(list)
    for entry in estate.frontends:
        is_web = entry.kind in ("application-gateway", "front-door")
        if is_web and entry.waf == "none" and entry.sources != () and entry.is_sure:
            bare[entry.owner or entry.id].append(entry)
    for owner, entries in bare.items():
        name, resource = label(topology, owner), topology.resources.get(owner)
        is_gateway = resource is not None and resource.type == APPLICATION_GATEWAY
        kind = "the SKU `WAF_v2` and a WAF policy" if is_gateway else "a security policy with a WAF policy"
        yield Found(
            (owner,),
            f"{name} lets HTTP traffic in from the Internet without a WAF, by {listed(f'`{e.name}`' for e in entries)}",
            tuple(Evidence(e.place, f"{e.name}: {service_text(e.services)}, no WAF", e.id) for e in entries),
            f"give {name} {kind} in Prevention mode",
        )  # fmt: skip


def zt_12(estate: Estate) -> Iterator[Found]:
    """WAFs are enabled and prevent; in Detection mode they only log.

    https://learn.microsoft.com/azure/web-application-firewall/ag/ag-overview#waf-modes
    """
    topology = estate.topology
    users: dict[str, list[str]] = defaultdict(list)
    for entry in estate.frontends:
        users[entry.waf_policy or entry.owner].append(entry.owner or entry.id)
    kinds = ("applicationgatewaywebapplicationfirewallpolicies", "frontdoorwebapplicationfirewallpolicies")
    holders = [policy for kind in kinds for policy in topology.of_type(NET + kind)]
    settings: list[tuple[Resource, str, tuple[str, ...], str]]
    settings = [(policy, "policySettings", ("state", "enabledState"), "mode") for policy in holders]
    settings += [(gateway, "webApplicationFirewallConfiguration", ("enabled",), "firewallMode")
                 for gateway in topology.of_type(APPLICATION_GATEWAY)
                 if not at(gateway.properties, "firewallPolicy", "id")]  # fmt: skip
    for holder, block, states, mode in settings:
        said = at(holder.properties, block)
        is_off = (
            any(told(said, state) == "disabled" or at(said, state) is False for state in states)
            if said
            else False
        )
        detects = told(said, mode) == "detection" if isinstance(said, Mapping) else False
        if not (is_off or detects) or not is_known(holder):
            continue
        behind = list(dict.fromkeys(owner for owner in users.get(holder.id, ()) if owner != holder.id))
        whose = f" of {labels(topology, behind)}" if behind else ""
        name, state = (
            label(topology, holder.id),
            "is switched off" if is_off else "only detects, and stops nothing",
        )
        yield Found(
            (holder.id, *behind), f"WAF {name}{whose} {state}",
            (evidence(holder, f"{block}: {'state Disabled' if is_off else 'mode Detection'}", block),),
            f"set {name} to {'state Enabled and ' if is_off else ''}mode Prevention, once its log shows no false "
            "alarms",
        )  # fmt: skip
