"""A refusal: something the domain does not allow, said as a sentence with a way out."""

from django.utils.functional import Promise


class Refused(Exception):
    """The verb changed nothing. `sentence` is for the person who asked, in the reader's language."""

    def __init__(self, sentence: str | Promise, *, code: str = "refused") -> None:
        super().__init__(code)
        self.sentence = sentence
        self.code = code

    def __str__(self) -> str:
        return str(self.sentence)


class Stale(Refused):
    """Somebody else was quicker: the row was not in the state the caller saw."""
