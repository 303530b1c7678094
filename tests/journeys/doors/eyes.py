"""What one person may see and do, said in plain Python over a random world.

Nothing here asks the database: these are the rules of access written a second time, so that the
queries of the rooms can be held against them.
"""

from functools import cached_property

from hocvu.kernel.ids import in_groups

SEES = {"training_officer", "registrar", "leader", "inspector"}
SEES_PEOPLE = {*SEES, "administrator"}
KEEPS_ROSTERS = RUNS_CLASSES = {"training_officer"}
ISSUES = {"registrar"}
APPROVES = {"registrar", "leader"}
GRANTS = {"administrator"}
WRITES = {"training_officer", "teacher"}


class Eyes:
    """What one person may see and do."""

    def __init__(self, world, me):
        self.world, self.me = world, me
        self.chance = world.chance

    # Units

    def reach(self, roles):
        """Units at or below one where a role of these is held today, found by walking upwards."""
        today = self.world.today
        tops = {
            grant.unit
            for grant in self.world.grants
            if grant.person == self.me
            and grant.role in roles
            and grant.from_on <= today
            and (grant.until_on is None or grant.until_on > today)
        }
        return {unit for unit in self.world.units if tops & set(above(unit))}

    @cached_property
    def seen(self):
        return self.reach(SEES)

    @cached_property
    def seen_for_people(self):
        return self.reach(SEES_PEOPLE)

    @cached_property
    def run(self):
        return self.reach(RUNS_CLASSES)

    @cached_property
    def kept(self):
        return self.reach(KEEPS_ROSTERS)

    @cached_property
    def issued(self):
        return self.reach(ISSUES)

    @cached_property
    def approved(self):
        return self.reach(APPROVES)

    @cached_property
    def granted(self):
        return self.reach(GRANTS)

    @cached_property
    def written(self):
        return self.reach(WRITES)

    @property
    def writes_at(self):
        """The widest units at which questions are written."""
        return [unit for unit in self.written if unit.parent not in self.written]

    @property
    def writes_for_everybody(self):
        """A role at the root of the country is one for the national bank."""
        return any(unit.parent is None for unit in self.written)

    @cached_property
    def own_units(self):
        return {post.unit for post in self.world.posts if post.person == self.me}

    def opens_unit(self, unit):
        return unit in self.seen_for_people or unit in self.own_units

    # People

    def posts(self, person):
        return [post for post in self.world.posts if post.person == person]

    def posts_today(self, person):
        today = self.world.today
        return [p for p in self.posts(person) if p.until_on is None or p.until_on > today]

    def main_post(self, person):
        return next((p for p in self.posts(person) if p.until_on is None and p.is_main), None)

    def opens_person(self, person):
        return person == self.me or any(
            post.unit in self.seen_for_people for post in self.posts_today(person)
        )

    def reads_number(self, person):
        post = self.main_post(person)
        return person == self.me or (post is not None and post.unit in self.kept)

    def acts_for(self, person):
        """Somebody a training officer may enrol or appoint."""
        post = self.main_post(person)
        return post is not None and post.unit in self.seen_for_people

    # Classes

    def supervises(self, training_class):
        return training_class.supervisor == self.me

    def opens_class(self, training_class):
        return self.supervises(training_class) or training_class.host_unit in self.seen

    def runs(self, training_class):
        return self.supervises(training_class) or training_class.host_unit in self.run

    def has_duty(self, point):
        return self.me in {point.chair, point.coordinator, point.technical_contact}

    def opens_point(self, point):
        return self.opens_class(point.training_class) or self.has_duty(point)

    def opens_roll(self, roll):
        return self.opens_point(roll.bridge_point)

    def takes(self, roll):
        point = roll.bridge_point
        return self.me in {point.chair, point.coordinator} or self.runs(point.training_class)

    def shows_code(self, roll):
        return roll.bridge_point.technical_contact == self.me or self.takes(roll)

    def opens_enrolment(self, enrolment):
        return self.opens_point(enrolment.bridge_point)

    def own_enrolments(self):
        return [each for each in self.world.enrolments if each.person == self.me and active(each)]

    # Tests

    def learners(self, training_class):
        return [e for e in self.world.enrolments if e.training_class == training_class]

    def sees_all_results(self, training_class):
        return self.supervises(training_class) or training_class.host_unit in self.seen

    def opens_results(self, sitting):
        return self.sees_all_results(sitting.training_class) or any(
            each.unit in self.seen for each in self.learners(sitting.training_class)
        )

    def opens_sitting(self, sitting):
        return self.sees_all_results(sitting.training_class) or any(
            active(each) and (each.person == self.me or each.unit in self.seen)
            for each in self.learners(sitting.training_class)
        )

    def opens_result(self, attempt):
        training_class = attempt.sitting.training_class
        return (
            attempt.person == self.me
            or self.sees_all_results(training_class)
            or any(
                each.person == attempt.person and each.unit in self.seen
                for each in self.learners(training_class)
            )
        )

    # Certificates

    def opens_decision(self, decision):
        return decision.training_class.host_unit in self.seen

    def opens_certificate(self, certificate):
        entry = certificate.entry
        return entry.person == self.me or self.opens_decision(entry.decision)

    def issues(self, training_class):
        return training_class.host_unit in self.issued

    def opens_proposal(self, proposal):
        return proposal.training_class.host_unit in self.approved

    def settles(self, proposal):
        return self.opens_proposal(proposal) and proposal.proposed_by != self.me

    def is_told_of(self, certificate):
        entry = certificate.entry
        return entry.person == self.me or entry.enrolment.unit in self.seen_for_people

    # What is told: sets of marks

    def marks(self, *texts):
        return self.world.marks_in(*(text for text in texts if text))

    def tell_units(self, units):
        return self.marks(*(unit.name for unit in units))

    def tell_path(self, unit):
        return self.tell_units(above(unit))

    def tell_line(self, person):
        """A person in a list: the name and the post held today."""
        post = self.main_post(person)
        told = self.marks(person.full_name)
        return told | self.marks(post.title, post.unit.name) if post else told

    def tell_person(self, person):
        told = self.marks(person.full_name, person.phone, person.email)
        for post in self.posts(person):
            told |= self.marks(post.title) | self.tell_path(post.unit)
        for grant in self.world.grants:
            if grant.person == person:
                told |= self.tell_units([grant.unit])
        if person == self.me or any(p.unit in self.granted for p in self.posts(person)):
            told |= self.marks(person.account.username)
        return told | (self.marks(person.identity_number) if self.reads_number(person) else set())

    def tell_names(self, *people):
        return self.marks(*(person.full_name for person in people if person))

    def tell_class(self, training_class):
        """Its name and code, and where it is held."""
        points = [p for p in self.world.points if p.training_class == training_class]
        told = self.marks(training_class.name, training_class.code)
        return told | self.tell_units([training_class.host_unit, *(p.unit for p in points)])

    def tell_point(self, point):
        told = self.marks(point.training_class.name) | self.tell_units([point.unit])
        for person in (point.chair, point.coordinator, point.technical_contact):
            if person:
                told |= self.marks(person.full_name, person.phone)
        acted = [roll for roll in self.world.rolls if roll.bridge_point == point]
        return told | self.tell_names(
            *(self.world.acted[r] for r in acted if r in self.world.acted)
        )

    def tell_learner(self, enrolment):
        return self.tell_names(enrolment.person) | self.tell_units([enrolment.unit])

    def tell_whole_class(self, training_class):
        told = self.tell_class(training_class) | self.marks(training_class.opening_decision)
        told |= self.tell_names(training_class.supervisor, self.world.acted[training_class])
        for point in self.world.points:
            if point.training_class == training_class:
                told |= self.tell_point(point)
        for enrolment in self.learners(training_class):
            told |= self.tell_learner(enrolment) if active(enrolment) else set()
        return told

    def tell_roll(self, roll):
        told = self.tell_point(roll.bridge_point) | self.marks(roll.difference_note)
        told |= self.tell_names(roll.closed_by, self.world.acted[roll])
        for enrolment in self.world.enrolments:
            if enrolment.bridge_point == roll.bridge_point:
                told |= self.tell_learner(enrolment)
        for mark in self.world.marks:
            if mark.roll == roll:
                told |= self.marks(mark.reason) | self.tell_names(mark.marked_by)
        return told

    def tell_own_classes(self):
        told = set()
        for enrolment in self.own_enrolments():
            told |= self.marks(enrolment.training_class.name)
            told |= self.tell_units([enrolment.bridge_point.unit])
        return told

    def tell_duties(self):
        told = set()
        for point in self.world.points:
            if self.has_duty(point):
                told |= self.marks(point.training_class.name) | self.tell_units([point.unit])
        return told

    def tell_results(self, sitting):
        told = self.marks(sitting.training_class.name)
        for enrolment in self.learners(sitting.training_class):
            if self.sees_all_results(sitting.training_class) or enrolment.unit in self.seen:
                told |= self.tell_learner(enrolment)
        return told

    def tell_certificate(self, certificate):
        entry = certificate.entry
        code = certificate.verification_code
        return (
            self.tell_units([entry.enrolment.unit, certificate.issuer])
            | self.marks(entry.full_name, certificate.serial_number, entry.decision.symbol)
            | self.marks(bytes(certificate.file).decode())
            | {code.casefold(), in_groups(code).casefold()}
        )

    def tell_certificates(self, certificates):
        return set().union(*(self.tell_certificate(each) for each in certificates), set())

    def tell_decision(self, decision):
        told = self.marks(decision.symbol, decision.signer_name, decision.training_class.name)
        told |= self.tell_units([decision.issuer]) | self.tell_names(decision.issued_by)
        for entry in self.world.entries:
            if entry.decision == decision:
                told |= self.tell_learner(entry.enrolment)
        of_it = [c for c in self.world.certificates if c.entry.decision == decision]
        return told | self.tell_certificates(of_it)

    def tell_proposal(self, proposal):
        told = self.marks(proposal.symbol, proposal.signer_name, proposal.training_class.name)
        told |= self.tell_names(proposal.proposed_by, proposal.result_record.approved_by)
        for enrolment in self.learners(proposal.training_class):
            told |= self.tell_learner(enrolment)
            told |= self.marks(*(post.title for post in self.posts(enrolment.person)))
        return told | self.tell_units([proposal.training_class.host_unit])

    def tell_chain(self, decision):
        return self.tell_decision(decision) | self.marks(decision.training_class.opening_decision)

    def tell_roster(self, roster):
        told = self.marks(roster.file_name) | self.tell_path(roster.unit)
        told |= self.tell_names(roster.uploaded_by, roster.imported_by)
        for line in roster.lines:
            told |= self.marks(line["full_name"], line["identity_number"])
        return told

    def outside(self, things, is_inside):
        """One thing that lies outside, or nothing."""
        found = [thing for thing in things if not is_inside(thing)]
        return self.chance.choice(found) if found else None

    def inside(self, things, is_inside):
        return self.outside(things, lambda thing: not is_inside(thing))


def above(unit):
    """The unit and those it lies in."""
    found = [unit]
    while found[-1].parent is not None:
        found.append(found[-1].parent)
    return found


def active(enrolment):
    return enrolment.withdrawn_at is None
