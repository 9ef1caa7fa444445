"""Formats that are recognised and not read: what each is, and what to export instead.

Some are not read yet, some cannot be (an inventory without properties). Either way
the message names them, as 'unknown JSON' would leave the user alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.read.documents import Json

_QUERY = "export the deployed state with the commands that `diagramgen query` prints"
_SHOW_STATE = "give what `terraform show -json > state.json` prints"
_SHOW = "run `terraform plan -out p; terraform show -json p > plan.json` and give plan.json"


class Refusal(NamedTuple):
    """A format that is not read: `what` follows '... is', `advice` is the hint."""

    what: str
    claims: Callable[[Json], bool]
    advice: str = _QUERY

    def error(self, place: Place) -> InputError:
        """The error to raise for a document of this format."""
        message = f"`{place.source}` is {self.what}"
        return InputError([Diagnostic("error", "unsupported-format", message, place, (self.advice,))])


class TextRefusal(NamedTuple):
    """A format that is neither JSON nor a spec, told from its first characters."""

    what: str
    pattern: re.Pattern[str]
    advice: str = _QUERY


def refuse_text(source_name: str, text: str) -> None:
    """Nothing, for text that may be a spec.

    Raises:
        InputError: the text is of a format that is neither a spec nor an export.
    """
    for row in TEXT_REFUSALS:
        if row.pattern.search(text[:20_000]):
            message = f"`{source_name}` is {row.what}"
            raise InputError(
                [Diagnostic("error", "unsupported-format", message, Place(source_name), (row.advice,))]
            )


def _schema(word: str) -> Callable[[Json], bool]:
    return lambda d: isinstance(d, dict) and word in str(d.get("$schema")).lower()


def _has(*keys: str) -> Callable[[Json], bool]:
    return lambda d: isinstance(d, dict) and all(key in d for key in keys)


def _is_policy(document: Json) -> bool:
    """A definition, or an initiative that lists some."""
    properties = document.get("properties") if isinstance(document, dict) else None
    return (
        isinstance(properties, dict)
        and bool({"policyRule", "policyDefinitions"} & properties.keys())
        and "id" not in document
    )


def _first_has(*keys: str) -> Callable[[Json], bool]:
    """The document is a list, or holds one, whose first entry has these keys."""

    def claims(document: Json) -> bool:
        return any(_has(*keys)(row) for row in _entries(document)[:1])

    return claims


def _entries(document: Json) -> list[Json]:
    """The entries of a list, bare or in an envelope; a single object is its own only entry."""
    if isinstance(document, dict):
        for name in ("value", "data"):
            if isinstance(document.get(name), list):
                return list(document[name])
    return document if isinstance(document, list) else [document]


def _is_inventory(document: Json) -> bool:
    """`az resource list` prints `properties: null` and these times for every row."""
    return (
        isinstance(document, list)
        and bool(document)
        and all(
            _has("id", "properties", "createdTime")(row) and row["properties"] is None for row in document
        )
    )


def _is_log(document: Json) -> bool:
    """https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview#log-format and its likes."""
    records = document.get("records") if isinstance(document, dict) else None
    return isinstance(records, list) and any(_has("time", "category")(one) for one in records[:1])


def _are_service_tags(document: Json) -> bool:
    """https://learn.microsoft.com/azure/virtual-network/service-tags-overview#discover-service-tags-by-using-downloadable-json-files"""
    return _has("changeNumber", "values")(document) and isinstance(document["values"], list)


def _is_terraform_configuration(document: Json) -> bool:
    """`.tf.json`: blocks by their types and names. https://developer.hashicorp.com/terraform/language/syntax/json"""
    resources = document.get("resource") if isinstance(document, dict) else None
    return isinstance(resources, dict | list) and ("provider" in document or "terraform" in document)


def _is_terraform_mapping(document: Json) -> bool:
    """https://github.com/Azure/aztfexport writes it beside the state that it makes."""
    return (
        isinstance(document, dict)
        and bool(document)
        and all(_has("resource_type", "resource_name")(each) for each in document.values())
    )


def _is_error(document: Json) -> bool:
    error = document.get("error") if isinstance(document, dict) else None
    return isinstance(error, dict) and "code" in error


FOREIGN: tuple[Refusal, ...] = (
    Refusal(
        "a file of Azure Building Blocks (`azbb`), not a template",
        _schema("template-building-blocks"),
        "turn it into a template with `azbb --output-file`, or export the deployed state (`diagramgen query`)",
    ),
    Refusal(
        "a definition of Azure Policy, which deploys nothing itself",
        _is_policy,
    ),
    Refusal(
        "a form that the portal shows for a template (`createUiDefinition.json`)",
        _schema("createuidefinition"),
        "give the template that it is for",
    ),
    Refusal(
        "a list of resources that driftctl read",
        _first_has("Id", "Type", "Attrs"),
        "give the Terraform state, or export the deployed state (`diagramgen query`)",
    ),
    Refusal(
        "what `bicep build-params --stdout` prints: templates inside of texts",
        _has("templateJson", "parametersJson"),
        "write the template with `bicep build FILE.bicep` and its values with `bicep build-params FILE.bicepparam`",
    ),
    Refusal("the schemas of Terraform's providers, not a state", _has("provider_schemas"), _SHOW),
    Refusal("what `terraform validate` found, not a state", _has("valid", "diagnostics"), _SHOW),
    Refusal(
        "the log of `terraform plan -json` or `apply -json`, not a plan", _has("@level", "@message"), _SHOW
    ),
    Refusal("an encrypted state of OpenTofu", _has("encrypted_data"), "give what `tofu show -json` prints"),
    Refusal("Terraform configuration in JSON", _is_terraform_configuration, _SHOW),
    Refusal("what aztfexport mapped, without properties", _is_terraform_mapping, _SHOW_STATE),
    Refusal("what `az resource list` prints: an inventory whose `properties` are all null", _is_inventory),
    Refusal("a log of traffic or of diagnostics, which tells events and no state", _is_log),
    Refusal(
        "an activity log, which tells events and no state", _first_has("operationName", "eventTimestamp")
    ),
    Refusal(
        "Microsoft's list of service tags, not an export", _are_service_tags, "give it with `--service-tags`"
    ),
)
"""Files of other tools, asked before the formats that are read."""

