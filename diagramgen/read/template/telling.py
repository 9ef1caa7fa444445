"""What there is to say of a template that was expanded: one diagnostic for each kind of thing, with counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from diagramgen.diagnostics import Diagnostic, did_you_mean
from diagramgen.located import Place
from diagramgen.read.brief import readable, without_marks
from diagramgen.read.template.expand import Expansion
from diagramgen.read.template.run import Run

_MOST_NAMES = 8
_MOST_PROBLEMS = 10
_MOST_HINTS = 3
_HOW = "give values with `--parameters FILE` or `--parameters name=value`"


def tell(run: Run, expansion: Expansion, place: Place) -> tuple[Diagnostic, ...]:
    """All that there is to say of a template at `place` and of what is nested in it."""
    return (
        *_parameters(run),
        *_links(run),
        *_problems(run),
        *_conditions(expansion),
        *_loops(run),
        *_untold(expansion),
        *_facts(run, expansion, place),
    )


def surplus(names: Mapping[str, Place], known: Sequence[str] = ()) -> tuple[Diagnostic, ...]:
    """The warning for values of parameters that no template has; `known` are those that one has."""
    if not names:
        return ()
    unused = _its(names, "its value is", "their values are")
    text = f"no parameter of the template is called {listed(names)}: {unused} not used"
    hints = tuple(dict.fromkeys(hint for name in names for hint in did_you_mean(name, known)))
    return (Diagnostic("warning", "template-parameter-unknown", text, next(iter(names.values())), hints),)


def export_errors(envelope: Mapping[str, Any], place: Place) -> tuple[Diagnostic, ...]:
    """The warning for what Azure could not export, which it says beside the template."""
    error = envelope.get("error")
    if not isinstance(error, Mapping):
        return ()
    details = error.get("details")
    told = [one for one in details if isinstance(one, Mapping)] if isinstance(details, list) else []
    first = next(
        (str(one["message"]) for one in (*told, error) if one.get("message")), str(error.get("code", ""))
    )
    count = f"{len(told)} resources" if len(told) > 1 else "a resource" if told else "some resources"
    text = (
        f"Azure could not export {count}, which {'is' if len(told) == 1 else 'are'} not drawn: {first[:200]}"
    )
    return (Diagnostic("warning", "template-export-error", text, place / "error"),)


def tell_unknown(run: Run, place: Place) -> Iterator[Diagnostic]:
    """The note on values that nobody can know before the deployment."""
    if run.reasons:
        count = sum(run.reasons.values())
        most = [
            f"{without_marks(why)} ({times})"
            for why, times in sorted(run.reasons.items(), key=lambda one: (-one[1], one[0]))
        ]
        values = "1 value is" if count == 1 else f"{count} values are"
        text = f"{values} not known before the deployment and shown in braces: {'; '.join(most[:4])}"
        told = " ".join(f"--parameters {name}=..." for name in list(run.from_azure)[:_MOST_HINTS])
        hints = (f"give what the place of the deployment would tell: `{told}`",) if told else ()
        yield Diagnostic("note", "template-unknown", text + (" ..." if len(most) > 4 else ""), place, hints)


def listed(names: Iterable[str]) -> str:
    """Names in backticks, the first few of many.

    >>> listed(["a", "b"])
    '`a`, `b`'
    """
    found = list(names)
    shown = ", ".join(f"`{name}`" for name in found[:_MOST_NAMES])
    return shown + (f" and {len(found) - _MOST_NAMES} more" if len(found) > _MOST_NAMES else "")


def _parameters(run: Run) -> Iterator[Diagnostic]:
    if run.without_value:
        names = run.without_value
        have = "1 parameter has" if len(names) == 1 else f"{len(names)} parameters have"
        text = (
            f"{have} no value, and what depends on {_its(names, 'it', 'them')} is not known: {listed(names)}"
        )
        yield Diagnostic("warning", "template-parameter", text, _first(names), (_HOW,))
    if run.guessed:
        text = f"names are taken from parameters that have no value: {listed(run.guessed)}"
        yield Diagnostic("note", "template-name", text, _first(run.guessed), (_HOW,))
    if run.not_allowed:
        names = run.not_allowed
        text = f"the {_its(names, 'value of a parameter is', 'values of parameters are')} not allowed: {listed(names)}"
        yield Diagnostic("warning", "template-parameter-value", text, _first(names))


def _links(run: Run) -> Iterator[Diagnostic]:
    told = dict.fromkeys((what, why) for what, _, why in run.unresolved)
    for what, why in told:
        place = next(where for name, where, _ in run.unresolved if name == what)
        text = f"a linked template was not found, and what it deploys is not drawn: `{_short(what)}`"
        yield Diagnostic("warning", "template-link", text, place, (why,))


def _problems(run: Run) -> Iterator[Diagnostic]:
    told = list(run.problems.values())
    for one in told[:_MOST_PROBLEMS]:
        what = f" in `{_short(one.expression)}`" if one.expression else ""
        times = f" ({one.times} times)" if one.times > 1 else ""
        text = f"an expression cannot be evaluated: {one.message}{what}{times}"
        yield Diagnostic("warning", "template-expression", text, one.place)
    if len(told) > _MOST_PROBLEMS:
        rest = told[_MOST_PROBLEMS:]
        text = f"{len(rest)} more expressions cannot be evaluated"
        yield Diagnostic("warning", "template-expression", text, rest[0].place)


def _conditions(expansion: Expansion) -> Iterator[Diagnostic]:
    if not expansion.conditional:
        return
    names = {name: None for name, _, _ in expansion.conditional}
    on = {doubt: None for _, doubt, _ in expansion.conditional}
    count = len(expansion.conditional)
    what = "a resource is" if count == 1 else f"{count} resources are"
    text = (
        f"whether {what} deployed depends on what is not known ({listed(_briefly(on))}): {listed(_briefly(names))}; "
        f"{'it is' if count == 1 else 'they are'} drawn, and nothing is concluded from {'it' if count == 1 else 'them'}"
    )
    yield Diagnostic("warning", "template-condition", text, expansion.conditional[0][2], (_HOW,))


def _loops(run: Run) -> Iterator[Diagnostic]:
    if run.open_loops:
        names = run.open_loops
        turns = _its(names, "a loop turns", "loops turn")
        text = f"how often {turns} is not known: one resource stands for all of {listed(names)}"
        yield Diagnostic("warning", "template-loop", text, _first(names), (_HOW,))


def _untold(expansion: Expansion) -> Iterator[Diagnostic]:
    if expansion.untold:
        names = dict(expansion.untold)
        text = f"the properties of {listed(_briefly(names))} are not known"
        yield Diagnostic("warning", "template-properties", text, expansion.untold[0][1], (_HOW,))


def _facts(run: Run, expansion: Expansion, place: Place) -> Iterator[Diagnostic]:
    facts = [
        (expansion.deployments, "1 nested deployment was expanded", "{} nested deployments were expanded"),
        (expansion.not_deployed, "1 resource is not deployed, as its condition is false",
         "{} resources are not deployed, as their conditions are false"),
        (expansion.existing, "1 resource exists already and is only referred to",
         "{} resources exist already and are only referred to"),
        (expansion.replaced, "1 resource is deployed once more later, which counts",
         "{} resources are deployed once more later, which counts"),
        (expansion.foreign, "1 resource is not Azure's", "{} resources are not Azure's"),
    ]  # fmt: skip
    told = [(one if count == 1 else many.format(count)) for count, one, many in facts if count]
    if told:
        yield Diagnostic("note", "template-expanded", "; ".join(told), place)
    yield from tell_unknown(run, place)
    if run.is_environment_asked:
        text = "names of services are those of Azure's public cloud, as the template does not say which cloud"
        yield Diagnostic("note", "template-cloud", text, place)


def _its(names: Mapping[str, Any], one: str, many: str) -> str:
    return one if len(names) == 1 else many


def _first(names: Mapping[str, Place]) -> Place:
    return next(iter(names.values()))


def _briefly(names: Iterable[str]) -> dict[str, None]:
    """Names as people read them, each once."""
    return {_short(readable(name)): None for name in names}


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."
