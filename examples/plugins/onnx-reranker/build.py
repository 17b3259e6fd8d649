#!/usr/bin/env python3
"""Builds this plugin: .venv with the packages in requirements.txt, and the executable.

    python3 build.py [-o EXECUTABLE] [--venv FOLDER]
"""

import os
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
# The path of examples/sdk/python from here. HECTOR_SDK in the environment overrides it.
SDK = Path(os.environ.get("HECTOR_SDK") or FOLDER / "../../sdk/python").resolve()

if not (SDK / "hector_build.py").exists():
    sys.exit(f"build.py: the SDK is not in '{SDK}': set HECTOR_SDK to where examples/sdk/python is")
sys.path.insert(0, str(SDK))
sys.dont_write_bytecode = True

from hector_build import main  # noqa: E402

main(FOLDER, script="reranker.py")
