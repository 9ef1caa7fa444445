"""The names of a spec and what it says of them -> records in the shape of the ARM REST API.

A module a part of the language. Ids are the spec's own paths (`subscriptions/Shared/vnets/Hub`), keys their
lower case; `envelope["parent"]` is the key of what a thing stands in, references are `{"id": KEY}`. Where the
spec tells of what exists, the paths become Azure's ids at the end. Rules and routes come first: they may ask for
the address of a machine, which is then told by the machine too.
"""

from __future__ import annotations

from collections.abc import Mapping

from diagramgen.read.record import Record
from diagramgen.read.spec.check import Report
from diagramgen.read.spec.lower.accepted import lower_accepted
from diagramgen.read.spec.lower.azure_ids import with_azure_ids
from diagramgen.read.spec.lower.boundaries import lower_boundaries
from diagramgen.read.spec.lower.context import Context
from diagramgen.read.spec.lower.further import lower_further
from diagramgen.read.spec.lower.hubs import lower_hubs
from diagramgen.read.spec.lower.links import lower_links
from diagramgen.read.spec.lower.manager import lower_manager
from diagramgen.read.spec.lower.network import lower_network
from diagramgen.read.spec.lower.outside import lower_outside
from diagramgen.read.spec.lower.peerings import lower_peerings
from diagramgen.read.spec.lower.policies import lower_policies
from diagramgen.read.spec.lower.routes import lower_route_tables
from diagramgen.read.spec.lower.rules import lower_nsgs
from diagramgen.read.spec.lower.shared import lower_shared
from diagramgen.read.spec.lower.views import lower_views
from diagramgen.read.spec.names import NameTable
from diagramgen.read.spec.shapes import Told


def lower(spec: Told, names: NameTable, report: Report) -> tuple[Record, ...]:
    """The records of a spec, sorted by id."""
    return tuple(sorted(lower_by_path(spec, names, report).values(), key=lambda record: record.id))


def lower_by_path(spec: Told, names: NameTable, report: Report) -> Mapping[str, Record]:
    """The records of a spec by its own paths, lower case, which are the ids of those that have none of Azure."""
    context = Context(names, report, spec.get("unsaid", "default"))
    lower_nsgs(context)
    lower_route_tables(context)
    lower_policies(context)
    lower_shared(context)
    lower_manager(spec, context)
    lower_hubs(context)
    lower_network(context)
    lower_peerings(spec, context)
    lower_outside(spec, context)
    lower_links(spec, context)
    lower_boundaries(spec, context)
    lower_accepted(spec, context)
    lower_views(spec, context)
    lower_further(context)
    return context.records if context.has_defaults else with_azure_ids(context.records)
