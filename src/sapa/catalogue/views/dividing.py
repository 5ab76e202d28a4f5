"""How the results divide, as HTML: thirty links on every page of the search, written by hand (docs/decisions/0016)."""

from html import escape
from urllib.parse import quote_plus

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from sapa.catalogue.search import Results
from sapa.catalogue.search.results import Facet, FacetValue
from sapa.catalogue.views.asked import ICONS, PARAMETERS, Asked
from sapa.ui import dates
from sapa.ui.templatetags.ui import icon

# Stands in nobody's words (core/plain_text.py refuses it): where a value goes in the address.
_VALUE = "\0"


def facet_column(asked: Asked, results: Results, *, address: str) -> SafeString:
    """Each way to divide the results, each of its values with the search that it leads to; empty where none does."""
    if not results.facets:
        return SafeString("")
    cross = icon("x", str(_("Take off")))
    column = "".join(_facet(each, asked, address, cross) for each in results.facets)
    label = escape(_("Narrow the results"))
    return mark_safe(
        f'<facet-column><nav class="facets no-print" aria-label="{label}">{column}</nav></facet-column>'
    )


def _facet(facet: Facet, asked: Asked, address: str, cross: str) -> str:
    name = PARAMETERS[facet.name]
    with_it, rest = asked.query(**{name: _VALUE}).split(quote_plus(_VALUE))
    without = asked.query(**{name: ""})

    def line(each: FacetValue) -> str:
        query = without if each.is_chosen else f"{with_it}{quote_plus(each.value)}{rest}"
        current, sign = (' aria-current="true"', cross) if each.is_chosen else ("", "")
        return (
            f'<li><a href="{escape(f"{address}?{query}")}"{current}><span>{escape(str(each.label))}</span> '
            f'{sign}<span class="muted num">{dates.number(each.count)}</span></a></li>'
        )

    return (
        f'<details class="facet" name="facet"><summary>{icon(ICONS[facet.name])}'
        f"<span>{escape(facet.label)}</span></summary><ul>{''.join(map(line, facet.values))}</ul></details>"
    )
