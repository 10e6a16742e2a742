"""How gunicorn serves the product. It reads this by itself where it is started, in this folder:
`gunicorn lms.wsgi --bind 0.0.0.0:8000`; what is said there comes before what stands here."""

from pathlib import Path

from lms.running.processes import cores

worker_class = "lms.running.web.Worker"
workers = cores()
threads = 4  # pages that a process makes at once
worker_connections = 1000  # of a process
keepalive = 15  # seconds in which a connection may be used again
timeout = 120  # seconds after which a process with a page that does not end is replaced
graceful_timeout = 8  # seconds in which what is under way may end
preload_app = True  # what was read once is shared by all processes
control_socket_disable = True
loglevel = "warning"
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"
