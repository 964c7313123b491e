"""Django's admin and form classes as the generics that django-stubs sees in them.

Django's own cannot be subscripted at run time, and patching Django for the sake of types is not for production.
What is added, changed and deleted with them is recorded: see `accounts.recorded`.
"""

from typing import TYPE_CHECKING, Generic, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth import forms as auth_forms

from accounts.recorded import RecordedChanges

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline, TabularInline
    from django.contrib.auth.admin import UserAdmin
    from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
    from django.forms import ModelForm
else:
    Row = TypeVar("Row")
    Parent = TypeVar("Parent")

    class ModelAdmin(RecordedChanges, admin.ModelAdmin, Generic[Row]):
        """Django's, subscriptable, with a record."""

    class StackedInline(admin.StackedInline, Generic[Row, Parent]):
        """Django's, subscriptable."""

    class TabularInline(admin.TabularInline, Generic[Row, Parent]):
        """Django's, subscriptable."""

    class ModelForm(forms.ModelForm, Generic[Row]):
        """Django's, subscriptable."""

    class UserAdmin(RecordedChanges, auth_admin.UserAdmin, Generic[Row]):
        """Django's, subscriptable, with a record."""

    class AdminUserCreationForm(auth_forms.AdminUserCreationForm, Generic[Row]):
        """Django's, subscriptable."""

    class UserChangeForm(auth_forms.UserChangeForm, Generic[Row]):
        """Django's, subscriptable."""


__all__ = [
    "AdminUserCreationForm",
    "ModelAdmin",
    "ModelForm",
    "StackedInline",
    "TabularInline",
    "UserAdmin",
    "UserChangeForm",
]
