"""WSGI entry point, served by granian (see `bin/demo`)."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from geoparticipation.serving.cut_streams import cutting_broken_streams
from geoparticipation.serving.orphans import end_with_parent
from geoparticipation.serving.turns import by_turns
from geoparticipation.serving.utf8 import Utf8Request
from geoparticipation.serving.words import read_all
from geoparticipation.watching.processes import share_metrics, watch_this_process

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoparticipation.settings")

end_with_parent()
share_metrics()
handler = get_wsgi_application()
handler.request_class = Utf8Request
application = cutting_broken_streams(by_turns(handler, settings.READS_AT_ONCE))
# Views are imported, names of built files and words of scripts read before the first request, not by it.
_ = get_resolver().url_patterns
read_all()
watch_this_process()
# What is there now stays. To look through it for garbage again and again takes a tenth of a second each time.
gc.collect()
gc.freeze()
