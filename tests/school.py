"""A school at a running site: classes whose pupils sit down with the code on the wall, and teachers whose screens ask.

Every pupil remembers what was acknowledged; when a session closes, that is what has to be counted, and nothing else.
"""

import asyncio
import json
import random
import re
import secrets
import string
import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from quizzes.tallies import Tally, tally
from tests.crowd import Account, Counters, Line, Reply
from tests.endurance import Findings, few_at_a_time

WALL, SCREEN = 6, 10  # seconds between two questions of the wall's and of the teacher's own screen
ATTEMPT = re.compile(r'data-attempt="(.+?)"')
OVER = (404, 410)  # what a seat gets whose session has closed


class Device:
    """A browser: a connection that stays open, and its cookies."""

    def __init__(self, school: "School", **cookies: str) -> None:
        self.school, self.line = school, Line(school.port)
        self.line.cookies |= cookies

    async def get(self, name: str, path: str) -> Reply:
        return await self.ask(name, "GET", path, "text/html", b"")

    async def send(self, name: str, path: str, body: dict, *, method: str = "POST") -> Reply:
        return await self.ask(name, method, path, "application/json", json.dumps(body).encode())

    async def fill_in(self, name: str, path: str, **fields: str) -> Reply:
        return await self.ask(name, "POST", path, "application/x-www-form-urlencoded", urlencode(fields).encode())

    async def ask(self, name: str, method: str, path: str, content_type: str, data: bytes) -> Reply:
        host, cookies = f"127.0.0.1:{self.school.port}", self.line.cookies
        head = (
            f"{method} /ms/{path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nAccept: application/json\r\n"
            f"Cookie: {'; '.join(f'{each}={value}' for each, value in cookies.items())}\r\n"
            f"X-CSRFToken: {cookies.get('c', '')}\r\nContent-Type: {content_type}\r\n"
        )
        return await self.school.ask(name, self.line, head, data)


class Pupil(Device):
    """One device in one session."""

    def __init__(self, school: "School", code: str) -> None:
        super().__init__(school, c="".join(secrets.choice(string.ascii_letters) for _ in range(32)))
        self.code, self.attempt, self.sequence, self.over = code, "", 0, False
        self.kept: dict = {}  # what is acknowledged and nothing newer was sent since, by item, as it is stored
        self.unsure: set = set()  # items of which some answer was sent and the connection broke before the reply

    async def join(self) -> bool:
        """Takes a seat; with the pages that lead there and on, where the site has them. Says whether it has one."""
        if self.school.has_pages:
            await self.get("page", "join/")
        reply = await self.fill_in("join", "join/", code=self.code)
        if reply.status != 302 or "seat" not in self.line.cookies:
            return False
        if self.school.has_pages:
            await self.get("page", "seat/")
            page = await self.get("page", f"{self.school.lesson}quiz/")
            self.attempt = ATTEMPT.search(page.body["page"].decode())[1]
        else:
            begun = await self.send("begin", "api/1/attempts/", {"quiz": self.school.quiz})
            self.attempt = begun.body.get("attempt", "")
        return bool(self.attempt)

    async def answer_all(self, pause: float = 0) -> None:
        """One after the other, with so many seconds between two of them on average."""
        for item in self.school.items:
            await asyncio.sleep(random.uniform(0, 2 * pause))
            await self.answer(item)
        self.line.hang_up()

    async def answer(self, item: str) -> None:
        sent, stored = random.choice(self.school.answers[item])
        self.sequence += 1
        body = {"choices": sent, "sequence": self.sequence}
        reply = await self.send("save", f"api/1/attempts/{self.attempt}/responses/{item}/", body, method="PUT")
        if reply.status == 200:
            self.kept[item] = stored
            self.unsure.discard(item)
            return
        self.over |= reply.status in OVER
        if reply.tries > 1:
            self.unsure.add(item)


