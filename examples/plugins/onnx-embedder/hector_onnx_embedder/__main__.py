"""The command: as a plugin when Hector starts it, and `install` for the user."""

import sys
from typing import NoReturn, Optional

from . import __version__

USAGE = """\
usage: hector-onnx-embedder install [--to FOLDER]

Puts the plugin where Hector finds it by its name: an executable and its manifest in FOLDER, by
default ~/.hector/plugins. They use the Python environment that this program is in.
"""


def fail(message: str, status: int = 64) -> NoReturn:
    print(f"hector-onnx-embedder: {message}", file=sys.stderr)
    sys.exit(status)


def main() -> None:
    arguments = sys.argv[1:]
    if not arguments:
        # Imported only here, so that the others answer at once.
        from .plugin import start

        start()
    elif arguments[0] in ("-h", "--help"):
        print(USAGE, end="")
    elif arguments == ["--version"]:
        print(f"hector-onnx-embedder {__version__}")
    elif arguments[0] == "install" and len(arguments) == 1:
        install(None)
    elif arguments[:2] == ["install", "--to"] and len(arguments) == 3:
        install(arguments[2])
    else:
        fail(f"unexpected '{' '.join(arguments)}'\n" + USAGE)


def install(folder: Optional[str]) -> None:
    from .installation import write

    try:
        write(folder)
    except OSError as error:
        fail(f"cannot write '{error.filename}': {error.strerror}", 74)


if __name__ == "__main__":
    main()
