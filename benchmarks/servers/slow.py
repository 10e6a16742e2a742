"""Clients that take their time: requests without an end, bodies in drops, files read in sips.

    python benchmarks/servers/slow.py PORT SENDERS READERS FILE FORM COOKIE

It says 'ready' when all of them are connected, and goes on until it is killed. Who is cut off comes
back at once, as whoever means harm would.
"""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator

FORM_LENGTH = 50_000_000
SIP, RECEIVING = 1024, 4096  # bytes
PAUSE = 0.5  # seconds


async def connected(port: int) -> AsyncIterator[socket.socket]:
    """Yield connections, a new one whenever the one before has ended."""
    loop = asyncio.get_running_loop()
    while True:
        with socket.socket() as client, contextlib.suppress(OSError):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVING)
            client.setblocking(False)
            await loop.sock_connect(client, ("127.0.0.1", port))
            yield client
        await asyncio.sleep(PAUSE)


async def send(port: int, begin: str, drop: str) -> None:
    """Send a beginning, and then a drop at a time for ever."""
    loop = asyncio.get_running_loop()
    async for client in connected(port):
        with contextlib.suppress(OSError):
            await loop.sock_sendall(client, begin.encode())
            while True:
                await asyncio.sleep(PAUSE)
                await loop.sock_sendall(client, drop.encode())


async def read(port: int, request: str) -> None:
    """Ask for a file and read it in sips."""
    loop = asyncio.get_running_loop()
    async for client in connected(port):
        with contextlib.suppress(OSError):
            await loop.sock_sendall(client, request.encode())
            while await loop.sock_recv(client, SIP):
                await asyncio.sleep(PAUSE)


async def main(port: int, senders: int, readers: int, *, file: str, form: str, cookie: str) -> None:
    """Be as many slow clients."""
    headers = f"Host: localhost\r\nCookie: {cookie}\r\n"
    half = f"GET {file} HTTP/1.1\r\n{headers}"
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {FORM_LENGTH}"
    whole = f"POST {form} HTTP/1.1\r\n{headers}{kind}\r\n\r\na="
    clients = [
        *(send(port, half, "X-Slow: yes\r\n") for _ in range(senders // 2)),
        *(send(port, whole, "a") for _ in range(senders - senders // 2)),
        *(read(port, f"{half}\r\n") for _ in range(readers)),
    ]
    running = [asyncio.create_task(client) for client in clients]
    await asyncio.sleep(2)
    print("ready", flush=True)
    await asyncio.gather(*running)


if __name__ == "__main__":
    numbers, (file, form, cookie) = map(int, sys.argv[1:4]), sys.argv[4:]
    asyncio.run(main(*numbers, file=file, form=form, cookie=cookie))
