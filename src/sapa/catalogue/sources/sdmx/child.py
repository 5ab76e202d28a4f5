"""A process of its own: an SDMX-ML structure message comes in, what the catalogue needs of it goes out as JSON.

Run as `python -m sapa.catalogue.sources.sdmx.child`. It imports nothing of ours and no Django. sdmx1 takes seconds to
load and brings pandas with it: neither may ever come into the process that answers visitors.
"""

import io
import json
import sys
from typing import Any, Final

NOT_INSTALLED: Final = 3
UNREADABLE: Final = 4


def main() -> int:
    """Reads standard input, writes standard output."""
    try:
        import sdmx
    except ImportError:
        return NOT_INSTALLED
    try:
        message: Any = sdmx.read_sdmx(io.BytesIO(sys.stdin.buffer.read()))
        told = {
            "dataflows": [_artefact(each) for each in message.dataflow.values()],
            "codelists": [
                _artefact(each) | {"codes": [_code(code) for code in each]}
                for each in message.codelist.values()
            ],
        }
    except Exception as error:  # sdmx1 raises whatever its parsers do
        sys.stderr.write(f"{type(error).__name__}: {error}\n"[:500])
        return UNREADABLE
    json.dump(told, sys.stdout)
    return 0


def _artefact(told: Any) -> dict[str, Any]:
    agency = getattr(told.maintainer, "id", None)
    return _named(told) | {"agency": str(agency or ""), "version": str(told.version or "")}


def _code(told: Any) -> dict[str, Any]:
    # The parent of a code at the top is its list.
    parent = told.parent if type(told.parent) is type(told) else None
    return _named(told) | {"parent": str(parent.id) if parent is not None else ""}


def _named(told: Any) -> dict[str, Any]:
    return {
        "id": str(told.id),
        "names": dict(told.name.localizations),
        "descriptions": dict(told.description.localizations),
    }


if __name__ == "__main__":
    sys.exit(main())
