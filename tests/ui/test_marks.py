"""Which fields a form marks, where it says what to mend, and how a table reads on a phone."""

from collections.abc import Callable

from django import forms

from tests.ui.conftest import Tags

Render = Callable[..., str]


class Order(forms.Form):
    name = forms.CharField(label="Name")
    note = forms.CharField(label="Note", required=False)
    size = forms.ChoiceField(label="Size", choices=[("s", "S")], widget=forms.RadioSelect, required=False)
    gift = forms.BooleanField(label="Gift", required=False)


class Guest(forms.Form):
    """Decides in `clean` what is missing, so that to Django everything is optional."""

    may_be_empty = frozenset({"phone"})
    name = forms.CharField(label="Name", required=False)
    phone = forms.CharField(label="Phone", required=False)


def said(page: str) -> str:
    return " ".join(Tags(page).text.split())


def test_only_what_may_be_left_empty_is_marked(render: Render) -> None:
    assert said(render('{% el "form" form=form %}', form=Order())) == (
        "Name Note (optional) Size (optional) S Gift Save"
    )


def test_a_form_that_decides_itself_says_what_may_be_left_empty(render: Render) -> None:
    assert said(render('{% el "form" form=form %}', form=Guest())) == "Name Phone (optional) Save"


def test_a_page_may_say_otherwise_of_a_field(render: Render) -> None:
    assert said(render('{% el "field" field=form.note optional=False %}', form=Order())) == "Note"


def test_what_to_mend_is_said_once_and_first_in_the_page(render: Render) -> None:
    page = render('{% page_errors %}<h1>Order</h1>{% el "form" form=form %}', form=Order({}))
    assert page.index("error-summary") < page.index("<h1>")
    assert page.count("error-summary") == 1


def test_a_part_of_a_page_says_itself_what_to_mend(render: Render) -> None:
    assert render('{% el "form" form=form %}', form=Order({})).count("error-summary") == 1


def test_a_page_without_mistakes_says_nothing(render: Render) -> None:
    assert render("{% page_errors %}", form=Order(), other=Order({"name": "Ani"})) == ""


def test_each_cell_of_a_stacked_table_carries_the_head_of_its_column(render: Render) -> None:
    page = render(
        '{% el "table" caption="Desks" head=head rows=rows stacked=True %}',
        head=["Desk", "Served", "Late"],
        rows=[["Desk 1", 4, 0]],
    )
    assert [cell["data-label"] for cell in Tags(page).named("td")] == ["Served", "Late"]
    assert Tags(page).named("div")[0]["class"] == "table-wrap stacked"
