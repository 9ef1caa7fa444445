"""ZT-13: ways to what stands behind a Front Door that do not lead through it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from diagramgen.analyse.frontends import Frontend
from diagramgen.analyse.frontends.entries import Target
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.rules.facts import Found, is_known, label, labels, owner_of
from diagramgen.analyse.rules.nsg_fields import nsg_rules, opened_to_internet
from diagramgen.analyse.rules.openness import anyone_in
from diagramgen.analyse.verdicts import Evidence
from diagramgen.model.references import strings


def zt_13(estate: Estate) -> Iterator[Found]:
    """Origins of a Front Door let in nobody but it.

    Where an NSG or a service's firewall admits the tag AzureFrontDoor.Backend alone, the application has to check the
    header X-Azure-FDID, which the input does not tell: nothing is found then.
    https://learn.microsoft.com/azure/frontdoor/origin-security
    """
    topology = estate.topology
    round_it: dict[str, dict[Evidence, None]] = defaultdict(dict)
    doors: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in estate.frontends:
        if entry.kind != "front-door" or not entry.is_sure:
            continue
        for target in entry.targets:
            proofs, origin = tuple(_past_it(estate, target)), owner_of(topology, target.id)
            if proofs:
                round_it[origin] |= dict.fromkeys(proofs)
                doors[origin][entry.owner or entry.id] = None
    for origin, found in round_it.items():
        name, door = label(topology, origin), labels(topology, doors[origin])
        is_service = origin in estate.services.ids
        cure = (
            f"connect {door} to {name} by Private Link and switch public access of {name} off" if is_service
            else f"let the NSG in front of {name} admit `AzureFrontDoor.Backend` alone on the ports of {door}, and "
                 "check the header X-Azure-FDID there; or connect by Private Link"
        )  # fmt: skip
        yield Found(
            (origin, *doors[origin]),
            f"{name} stands behind {door}, and anyone on the Internet reaches it directly, past the WAF there",
            tuple(found), cure,
        )  # fmt: skip


def _past_it(estate: Estate, target: Target) -> Iterator[Evidence]:
    """What lets the Internet in to an origin directly."""
    if target.id in estate.services.ids:
        answer = anyone_in(estate, target.id)
        if answer is not None:
            yield Evidence(answer.place, answer.text, target.id)
        return
    if target.is_private_link or not target.is_known:
        return
    for entry in estate.frontends:
        is_its_own = target.id in (entry.owner, entry.id) or target.id in {t.id for t in entry.targets}
        if entry.kind != "front-door" and is_its_own and entry.sources is None and entry.is_sure:
            yield from _open(estate, entry)


def _open(estate: Estate, entry: Frontend) -> Iterator[Evidence]:
    """Why an entry is open to everyone: an NSG line, or that there is none."""
    topology = estate.topology
    if entry.kind == "application-gateway":
        subnet = topology.resources.get(entry.subnet)
        if subnet is None or not is_known(subnet) or _checks_header(estate, entry):
            return
        nsg = topology.nsg_of.get(subnet.id)
        if nsg is None:
            yield Evidence(
                entry.place, f"{entry.name} has a public frontend, and its subnet no NSG", entry.id
            )
            return
        rules = nsg_rules(topology, nsg)
        for rule, _ in opened_to_internet(rules or (), entry.services):
            yield rule.evidence
    elif entry.kind in ("public-ip", "load-balancer"):
        for vnet in dict.fromkeys(t.vnet for t in entry.targets if t.vnet):
            for flow in estate.internet.by_entry(entry, vnet).flows:
                if flow.is_specific or not flow.is_sure:
                    continue
                line = flow.rules[-1] if flow.rules else None
                if line is not None:
                    yield Evidence(line.place, line.text, line.id)
                else:
                    yield Evidence(entry.place, f"{entry.name} is open", entry.id)


def _checks_header(estate: Estate, entry: Frontend) -> bool:
    """Whether a rule of the gateway's WAF asks for the header by which a Front Door is known."""
    policy = estate.topology.resources.get(entry.waf_policy)
    if entry.waf_policy and (policy is None or policy.is_ghost):
        return True
    custom = policy.properties.get("customRules") if policy is not None else None
    return any("x-azure-fdid" in text.lower() for _, text in strings(custom))
