"""The picture and the sound of a challenge, for as long as it can be answered."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal import challenges, limits, pictures, voices


@login_not_required
@require_safe
def picture(request: HttpRequest, key: str) -> HttpResponse:
    code = challenges.code_of(key)
    if code is None:
        return _gone(request)
    return _fresh(HttpResponse(pictures.draw(code, key), content_type="image/png"))


@login_not_required
@require_safe
def sound(request: HttpRequest, key: str) -> HttpResponse:
    code = challenges.code_of(key)
    if code is None:
        return _gone(request)
    limits.note(request, "sound")
    if not limits.may_listen(key):
        return _gone(request)
    try:
        spoken = voices.speak(code, key, get_language() or "")
    except voices.NoVoice:
        return _gone(request)
    except voices.Busy:
        answer = _gone(request)
        answer.status_code = 503
        answer["Retry-After"] = "2"
        return answer
    return _fresh(_part(request, spoken))


def _part(request: HttpRequest, spoken: bytes) -> HttpResponse:
    """Some browsers play only what they can ask for in parts."""
    asked = voices.byte_range(request.headers.get("Range", ""), len(spoken))
    answer = HttpResponse(spoken[asked.start : asked.stop] if asked else spoken)
    answer["Content-Type"] = "audio/wav"
    answer["Accept-Ranges"] = "bytes"
    if asked:
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{len(spoken)}"
    return answer


def _fresh(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "no-store"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def _gone(request: HttpRequest) -> HttpResponse:
    return _fresh(render(request, "portal/pages/challenge_gone.html", status=410))
