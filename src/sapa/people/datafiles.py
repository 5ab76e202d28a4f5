"""Reading a YAML file of the project strictly: whatever is wrong is named with its file, line and column."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import yaml

STRING: Final = "tag:yaml.org,2002:str"
WHOLE: Final = "tag:yaml.org,2002:int"
FLAG: Final = "tag:yaml.org,2002:bool"
DAY: Final = "tag:yaml.org,2002:timestamp"


class DataFileError(ValueError):
    """A file that cannot be used, with the place of the first mistake. Lines and columns count from 1."""

    def __init__(self, path: Path, line: int, column: int, reason: str) -> None:
        super().__init__(f"{path.name}:{line}:{column}: {reason}")
        self.line = line
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Wording:
    """A text in both languages."""

    id: str
    en: str

    def in_language(self, language: str) -> str:
        """English for en and its kin, Indonesian for everything else: the default of the service."""
        return self.en if language.startswith("en") else self.id


@dataclass(frozen=True, slots=True)
class Value:
    """A value in the file that still knows where it stands."""

    path: Path
    node: yaml.Node

    def error(self, reason: str) -> DataFileError:
        """The error to raise about this value."""
        mark = self.node.start_mark
        return DataFileError(self.path, mark.line + 1, mark.column + 1, reason)

    def pairs(self) -> Iterator[tuple[str, "Value"]]:
        """Name and value of each entry of a mapping; a name twice is an error, not the last one winning."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("expected names with values")
        seen = set()
        for key_node, value_node in self.node.value:
            key = Value(self.path, key_node)
            name = key.text()
            if name in seen:
                raise key.error(f"'{name}' stands here twice")
            seen.add(name)
            yield name, Value(self.path, value_node)

    def fields(self, required: str, optional: str = "") -> dict[str, "Value"]:
        """The entries of a mapping with these names and no others."""
        found = dict(self.pairs())
        allowed = [*required.split(), *optional.split()]
        for name, value in found.items():
            if name not in allowed:
                raise value.error(f"'{name}' is not known here; expected {', '.join(allowed)}")
        for name in required.split():
            if name not in found:
                raise self.error(f"'{name}' is missing")
        return found

    def items(self) -> list["Value"]:
        """The values of a list with at least one."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.error("expected a list with at least one entry")
        return [Value(self.path, each) for each in self.node.value]

    def text(self) -> str:
        """A text that is not empty. A bare number is refused: 01 would silently become 1."""
        written = self._scalar(STRING, "expected a text; put codes and numbers in quotes").strip()
        if not written:
            raise self.error("the text is empty")
        return " ".join(written.split())

    def wording(self) -> Wording:
        """A text in Indonesian and English."""
        fields = self.fields("id en")
        return Wording(id=fields["id"].text(), en=fields["en"].text())

    def whole(self) -> int:
        """A whole number, zero or more."""
        written = self._scalar(WHOLE, "expected a whole number")
        if not written.isdecimal():
            raise self.error("expected a whole number")
        return int(written)

    def flag(self) -> bool:
        """True or false."""
        written = self._scalar(FLAG, "expected true or false")
        if written not in ("true", "false"):
            raise self.error("expected true or false")
        return written == "true"

    def day(self) -> date:
        """A date as 2026-01-31."""
        try:
            return date.fromisoformat(self._scalar(DAY, "expected a date as 2026-01-31"))
        except ValueError as wrong:
            raise self.error("expected a date as 2026-01-31") from wrong

    def _scalar(self, tag: str, otherwise: str) -> str:
        if not isinstance(self.node, yaml.ScalarNode) or self.node.tag != tag:
            raise self.error(otherwise)
        return str(self.node.value)


def read(path: Path) -> Value:
    """The whole file as one value; DataFileError when it is no YAML or holds nothing."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise DataFileError(path, line, column, wrong.problem or "not readable as YAML") from wrong
    except (yaml.YAMLError, UnicodeDecodeError) as wrong:
        raise DataFileError(path, 1, 1, "not readable as YAML in UTF-8") from wrong
    if node is None:
        raise DataFileError(path, 1, 1, "the file is empty")
    return Value(path, node)
