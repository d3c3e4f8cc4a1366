"""What is done with a firm's enquiry, by whom, in which state."""

import itertools
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners import enquiry_permissions as permissions
from partners import working_time
from partners.actions import enquiries as actions
from partners.actions.enquiry_files import look_at
from partners.lifecycle import ENQUIRY, EnquiryOutcome, EnquiryStatus
from partners.models import Enquiry, EnquiryFile, EnquiryMessage, PostStatus, PostType
from portal import files, outbox
from portal.errors import AlreadyDone, DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent, StaffRole, Standing
from portal.sent_files import Sent
from tests.factories import MembershipFactory, UserFactory
from tests.hostile_files import HOSTILE
from tests.partners import enquiry_flows as flows
from tests.partners.factories import PostFactory
from tests.people import at_once, read_mail

pytestmark = pytest.mark.django_db

DESK = {
    "assign": lambda cast, by: actions.assign(
        enquiry=cast.enquiry, to=cast.officer, version=cast.now.version, by=by
    ),
    "answer": lambda cast, by: actions.answer(
        enquiry=cast.enquiry, text="So.", version=cast.now.version, by=by
    ),
    "ask_back": lambda cast, by: actions.ask_back(
        enquiry=cast.enquiry, text="Which?", version=cast.now.version, by=by
    ),
    "hand_over": lambda cast, by: actions.hand_over(
        enquiry=cast.enquiry, post=PostFactory(), version=cast.now.version, by=by
    ),
    "close": lambda cast, by: actions.close(
        enquiry=cast.enquiry, outcome="nothing", version=cast.now.version, by=by
    ),
}
FIRM = {
    "write_again": lambda cast, by: actions.write_again(enquiry=cast.enquiry, text="And?", by=by),
    "withdraw": lambda cast, by: actions.withdraw(enquiry=cast.enquiry, by=by),
}
VERBS = DESK | FIRM


def test_every_verb_is_in_the_table():
    assert set(VERBS) == set(ENQUIRY)


@pytest.mark.parametrize(("verb", "state"), list(itertools.product(ENQUIRY, EnquiryStatus)))
def test_verb_in_each_state(verb, state):
    cast = flows.AT[state]()
    by = cast.officer if verb in DESK else cast.person
    if state in ENQUIRY[verb]:
        assert VERBS[verb](cast, by).status == ENQUIRY[verb][state] == cast.now.status
    else:
        with pytest.raises(InvalidTransition):
            VERBS[verb](cast, by)
        assert cast.now.status == state


def _somebody(role, cast):
    people = {
        "the person": lambda: cast.person,
        "a colleague": lambda: MembershipFactory(organisation=cast.enquiry.organisation).user,
        "another firm": flows.partner_person,
        "the post": lambda: flows.posted(cast.post),
        "another post": lambda: flows.posted(PostFactory()),
        "both roles": lambda: UserFactory(liaison_officer=True, system_administrator=True),
    }
    return people[role]() if role in people else UserFactory(**{role: True})


FIRMS, POSTS = {"the person", "a colleague"}, {"liaison_officer", "the post"}
EVERYBODY = sorted(
    {*StaffRole.values, *FIRMS, *POSTS, "another firm", "another post", "both roles"}
)


@pytest.mark.parametrize(("verb", "role"), list(itertools.product(VERBS, EVERYBODY)))
def test_verb_is_for_those_it_belongs_to(verb, role):
    cast = flows.asked()
    by = _somebody(role, cast)
    if role in (POSTS if verb in DESK else FIRMS):
        VERBS[verb](cast, by)
        assert cast.now.version == 2
    else:
        with pytest.raises(NotAllowed):
            VERBS[verb](cast, by)
        assert cast.now.version == 1


@pytest.mark.parametrize("role", EVERYBODY)
def test_enquiry_is_seen_by_the_firm_the_post_and_the_liaison_desk(role):
    cast = flows.asked()
    seen = Enquiry.objects.visible_to(_somebody(role, cast)).exists()
    assert seen == (role in FIRMS | POSTS)


@pytest.mark.parametrize("circumstance", ["not in force", "left", "no firm", "officer"])
def test_ask_is_for_people_of_firms_in_force(circumstance):
    flows.lists()
    person, post = flows.partner_person(), PostFactory()
    told = flows.told(person, post)
    if circumstance == "not in force":
        Standing.objects.update(in_force=False)
    elif circumstance == "left":
        person.memberships.update(ended_at=timezone.now(), ended_by=person)
    by = {"no firm": UserFactory, "officer": lambda: UserFactory(liaison_officer=True)}
    with pytest.raises(NotAllowed):
        actions.ask(**told, by=by.get(circumstance, lambda: person)())


