"""The grammars of the short lines: text -> what it says, each part with its place in the text.

    rule       100 allow inbound tcp/443 from Web subnet, 10.1.0.0/24 to ASG-app
    route      0.0.0.0/0 -> Azure Firewall
    filter     https/443 from 10.0.0.0/8 to www.contoso.com, *.ubuntu.com
    pair       Hub VNet <-> Spoke VNet          Front end -> App tier [tcp/8443]          Site -> Gateway via vpn
    boundary   App tier | Data tier by NSG-data
    resource   vm x3 each

Names are not looked up here: they stay pieces of text, because what they mean depends on the rest of the file. A name
that contains a separator of its line (` from `, ` to `, `,`, ` -> `) needs the full form of the entry instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from diagramgen.diagnostics import did_you_mean, near_miss
from diagramgen.model.kinds import WORDS, Kind, kind_of_word
from diagramgen.read.spec.shapes import LineError

Network = IPv4Network | IPv6Network

RULE_PROTOCOLS = ("any", "tcp", "udp", "icmp", "esp", "ah")
FILTER_PROTOCOLS = ("any", "tcp", "udp", "icmp")
APPLICATION_PROTOCOLS = ("http", "https", "mssql")
ON_PREMISES_WORDS = ("datacenter", "branch", "office", "server", "firewall", "router", "database", "user", "other")
MOST_OF_A_KIND = 10_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line, and where it begins in it."""

    text: str
    start: int = 0

    @property
    def span(self) -> tuple[int, int]:
        return (self.start, max(1, len(self.text)))


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A security rule; `ports` is empty for all of them."""

    text: str
    priority: int
    access: str
    direction: str
    protocol: str
    ports: tuple[str, ...]
    sources: tuple[Piece, ...]
    destinations: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class RouteLine:
    text: str
    prefix: Piece
    next_hop: Piece


@dataclass(frozen=True, slots=True)
class FilterLine:
    """A rule of a firewall policy; `translated` is address and port of a DNAT rule."""

    text: str
    protocols: tuple[str, ...]
    ports: tuple[str, ...]
    sources: tuple[Piece, ...]
    destinations: tuple[Piece, ...]
    translated: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two names with an arrow `->` or `<->`; `detail` is what stands in brackets or after `via`."""

    text: str
    a: Piece
    b: Piece
    both: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class BoundaryLine:
    text: str
    a: Piece
    b: Piece
    by: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """How many of which kind; `word` is the spec's own word for it."""

    text: str
    word: str
    kind: Kind | None
    count: int
    each: bool


# Words and numbers ------------------------------------------------------------------------------------------------


def parse_cidr(text: str) -> Network:
    """A network in CIDR notation; an address alone is a network of one.

    >>> str(parse_cidr("10.0.1.0/24"))
    '10.0.1.0/24'

    Raises:
        LineError: it is none, or bits are set right of its prefix; the hint tells the network that was meant.
    """
    stripped = text.strip()
    try:
        return ip_network(stripped)
    except ValueError:
        pass
    whole = (0, len(text))
    address, slash, length = stripped.partition("/")
    try:
        parsed = ip_address(address)
    except ValueError:
        raise LineError(f"`{_cut(text)}` is no network: {_address_problem(address)}", whole,
                        "write a CIDR such as `10.0.0.0/16` or `fd00:1::/48`", code="bad-cidr") from None
    most = parsed.max_prefixlen
    if not slash or not length.isdecimal() or not length.isascii() or int(length) > most:
        raise LineError(f"`{_cut(text)}` is no network: the length after `/` is a number from 0 to {most}",
                        (text.find("/") + 1 or len(text), max(1, len(length))), code="bad-cidr")
    network = ip_network(stripped, strict=False)
    raise LineError(f"`{text}` has bits set right of its prefix", whole,
                    f"the network is `{network}`; an address alone is `{address}/{most}`", code="bad-cidr")


def _address_problem(address: str) -> str:
    octets = address.split(".")
    if len(octets) == 4 and all(o.isdecimal() for o in octets):
        for octet in octets:
            if int(octet[:9] or 0) > 255:
                return f"`{_cut(octet)}` is more than 255"
            if len(octet) > 1 and octet[0] == "0":
                return f"`{_cut(octet)}` has a leading zero"
    return f"`{_cut(address)}` is no IP address"


def parse_address(text: str) -> str:
    """An IP address, in its usual writing.

    Raises:
        LineError: it is none.
    """
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        raise LineError(f"`{_cut(text)}` is no IP address: {_address_problem(text.strip())}", (0, len(text)),
                        code="bad-address") from None


