"""One resource of a template, at one turn of its loop: its type, name, id, condition and body, each evaluated once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from diagramgen.located import Place
from diagramgen.read.template.expressions import Target
from diagramgen.read.template.frames import Frame
from diagramgen.read.template.targets import (
    NO_SUBSCRIPTION,
    id_text,
    path_segments,
    redirected,
    resource_id,
    text_of,
)
from diagramgen.read.template.values import Unknown, Value, joined
from diagramgen.read.template.walk import evaluate_tree
from diagramgen.read.unknown import unknown

if TYPE_CHECKING:
    from diagramgen.read.template.deployment import Deployment

DEPLOYMENTS = "microsoft.resources/deployments"

_MEMBERS = {
    name.lower(): name
    for name in (
        *(
            "type",
            "name",
            "apiVersion",
            "location",
            "properties",
            "resources",
            "copy",
            "condition",
            "existing",
        ),
        *(
            "scope",
            "subscriptionId",
            "resourceGroup",
            "dependsOn",
            "sku",
            "kind",
            "tags",
            "zones",
            "identity",
        ),
        *("plan", "import", "extension"),
    )
}
_ENVELOPE = ("location", "tags", "sku", "kind", "zones", "identity", "plan", "managedBy", "extendedLocation")


def spelled(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A resource with the names of its members as Azure spells them."""
    return {_MEMBERS.get(name.strip().lower(), name): value for name, value in raw.items()}


class Instance:
    """`deployment` is that in whose template it stands, `frame` what its expressions see. `symbol` is its symbolic
    name, "" without; `turn` that of its own loop, None without. `parent` is the resource that it is written in."""

    def __init__(
        self, raw: Mapping[str, Any], place: Place, deployment: Deployment, frame: Frame, symbol: str, turn: Value,
        parent: Instance | None,
    ) -> None:  # fmt: skip
        self.raw = raw
        self.place = place
        self.deployment = deployment
        self.frame = frame
        self.symbol = symbol
        self.turn = turn
        self.parent = parent
        self._body: dict[str, Value] | None = None
        self._is_in_progress = False

    @cached_property
    def kind(self) -> str:
        """The type from the root, as written."""
        told = text_of(self._value("type")).strip("/ ")
        if self.parent is None or self._is_extension(told):
            return told
        above = self.parent.kind
        return told if told.lower().startswith(above.lower() + "/") else f"{above}/{told}"

    @cached_property
    def name(self) -> Value:
        """The name from the root: of a child with those of its parents. What is only referred to under a condition that
        is false has none: it is written for when the condition holds."""
        if self.is_existing and self.condition is False:
            return Unknown(
                unknown(self.symbol), f"`{self.symbol}` is referred to under a condition that is false"
            )
        told = self._value("name")
        told = told if isinstance(told, (str, Unknown)) else "" if told is None else str(told)
        if self.parent is None or self._is_extension(self.kind):
            return told
        if len(path_segments(told)) >= self.kind.count("/"):
            return told
        return joined([self.parent.name, "/", told])

    @cached_property
    def id(self) -> Value:
        """The resource id in the place where it goes."""
        extended = self._value("scope")
        if self.parent is not None and self._is_extension(self.kind):
            extended = self.parent.id
        return resource_id(self.kind, self.name, self.target, None if self.is_deployment else extended)

    @cached_property
    def key(self) -> str:
        """The id as text, for comparing."""
        return id_text(self.id).lower()

    @cached_property
    def target(self) -> Target:
        """Where it goes: of a deployment where its resources go."""
        scope = self._value("scope") if self.is_deployment or self.is_existing else None
        subscription = self._value("subscriptionId")
        if subscription == "":
            subscription = NO_SUBSCRIPTION
        return redirected(self.deployment.goes_to, scope, subscription, self._value("resourceGroup"))

    @cached_property
    def condition(self) -> bool | Unknown:
        """Whether it is deployed; `Unknown` where that depends on what nobody knows."""
        told = self._value("condition") if "condition" in self.raw else True
        if isinstance(told, str):
            told = {"true": True, "false": False}.get(told.lower(), told)
        if isinstance(told, (bool, Unknown)):
            return told
        return Unknown("{condition}", "its condition is neither true nor false")

    @property
    def is_existing(self) -> bool:
        """Whether the template only refers to it."""
        return self.raw.get("existing") is True

    @property
    def is_deployment(self) -> bool:
        """Whether it is a nested or linked deployment."""
        return self.kind.lower() == DEPLOYMENTS

    @property
    def is_foreign(self) -> bool:
        """Whether it is no resource of Azure's: what an extension of Bicep deploys elsewhere (Kubernetes, Graph).

        https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-extension
        """
        return "import" in self.raw or "extension" in self.raw

    def body(self) -> dict[str, Value]:
        """What stands beside its name and type: `properties` and the envelope; without the rest where it is asked for
        while it is being evaluated."""
        if self._body is not None:
            return self._body
        if self._is_in_progress:
            return {}
        self._is_in_progress = True
        try:
            run = self.deployment.run
            self._body = {
                name: evaluate_tree(self.raw[name], self.frame, self.place / name, run)
                for name in ("properties", *_ENVELOPE)
                if name in self.raw
            }
        finally:
            self._is_in_progress = False
        return self._body

    def in_progress(self) -> bool:
        """Whether its body is being evaluated, so that who asks for it asks in a circle."""
        return self._is_in_progress

    @cached_property
    def inner(self) -> Deployment | None:
        """The deployment that it makes, None where its template is not there."""
        return self.deployment.run.open_nested(self)

    def _value(self, name: str) -> Value:
        if name not in self.raw:
            return None
        return evaluate_tree(self.raw[name], self.frame, self.place / name, self.deployment.run)

    def _is_extension(self, kind: str) -> bool:
        """Whether a resource that is written inside another one extends it, instead of being a child of it."""
        if self.parent is None or "." not in kind.partition("/")[0]:
            return False
        return not kind.lower().startswith(self.parent.kind.lower() + "/")
