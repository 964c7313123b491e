"""Contributions do not know what hangs on them: feedback imports contributions, never the other way round."""

import ast
from pathlib import Path

from django.conf import settings


def imported_by(module: Path) -> set[str]:
    """Modules that a module imports, within functions too."""
    tree = ast.parse(module.read_text())
    froms = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return froms | {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}


def test_contributions_do_not_import_feedback() -> None:
    models = Path(settings.BASE_DIR, "mapping", "models")
    assert "mapping.models.contribution" in imported_by(models / "feedback.py")
    assert "mapping.models.feedback" not in imported_by(models / "contribution.py")


def test_descriptions_for_catalogues_do_not_ask_for_formats() -> None:
    metadata = Path(settings.BASE_DIR, "mapping", "exports", "metadata")
    for module in metadata.glob("*.py"):
        assert not any("exports.registry" in one or "exports.formats" in one for one in imported_by(module))
