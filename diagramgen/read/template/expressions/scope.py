"""What expressions ask of the template around them; whoever expands a template answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from diagramgen.read.template.values import Value


class Target(NamedTuple):
    """Where a template goes, as far as ids need it: the subscription's id (a GUID), the names of the resource group and
    of the management group; each may be `Unknown` (then of the kind "name"). None: there is none at this scope
    (a subscription deployment has no resource group)."""

    subscription: Value = None
    resource_group: Value = None
    management_group: Value = None


class Scope(Protocol):
    """What the functions of one template see. Each answer may be, or hold, `Unknown`.

    Names come as they are written; case does not matter. Answers are shared: give the same object for the same
    parameter or variable every time, evaluated once, as an `Unknown` made anew is another value. What does not
    exist, or is not allowed here, is a `TemplateProblem`.
    """

    def parameter(self, name: str) -> Value:
        """The value of a parameter."""

    def variable(self, name: str) -> Value:
        """The value of a variable."""

    def parameters(self) -> Value:
        """All parameters, as an object."""

    def copy_index(self, loop: str | None) -> Value:
        """The turn of a copy loop, from 0; None names the innermost one. The function adds its offset."""

    def reference(self, target: Value, arguments: Sequence[Value]) -> Value:
        """The state of a resource, by its id, name or symbolic name; then the API version and 'Full', if given.

        It is a `Partial` object where the template tells some of it: what it lacks is unknown. 'Info' in the place of
        'Full' asks for what `resourceInfo` gives.
        """

    def references(self, target: Value, arguments: Sequence[Value]) -> Value:
        """The states of all resources of a copy loop, by its symbolic name; then 'Full', if given."""

    def target(self) -> Target:
        """Where the template goes."""

    def resource_group(self) -> Value:
        """The object that `resourceGroup()` gives."""

    def subscription(self) -> Value:
        """The object that `subscription()` gives."""

    def management_group(self) -> Value:
        """The object that `managementGroup()` gives."""

    def tenant(self) -> Value:
        """The object that `tenant()` gives."""

    def deployment(self) -> Value:
        """The object that `deployment()` gives."""

    def environment(self) -> Value:
        """The object that `environment()` gives."""

    def user_function(self, namespace: str, name: str, arguments: Sequence[Value]) -> Value:
        """What a function of the template's own gives."""
