"""How gunicorn runs the service, wherever it is started: it reads this file in the folder that it is started in.

What is given on its command line goes before.
"""

import sys

#: The most that gunicorn can take; its own 4,094 is less than URLs with long keys, watermarks and base64 have.
limit_request_line = 8190

worker_class = "gthread"
workers = 2
threads = 16
loglevel = "warning"

#: What cannot be started ends gunicorn at once and with a sentence, instead of its workers again and again. Not while
#: it watches the code: what was loaded before the workers is never loaded again.
preload_app = "--reload" not in sys.argv

#: Its socket for managing it is in the home of the service's user, who may have none. Nothing here uses it.
control_socket_disable = True
