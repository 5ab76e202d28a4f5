"""What a visitor fills in: the questionnaire and the complaint; and what officers do with a complaint."""

from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sapa.core.errors import Refused
from sapa.feedback import complaints, ratings, suggestion_box
from sapa.feedback.models import Complaint
from sapa.feedback.skm import HIGHEST, LOWEST, QUESTIONNAIRE, Element
from sapa.offices.models import Desk, Office
from sapa.people.models import Officer
from sapa.ui.forms import DateInput

Kind = Complaint.Kind
Handling = Complaint.Handling
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

    may_be_empty = frozenset({"contact"})

    is_anonymous = forms.BooleanField(
        label=_("Stay anonymous"),
        help_text=_("We then keep no name, no contact, no visit, no consultation and no network address."),
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
    about_consultation = forms.BooleanField(label=_("This is about my consultation"), required=False)
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            (Kind.COMPLAINT, _("A complaint: something went wrong")),
            (Kind.PROPOSAL, _("A proposal: something could be better")),
            (Kind.INFORMATION, _("A question about our service")),
        ],
        initial=Kind.COMPLAINT,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Please choose one of the three.")},
    )
    is_confidential = forms.BooleanField(
        label=_("Keep it confidential"),
        help_text=_(
            "Only the supervisors and the head of office read it, and the page of your code does not show it."
        ),
        required=False,
    )
    # Machines fill in every field they find; people do not see this one.
    website = forms.CharField(label=_("Please leave this field empty"), required=False)
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    rating = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)
    consultation = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError(_("This field must stay empty. Please clear it and send again."))
        return ""

    def clean_submission_key(self) -> UUID:
        return self.cleaned_data["submission_key"] or uuid4()

    def clean_kind(self) -> Complaint.Kind:
        return Kind(self.cleaned_data["kind"] or Kind.COMPLAINT)

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


class ResponseForm(forms.Form):
    """What the reporter has to say to the answer."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=complaints.TEXT_LETTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": _("Please write what is still open."),
            "max_length": _(
                "The text has %(show_value)s letters; at most %(limit_value)s fit. Please shorten it."
            ),
        },
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def clean_submission_key(self) -> UUID:
        return self.cleaned_data["submission_key"] or uuid4()


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


class ClassForm(forms.Form):
    """What it is, and how deep it must be looked into: the choice of the verifying officer."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what it is.")},
    )
    handling = forms.ChoiceField(
        label=_("Class of a complaint"),
        help_text=_("Decides how long the follow-up may take. Leave it for a proposal or a question."),
        choices=Handling.choices,
        initial=Handling.ORDINARY,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose one of the classes."),
            "invalid_choice": _("Please choose one of the classes."),
        },
    )

    def clean_kind(self) -> Complaint.Kind:
        return Kind(self.cleaned_data["kind"])

    def clean_handling(self) -> Complaint.Handling:
        return Handling(self.cleaned_data["handling"])


class SubjectForm(forms.Form):
    """The officer or desk it is about. `name_subject` refuses what would leave nobody to answer it."""

    officer = forms.ModelChoiceField(
        queryset=Officer.objects.none(),
        label=_("About this officer"),
        empty_label=_("Nobody in particular"),
        required=False,
        error_messages={"invalid_choice": _("This officer does not work here. Please choose again.")},
    )
    desk = forms.ModelChoiceField(
        queryset=Desk.objects.none(),
        label=_("About this desk"),
        empty_label=_("No desk in particular"),
        required=False,
        error_messages={"invalid_choice": _("There is no such desk here. Please choose again.")},
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = Officer.objects.filter(office=office, is_active=True).select_related("user")
        for name, rows in (("officer", officers.order_by("user__name")), ("desk", office.desks.all())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows


class VerificationForm(ClassForm, SubjectForm):
    """Both in one go."""


class ClassificationForm(ClassForm):
    """Another class, and why."""

    reason = forms.CharField(
        label=_("Why the class changes"),
        max_length=complaints.REASON_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": _("Please write why the class changes."),
            "max_length": _(
                "The text has %(show_value)s letters; at most %(limit_value)s fit. Please shorten it."
            ),
        },
    )


class SlipForm(forms.Form):
    """One paper slip of the suggestion box."""

    opened_on = forms.DateField(
        label=_("Day the box was opened"),
        widget=DateInput,
        error_messages={
            "required": _("Please enter the day the box was opened."),
            "invalid": _("Please enter a date such as 2026-11-25."),
        },
    )
    first_witness = forms.CharField(
        label=_("First witness"),
        max_length=complaints.NAME_LETTERS,
        error_messages={
            "required": _("Please write the names of both witnesses."),
            "max_length": _("At most %(limit_value)s letters, please."),
        },
    )
    second_witness = forms.CharField(
        label=_("Second witness"),
        max_length=complaints.NAME_LETTERS,
        error_messages={
            "required": _("Please write the names of both witnesses."),
            "max_length": _("At most %(limit_value)s letters, please."),
        },
    )
    text = forms.CharField(
        label=_("What the slip says"),
        help_text=_("Word for word. One slip at a time."),
        max_length=complaints.TEXT_LETTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Please write what the slip says."),
            "max_length": _(
                "The text has %(show_value)s letters; at most %(limit_value)s fit. Please shorten it."
            ),
        },
    )
    name = forms.CharField(
        label=_("Name on the slip"),
        max_length=complaints.NAME_LETTERS,
        required=False,
        error_messages={"max_length": _("At most %(limit_value)s letters, please.")},
    )
    contact = forms.CharField(
        label=_("E-mail or telephone on the slip"),
        max_length=complaints.NAME_LETTERS,
        required=False,
        error_messages={"max_length": _("At most %(limit_value)s letters, please.")},
    )
    submission_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["opened_on"].widget.attrs["max"] = today.isoformat()

    def clean_submission_key(self) -> UUID:
        return self.cleaned_data["submission_key"] or uuid4()

    def clean_opened_on(self) -> date:
        opened_on: date = self.cleaned_data["opened_on"]
        try:
            suggestion_box.check_day(opened_on, today=self.today)
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        return opened_on

    def clean_second_witness(self) -> str:
        first, second = self.cleaned_data.get("first_witness", ""), self.cleaned_data["second_witness"]
        if first:
            try:
                suggestion_box.check_witnesses(*(" ".join(each.split()) for each in (first, second)))
            except Refused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return str(second)
