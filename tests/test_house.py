"""The house: arrows one way, small folders, short functions."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "keras_gans"
FILES = sorted(PACKAGE.rglob("*.py"))


def lint(folder):
    """Runs the check of the layers on a copy of the package."""
    pytest.importorskip("importlinter")
    code = "from importlinter.cli import lint_imports; exit(lint_imports())"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(folder), "PATH": ""},
    )


def test_arrows_point_one_way_and_the_check_would_notice(tmp_path):
    shutil.copytree(
        PACKAGE, tmp_path / "keras_gans", ignore=shutil.ignore_patterns("*.h5")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    result = lint(tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    upward = tmp_path / "keras_gans" / "modalities" / "image.py"
    upward.write_text(
        upward.read_text() + "\n\ndef hidden():\n    import keras_gans.engine\n"
    )
    result = lint(tmp_path)
    assert result.returncode == 1
    assert "keras_gans.modalities is not allowed to import" in result.stdout


def test_no_folder_has_more_than_fifteen_files():
    for folder in {path.parent for path in FILES}:
        files = [p for p in folder.glob("*.py") if p.name != "__init__.py"]
        assert len(files) <= 15, folder


def test_no_function_is_longer_than_sixty_lines():
    long = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.lineno + 1
                doc = ast.get_docstring(node, clean=False)
                lines -= len(doc.splitlines()) if doc else 0
                if lines > 60:
                    long[f"{path.relative_to(ROOT)}:{node.name}"] = lines
    assert not long
