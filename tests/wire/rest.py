"""REST v10: what Discord answers to the requests of the bot."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from functools import partial
from typing import Any, TypeVar

from aiohttp import BodyPartReader, web

from . import model
from .limits import RateLimits
from .model import PAYLOADS, Channel, Fault, File, Json, Permission, Reply, Request, World
from .openapi import OpenApi

PREFIX = "/api/v10"
NO_CONTENT = None
Operation = Callable[[Request], Any]
T = TypeVar("T")


class Refusal(Exception):
    """Discord's error answer to a request of the bot."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.answer = status, {"message": message, "code": code}


class Dropped(Exception):
    """The connection is to be closed without an answer."""


class Rest:
    """One method an operation; each returns the JSON to answer or raises a Refusal."""

    def __init__(self, world: World, limits: RateLimits, openapi: OpenApi | None) -> None:
        self.world, self.limits, self.openapi = world, limits, openapi

    def add_routes(self, router: web.UrlDispatcher) -> None:
        commands, messages = "/applications/{application}", "/channels/{channel}/messages"
        webhook = "/webhooks/{application}/{token}"
        operations: list[tuple[str, str, Operation]] = [
            ("GET", "/users/@me", self.me),
            ("POST", "/users/@me/channels", self.open_direct_channel),
            ("GET", "/applications/@me", self.application),
            ("GET", "/oauth2/applications/@me", self.application),
            ("GET", "/gateway/bot", self.gateway),
            ("PUT", commands + "/commands", self.sync_commands),
            ("PUT", commands + "/guilds/{guild}/commands", self.sync_commands),
            ("GET", "/guilds/{guild}", self.guild),
            ("GET", "/guilds/{guild}/members/{member}", self.member),
            ("GET", "/channels/{channel}", self.channel),
            ("POST", messages, self.post_message),
            ("GET", messages, self.channel_messages),
            ("GET", messages + "/{message}", self.message),
            ("PATCH", messages + "/{message}", self.edit_message),
            ("POST", "/interactions/{interaction}/{token}/callback", self.callback),
            ("POST", webhook, self.follow_up),
            ("GET", webhook + "/messages/{message}", self.answer),
            ("PATCH", webhook + "/messages/{message}", self.edit_answer),
        ]
        for method, path, operation in operations:
            router.add_route(method, PREFIX + path, partial(self.serve, operation))
        router.add_route("*", "/{path:.*}", partial(self.serve, self.not_modelled))

    async def serve(self, operation: Operation, incoming: web.Request) -> web.Response:
        request = await read(incoming)
        self.world.requests.append(request)
        response = await self._answer(operation, request, incoming)
        await asyncio.sleep(self.world.latency)
        return response

    async def _answer(
        self, operation: Operation, request: Request, incoming: web.Request
    ) -> web.Response:
        headers: dict[str, str] = {}
        try:
            await self._hold(request, applied=False)
            headers, too_many = self.limits.take(request, self.world.clock_ahead)
            if too_many:
                return self._response(request, 429, as_json(too_many.body()), headers)
            return await self._perform(operation, request, headers)
        except Refusal as refusal:
            return self._response(request, refusal.status, as_json(refusal.answer), headers)
        except Dropped:
            if incoming.transport is not None:
                incoming.transport.abort()
            return web.Response()  # for nobody
        except Exception as error:
            self.world.problems.append(f"{request.method} {request.path}: {error!r}")
            raise

    async def _perform(
        self, operation: Operation, request: Request, headers: Mapping[str, str]
    ) -> web.Response:
        self._authorise(request)
        self._validate(request)
        self._look_for_files(request)
        fault = self._fault(request)
        answer = operation(request) if fault is None or fault.apply else NO_CONTENT
        await self._hold(request, applied=True)
        if fault is None:
            if answer is NO_CONTENT:
                return self._response(request, 204, b"", headers, "text/html")
            return self._response(request, 200, as_json(answer), headers)
        if not fault.status:
            raise Dropped
        if fault.body is None:
            raise Refusal(fault.status, fault.code, "A fault of the test")
        return self._response(request, fault.status, fault.body, headers, fault.content_type)

    def _response(
        self,
        request: Request,
        status: int,
        body: bytes,
        headers: Mapping[str, str],
        content_type: str = "application/json",
    ) -> web.Response:
        request.status = status
        own = {"Date": formatdate(time.time() + self.world.clock_ahead, usegmt=True), **headers}
        # discord.py takes an answer for JSON only if its content type names no charset.
        return web.Response(status=status, body=body, headers=own, content_type=content_type)

    def _authorise(self, request: Request) -> None:
        by_interaction_token = request.path.startswith(("/interactions/", "/webhooks/"))
        authorised = request.headers.get("Authorization") == f"Bot {self.world.token}"
        if not authorised and not by_interaction_token:
            raise Refusal(401, 0, "401: Unauthorized")

    def _validate(self, request: Request) -> None:
        wrong = self.openapi.problem(request) if self.openapi else None
        if wrong:
            self.world.problems.append(f"{request.method} {request.path}: {wrong}")
            raise Refusal(400, 50035, f"Invalid Form Body: {wrong}")

    def _look_for_files(self, request: Request) -> None:
        """Refuse a picture that is neither sent along nor on the message already."""
        body = request.body if isinstance(request.body, dict) else {}
        components = (body.get("data") or body).get("components") or []
        named = {m["url"] for c in model.walk(components) for m in model.media_of(c)}
        scheme = "attachment://"
        wanted = {url.removeprefix(scheme) for url in named if url.startswith(scheme)}
        there = {file.filename for file in request.files}
        message_id = request.values.get("message", "")
        edited = self.world.messages.get(int(message_id)) if message_id.isdigit() else None
        reply = self.world.replies.get(request.values.get("token", ""))
        for message in (edited, reply.source if reply else None):
            there |= {a["filename"] for a in (message or {}).get("attachments", [])}
        if missing := wanted - there:
            raise Refusal(400, 50035, f"Invalid Form Body: no attachment {sorted(missing)}")

    def _fault(self, request: Request) -> Fault | None:
        """The first that matches and is not used up; one use of it is now spent."""
        matching = (f for f in self.world.faults if f.times > 0 and f.matches(request))
        fault = next(matching, None)
        if fault is not None:
            fault.times -= 1
        return fault

    async def _hold(self, request: Request, *, applied: bool) -> None:
        for hold in self.world.holds:
            if hold.applied == applied and hold.request is None and hold.matches(request):
                await hold.pause(request)
                if hold.is_dropped:
                    raise Dropped

    def not_modelled(self, request: Request) -> Json:
        self.world.problems.append(f"{request.method} {request.path} is not modelled")
        raise Refusal(404, 0, "404: Not Found")

    # The application
    def me(self, _: Request) -> Json:
        return {**self.world.bot.json(), "verified": True, "mfa_enabled": True, "flags": 0}

    def application(self, _: Request) -> Json:
        own = {"id": str(self.world.bot.id), "name": self.world.bot.name}
        own |= {"owner": self.world.bot.json()}
        return {**PAYLOADS["application"], **own, **self.world.portal}

    def gateway(self, _: Request) -> Json:
        limit = {**PAYLOADS["gateway"]["session_start_limit"]}
        limit["remaining"] = self.world.sessions_remaining
        own = {"url": self.world.gateway_url, "session_start_limit": limit}
        return {**PAYLOADS["gateway"], **own}

    def sync_commands(self, request: Request) -> list[Json]:
        guild = request.values.get("guild")
        before = self.world.commands.get(int(guild or 0), {})
        synced = {command["name"]: command for command in request.body}
        for name, command in synced.items():
            identifier = before[name]["id"] if name in before else str(self.world.snowflake())
            own = {"id": identifier, "version": identifier, "guild_id": guild}
            own |= {"application_id": str(self.world.bot.id)}
            synced[name] = {**PAYLOADS["command"], **command, **own}
        self.world.commands[int(guild or 0)] = synced
        self.world.syncs += 1
        return list(synced.values())

    # Clubs, channels, messages
    def guild(self, request: Request) -> Json:
        return find(self.world.guilds, request.values["guild"], 10004, "Unknown Guild").json()

    def member(self, request: Request) -> Json:
        guild = find(self.world.guilds, request.values["guild"], 10004, "Unknown Guild")
        bots = {guild.bot.id: guild.bot.member([guild.bot_role])}
        return find(bots, request.values["member"], 10007, "Unknown Member")

    def open_direct_channel(self, request: Request) -> Json:
        user = find(self.world.users, request.body["recipient_id"], 10013, "Unknown User")
        return self.world.direct_channel(user).json()

    def channel(self, request: Request) -> Json:
        return self._channel(request).json()

    def _channel(self, request: Request) -> Channel:
        channel = find(self.world.channels, request.values["channel"], 10003, "Unknown Channel")
        if Permission.VIEW_CHANNEL not in channel.bot_permissions:
            raise Refusal(403, 50001, "Missing Access")
        return channel

    def post_message(self, request: Request) -> Json:
        channel, fields = self._channel(request), request.body
        needed = Permission.SEND_MESSAGES | (Permission.ATTACH_FILES if request.files else 0)
        if needed not in channel.bot_permissions:
            raise Refusal(403, 50013, "Missing Permissions")
        nonce, now = (channel.id, str(fields.get("nonce"))), time.monotonic()
        since, before = self.world.nonces.get(nonce, (-math.inf, {}))
        if fields.get("enforce_nonce") and now - since < self.world.nonce_holds:
            return before
        message = self.world.create_message(channel, fields, request.files)
        if fields.get("nonce") is not None:
            self.world.nonces[nonce] = now, message
        return message

    def channel_messages(self, request: Request) -> list[Json]:
        channel, query = self._channel(request), request.query
        if Permission.READ_MESSAGE_HISTORY not in channel.bot_permissions:
            return []  # so it is: no error
        before, after = (query.get(name) for name in ("before", "after"))
        found = [
            message
            for message in self.world.channel_messages(channel)
            if (not before or int(message["id"]) < int(before))
            and (not after or int(message["id"]) > int(after))
        ]
        limit = int(query.get("limit", "50"))
        return (found[:limit] if after else found[-limit:])[::-1]

    def message(self, request: Request) -> Json:
        visible = {int(m["id"]): m for m in self.world.channel_messages(self._channel(request))}
        return find(visible, request.values["message"], 10008, "Unknown Message")

    def edit_message(self, request: Request) -> Json:
        return self.world.edit_message(self.message(request), request.body, request.files)

    # Interactions
    def callback(self, request: Request) -> Json | None:
        reply = self.world.replies.get(request.values["token"])
        if reply is None or time.monotonic() - reply.sent > self.world.acknowledge_within:
            raise Refusal(404, 10062, "Unknown interaction")
        if reply.type is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        reply.type, reply.data = request.body["type"], request.body.get("data") or {}
        reply.original = self._first_message(reply, request.files)
        reply.acknowledged.set()
        if reply.type not in (model.DEFERRED, model.DEFERRED_UPDATE):
            reply.answered.set()
        return callback_response(reply) if "with_response" in request.query else NO_CONTENT

    def _first_message(self, reply: Reply, files: list[File]) -> Json | None:
        if reply.type == model.UPDATE and reply.source:
            return self.world.edit_message(reply.source, reply.data, files)
        if reply.type == model.DEFERRED:
            flags = (reply.data.get("flags") or 0) | model.LOADING
            return self._webhook_message(reply, {"flags": flags}, [])
        if reply.type == model.MESSAGE:
            return self._webhook_message(reply, reply.data, files)
        return reply.source

    def _webhook_message(self, reply: Reply, fields: Json, files: list[File]) -> Json:
        application = str(self.world.bot.id)
        cause: Json = {"id": str(reply.id), "type": reply.interaction_type}
        cause |= {"user": reply.user.json(), "authorizing_integration_owners": {}}
        own: Json = {"type": 20, "application_id": application, "webhook_id": application}
        own |= {"interaction_metadata": cause}
        return self.world.create_message(reply.channel, fields, files, **own)

    def _reply(self, request: Request) -> Reply:
        reply = self.world.replies.get(request.values["token"])
        if reply is None or reply.type is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        return reply

    def follow_up(self, request: Request) -> Json:
        reply, fields, files = self._reply(request), request.body, request.files
        if reply.original and reply.original["flags"] & model.LOADING:
            # The first follow-up takes the place of "thinking ...".
            message = self.world.edit_message(reply.original, fields, files)
        else:
            message = self._webhook_message(reply, fields, files)
        reply.followups.append(message)
        reply.answered.set()
        return message

    def answer(self, request: Request) -> Json:
        reply, name = self._reply(request), request.values["message"]
        if name == "@original" and reply.original:
            return reply.original
        known = {int(message["id"]): message for message in reply.followups}
        if reply.original:
            known[int(reply.original["id"])] = reply.original
        return find(known, name if name.isdigit() else 0, 10008, "Unknown Message")

    def edit_answer(self, request: Request) -> Json:
        message = self.world.edit_message(self.answer(request), request.body, request.files)
        self._reply(request).answered.set()
        return message


