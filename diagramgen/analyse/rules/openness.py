"""Whether a platform service lets anyone in over its public endpoint."""

from __future__ import annotations

from diagramgen.analyse.paas.gates import PLANS
from diagramgen.analyse.rules.estate import Estate
from diagramgen.analyse.verdicts import Rule
from diagramgen.model.traffic import IPV4, intersection, size


def anyone_in(estate: Estate, service: str) -> Rule | None:
    """The rule by which a service surely lets the Internet at large in; None where none does.

    A spec that says nothing of a service's access leaves it open to be said: its default counts in exports alone.
    """
    resource = estate.topology.resources.get(service)
    plan = PLANS.get(resource.type) if resource is not None else None
    for surface in ("", *(plan.surfaces if plan is not None else ())):
        for answer in estate.services.public(service, estate.addresses.internet, subresource=surface):
            if answer.verdict == "allowed" and size(intersection(answer.sources, IPV4)) >= 1 << 24:
                is_said = (
                    answer.rule is None or not answer.rule.is_default or estate.topology.is_exported(service)
                )
                return answer.rule if is_said else None
    return None
