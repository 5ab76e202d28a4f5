"""The pages of the roster: everybody reads the week and asks for swaps and leave; some plan."""

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


def tried(request: HttpRequest, act: Callable[[], object], success: str) -> None:
    """Run a verb that needs no form; the next page says what became of it."""
    try:
        act()
    except Stale as stale:
        messages.warning(request, str(stale.sentence))
    except Refused as refusal:
        messages.error(request, str(refusal.sentence))
    else:
        messages.success(request, success)
