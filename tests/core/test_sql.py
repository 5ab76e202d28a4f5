"""Objects read by a hand-written condition are the same as those of the manager, on every database."""

from datetime import UTC, datetime

import pytest
from django.contrib.sessions.models import Session
from django.db import models

from sapa.consultations.models import Consultation
from sapa.core import sql
from sapa.core.sessions import SessionStore
from sapa.offices.models import Office
from sapa.people.models import Client, User

pytestmark = pytest.mark.django_db


def fields_of(one: models.Model) -> dict[str, object]:
    return {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}


def test_an_object_has_the_same_values_as_from_the_manager(office, budi) -> None:
    for model in (Office, User):
        one = model.objects.order_by("pk").first()
        assert one is not None
        read = sql.first(model, "id = %s", [one.pk])
        assert read == one
        assert fields_of(read) == fields_of(one)
        assert read._state.adding is False


def test_it_can_be_saved_again(budi) -> None:
    read = sql.first(User, "id = %s", [budi.user_id])
    assert read is not None
    read.name = "Budi yang lain"
    read.save(update_fields=["name"])
    assert User.objects.get(pk=budi.user_id).name == "Budi yang lain"


def test_what_is_not_there_is_none(db) -> None:
    assert sql.first(Client, "id = %s", [-1]) is None
    assert sql.every(Consultation, "id = %s", [-1]) == []


def test_a_session_is_found_until_it_is_over(db) -> None:
    store = SessionStore()
    store["name"] = "Ani"
    store.create()
    assert SessionStore(store.session_key)["name"] == "Ani"
    Session.objects.update(expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    assert SessionStore(store.session_key).get("name") is None
