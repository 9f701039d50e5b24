"""A conversation between linq-python and a sandbox, with one line on stdout per step.

The client takes its address and key from LINQ_API_V3_BASE_URL and LINQ_API_V3_API_KEY.
"""

import json
import os
import queue
import sys
import threading
import time
import traceback
import urllib.parse
import urllib.request
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import linq
from linq.types import MessageReceivedWebhookEvent, ReactionAddedWebhookEvent

OLDEST = linq.__version__ == "0.1.0"
PERSON = "+12025550199"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)


@contextmanager
def step(name):
    try:
        yield
    except Exception:
        print(f"FAILED {name}", flush=True)
        traceback.print_exc()
        sys.exit(1)
    print(f"ok {name}", flush=True)


def equal(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what} is {actual!r} instead of {expected!r}")


def control(path, body):
    """Calls a control endpoint of the sandbox: what happens outside the API."""
    address = urllib.parse.urljoin(os.environ["LINQ_API_V3_BASE_URL"], f"/sandbox/{path}")
    key = os.environ["LINQ_API_V3_API_KEY"]
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Authorization": f"Bearer {key}"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


class Receiver:
    """A server for webhooks, which keeps them by their event types."""

    def __init__(self):
        received = self.received = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                received.put((body, dict(self.headers)))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}/webhooks"

    def next(self, event_type):
        """The body and the headers of the next webhook of this type."""
        while True:
            body, headers = self.received.get(timeout=30)
            if json.loads(body)["event_type"] == event_type:
                return body, headers


def text(value):
    return {"parts": [{"type": "text", "value": value}]}


def refused(error, code, call):
    """The call fails by this very class, with this code in the answer."""
    try:
        call()
    except linq.APIStatusError as refusal:
        equal(type(refusal), error, "the error")
        equal(refusal.response.json()["error"]["code"], code, "the code")
        return refusal
    raise AssertionError(f"nothing was refused; {error.__name__} was due")


