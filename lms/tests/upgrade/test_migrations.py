"""What migrations import stays where it is: for as long as an old database may come."""

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

# Whoever moves one of these leaves its name where it was, or mends each migration that has it.
OURS = {
    "certifications.codes",
    "certifications.models",
    "certifications.models.defining",
    "learners.models.people",
    "learners.models.stored_file",
    "learners.models.upload",
}


def migrations() -> list[Path]:
    return sorted(Path(settings.BASE_DIR).glob("*/migrations/0*.py"))


def names_in(path: Path) -> Iterator[str]:
    """Yield the modules that a migration imports, and what it takes from each."""
    tree = ast.parse(path.read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def test_migrations_import_no_module_of_ours_but_these():
    ours = ("attendance", "certifications", "learners", "lms")
    found = {name for path in migrations() for name in names_in(path) if name.startswith(ours)}
    assert found == OURS


def test_whatever_migrations_name_is_there():
    """Importing them looks up all that they name of ours."""
    named = [name for path in migrations() for name in dotted_names(path)]
    assert len(named) > 5
    for name in named:
        module = max((one for one in OURS if name.startswith(f"{one}.")), key=len)
        thing = import_module(module)
        for part in name.removeprefix(f"{module}.").split("."):
            thing = getattr(thing, part)


def dotted_names(path: Path) -> Iterator[str]:
    """Yield what a migration names in a module of ours."""
    for node in ast.walk(ast.parse(path.read_text())):
        name = dotted(node) if isinstance(node, ast.Attribute) else ""
        if any(name.startswith(f"{module}.") for module in OURS):
            yield name


def dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.django_db
def test_every_migration_of_then_is_still_one(kept):
    loader = MigrationLoader(connection)
    assert [leaf for leaf in kept.leaves if leaf not in loader.disk_migrations] == []
    assert not loader.detect_conflicts()