def parse_ports(text: str, start: int = 0) -> tuple[str, ...]:
    """Ports and ranges, sorted; empty for all.

    >>> parse_ports("443,8000-8100")
    ('443', '8000-8100')

    Raises:
        LineError: a part is no port or range from 0 to 65535.
    """
    if text.strip().lower() in ("*", "any"):
        return ()
    ranges = []
    for part in _split(Piece(text, start)):
        match = re.fullmatch(r"([0-9]{1,9})(?:\s*-\s*([0-9]{1,9}))?", part.text)
        if not match:
            raise LineError(f"`{_cut(part.text)}` is no port", part.span, "write `443`, `80,443` or `8000-8100`", code="bad-port")
        low, high = int(match[1]), int(match[2] or match[1])
        if max(low, high) > 65535:
            raise LineError(f"the port `{_cut(part.text)}` is more than 65535", part.span, code="bad-port")
        if low > high:
            raise LineError(f"the port range `{part.text}` runs backwards", part.span, f"did you mean `{high}-{low}`?", code="bad-port")
        ranges.append((low, high))
    return tuple(str(low) if low == high else f"{low}-{high}" for low, high in sorted(set(ranges)))


def parse_protocol_ports(text: str, start: int, known: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """`tcp/443`, `tcp,udp/53`, `any`: protocols and ports."""
    names, slash, ports = text.partition("/")
    protocols = []
    for piece in _split(Piece(names, start)):
        protocol = "any" if piece.text == "*" else piece.text.lower()
        if protocol not in known:
            raise LineError(f"`{_cut(piece.text)}` is no protocol", piece.span, *did_you_mean(protocol, known), code="bad-protocol")
        protocols.append(protocol)
        if slash and protocol in ("icmp", "esp", "ah"):
            raise LineError(f"`{protocol}` has no ports", (start + len(names), len(ports) + 1), code="bad-protocol")
    return tuple(sorted(set(protocols))), parse_ports(ports, start + len(names) + 1) if slash else ()


def parse_resource(text: str) -> ResourceLine:
    """`TYPE [xN] [each]`.

    >>> line = parse_resource("vm x3 each")
    >>> line.word, line.count, line.each
    ('vm', 3, True)
    """
    return _parse_resource(text, ())


def parse_on_premises_resource(text: str) -> ResourceLine:
    """`TYPE [xN] [each]` with the words for what stands on premises."""
    return _parse_resource(text, ON_PREMISES_WORDS)


def _parse_resource(text: str, words: tuple[str, ...]) -> ResourceLine:
    parts = [Piece(m.group(), m.start()) for m in re.finditer(r"\S+", text)]
    each = len(parts) > 1 and parts[-1].text == "each"
    if each:
        parts.pop()
    count = 1
    if len(parts) > 1 and re.fullmatch(r"[x×][0-9]{1,9}", parts[-1].text):
        number = parts.pop()
        count = int(number.text[1:])
        if not 1 <= count <= MOST_OF_A_KIND:
            raise LineError(f"a count of {count:,}: it must be from 1 to {MOST_OF_A_KIND:,}", number.span, code="out-of-range")
    word = Piece(" ".join(p.text for p in parts), parts[0].start if parts else 0)
    known, kind = _known_word(word, words)
    return ResourceLine(text, known, kind, count, each)


def _known_word(word: Piece, words: tuple[str, ...]) -> tuple[str, Kind | None]:
    folded = word.text.lower()
    if words:
        if folded in words:
            return folded, None
        raise LineError(f"`{_cut(word.text)}` is no type of resource on premises", word.span, *did_you_mean(word.text, words),
                        code="unknown-type")
    if folded == "other":
        return folded, None
    kind = kind_of_word(word.text)
    if kind is None:
        raise LineError(f"`{_cut(word.text)}` is no type of resource", word.span, *_type_hint(word.text), code="unknown-type")
    return kind.word, kind


def _type_hint(word: str) -> tuple[str, ...]:
    words = (*WORDS, "other")
    if len(word) < 100 and (close := near_miss(word, words)):
        return (f"did you mean `{close}`?",)
    return ("`diagramgen schema` lists the types; `other` with a `label` and an `icon` stands for anything else",)


# Lines ------------------------------------------------------------------------------------------------------------


def parse_rule(text: str) -> RuleLine:
    """`PRIORITY (allow|deny) (inbound|outbound) PROTOCOL[/PORTS] from ENDPOINTS to ENDPOINTS`.

    >>> rule = parse_rule("100 allow inbound tcp/443 from Internet to 10.0.0.0/24")
    >>> rule.priority, rule.ports, rule.sources[0].text
    (100, ('443',), 'Internet')
    """
    return _parse_rule(text, ("allow", "deny"))


def parse_admin_rule(text: str) -> RuleLine:
    """A rule of the network manager, where `always_allow` is a third way to answer."""
    return _parse_rule(text, ("allow", "always_allow", "deny"))


RULE_SHAPE = "PRIORITY allow|deny inbound|outbound PROTOCOL[/PORTS] from WHERE to WHERE"


def _parse_rule(text: str, accesses: tuple[str, ...]) -> RuleLine:
    words = [Piece(m.group(), m.start()) for m in re.finditer(r"\S+", text)]
    first = _word(words, 0, text, "a priority such as `100`", RULE_SHAPE)
    if not (first.text.isdecimal() and first.text.isascii() and len(first.text) < 10):
        raise LineError(f"a rule begins with its priority, found `{_cut(first.text)}`", first.span, f"write `{RULE_SHAPE}`")
    access = _one_of(_word(words, 1, text, " or ".join(f"`{a}`" for a in accesses), RULE_SHAPE), accesses)
    direction = _one_of(_word(words, 2, text, "`inbound` or `outbound`", RULE_SHAPE), ("inbound", "outbound"))
    what = _word(words, 3, text, "a protocol such as `tcp/443`", RULE_SHAPE)
    protocols, ports = parse_protocol_ports(what.text, what.start, RULE_PROTOCOLS)
    if len(protocols) != 1:
        raise LineError("a rule has one protocol", what.span, "write `any/PORTS`, or a rule for each protocol")
    sources, destinations = _from_to(text, what.start + len(what.text), f"write `{RULE_SHAPE}`")
    return RuleLine(text, int(first.text), access, direction, protocols[0], ports, _split(sources), _split(destinations))


def parse_filter(text: str) -> FilterLine:
    """A firewall policy's rule: `PROTOCOL/PORTS from WHERE to WHERE [-> ADDRESS:PORT]`.

    >>> parse_filter("https/443 from 10.0.0.0/8 to *.ubuntu.com").destinations[0].text
    '*.ubuntu.com'
    """
    shape = "write `PROTOCOL[/PORTS] from WHERE to WHERE`, and ` -> ADDRESS:PORT` after it for DNAT"
    words = [Piece(m.group(), m.start()) for m in re.finditer(r"\S+", text)]
    what = _word(words, 0, text, "a protocol such as `tcp/443`", shape)
    protocols, ports = parse_protocol_ports(what.text, what.start, (*FILTER_PROTOCOLS, *APPLICATION_PROTOCOLS))
    if any(p in APPLICATION_PROTOCOLS for p in protocols) and any(p in FILTER_PROTOCOLS for p in protocols):
        raise LineError("network and application protocols do not mix in one rule", what.span, "write a rule for each")
    line, arrow, target = text.partition(" -> ")
    sources, destinations = _from_to(line, what.start + len(what.text), shape)
    translated = _parse_target(target, len(line) + 4) if arrow else None
    return FilterLine(text, protocols, ports, _split(sources), _split(destinations), translated)


def _parse_target(text: str, start: int) -> tuple[str, str]:
    match = re.fullmatch(r"\s*(\S+):(\d{1,5})\s*", text)
    if not match or int(match[2]) > 65535:
        raise LineError("a translated address looks like `10.0.0.4:443`", (start, max(1, len(text))))
    try:
        return str(ip_address(match[1].strip("[]"))), match[2]
    except ValueError:
        raise LineError(f"`{_cut(match[1])}` is no IP address", (start + match.start(1), len(match[1])), code="bad-address") from None


def parse_route(text: str) -> RouteLine:
    """`PREFIX|TAG -> NEXT`.

    >>> parse_route("0.0.0.0/0 -> Azure Firewall").next_hop
    Piece(text='Azure Firewall', start=13)
    """
    prefix, next_hop = _halves(text, "->", "write `PREFIX -> NEXT`, such as `0.0.0.0/0 -> Azure Firewall`")
    return RouteLine(text, prefix, next_hop)


def parse_peering(text: str) -> PairLine:
    """`A <-> B` (both halves), `A -> B` (A's half alone)."""
    return _parse_pair(text, "write `A <-> B`, or `A -> B` for the half of A alone")


def parse_flow(text: str) -> PairLine:
    """`A -> B [tcp/443]`, `A <-> B [tcp/443]`; what stands in the brackets is shown as it is.

    >>> parse_flow("Web -> Data [tcp/1433]").detail
    'tcp/1433'
    """
    line, bracket, rest = text.rpartition("[")
    if bracket and rest.rstrip().endswith("]"):
        detail = rest.rstrip()[:-1].strip()
    else:
        line, detail = text, ""
    pair = _parse_pair(line, "write `A -> B` or `A <-> B`, and `[tcp/443]` after it if you like")
    return PairLine(text, pair.a, pair.b, pair.both, detail)


def parse_connection(text: str) -> PairLine:
    """`SITE -> GATEWAY [via vpn|expressroute|sd-wan]`."""
    line, via, detail = text.partition(" via ")
    detail = detail.strip().lower()
    if via and detail not in CONNECTION_TYPES:
        raise LineError(f"`{_cut(detail)}` is no type of connection", (len(line) + 5, max(1, len(detail))),
                        *did_you_mean(detail, CONNECTION_TYPES))
    pair = _parse_pair(line, "write `SITE -> GATEWAY`, and ` via vpn` after it if you like")
    return PairLine(text, pair.a, pair.b, pair.both, detail)


CONNECTION_TYPES = ("vpn", "expressroute", "sd-wan", "point-to-site")


def parse_boundary(text: str) -> BoundaryLine:
    """`A | B [by CONTROL, CONTROL]`.

    >>> [p.text for p in parse_boundary("Web | Data by NSG-data, ASG-data").by]
    ['NSG-data', 'ASG-data']
    """
    line, by, controls = text.partition(" by ")
    a, b = _halves(line, "|", "write `A | B`, and ` by CONTROL` after it if you like")
    return BoundaryLine(text, a, b, _split(Piece(controls, len(line) + 4)) if by else ())


# Parts ------------------------------------------------------------------------------------------------------------


def _word(words: list[Piece], index: int, text: str, wanted: str, shape: str) -> Piece:
    if index < len(words):
        return words[index]
    raise LineError(f"the line ends where {wanted} was expected", (len(text.rstrip()), 1), f"write `{shape}`" if "`" not in shape else shape)


def _one_of(piece: Piece, known: tuple[str, ...]) -> str:
    word = piece.text.lower()
    if word in known:
        return word
    wanted = " or ".join(f"`{k}`" for k in known)
    raise LineError(f"expected {wanted}, found `{_cut(piece.text)}`", piece.span,
                    *(h for h in did_you_mean(word, known) if h.startswith("did")))


def _from_to(text: str, start: int, hint: str) -> tuple[Piece, Piece]:
    """What stands after `from` and after `to`."""
    rest = text[start:]
    match = re.match(r"\s+from\s+", rest, re.I)
    if not match:
        at = start + len(rest) - len(rest.lstrip())
        raise LineError("`from` was expected after the protocol", (min(at, len(text)), 1), hint)
    middle = start + match.end()
    to = re.compile(r"(?<=\s)to(?=\s)", re.I).search(text, middle)
    if not to or not text[to.end():].strip():
        raise LineError("`to` and where to are missing", (len(text.rstrip()), 1), hint)
    return Piece(text[middle : to.start()], middle), Piece(text[to.end():], to.end())


def _halves(text: str, separator: str, hint: str) -> tuple[Piece, Piece]:
    before, found, after = text.partition(separator)
    if not found:
        raise LineError(f"no `{separator}` in `{_cut(text)}`", (0, max(1, len(text))), hint)
    left, right = _trim(Piece(before)), _trim(Piece(after, len(before) + len(separator)))
    for side, where in ((left, "before"), (right, "after")):
        if not side.text:
            raise LineError(f"nothing stands {where} `{separator}`", (len(before), len(separator)), hint)
    return left, right


def _parse_pair(text: str, hint: str) -> PairLine:
    both = "<->" in text
    if not both and "<-" in text:
        raise LineError("an arrow points to the right", (text.index("<-"), 2), hint)
    a, b = _halves(text, "<->" if both else "->", hint)
    return PairLine(text, a, b, both)


def _split(piece: Piece) -> tuple[Piece, ...]:
    """The parts between commas.

    Raises:
        LineError: a part is empty.
    """
    parts, start = [], piece.start
    for text in piece.text.split(","):
        part = _trim(Piece(text, start))
        if not part.text:
            raise LineError("nothing stands here between the commas" if "," in piece.text else "nothing stands here",
                            (min(part.start, start), 1))
        parts.append(part)
        start += len(text) + 1
    return tuple(parts)


def _trim(piece: Piece) -> Piece:
    stripped = piece.text.lstrip()
    return Piece(stripped.rstrip(), piece.start + len(piece.text) - len(stripped))


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
