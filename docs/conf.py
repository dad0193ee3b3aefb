"""Sphinx's configuration. The gallery's pages are made from the cards."""

import re
import shutil
from pathlib import Path

import keras_gans

DOCS = Path(__file__).parent
ZOO = DOCS.parent / "zoo"

project = "keras_gans"
author = "The authors of keras_gans"
release = keras_gans.__version__
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx.ext.mathjax",
]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
myst_fence_as_directive: list[str] = []
exclude_patterns = ["_build", "notebooks"]
html_theme = "pydata_sphinx_theme"
html_theme_options = {"navigation_with_keys": False}
html_static_path: list[str] = []
autodoc_typehints = "none"  # the docstrings have shapes and ranges
autodoc_member_order = "bysource"
autodoc_inherit_docstrings = False
napoleon_google_docstring = True
# Cards are also shown by GitHub, where headings may skip a level.
suppress_warnings = ["myst.header", "myst.xref_missing"]


def make_gallery() -> None:
    """Copies the cards of the zoo and their pictures to `docs/zoo`."""
    shutil.rmtree(DOCS / "zoo", ignore_errors=True)
    (DOCS / "zoo").mkdir()
    names = sorted(p.parent.name for p in ZOO.glob("*/metadata.json"))
    for name in names:
        card = (ZOO / name / "README.md").read_text()
        for picture in ZOO.joinpath(name).iterdir():
            if picture.suffix not in (".png", ".gif", ".webp"):
                continue
            shutil.copy(picture, DOCS / "zoo" / f"{name}-{picture.name}")
            card = card.replace(f"({picture.name})", f"({name}-{picture.name})")
        (DOCS / "zoo" / f"{name}.md").write_text(card)
    rows = [
        f"## [{name}]({name}.md)\n\n"
        f"[![{name}]({name}-samples.png)]({name}.md)\n"
        for name in names
    ]
    pages = "\n".join(names)
    (DOCS / "zoo" / "index.md").write_text(
        "# The zoo\n\nTrained GANs, each with 100 samples of seed 0 that were "
        "not chosen. A name leads to its card.\n\n"
        f"```{{toctree}}\n:hidden:\n\n{pages}\n```\n\n" + "\n".join(rows)
    )


def to_restructured_text(text: str) -> str:
    """Returns Markdown without code blocks as reStructuredText."""
    parts = re.split(r"(`[^`]*`)", text)
    for i, part in enumerate(parts):
        if i % 2:
            parts[i] = f"`{part}`"
            continue
        # Napoleon reads the names of arguments itself.
        names = r"^(\s*\*\*\w+:)"
        pieces = re.split(names, part, flags=re.MULTILINE)
        for k in range(0, len(pieces), 2):
            pieces[k] = re.sub(r"([|*\\])", r"\\\1", pieces[k])
            if i and k == 0 and re.match(r"\w", pieces[k]):
                pieces[k] = "\\ " + pieces[k]  # as in `Metric`s
            pieces[k] = re.sub(r"(?<=\w)_(?=\W)", r"\\_", pieces[k])
        parts[i] = "".join(pieces)
    return "".join(parts)


def as_block(match: dict[str, str]) -> str:
    """Returns a fenced block, or a table, as a code block."""
    indent, language, body = match["indent"], match["language"], match["body"]
    lines = "\n".join("    " + line for line in body.splitlines())
    return f"\n{indent}.. code-block:: {language or 'text'}\n\n{lines}\n\n"


def convert_docstring(app, what, name, obj, options, lines: list[str]) -> None:
    """Rewrites a docstring in Markdown before napoleon sees it."""
    fence = (
        r"(?P<indent> *)```(?P<language>\w*)\n(?P<body>.*?\n) *```\n?"
        r"|(?P<table>(?:^ *\|[^\n]*\|\n)+)"
    )
    text, out, end = "\n".join(lines) + "\n", "", 0
    for match in re.finditer(fence, text, re.DOTALL | re.MULTILINE):
        out += to_restructured_text(text[end : match.start()])
        groups = match.groupdict()
        if groups["table"]:
            table = groups["table"]
            indent = re.match(" *", table).group()
            groups = {"indent": indent, "language": "", "body": table}
        out += as_block(groups)
        end = match.end()
    lines[:] = (out + to_restructured_text(text[end:])).split("\n")


def setup(app) -> None:
    """Puts the conversion before napoleon's."""
    app.connect("autodoc-process-docstring", convert_docstring, priority=100)


make_gallery()
