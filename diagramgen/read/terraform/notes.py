"""What there is to say of a Terraform document beside its resources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from diagramgen.diagnostics import Diagnostic
from diagramgen.located import Place
from diagramgen.read.documents import Json
from diagramgen.read.terraform.instance import Instance


def notes_on_instances(instances: Iterable[Instance], drawn: Collection[str]) -> Iterator[Diagnostic]:
    """What is only looked up (of what is `drawn`, by address), and what belongs to other providers."""
    known = tuple(instances)
    looked_up = [one for one in known if one.mode == "data" and one.address in drawn]
    if looked_up:
        text = (
            f"{_counted(looked_up)} only looked up (data sources): drawn as far as the document tells, "
            "and not all that belongs to them is known"
        )
        yield Diagnostic("note", "terraform-data", text, looked_up[0].place)
    others = [one for one in known if not one.is_azure and one.mode == "managed"]
    if others:
        text = f"{_counted(others)} of other providers than Azure's and not drawn"
        yield Diagnostic("note", "terraform-provider", text, others[0].place)


def notes_on_plan(plan: Mapping[str, Any], place: Place, forgotten: int) -> Iterator[Diagnostic]:
    """What a plan does not decide: drift, deferred changes, an error, targets."""
    if plan.get("errored") is True:
        text = "planning ended with an error: what it did not come to is missing"
        yield Diagnostic("warning", "terraform-incomplete", text, (place / "errored").key)
    deferred = plan.get("deferred_changes")
    if isinstance(deferred, list) and deferred:
        text = f"{_resources(len(deferred))} deferred to a later plan: not drawn"
        yield Diagnostic("warning", "terraform-deferred", text, (place / "deferred_changes").key)
    elif plan.get("complete") is False and plan.get("errored") is not True:
        text = "the plan is not complete (`-target`, or deferred changes): a further plan may change more"
        yield Diagnostic("warning", "terraform-incomplete", text, (place / "complete").key)
    drift = plan.get("resource_drift")
    if isinstance(drift, list) and drift:
        text = f"{_resources(len(drift))} changed outside of Terraform since it last looked"
        yield Diagnostic("note", "terraform-drift", text, (place / "resource_drift").key)
    if forgotten:
        text = f"{_resources(forgotten)} only forgotten by Terraform: still there after the plan, and drawn"
        yield Diagnostic("note", "terraform-forgotten", text, (place / "resource_changes").key)


def empty_side(plan: Mapping[str, Any], side: str, place: Place) -> Diagnostic:
    """The warning for a side of a plan with nothing on it."""
    changes = plan.get("resource_changes")
    actions = {
        action for entry in (changes if isinstance(changes, list) else ()) for action in _actions(entry)
    }
    if side == "before" and "create" in actions:
        text = "there is nothing before this plan: it creates all that it tells of"
        hint = "read it with `--plan-side after`"
    elif side == "after" and "delete" in actions:
        text = "there is nothing after this plan: it destroys all that it tells of"
        hint = "read it with `--plan-side before`"
    else:
        text, hint = "the plan holds no resources", "plan in the folder of the root module"
    return Diagnostic("warning", "terraform-empty", text, place, (hint,))


def _actions(entry: Json) -> list[str]:
    change = entry.get("change") if isinstance(entry, dict) else None
    actions = change.get("actions") if isinstance(change, dict) else None
    return [each for each in actions if isinstance(each, str)] if isinstance(actions, list) else []


def doubles(found: Mapping[str, str], instances: Mapping[str, Instance]) -> Iterator[Diagnostic]:
    """The warning for planned resources of one type and one name in one place."""
    if found:
        address, first = next(iter(found.items()))
        which = f"`{address}` has" if len(found) == 1 else f"`{address}` and {len(found) - 1} more have"
        text = f"{which} the name of another planned resource of the type, which Azure refuses: drawn apart"
        yield Diagnostic(
            "warning", "terraform-double", text, instances[address].place,
            related=((f"`{first}`", instances[first].place),),
        )  # fmt: skip


def untold_attachments(count: int, place: Place) -> Diagnostic:
    """The note on subnets of which another state may tell more."""
    subnets = "1 subnet" if count == 1 else f"{count} subnets"
    text = f"{subnets} may have an NSG, a route table or a NAT gateway that the document does not tell of: unknown"
    hint = "read the states that manage the networks and what is attached to their subnets together"
    return Diagnostic("note", "terraform-attachments", text, place, (hint,))


def open_links(count: int, place: Place) -> Diagnostic:
    """The note on links that are not known before the plan is applied."""
    links = "1 link to another resource is" if count == 1 else f"{count} links to other resources are"
    text = f"{links} known only after apply, and the configuration does not tell which: unknown"
    hint = "read the state after `terraform apply` to have them all"
    return Diagnostic("note", "terraform-links", text, place, (hint,))


def _counted(instances: Iterable[Instance]) -> str:
    """How many, and of which types: '3 resources (2 `random_pet`, 1 `tls_private_key`) are'."""
    counted = Counter(one.type for one in instances)
    listed = [f"{count} `{kind}`" for kind, count in sorted(counted.items(), key=lambda c: (-c[1], c[0]))]
    shown = ", ".join(listed[:5]) + (" ..." if len(listed) > 5 else "")
    total = counted.total()
    return f"{'1 resource' if total == 1 else f'{total} resources'} ({shown}) {'is' if total == 1 else 'are'}"


def _resources(count: int) -> str:
    return "1 resource is" if count == 1 else f"{count} resources are"
