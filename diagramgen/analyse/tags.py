"""Service tags: words of rules that stand for address prefixes which Azure keeps.

What a tag holds is known from the file that Microsoft publishes every week, "Azure IP Ranges and Service Tags", or from
`az network list-service-tags`, which has the same shape; clouds have a file each. Without such a file the contents
are unknown, and a tag may hold anything public. Tags that follow from the platform or from the estate itself
(VirtualNetwork, Internet, AzureLoadBalancer, AzurePlatformDNS ...) are not in the file and not here.

https://learn.microsoft.com/azure/virtual-network/service-tags-overview
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from diagramgen.analyse.addresses import PUBLIC, Addresses, Nameless
from diagramgen.diagnostics import Diagnostic, InputError
from diagramgen.located import Place
from diagramgen.model.traffic import ADDRESSES, Ranges, covers, normal, overlap, parse_addresses, union
from diagramgen.read.documents import parse_documents
from diagramgen.read.text import decode

Tagged = tuple[Ranges, Ranges, tuple[str, ...]]
"""The addresses that a word means surely, those that it may mean, and the codes of the assumptions behind that."""

_TAG = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)?")
_PREFIX = re.compile(r"[0-9A-Fa-f.:]+(/[0-9]{1,3})?")
_DATE = re.compile(r"(20[0-9]{2})-?([01][0-9])-?([0-3][0-9])")
_HINT = (
    "give the weekly file `ServiceTags_Public_DATE.json` "
    "(https://www.microsoft.com/download/details.aspx?id=56519), or the output of `az network list-service-tags`"
)


class ServiceTags:
    """The prefixes of every service tag of one cloud. `date` is that of the file's name, as `2024-05-27`, or ""."""

    __slots__ = ("_known", "_texts", "change_number", "cloud", "date", "name")

    def __init__(
        self, name: str, cloud: str, change_number: str, texts: Mapping[str, tuple[str, ...]]
    ) -> None:
        """`texts` has the prefixes of each tag, the tags in lower case."""
        self.name, self.cloud, self.change_number = name, cloud, change_number
        found = _DATE.search(re.split(r"[/\\]", name)[-1])
        self.date = "-".join(found.groups()) if found else ""
        self._texts = texts
        self._known: dict[str, Ranges | None] = {}

    def prefixes(self, tag: str) -> Ranges | None:
        """What a tag holds, letters counting without case; None where that is not known.

        >>> tags = ServiceTags("ServiceTags_Public_20240527.json", "Public", "1", {"sql.westeurope": ("10.0.0.0/31",)})
        >>> tags.prefixes("Sql.WestEurope"), tags.prefixes("Sql"), tags.date
        (((167772160, 167772161),), None, '2024-05-27')
        """
        folded = tag.strip().lower()
        if folded not in self._known:
            parsed = [parse_addresses(text) for text in self._texts.get(folded, ())]
            ranges = [r for each in parsed if each for r in each]
            self._known[folded] = normal(ranges) if parsed and all(parsed) else None
        return self._known[folded]

    def __len__(self) -> int:
        return len(self._texts)


def read_service_tags(data: bytes, name: str) -> ServiceTags:
    """The tags of a "ServiceTags_Public" file; `name` is the file's, and tells its date.

    Raises:
        InputError: it is another file, or one that is damaged.
    """
    text = decode(name, data)
    if text.lstrip()[:1] not in ("{", "["):
        page = (
            "a web page, perhaps the one that leads to the download"
            if text.lstrip()[:1] == "<"
            else "no JSON"
        )
        raise _refusal(name, f"`{name}` does not hold service tags: it is {page}")
    document = parse_documents(name, text)[0]
    values = _get(document, "values")
    if not isinstance(values, list):
        raise _refusal(name, f"`{name}` does not hold service tags: it has no list `values`")
    problems: list[Diagnostic] = []
    texts = dict(_read_values(values, Place(name), problems))
    if problems:
        raise InputError(problems[:20])
    if not texts:
        raise _refusal(
            name, f"`{name}` does not hold service tags: none of its `values` has a name and prefixes"
        )
    return ServiceTags(
        name, str(_get(document, "cloud") or ""), str(_get(document, "changeNumber") or ""), texts
    )


