"""Ways to break the constraints of signing in (`test_constraints`)."""

from accounts.models import ProviderIdentity, User
from mapping.models import Campaign, Contribution


def open_to_friends(_stored: Contribution) -> object:
    return Campaign.objects.create(slug="new", title="New", open_to="friends")


def identity_of_two(_stored: Contribution) -> None:
    for name in ("first", "second"):
        user = User.objects.create_user(f"{name}@example.org")
        ProviderIdentity.objects.create(user=user, provider="oidc", digest=b"digest")


OF_SIGNING_IN = [("campaign_open_to", open_to_friends), ("provider_identity_once", identity_of_two)]
