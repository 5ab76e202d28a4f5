"""A mapping from a YAML file that somebody wrote, for `sapa catalogue load --mapping`."""

from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from sapa.catalogue.sources.files.layouts import Layout, layout_of, problems_of
from sapa.core.errors import Refused
from sapa.offices.marked_yaml import LARGEST, FileRefused, Problem, Reading, compose

_TEXTS: Final = ("kind", "version", "parents", "duplicates", "sheet")


def mapping_in(file: Path) -> Layout:
    """The layout that the file tells. Refused with every mistake in it."""
    try:
        with file.open("rb") as opened:
            given = opened.read(LARGEST + 1)
    except OSError as error:
        raise Refused(
            _("The file %(name)s cannot be read: %(reason)s")
            % {"name": file.name, "reason": error.strerror or ""}
        ) from error
    mapping = _mapping(compose(given))
    sentences = problems_of(mapping)
    if sentences:
        raise FileRefused([Problem(0, 0, sentence) for sentence in sentences])
    return layout_of(mapping)


def _mapping(root: yaml.Node) -> dict[str, Any]:
    reading = Reading()
    nodes = reading.mapping(root, ("columns",), (*_TEXTS, "has_header", "defaults"))
    mapping: dict[str, Any] = {
        name: reading.text(node, at_most=100) for name, node in nodes.items() if name in _TEXTS
    }
    if "has_header" in nodes:
        mapping["has_header"] = reading.truth(nodes["has_header"])
    for name in ("columns", "defaults"):
        if name in nodes:
            mapping[name] = _texts(reading, nodes[name])
    reading.finish()
    return mapping


def _texts(reading: Reading, node: yaml.Node) -> dict[str, str]:
    """Names and texts, whatever the names are."""
    if not isinstance(node, yaml.MappingNode):
        reading.fail(node, _("Lines like “kode: external_id” are expected here."))
        return {}
    return {reading.text(key, at_most=200): reading.text(value, at_most=200) for key, value in node.value}
