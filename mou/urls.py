"""Addresses of the agreement pages: one for each verb."""

from __future__ import annotations

from django.urls import path

from mou.views import (
    agreements,
    alerts,
    amendments,
    covers,
    documents,
    feedback,
    firms,
    life,
    members,
    negotiation,
    offers,
    plans,
    publicity,
    risks,
    rounds,
    signatories,
    signatures,
    surveys,
    texts,
    training,
    versions,
)

app_name = "mou"
urlpatterns = [
    path("documents/", documents.documents, name="documents"),
    path("offers/<uuid:uuid>/", offers.offer, name="offer"),
    path("offers/<uuid:uuid>/accept/", offers.accept, name="accept"),
    path("offers/<uuid:uuid>/decline/", offers.decline, name="decline"),
    path("firms/<uuid:uuid>/roles/", firms.state_roles, name="state_roles"),
    path("covers/<uuid:uuid>/", covers.cover, name="cover"),
    *(
        path(f"covers/<uuid:uuid>/{verb}/", covers.VIEWS[verb], name=f"{verb}_cover")
        for verb in covers.VIEWS
    ),
    path("covers/<uuid:uuid>/register/", covers.publish, name="publish_cover"),
    path("covers/<uuid:uuid>/register/back/", covers.unpublish, name="unpublish_cover"),
    path("covers/<uuid:uuid>/alerts/<uuid:delivery>/", covers.alert, name="member_alert"),
    path(
        "covers/<uuid:uuid>/training/<uuid:training>/",
        covers.register_attendees,
        name="register_member_attendees",
    ),
    path(
        "covers/<uuid:uuid>/training/seats/<uuid:attendee>/",
        covers.withdraw_attendee,
        name="withdraw_member_attendee",
    ),
    path(
        "covers/<uuid:uuid>/attendance/<uuid:attendee>/",
        covers.attendance,
        name="member_attendance",
    ),
    path(
        "covers/<uuid:uuid>/guidance/<uuid:guidance>/",
        covers.guidance,
        name="member_guidance",
    ),
    path("<uuid:uuid>/members/", members.members, name="members"),
    path("<uuid:uuid>/members/add/", members.name_member, name="name_member"),
    *(
        path(
            f"<uuid:uuid>/members/<uuid:cover>/{verb}/",
            members.VIEWS[verb],
            name=f"{verb}_member",
        )
        for verb in members.VIEWS
    ),
    path("<uuid:uuid>/", agreements.agreement, name="agreement"),
    path("<uuid:uuid>/signatory/", agreements.name_signatory, name="name_signatory"),
    path("<uuid:uuid>/signatories/", signatories.signatories, name="signatories"),
    path("<uuid:uuid>/signatories/add/", signatories.add_signatory, name="add_signatory"),
    path(
        "<uuid:uuid>/signatories/<uuid:further>/remove/",
        signatories.remove_signatory,
        name="remove_signatory",
    ),
    path("<uuid:uuid>/withdraw/", agreements.withdraw, name="withdraw"),
    path("<uuid:uuid>/text/", texts.read, name="read"),
    path("<uuid:uuid>/text/difference/", versions.difference, name="difference"),
    path("<uuid:uuid>/text/clauses/", negotiation.clauses, name="clauses"),
    path("<uuid:uuid>/text/clauses/<slug:code>/", negotiation.clause, name="clause"),
    *(
        path(
            f"<uuid:uuid>/text/clauses/<slug:code>/{verb}/",
            negotiation.on_clause(verb),
            name=f"{verb}_on_clause",
        )
        for verb in ("comment", "propose")
    ),
    *(
        path(
            f"<uuid:uuid>/text/wordings/<uuid:proposal>/{verb}/",
            negotiation.on_proposal(verb),
            name=f"{verb}_wording",
        )
        for verb in ("accept", "refuse", "counter", "withdraw")
    ),
    path("<uuid:uuid>/agree/", texts.agree, name="agree"),
    path("<uuid:uuid>/return/", texts.return_text, name="return"),
    path("<uuid:uuid>/drop/", amendments.drop, name="drop"),
    path("<uuid:uuid>/sign/", signatures.declare, name="declare"),
    path("<uuid:uuid>/sign/confirm/", signatures.sign, name="sign"),
    path("<uuid:uuid>/sign/delegate/", rounds.delegate_signing, name="delegate_signing"),
    path(
        "<uuid:uuid>/sign/delegate/back/",
        rounds.take_delegation_back,
        name="take_delegation_back",
    ),
    path("<uuid:uuid>/sign/decline/", rounds.decline_to_sign, name="decline_to_sign"),
    path("<uuid:uuid>/timeline/", life.timeline, name="timeline"),
    path("<uuid:uuid>/timeline/download/", life.timeline_csv, name="timeline_csv"),
    path("<uuid:uuid>/reviews/", life.review, name="reviews"),
    path("<uuid:uuid>/reviews/<uuid:review>/", life.answer_review, name="answer_review"),
    path("<uuid:uuid>/notice/", life.give_notice, name="give_notice"),
    path("<uuid:uuid>/notice/back/", life.take_notice_back, name="take_notice_back"),
    path("<uuid:uuid>/survey/", surveys.survey, name="survey"),
    path("<uuid:uuid>/survey/begin/", surveys.begin_survey, name="begin_survey"),
    path("<uuid:uuid>/survey/check/", surveys.check, name="survey_check"),
    path("<uuid:uuid>/survey/submit/", surveys.submit_survey, name="submit_survey"),
    path("<uuid:uuid>/survey/files/<uuid:file>/", surveys.file, name="survey_file"),
    path("<uuid:uuid>/survey/<slug:code>/", surveys.section, name="survey_section"),
    path("<uuid:uuid>/survey/<slug:code>/add/", surveys.add_file, name="add_survey_file"),
    path("<uuid:uuid>/risks/", risks.risks, name="risks"),
    path("<uuid:uuid>/alerts/", alerts.alerts, name="alerts"),
    path("<uuid:uuid>/alerts/<uuid:delivery>/", alerts.alert, name="alert"),
    path(
        "<uuid:uuid>/alerts/<uuid:delivery>/acknowledge/",
        alerts.acknowledge,
        name="acknowledge_alert",
    ),
    path("<uuid:uuid>/feedback/", feedback.feedback, name="feedback"),
    path("<uuid:uuid>/training/", training.training, name="training"),
    path(
        "<uuid:uuid>/training/<uuid:training>/register/",
        training.register_attendees,
        name="register_attendees",
    ),
    path(
        "<uuid:uuid>/training/people/<uuid:attendee>/withdraw/",
        training.withdraw_attendee,
        name="withdraw_attendee",
    ),
    path(
        "<uuid:uuid>/training/people/<uuid:attendee>/",
        training.attendance,
        name="attendance",
    ),
    path("<uuid:uuid>/guidance/<uuid:guidance>/", training.guidance, name="guidance"),
    path("<uuid:uuid>/plan/calendar/", plans.calendar, name="calendar"),
    path("<uuid:uuid>/plan/calendar/<uuid:line>/", plans.calendar_one, name="calendar_one"),
    path("<uuid:uuid>/plan/<slug:part>/", plans.plan, name="plan"),
    path("<uuid:uuid>/plan/<slug:part>/add/", plans.plan_add, name="plan_add"),
    path(
        "<uuid:uuid>/plan/measures/<uuid:line>/files/<uuid:file>/",
        plans.measure_file,
        name="measure_file",
    ),
    path(
        "<uuid:uuid>/plan/<slug:part>/<uuid:line>/<slug:verb>/", plans.plan_step, name="plan_step"
    ),
    path("<uuid:uuid>/register/", publicity.listing, name="listing"),
    path("<uuid:uuid>/register/publish/", publicity.publish, name="publish"),
    path("<uuid:uuid>/register/unpublish/", publicity.unpublish, name="unpublish"),
    path("signatures/<uuid:uuid>/", signatures.signature, name="signature"),
    path("signatures/<uuid:uuid>/state/", signatures.state, name="signature_state"),
    path("<uuid:uuid>/documents/<int:number>/<slug:step>/", documents.download, name="download"),
]
