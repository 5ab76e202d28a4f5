"""The judged questions: four YAML files, each question with the answers that were graded by reading them.

    - asked: knp inflasi tulang bawang ga ada?
      about: absence
      exact:  [absence/Inflasi dan Indeks Harga Konsumen (IHK) kabupaten]
      good:   [dynamic_table//contoh-1800-003]
      beside: [glossary_term//contoh-0000-194]

An entry is named by its kind, version and number there (an absence by its indicator); what is not named is no answer.
README.md beside this file holds the rules of grading, and tells how the answers were found.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from sapa.catalogue.models import Absence, Entry

HERE: Final = Path(__file__).resolve().parent
SETS: Final = ("tuned", "held_out", "third", "fourth")
# Whose single questions may be shown; of the others nothing but totals.
READABLE: Final = ("tuned", "held_out", "fourth")
# What a grade is worth where results are counted: exactly this, good, useful beside.
GRADES: Final = {"exact": 3, "good": 2, "beside": 1}
ABOUT: Final = {"figures", "meaning", "absence", "service", "business", "job", "code", "ambiguous", "english"}
# Everyday words in, a code of a classification out.
CLASSIFICATION: Final = {"business", "job"}


@dataclass(frozen=True)
class Judged:
    """One question as it is typed, and the grade of everything that answers it."""

    asked: str
    about: str
    grades: dict[str, int]

    @property
    def is_classification(self) -> bool:
        return self.about in CLASSIFICATION


def judged(name: str) -> list[Judged]:
    """The questions of a set. Raises ValueError where one is asked twice or has no exact answer."""
    found = [_judged(row) for row in yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))]
    for each in found:
        if each.about not in ABOUT or 3 not in each.grades.values():
            raise ValueError(f"{name}: {each.asked!r} needs a known subject and an exact answer")
    if len({each.asked for each in found}) != len(found):
        raise ValueError(f"{name}: a question is asked twice")
    return found


def _judged(row: dict[str, str | list[str]]) -> Judged:
    grades: dict[str, int] = {}
    for word, grade in GRADES.items():
        for answer in row.get(word, []):
            if grades.setdefault(answer, grade) != grade:
                raise ValueError(f"{row['asked']!r}: {answer} is graded twice")
    return Judged(str(row["asked"]), str(row["about"]), grades)


def name_of(row: Entry | Absence) -> str:
    """How the judged sets call an entry or an absence."""
    if isinstance(row, Absence):
        return f"absence/{row.indicator}"
    return f"{row.kind}/{row.version}/{row.external_id}"