@pytest.mark.parametrize(
    "fields",
    [
        {"type": PostType.STRATEGIC},
        {"status": PostStatus.CLOSED},
        {"status": PostStatus.SUSPENDED},
        {"visibility": 2},
    ],
)
def test_ask_a_post_that_takes_no_questions_is_refused(fields):
    flows.lists()
    person = flows.partner_person()
    with pytest.raises(DomainError, match="takes no questions"):
        actions.ask(**flows.told(person, PostFactory(**fields)), by=person)


def test_ask_a_vacant_post_is_told_to_the_liaison_desk():
    cast = flows.asked(post=PostFactory(status=PostStatus.VACANT))
    assert [letter.to for letter in read_mail()] == [[cast.officer.email]]


def test_letters_hold_nothing_of_what_was_written():
    cast = flows.asked_back()
    letters = read_mail()
    assert {letter.to[0] for letter in letters} == {cast.officer.email, cast.person.email}
    organisation = cast.enquiry.organisation.legal_name
    words = (cast.enquiry.subject, cast.enquiry.reference, "cheese", organisation, cast.post.city)
    for letter in letters:
        said = f"{letter.subject} {letter.body}".lower()
        assert not [word for word in words if word.lower() in said]


def test_posted_officer_is_told_and_the_liaison_desk_is_not():
    flows.lists()
    post = PostFactory()
    there, cast = flows.posted(post), flows.asked(post=post)
    assert [letter.to for letter in read_mail()] == [[there.email]]
    assert cast.officer.email != there.email


def test_clock_rests_while_the_firm_is_asked(time_machine):
    time_machine.move_to("2026-11-23T10:00:00+00:00", tick=False)
    cast = flows.asked_back()
    assert cast.now.due_at is None
    time_machine.move_to("2026-12-01T10:00:00+00:00", tick=False)
    actions.write_again(enquiry=cast.enquiry, text="Goat.", by=cast.person)
    expected = working_time.answer_due("MARKET_ENTRY", since=timezone.now(), post=cast.post)
    assert cast.now.due_at == expected


def test_writing_more_while_the_post_works_gives_it_no_more_time():
    cast = flows.asked()
    due = cast.now.due_at
    actions.write_again(enquiry=cast.enquiry, text="Also butter.", by=cast.person)
    assert cast.now.due_at == due


def test_held_up_shipment_is_answered_sooner_than_a_question_of_markets():
    assert flows.asked(topic="STUCK_SHIPMENT").now.due_at < flows.asked().now.due_at


def test_hand_over_goes_by_the_hours_of_the_new_post(time_machine):
    time_machine.move_to("2026-11-23T10:00:00+00:00", tick=False)
    cast, other = flows.asked(), PostFactory(time_zone="America/New_York")
    before = cast.now.due_at
    actions.hand_over(enquiry=cast.enquiry, post=other, version=1, by=cast.officer)
    assert cast.now.post == other
    assert cast.now.due_at > before


def test_officer_who_hands_over_the_own_post_sees_it_no_longer():
    cast = flows.asked()
    there = flows.posted(cast.post)
    actions.hand_over(enquiry=cast.enquiry, post=PostFactory(), version=1, by=there)
    assert not Enquiry.objects.visible_to(there).exists()


def test_answer_to_what_has_changed_is_refused():
    cast = flows.asked()
    actions.write_again(enquiry=cast.enquiry, text="Never mind the cheese.", by=cast.person)
    with pytest.raises(AlreadyDone):
        actions.answer(enquiry=cast.enquiry, text="A paper.", version=1, by=cast.officer)


def test_assign_to_somebody_who_does_not_work_there_is_refused():
    cast = flows.asked()
    stranger = UserFactory(caseworker=True)
    with pytest.raises(DomainError, match="does not work"):
        actions.assign(enquiry=cast.enquiry, to=stranger, version=1, by=cast.officer)


def test_close_as_helped_needs_an_answer():
    cast = flows.asked()
    with pytest.raises(DomainError, match="waits for an answer"):
        actions.close(enquiry=cast.enquiry, outcome="helped", version=1, by=cast.officer)


def test_withdrawn_is_said_by_the_firm_alone():
    cast = flows.asked()
    with pytest.raises(DomainError, match="what came of it"):
        actions.close(enquiry=cast.enquiry, outcome="withdrawn", version=1, by=cast.officer)
    actions.withdraw(enquiry=cast.enquiry, by=cast.person)
    assert cast.now.outcome == EnquiryOutcome.WITHDRAWN


