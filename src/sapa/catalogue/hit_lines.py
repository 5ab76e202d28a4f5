"""What was found as HTML. Written by hand, not by templates: ten results with all that is said of each stand on every
page of the search and come again with every letter (docs/decisions/0016)."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sapa.catalogue.models import Entry, Frequency, Level
from sapa.catalogue.search import AbsenceHit, Hit
from sapa.catalogue.search.results import Mark
from sapa.ui.remembered import address
from sapa.ui.templatetags.ui import icon, kept

CODE: Final = str(Entry.Kind.CLASSIFICATION_CODE)
Words = dict[str, str]
_ONWARD: Final = ' <span aria-hidden="true">›</span> '


def lines(found: Iterable[Hit | AbsenceHit], *, office: str, text: str, trail: str) -> SafeString:
    """One list item for each, in this order. A link takes the words and the trail of the search along."""
    words = _words()
    # The address of any entry is that of one with its number: looking each up would cost more than the line.
    before, _number, after = address("catalogue_entry", office, 0).rpartition("0")
    rest = f"{after}?q={quote(text, safe='/')}&amp;jejak={quote(trail, safe='/')}"
    made = [
        _absence(each, words) if isinstance(each, AbsenceHit) else _hit(each, words, before, rest)
        for each in found
    ]
    return mark_safe("".join(made))


def facts(entry: Entry) -> SafeString:
    """Of what area, level, years, unit and producer the entry is, as far as it says so."""
    said = f"<strong>{escape(entry.version)}</strong>" if entry.version else ""
    said += f"<span>{escape(entry.area)}</span>" if entry.area else ""
    said += _level(entry.level)
    said += f'<span class="years">{entry.years}</span>' if entry.years else ""
    said += f"<span>{escape(entry.unit)}</span>" if entry.unit else ""
    said += f"<span>{escape(entry.producer)}</span>" if entry.producer else ""
    return mark_safe(f'<p class="hit-facts">{said}</p>')


def _words() -> Words:
    """What stands on each line, in the reader's language: looked up once for all lines."""
    return {
        "answers": f"{icon('check')}<span>{escape(_('This answers me'))}</span></button>",
        "is no answer": f"{icon('x')}<span>{escape(_('Not this one'))}</span></button>",
        "to the source": f"{icon('external-link')}<span>{escape(_('Open at the source'))}</span></a>",
        "not said": escape(_("Does not mention:")),
        "reason": escape(_("Not available because:")),
        "instead": escape(_("Ask there instead:")),
        "next release": escape(_("Next release:")),
    }


def _hit(hit: Hit, words: Words, before: str, rest: str) -> str:
    entry = hit.entry
    number, kind = entry.pk, str(_kind(entry))
    if entry.version and entry.version not in entry.title:
        is_code = entry.external_id and entry.kind == CODE
        code = f" · <strong>{escape(entry.external_id)}</strong>" if is_code else ""
        kind += f' <span class="hit-code">{escape(entry.version)}{code}</span>'
    for version in hit.reused:
        said = _("another meaning in %(version)s") % {"version": version}
        kind += f" {_badge(said, tone='warn')}"
    path = excerpt = missing = source = ""
    if hit.path:
        steps = (f"<span>{escape(code)} {escape(title)}</span>" for code, title in hit.path)
        path = f'<p class="hit-path small">{_ONWARD.join(steps)}</p>'
    if hit.excerpt:
        excerpt = f'<p class="hit-summary">{_marked(hit.excerpt)}</p>'
    if hit.missing:
        struck = ", ".join(f"<s>{escape(word)}</s>" for word in hit.missing)
        missing = f'<p class="hit-missing small muted">{words["not said"]} {struck}</p>'
    if entry.url:
        source = (
            f'<a class="button quiet small" href="{escape(entry.url)}" rel="noopener external"'
            f' aria-describedby="hit-{number}">{words["to the source"]}'
        )
    return (
        f'<li class="hit"><div class="hit-text"><p class="hit-kind">{kind}</p>'
        f'<h3 class="hit-title" id="hit-{number}"><a data-hit href="{before}{number}{rest}">'
        f"{_marked(hit.title)}</a></h3>{path}{excerpt}{facts(entry)}{missing}</div>"
        f"{_actions(f'e{number}', f'hit-{number}', words)}{source}</div></li>"
    )


def _absence(hit: AbsenceHit, words: Words) -> str:
    absence = hit.absence
    instead = release = ""
    if absence.where_instead:
        address = escape(absence.url)
        link = f' <a href="{address}" rel="noopener external">{address}</a>' if address else ""
        instead = f"<p><strong>{words['instead']}</strong> {escape(absence.where_instead)}{link}</p>"
    if absence.next_release:
        release = f"<p><strong>{words['next release']}</strong> {escape(absence.next_release)}</p>"
    told = f"<span>{escape(absence.area)}</span>" if absence.area else ""
    told += _level(absence.level)
    told += f"<span>{escape(str(Frequency(absence.frequency).label))}</span>" if absence.frequency else ""
    return (
        f'<li class="hit absent"><div class="hit-text"><p class="hit-kind">'
        f"{_badge(_('Not available'), tone='warn', sign='info')}</p>"
        f'<h3 class="hit-title" id="absence-{absence.pk}">{_marked(hit.title)}</h3>'
        f"<p><strong>{words['reason']}</strong> {escape(absence.reason)}</p>"
        f'{instead}{release}<p class="hit-facts">{told}</p></div>'
        f"{_actions(f'a{absence.pk}', f'absence-{absence.pk}', words)}</div></li>"
    )


def _actions(value: str, about: str, words: Words) -> str:
    return (
        f'<div class="hit-actions"><button class="button plain small" name="menjawab" value="{value}"'
        f' aria-describedby="{about}">{words["answers"]}<button class="button quiet small" name="bukan"'
        f' value="{value}" aria-describedby="{about}">{words["is no answer"]}'
    )


def _marked(pieces: Sequence[Mark]) -> str:
    return "".join(
        f"<mark>{escape(each.text)}</mark>" if each.is_hit else escape(each.text) for each in pieces
    )


def _kind(entry: Entry) -> SafeString:
    """What it is, the status of its figures, and whether it is invented: the same on its own page."""
    key = ("catalogue/_kind.html", entry.kind, entry.figure_status, entry.is_demo)
    return kept(key, lambda: mark_safe(render_to_string("catalogue/_kind.html", {"entry": entry}).strip()))


def _badge(label: str, *, tone: str, sign: str = "") -> SafeString:
    given = {"label": label, "tone": tone, "icon": sign}
    return kept(
        ("badge", *given.values()), lambda: mark_safe(render_to_string("ui/elements/badge.html", given))
    )


def _level(level: str) -> SafeString:
    def made() -> SafeString:
        said = _("per %(level)s") % {"level": str(Level(level).label).lower()}
        return mark_safe(f"<span>{escape(said)}</span>")

    return kept(("per level", level), made) if level else SafeString("")
