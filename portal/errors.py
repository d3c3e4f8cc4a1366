"""What can go wrong by the rules of the house: each error carries a sentence for its reader."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse

View = Callable[..., HttpResponse]


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


def shows_domain_errors(to: str) -> Callable[[View], View]:
    """Tell the reader what a rule refused and go to this named page; NotAllowed is a 404.

    The page is reached with the arguments of the view, with the first of them where it is the page
    of what the view's thing belongs to, or with none.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except NotAllowed as error:
                raise Http404(str(error)) from error
            except DomainError as error:
                messages.error(request, str(error))
                return redirect(_address(to, args, kwargs))

        return guarded

    return decorate


def _address(to: str, args: Any, kwargs: Any) -> str:
    for taken in (kwargs, dict(list(kwargs.items())[:1])):
        with suppress(NoReverseMatch):
            return reverse(to, args=args, kwargs=taken)
    return reverse(to)