def find(known: Mapping[int, T], identifier: str | int, code: int, otherwise: str) -> T:
    if int(identifier) not in known:
        raise Refusal(404, code, otherwise)
    return known[int(identifier)]


def callback_response(reply: Reply) -> Json:
    interaction: Json = {"id": str(reply.id), "type": reply.interaction_type}
    if reply.original is None:
        return {"interaction": interaction}
    interaction["response_message_id"] = reply.original["id"]
    interaction["response_message_loading"] = bool(reply.original["flags"] & model.LOADING)
    interaction["response_message_ephemeral"] = reply.ephemeral
    resource = {"type": reply.type, "message": reply.original}
    return {"interaction": interaction, "resource": resource}


def as_json(answer: Any) -> bytes:
    return json.dumps(answer).encode()


async def read(incoming: web.Request) -> Request:
    path, headers = incoming.path.removeprefix(PREFIX), dict(incoming.headers)
    values, resource = dict(incoming.match_info), incoming.match_info.route.resource
    route = resource.canonical.removeprefix(PREFIX) if resource else path
    request = Request(incoming.method, path, route, dict(incoming.query), headers, values)
    if incoming.content_type != "multipart/form-data":
        request.body = await incoming.json() if incoming.can_read_body else {}
        return request
    async for part in await incoming.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            request.body = await part.json()
        else:
            content_type = part.headers.get("Content-Type", "application/octet-stream")
            request.files.append(File(part.filename or "", content_type, bytes(await part.read())))
    return request
