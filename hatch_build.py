"""Compiles the optional extension `calmtone._speedups` when a wheel is built.

Where there is no compiler, or where `CALMTONE_PURE` is set to anything but 0, the wheel is
a pure one, which does the same, only slower.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NAME = "calmtone._speedups"


class SpeedupsHook(BuildHookInterface[Any]):
    """Puts the extension into the wheel, or beside the sources of an editable install."""

    _folder: str | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is put together."""
        if self.target_name != "wheel":
            return
        if os.environ.get("CALMTONE_PURE", "0") not in ("", "0"):
            return
        # Without the GIL importing it would turn the GIL on again.
        if sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
            return
        self._folder = tempfile.mkdtemp()
        try:
            made = compile_extension(Path(self.root), self._folder)
        except (Exception, SystemExit) as error:
            self.app.display_warning(
                f"calmtone goes without its compiled half, which makes it faster: {error}"
            )
            return
        if version == "editable":
            shutil.copy(made, Path(self.root, "src", "calmtone", made.name))
        else:
            build_data["force_include"][str(made)] = f"calmtone/{made.name}"
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Clean up."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)


def compile_extension(root: Path, folder: str) -> Path:
    """Compile the sources under `root`; returns the extension's file, in `folder`."""
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    sources = root / "src" / "calmtone" / "csrc"
    arguments = []
    if sys.platform != "win32":
        # Sums must come out as in Python: no fused operations.
        arguments = ["-O3", "-g0", "-ffp-contract=off"]
    extension = Extension(
        NAME,
        sorted(os.path.relpath(path) for path in sources.glob("*.c")),
        depends=[os.path.relpath(path) for path in sources.glob("*.h")],
        extra_compile_args=arguments,
    )
    command = build_ext(Distribution({"name": "calmtone", "ext_modules": [extension]}))
    command.build_lib = folder
    command.build_temp = str(Path(folder, "temp"))
    command.ensure_finalized()
    command.run()
    return Path(command.get_ext_fullpath(NAME))
