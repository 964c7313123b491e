"""People who registered for public dates: nobody but those who edit the event may meet their names."""

from engagement.models import Event, Registration, RegistrationState
from tests.gate.world import HIDDEN


def put_down_names() -> None:
    """Somebody with a place and somebody who waits, for every date of every event that takes registrations."""
    for event in Event.objects.filter(takes_registrations=True):
        for date in event.dates.all():
            for state in (RegistrationState.REGISTERED, RegistrationState.WAITING):
                Registration.objects.create(
                    date=date,
                    name=f"{HIDDEN} name",
                    mail=f"{HIDDEN.lower()}-{state}@example.org",
                    needs=f"{HIDDEN} needs",
                    state=state,
                )
