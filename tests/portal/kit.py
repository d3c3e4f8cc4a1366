"""A page with every kind of field and part, for the tests of the look; served to tests only."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from portal.forms import DateField
from portal.urls import handler400, handler500, urlpatterns

__all__ = ["handler400", "handler500", "urlpatterns"]

PAIR = [("a", "First"), ("b", "Second")]


class KitForm(forms.Form):
    name = forms.CharField(label="Legal name", help_text="As <b>printed</b>", max_length=5)
    eori = forms.CharField(label="EORI number")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    signer = forms.ChoiceField(label="Who signs?", choices=PAIR, widget=forms.RadioSelect)
    flows = forms.MultipleChoiceField(
        label="Flows", choices=PAIR, widget=forms.CheckboxSelectMultiple
    )
    country = forms.ChoiceField(label="Country", choices=[("", ""), ("SE", "Sweden")])
    since = DateField(label="Effective from", help_text="For example, 27 3 2026")
    proof = forms.FileField(label="Proof")
    word = forms.CharField(
        label="Password",
        widget=forms.PasswordInput(
            attrs={"autocomplete": "current-password", "class": "govuk-input--width-20"}
        ),
    )
    agreed = forms.BooleanField(label="I may sign for the firm", help_text="Under your law")


PAGE = """{% extends "base.html" %}{% block title %}Kit{% endblock %}{% block content %}
{% include "portal/includes/heading.html" with title="Firm" tag="In force" tag_colour="green" %}
{% include "portal/includes/form.html" with button="Save" %}
{% include "portal/includes/task_list.html" %}{% include "portal/includes/summary_list.html" %}
<table class="govuk-table portal-table--cards"><caption>Firms</caption><thead><tr>
{% include "portal/includes/sortable.html" with text="Firm" key="firm" sort=request.GET.sort %}
</tr></thead><tbody><tr><td data-label="Firm">A</td></tr></tbody></table>
{% include "portal/includes/pagination.html" with previous_url="?after=1" next_url="?after=2" %}
{% include "portal/includes/empty.html" with title="None" text="Yet" url="/" action="Go" %}
{% include "portal/includes/file_line.html" with url="/x" name="a.pdf" kind="PDF" size=2048 %}
<h2 class="govuk-heading-m">Signatures</h2><div class="portal-signatures">{% for state in states %}
{% include "portal/includes/signature.html" with heading="Seal" name="A" text=state %}{% endfor %}
</div>{% include "portal/includes/warning.html" with text="Final." %}
{% for colour in colours %}{% include "portal/includes/tag.html" with text=colour %} {% endfor %}
{% endblock %}"""

PROGRESS = """{% extends "base.html" %}{% block title %}Progress{% endblock %}
{% block head %}{% include "portal/includes/refresh.html" %}{% endblock %}{% block content %}
<h1 class="govuk-heading-l">{% if finished %}Finished{% else %}Working{% endif %}</h1>
{% include "portal/includes/progress.html" with done=1 total=3 text="1 of 3" poll_url="state/" %}
{% endblock %}"""

asked: list[int] = []


@login_not_required
def kit(request: HttpRequest) -> HttpResponse:
    form = KitForm(request.POST or None, request.FILES or None)
    context = {
        "form": form,
        "states": ["good", "waiting", "bad"],
        "colours": ["green", "blue", "yellow", "orange", "red", "grey", "purple"],
        "rows": [{"key": "Firm", "value": "A", "url": "/", "action": "Change"}],
        "tasks": [{"text": "Sign", "status": "Waits", "colour": "yellow", "url": "/"}],
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


@login_not_required
def progress(request: HttpRequest) -> HttpResponse:
    page = engines["django"].from_string(PROGRESS)
    return HttpResponse(page.render({"finished": len(asked) >= 2}, request))


@login_not_required
def state(request: HttpRequest) -> JsonResponse:
    asked.append(1)
    finished = len(asked) >= 2
    return JsonResponse({"done": 2, "total": 3, "text": "2 of 3", "finished": finished})


urlpatterns = [
    *urlpatterns,
    path("kit/", kit, name="kit"),
    path("kit/progress/", progress, name="kit_progress"),
    path("kit/progress/state/", state),
]
