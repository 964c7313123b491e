#!/usr/bin/env python3
"""Django's command line for geoparticipation; `bin/manage` calls it inside the environment."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoparticipation.settings")
    from django.core.management import execute_from_command_line

    from geoparticipation.watching.processes import share_nothing

    share_nothing()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
