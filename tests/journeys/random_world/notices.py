"""What people were told, and e-mails that did not arrive."""

from hocvu.notices.models import Delivery, Notice, Trouble


def make_notices(world):
    for person in world.people:
        notice = Notice.objects.create(
            recipient_id=person.pk,
            kind="certificate_issued",
            key=world.mark(),
            facts={
                "decision": f"1/{world.mark()}",
                "decided_on": world.today.isoformat(),
                "programme": world.mark(),
                "serial_number": world.mark(),
            },
            address=person.email,
            is_urgent=False,
            told_at=world.now,
            due_at=world.now,
        )
        if person.email and world.chance.random() < 0.2:
            notice.delivery = _in_trouble(world, person)
            notice.save()
            world.unreached.append(person)
        world.notices.append(notice)


def _in_trouble(world, person):
    return Delivery.objects.create(
        recipient_id=person.pk,
        address=person.email,
        language="vi",
        is_urgent=False,
        made_at=world.now,
        due_at=world.now,
        tries=1,
        failed_at=world.now,
        trouble=Trouble.NO_MAILBOX,
        reply="550 5.1.1",
    )
