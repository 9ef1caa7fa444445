r"""The text of an expression -> its tree.

    text       = "[" expression "]"
    expression = ( call | string | integer ) { access }
    call       = [ name "." ] name "(" [ expression { "," expression } ] ")"
    access     = "." name | "[" expression "]"
    string     = "'" { any character but "'" | "''" } "'"
    integer    = [ "-" | "+" ] digit { digit }
    name       = ( letter | "_" | "$" ) { letter | digit | "_" | "$" }

Blanks and line ends may stand between any two of these. A call's namespace is one of the template's own, or `sys`.
https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions

One compiled regular expression finds the tokens and a parser by recursive descent reads them: with a parser generator
(lark, LALR) the 40,000 expressions of a template of 3 MB took three times as long.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from diagramgen.read.template.expressions.problem import TemplateProblem

DEEPEST_NESTING = 60
"""Levels of calls and brackets in one expression; the deepest of 42,000 real ones has 18."""


LONGEST = 24_576
"""Characters of an expression.

https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices#template-limits
"""


class Literal(NamedTuple):
    """A text or a whole number as it is written."""

    value: str | int


class Call(NamedTuple):
    """A function with its arguments; `key` is the name in lower case, `namespace` "" where none is written."""

    namespace: str
    name: str
    key: str
    arguments: tuple[Node, ...]


class Access(NamedTuple):
    """A property or an element of a value: `.name`, `['name']`, `[0]`."""

    base: Node
    at: Node


Node: TypeAlias = Literal | Call | Access

_TOKEN = re.compile(r"'(?:[^']|'')*'|[A-Za-z_$][\w$]*|[-+]?[0-9]+|\S")
_NAME_START = frozenset(string.ascii_letters + "_$")
_END = ""


def is_expression(text: str) -> bool:
    """Whether a string of a template is an expression.

    >>> [is_expression(text) for text in ("[parameters('x')]", "[[literal]", "plain")]
    [True, False, False]
    """
    return text[:1] == "[" and text[-1:] == "]" and text[:2] != "[["


def unescaped(text: str) -> str:
    """A string that is no expression, as it is meant: `[[` at the start of one in brackets is `[`.

    >>> unescaped("[[literal]")
    '[literal]'
    """
    return text[1:] if text.startswith("[[") and text.endswith("]") else text


@lru_cache(maxsize=5_000)
def parse(text: str) -> Node:
    """The tree of an expression in its brackets.

    Raises:
        TemplateProblem: it breaks the grammar; the message says where, counting from 1.
    """
    if len(text) > LONGEST:
        raise TemplateProblem(f"the expression has more than the {LONGEST:,} characters that Azure allows")
    parser = _Parser(text)
    parser.take("[")
    node = parser.expression(0)
    parser.take("]")
    parser.take(_END)
    return node


class _Parser:
    """The tokens of a text, `_END` after the last, and how many of them are read."""

    __slots__ = ("read", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _TOKEN.findall(text)
        self.tokens.append(_END)
        self.read = 0

    def take(self, sign: str) -> None:
        if self.tokens[self.read] != sign:
            raise self.problem(f"`{sign}`" if sign else "the end")
        self.read += 1

    def expression(self, depth: int) -> Node:
        if depth > DEEPEST_NESTING:
            raise TemplateProblem(f"the expression nests deeper than {DEEPEST_NESTING} levels")
        node = self.primary(depth)
        while True:
            token = self.tokens[self.read]
            if token == ".":
                self.read += 1
                node = Access(node, Literal(self.name()))
            elif token == "[":
                self.read += 1
                node = Access(node, self.expression(depth + 1))
                self.take("]")
            else:
                return node

    def primary(self, depth: int) -> Node:
        token = self.tokens[self.read]
        if token[:1] not in _NAME_START:
            return self.literal(token)
        self.read += 1
        namespace, name = "", token
        if self.tokens[self.read] == ".":
            self.read += 1
            namespace, name = name, self.name()
        self.take("(")
        return Call(namespace, name, name.lower(), self.arguments(depth))

    def literal(self, token: str) -> Literal:
        self.read += 1
        if len(token) > 1 and token[0] == "'":
            return Literal(token[1:-1].replace("''", "'"))
        if token[-1:].isdecimal():
            return Literal(_number(token))
        self.read -= 1
        raise self.problem("a function, a text or a number")

    def arguments(self, depth: int) -> tuple[Node, ...]:
        found: list[Node] = []
        if self.tokens[self.read] != ")":
            found.append(self.expression(depth + 1))
            while self.tokens[self.read] == ",":
                self.read += 1
                found.append(self.expression(depth + 1))
        self.take(")")
        return tuple(found)

    def name(self) -> str:
        token: str = self.tokens[self.read]
        if token[:1] not in _NAME_START:
            raise self.problem("a name")
        self.read += 1
        return token

    def problem(self, expected: str) -> TemplateProblem:
        """What stands at the token that cannot be read."""
        starts = [found.start() + 1 for found in _TOKEN.finditer(self.text)]
        at = f"at character {starts[self.read]}" if self.read < len(starts) else "at its end"
        return TemplateProblem(f"the expression cannot be read: {expected} is missing {at}")


def _number(digits: str) -> int:
    """A whole number of 64 bits, as Azure has them."""
    if len(digits) > 20:
        raise TemplateProblem("a number in the expression is larger than 64 bits")
    return int(digits)
