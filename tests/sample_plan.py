"""A plan placed by hand that holds every mark: `python tests/sample_plan.py FOLDER [THEME...]` draws it."""

from __future__ import annotations

import sys
from pathlib import Path

from diagramgen.draw import draw_scene
from diagramgen.geometry import Point, Rect
from diagramgen.layout.measure import room_width, set_width
from diagramgen.layout.plan import (
    Anchor,
    Metrics,
    PlacedBoundary,
    PlacedBox,
    PlacedKey,
    PlacedLink,
    PlacedMark,
    PlacedText,
    Plan,
    TextStyle,
)
from diagramgen.system import load_icons, read_theme, theme_names, write_whole
from diagramgen.write import Drawing, write_drawing

FIREWALL, GATEWAY = "networking/firewalls", "networking/application-gateways"
VM, FRONT_DOOR, STORAGE = "compute/virtual-machine", "network/front-doors", "storage/storage-accounts-classic"


class Sheet:
    """Collects what is placed; texts get rooms as layout would give them."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self.boxes: list[PlacedBox] = []
        self.links: list[PlacedLink] = []
        self.boundaries: list[PlacedBoundary] = []
        self.texts: list[PlacedText] = []
        self.key: list[PlacedKey] = []

    def text(
        self,
        of: str,
        text: str,
        style: TextStyle,
        x: float,
        y: float,
        anchor: Anchor = "start",
        faded: bool = False,
    ) -> PlacedText:
        """One line whose room's top is at `y` and whose start, middle or end is at `x`."""
        font = self.metrics.fonts[style]
        width = room_width(text, font)
        left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
        room = Rect(round(left, 1), y, round(width, 1), font.line_height)
        return PlacedText(of, text, style, room, round(set_width(text, font), 2), anchor, faded)

    def frame(
        self,
        id: str,
        kind: str,
        box: Rect,
        parent: str | None = None,
        style: str = "",
        name: str = "",
        faded: bool = False,
    ) -> None:
        texts, marks = [], list[PlacedMark]()
        if kind == "azure":
            marks.append(PlacedMark("azure-cloud", Rect(box.x + 8, box.y - 26, 57, 38), id))
            texts.append(self.text(id, "Azure", "azure", box.x + 36.5, box.y - 9, "middle"))
        elif kind in ("vnet", "virtual-hub", "management-group"):
            icon = {
                "virtual-hub": "networking/virtual-wan-hub",
                "management-group": "general/managementgroups",
            }
            mark = Rect(box.right - 28, box.bottom - 7.5, 20, 15)
            marks.append(
                PlacedMark("vnet" if kind == "vnet" else "icon", mark, id, icon.get(kind), faded=faded)
            )
            texts.append(self.text(id, name, "frame-name", mark.x - 3, box.bottom + 2, "end", faded))
        elif kind == "subscription":
            marks.append(
                PlacedMark("subscription", Rect(box.right - 26, box.bottom - 16, 35, 30), id, faded=faded)
            )
            texts.append(self.text(id, name, "frame-name", box.right - 30, box.bottom + 3, "end", faded))
        elif kind == "subnet":
            texts.append(self.text(id, name, "subnet-name", box.right, box.y - 16, "end", faded))
        elif kind == "on-premises":
            texts.append(self.text(id, name, "site-name", box.right, box.y - 17, "end", faded))
        elif kind == "region":
            texts.append(self.text(id, name, "region-name", box.right - 4, box.y + 4, "end", faded))
        elif name:
            texts.append(self.text(id, name, "group-name", box.right, box.bottom + 2, "end", faded))
        told = (f"{kind} {name}", "10.0.0.0/16")
        self.boxes.append(
            PlacedBox(id, kind, name, box, parent, "", style, None, told, tuple(marks), tuple(texts), faded)
        )

    def shield(self, name: str) -> None:
        """Puts an NSG on the last frame's top left corner."""
        last = self.boxes.pop()
        mark = PlacedMark(
            "nsg", Rect(last.box.x - 7.5, last.box.y - 9, 15, 18), last.id, "own/nsg", faded=last.faded
        )
        texts = (
            *last.texts,
            self.text(last.id, name, "mark-name", last.box.x - 12, last.box.y - 25, "start", last.faded),
        )
        self.boxes.append(
            PlacedBox(
                last.id,
                last.kind,
                last.name,
                last.box,
                last.parent,
                last.type,
                last.style,
                None,
                last.tooltip,
                (mark,),
                texts,
                last.faded,
            )
        )

    def icon(
        self,
        id: str,
        icon: str,
        x: float,
        y: float,
        name: str,
        parent: str,
        side: str = "",
        caption: str = "",
        faded: bool = False,
        size: float = 28,
    ) -> None:
        box = Rect(x, y, size, size)
        texts = [self.text(id, name, "name", box.center.x, box.bottom + 1, "middle", faded)]
        for i, line in enumerate(side.split()):
            texts.append(self.text(id, line, "side-label", box.right + 2, y + 13.5 * i, "start", faded))
        if caption:
            texts.append(self.text(id, caption, "caption", box.center.x, box.bottom + 15, "middle", faded))
        told = (name, "a machine")
        self.boxes.append(
            PlacedBox(
                id,
                "resource",
                name,
                box,
                parent,
                "microsoft.compute/virtualmachines",
                "",
                icon,
                told,
                (),
                tuple(texts),
                faded,
            )
        )

    def link(
        self,
        kind: str,
        a: str,
        b: str,
        *points: tuple[float, float],
        heads: str = "b",
        label: str = "",
        at: tuple[float, float] = (0, 0),
        bundle: str = "",
        style: str = "",
        faded: bool = False,
    ) -> None:
        texts = (self.text(a, label, "link-name", *at),) if label else ()
        way = tuple(Point(*p) for p in points)
        self.links.append(
            PlacedLink(f"{a}>{b}", kind, a, b, way, heads, bundle, style, ("allowed",), texts, faded)  # type: ignore[arg-type]
        )

    def red(
        self,
        level: str,
        a: str,
        b: str,
        start: tuple[float, float],
        end: tuple[float, float],
        status: str,
        *marks: PlacedMark,
        declared: bool = False,
    ) -> None:
        self.boundaries.append(
            PlacedBoundary(level, a, b, status, Point(*start), Point(*end), (), declared, ("who",), marks)
        )


