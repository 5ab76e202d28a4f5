"""What each reason is worth when entries are ranked. Found on judged questions: `bin/bench relevance --tune`."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Weights:
    """Factors where nothing else is said: above 1 speaks for an entry, below 1 against it."""

    # How strongly a word is said by where it stands (a title: 1).
    named: float = 0.9
    keyword: float = 0.6
    told: float = 0.55
    aside: float = 0.25
    # A need held by another name; by words of it that stand anywhere in a text; by a part of a phrase.
    synonym: float = 0.405
    subject: float = 0.1875
    scattered: float = 0.6
    part: float = 0.4725
    # The words of a phrase beside each other in the title, or not.
    together: float = 1.1
    not_together: float = 0.88
    # A need is clearly held from this strength on, and faintly (this share of it) by a mention.
    clear: float = 0.525
    faint: float = 0.5
    # A year asked for as a word, within those of a table.
    in_its_years: float = 0.5
    # A place that was named: an entry that says nothing of places, one about the area around, one about a part of it.
    anywhere: float = 0.75
    around: float = 0.78
    within: float = 0.6
    # The first word of somebody who looks for a code names the trade ("perawat rumah sakit").
    head: float = 1.75
    # The power of the covered share: how much what is missing takes away, of an entry and of a code.
    covered: float = 0.45
    covered_code: float = 0.4
    # A title that says nothing else than what was asked for, and how a part of it counts.
    whole_title: float = 1.4
    part_title: float = 0.45
    no_title: float = 0.6
    # Codes: the one asked for and another, of the version asked for or not.
    code: float = 6.0
    other_code: float = 0.6
    version: float = 1.6
    version_nearly: float = 0.7
    version_other: float = 0.3
    version_no_code: float = 0.55
    code_unasked: float = 0.3375
    family_other: float = 0.65
    # Called exactly so, in two words or more that are all of the query.
    called: float = 0.75
    # A group of codes beside its classes.
    group: float = 0.7
    # Of a leading code's score: its group, a code beside it. Leading is what has this share of the best one's score.
    above: float = 0.7
    neighbour: float = 0.3
    below: float = 0.5
    # Of its score: what it is in another version, asked for or not.
    turned: float = 1.1
    counterpart: float = 0.6
    leading: float = 0.6
    leading_family: float = 0.2625
    # Of the best one's score: the yearbook of the place.
    yearbook: float = 0.2
    # The kind asked for, another one, and where none is asked for.
    kind: float = 1.5
    other_kind: float = 0.6
    dynamic_table: float = 1.17
    static_table: float = 1.1
    publication: float = 1.0
    press_release: float = 0.9
    indicator: float = 0.75
    glossary_term: float = 0.715
    infographic: float = 0.85
    answer: float = 0.9
    absence: float = 1.1
    # Asked whether there is such a thing, absences come first unless something else fits much better.
    absence_asked_for: float = 5.0
    # A title in English where nobody wrote English.
    english_unasked: float = 0.88
    # Years: all, some, a year beside, others; the newest one; each year of age where none is asked for.
    years_all: float = 1.25
    years_some: float = 0.2
    years_near: float = 0.8
    years_far: float = 0.6
    newest: float = 0.05
    age: float = 0.03
    level: float = 1.25
    level_other: float = 0.85
    # Of an absence, where no level is asked for: the place's, and another.
    own_level: float = 1.15
    unasked_level: float = 0.85
    frequency: float = 1.21
    frequency_other: float = 0.85
    # No place named: the office's own, and one within it. One named: entries about a part of it, and elsewhere.
    near: float = 1.3
    near_within: float = 1.06
    part_of_place: float = 0.5
    # What fits this much worse than the best is about something else: of entries, of absences.
    least_beside: float = 0.04
    least_absence: float = 0.1969


USED: Final = Weights()
