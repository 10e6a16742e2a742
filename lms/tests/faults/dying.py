"""Does a work of the product in a process that is killed just before one of its statements.

Started once with the surroundings of a test; each line that it reads names a work and a number,
and is answered with how the process of that work ended: -9 where it was killed, 0 where it came
to its end with fewer statements.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

Kill = Callable[..., bool]


@contextlib.contextmanager
def mortal(**environment: str) -> Iterator[Kill]:
    """Yield a function that does a work and has it killed before its n-th statement; it returns
    whether the work came so far."""
    from lms.tests import processes

    surroundings = {**os.environ, **processes.surroundings_of_this_test(), **environment}
    command = [sys.executable, "-m", "lms.tests.faults.dying"]
    process = subprocess.Popen(
        command,
        cwd=processes.ROOT,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def kill(work: str, *args: object, before: int) -> bool:
        process.stdin.write(json.dumps([work, args, before]) + "\n")
        process.stdin.flush()
        ended = int(process.stdout.readline())
        assert ended in (0, -signal.SIGKILL), f"{work} failed by itself ({ended})"
        return ended == -signal.SIGKILL

    with process:
        yield kill
        process.stdin.close()


def main() -> None:
    """Do what is read, each in a child of its own, which inherits no connection."""
    import django

    django.setup()
    works = _works()
    for line in sys.stdin:
        work, args, before = json.loads(line)
        child = os.fork()
        if not child:
            _die(works[work], args, before)
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _die(work: Callable[..., object], args: list, before: int) -> None:
    import traceback

    from django.db import connection

    left = before

    def count(execute: Callable, *told: object) -> object:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*told)

    code = 1
    try:
        with connection.execute_wrapper(count):
            work(*args)
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)


def _works() -> dict[str, Callable[..., object]]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from certifications import awarding
    from certifications.assigning import jobs as assigning
    from certifications.assigning import rules
    from certifications.certificates import pdf, rendering
    from learners.files import file_kinds, keeping
    from learners.importing import jobs
    from learners.studying import terms
    from learners.telling import notify
    from learners.uploading import finishing

    pdf.press()

    def upload(path: str) -> None:
        file = SimpleUploadedFile("in.csv", Path(path).read_bytes())
        keeping.store(upload=file, owner=None, kinds=file_kinds.ALL, max_size=keeping.MEGABYTE)

    return {
        "settle": awarding.drain,
        "print": lambda: rendering.render_waiting(seconds=60),
        "mail": notify.send_due,
        "lapse": terms.lapse_terms,
        "assign": lambda pk: assigning.run(job_id=pk),
        "apply rules": rules.apply_all,
        "import": lambda pk: jobs.run(job_id=pk),
        "upload": upload,
        "purge": keeping.purge_unclaimed,
        "piece": _send_piece,
        "finish": finishing.finish_one,
        "save": _save_register,
    }


def _send_piece(pk: int, path: str) -> None:
    """Send a file from where it is, in one piece."""
    from learners.models import Upload
    from learners.uploading import receiving

    upload = Upload.objects.get(pk=pk)
    content = Path(path).read_bytes()[upload.offset :]
    pieces = [content[at : at + 65_536] for at in range(0, len(content), 65_536)]
    receiving.append(upload=upload, at=upload.offset, pieces=pieces)


def _save_register(run_pk: int, by_pk: int, typed: dict) -> None:
    from attendance.marking import registers
    from attendance.register import drafts, savings
    from learners.models import User

    by = User.objects.get(pk=by_pk)
    run = registers.runs_for(by).get(pk=run_pk)
    savings.save_register(run=run, typed=drafts.from_json(typed), by=by)


if __name__ == "__main__":
    main()
