"""What is wrong with a template's expression, in words."""

from __future__ import annotations


class TemplateProblem(Exception):
    """An expression that no deployment could evaluate.

    `message` says what is wrong, in words and without values; `expression` is the expression, shortened and without
    its texts (a text may be a password), or "".
    """

    def __init__(self, message: str, expression: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.expression = expression


class Stopped(TemplateProblem):
    """The template says itself, with `fail`, that it cannot be deployed so."""


class TooMuch(TemplateProblem):
    """A template that makes more than any real one: nothing of it can be evaluated any more."""
