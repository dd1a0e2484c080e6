"""A crowd of learners at a running site, who all remember what the server promised them.

Each has a session, a connection that stays open, and a log of every answer that was acknowledged. A learner sends
again, with the same sequence, where the connection breaks or where a 503 says when to come back; never otherwise.
"""

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

PATIENCE = 60  # seconds for one answer
REPEATING = 300  # seconds for one request with all its repeats
CSRF = "c" * 32  # cookie and header agree: that is all the check asks of a script on the same site


@dataclass(frozen=True)
class Reply:
    status: int
    retry_after: str
    body: dict
    tries: int = 1


class Line:
    """One HTTP connection that stays open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader = self.writer = None
        self.cookies: dict[str, str] = {}  # that the server has set

    async def ask(self, head: str, body: bytes) -> tuple[int, str, bytes]:
        """Sends one request and reads its answer: `(status, Retry-After, body)`."""
        try:
            async with asyncio.timeout(PATIENCE):
                if self.writer is None:
                    self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
                self.writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
                lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                pairs = [
                    (name.lower(), value.strip()) for name, _, value in (line.partition(": ") for line in lines[1:-2])
                ]
                fields = {name: value.lower() for name, value in pairs}
                content = await self.reader.readexactly(int(fields.get("content-length", 0)))
                if "content-length" not in fields:  # a failure so deep that nothing measured its page
                    self.hang_up()
        except BaseException:
            self.hang_up()
            raise
        set_now = [value.split(";")[0].strip() for name, value in pairs if name.lower() == "set-cookie"]
        self.cookies |= dict(each.split("=", 1) for each in set_now)
        return int(lines[0].split()[1]), fields.get("retry-after", ""), content

    def hang_up(self) -> None:
        if self.writer:
            self.writer.transport.abort()
        self.reader = self.writer = None


@dataclass
class Log:
    """What one learner sent and what was acknowledged, whatever the number of tabs."""

    sent: dict = field(default_factory=lambda: defaultdict(lambda: defaultdict(dict)))  # attempt, item, sequence
    kept: dict = field(default_factory=lambda: defaultdict(dict))  # attempt, item: the highest sequence
    begun: set = field(default_factory=set)
    submitted: set = field(default_factory=set)

    def acknowledge(self, attempt: str, item: str, sequence: int) -> None:
        self.kept[attempt][item] = max(sequence, self.kept[attempt].get(item, 0))


class Learner:
    """One tab of one learner."""

    def __init__(self, crowd: "Crowd", id: str, session: str) -> None:
        self.crowd, self.id, self.session = crowd, id, session
        self.line, self.log = Line(crowd.port), Log()
        self.attempt, self.sequence = "", 0
        self.has_twin = False

    def second_tab(self) -> "Learner":
        """Another window of the same learner, on the same attempt: it logs to the same log."""
        other = Learner(self.crowd, self.id, self.session)
        other.log, other.attempt = self.log, self.attempt
        self.has_twin = other.has_twin = True
        return other

    async def begin(self, after: str = "") -> Reply:
        reply = await self.call("begin", "POST", "", {"quiz": self.crowd.quiz, "after": after})
        if reply.status == 200:
            self.attempt = reply.body["attempt"]
            self.log.begun.add(self.attempt)
        return reply

    async def save(self, item: str, choices: list[str], sequence: int = 0) -> Reply:
        self.sequence = sequence or self.sequence + 1
        attempt, sequence = self.attempt, self.sequence
        self.log.sent[attempt][item][sequence] = choices
        body = {"choices": choices, "sequence": sequence}
        reply = await self.call("save", "PUT", f"{attempt}/responses/{item}/", body)
        if reply.status == 200:
            self.log.acknowledge(attempt, item, reply.body["sequence"])
        return reply

    async def submit(self, answers: dict[str, list[str]], sequence: int = 0) -> Reply:
        self.sequence = sequence or self.sequence + 1
        attempt, sequence = self.attempt, self.sequence
        for item, choices in answers.items():
            self.log.sent[attempt][item][sequence] = choices
        body = {"responses": [{"item": i, "choices": c, "sequence": sequence} for i, c in answers.items()]}
        reply = await self.call("submit", "POST", f"{attempt}/submit/", body)
        if reply.status == 200:
            self.log.submitted.add(attempt)
            own = not reply.body["duplicate"] or (reply.tries > 1 and not self.has_twin)
            for item in answers if own else ():
                self.log.acknowledge(attempt, item, sequence)
        return reply

    async def call(self, name: str, method: str, path: str, body: dict) -> Reply:
        host = f"127.0.0.1:{self.crowd.port}"
        head = (
            f"{method} /ms/api/1/attempts/{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
            f"Cookie: s={self.session}; c={CSRF}\r\nX-CSRFToken: {CSRF}\r\nAccept: application/json\r\n"
            "Content-Type: application/json\r\n"
        )
        return await self.crowd.ask(name, self.line, head, json.dumps(body).encode())


@dataclass
class Account:
    """How the crowd's logs and the database compare. All of it should be nought."""

    refused: int = 0  # never acknowledged: the request ended in a 5xx, or nobody answered in `REPEATING`
    lost: int = 0  # acknowledged, and not there, or only older
    changed: int = 0  # there, and not what was sent with that sequence
    doubled: int = 0  # attempts or responses that nobody asked for
    halved: int = 0  # submitted without a mark, or marked without being submitted

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def __str__(self) -> str:
        return ", ".join(f"{count} {name}" for name, count in vars(self).items() if count) or "0 lost"


