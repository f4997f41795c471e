"""A day of a mail server: what happened, made up and remembered, and the log of it in every form that loggers write.

Times are multiples of 1/64 s, which have six decimals and are exact as floating point numbers: figures made from them are equal to the byte
whoever adds them up.
"""
import datetime
import random

TICK = 64
MIDNIGHT = 1700006400  # 2023-11-15, UTC
REASONS = {
    "k": ["did_1+0+0/", "did_0+1+0/", "192.0.2.1_accepted_message./Remote_host_said:_250_ok_1234_qp_9/"],
    "d": ["Sorry,_no_mailbox_here_by_that_name._(#5.1.1)/", "192.0.2.7_does_not_like_recipient./Remote_host_said:_550_no/"],
    "z": ["Sorry,_I_wasn't_able_to_establish_an_SMTP_connection._(#4.4.1)/", "mailbox_full_(#4.2.2)/"],
}
WORDS = {"k": "success", "d": "failure", "z": "deferral"}


class Message:
    def __init__(self, number, birth, size, sender, qp, uid):
        self.number, self.birth, self.size, self.sender, self.qp, self.uid = number, birth, size, sender, qp, uid
        self.end = None
        self.deliveries = []


class Delivery:
    def __init__(self, message, start, end, result, channel, recipient, reason):
        self.message, self.start, self.end, self.result = message, start, end, result
        self.channel, self.recipient, self.reason = channel, recipient, reason


class Day:
    """`messages` messages of one day; times in ticks since 1970."""

    def __init__(self, messages, seed=1):
        self.random = random.Random(seed)
        self.messages, self.lines, self.free, self.used = [], [], [], 0
        self.senders = [f"{name}{i}@Example{i % 17}.org" for i, name in enumerate(["Ann", "bob", "Carl"] * 20)] + [""] * 4
        self.recipients = [("local", f"alias-Joe{i}@here.example") for i in range(20)]
        self.recipients += [("remote", f"Her{i}@Host{i % 13}.example") for i in range(60)]
        births = sorted(self.random.randrange(MIDNIGHT * TICK, (MIDNIGHT + 86000) * TICK) for _ in range(messages))
        for qp, birth in enumerate(births, 3000):
            self.live(birth, qp)
        self.lines.sort(key=lambda line: line[0])
        self.number()

    def live(self, birth, qp):
        pick = self.random
        message = Message(None, birth, pick.randrange(200, 90000), pick.choice(self.senders), qp, pick.choice([0, 100, 1000, 7790]))
        self.messages.append(message)
        self.lines += [(birth, "new", message), (birth, "info", message)]
        if pick.random() < 0.02:
            self.lines.append((birth, "trouble", message))
        ends = [birth]
        for channel, recipient in pick.sample(self.recipients, pick.choice([1, 1, 1, 2, 5])):
            start = birth + pick.randrange(TICK)
            for attempt in range(1, 6):
                result = pick.choices("kdz", [80, 8, 12])[0]
                result = "d" if attempt == 5 else result
                end = start + 1 + int(pick.expovariate(0.7) * TICK)
                delivery = Delivery(message, start, end, result, channel, recipient, pick.choice(REASONS[result]))
                message.deliveries.append(delivery)
                self.lines += [(start, "start", delivery), (end, "end", delivery)]
                ends.append(end)
                if result != "z":
                    break
                start = end + 400 * TICK * attempt
        message.end = max(ends) + 1
        self.lines.append((message.end, "done", message))

    def number(self):
        """Numbers of messages come again once they are free, as inodes do; deliveries count."""
        free, used = [], 1000
        started = 0
        for _, kind, thing in self.lines:
            if kind == "new":
                thing.number = free.pop(0) if free else used
                used += thing.number == used
            elif kind == "done":
                free.append(thing.number)
            elif kind == "start":
                started += 1
                thing.number = started

    def texts(self):
        """(ticks, text) of each line."""
        for time, kind, thing in self.lines:
            yield time, {
                "new": lambda: f"new msg {thing.number}",
                "info": lambda: f"info msg {thing.number}: bytes {thing.size} from <{thing.sender}> qp {thing.qp} uid {thing.uid}",
                "trouble": lambda: "warning: trouble injecting bounce message, will try later",
                "start": lambda: f"starting delivery {thing.number}: msg {thing.message.number} to {thing.channel} {thing.recipient}",
                "end": lambda: f"delivery {thing.number}: {WORDS[thing.result]}: {thing.reason}",
                "done": lambda: f"end msg {thing.number}",
            }[kind]()
            if kind in ("start", "end"):
                yield time, "status: local 1/10 remote 3/20"

    def log(self, form="decimal"):
        return "".join(FORMS[form](time, text) for time, text in self.texts())

    def deliveries(self):
        """In the order in which they ended."""
        return [thing for _, kind, thing in self.lines if kind == "end"]

    def done(self):
        return [thing for _, kind, thing in self.lines if kind == "done"]


def decimal(ticks):
    return f"{ticks // TICK}.{ticks % TICK * 1000000 // TICK:06}"


def iso(ticks, zone_hours):
    moment = datetime.datetime.fromtimestamp(ticks // TICK, datetime.timezone(datetime.timedelta(hours=zone_hours)))
    text = moment.strftime(f"%Y-%m-%dT%H:%M:%S.{ticks % TICK * 1000000 // TICK:06}%z")
    return text[:-2] + ":" + text[-2:]


def rfc3164(ticks):
    return datetime.datetime.fromtimestamp(ticks // TICK, datetime.timezone.utc).strftime("%b %e %H:%M:%S")


def tai64n(ticks):
    return f"@{2**62 + 10 + ticks // TICK:016x}{ticks % TICK * 10**9 // TICK:08x}"


FORMS = {
    "decimal": lambda t, text: f"{decimal(t)} {text}\n",
    "tai64n": lambda t, text: f"{tai64n(t)} {text}\n",
    "splogger": lambda t, text: f"{rfc3164(t)} mx qmail: {decimal(t)} {text}\n",
    "iso": lambda t, text: f"{iso(t, 2)} mx qmail-send[312]: {text}\n",
    "journal": lambda t, text: f"{decimal(t)} mx qmail-send[312]: {text}\n",
    "export": lambda t, text: f"__CURSOR=s=1;i={t:x}\n__REALTIME_TIMESTAMP={t * 1000000 // TICK}\n_UID=5\nMESSAGE={text}\n_PID=312\n\n",
}
