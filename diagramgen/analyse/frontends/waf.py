"""WAF: whether a web application firewall stands at an entry, and whether it blocks or only logs.

A policy that the input refers to and does not hold is `unknown`; a gateway without any is `none`. Detection only
logs, and a policy that is switched off does nothing. Custom rules, exclusions and rule sets are not judged.
https://learn.microsoft.com/azure/web-application-firewall/ag/policy-overview
https://learn.microsoft.com/azure/web-application-firewall/afds/waf-front-door-policy-settings
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from diagramgen.analyse.frontends.entries import Waf
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.frontends.shapes import mapping, word
from diagramgen.model.references import key
from diagramgen.model.topology import Resource

_MODES: Mapping[str, Waf] = {"prevention": "prevention", "detection": "detection"}


def of_policy(estate: Estate, policy: str) -> Waf:
    """What a WAF policy does, those of gateways (`state`) and of Front Door (`enabledState`) alike."""
    found = estate.get(policy)
    settings = mapping(found.properties.get("policySettings")) if found is not None else {}
    state = word(settings.get("state")) or word(settings.get("enabledState"))
    if state == "disabled":
        return "disabled"
    return _MODES.get(word(settings.get("mode")), "unknown") if state == "enabled" else "unknown"


def of_gateway(estate: Estate, gateway: Resource, *policies: object) -> tuple[Waf, str]:
    """The WAF of an application gateway for one path, and its policy; `policies` are references, nearest first: that
    of the path, of the listener. The gateway's own holds where these name none, and its older settings without one.

    Policies need the SKU WAF_v2, the older settings one of both WAF SKUs.
    """
    p = gateway.properties
    sku = mapping(p.get("sku")) or mapping(gateway.envelope.get("sku"))
    tier = word(sku.get("tier")) or word(sku.get("name"))
    if tier and not tier.startswith("waf"):
        return "none", ""
    policy = next(filter(None, (key(ref) for ref in (*policies, p.get("firewallPolicy")))), "")
    if policy:
        return of_policy(estate, policy), policy
    older = p.get("webApplicationFirewallConfiguration")
    if isinstance(older, Mapping):
        return _of_older(older), ""
    return ("none" if tier else "unknown"), ""


def _of_older(settings: Mapping[str, Any]) -> Waf:
    """https://learn.microsoft.com/azure/web-application-firewall/ag/upgrade-ag-waf-policy"""
    if settings.get("enabled") is False:
        return "disabled"
    return _MODES.get(word(settings.get("firewallMode")), "unknown") if settings.get("enabled") else "unknown"
