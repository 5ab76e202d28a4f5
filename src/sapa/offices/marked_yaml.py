"""Reading YAML that somebody wrote by hand: every problem at once, each with its line and column.

PyYAML's nodes carry marks; values stay as written ("0000" keeps its zeros, 08:00 is no base-60 number). What
a data file never needs and an attacker might use is refused: aliases, tags, several documents, deep nesting.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from difflib import get_close_matches
from typing import Final

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils.translation import gettext as _

from sapa.core.errors import Refused

LARGEST: Final = 200_000
DEEPEST: Final = 12
MOST_PROBLEMS: Final = 100


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend; line and column count from 1, 0 when the whole file is meant."""

    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        if not self.line:
            return self.sentence
        return _("line %(line)s, column %(column)s: %(sentence)s") % {
            "line": str(self.line),
            "column": str(self.column),
            "sentence": self.sentence,
        }


class FileRefused(Refused):
    """Nothing was changed; `problems` says everything that must be mended."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))[:MOST_PROBLEMS]
        super().__init__("\n".join(str(problem) for problem in self.problems), code="file")


def compose(given: str | bytes) -> yaml.Node:
    """The root node of the file. Raises FileRefused for what is not a plain, small YAML document."""
    if len(given) > LARGEST:
        raise _refused(
            0, 0, _("The file is larger than %(size)s kB. A standard is a short text.") % {"size": "200"}
        )
    text = given if isinstance(given, str) else _decoded(given)
    try:
        _refuse_tricks(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        sentence = _("This is not valid YAML here (%(problem)s). Check indentation, colons and quotes.") % {
            "problem": error.problem or error.context or ""
        }
        raise _refused(mark.line + 1 if mark else 0, mark.column + 1 if mark else 0, sentence) from error
    except yaml.YAMLError as error:
        raise _refused(0, 0, _("The file contains characters that do not belong in a text.")) from error
    if root is None:
        raise _refused(0, 0, _("The file is empty."))
    return root


def _decoded(given: bytes) -> str:
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = given.count(b"\n", 0, error.start) + 1
        column = error.start - (given.rfind(b"\n", 0, error.start) + 1) + 1
        raise _refused(line, column, _("The file is not UTF-8 text. Save it as UTF-8.")) from error


def _refuse_tricks(text: str) -> None:
    """The event stream is read without recursion and without expanding anything: safe on any input."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        mark = event.start_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refused(line, column, _("Anchors (&) and aliases (*) are not allowed. Write it out."))
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _refused(line, column, _("Only one document per file; remove the “---”."))
        if getattr(event, "tag", None) is not None:
            raise _refused(line, column, _("Tags (!) are not allowed. Write the plain value."))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise _refused(line, column, _("The entries are nested too deeply."))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _refused(line: int, column: int, sentence: str) -> FileRefused:
    return FileRefused([Problem(line, column, sentence)])