class Counters:
    """What was answered, how often and how fast."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.forget()

    def forget(self) -> None:
        """Starts anew; what learners were promised stays."""
        self.times, self.statuses, self.codes, self.refused = defaultdict(list), Counter(), Counter(), 0

    async def ask(self, name: str, line: Line, head: str, data: bytes) -> Reply:
        """The server's answer, after as many repeats as connections break or as the server asks for."""
        start, tries = time.monotonic(), 0
        reply = Reply(0, "", {})
        while time.monotonic() < start + REPEATING:
            tries += 1
            try:
                status, retry_after, content = await line.ask(head, data)
            except (OSError, EOFError, TimeoutError):
                self.statuses["broken"] += 1
                await asyncio.sleep(random.uniform(0.02, 0.1))
                continue
            self.statuses[status] += 1
            is_json = content.startswith(b"{")
            reply = Reply(status, retry_after, json.loads(content) if is_json else {"page": content}, tries)
            if not (status == 503 and retry_after):
                break
            self.codes[reply.body.get("code")] += 1
            await asyncio.sleep(int(retry_after) * random.uniform(1, 1.2))
        self.times[name].append(time.monotonic() - start)
        if reply.status >= 500 or not reply.status:
            self.refused += 1
        return reply

    def percentile(self, name: str, share: float) -> float:
        """Seconds from the first try to the final answer that this share of requests took at most."""
        times = sorted(self.times[name])
        return times[min(len(times) - 1, int(len(times) * share))] if times else float("nan")


class Crowd(Counters):
    """So many learners, signed in, each with a seat; `take(number)` hands out those whom no measure had yet."""

    def __init__(self, site, number: int) -> None:
        super().__init__(site.port)
        self.site = site
        command = f"from tests.ledger import seat; seat({number})"
        seated = json.loads(site.manage("shell", "-v0", "-c", command).stdout)
        self.quiz, self.items = seated["quiz"], seated["items"]
        self.learners = [Learner(self, *each) for each in seated["seats"]]
        self.fresh = iter(self.learners)

    def take(self, number: int) -> list[Learner]:
        return [next(self.fresh) for _ in range(number)]

    def answers(self) -> dict[str, list[str]]:
        """An answer to each of the ten questions."""
        return {item: self.choices(item) for item in self.items}

    def choices(self, item: str) -> list[str]:
        return sorted(random.sample(self.items[item], random.randint(1, 3)))

    def account(self, learners: list[Learner]) -> Account:
        """Compares what these learners were promised with what the database holds."""
        script = f"from tests.ledger import holdings; holdings({[learner.id for learner in learners]!r})"
        stored = defaultdict(dict)
        for row in json.loads(self.site.manage("shell", "-v0", input=script).stdout):
            stored[row["learner"]][row["attempt"]] = row
        account = Account(refused=self.refused)
        for learner in learners:
            compare(learner.log, stored[learner.id], account)
        return account


def compare(log: Log, attempts: dict, account: Account) -> None:
    account.doubled += len(set(attempts) - log.begun)
    account.doubled += max(0, sum(row["state"] == "open" for row in attempts.values()) - 1)
    for attempt in log.begun | log.submitted:
        row = attempts.get(attempt, {"state": "", "marked": None, "responses": []})
        account.lost += not row["state"] or (attempt in log.submitted and row["state"] != "submitted")
        account.halved += (row["state"] == "submitted") != (row["marked"] is not None)
        responses = {item: (choices, sequence) for item, choices, sequence in row["responses"]}
        account.doubled += len(row["responses"]) - len(responses)
        for item, sequence in log.kept[attempt].items():
            account.lost += item not in responses or responses[item][1] < sequence
        for item, (choices, sequence) in responses.items():
            account.changed += log.sent[attempt][item].get(sequence) != choices
