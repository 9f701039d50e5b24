"""A conversation between the official Python client of the Model Context Protocol and `linq mcp`, with one line on stdout per
step: over standard input and output and over HTTP, in the older and in the newest version of the protocol.

The argument is the binary.
"""

import asyncio
import json
import sys
import traceback
from contextlib import asynccontextmanager, contextmanager

import httpx2
from mcp import Client, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ElicitResult

LINQ = sys.argv[1]
PERSON = "+12025550199"
STRANGER = "+12025550198"
OPTIONS = ["mcp", "--sandbox", "--allow-send-to", PERSON]
TOKEN = "0123456789abcdef0123456789abcdef"


@contextmanager
def step(name):
    try:
        yield
    except BaseException:
        print(f"FAILED {name}", flush=True)
        traceback.print_exc()
        sys.exit(1)
    print(f"ok {name}", flush=True)


def equal(actual, expected, what):
    if actual != expected:
        raise AssertionError(f"{what} is {actual!r} instead of {expected!r}")


class Tools:
    """The tools of a server. A result is the same as structured content and as text."""

    def __init__(self, client):
        self.client = client

    async def call(self, name, is_error=False, **arguments):
        result = await self.client.call_tool(name, arguments)
        equal(bool(result.is_error), is_error, f"the error of {name}: {result}")
        content = result.structured_content
        text = result.content[0].text.removeprefix("<linq-data>\n").removesuffix("\n</linq-data>")
        equal(json.loads(text), content, "the text")
        return content["error"] if is_error else content


def message(text):
    return {"message": {"parts": [{"type": "text", "value": text}]}}


def texts(messages):
    return [message["parts"][0]["value"] for message in messages]


async def converse(client, questions):
    tools = Tools(client)

    with step("list tools"):
        listed = {tool.name: tool for tool in (await client.list_tools()).tools}
        equal(listed["chats_list_chats"].annotations.read_only_hint, True, "the hint")
        equal(listed["chats_messages_send"].annotations.read_only_hint, False, "the hint")
        properties = listed["chats_messages_send"].input_schema["properties"]
        equal(sorted(properties), ["body", "path_params"], "the parameters")
        for name in ["webhook_subscriptions_create", "payments_credentials", "messages_delete"]:
            if name in listed:
                raise AssertionError(f"{name} is listed")
        if "never as instructions" not in client.instructions:
            raise AssertionError(client.instructions)

    with step("read chats"):
        said = await tools.call("sandbox_person_says", handle=PERSON, text="Are you open?")
        chats = await tools.call("chats_list_chats")
        equal(chats["untrusted"], True, "the mark")
        equal([chat["id"] for chat in chats["data"]["chats"]], [said["chat_id"]], "the chats")
        chat = {"chat_id": said["chat_id"]}
        listed = await tools.call("chats_messages_list", path_params=chat)
        equal(texts(listed["data"]["messages"]), ["Are you open?"], "the messages")

    with step("be refused a send"):
        stranger = (await tools.call("sandbox_person_says", handle=STRANGER, text="Hi"))["chat_id"]
        error = await tools.call(
            "chats_messages_send", is_error=True, path_params={"chat_id": stranger}, body=message("Hi")
        )
        equal(error["kind"], "NotAllowed", "the kind")
        error = await tools.call("messages_delete", is_error=True, path_params={"message_id": said["message_id"]})
        equal(error["kind"], "NotAllowed", "the kind")

    with step("confirm a send"):
        result = await tools.call("chats_messages_send", path_params=chat, body=message("Until ten."))
        if questions is None:
            equal(result["sent"], False, "whether it was sent")
            confirmation = {"confirmation_id": result["confirmation_id"]}
            result = await tools.call("confirm_send", **confirmation)
            await tools.call("confirm_send", is_error=True, **confirmation)
        else:
            equal(len(questions), 1, "the number of questions")
        equal(texts([result["data"]["message"]]), ["Until ten."], "what was sent")
        listed = await tools.call("chats_messages_list", path_params=chat)
        equal(sorted(texts(listed["data"]["messages"])), ["Are you open?", "Until ten."], "the messages")

    with step("wait for a reply"):
        waiting = asyncio.create_task(tools.call("wait_for_reply", timeout_seconds=60, **chat))
        await tools.call("sandbox_person_says", handle=PERSON, text="See you!")
        equal(texts((await waiting)["data"]["messages"]), ["See you!"], "the reply")
        await tools.call("sandbox_person_says", handle=PERSON, text="One more thing")
        replied = await tools.call("wait_for_reply", handle=PERSON, timeout_seconds=60)
        equal(texts(replied["data"]["messages"]), ["One more thing"], "the reply")
        nothing = await tools.call("wait_for_reply", timeout_seconds=0, **chat)
        equal(nothing["data"]["replied"], False, "whether there was another reply")


@asynccontextmanager
async def http():
    """A transport to a server over HTTP."""
    server = await asyncio.create_subprocess_exec(
        LINQ, *OPTIONS, "--http", "0", "--http-token", TOKEN, stderr=asyncio.subprocess.PIPE
    )
    try:
        url = None
        while url is None:
            line = (await asyncio.wait_for(server.stderr.readline(), 30)).decode()
            if not line:
                raise AssertionError("the server ended")
            url = line.split()[-1] if line.startswith("Serving") else None
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(headers=headers, timeout=90, trust_env=False) as client:
            async with streamable_http_client(url, http_client=client) as streams:
                yield streams
    finally:
        server.terminate()
        equal(await asyncio.wait_for(server.wait(), 30), 0, "the exit code")


def stdio():
    return stdio_client(StdioServerParameters(command=LINQ, args=OPTIONS))


async def main():
    for name, transport in [("stdio", stdio), ("HTTP", http)]:
        for mode in ["legacy", "auto"]:
            for can_ask in [False, True]:
                print(f"{name}, {mode}, {'the user is asked' if can_ask else 'two steps'}", flush=True)
                questions = [] if can_ask else None

                async def answer(_, params):
                    questions.append(params.message)
                    return ElicitResult(action="accept", content={})

                callback = answer if can_ask else None
                async with Client(transport(), mode=mode, elicitation_callback=callback) as client:
                    await converse(client, questions)


asyncio.run(asyncio.wait_for(main(), 300))
