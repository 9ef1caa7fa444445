"""A Terraform document of any form -> its instances, and what is known of how they were made."""

from __future__ import annotations

from typing import Any, NamedTuple

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.inputs import PlanSide
from diagramgen.read.terraform import claims, notes
from diagramgen.read.terraform.configuration import Configuration, read_configuration
from diagramgen.read.terraform.plan import Side, side_of
from diagramgen.read.terraform.shown import instances_of_values
from diagramgen.read.terraform.state import instances_of_old_state, instances_of_state


class Told(NamedTuple):
    """A document's instances. `name` is what the document is."""

    name: str
    side: Side
    configuration: Configuration = Configuration()
    diagnostics: tuple[Diagnostic, ...] = ()


def told_of(document: dict[str, Any], place: Place, side: PlanSide) -> Told:
    """What a document tells, of a plan the wanted side."""
    if claims.is_wrapped_plan(document):
        document, place = document["plandata"], place / "plandata"
    if claims.is_state(document):
        return Told("Terraform state", Side(tuple(instances_of_state(document, place))))
    if claims.is_old_state(document):
        return Told("Terraform state (version 3)", Side(tuple(instances_of_old_state(document, place))))
    if claims.is_plan(document):
        return _plan(document, place, side)
    instances = tuple(instances_of_values(document.get("values"), place / "values"))
    return Told("Terraform state (show -json)", Side(instances))


def _plan(document: dict[str, Any], place: Place, wanted: PlanSide) -> Told:
    side = side_of(document, wanted, place)
    said = list(notes.notes_on_plan(document, place, side.forgotten))
    if not any(one.mode == "managed" for one in side.instances):
        said.append(notes.empty_side(document, wanted, place))
    return Told(f"Terraform plan ({wanted})", side, read_configuration(document), tuple(said))
