"""What is accepted although a rule finds fault with it: with a reason, and until when."""

from __future__ import annotations

from diagramgen.read.spec import grammar
from diagramgen.read.spec.language.words import ref, some
from diagramgen.read.spec.shapes import Form, Many, Text

ACCEPTANCE = Form(
    "an acceptance",
    {
        "rule": Text(
            "the id of a rule such as `ZT-08`",
            grammar.parse_rule_id,
            r"^\s*[A-Za-z]{2,8}-[0-9]{1,4}\s*$",
            ("ZT-08",),
            description="The rule of `diagramgen check` whose findings are accepted.",
        ),
        "on": some(
            ref("what a finding is about"),
            "What the findings are about: names, or ids of Azure resources; any one of them fits.",
        ),
        "between": Many(
            ref("one side of a boundary"),
            description="The two sides of the boundary that is accepted as it is: names, or ids of Azure resources.",
        ),
        "reason": Text("a text", grammar.parse_reason, r"\S", ("until the VPN is up",), description="Why."),
        "until": Text(
            "a date such as `2026-12-31`",
            grammar.parse_date,
            r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$",
            ("2026-12-31",),
            description="The last day on which it is accepted.",
        ),
    },
    required=("reason", "until"),
    title="acceptance",
)
