"""What each database role may do with the agreements' tables."""

from __future__ import annotations

from portal.rights import ALL, READ, READ_ADD, READ_WRITE

RIGHTS: dict[str, dict[str, str]] = {
    # What the administration lays down.
    "mou_programme": {"site": READ, "office": READ_WRITE, "worker": READ},
    "mou_template": {"site": READ, "office": READ_WRITE, "worker": READ},
    "mou_clause": {"site": READ, "office": READ_WRITE, "worker": READ},
    "mou_clauserevision": {"office": READ_WRITE},
    "mou_trustscheme": {"site": READ, "office": READ_WRITE, "worker": READ},
    # The register; imports are read by the worker. What happened is added, never changed.
    "mou_truststatus": {"site": READ, "office": READ_WRITE, "worker": READ_WRITE},
    "mou_eoricheck": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "mou_mutualrecognition": {"office": READ_WRITE, "worker": READ},
    "mou_statusconsent": {"office": READ_WRITE, "worker": READ_WRITE},
    "mou_trustdecision": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "mou_statusevent": {"site": READ, "office": READ_ADD, "worker": READ_ADD},
    "mou_certificateimport": {"office": READ_WRITE, "worker": READ_WRITE},
    "mou_difference": {"office": READ, "worker": ALL},
    "mou_rejectedrow": {"office": READ, "worker": ALL},
    "mou_rownote": {"office": READ, "worker": ALL},
    # Agreements: both sides and the worker lead them on.
    "mou_mouoffer": {"site": "SELECT, UPDATE", "office": READ_WRITE, "worker": READ_WRITE},
    # Confirmed at the desk, worked off by the worker.
    "mou_offerbatch": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "mou_offerbatchline": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "mou_mou": {"site": READ_WRITE, "office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "mou_mouversion": {
        "site": "SELECT, UPDATE",
        "office": READ_WRITE,
        "worker": "SELECT, UPDATE",
    },
    "mou_acceptance": {"site": "SELECT, INSERT, DELETE", "office": READ_ADD, "worker": READ},
    "mou_signature": {"site": READ_WRITE, "office": READ_WRITE, "worker": "SELECT, UPDATE"},
    # Written by anybody, read by the desk; the site shows a refusal to who has its letter; the
    # worker erases what names people.
    "mou_interest": {
        "site": "SELECT, INSERT, UPDATE",
        "office": READ_WRITE,
        "worker": "SELECT, UPDATE",
    },
    # What both sides say of the text; what is open lapses with the agreement.
    "mou_clauseproposal": {
        "site": READ_WRITE,
        "office": READ_WRITE,
        "worker": "SELECT, UPDATE",
    },
    "mou_clausecomment": {"site": READ_ADD, "office": READ_ADD},
    "mou_amendment": {"site": "SELECT, UPDATE", "office": READ_WRITE, "worker": "SELECT, UPDATE"},
    # The firm answers, the desk returns and reads.
    "mou_flowsurvey": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ},
    "mou_answer": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ},
    "mou_answerfile": {"site": READ_ADD, "office": READ},
    # The desk's own, until it shares something: the firm's pages read that and no more.
    "mou_riskassessment": {"office": READ_WRITE},
    "mou_riskrating": {"office": READ_WRITE},
    "mou_sharedrisks": {"site": READ, "office": READ_ADD},
    # What both sides plan together, each by its own pages; the worker reminds and makes the text.
    "mou_measure": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ},
    "mou_measurefile": {"site": READ_ADD, "office": READ_ADD},
    "mou_activity": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ},
    "mou_contactpoint": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ},
    # Member firms: named by the association or the desk, confirmed by the firm.
    "mou_cover": {"site": READ_WRITE, "office": READ_WRITE, "worker": "SELECT, UPDATE"},
    # Given by the firm; the desk reads it.
    "mou_listing": {"site": READ_WRITE, "office": READ, "worker": "SELECT, UPDATE"},
    # Written and approved at the desk, spread by the worker, acknowledged by the firm.
    "mou_alert": {"site": READ, "office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "mou_alertdelivery": {"site": "SELECT, UPDATE", "office": READ, "worker": READ_WRITE},
    # Said by the desk of what a firm did; the firm reads it.
    "mou_feedback": {"site": READ, "office": READ_WRITE},
    # Sessions are planned at the desk, seats taken by firms.
    "mou_training": {"site": READ, "office": READ_WRITE, "worker": READ},
    "mou_attendee": {"site": READ_WRITE, "office": "SELECT, UPDATE", "worker": READ},
    "mou_guidance": {"site": READ, "office": READ_WRITE},
    # The life of an agreement in force.
    "mou_review": {"site": "SELECT, UPDATE", "office": READ_WRITE, "worker": READ_WRITE},
    "mou_suspension": {"site": READ, "office": READ_WRITE, "worker": READ_WRITE},
    "mou_notice": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ},
    "mou_history": {"site": READ, "office": READ, "worker": READ},
    # The worker stamps archived files again.
    "mou_document": {"site": READ, "office": READ, "worker": "SELECT, INSERT, UPDATE"},
    "mou_furthersignatory": {
        "site": "SELECT, INSERT, DELETE",
        "office": READ,
        "worker": READ,
    },
    "mou_delegation": {"site": READ_WRITE, "office": READ, "worker": READ},
    "mou_earlieredition": {"site": READ, "office": READ, "worker": READ_ADD},
}
