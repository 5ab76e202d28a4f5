"""Consultations by other programs."""

from tests.api.conftest import QUESTION, Maker, done, problem


def test_x(caller: Maker, ani) -> None:
    c = caller()
    made = done(c.post("/consultations", QUESTION), 201)
    print(made)
    print(done(c.get("/consultations")))
    print(done(c.get("/codes")))
