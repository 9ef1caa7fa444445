"""What of Terraform a JSON document is, told from its members.

https://developer.hashicorp.com/terraform/internals/json-format for `terraform show -json`; the state file itself
(`terraform.tfstate`, `terraform state pull`) has no documented format, but a version.
"""

from __future__ import annotations

from diagramgen.read.documents import Json

_PLAN = ("planned_values", "resource_changes", "prior_state")


def is_document(document: Json) -> bool:
    """Whether this is a state or a plan in any form that is read."""
    return any(claim(document) for claim in (is_state, is_old_state, is_shown, is_wrapped_plan))


def is_state(document: Json) -> bool:
    """A state file as Terraform 0.12 and later keep it (version 4)."""
    return _is_state_file(document) and isinstance(document.get("resources"), list)


def is_old_state(document: Json) -> bool:
    """A state file of Terraform 0.11 and before (versions 1 to 3): resources by module, attributes flat."""
    return _is_state_file(document) and isinstance(document.get("modules"), list)


def is_shown(document: Json) -> bool:
    """What `terraform show -json` prints of a state or of a plan; of no state at all it prints its version alone."""
    if not isinstance(document, dict):
        return False
    if "format_version" in document and isinstance(document.get("values"), dict):
        return True
    return is_plan(document) or document.keys() in (
        {"format_version"},
        {"format_version", "terraform_version"},
    )


def is_plan(document: Json) -> bool:
    """What `terraform show -json` prints of a plan."""
    if not isinstance(document, dict):
        return False
    told = [name for name in _PLAN if name in document]
    is_marked = "format_version" in document or "terraform_version" in document
    return bool(told) and (is_marked or "configuration" in document)


def is_wrapped_plan(document: Json) -> bool:
    """A plan as terravision keeps it, among its own notes. https://github.com/patrickchugh/terravision"""
    return isinstance(document, dict) and isinstance(document.get("plandata"), dict)


def _is_state_file(document: Json) -> bool:
    return (
        isinstance(document, dict)
        and "version" in document
        and ("terraform_version" in document or "lineage" in document or "serial" in document)
    )