def disc(x: float, y: float, digits: str) -> PlacedMark:
    return PlacedMark("number", Rect(x - 16, y - 16, 32, 32), text=digits)


def sign(kind: str, x: float, y: float, icon: str | None = None, side: float = 18) -> PlacedMark:
    return PlacedMark(kind, Rect(x - side / 2, y - side / 2, side, side), icon=icon)


def sample_plan(metrics: Metrics) -> Plan:
    """Every mark of the notation at least once."""
    sheet = Sheet(metrics)
    _frames(sheet)
    _icons(sheet)
    _lines(sheet)
    _key(sheet)
    title = sheet.text("", "Every mark of the notation", "title", 24, 16)
    subtitle = sheet.text("", "placed by hand · 3 subscriptions, 8 VNets", "subtitle", 24, 42)
    words = [
        sheet.text("", "NSG = Network Security Group", "abbreviation", 470, 118),
        sheet.text("", "ASG = Application Security Group", "abbreviation", 470, 133),
        sheet.text("", "Drawn by", "title-block", 1076, 24),
        sheet.text("", "diagramgen", "title-block", 1136, 24),
        sheet.text("", "Version", "title-block", 1076, 42),
        sheet.text("", "0.1", "title-block", 1136, 42),
        sheet.text("", "note: placed by hand", "note", 24, 740),
    ]
    return Plan(
        name="sample",
        width=1240,
        height=860,
        title="Every mark of the notation",
        description="A sheet that holds every mark once.",
        boxes=tuple(sheet.boxes),
        links=tuple(sheet.links),
        boundaries=tuple(sheet.boundaries),
        texts=(title, subtitle, *words, *sheet.texts),
        key=tuple(sheet.key),
        rules=(
            (Point(1070, 20), Point(1216, 20)),
            (Point(1070, 38), Point(1216, 38)),
            (Point(1070, 57), Point(1216, 57)),
        ),
    )


