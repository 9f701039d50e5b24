"""Does a job with linq-python: verify, get, receive or send as lines on stdin say, or one call at once."""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import linq

MESSAGE_ID = "69a37c7d-af4f-4b5e-af42-e28e98ce873a"
IN_FLIGHT = 32

# The base URL and the key are in the environment.
client = linq.LinqAPIV3(webhook_secret=os.environ.get("PEERS_SECRET"))


def repeat(call):
    for line in sys.stdin:
        for _ in range(int(line)):
            call()
        print("done", flush=True)


def verify(name):
    from standardwebhooks import Webhook

    with open(f"{os.environ['PEERS_BODIES']}/{name}.json", encoding="utf-8") as file:
        body = file.read()
    now = datetime.now(timezone.utc)
    headers = {
        "webhook-id": "1d883680",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(os.environ["PEERS_SECRET"]).sign("1d883680", now, body),
    }
    repeat(lambda: client.webhooks.unwrap(body, headers=headers))


def get():
    repeat(lambda: client.messages.retrieve(MESSAGE_ID))


async def application(scope, receive, send):
    """A plain ASGI application, without a framework."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        client.webhooks.unwrap(body.decode(), headers=headers)
        status = 204
    except Exception:
        status = 401
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def receive():
    import socket

    import uvicorn

    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print(listener.getsockname()[1], flush=True)
    # The connections stay open while the other peers take their turns.
    config = uvicorn.Config(
        application,
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=3600,
    )
    uvicorn.Server(config).run(sockets=[listener])


def send():
    plan = json.loads(sys.stdin.readline())
    chats = plan["chats"]

    def one(number):
        message = {"parts": [{"type": "text", "value": str(number)}]}
        try:
            client.chats.messages.send(chats[number % len(chats)], message=message)
            return None
        except Exception:
            return number

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        failed = [number for number in pool.map(one, range(plan["sends"])) if number is not None]
    print(json.dumps({"failed": failed}), flush=True)


def call():
    print(client.phone_numbers.list().phone_numbers[0].phone_number)


def versions():
    from importlib.metadata import version

    print(f"linq-python {version('linq-python')}")
    print(f"Python {sys.version.split()[0]}, pydantic {version('pydantic')}, uvicorn {version('uvicorn')}")


jobs = {job.__name__: job for job in (verify, get, receive, send, call, versions)}
jobs[sys.argv[1]](*sys.argv[2:])
