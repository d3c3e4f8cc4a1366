"""Firms that ask for an agreement themselves, and one that an officer invites: all invented."""

from __future__ import annotations

from typing import Any

from mou.actions import ways_in
from mou.models import Interest, Programme
from portal.models import User

FIRMS: dict[str, dict[str, Any]] = {
    "received": {"firm_name": "Holmen Self Storage AB", "country": "SE", "role": "self_storage"},
    "refused": {"firm_name": "Klippan Events AB", "country": "SE", "role": "property_landlord"},
    "upheld": {"firm_name": "Nordre Kiosk AB", "country": "SE", "role": "property_landlord"},
    "under_review": {"firm_name": "Marina Sandvik", "country": "SE", "role": "marina"},
    "accepted": {"firm_name": "Tessel Jachthaven B.V.", "country": "NL", "role": "marina"},
}
REFUSAL = "We see no flow of goods or vehicles that could be misused."


def ask(caseworker: User) -> None:
    """One request in each state, by the real actions; done before, it stays as it is."""
    if Interest.objects.exists():
        return
    programme = Programme.objects.order_by("pk")[0]
    asked = {state: _express(told) for state, told in FIRMS.items()}
    for state in ("refused", "under_review", "upheld"):
        ways_in.refuse_interest(interest=asked[state], reason=REFUSAL, by=caseworker)
    objection = "Two boats without papers lay with us in the summer."
    for state in ("under_review", "upheld"):
        ways_in.seek_review(interest=asked[state], objection=objection)
    supervisor = User.objects.get(email="supervisor@customs.example")
    ways_in.uphold_refusal(interest=asked["upheld"], reason=REFUSAL, by=supervisor)
    source = "Called the number in the trade register"
    ways_in.accept_interest(
        interest=asked["accepted"], programme=programme, contact_source=source, by=caseworker
    )
    firm = {"legal_name": "Skerry Airfield AB", "country": "SE", "national_id": "", "eori": ""}
    ways_in.reach_out(
        firm=firm,
        programme=programme,
        email="tower@skerry.example",
        source=source,
        reason="Small planes land there at night.",
        by=caseworker,
    )


def _express(told: dict[str, Any]) -> Interest:
    name = told["firm_name"].split()[0].lower()
    rest = {
        "national_id": "",
        "eori": "",
        "about": "We would like to know what to look out for.",
        "person": "Robin Berg",
        "email": f"office@{name}.example",
        "phone": "",
    }
    return ways_in.express_interest(told=told | rest, language="en")
