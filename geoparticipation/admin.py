"""What the administration does not show."""

from django.contrib import admin
from procrastinate.contrib.django.models import ProcrastinateJob

# Jobs end and go by themselves; for looking into the queue there is `bin/manage procrastinate shell`.
admin.site.unregister(ProcrastinateJob)
