"""What can go wrong by the rules of the house: each error carries a sentence for its reader."""

from __future__ import annotations


class DomainError(Exception):
    """A rule refuses what was asked; the message says what to do."""

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The person may not do this; answered as if the thing did not exist."""


class InvalidTransition(DomainError):
    """The thing is in a state that does not allow this verb."""


class AlreadyDone(DomainError):
    """Somebody was first; the message says who and when."""
