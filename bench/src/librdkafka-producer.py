"""Step events into a topic by librdkafka, at a rate, acks=all: binary CloudEvents with five headers, 442 bytes of JSON.

usage: librdkafka-producer.py BROKERS TOPIC RATE COUNT EXECUTIONS RUN     (RATE 0: as fast as it goes)
prints every 50 ms, and at the end, one JSON line: time in ms, records given, records the broker has taken.
"""

import json
import sys
import time
from datetime import datetime, timezone

from confluent_kafka import Producer

brokers, topic, rate, count, executions, run = sys.argv[1:]
rate, count, executions = int(rate), int(count), int(executions)
taken = 0
failed = 0


def delivered(error, _message):
    global taken, failed
    if error is None:
        taken += 1
    else:
        failed += 1


def rfc3339(ms):
    return datetime.fromtimestamp(ms / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (ms % 1000)


def value(n):
    text = template % (run, n % executions, run, n, n, starts[n % 1000], ends[n % 1000], n % 8, n)
    return text + " " * (442 - len(text))


base = 1772323200000
starts = [rfc3339(base + i * 10) for i in range(1000)]
ends = [rfc3339(base + i * 10 + 1000) for i in range(1000)]
template = (
    '{"executionId":"%s-%d","workflow":{"name":"bench-%s","version":"1"},"stepId":"step-%d","name":"search the web %d","kind":"tool",'
    '"path":["plan","fan-out"],"attempt":1,"startedAt":"%s","finishedAt":"%s","resource":{"pool":"browser","worker":"w-%d"},'
    '"usage":{"cpuSeconds":1.25,"memoryBytes":"73400320","tokens":"1834","costUsd":0.004},"attributes":{"model":"m-1","n":%d}}'
)
headers = [
    ("ce_specversion", b"1.0"),
    ("ce_source", b"/bench"),
    ("ce_type", b"tmws.step.completed"),
    ("content-type", b"application/json"),
]

producer = Producer(
    {
        "bootstrap.servers": brokers,
        "acks": "all",
        "linger.ms": 5,
        "batch.num.messages": 10000,
        "compression.type": "none",
        "queue.buffering.max.messages": 200000,
        "on_delivery": delivered,
    }
)
begin = time.monotonic()
told = 0.0
given = 0


def tell():
    print(json.dumps({"t": time.time() * 1000, "given": given, "taken": taken, "failed": failed}), flush=True)


tell()
while given < count:
    elapsed = time.monotonic() - begin
    due = count if rate == 0 else min(count, int(elapsed * rate))
    while given < due:
        try:
            execution = "%s-%d" % (run, given % executions)
            producer.produce(topic, value(given), execution, headers=[("ce_id", b"%s-%d" % (run.encode(), given)), *headers])
            given += 1
        except BufferError:
            producer.poll(0.01)
    producer.poll(0)
    if elapsed - told > 0.05:
        told = elapsed
        tell()
    if rate != 0:
        time.sleep(0.005)
while producer.flush(0.02) > 0:
    tell()
tell()
