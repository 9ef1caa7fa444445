"""The machine's side: files, icons and themes come in, drawings go out; nothing else touches the disk.

Icons are the PNG files that the `diagrams` package brings; they are found beside it without importing it,
which would cost ten times the drawing. A folder of Microsoft's own SVG icons may take their place.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from diagramgen.diagnostics import Diagnostic, EnvironmentProblem, InputError, did_you_mean
from diagramgen.located import Place

if TYPE_CHECKING:
    from diagramgen.draw.theme import Theme
    from diagramgen.read import Source


def read_source(path: str | Path) -> bytes:
    """The bytes of a file, or of standard input for `-`.

    Raises:
        EnvironmentProblem: when it cannot be read.
    """
    if str(path) == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise EnvironmentProblem(f"cannot read `{path}`: {_reason(error)}") from error


def find_beside(source_name: str, relative_path: str) -> Source | None:
    """The JSON file that an input means by a path relative to it: a linked template, a parameter file.

    What an input says must not open any file of this machine: only JSON below the input's folder, or at most two
    folders up, is looked at.
    """
    from diagramgen.read import Source

    folder = Path("." if source_name == "<stdin>" else source_name).resolve().parent
    wanted = folder / relative_path
    top = folder.parents[1] if len(folder.parents) > 2 else folder
    try:
        if wanted.suffix.lower() not in (".json", ".jsonc", ".template") or not wanted.is_file():
            return None
        if not wanted.resolve().is_relative_to(top):
            return None
        shown = (
            os.path.relpath(wanted.resolve(), Path(".").resolve())
            if not Path(source_name).is_absolute()
            else wanted
        )
        return Source(str(shown), wanted.read_bytes(), False)
    except (OSError, ValueError):
        return None


def write_whole(path: str | Path, data: bytes) -> None:
    """Puts `data` at `path` whole or not at all, making the folders on the way.

    The bytes go to a neighbour that then takes the file's name; what is no plain file (a pipe) is written
    to as it is.

    Raises:
        EnvironmentProblem: when it cannot be written.
    """
    target = Path(path).resolve()
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(data)
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data)
    except OSError as error:
        raise EnvironmentProblem(f"cannot write `{path}`: {_reason(error)}") from error


def _replace(target: Path, data: bytes) -> None:
    """Writes beside `target` and renames; a file that is replaced keeps its rights."""
    neighbour = target.with_name(f".{target.name[:80]}.{os.urandom(4).hex()}.part")
    try:
        with open(neighbour, "xb") as file:
            file.write(data)
        if target.exists():
            os.chmod(neighbour, target.stat().st_mode & 0o777)
        os.replace(neighbour, target)
    except BaseException:
        neighbour.unlink(missing_ok=True)
        raise


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


# Themes


def theme_names() -> tuple[str, ...]:
    """The themes that come with the program, `reference` first."""
    names = sorted(file.stem for file in _styles().glob("*.yaml"))
    return ("reference", *(name for name in names if name != "reference"))


def read_theme(name: str = "reference") -> Theme:
    """The theme of that name, or of a YAML file that says what differs from another theme.

    A file says which other one with `extends`; without, it is `reference`.

    Raises:
        InputError: when there is no such theme, or it says what no theme knows.
    """
    from diagramgen.draw.theme import make_theme

    layers: list[tuple[str, Mapping[str, object]]] = []
    wanted, seen = name, set[str]()
    while wanted not in seen:
        seen.add(wanted)
        source, layer = _theme_layer(wanted)
        layers.insert(0, (source, layer))
        wanted = str(layer.get("extends", "reference"))
    if layers[0][0] != "reference":
        circle = f"`extends: {wanted}` goes in a circle"
        raise InputError([Diagnostic("error", "theme", circle, Place(layers[0][0]))])
    return make_theme(layers)


def _theme_layer(name: str) -> tuple[str, Mapping[str, object]]:
    """A theme file's name and what it says."""
    import yaml

    own = _styles() / f"{name}.yaml"
    is_file = name.endswith((".yaml", ".yml")) or os.sep in name
    if not is_file and not own.is_file():
        hints = did_you_mean(name, theme_names())
        raise InputError([Diagnostic("error", "theme", f"there is no theme `{name}`", hints=hints)])
    source = name if is_file else own.stem
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        layer = yaml.load(read_source(name if is_file else own), Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line, column = (where.line + 1, where.column + 1) if where else (None, None)
        said = str(getattr(error, "problem", None) or "not a YAML text")
        raise InputError(
            [Diagnostic("error", "theme", f"theme `{name}`: {said}", Place(source), line=line, column=column)]
        ) from error
    if not isinstance(layer, Mapping):
        raise InputError([Diagnostic("error", "theme", f"theme `{name}` is no mapping", Place(source))])
    return source, layer


def _styles() -> Path:
    """The folder of the themes: beside the modules when installed, at the root of a checkout."""
    here = Path(__file__).resolve().parent
    installed = here / "_styles"
    return installed if installed.is_dir() else here.parent / "styles"


# Icons


def load_icons(names: Iterable[str], icons_dir: Path | None = None) -> Mapping[str, bytes]:
    """The picture of every icon of `names` that there is, PNG or SVG; `own/...` are drawn, not loaded.

    With `icons_dir`, a folder of Microsoft's icons (https://learn.microsoft.com/azure/architecture/icons/),
    each is taken from there by its service's name, and from the `diagrams` package where there is none.
    """
    found: dict[str, bytes] = {}
    given = _icons_by_service(icons_dir) if icons_dir else {}
    bundled = _bundled_icons()
    for name in sorted(set(names)):
        if name.startswith("own/"):
            continue
        file = next((given[word] for word in _service_words(name) if word in given), None)
        picture = _safe_svg(read_source(file)) if file else None
        if picture is None and bundled is not None and (bundled / f"{name}.png").is_file():
            picture = (bundled / f"{name}.png").read_bytes()
        if picture is not None:
            found[name] = picture
    return found


def _bundled_icons() -> Path | None:
    """`resources/azure`, which the `diagrams` package installs beside itself."""
    spec = find_spec("diagrams")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(location).parent / "resources" / "azure"
        if folder.is_dir():
            return folder
    return None


_PREFIX = re.compile(r"^\d+-icon-service-", re.IGNORECASE)

_OTHER_WORDS: Mapping[str, tuple[str, ...]] = {
    "frontdoors": ("frontdoorandcdnprofiles",),
    "firewalls": ("azurefirewalls",),
    "privateendpoint": ("privateendpoints", "privatelink"),
    "storageaccountsclassic": ("storageaccounts",),
    "vmscalesets": ("vmscalesets", "virtualmachinescalesets"),
    "managementgroups": ("managementgroups",),
}
"""Services whose icon Microsoft's folder names otherwise."""


def _icons_by_service(folder: Path) -> Mapping[str, Path]:
    """SVG files below `folder` by the bare name of their service; of equal names the first in path order."""
    if not folder.is_dir():
        raise EnvironmentProblem(f"there is no folder `{folder}` with icons")
    found: dict[str, Path] = {}
    for file in sorted(folder.rglob("*.svg")):
        found.setdefault(_bare(_PREFIX.sub("", file.stem)), file)
    return found


def _service_words(name: str) -> tuple[str, ...]:
    """What the service of an icon may be called, bare, the likeliest first.

    >>> _service_words("compute/virtual-machine")
    ('virtualmachine', 'virtualmachines')
    """
    bare = _bare(name.rsplit("/", 1)[-1])
    other = bare[:-1] if bare.endswith("s") else bare + "s"
    return (*_OTHER_WORDS.get(bare, ()), bare, other)


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


_UNSAFE_ELEMENTS = (
    "script", "foreignobject", "iframe", "object", "embed", "audio", "video", "a", "animate", "set",
)  # fmt: skip
_SAFE_TARGETS = ("#", "data:image/png", "data:image/jpeg")


def _safe_svg(data: bytes) -> bytes | None:
    """The SVG without anything that acts or points outside; None when it is none."""
    from xml.etree import ElementTree

    if b"<!ENTITY" in data or b"<!DOCTYPE" in data:
        return None
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError:
        return None
    if not root.tag.endswith("}svg"):
        return None
    for element in root.iter():
        for child in list(element):
            if not isinstance(child.tag, str) or child.tag.rsplit("}", 1)[-1].lower() in _UNSAFE_ELEMENTS:
                element.remove(child)
        for key, value in list(element.attrib.items()):
            word = key.rsplit("}", 1)[-1].lower()
            points_out = word in ("href", "src") and not value.startswith(_SAFE_TARGETS)
            if word.startswith("on") or points_out or re.search(r"url\(\s*['\"]?(?!['\"#])", value):
                del element.attrib[key]
    _enlarge(root.attrib)
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    return ElementTree.tostring(root)


def _enlarge(root: dict[str, str]) -> None:
    """Gives an SVG a size of many pixels: librsvg paints an embedded one at its own size and scales that."""
    if "viewBox" not in root and {"width", "height"} <= root.keys():
        root["viewBox"] = f"0 0 {root['width']} {root['height']}"
    if "viewBox" in root:
        root["width"] = root["height"] = "256"
