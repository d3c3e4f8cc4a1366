"""The table of verbs: what each asks, does, says, and where on the page its button stands.

Those that write something down or say it to somebody are in `writing.py`.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.models import User
from reporting import permissions
from reporting.actions import custody, outcomes, triage
from reporting.admin_views import writing
from reporting.admin_views.verb import Verb
from reporting.forms import desk as forms
from reporting.forms import desk_words as words
from reporting.models import Report


def _may_exclude(user: User, report: Report) -> bool:
    return permissions.can_exclude(user, report, user)


_TAKING = (
    Verb(
        "acknowledge",
        _("Acknowledge"),
        permissions.can_acknowledge,
        triage.acknowledge,
        _("Acknowledged. The reporter reads that an officer has it."),
        "decide",
    ),
    Verb(
        "grade",
        _("Grade"),
        permissions.can_grade,
        triage.grade,
        _("The grade is kept; earlier ones stay in the history."),
        "grade",
        form=forms.GradeForm,
        title=_("What is it worth?"),
        lead=_("Source and information are judged apart. As long as you cannot tell: X4, H2."),
        button=_("Keep the grade"),
        template="admin/reporting/report/grade.html",
    ),
    Verb(
        "take",
        _("Take it"),
        lambda user, report: report.assigned_to_id is None and permissions.can_take(user, report),
        custody.take,
        _("It is yours now."),
        "custody",
    ),
    Verb(
        "assign",
        _("Assign"),
        permissions.can_assign,
        custody.assign,
        _("It is assigned."),
        "custody",
        form=forms.AssignForm,
        title=_("Who works on it?"),
    ),
    Verb(
        "unassign",
        _("Give it back"),
        permissions.can_unassign,
        custody.unassign,
        _("It is nobody’s now."),
        "custody",
    ),
    Verb(
        "prioritise",
        _("Set the priority"),
        permissions.can_prioritise,
        triage.prioritise,
        _("The priority is set, and with it the clock."),
        "clocks",
        form=forms.PrioritiseForm,
        title=_("How soon must it be assessed?"),
    ),
    Verb(
        "classify",
        _("Copy out"),
        permissions.can_classify,
        triage.classify,
        _("Copied out: lists and statistics go by it."),
        "facts",
        form=forms.ClassifyForm,
        title=_("What sorts the queue"),
        lead=_("Only these codes leave the sealed report. What the reporter chose is put forward."),
        button=_("Copy out"),
        reads=True,
    ),
    Verb(
        "label",
        _("Label"),
        permissions.can_label,
        triage.label,
        _("Labelled."),
        "labels",
        form=forms.LabelForm,
    ),
    Verb(
        "unlabel",
        _("Remove a label"),
        permissions.can_label,
        triage.unlabel,
        _("The label is gone."),
        "unlabel",
        form=forms.UnlabelForm,
    ),
)

_DECIDING = (
    Verb(
        "assess",
        _("Mark as assessed"),
        permissions.can_assess,
        outcomes.assess,
        _("It is assessed."),
        "decide",
    ),
    Verb(
        "act",
        _("Action was taken"),
        permissions.can_act,
        outcomes.act,
        _("Action was taken."),
        "decide",
    ),
    Verb(
        "set_aside",
        _("Set aside"),
        permissions.can_set_aside,
        outcomes.set_aside,
        _("It is set aside."),
        "decide",
        form=words.ReasonForm,
        title=_("Set aside: nothing follows from it"),
        with_keys=True,
    ),
    Verb(
        "rule_out",
        _("Out of scope"),
        permissions.can_rule_out,
        outcomes.rule_out,
        _("It is out of scope."),
        "decide",
        form=words.ReasonForm,
        title=_("Out of scope: customs do not look after it"),
        with_keys=True,
    ),
    Verb(
        "merge",
        _("Merge into another"),
        permissions.can_merge,
        outcomes.merge,
        _("It goes on as part of the other report."),
        "decide",
        form=words.MergeForm,
        button=_("Merge"),
    ),
    Verb(
        "mark_malicious",
        _("Knowingly false"),
        permissions.can_mark_malicious,
        outcomes.mark_malicious,
        _("It is marked as knowingly false."),
        "decide",
        form=words.ReasonForm,
        title=_("Mark as knowingly false"),
        lead=_("An honest error is no false report."),
        danger=True,
        with_keys=True,
    ),
    Verb(
        "close",
        _("Close"),
        permissions.can_close,
        outcomes.close,
        _("It is closed."),
        "decide",
        form=words.CloseForm,
        title=_("Close the report"),
        lead=_("The reporter reads that it is closed, not what came of it."),
    ),
    Verb(
        "reopen",
        _("Reopen"),
        permissions.can_reopen,
        outcomes.reopen,
        _("It is open again."),
        "decide",
        form=words.ReasonForm,
        with_keys=True,
    ),
    Verb(
        "exclude",
        _("Conflict of interest"),
        _may_exclude,
        custody.exclude,
        _("Whoever has the conflict does not see the report any more."),
        "custody",
        form=forms.ExcludeForm,
        title=_("Shut out for a conflict of interest"),
        lead=_("From now on this officer does not see that the report exists."),
        button=_("Shut out"),
    ),
    Verb(
        "lift_exclusion",
        _("Lift a conflict"),
        permissions.can_lift_exclusion,
        custody.lift_exclusion,
        _("The officer sees the report again."),
        "custody",
        form=forms.LiftExclusionForm,
        title=_("The conflict of interest is over"),
    ),
)
VERBS = {verb.name: verb for verb in (*_TAKING, *writing.TABLE, *_DECIDING)}
