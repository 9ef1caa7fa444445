"""The rules by their ids: what each demands in one line, and which of them a call asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diagramgen.analyse.rules import RULES as ZERO_TRUST
from diagramgen.diagnostics import Diagnostic, InputError, did_you_mean
from diagramgen.model.topology import Acceptance
from diagramgen.report.facts import RuleFacts

_ARTICLE = "https://learn.microsoft.com/security/zero-trust/azure-networking-segmentation"

RULES: tuple[RuleFacts, ...] = (
    RuleFacts(
        "SEG-01", "Boundaries are what the spec declares them to be", "high",
        "mend the rules or the routes that let traffic pass, or declare what holds", (_ARTICLE,),
    ),
    RuleFacts(
        "SEG-02", "What passes a boundary is allowed by a rule that names it", "high",
        "let the traffic pass a control that allows by name what is needed, and denies the rest", (_ARTICLE,),
    ),
    *(RuleFacts(row.id, row.title, row.severity, row.fix, row.sources, row.elsewhere) for row in ZERO_TRUST.values()),
)  # fmt: skip
"""What `check` asks of an estate: of its boundaries, and of Zero Trust."""


def chosen_rules(
    rules: Sequence[RuleFacts], select: Iterable[str], ignore: Iterable[str]
) -> tuple[RuleFacts, ...]:
    """The rules that a call asks for: those of `select` (all, if it is empty) without those of `ignore`.

    Words are ids, or families such as `ZT`; several may stand in one, with commas.

    Raises:
        InputError: a word is neither; carries one diagnostic a word.
    """
    wanted, unwanted = _words(select), _words(ignore)
    known = [rule.id for rule in rules]
    families = sorted({rid.partition("-")[0] for rid in known})
    wrong = [
        Diagnostic(
            "error", "unknown-rule", f"there is no rule `{word}` ({option})", hints=_hints(word, known)
        )
        for option, words in (("--select", wanted), ("--ignore", unwanted))
        for word in words
        if word not in known and word not in families
    ]
    if wrong:
        raise InputError(wrong)
    return tuple(
        rule
        for rule in rules
        if (not wanted or _is_named(rule.id, wanted)) and not _is_named(rule.id, unwanted)
    )


def unknown_rules(acceptances: Iterable[Acceptance], rules: Sequence[RuleFacts]) -> tuple[Diagnostic, ...]:
    """An error for each acceptance whose rule there is not: it would never accept anything."""
    known = [rule.id for rule in rules]
    return tuple(
        Diagnostic(
            "error", "unknown-rule", f"there is no rule `{a.rule}`", a.place / "rule", _hints(a.rule, known)
        )
        for a in acceptances
        if a.rule and a.rule not in known
    )


def _words(options: Iterable[str]) -> tuple[str, ...]:
    words = [_padded(word.strip().upper()) for option in options for word in option.split(",")]
    return tuple(dict.fromkeys(filter(None, words)))


def _padded(word: str) -> str:
    """An id with its number in two digits, as all have it.

    >>> _padded("ZT-8"), _padded("ZT")
    ('ZT-08', 'ZT')
    """
    family, dash, number = word.partition("-")
    return f"{family}-{number.zfill(2)}" if dash and number.isdecimal() else word


def _is_named(rid: str, words: tuple[str, ...]) -> bool:
    return rid in words or rid.partition("-")[0] in words


def _hints(word: str, known: Sequence[str]) -> tuple[str, ...]:
    family = word.partition("-")[0]
    mine = [rid for rid in known if rid.partition("-")[0] == family]
    return did_you_mean(word, known) or ((f"there are {mine[0]} to {mine[-1]}",) if mine else ())
