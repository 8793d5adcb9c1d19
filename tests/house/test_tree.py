"""What must not be in the tree: addresses of registries, paths of machines, real people's data."""

from __future__ import annotations

import re

from tests.house.tree import ROOT, files, name

CONFIGS = (
    "requirements",
    "*.toml",
    "*.cfg",
    "*.ini",
    "*.lock",
    "Makefile",
    ".ci",
    "tools",
    "deploy",
)
TEXTS = {
    ".py",
    ".toml",
    ".md",
    ".yaml",
    ".yml",
    ".html",
    ".css",
    ".js",
    ".json",
    ".txt",
    ".lock",
    ".in",
    "",
}
REGISTRY = re.compile(
    r"(pypi\.org|pythonhosted\.org|registry\.npmjs|npmmirror|tuna\.tsinghua|mirrors?\.aliyun"
    r"|--(extra-)?index-url|--find-links\s+(https?|file):|index-url\s*=)",
    re.I,
)
#: Home folders of people and build machines; "/tmp" and "/opt" are everybody's.
MACHINE = re.compile(
    r"(?<![\w./~-])/(home/[a-z][\w.-]*|root|Users/\w+|work/(main|shared)|github/workspace)/"
)


def test_locks_and_settings_name_no_registry() -> None:
    """A lock names files by hash; where they come from is each machine's own setting."""
    found = [
        f"{name(path)}: {match[0]}"
        for path in files(*CONFIGS)
        if (match := REGISTRY.search(path.read_text("utf-8")))
    ]
    assert not found


def test_every_locked_package_has_hashes() -> None:
    """Each requirement of every lock is pinned to one version and to hashes."""
    for lock in files("requirements/*.lock"):
        text = re.sub(r"\\\n\s*", "", lock.read_text())
        for line in filter(None, (line for line in text.splitlines() if line[0] != "#")):
            assert re.match(r"[\w.-]+==[\w.+!-]+", line), f"{name(lock)}: {line[:60]}"
            assert "--hash=sha256:" in line, f"{name(lock)}: {line[:60]}"


def test_no_path_of_one_machine_is_in_the_tree() -> None:
    """The tree works wherever it is cloned."""
    found = [
        f"{name(path)}: {match[0]}"
        for path in files()
        if path.suffix in TEXTS and (match := MACHINE.search(path.read_text("utf-8", "replace")))
    ]
    assert not found


def test_ci_and_tools_are_executable() -> None:
    """Scripts that are called by name can be."""
    scripts = [path for path in files(".ci", "tools") if path.suffix == ""]
    assert scripts
    assert not [name(path) for path in scripts if not path.stat().st_mode & 0o100]


def test_nothing_that_is_made_is_tracked() -> None:
    """Databases, caches, logs and built files stay out of the history."""
    suffixes = {".sqlite3", ".pyc", ".log", ".whl", ".key", ".pem"}
    assert not [name(p) for p in files() if p.suffix in suffixes or (ROOT / "var") in p.parents]