def test_firm_asks_only_so_many_at_once(monkeypatch):
    monkeypatch.setattr(actions, "MOST_OPEN", 1)
    cast = flows.asked()
    with pytest.raises(DomainError, match="open enquiries"):
        actions.ask(**flows.told(cast.person, cast.post, text="Another."), by=cast.person)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("a program", "PDF, PNG or JPEG"),
        ("a bomb in a PDF", "cannot be read"),
        ("a PDF that is its own page", "cannot be read"),
        ("a PDF with a password", "locked"),
        ("a PDF called a picture", "ending"),
        ("many pixels", "too much"),
        ("half a picture", "cannot be read"),
    ],
)
def test_hostile_file_beside_a_question_is_refused_with_a_sentence(what, sentence):
    name, content, _code = HOSTILE[what]
    with pytest.raises(DomainError, match=sentence):
        look_at(Sent(name, content()))


def test_armed_file_beside_a_question_is_kept_and_remarked():
    data = HOSTILE["an armed PDF"][1]()
    cast = flows.asked(sent=[look_at(Sent("invoice\u202e.exe.pdf", data))])
    file = EnquiryFile.objects.get(message__enquiry=cast.enquiry)
    assert files.get(file.path) == data
    assert "It runs a script. Open it with great care." in file.remarks
    assert (file.name, file.scan) == ("invoice_exe.pdf", "unscanned")


def test_erasure_takes_words_and_files_and_leaves_codes(time_machine, settings):
    cast = flows.closed(sent=[flows.paper()])
    path = EnquiryFile.objects.get().path
    assert actions.erase_old() == 0
    later = timezone.now() + timedelta(days=settings.RETENTION_DAYS["enquiry"] + 1)
    assert actions.erase_old(now=later) == 1
    assert not files.exists(path)
    assert not EnquiryMessage.objects.exists()
    erased = cast.now
    assert (erased.subject, erased.asked_by, erased.outcome) == ("", None, "helped")
    assert actions.erase_old(now=later) == 0


def test_audit_names_the_verbs_and_no_words():
    cast = flows.closed()
    events = AuditEvent.objects.filter(target_id=str(cast.enquiry.pk)).order_by("pk")
    assert [one.event for one in events] == ["enquiry_asked", "enquiry_answered", "enquiry_closed"]
    assert not [one for one in events if "cheese" in str(one.facts).lower()]


@pytest.mark.parametrize(
    "change",
    [
        {"status": "closed"},
        {"due_at": None},
        {"subject": ""},
        {"erased_at": timezone.now()},
    ],
)
def test_database_refuses_an_enquiry_that_cannot_be(change):
    cast = flows.asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=cast.enquiry.pk).update(**change)


def test_letter_is_promised_once_for_each_occasion():
    cast = flows.asked()
    outbox.deliver_open()
    assert permissions.can_lead(cast.officer, cast.now, "answer")
    assert len(read_mail()) == 1


@pytest.mark.django_db(transaction=True)
def test_two_officers_answer_at_once_and_one_is_told():
    cast = flows.asked()

    def answer():
        return actions.answer(enquiry=cast.enquiry, text="So.", version=1, by=cast.officer)

    got = at_once(answer, times=2)
    assert sorted(type(one).__name__ for one in got) == ["AlreadyDone", "Enquiry"]
    assert EnquiryMessage.objects.count() == 2


def test_question_sent_twice_is_one_question():
    cast = flows.asked(sent=[flows.paper()])
    told = flows.told(cast.person, cast.post)
    assert actions.ask(**told, sent=[flows.paper()], by=cast.person) == cast.enquiry
    assert EnquiryMessage.objects.count() == EnquiryFile.objects.count() == 1
    # One file fewer, another word: that is a new question.
    assert actions.ask(**told, by=cast.person) != cast.enquiry
    assert actions.ask(**told | {"text": "And the wine?"}, by=cast.person) != cast.enquiry


def test_question_asked_again_after_its_answer_is_a_new_one():
    cast = flows.answered()
    again = actions.ask(**flows.told(cast.person, cast.post), by=cast.person)
    assert again != cast.enquiry


def test_words_written_twice_are_written_once():
    cast = flows.asked_back()
    for text in ("Blue cheese.", "Blue cheese.", "And wine.", "Blue cheese."):
        actions.write_again(enquiry=cast.enquiry, text=text, by=cast.person)
    texts = list(cast.now.messages.order_by("pk").values_list("text", flat=True))
    assert texts[2:] == ["Blue cheese.", "And wine.", "Blue cheese."]