@dataclass
class SchoolClass:
    """One session with its teacher and its pupils."""

    id: str
    key: str  # of the address that its screens ask
    teacher: Device
    pupils: list[Pupil]

    async def close(self) -> Reply:
        return await self.teacher.fill_in("close", f"session/{self.id}/act/", do="close")

    async def poll(self, seconds: float, every: float) -> None:
        """The wall or the teacher's own screen, in a browser of its own."""
        screen = Device(self.teacher.school, **self.teacher.line.cookies)
        until = time.monotonic() + seconds
        await asyncio.sleep(random.uniform(0, min(every, seconds)))
        while time.monotonic() < until:
            await screen.get("poll", f"session/{self.id}/state/{self.key}/")
            await asyncio.sleep(min(every, max(0, until - time.monotonic())))
        screen.line.hang_up()


class School(Counters):
    """So many classes with a session that is open; `take(number)` hands out those that no measure had yet."""

    def __init__(self, site, classes: int, size: int, *, has_pages: bool = False) -> None:
        super().__init__(site.port)
        self.site, self.has_pages = site, has_pages
        opened = self.ledger(f"open_classes({classes})")
        self.quiz, self.lesson = opened["quiz"], opened["lesson"].removeprefix("/ms/")
        self.items = {item["id"]: item for item in opened["items"]}
        self.answers = opened["answers"]
        self.classes = [
            SchoolClass(id, key, Device(self, s=cookie, c="c" * 32), [Pupil(self, code) for _ in range(size)])
            for id, code, key, cookie in opened["classes"]
        ]
        self.fresh = iter(self.classes)

    def ledger(self, call: str) -> dict:
        """What a function of `tests.ledger` prints."""
        script = f"from tests.ledger import *\n{call}\n"
        return json.loads(self.site.manage("shell", "-v0", input=script).stdout)

    def take(self, number: int) -> list[SchoolClass]:
        return [next(self.fresh) for _ in range(number)]

    def account(self, classes: list[SchoolClass]) -> tuple[Account, int]:
        """Compares what the pupils of these classes were promised with what is stored; and how many are closed."""
        stored = self.ledger(f"registers({[each.id for each in classes]!r})")
        account = Account(refused=self.refused, doubled=stored["strays"])
        for each in classes:
            register = stored["sessions"][each.id]
            (compare_open if register["open"] else compare_closed)(self, each, register, account)
        return account, sum(not stored["sessions"][each.id]["open"] for each in classes)


def compare_open(school: School, each: SchoolClass, register: dict, account: Account) -> None:
    """Every answer is still where it was, and nothing is counted yet."""
    account.halved += len(register["tallies"])
    for pupil in each.pupils:
        responses = register["attempts"].get(pupil.attempt, {})
        for item, choices in pupil.kept.items():
            account.lost += item not in responses
            if item in responses and item not in pupil.unsure:
                both = [tally(school.items[item], [each]) for each in (responses[item], choices)]
                account.changed += both[0] != both[1]


def compare_closed(school: School, each: SchoolClass, register: dict, account: Account) -> None:
    """Every answer is counted once, and nothing is left that it came from."""
    account.halved += len(register["attempts"])
    seated = sum(bool(pupil.attempt) for pupil in each.pupils)
    account.changed += register["joined"] != seated
    for id, item in school.items.items():
        expected = tally(item, [pupil.kept[id] for pupil in each.pupils if id in pupil.kept])
        counted = Tally(**register["tallies"].get(id, {}))
        unsure = sum(id in pupil.unsure for pupil in each.pupils)
        account.lost += max(0, expected.answered - counted.answered)
        account.doubled += max(0, counted.answered - expected.answered - unsure)
        account.changed += not unsure and (counted.right, Counter(counted.chosen)) != (
            expected.right, Counter(expected.chosen)
        )  # fmt: skip


def findings(school: School, classes: list[SchoolClass], **numbers: float) -> Findings:
    account, closed = school.account(classes)
    return Findings(account, dict(school.statuses), {**numbers, "closed": closed})


