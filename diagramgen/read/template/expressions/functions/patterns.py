"""Functions that look for signs in texts: where it is split, how it begins and ends.

https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-string
"""

from __future__ import annotations

import re

from diagramgen.read.template.expressions.compare import certain_length
from diagramgen.read.template.expressions.functions.row import Evaluation, rows
from diagramgen.read.template.expressions.functions.texts import letter_by_letter
from diagramgen.read.template.expressions.problem import TemplateProblem
from diagramgen.read.template.expressions.unknowns import derived, undocumented
from diagramgen.read.template.values import Unknown, Value, contains_unknown, digest, joined


def split(evaluation: Evaluation, text: Value, delimiters: Value) -> Value:
    """`split`: the parts of a text between delimiters, of which there may be several."""
    signs = [delimiters] if isinstance(delimiters, str) else delimiters
    if contains_unknown(signs):
        return derived(evaluation.budget, "split", [text, delimiters], "array")
    if not all(isinstance(sign, str) for sign in signs):
        raise TemplateProblem("`split` takes a text or a list of texts as its second argument")
    signs = [sign for sign in signs if sign]
    if not signs and delimiters == []:
        return undocumented("split", [text], "no delimiter", "array")
    if isinstance(text, str):
        return re.split("|".join(map(re.escape, signs)), text) if signs else [text]
    return _split_pieces(evaluation, text, signs)


def _split_pieces(evaluation: Evaluation, text: Unknown, signs: list[str]) -> Value:
    """The parts of a text that is known in pieces: the first and last ones may be certain, or all."""
    whole = derived(evaluation.budget, "split", [text, signs[0] if len(signs) == 1 else signs], "array")
    if any(len(sign) > 1 for sign in signs) or not signs:
        return whole
    runs: list[list[list[str | Unknown]]] = [[[]]]
    for piece in text.pieces or (text,):
        if isinstance(piece, str):
            first, *rest = re.split("|".join(map(re.escape, signs)), piece)
            runs[-1][-1].append(first)
            runs[-1].extend([part] for part in rest)
        elif piece.kind == "name" and signs == ["/"]:
            runs[-1][-1].append(piece)
        else:
            runs.append([[]])
    if len(runs) == 1:
        return [joined(part) for part in runs[0]]
    head = [joined(part) for part in runs[0][:-1]]
    tail = [joined(part) for part in runs[-1][1:]]
    gap = Unknown(whole.text, whole.why, "array", digest("gap", whole.identity))
    pieces = tuple(piece for piece in (head, gap, tail) if piece != [])
    return Unknown(whole.text, whole.why, "array", whole.identity, pieces if len(pieces) > 1 else ())


def starts_with(evaluation: Evaluation, text: Value, beginning: Value) -> Value:
    """`startsWith`: case does not matter."""
    return _at_end(evaluation, "startsWith", text, beginning, forward=True)


def ends_with(evaluation: Evaluation, text: Value, ending: Value) -> Value:
    """`endsWith`: case does not matter."""
    return _at_end(evaluation, "endsWith", text, ending, forward=False)


def _at_end(evaluation: Evaluation, name: str, text: Value, wanted: Value, *, forward: bool) -> Value:
    known, whole = _certain_end(evaluation, text, forward)
    asked, asked_whole = _certain_end(evaluation, wanted, forward)
    size = min(len(known), len(asked))
    if asked_whole and len(asked) <= len(known):
        return known[:size] == asked
    if known[:size] != asked[:size] or (whole and len(known) < certain_length(wanted)):
        return False
    return derived(evaluation.budget, name, [text, wanted], "bool")


def _certain_end(evaluation: Evaluation, text: Value, forward: bool) -> tuple[str, bool]:
    """The certain characters of a text from one end on, in lower case, and whether they are all of it."""
    pieces = [text] if isinstance(text, str) else text.pieces
    end = pieces[0 if forward else -1] if pieces else ""
    characters = letter_by_letter(evaluation.budget, end, str.lower) if isinstance(end, str) else ""
    return characters if forward else characters[::-1], isinstance(text, str)


def like(evaluation: Evaluation, text: Value, pattern: Value) -> Value:
    """`like`: whether a text is as a pattern says, `*` for any characters; case does not matter.

    https://learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions-string
    """
    if isinstance(text, Unknown) or isinstance(pattern, Unknown):
        return derived(evaluation.budget, "like", [text, pattern], "bool")
    if "?" in pattern or "[" in pattern or "~" in pattern:
        return undocumented("like", [text, pattern], "signs other than `*`", "bool")
    first, *rest = (letter_by_letter(evaluation.budget, part, str.lower) for part in pattern.split("*"))
    text = letter_by_letter(evaluation.budget, text, str.lower)
    if not rest:
        return bool(text == first)
    *middle, last = rest
    if not text.startswith(first) or not text.endswith(last) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


ROWS = rows(
    ("endsWith", 2, 2, ("string",), "bool", ends_with, "aware"),
    ("like", 2, 2, ("string",), "bool", like, "aware"),
    ("split", 2, 2, ("string", "string|array"), "array", split, "aware"),
    ("startsWith", 2, 2, ("string",), "bool", starts_with, "aware"),
)
