"""The house keeps its shape: names, arrow, sizes."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
APPS = ("config", "curriculum", "quizzes", "audiences")
TOP_LEVEL = {
    ".ci", ".gitignore", "LICENSE", "Makefile", "README.md", "audiences", "config", "curriculum", "locale", "manage.py",
    "pyproject.toml", "quizzes", "requirements", "static", "templates", "tests",
}  # fmt: skip
FORBIDDEN = {
    "utils.py", "helpers.py", "common", "core", "misc.py", "services.py", "managers.py", "mixins.py", "constants.py",
    "signals.py", "local.py", "fixtures",
}  # fmt: skip


def tracked():
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [Path(name) for name in listing.stdout.splitlines() if (ROOT / name).exists()]


def python_files():
    return [path for path in tracked() if path.suffix == ".py" and path.parts[0] in APPS]


def test_the_top_level_holds_what_the_design_names():
    assert {path.parts[0] for path in tracked()} <= TOP_LEVEL


def test_no_module_has_a_name_that_says_nothing():
    assert [path for path in tracked() if FORBIDDEN & set(path.parts)] == []


def test_modules_stay_short():
    long = {
        str(path): lines
        for path in python_files()
        if "migrations" not in path.parts and (lines := len((ROOT / path).read_text().splitlines())) > 300
    }
    assert long == {}


@pytest.mark.parametrize("path", [path for path in python_files() if path.parts[0] == "curriculum"], ids=str)
def test_curriculum_never_looks_up_the_arrow(path):
    assert not re.search(r"^\s*(from|import) (quizzes|audiences|config)\b", (ROOT / path).read_text(), re.MULTILINE)


def test_templates_of_curriculum_load_no_higher_apps_tags():
    folder = ROOT / "templates" / "curriculum"
    assert [path for path in folder.rglob("*.html") if re.search(r"load [^%]*quiz", path.read_text())] == []


def test_no_colour_stands_outside_the_tokens():
    styles = [path for path in (ROOT / "static" / "css").glob("*.css") if path.name not in ("tokens.css", "paper.css")]
    found = {path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text()) for path in styles}
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_templates_hold_no_inline_script_or_style():
    pattern = re.compile(r"\son[a-z]+=|\sstyle=|<style|<script(?![^>]*\bsrc=)|javascript:")
    found = {
        str(path.relative_to(ROOT)): pattern.findall(path.read_text()) for path in (ROOT / "templates").rglob("*.html")
    }
    assert {name: hits for name, hits in found.items() if hits} == {}


def test_only_the_qr_code_is_printed_unescaped():
    unsafe = [
        str(path.relative_to(ROOT))
        for path in [*(ROOT / "templates").rglob("*.html"), *(ROOT / path for path in python_files())]
        if re.search(r"\|\s*safe\b|mark_safe|autoescape off|format_html", path.read_text())
    ]
    assert unsafe == ["templates/curriculum/print/base.html"]


def test_lock_files_name_no_index():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|file:|--index|--find-links|--extra-index", text)
