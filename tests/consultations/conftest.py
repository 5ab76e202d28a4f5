"""A client with an account, and an online consultation of hers."""

from tests.inbox.conftest import ani, question

__all__ = ["ani", "question"]