class Reading:
    """Reads values off nodes and collects problems. A bad value is told once and read as something harmless,
    so that the rest can still be checked; `finish()` raises when anything was wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def fail(self, node: yaml.Node, sentence: str) -> None:
        """Note one problem at the node."""
        mark = node.start_mark
        self.problems.append(Problem(mark.line + 1, mark.column + 1, sentence))

    def finish(self) -> None:
        """Raises FileRefused with everything noted so far, if anything was."""
        if self.problems:
            raise FileRefused(self.problems)

    def mapping(
        self, node: yaml.Node, required: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, yaml.Node]:
        """The known entries of a mapping; missing, unknown and doubled ones are noted."""
        if not isinstance(node, yaml.MappingNode):
            known = ", ".join(required or optional)
            self.fail(node, _("Entries are expected here: %(known)s.") % {"known": known})
            return {}
        found: dict[str, yaml.Node] = {}
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            if key not in (*required, *optional):
                self._unknown(key_node, key, (*required, *optional))
            elif key in found:
                self.fail(key_node, _("“%(key)s” stands here twice. Keep one.") % {"key": key})
            else:
                found[key] = value
        for key in required:
            if key not in found:
                self.fail(node, _("“%(key)s” is missing.") % {"key": key})
        return found

    def _unknown(self, node: yaml.Node, key: str, known: Sequence[str]) -> None:
        guesses = get_close_matches(key, known, n=1)
        if guesses:
            self.fail(
                node,
                _("“%(key)s” is not known here. Did you mean “%(guess)s”?")
                % {"key": key[:60], "guess": guesses[0]},
            )
            return
        self.fail(
            node,
            _("“%(key)s” is not known here. Known are: %(known)s.")
            % {"key": key[:60], "known": ", ".join(known)},
        )

    def items(self, node: yaml.Node, *, at_least: int = 0, at_most: int = 100) -> list[yaml.Node]:
        """The items of a list."""
        if not isinstance(node, yaml.SequenceNode):
            self.fail(node, _("A list is expected here, each item beginning with “- ”."))
            return []
        if not at_least <= len(node.value) <= at_most:
            self.fail(
                node,
                _("Between %(low)s and %(high)s items are expected here.")
                % {"low": str(at_least), "high": str(at_most)},
            )
        return list(node.value[:at_most])

    def text(self, node: yaml.Node, *, at_most: int = 1000, pattern: str = "", form: str = "") -> str:
        """A text that says something; `pattern` must match all of it, `form` tells a person how."""
        if not isinstance(node, yaml.ScalarNode):
            self.fail(node, _("A single text is expected here. Put it in quotes if it contains a colon."))
            return ""
        value = " ".join(str(node.value).split())
        if not value or node.tag == "tag:yaml.org,2002:null":
            self.fail(node, _("A text is missing here."))
        elif len(value) > at_most:
            self.fail(node, _("At most %(number)s characters are possible here.") % {"number": str(at_most)})
        elif "\x00" in value or (pattern and not re.fullmatch(pattern, value)):
            self.fail(
                node,
                _("“%(value)s” has the wrong form. Write it like %(form)s.")
                % {"value": value[:60], "form": form},
            )
        return value

    def whole(self, node: yaml.Node, *, low: int, high: int) -> int:
        """A whole number between the two, both included."""
        value = str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""
        if not re.fullmatch(r"[0-9]{1,6}", value) or not low <= int(value) <= high:
            self.fail(
                node,
                _("A whole number between %(low)s and %(high)s is expected here.")
                % {"low": str(low), "high": str(high)},
            )
            return low
        return int(value)

    def truth(self, node: yaml.Node) -> bool:
        """true or false."""
        value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if value not in ("true", "false"):
            self.fail(node, _("Write true or false here."))
        return value == "true"

    def day(self, node: yaml.Node) -> date:
        """A date, written 2026-11-25."""
        value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        try:
            if re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fail(node, _("“%(value)s” is not a date. Write it like 2026-11-25.") % {"value": value[:60]})
        return date(2000, 1, 1)

    def choice(self, node: yaml.Node, options: Sequence[str]) -> str:
        """One of the options."""
        value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if value not in options:
            self._unknown(node, value, options)
            return options[0]
        return value

    def bilingual(self, node: yaml.Node, *, at_most: int = 1000) -> dict[str, str]:
        """A text in Indonesian and English."""
        entries = self.mapping(node, ("id", "en"))
        return {language: self.text(entry, at_most=at_most) for language, entry in entries.items()}

    def address(self, node: yaml.Node) -> str:
        """A web address."""
        value = self.text(node, at_most=200)
        return self._checked(
            node, value, URLValidator(schemes=["http", "https"]), _("“%(value)s” is not a web address.")
        )

    def email(self, node: yaml.Node) -> str:
        """An e-mail address."""
        value = self.text(node, at_most=254)
        return self._checked(node, value, EmailValidator(), _("“%(value)s” is not an e-mail address."))

    def _checked(
        self, node: yaml.Node, value: str, validate: URLValidator | EmailValidator, sentence: str
    ) -> str:
        try:
            if value:
                validate(value)
        except ValidationError:
            self.fail(node, sentence % {"value": value[:60]})
        return value

    def interval(self, node: yaml.Node) -> tuple[time, time]:
        """A stretch of a day, written 08:00-15:30 (08.00 is understood)."""
        value = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        found = re.fullmatch(
            r"([01][0-9]|2[0-3])[:.]([0-5][0-9])\s*[-–]\s*([01][0-9]|2[0-3])[:.]([0-5][0-9])", value
        )
        if not found:
            self.fail(
                node,
                _("“%(value)s” are no opening hours. Write them like 08:00-15:30.") % {"value": value[:60]},
            )
            return time(0), time(23, 59)
        opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        if closes <= opens:
            self.fail(node, _("The hours “%(value)s” end before they begin.") % {"value": value})
        return opens, closes