async def lesson(school: School, classes: list[SchoolClass], seconds: float, pause: float = 0) -> dict[str, float]:
    """All pupils join within so many seconds and answer every question in turn; the teachers' screens ask meanwhile.

    Returns how many took no seat, CPU seconds for each pupil, and how long requests took.
    """
    school.forget()
    pupils = [pupil for each in classes for pupil in each.pupils]
    random.shuffle(pupils)
    cpu, asking = school.site.cpu(), asyncio.create_task(screens(classes, seconds + pause * len(school.items)))

    async def learn(pupil: Pupil, place: int) -> bool:
        await asyncio.sleep((place + random.random()) * seconds / len(pupils))
        if not await pupil.join():
            return False
        await pupil.answer_all(pause)
        return True

    seated = await asyncio.gather(*(learn(pupil, place) for place, pupil in enumerate(pupils)))
    await asking
    times = {f"{name} {share}": school.percentile(name, share) for name in ("join", "save") for share in (0.5, 0.95)}
    return {"odd": seated.count(False), "cpu": (school.site.cpu() - cpu) / len(pupils), **times}


async def screens(classes: list[SchoolClass], seconds: float) -> None:
    """The walls and the teachers' own screens ask how many are in."""
    await asyncio.gather(*(each.poll(seconds, every) for each in classes for every in (WALL, SCREEN)))


async def polling(school: School, classes: list[SchoolClass], seconds: float) -> dict[str, float]:
    """What the screens cost when nothing else happens: the share of one core, and CPU seconds a request."""
    school.forget()
    cpu, start = school.site.cpu(), time.monotonic()
    await screens(classes, seconds)
    cpu, taken, asked = school.site.cpu() - cpu, time.monotonic() - start, len(school.times["poll"])
    return {"share": cpu / taken, "each": cpu / max(1, asked), "a second": asked / taken}


async def close_all(school: School, classes: list[SchoolClass]) -> dict[str, float]:
    """Every teacher presses the button, eight at a time."""
    await few_at_a_time(each.close() for each in classes)
    return {"p95": school.percentile("close", 0.95)}


async def close_under(classes: list[SchoolClass], pupils: list[Pupil]) -> None:
    """All teachers press the button at once. Pupils go on until they are told; where it fails, nobody tells them."""
    closed = await asyncio.gather(*(each.close() for each in classes))
    if any(reply.status != 200 for reply in closed):
        for pupil in pupils:
            pupil.over = True


async def close_meanwhile(school: School, classes: list[SchoolClass], seconds: float = 1) -> Findings:
    """Every pupil changes one answer after the other, as fast as they are acknowledged; meanwhile all close."""
    school.forget()
    pupils = [pupil for each in classes for pupil in each.pupils]
    await few_at_a_time(pupil.join() for pupil in pupils)

    async def change(pupil: Pupil) -> None:
        while not pupil.over:
            await pupil.answer(random.choice(list(school.items)))
        pupil.line.hang_up()

    changing = [asyncio.create_task(change(pupil)) for pupil in pupils]
    until = time.monotonic() + 30
    await asyncio.sleep(seconds)
    while len(school.times["save"]) <= 100 and time.monotonic() < until:  # a slow disk
        await asyncio.sleep(0.05)
    await close_under(classes, pupils)
    await asyncio.gather(*changing)
    return findings(school, classes, saved=len(school.times["save"]))


async def killed_while_closing(school: School, each: SchoolClass, after: float) -> None:
    """All have answered; the teacher presses the button, and so many seconds later the server is killed."""
    await few_at_a_time(pupil.join() for pupil in each.pupils)
    await few_at_a_time(pupil.answer_all() for pupil in each.pupils)
    school.forget()
    pressing = asyncio.create_task(each.close())
    await asyncio.sleep(after)
    pressing.cancel()
    await asyncio.to_thread(school.site.kill)
    await asyncio.gather(pressing, return_exceptions=True)
    each.teacher.line.hang_up()