def _frames(sheet: Sheet) -> None:
    f = sheet.frame
    f("azure", "azure", Rect(250, 100, 966, 620))
    f("s1", "subscription", Rect(276, 150, 560, 530), "azure", name="Azure subscription 1")
    f("s2", "subscription", Rect(910, 150, 280, 240), "azure", name="Azure subscription 2")
    f("s3", "subscription", Rect(910, 440, 280, 240), "azure", name="Faded subscription", faded=True)
    f("v1", "vnet", Rect(300, 190, 300, 290), "s1", "workload", "Workload VNet")
    f("v2", "vnet", Rect(300, 540, 300, 104), "s1", "standalone", "Standalone VNet")
    f("fw", "subnet", Rect(318, 230, 100, 84), "v1", name="Firewall subnet")
    f("gw", "subnet", Rect(318, 372, 100, 80), "v1", name="APP GW subnet", faded=True)
    for i, tier in enumerate(("fe", "app", "data")):
        f(f"t{i}", "subnet", Rect(456, 226 + i * 94, 126, 50), "v1", name="")
        sheet.shield(f"NSG-{tier}")
    f("t3", "subnet", Rect(330, 574, 160, 52), "v2", name="Subnet")
    sheet.shield("")
    f("group", "network-group", Rect(690, 166, 330, 140), "azure", name="Group of AVNM")
    f("v3", "vnet", Rect(706, 182, 100, 90), "s1", "member", "VNet 1")
    f("v4", "vnet", Rect(930, 182, 76, 90), "s2", "member", "VNet 3")
    f("region", "region", Rect(640, 380, 180, 150), "s1", name="Region B")
    f("v5", "vnet", Rect(668, 424, 110, 70), "s1", "member", "VNet 5")
    f("v6", "vnet", Rect(1060, 190, 110, 100), "s2", "ghost", "ghost")
    f("hub", "virtual-hub", Rect(640, 570, 150, 76), "s1", name="hub-weu")
    f("mg", "management-group", Rect(930, 470, 110, 70), "s3", name="Corp", faded=True)
    f("any", "group", Rect(1070, 470, 100, 70), "s3", name="a group", faded=True)
    f("net", "internet", Rect(60, 230, 56, 34))
    f("site", "on-premises", Rect(24, 330, 130, 250), name="On-premises")
    f("people", "users", Rect(36, 344, 58, 122), "site")


def _icons(sheet: Sheet) -> None:
    i = sheet.icon
    i("azfw", FIREWALL, 350, 238, "Azure Firewall", "fw", caption="policy-hub · 10.0.0.4", size=36)
    i("agw", GATEWAY, 354, 380, "App Gateway", "gw", caption="with WAF", faded=True)
    for n, tier in enumerate(("fe", "app", "data")):
        i(f"vm{n}a", VM, 464, 230 + n * 94, "VM", f"t{n}", side=f"ASG- {tier}")
        i(f"vm{n}b", VM, 522, 230 + n * 94, "VM x4", f"t{n}", side=f"ASG- {tier}")
    i("vm3", VM, 350, 580, "VM", "t3")
    i("vm4", VM, 420, 580, "VM", "t3")
    i("user", "own/user", 51, 352, "User", "people")
    i("admins", "own/users", 51, 410, "Admins", "people")
    i("dc", "own/datacenter", 100, 478, "Datacenter", "site", size=40)
    i("branch", "own/branch", 44, 490, "Branch", "site")
    i("hubfw", FIREWALL, 660, 584, "fw", "hub")
    i("nva", "own/nva", 734, 584, "NVA", "hub")
    i("avnm", "own/network-manager", 930, 570, "AVNM", "s3")
    i("web", "own/internet", 1000, 570, "Internet", "s3")
    i("fd", FRONT_DOOR, 1070, 570, "Front Door", "s3")
    i("missing", "none/such", 1140, 570, "no icon", "s3")
    i("st", STORAGE, 1140, 320, "Storage", "s2")
    i("pe", "network/private-endpoint", 940, 320, "pe-st", "s2")