def _read_values(
    values: list[Any], place: Place, problems: list[Diagnostic]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    for number, value in enumerate(values):
        tag = _get(value, "name") or _get(value, "id")
        prefixes = _get(_get(value, "properties"), "addressPrefixes")
        if not isinstance(tag, str) or not isinstance(prefixes, list):
            continue
        for at, prefix in enumerate(prefixes):
            if not (isinstance(prefix, str) and _PREFIX.fullmatch(prefix.strip())):
                where = place / "values" / number / "properties" / "addressPrefixes" / at
                message = f"`{prefix}` of the service tag `{tag}` is no address prefix"
                problems.append(Diagnostic("error", "bad-service-tags", message, where, (_HINT,)))
        yield tag.strip().lower(), tuple(map(str, prefixes))


def _get(value: object, name: str) -> Any:
    """A member of an object, letters counting without case: PowerShell writes them large."""
    if not isinstance(value, dict):
        return None
    if name in value:
        return value[name]
    return next((found for key, found in value.items() if key.lower() == name.lower()), None)


def _refusal(name: str, message: str) -> InputError:
    return InputError([Diagnostic("error", "bad-service-tags", message, Place(name), (_HINT,))])


def tag_match(tag: str, tags: ServiceTags | None, addresses: Addresses) -> Tagged:
    """The addresses that a word of a rule means, where it is no prefix and no tag of the platform or the estate.

    Tags hold public addresses of Microsoft, so networks, machines and sites without told addresses are in none. A word
    that cannot be a tag (a broken prefix, an expression of a template) may mean any address at all.
    """
    folded = tag.strip().lower()
    prefixes = tags.prefixes(folded) if tags is not None else None
    if prefixes is None and not _TAG.fullmatch(folded):
        return (), ADDRESSES, ("ASSUME_ADDRESS_UNKNOWN",)
    held, may_hold = _nameless_in(folded, prefixes, tags, addresses)
    if prefixes is not None:
        return union(prefixes, held), union(prefixes, may_hold), ("ASSUME_TAG_DATA",)
    return held, union(PUBLIC, may_hold), ("ASSUME_NO_TAG_DATA",)


def _nameless_in(
    tag: str, prefixes: Ranges | None, tags: ServiceTags | None, addresses: Addresses
) -> tuple[Ranges, Ranges]:
    """The nameless addresses that a tag holds, and those that it may hold."""
    sure, possible = [], []
    for nameless in addresses.nameless.values():
        if nameless.tags:
            verdict = _holds(tag, prefixes, nameless, tags)
        else:
            verdict = None if overlap(prefixes or PUBLIC, nameless.within) else False
        if verdict:
            sure.append(nameless.number)
        if verdict is not False:
            possible.append(nameless.number)
    return normal((n, n) for n in sure), normal((n, n) for n in possible)


def _holds(tag: str, prefixes: Ranges | None, service: Nameless, tags: ServiceTags | None) -> bool | None:
    """Whether a tag holds the address of a service with tags of its own; None where that is open.

    `AzureCloud` holds every service, a tag without region those of all regions.
    """
    head, dot, _ = tag.partition(".")
    if tag == "azurecloud" or tag in service.tags or any(own.startswith(tag + ".") for own in service.tags):
        return True
    if prefixes is not None and tags is not None:
        known = [found for own in service.tags if (found := tags.prefixes(own)) is not None]
        if known:
            if any(covers(prefixes, found) for found in known):
                return True
            return None if all(overlap(prefixes, found) for found in known) else False
    if head == "azurecloud":
        return None
    siblings = any(own.startswith(head + ".") for own in service.tags)
    return None if dot and head in service.tags and not siblings else False
