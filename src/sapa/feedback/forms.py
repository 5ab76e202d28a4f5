"""What a visitor fills in: the questionnaire and the complaint; and the officer's reply."""

from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sapa.feedback import complaints, ratings
from sapa.feedback.skm import HIGHEST, LOWEST, QUESTIONNAIRE, Element

_SCORES: Final = range(LOWEST, HIGHEST + 1)
# The only remark a question needs: who pays nothing should not have to think about a price.
_HINTS: Final = {Element.COST: _("This service is free of charge.")}


class RatingForm(forms.Form):
    """The nine elements in the order of the questionnaire, none ticked beforehand, and a comment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in QUESTIONNAIRE:
            self.fields[question.element] = forms.TypedChoiceField(
                label=question.text,
                help_text=_HINTS.get(question.element, ""),
                choices=[(score, question.answer(score)) for score in _SCORES],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": _("Please choose one of the four answers.")},
            )
        self.fields["comment"] = forms.CharField(
            label=_("What should we keep, what should we improve?"),
            help_text=_("Please leave out names and telephone numbers."),
            required=False,
            max_length=ratings.COMMENT_LETTERS,
            widget=forms.Textarea(attrs={"rows": 4}),
            error_messages={
                "max_length": _(
                    "The comment has %(show_value)s letters; at most %(limit_value)s fit. Please shorten it."
                )
            },
        )

    @property
    def questions(self) -> list[forms.BoundField]:
        """The nine, for the template."""
        return [self[question.element] for question in QUESTIONNAIRE]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not any(self.answers.values()):
            raise ValidationError(_("Please answer at least one of the questions."))
        return cleaned

    @property
    def answers(self) -> dict[Element, int | None]:
        return {each: self.cleaned_data.get(each) for each in Element}


class ComplaintForm(forms.Form):
    """What happened, and who says so if they want to say it."""

    is_anonymous = forms.BooleanField(
        label=_("Stay anonymous"),
        help_text=_("We then keep no name, no contact, no visit and no network address."),
        required=False,
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=complaints.NAME_LETTERS,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": _("At most %(limit_value)s letters, please.")},
    )
    contact = forms.CharField(
        label=_("E-mail or telephone"),
        help_text=_("Only if we may ask you something. You can follow the complaint by its code without it."),
        max_length=complaints.NAME_LETTERS,
        required=False,
        error_messages={"max_length": _("At most %(limit_value)s letters, please.")},
    )
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("What happened, when and where, and what you would like us to do."),
        max_length=complaints.TEXT_LETTERS,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={
            "required": _("Please write what happened."),
            "max_length": _(
                "The text has %(show_value)s letters; at most %(limit_value)s fit. Please shorten it."
            ),
        },
    )
    about_visit = forms.BooleanField(label=_("This is about my visit"), required=False)
    # Machines fill in every field they find; people do not see this one.
    website = forms.CharField(label=_("Please leave this field empty"), required=False)
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    rating = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field must stay empty. Please clear it and send again."))
        return ""

    def clean_submission_key(self) -> UUID:
        return self.cleaned_data["submission_key"] or uuid4()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("is_anonymous") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Please write your name, or choose to stay anonymous."))
        return cleaned


class CodeForm(forms.Form):
    """The code of a complaint, as it stands on the slip."""

    code = forms.CharField(
        label=_("Complaint code"),
        help_text=_("For example ADU-7KQ4-M2XW-9TRB"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Please type the code."),
            "max_length": _("This is not a complaint code."),
        },
    )


class ReplyForm(forms.Form):
    """What the complainant will read."""

    reply = forms.CharField(
        label=_("Reply"),
        max_length=complaints.REPLY_LETTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Please write the reply that the complainant will read."),
            "max_length": _(
                "The reply has %(show_value)s letters; at most %(limit_value)s fit. Please shorten it."
            ),
        },
    )
