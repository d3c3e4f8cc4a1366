"""The demonstration of the posts: manned by invented people, with what the desk has to notice."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from partners import post_clock
from partners.lifecycle import PostStatus
from partners.models import Post, Posting
from partners.post_timeline import draw
from portal import demonstration as people
from portal import reference_files

pytestmark = pytest.mark.django_db


@pytest.fixture
def demonstration(settings):
    settings.DEMONSTRATION = True
    reference_files.load()
    call_command("load_directory", verbosity=0)
    people.add_staff()
    call_command("load_partners_demonstration", verbosity=0)


def test_seven_posts_are_manned_with_a_gap_an_overlap_and_an_end_near(demonstration):
    assert Post.objects.filter(status=PostStatus.ACTIVE).count() == 7
    lines = draw(Post.objects.standing()).lines
    today = timezone.localdate()
    assert {line.post.code for line in lines if line.kind == "overlap"} == {"singapore"}
    past = {line.post.code for line in lines if line.kind == "gap" and line.since < today}
    assert past == {"brasilia"}
    assert {one.post.code for one in post_clock.ending()} == {"singapore", "london"}
    before = Posting.objects.count()
    call_command("load_partners_demonstration", verbosity=0)
    assert Posting.objects.count() == before


def test_demonstration_is_refused_elsewhere(db):
    with pytest.raises(CommandError, match="demonstration mode only"):
        call_command("load_partners_demonstration")
