"""Addresses of the international partners: one block for each noun."""

from __future__ import annotations

from django.urls import path

from partners.views import api, directory, downloads, enquiries, notices, posts

app_name = "partners"
urlpatterns = [
    # Business help: a firm asks a post.
    path("enquiries/", enquiries.enquiries, name="enquiries"),
    path("enquiries/ask/", enquiries.ask, name="ask"),
    path("enquiries/<uuid:uuid>/", enquiries.enquiry, name="enquiry"),
    path("enquiries/<uuid:uuid>/withdraw/", enquiries.withdraw, name="withdraw_enquiry"),
    path("enquiries/<uuid:uuid>/files/<uuid:file>/", enquiries.file, name="enquiry_file"),
    path("posts/<slug:code>/ask/", enquiries.ask, name="ask_post"),
    # Opportunities for firms.
    path("notices/", notices.notices, name="notices"),
    path("notices/<uuid:uuid>/", notices.notice, name="notice"),
    path("notices/letters/", notices.subscriptions, name="subscriptions"),
    path("notices/letters/<uuid:uuid>/end/", notices.end_subscription, name="end_subscription"),
    path("notices/letters/stop/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    # The directory by its other doors.
    path("api/", api.guide, name="api"),
    path("api/partners/", api.partners, name="api_partners"),
    path("api/partners/<str:code>/", api.partner, name="api_partner"),
    path("api/posts/", api.posts, name="api_posts"),
    path("api/posts/<slug:code>/", api.post, name="api_post"),
    path("download/partners.csv", downloads.partners, name="partners_csv"),
    path("download/contacts.csv", downloads.contacts, name="contacts_csv"),
    path("download/posts.csv", downloads.posts, name="posts_csv"),
    path("download/post-contacts.csv", downloads.post_contacts, name="post_contacts_csv"),
    path("contacts/<uuid:uuid>/card.vcf", downloads.contact_card, name="contact_card"),
    path("<str:code>/card.vcf", downloads.card, name="card"),
    # Posts abroad.
    path("posts/", posts.posts, name="posts"),
    path("posts/map/", posts.world, name="posts_map"),
    path("posts/<slug:code>/card.vcf", downloads.post_card, name="post_card"),
    path("posts/<slug:code>/", posts.post, name="post"),
    # The directory. A code may hold a colon; what stands above goes first.
    path("<str:code>/", directory.partner, name="partner"),
]
