"""Asks the advisory services about everything that is installed, and says so when it cannot.

Three answers: nothing known (0), something known (1), and nobody could be asked (2), which is not
the same as nothing known.
"""

import shutil
import subprocess
import sys

FINE, KNOWN, UNASKED = 0, 1, 2
PATIENCE = 120  # seconds; a service that is there answers within ten
LOCKS = ("requirements.txt", "requirements-dev.txt")
# What both tools print when they did ask and found something.
FOUND = ("known vulnerabilit", "severity")


def python(lock: str) -> list[str]:
    """Return the command that asks about the packages of a lock."""
    options = ["--require-hashes", "--disable-pip", "--progress-spinner=off"]
    return [sys.executable, "-m", "pip_audit", "--requirement", lock, *options]


def ask(what: str, command: list[str]) -> int:
    """Ask one service about one lock, and return and print what became of it."""
    if shutil.which(command[0]) is None:
        print(f"{what}: NOT ASKED, {command[0]} is not here")
        return UNASKED
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        print(f"{what}: NOT ASKED, no answer within {PATIENCE} seconds")
        return UNASKED
    told = f"{done.stdout}\n{done.stderr}"
    if done.returncode == 0:
        print(f"{what}: nothing known")
        return FINE
    if any(word in told.lower() for word in FOUND):
        print(f"{what}: something is known\n{told}")
        return KNOWN
    print(f"{what}: NOT ASKED, the service could not be reached:\n{told.strip()[-500:]}")
    return UNASKED


def main() -> int:
    answers = [ask(lock, python(lock)) for lock in LOCKS]
    answers.append(ask("package-lock.json", ["npm", "audit", "--audit-level=low"]))
    return KNOWN if KNOWN in answers else max(answers)


if __name__ == "__main__":
    sys.exit(main())
