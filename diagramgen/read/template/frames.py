"""What expressions see at one place of a template: the names of a deployment, and the turns of the loops around."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from diagramgen.read.template.expressions import Target, TemplateProblem
from diagramgen.read.template.values import Value


class Owner(Protocol):
    """The deployment to whose template an expression belongs: a `Scope` without its loops."""

    @property
    def template(self) -> Mapping[str, Any]: ...
    def parameter(self, name: str) -> Value: ...
    def variable(self, name: str) -> Value: ...
    def parameters(self) -> Value: ...
    def reference(self, target: Value, arguments: Sequence[Value]) -> Value: ...
    def references(self, target: Value, arguments: Sequence[Value]) -> Value: ...
    def target_of_functions(self) -> Target: ...
    def resource_group(self) -> Value: ...
    def subscription(self) -> Value: ...
    def management_group(self) -> Value: ...
    def tenant(self) -> Value: ...
    def deployment(self) -> Value: ...
    def environment(self) -> Value: ...
    def user_function(self, namespace: str, name: str, arguments: Sequence[Value]) -> Value: ...


class Loop(NamedTuple):
    """One turn of a copy loop, from 0; `Unknown` where nobody knows how many there are. A loop over the values of a
    property must be asked by its name."""

    name: str
    turn: Value
    is_of_property: bool = False


class Frame:
    """The `Scope` of expressions that see an owner's names and are inside some loops.

    What is written inside a deployment with outer scope is evaluated more than once: first by the template around it,
    and what that leaves (`[[x]` becomes `[x]`) by the deployment itself: `again` is the frame of the next time.
    """

    __slots__ = ("again", "loops", "owner")

    def __init__(self, owner: Owner, loops: tuple[Loop, ...] = (), again: Frame | None = None) -> None:
        self.owner = owner
        self.loops = loops
        self.again = again

    def inside(self, loop: Loop) -> Frame:
        """The frame of what stands inside one more loop."""
        return Frame(self.owner, (*self.loops, loop), self.again.inside(loop) if self.again else None)

    def then(self, last: Frame) -> Frame:
        """This frame, and another one for what is left after all others."""
        return Frame(self.owner, self.loops, self.again.then(last) if self.again else last)

    def then_only(self, last: Frame) -> Frame:
        """This frame, and another one for what is left after it."""
        return Frame(self.owner, self.loops, last)

    def copy_index(self, loop: str | None) -> Value:
        """The turn of the loop of this name; without one that of the resource, else of the innermost loop.

        https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-numeric#copyindex
        """
        if loop is None:
            found = [each for each in self.loops if not each.is_of_property] or list(self.loops)
        else:
            found = [each for each in self.loops if each.name.lower() == loop.lower()]
        if not found:
            raise TemplateProblem(
                "copyIndex is used outside of a loop" if loop is None else "there is no such loop"
            )
        return found[-1].turn

    def parameter(self, name: str) -> Value:
        return self.owner.parameter(name)

    def variable(self, name: str) -> Value:
        return self.owner.variable(name)

    def parameters(self) -> Value:
        return self.owner.parameters()

    def reference(self, target: Value, arguments: Sequence[Value]) -> Value:
        return self.owner.reference(target, arguments)

    def references(self, target: Value, arguments: Sequence[Value]) -> Value:
        return self.owner.references(target, arguments)

    def target(self) -> Target:
        return self.owner.target_of_functions()

    def resource_group(self) -> Value:
        return self.owner.resource_group()

    def subscription(self) -> Value:
        return self.owner.subscription()

    def management_group(self) -> Value:
        return self.owner.management_group()

    def tenant(self) -> Value:
        return self.owner.tenant()

    def deployment(self) -> Value:
        return self.owner.deployment()

    def environment(self) -> Value:
        return self.owner.environment()

    def user_function(self, namespace: str, name: str, arguments: Sequence[Value]) -> Value:
        return self.owner.user_function(namespace, name, arguments)


class FunctionFrame(Frame):
    """What the body of a user function sees: its own parameters, and no variable or resource.

    https://learn.microsoft.com/azure/azure-resource-manager/templates/user-defined-functions#limitations
    """

    __slots__ = ("arguments",)

    def __init__(self, owner: Owner, arguments: Mapping[str, Value]) -> None:
        super().__init__(owner)
        self.arguments = arguments

    def parameter(self, name: str) -> Value:
        if name.lower() not in self.arguments:
            raise TemplateProblem("a function sees no parameters but its own")
        return self.arguments[name.lower()]

    def variable(self, name: str) -> Value:
        raise TemplateProblem("a function sees no variables")
