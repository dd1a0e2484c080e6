"""What a crowd does to a site: the bell, the power button, two tabs, an impatient thumb. Each returns its findings."""

import asyncio
import os
import random
import signal
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.serve import THREADS
from tests.crowd import Account, Crowd, Learner
from tests.postgresql import Cluster
from tests.site import RunningSite

CLOCK = os.sysconf("SC_CLK_TCK")
BEFORE = 0.05, 0.6  # seconds that the crowd has before the next kill


class CrowdedSite(RunningSite):
    """A site with one quiz in it and no more, whose protections can be taken away and whose plug can be pulled."""

    cluster: Cluster | None = None
    terms: tuple = ()

    def protect(self, *without: str, busy_timeout: float = 20) -> None:
        """From the next start on, the site runs without these protections: see `tests.unprotected`."""
        module = "tests.unprotected" if without or busy_timeout != 20 else "config.settings"
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": module,
            "UNPROTECTED": " ".join(without),
            "BUSY_TIMEOUT": str(busy_timeout),
        }

    def serve(self, *without: str, busy_timeout: float = 20) -> None:
        """Runs without these protections; starts anew only if it ran on other terms."""
        terms = (without, busy_timeout)
        if self.server is None or self.terms != terms:
            self.stop()
            self.protect(*without, busy_timeout=busy_timeout)
            self.start()
            self.terms = terms

    def sql(self, statement: str) -> None:
        self.manage("shell", "-v0", "-c", f"from django.db import connection as c; c.cursor().execute({statement!r})")

    def kill(self) -> None:
        """Ends every process of the server between two instructions."""
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()
        self.log.close()
        self.server = None

    def cpu(self) -> float:
        """CPU seconds so far of the server's processes and of PostgreSQL's, also of those that have ended."""
        groups = [self.server.pid]
        database = self.cluster.folder / "data" / "postmaster.pid" if self.cluster else None
        parent = int(database.read_text().split()[0]) if database else -1
        total = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                values = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(values[2]) in groups or parent in (int(values[1]), int(path.parent.name)):
                total += sum(int(value) for value in values[11:15])
        return total / CLOCK


@contextmanager
def crowded_site(database: str, folder: Path, *, workers: int = 2):
    """A `CrowdedSite` on "SQLite" or "PostgreSQL", prepared and not yet started."""
    cluster = Cluster() if database == "PostgreSQL" else None
    if cluster:
        cluster.start()
    try:
        site = CrowdedSite(folder, database_url=cluster.url if cluster else "", workers=workers, threads=int(THREADS))
        site.cluster = cluster
        site.manage("migrate", "-v0")
        try:
            yield site
        finally:
            site.stop()
    finally:
        if cluster:
            cluster.stop()


@dataclass
class Findings:
    """What a measure saw: the account, how many answers of each status, and numbers of its own."""

    account: Account
    statuses: dict
    numbers: dict = field(default_factory=dict)

    @property
    def held(self) -> bool:
        """Whether every promise was kept: nothing refused, lost, changed or doubled, and nobody answered otherwise."""
        return not self.account and not self.numbers.get("odd")

    def __str__(self) -> str:
        asked_back = self.statuses.get(503, 0)
        return f"{self.account}" + (f", {asked_back} asked to come back" if asked_back else "")


def findings(crowd: Crowd, learners: list[Learner], **numbers: float) -> Findings:
    return Findings(crowd.account(learners), dict(crowd.statuses), numbers)


async def few_at_a_time(work, number: int = 8) -> None:
    """Awaits all, so many at once."""
    gate = asyncio.Semaphore(number)

    async def one(each) -> None:
        async with gate:
            await each

    await asyncio.gather(*(one(each) for each in work))


async def bell(crowd: Crowd, number: int, seconds: float) -> Findings:
    """Everybody has begun; within so many seconds all submit their ten answers."""
    learners = crowd.take(number)
    await few_at_a_time(learner.begin() for learner in learners)
    crowd.forget()
    cpu = crowd.site.cpu()

    async def finish(learner: Learner, place: int) -> None:
        await asyncio.sleep((place + random.random()) * seconds / number)
        await learner.submit(crowd.answers())
        learner.line.hang_up()

    await asyncio.gather(*(finish(learner, place) for place, learner in enumerate(learners)))
    cpu, p50, p95 = crowd.site.cpu() - cpu, crowd.percentile("submit", 0.5), crowd.percentile("submit", 0.95)
    return findings(crowd, learners, p50=p50, p95=p95, cpu=cpu / number)


