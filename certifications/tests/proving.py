"""Somebody who hands in evidence over the years, for tests that search; each act sees for itself
that it is done where that is right, and refused elsewhere."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from certifications import evidence
from certifications.cycles import renewing
from certifications.defining import publication
from certifications.evidence import EvidenceRefused, Facts
from certifications.models import Evidence, EvidenceFile, EvidenceState
from certifications.tests import lives
from certifications.tests.factories import a_certification
from certifications.tests.lives import ONE_DAY
from certifications.tests.owed import Owed, asked_again_on, begun, renewed
from learners.tests.factories import OrganisationFactory


class Person(lives.Person):
    """Somebody who hands in evidence, and whoever judges it; `owed` is what each cycle must give,
    by its number."""

    def __init__(self, zone, rule, clock) -> None:
        organisation = OrganisationFactory(time_zone=zone)
        made = a_certification(organisation=organisation, kind="external", **rule)
        super().__init__(made, clock)
        self.owed: dict[int, Owed] = {}

    @property
    def today(self) -> date:
        return self.certification.organisation.today()

    @property
    def evidence(self) -> Evidence | None:
        """The last one that was handed in."""
        mine = Evidence.objects.filter(cycle__assignment=self.assignment)
        return mine.select_related("cycle__version").order_by("-pk").first()

    def facts(self, ago, lasts, issuer) -> Facts:
        if ago is None:
            return Facts(issuer=issuer)
        obtained_on = self.today - timedelta(days=ago)
        ends_on = None if lasts is None else obtained_on + timedelta(days=lasts)
        return Facts(obtained_on, ends_on, issuer)

    def hand_in(self, files, ago, lasts, issuer) -> None:
        """Hand in what is wanted, and see that anything else is refused."""
        renewing.begin_for(self.learner)  # as the page does
        cycle = self.cycles()[-1]
        uploads = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.7 a proof") for n in range(files)]
        stored = evidence.store(files=uploads, by=self.learner)
        is_wanted = files > 0 and is_expected(cycle) and not waiting_in(cycle)
        given = {"cycle": cycle, "files": stored, "facts": self.facts(ago, lasts, issuer)}
        assert is_wanted == is_done(evidence.hand_in, self.learner, **given)

    def prove(self, *said) -> None:
        self.hand_in(1, *said)
        self.accept(*said)

    def accept(self, *said) -> None:
        self.judge(self.facts(*said))

    def accept_as_it_is(self) -> None:
        if submitted := self.evidence:
            self.judge(Facts(submitted.obtained_on, submitted.ends_on, submitted.issuer))

    def judge(self, facts) -> None:
        """Accept the last evidence where that is right, and see that it is refused elsewhere."""
        if (submitted := self.evidence) is None:
            return
        rows = {row.number: row for row in self.cycles()}
        row = rows[submitted.cycle.number]
        may = self.may_be_accepted(submitted, row, rows.get(row.number - 1), facts)
        if may and submitted.waits:
            self.owed[row.number] = self.owed_for(row, rows.get(row.number - 1), facts)
        assert may == is_done(evidence.accept, self.by, evidence=submitted, facts=facts)

    def may_be_accepted(self, submitted, row, before, facts) -> bool:
        if not submitted.waits:
            return submitted.state == EvidenceState.ACCEPTED  # which changes nothing
        day = facts.obtained_on
        if not (is_expected(row) and submitted.files.exists() and day and day <= self.today):
            return False
        if before is None:
            return True
        last_day = self.last_day_of(before)
        adds_nothing = facts.ends_on and day <= last_day and facts.ends_on <= last_day
        return day > before.completed_on and not adds_nothing

    def last_day_of(self, row) -> date:
        """The last day on which a cycle was valid: before it was withdrawn, where it was."""
        days = [self.owed[row.number].until or date.max]
        if row.revoked_at:
            tz = self.certification.organisation.tz
            days.append(timezone.localdate(row.revoked_at, tz) - ONE_DAY)
        return min(days)

    def owed_for(self, row, before, facts) -> Owed:
        """Go on from what is renewed in time; begin anew elsewhere, also where it was withdrawn
        before its end."""
        day, gap = facts.obtained_on, 0
        if before:
            old, last_day = self.owed[before.number], self.last_day_of(before)
            if day <= last_day == old.until:
                return renewed(old, row.version, day).cut(facts.ends_on)
            gap = max(0, (day - last_day).days - 1)
        return begun(row.version, day, gap).cut(facts.ends_on)

    def refuse(self, reason) -> None:
        if submitted := self.evidence:
            may = submitted.state == EvidenceState.REFUSED or bool(
                submitted.waits and reason.strip()
            )
            assert may == is_done(evidence.refuse, self.by, evidence=submitted, reason=reason)

    def lose_the_files(self) -> None:
        if (submitted := self.evidence) and submitted.waits:
            EvidenceFile.objects.filter(evidence=submitted).delete()

    def withdraw_evidence(self) -> None:
        counting = [row for row in self.cycles() if row.completed_on and not row.revoked_at]
        for row in counting[-1:]:
            evidence.revoke(cycle=row, by=self.by, reason="Forged")

    def retire(self) -> None:
        publication.retire(certifications=[self.certification], by=self.by)

    def bring_back(self) -> None:
        publication.bring_back(certifications=[self.certification], by=self.by)

    def wait_until_it_is_asked_again(self, days) -> None:
        """Come back some days before or after the next evidence may be handed in."""
        ending = [row for row in self.cycles() if row.valid_until]
        for row in ending[-1:]:
            self.wait(max(0, (asked_again_on(row) - self.today).days + days))

    def outcome(self) -> list[tuple]:
        said = ("cycle__number", "state", "obtained_on", "ends_on", "files__file__name")
        mine = Evidence.objects.filter(cycle__assignment=self.assignment)
        return [*super().outcome(), *mine.order_by("pk", "files").values_list(*said)]


def is_done(act, by, **what) -> bool:
    """Whether something was done, rather than refused."""
    try:
        with transaction.atomic():
            act(by=by, **what)
    except EvidenceRefused:
        return False
    return True


def is_expected(row) -> bool:
    """Whether evidence is expected in a cycle."""
    assignment = row.assignment
    assignment.refresh_from_db()
    return not (row.completed_on or row.exempted_at or row.revoked_at or assignment.ended_at)


def waiting_in(row) -> int:
    return Evidence.objects.filter(cycle=row, state=EvidenceState.SUBMITTED).count()
