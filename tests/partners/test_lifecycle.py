"""The page of the documentation that shows the tables of posts and of business help."""

from partners.management.commands.draw_partners_lifecycle import drawn


def test_diagrams_are_drawn_from_the_tables(settings):
    assert (settings.BASE_DIR / "docs" / "lifecycle-partners.md").read_text() == drawn()
