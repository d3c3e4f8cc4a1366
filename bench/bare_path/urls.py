"""So many pages with a form each, a last one with a captcha, and a word of thanks."""

import json
import os
import uuid
from typing import Any

from captcha.fields import CaptchaField
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import include, path

from bench.bare_path.models import Draft, Envelope, Report

STEPS = int(os.environ.get("BARE_PATH_STEPS", "9"))
COOKIE = "draft"
PUBLIC = X25519PrivateKey.generate().public_key()
HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class StepForm(forms.Form):
    text = forms.CharField(widget=forms.Textarea, required=False, max_length=10_000)
    place = forms.CharField(required=False, max_length=200)
    sure = forms.ChoiceField(choices=[("yes", "Yes"), ("no", "No")], required=False)


class LastForm(forms.Form):
    captcha = CaptchaField()


def start(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        draft = Draft.objects.create()
        answer = redirect("step", 1)
        answer.set_cookie(COOKIE, str(draft.pk), httponly=True, samesite="Strict")
        return answer
    return render(request, "bare_path.html", {"form": forms.Form(), "title": "Before you begin"})


def step(request: HttpRequest, number: int) -> HttpResponse:
    draft = get_object_or_404(Draft, pk=uuid.UUID(request.COOKIES[COOKIE]))
    kept: dict[str, Any] = draft.answers.get(str(number), {})
    form = StepForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        draft.answers[str(number)] = form.cleaned_data
        draft.save()
        return redirect("step", number + 1) if number < STEPS else redirect("check")
    return render(request, "bare_path.html", {"form": form, "title": f"Step {number}"})


def check(request: HttpRequest) -> HttpResponse:
    draft = get_object_or_404(Draft, pk=uuid.UUID(request.COOKIES[COOKIE]))
    form = LastForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key, nonce = ChaCha20Poly1305.generate_key(), os.urandom(12)
        body = ChaCha20Poly1305(key).encrypt(nonce, json.dumps(draft.answers).encode(), None)
        with transaction.atomic():
            report = Report.objects.create()
            sealed = HPKE.encrypt(key, PUBLIC)
            Envelope.objects.create(report=report, ciphertext=sealed + nonce + body)
            draft.delete()
        return redirect("done")
    return render(request, "bare_path.html", {"form": form, "title": "Check", "draft": draft})


def done(request: HttpRequest) -> HttpResponse:
    return render(request, "bare_path.html", {"form": forms.Form(), "title": "Thank you"})


urlpatterns = [
    path("report/", start, name="start"),
    path("report/<int:number>/", step, name="step"),
    path("report/check/", check, name="check"),
    path("report/done/", done, name="done"),
    path("captcha/", include("captcha.urls")),
]