async def pace(crowd: Crowd, number: int, seconds: float) -> Findings:
    """So many learners save one answer after the other, as fast as they are acknowledged."""
    learners = crowd.take(number)
    await few_at_a_time(learner.begin() for learner in learners)
    crowd.forget()
    until, cpu = time.monotonic() + seconds, crowd.site.cpu()

    async def answer(learner: Learner) -> None:
        while time.monotonic() < until:
            item = random.choice(list(crowd.items))
            await learner.save(item, crowd.choices(item))

    await asyncio.gather(*(answer(learner) for learner in learners))
    cpu, saves = crowd.site.cpu() - cpu, len(crowd.times["save"])
    return findings(crowd, learners, rate=saves / seconds, cpu=cpu / saves, p95=crowd.percentile("save", 0.95))


async def kills(crowd: Crowd, number: int, learners: int = 8) -> Findings:
    """Learners save and submit without end, while the whole server is killed at random points and started again."""
    site, crew, going, back, acknowledged = crowd.site, crowd.take(learners), True, [], [0, 0.0]
    crowd.forget()

    async def work(learner: Learner) -> None:
        while going:
            await learner.begin(after=learner.attempt)
            for _ in range(random.randint(5, 30)):
                item = random.choice(list(crowd.items))
                reply = await learner.save(item, crowd.choices(item))
                acknowledged[:] = acknowledged[0] + (reply.status == 200), time.monotonic()
                if not going:
                    return
            await learner.submit(crowd.answers())

    workers = [asyncio.create_task(work(learner)) for learner in crew]
    await asyncio.sleep(random.uniform(*BEFORE))
    for _ in range(number):
        site.kill()
        start = time.monotonic()
        await asyncio.to_thread(site.start)
        while acknowledged[1] < start and time.monotonic() < start + 30:
            await asyncio.sleep(0.01)
        back.append(time.monotonic() - start)
        await asyncio.sleep(random.uniform(*BEFORE))
    going = False
    await asyncio.gather(*workers)
    return findings(crowd, crew, back=max(back), usually=statistics.median(back), acknowledged=acknowledged[0])


async def two_tabs(crowd: Crowd, rounds: int) -> Findings:
    """Two windows of one learner write the same answer at one moment, then change it, then both finish."""
    learners = crowd.take(rounds)
    crowd.forget()

    async def one_round(first: Learner) -> None:
        await asyncio.gather(first.begin(), first.second_tab().begin())
        second = first.second_tab()
        item, other = random.sample(list(crowd.items), 2)
        for sequence in (1, 3):
            tabs = random.sample([first, second], 2)
            await asyncio.gather(
                *(tab.save(item, crowd.choices(item), sequence + place) for place, tab in enumerate(tabs))
            )
        if random.random() < 0.5:
            await asyncio.gather(first.save(other, crowd.choices(other), 5), second.submit(crowd.answers(), 6))
        else:
            await asyncio.gather(first.submit(crowd.answers(), 5), second.submit(crowd.answers(), 6))
        first.line.hang_up()
        second.line.hang_up()

    await few_at_a_time((one_round(learner) for learner in learners), 4)
    return findings(crowd, learners)


async def echoes(crowd: Crowd, rounds: int, times: int = 20) -> Findings:
    """The same request to begin, then the same to submit, so many times at once: one attempt, all answered alike."""
    learners, odd = crowd.take(rounds), 0
    crowd.forget()
    for learner in learners:
        tabs = [learner, *(learner.second_tab() for _ in range(times - 1))]
        begun = await asyncio.gather(*(tab.begin() for tab in tabs))
        odd += sum(reply.status != 200 or reply.body != begun[0].body for reply in begun)
        for tab in tabs:
            tab.attempt = learner.attempt
        answers = crowd.answers()
        closed = await asyncio.gather(*(tab.submit(answers, 7) for tab in tabs))
        odd += sum(reply.status != 200 or reply.body["attempt"] != learner.attempt for reply in closed)
        for tab in tabs:
            tab.line.hang_up()
    return findings(crowd, learners, odd=odd)