def upload(attachment, content):
    request = urllib.request.Request(
        attachment.upload_url, content, attachment.required_headers, method=attachment.http_method
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        equal(answer.status, 200, "the status of the upload")


def read_webhook(client, secret, body, headers):
    """Reads a webhook by what this version of the client has for it."""
    if OLDEST:
        return client.webhooks.events(body)

    from standardwebhooks import WebhookVerificationError

    event = client.webhooks.unwrap(body, headers=headers, key=secret)
    try:
        client.webhooks.unwrap(body + " ", headers=headers, key=secret)
    except WebhookVerificationError:
        return event
    raise AssertionError("a webhook that was changed on its way was verified")


def main():
    # Answers must fit the models. Those of the oldest client know nothing of messages that were not sent yet.
    client = linq.LinqAPIV3(_strict_response_validation=not OLDEST)
    impatient = client.with_options(max_retries=0)

    with step("list lines"):
        line = client.phone_numbers.list().phone_numbers[0].phone_number

    with step("create chat"):
        chat = client.chats.create(from_=line, to=[PERSON], message=text("We open at nine.")).chat
        opening = chat.message
        equal(opening.delivery_status, "pending", "the delivery status")

    with step("send"):
        sent = [opening.id]
        for value in ["Bring your ticket.", "Doors close at ten.", "No dogs, sorry.", "See you!"]:
            answer = client.chats.messages.send(chat.id, message=text(value))
            equal(answer.chat_id, chat.id, "the chat")
            equal(answer.message.parts[0].value, value, "the text")
            sent.append(answer.message.id)

    with step("page through messages"):
        pages = list(client.chats.messages.list(chat.id, limit=2).iter_pages())
        equal([len(page.messages) for page in pages], [2, 2, 1], "the size of the pages")
        equal(sorted(message.id for page in pages for message in page.messages), sorted(sent), "all ids")
        listed = [message.id for message in client.chats.messages.list(chat.id, limit=2)]
        equal(len(listed), len(sent), "the number of messages without regard to pages")
        chats = list(client.chats.list_chats(from_=line, limit=1))
        equal([listed.id for listed in chats], [chat.id], "the chats")

    with step("read a message"):
        control("advance", {"seconds": 10})
        message = client.messages.retrieve(opening.id)
        equal(message.parts[0].value, "We open at nine.", "the text")
        equal(message.delivery_status, "read", "the delivery status")
        client.chats.mark_as_read(chat.id)

    with step("react"):
        client.messages.add_reaction(opening.id, operation="add", type="love")
        control("advance", {"seconds": 5})
        reactions = client.messages.retrieve(opening.id).parts[0].reactions
        equal([(reaction.type, reaction.is_me) for reaction in reactions], [("love", True)], "the reactions")

    with step("edit"):
        edited = client.messages.update(opening.id, text="We open at ten.", part_index=0)
        equal(edited.parts[0].value, "We open at ten.", "the answer's text")
        equal(client.messages.retrieve(opening.id).parts[0].value, "We open at ten.", "the text")

    with step("attach"):
        attachment = client.attachments.create(content_type="image/png", filename="map.png", size_bytes=len(PIXEL))
        media = {"parts": [{"type": "media", "attachment_id": attachment.attachment_id}]}
        refused(linq.NotFoundError, 2007, lambda: client.chats.messages.send(chat.id, message=media))
        upload(attachment, PIXEL)
        part = client.chats.messages.send(chat.id, message=media).message.parts[0]
        equal((part.filename, part.mime_type, part.size_bytes), ("map.png", "image/png", len(PIXEL)), "the part")
        with urllib.request.urlopen(part.url, timeout=30) as download:
            equal(download.read(), PIXEL, "the downloaded file")

    receiver = Receiver()
    with step("subscribe"):
        subscription = client.webhook_subscriptions.create(
            target_url=f"{receiver.url}?version=2026-02-03",
            subscribed_events=["message.received", "reaction.added"],
        )
        secret = subscription.signing_secret
        subscriptions = client.webhook_subscriptions.list().subscriptions
        equal([listed.id for listed in subscriptions], [subscription.id], "the subscriptions")

    with step("receive a webhook"):
        said = control(f"people/{PERSON}/says", {"text": "Casey here, see you then!"})
        body, headers = receiver.next("message.received")
        event = read_webhook(client, secret, body, headers)
        equal(event.event_type, "message.received", "the type")
        equal(event.webhook_version, "2026-02-03", "the version")
        equal((event.data.chat.id, event.data.id), (said["chat_id"], said["message_id"]), "the ids")
        equal(event.data.direction, "inbound", "the direction")
        equal(event.data.sender_handle.handle, PERSON, "the sender")
        equal(event.data.parts[0].value, "Casey here, see you then!", "the text")
        MessageReceivedWebhookEvent.model_validate_json(body)

    with step("receive a webhook about a reaction"):
        control(f"people/{PERSON}/reacts", {"message_id": opening.id, "operation": "add", "type": "laugh"})
        body, headers = receiver.next("reaction.added")
        event = read_webhook(client, secret, body, headers)
        equal((event.data.reaction_type, event.data.message_id), ("laugh", opening.id), "the reaction")
        ReactionAddedWebhookEvent.model_validate_json(body)

    with step("400 BadRequestError"):
        refused(linq.BadRequestError, 1002, lambda: client.chats.create(from_=line, to=["12"], message=text("Hi")))

    with step("401 AuthenticationError"):
        stranger = client.with_options(api_key="wrong")
        refused(linq.AuthenticationError, 2004, lambda: stranger.chats.retrieve(chat.id))

    with step("403 PermissionDeniedError"):
        foreign = "+12025550111"
        refused(
            linq.PermissionDeniedError,
            2006,
            lambda: client.chats.create(from_=foreign, to=[PERSON], message=text("Hi")),
        )

    with step("404 NotFoundError"):
        nowhere = str(uuid.uuid4())
        refused(linq.NotFoundError, 2001, lambda: client.chats.retrieve(nowhere))
        refused(linq.NotFoundError, 2002, lambda: client.messages.retrieve(nowhere))

    with step("409 ConflictError"):
        refused(linq.ConflictError, 1006, lambda: impatient.chats.update(chat.id, display_name="Casey"))

    with step("429 RateLimitError"):
        control("advance", {"seconds": 60})
        for count in range(30):
            impatient.chats.messages.send(chat.id, message=text(f"{count}"))
        refusal = refused(
            linq.RateLimitError, 1007, lambda: impatient.chats.messages.send(chat.id, message=text("One too many."))
        )
        wait = int(refusal.response.headers["retry-after"])
        equal(refusal.response.json()["error"]["retry_after"], wait, "the wait in the body")
        control("advance", {"seconds": wait})
        impatient.chats.messages.send(chat.id, message=text("Now I may."))

    with step("429 and the wait is honoured"):
        control("faults", {"faults": ["chats.messages.send: 429 3s x1"]})
        started = time.monotonic()
        late = client.chats.messages.send(chat.id, message=text("Late, but once."))
        waited = time.monotonic() - started
        if not 3 <= waited < 10:
            raise AssertionError(f"the client waited for {waited:.1f} s instead of 3")
        newest = client.chats.messages.list(chat.id, limit=5).messages
        repeats = [message.id for message in newest if message.parts[0].value == "Late, but once."]
        equal(repeats, [late.message.id], "what was sent")

    with step("500 InternalServerError"):
        control("faults", {"faults": ["chats.retrieve: 500 x1"]})
        refused(linq.InternalServerError, 3006, lambda: impatient.chats.retrieve(chat.id))
        equal(impatient.chats.retrieve(chat.id).id, chat.id, "the chat")

    with step("opt out"):
        control(f"people/{PERSON}/says", {"text": "STOP"})
        refused(
            linq.PermissionDeniedError, 2024, lambda: client.chats.messages.send(chat.id, message=text("Anyone?"))
        )
        control(f"people/{PERSON}/says", {"text": "I am back."})
        client.chats.messages.send(chat.id, message=text("Welcome back!"))

    with step("unsubscribe"):
        client.webhook_subscriptions.delete(subscription.id)
        refused(linq.NotFoundError, 2010, lambda: client.webhook_subscriptions.retrieve(subscription.id))


main()
