"""Entries as rules, on one line as an architect reads them."""

from __future__ import annotations

from collections.abc import Sequence

from diagramgen.analyse.frontends.entries import Target
from diagramgen.analyse.frontends.estate import Estate
from diagramgen.analyse.verdicts import ControlKind, Rule
from diagramgen.located import Place
from diagramgen.model.references import last_segment
from diagramgen.model.topology import Resource
from diagramgen.model.traffic import Ranges, address_texts, service_text

_SHOWN = 3
"""Targets that a line names."""


def platform_rule(
    estate: Estate, owner: Resource, rid: str, part: str, services: Ranges, public_ips: Sequence[str],
    targets: Sequence[Target], place: Place, sources: Ranges | None = None, kind: ControlKind = "platform",
) -> Rule:  # fmt: skip
    """The rule by which an owner lets traffic in; `part` names its listener, rule or route, "" for the owner itself."""
    name = f"{owner.name}/{part}" if part else owner.name
    words = [service_text(services) or "nothing", "from", source_text(sources)]
    words += ["to", ", ".join(name_of(estate, ip) for ip in public_ips) or name]
    if targets:
        words += ["->", target_text(estate, targets)]
    return Rule(rid, name, owner.id, owner.name, kind, "allow", 0, " ".join(words), place, stage="platform")


def source_text(sources: Ranges | None) -> str:
    """Who may come in, in words."""
    if sources is None:
        return "Internet"
    return ", ".join(address_texts(sources, 4)) or "inside"


def target_text(estate: Estate, targets: Sequence[Target]) -> str:
    """The first targets with the services that arrive there where these are all the same."""
    names = [name_of(estate, target.id) for target in targets]
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    services = {target.services for target in targets}
    return (
        f"{service_text(services.pop())} of {shown}" if len(services) == 1 and targets[0].services else shown
    )


def name_of(estate: Estate, rid: str) -> str:
    """What a thing is called: a resource's name, else the last part of its id, or the text that it is."""
    resource = estate.topology.resources.get(rid)
    return resource.name if resource is not None else last_segment(rid)
