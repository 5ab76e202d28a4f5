"""What a reader, a keyboard and a screen reader get from the elements."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.utils.safestring import mark_safe
from django.utils.translation import override

from sapa.ui.forms import DateInput, Renderer
from tests.ui.conftest import Tags

Render = Callable[..., str]


class GuestForm(forms.Form):
    name = forms.CharField(label="Name")
    email = forms.EmailField(label="E-mail", help_text="We answer here.")
    on = forms.DateField(label="Day", widget=DateInput, required=False, initial="2026-11-23")
    service = forms.ChoiceField(
        label="Service", widget=forms.RadioSelect, choices=[("k", "Consultation"), ("p", "Library")]
    )
    topics = forms.MultipleChoiceField(
        label="Topics",
        widget=forms.CheckboxSelectMultiple,
        choices=[("1", "Prices"), ("2", "People")],
        required=False,
    )
    consent = forms.BooleanField(label="I agree")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_text_is_escaped_wherever_it_lands(render: Render) -> None:
    evil = '"><script>x</script>'
    page = render(
        '{% el "button" label=evil name="a" value=evil data_note=evil %}{% el "notice" text=evil %}'
        '{% el "field" name="q" label=evil value=evil hint=evil errors=errors %}'
        '{% el "chip" label=evil remove_href=evil %}'
        '{% el "panel" title=evil %}{% el "table" caption=evil head=errors rows=rows %}{% icon "x" label=evil %}',
        evil=evil,
        errors=[evil],
        rows=[[evil]],
    )
    assert "<script" not in page


def test_attributes_with_our_prefixes_reach_the_main_tag(render: Render) -> None:
    page = render(
        '{% el "button" label="Go" hx_post="/x/" data_names="a b" aria_busy=False data_gone=None data_on=True %}'
    )
    button = Tags(page).named("button")[0]
    assert button == {
        "type": "submit",
        "class": "button primary",
        "hx-post": "/x/",
        "data-names": "a b",
        "data-on": None,
    }


def test_a_block_hands_its_body_and_its_slots_to_the_element(render: Render) -> None:
    page = render(
        '{% elblock "panel" title="T" %}body {{ who }}{% slot "actions" %}act{% endslot %}{% endelblock %}',
        who="<b>",
    )
    assert "body &lt;b&gt;" in page
    assert '<div class="panel-actions">act</div>' in page


def test_every_label_names_an_existing_control(render: Render) -> None:
    tags = Tags(render('{% el "form" form=form %}', form=GuestForm({"email": "no"})))
    ids = {attributes["id"] for _, attributes in tags.found if attributes.get("id")}
    labels = {attributes["for"] for attributes in tags.named("label")}
    controls = {
        attributes.get("id")
        for attributes in tags.named("input", "select", "textarea")
        if attributes.get("type") != "hidden"
    }
    assert labels == controls
    assert labels <= ids


def test_every_description_named_by_a_control_exists(render: Render) -> None:
    tags = Tags(render('{% el "form" form=form %}', form=GuestForm({"email": "no"})))
    ids = {attributes["id"] for _, attributes in tags.found if attributes.get("id")}
    named = {
        one for _, attributes in tags.found for one in (attributes.get("aria-describedby") or "").split()
    }
    assert named == {
        "id_name-error",
        "id_email-hint",
        "id_email-error",
        "id_service-error",
        "id_consent-error",
    }
    assert named <= ids


def test_the_summary_leads_to_the_control_of_each_error(render: Render) -> None:
    tags = Tags(render('{% el "form" form=form %}', form=GuestForm({"email": "no"})))
    targets = [attributes["href"] for attributes in tags.named("a")]
    assert targets == ["#id_name", "#id_email", "#id_service_0", "#id_consent"]
    assert {target.removeprefix("#") for target in targets if target} <= {
        attributes.get("id") for attributes in tags.named("input")
    }


def test_controls_in_error_say_so(render: Render) -> None:
    tags = Tags(render('{% el "form" form=form %}', form=GuestForm({"email": "no", "name": "Ani"})))
    wrong = {attributes["name"] for attributes in tags.named("input") if attributes.get("aria-invalid")}
    assert wrong == {"email", "service", "consent"}


def test_a_clean_form_has_no_summary(render: Render) -> None:
    assert "error-summary" not in render('{% el "form" form=form %}', form=GuestForm())


def test_a_posted_form_carries_its_token_and_its_hidden_fields(render: Render) -> None:
    tags = Tags(render('{% elblock "form" form=form %}own fields{% endelblock %}', form=GuestForm()))
    assert [attributes["name"] for attributes in tags.named("input")] == ["csrfmiddlewaretoken", "token"]


def test_a_date_reaches_the_browser_in_the_form_it_insists_on(render: Render) -> None:
    tags = Tags(
        render(
            '{% el "field" field=form.on %}',
            form=GuestForm(initial={"on": datetime(2026, 1, 2, tzinfo=UTC).date()}),
        )
    )
    assert [(one["type"], one["value"]) for one in tags.named("input")] == [("date", "2026-01-02")]


def test_the_renderer_draws_a_form_like_the_elements(render: Render) -> None:
    form = GuestForm({}, renderer=Renderer())
    assert (
        str(form["name"].as_field_group()).strip()
        == render('{% el "field" field=form.name %}', form=form).strip()
    )
    assert "error-summary" in str(form)


def test_rating_answers_carry_words_not_only_figures(render: Render) -> None:
    tags = Tags(render('{% el "rating_scale" name="speed" label="Speed" value="3" %}'))
    assert [(one["value"], "checked" in one) for one in tags.named("input")] == [
        ("1", False),
        ("2", False),
        ("3", True),
        ("4", False),
    ]
    assert [word for word in ("Poor", "Fair", "Good", "Very good") if word in tags.text] == [
        "Poor",
        "Fair",
        "Good",
        "Very good",
    ]


def test_large_numbers_in_values_and_addresses_keep_no_thousands_mark(render: Render) -> None:
    tags = Tags(render('{% el "button" label="Go" name="id" value=number %}', number=12345))
    assert tags.named("button")[0]["value"] == "12345"


START = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("extra", "state", "words"),
    [
        ({"now": START + timedelta(minutes=4)}, "running", "6 minutes left, due 10:10 WIB"),
        ({"now": START + timedelta(minutes=13)}, "breached", "3 minutes late, was due 10:10 WIB"),
        ({"at": START + timedelta(minutes=4), "state": "met"}, "met", "Kept after 4 minutes"),
        ({"state": "paused", "waits_for": "the letter"}, "paused", "Paused: waiting for the letter"),
        ({"now": START, "left": "2 working days"}, "running", "2 working days left, due 10:10 WIB"),
    ],
)
def test_the_promise_says_its_state_in_words(
    render: Render, extra: dict[str, object], state: str, words: str
) -> None:
    page = render(
        '{% el "promise_clock" start=start due=due now=now at=at left=left state=state'
        ' waits_for=waits_for zone="Asia/Jakarta" %}',
        start=START,
        due=START + timedelta(minutes=10),
        **extra,
    )
    assert f'class="promise {state}"' in page
    assert f"<span data-words>{words}</span>" in page


def test_a_promise_kept_late_shows_the_whole_bar_used(render: Render) -> None:
    page = render(
        '{% el "promise_clock" start=start due=start at=at state="breached" %}',
        start=START,
        at=START + timedelta(hours=1),
    )
    assert Tags(page).named("progress")[0]["value"] == "100"


def test_an_empty_table_says_so_instead_of_showing_headings(render: Render) -> None:
    page = render(
        '{% el "table" caption="Today" head=head rows=rows empty="Nobody yet" %}', head=["A"], rows=[]
    )
    assert "<table" not in page
    assert "Nobody yet" in page


def test_a_missing_fact_is_shown_as_a_dash(render: Render) -> None:
    assert "<dd>–</dd>" in render('{% el "definition_list" items=items %}', items=[("Note", None)])


def test_an_unknown_argument_of_a_block_is_refused(render: Render) -> None:
    with pytest.raises(Exception, match="does not understand"):
        render('{% elblock "panel" nonsense %}{% endelblock %}')


def test_an_element_that_is_kept_is_never_taken_for_another(render: Render) -> None:
    button = '{% el "button" label=label disabled=off %}'
    assert "<b>" in render(button, label=mark_safe("<b>Send</b>"))
    assert "<b>" not in render(button, label="<b>Send</b>")
    assert "disabled" in render(button, label="Send", off=1)
    assert "disabled" not in render(button, label="Send", off=0)
    back = '{% el "back_link" href="/" %}'
    with override("en"):
        assert "Back" in render(back)
    with override("id"):
        assert "Kembali" in render(back)


def test_what_is_the_same_is_kept_for_the_values_it_names(render: Render) -> None:
    footer = '{% same "ui/_footer.html" user.is_authenticated %}'
    with override("id"):
        nobody, somebody = (render(footer, user={"is_authenticated": each}) for each in (False, True))
        assert render(footer, user={"is_authenticated": False}) == nobody
    assert "Masuk" in nobody
    assert "Akun saya" in somebody
    with override("en"):
        assert "Sign in" in render(footer, user={"is_authenticated": False})