LEFTOVERS: tuple[Refusal, ...] = (
    Refusal(
        "a list of effective routes of a virtual hub, which is not read",
        _first_has("nextHopType", "routeOrigin"),
    ),
    Refusal("the answer to an operation, not a state", _has("status", "properties")),
    Refusal("an answer of Network Watcher to one question, not a state", _has("nextHopType")),
    Refusal("an answer of Network Watcher to one question, not a state", _has("access", "ruleName")),
    Refusal("an answer of Network Watcher to one question, not a state", _has("hops", "connectionStatus")),
    Refusal(
        "what a cmdlet of PowerShell gives, without resource ids",
        _first_has("Name", "ResourceGroupName"),
        "export with `Get-AzResource -ExpandProperties | ConvertTo-Json -Depth 100`",
    ),
    Refusal(
        "what a cmdlet of PowerShell gives, without resource ids",
        _first_has("Id", "Name"),
        "export with `Get-AzResource -ExpandProperties | ConvertTo-Json -Depth 100`",
    ),
    Refusal("an error that Azure answered, not a state", _is_error, "read its message, and export again"),
)
"""What may remain when no format that is read has claimed the document."""

TEXT_REFUSALS: tuple[TextRefusal, ...] = (
    TextRefusal(
        "a message of the command line tool, not an export",
        re.compile(r"\A\s*(ERROR|WARNING): "),
        "export again, with messages kept apart (without `2>&1`)",
    ),
    TextRefusal("markup (XML, SVG or HTML), no spec and no export", re.compile(r"\A\s*<[?!a-zA-Z]")),
    TextRefusal(
        "JSON with colours, as `-o jsonc` prints it",
        re.compile(r"\A\s*\x1b\["),
        "export again with `-o json`",
    ),
    TextRefusal(
        "what `Export-Csv` writes, where lists are lost",
        re.compile(r"\A#TYPE "),
        "export with `... | ConvertTo-Json -Depth 100` in its place",
    ),
    TextRefusal(
        "what PowerShell shows on the screen",
        re.compile(r"\A\s*\w+ +: [^\n]*\n\w+ +: "),
        "export with `... | ConvertTo-Json -Depth 100`",
    ),
    TextRefusal(
        "a list of resource ids, or what `az ... -o tsv` prints",
        re.compile(r"\A[^\n:{\[]*(?<![\w:])/subscriptions/[^\n]*\n"),
        "export again with `-o json`",
    ),
    TextRefusal(
        "what a what-if prints for people",
        re.compile(
            r"^(Resource and property changes are indicated with these symbols:|Note: The result may contain false "
            r"positive predictions)",
            re.MULTILINE,
        ),
        "repeat it with `--no-pretty-print` (`az deployment group what-if --no-pretty-print`)",
    ),
    TextRefusal(
        "a file with parameters for Bicep",
        re.compile(r"^using\s+('[^'\n]*'|none)", re.MULTILINE),
        "evaluate it with `bicep snapshot FILE.bicepparam` and give the JSON file that this writes",
    ),
    TextRefusal(
        "a Bicep file",
        re.compile(
            r"^(targetScope\s*=|param \w+ \w+|var \w+ = |@\w+\(|resource \w+ '[^'\n]+@|module \w+ '|import .* from '"
            r"|type \w+ = |func \w+\()",
            re.MULTILINE,
        ),
        "turn it into a template with `bicep build FILE.bicep` (or `bicep snapshot FILE.bicepparam`) and give the JSON "
        "file that this writes",
    ),
    TextRefusal(
        "what `terraform plan` or `terraform show` prints for people",
        re.compile(
            r"^(Terraform will perform the following actions:|Plan: \d+ to (add|import)|  # \S+ (will|must) be )|"
            r'\A\s*# \S+:\n(resource|data) "',
            re.MULTILINE,
        ),
        _SHOW,
    ),
    TextRefusal(
        "Terraform configuration",
        re.compile(
            r'^(resource|data|provider|module|variable|output) "[^"]+"( "[^"]+")? \{|^(terraform|locals) \{',
            re.MULTILINE,
        ),
        _SHOW,
    ),
    TextRefusal(
        "a table of text (CSV), where properties are missing or cut",
        re.compile(r'\A"?\w[\w ]*"?([,;\t]"?[\w /]+"?){2,}\r?\n', re.ASCII),
        "in the portal choose 'Download as JSON', or see `diagramgen query`",
    ),
    TextRefusal(
        "what `az ... -o table` prints",
        re.compile(r"\A[^\n:]+\n-{3,}( +-{3,})+\s*\n"),
        "export again with `-o json`",
    ),
    TextRefusal(
        "what `az ... -o yaml` prints",
        re.compile(r"(\A- (.|\n)*?^  |^)id: ['\"]?/subscriptions/", re.MULTILINE),
        "export again with `-o json`",
    ),
)
