"""A deployment: a template, where it goes, and the values that it is given; everything in it is evaluated when asked
for, once.

https://learn.microsoft.com/azure/azure-resource-manager/templates/linked-templates
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from diagramgen.located import Place
from diagramgen.read.template import answers, states
from diagramgen.read.template.declared import Declared, declarations
from diagramgen.read.template.expressions import Target, TemplateProblem
from diagramgen.read.template.frames import Frame, FunctionFrame, Loop
from diagramgen.read.template.resources import Resources
from diagramgen.read.template.run import Run
from diagramgen.read.template.values import Unknown, Value
from diagramgen.read.template.walk import count_of, evaluate_tree, loops_in, unrolled
from diagramgen.read.unknown import unknown

Given = Callable[[], Value]
"""The value that a deployment gives to a parameter, evaluated when asked for; `ABSENT` where it gives none."""


class _Absent:
    """Nothing where a value could be."""


ABSENT = _Absent()


class Deployment:
    """A template in one place. Is the `Owner` of the frames of its expressions.

    `name` is that of the deployment, `parent` the one around it. `around` puts its own frame behind those of the
    templates around it, where these evaluate what is written in it. `doubts` are the conditions, not known, under which
    all of it is made.
    """

    def __init__(
        self, template: Mapping[str, Any], place: Place, target: Target, given: Mapping[str, Given], run: Run,
        name: Value, *, parent: Deployment | None = None, around: Callable[[Frame], Frame] | None = None,
        link: Value = None, doubts: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.template = template
        self.place = place
        self.parent = parent
        self.goes_to = target
        self.given = given
        self.run = run
        self.name = name
        self.link = link
        self.depth: int = parent.depth + 1 if parent else 0
        self.doubts = doubts
        self.frame = around(Frame(self)) if around else Frame(self)
        self.resources = Resources(self)
        self._declared = declarations(template)
        self._variables = _folded(template.get("variables"))
        self._variable_loops = {str(loop.get("name", "")).lower(): n for n, loop in enumerate(self._loops())}
        self._known: dict[tuple[str, str], Value] = {}
        self._in_progress: set[tuple[str, str]] = set()
        self._outputs: dict[str, Value] | None = None
        self.is_telling = False

    # What expressions ask ------------------------------------------------------------------------------------

    def parameter(self, name: str) -> Value:
        if name.lower() not in self._declared:
            return self.run.undeclared("parameter", name)
        return self._once("parameter", name, self._parameter)

    def variable(self, name: str) -> Value:
        if name.lower() not in (self._variables.keys() | self._variable_loops.keys()):
            return self.run.undeclared("variable", name)
        return self._once("variable", name, self._variable)

    def parameters(self) -> Value:
        return {declared.name: self.parameter(declared.name) for declared in self._declared.values()}

    def reference(self, target: Value, arguments: Sequence[Value]) -> Value:
        with self.run.referring():
            return states.state_of(self.resources, target, arguments)

    def references(self, target: Value, arguments: Sequence[Value]) -> Value:
        with self.run.referring():
            return states.states_of(self.resources, target, arguments)

    def target_of_functions(self) -> Target:
        return self.goes_to

    def resource_group(self) -> Value:
        return answers.resource_group(self.goes_to, self.resources.group_location)

    def subscription(self) -> Value:
        return answers.subscription(self.goes_to)

    def management_group(self) -> Value:
        return answers.management_group(self.goes_to)

    def tenant(self) -> Value:
        return answers.tenant()

    def deployment(self) -> Value:
        return answers.deployment(self.name, self.link, self.template)

    def environment(self) -> Value:
        self.run.is_environment_asked = True
        return answers.environment()

    def user_function(self, namespace: str, name: str, arguments: Sequence[Value]) -> Value:
        found, place = self._function(namespace, name)
        listed = found.get("parameters")
        declared = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        if len(declared) != len(arguments):
            raise TemplateProblem(f"`{namespace}.{name}` takes {len(declared)} arguments")
        named = {
            str(one.get("name", "")).lower(): value for one, value in zip(declared, arguments, strict=True)
        }
        output = found.get("output")
        if not isinstance(output, dict):
            raise TemplateProblem(f"`{namespace}.{name}` has no output")
        frame = FunctionFrame(self, named)
        return evaluate_tree(output.get("value"), frame, place / "output" / "value", self.run)

    # What the program asks -----------------------------------------------------------------------------------

    def outputs(self) -> dict[str, Value]:
        """The outputs as `reference()` gives them: by name, each with its `value`."""
        if self._outputs is None:
            self._outputs, self.is_telling = {}, True
            listed = self.template.get("outputs")
            for name, output in (listed if isinstance(listed, dict) else {}).items():
                value = self._output(name, output) if isinstance(output, dict) else ABSENT
                if value is not ABSENT:
                    self._outputs[name] = {"type": str(output.get("type", "")), "value": value}
            self.is_telling = False
        return self._outputs

    # -----------------------------------------------------------------------------------------------------------

    def _once(self, kind: str, name: str, find: Callable[[str, str], Value]) -> Value:
        key = (kind, name.lower())
        if key not in self._known:
            if key in self._in_progress:
                if self.run.open_references:
                    return Unknown(unknown(name), f"{kind} `{name}` refers to itself")
                raise TemplateProblem(f"{kind} `{name}` is defined by itself")
            self._in_progress.add(key)
            try:
                with self.run.from_surface():
                    self._known[key] = find(name, name.lower())
            finally:
                self._in_progress.discard(key)
        return self._known[key]

    def _parameter(self, name: str, key: str) -> Value:
        declared = self._declared[key]
        if declared.is_secure:
            return declared.secret()
        place = self.place / "parameters" / declared.name
        value = self.given[key]() if key in self.given else ABSENT
        if value is None and declared.has_default and not declared.is_nullable:
            value = ABSENT
        default = declared.declaration.get("defaultValue")
        if value is ABSENT and declared.has_default and (default is not None or declared.is_nullable):
            value = evaluate_tree(default, self.frame, place / "defaultValue", self.run)
            if not self.depth and isinstance(value, Unknown) and _ASKS_AZURE.search(str(default)):
                self.run.from_azure.setdefault(declared.name, place)
        if value is ABSENT or (value == "" and declared.is_no_text):
            value = self._without_value(declared, place)
        elif not declared.allows(value):
            self.run.not_allowed.setdefault(declared.name, place)
        return value

    def _without_value(self, declared: Declared, place: Place) -> Value:
        if declared.is_nullable:
            return None
        guess = declared.guess()
        if guess is not None:
            self.run.guessed.setdefault(declared.name, place)
            return guess
        if self.depth and declared.has_default:  # null, which is none
            return declared.absent()
        if self.depth:
            raise TemplateProblem(f"a nested deployment gives no value for its parameter `{declared.name}`")
        self.run.without_value.setdefault(declared.name, place)
        return declared.absent()

    def _variable(self, name: str, key: str) -> Value:
        if key in self._variable_loops:
            n = self._variable_loops[key]
            place = self.place / "variables" / "copy" / n
            return unrolled(self._loops()[n], self.frame, place, self.run)
        written, value = self._variables[key]
        return evaluate_tree(value, self.frame, self.place / "variables" / written, self.run)

    def _loops(self) -> list[dict[str, Any]]:
        variables = self.template.get("variables")
        return loops_in(variables) if isinstance(variables, dict) else []

    def _output(self, name: str, output: Mapping[str, Any]) -> Value:
        place = self.place / "outputs" / name
        if str(output.get("type", "")).lower().startswith("secure"):
            return Unknown(unknown(name), f"output `{name}` is a secret")
        if evaluate_tree(output.get("condition"), self.frame, place / "condition", self.run) is False:
            return ABSENT
        loop = output.get("copy")
        if not isinstance(loop, dict):
            return evaluate_tree(output.get("value"), self.frame, place / "value", self.run)
        count = count_of(loop, self.frame, place / "copy", self.run)
        if isinstance(count, Unknown):
            return Unknown(unknown(name), count.why, "array")
        frames = [self.frame.inside(Loop(name, turn)) for turn in range(count)]
        return [
            evaluate_tree(loop.get("input"), frame, place / "copy" / "input", self.run) for frame in frames
        ]

    def _function(self, namespace: str, name: str) -> tuple[Mapping[str, Any], Place]:
        listed = self.template.get("functions")
        for n, group in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(group, dict) and str(group.get("namespace", "")).lower() == namespace.lower():
                for written, member in (_folded(group.get("members"))).values():
                    if written.lower() == name.lower() and isinstance(member, dict):
                        return member, self.place / "functions" / n / "members" / written
        raise TemplateProblem(f"there is no function `{namespace}.{name}`")


_ASKS_AZURE = re.compile(
    r"\b(deployment|resourceGroup|subscription|managementGroup|tenant)\(\)", re.IGNORECASE
)
"""What a default may take from where the template is deployed to."""


def _folded(members: Any) -> dict[str, tuple[str, Any]]:
    """Members of an object by their names in lower case, with the names as written."""
    return (
        {name.lower(): (name, value) for name, value in members.items()} if isinstance(members, dict) else {}
    )