def _lines(sheet: Sheet) -> None:
    link, red = sheet.link, sheet.red
    for n in (0, 1):
        y = 276 + n * 94
        link("flow", f"t{n}", f"t{n + 1}", (506, y), (506, y + 44))
        link("flow", f"t{n + 1}", f"t{n}", (522, y + 44), (522, y))
        red(
            "subnet",
            f"t{n}",
            f"t{n + 1}",
            (496 - 14, y + 13),
            (548, y + 13),
            "enforced",
            disc(562, y + 13, "3"),
            declared=True,
        )
    link("internet", "net", "azure", (120, 240), (237, 240))
    link("internet", "azure", "net", (237, 256), (120, 256))
    sheet.texts += [
        sheet.text("net", "Internet", "outside-name", 112, 234, "end"),
        sheet.text("net", "traffic", "outside-name", 112, 248, "end"),
    ]
    link("vpn", "site", "v1", (154, 440), (300, 440), heads="both")
    for n, words in enumerate(("• S2S VPN", "• SD-WAN")):
        sheet.texts.append(sheet.text("site", words, "bullet", 160, 468 + n * 15))
    red("internet", "s1", "", (239, 200), (239, 300), "no-path", disc(239, 316, "4"))
    red(
        "on-premises",
        "s1",
        "site",
        (239, 380),
        (239, 600),
        "enforced",
        disc(239, 616, "5"),
        sign("badge", 239, 440, FIREWALL, 26),
    )
    link("peering", "v1", "v2", (360, 480), (360, 540), heads="both", label="VNet peering", at=(368, 500))
    red("vnet", "v1", "v2", (290, 520), (592, 520), "enforced", disc(608, 520, "2"))
    red("subscription", "s1", "s2", (860, 140), (860, 390), "no-path", disc(860, 124, "1"))
    red("subscription", "s1", "s3", (860, 390), (860, 560), "gap", sign("gap", 860, 470))
    red("subscription", "s1", "s3", (860, 560), (860, 690), "unknown", sign("unknown", 860, 620))
    link(
        "peering",
        "v1",
        "v3",
        (600, 350),
        (626, 350),
        (626, 346),
        (740, 346),
        (740, 272),
        heads="both",
        bundle="b",
    )
    link(
        "peering",
        "v1",
        "v5",
        (600, 350),
        (626, 350),
        (626, 460),
        (668, 460),
        heads="both",
        bundle="b",
        faded=True,
    )
    link("peering", "v4", "v6", (1006, 220), (1060, 220), heads="both", style="disconnected")
    link("hub-connection", "v5", "hub", (690, 494), (690, 570), heads="both")
    link("private-link", "pe", "st", (970, 342), (1138, 342), heads="both")
    link("service-endpoint", "v6", "st", (1070, 290), (1070, 326), (1140, 326), heads="both")
    link("route", "v4", "v6", (1006, 250), (1060, 250))
    link("unheard-of", "v4", "v6", (1006, 270), (1060, 270), style="unknown")


def _key(sheet: Sheet) -> None:
    entries = (
        ("boundary:no-path", "boundary holds"),
        ("boundary:declared", "as declared"),
        ("boundary:gap", "gap: traffic that no rule allows"),
        ("boundary:unknown", "unknown: the input does not tell"),
        ("link:peering", "VNet peering"),
        ("link:flow", "allowed flow"),
        ("link:private-link", "Private Link"),
        ("frame:subscription", "subscription"),
        ("frame:vnet.workload", "VNet"),
        ("frame:subnet", "subnet"),
        ("number:1", "subscriptions"),
        ("nsg", "network security group"),
        (f"badge:{FIREWALL}", "enforced by"),
        ("vnet", "VNet"),
        ("link:service-endpoint", "service endpoint"),
    )
    sheet.texts.append(sheet.text("", "Key", "key-title", 24, 770))
    x, y = 70.0, 768.0
    for mark, text in entries:
        words = sheet.text("", text, "key", x + 44, y + 1.5)
        if words.room.right > 1216:
            x, y = 70.0, y + 26
            words = sheet.text("", text, "key", x + 44, y + 1.5)
        sheet.key.append(PlacedKey(mark, Rect(x, y, 38, 16), words))
        x = words.room.right + 24


def main() -> None:
    folder = Path(sys.argv[1])
    for name in sys.argv[2:] or theme_names():
        theme = read_theme(name)
        plan = sample_plan(theme.metrics)
        scene = draw_scene(plan, theme)
        drawing = Drawing(plan, scene, load_icons(scene.icons))
        for suffix in (".svg", ".png"):
            write_whole(folder / f"{name}{suffix}", write_drawing(drawing, suffix))


if __name__ == "__main__":
    main()
