"""The settings of an office, for its administrators: a page for each thing, a form for each change."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from sapa.core.errors import Refused, Stale


def done(form: BaseForm, act: Callable[[], object]) -> bool:
    """Whether the form was good and the verb did what it asked; a refusal becomes an error of the form."""
    if not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        form.add_error(None, str(refusal.sentence))
        return False
    return True


def tried(request: HttpRequest, act: Callable[[], object], success: str = "") -> bool:
    """Run a verb that needs no form; the next page says what became of it."""
    try:
        act()
    except Stale as stale:
        messages.warning(request, str(stale.sentence))
        return False
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
        return False
    if success:
        messages.success(request, success)
    return True
