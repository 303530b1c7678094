"""Compile the language catalogues into every build of the package."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        sys.path.insert(0, str(Path(self.root) / "src"))
        from hocvu.config.catalogues import compile_catalogues  # noqa: PLC0415 — found only now

        list(compile_catalogues())
