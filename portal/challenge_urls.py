"""Addresses of pictures and sounds; each face that asks challenges serves its own."""

from __future__ import annotations

from django.urls import URLPattern, path

from portal import captcha_views

app_name = "challenge"
urlpatterns: list[URLPattern] = [
    path("<slug:key>.png", captcha_views.picture, name="picture"),
    path("<slug:key>.wav", captcha_views.sound, name="sound"),
]
