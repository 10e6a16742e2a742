"""Figures for a monitor that speaks Prometheus: how requests go, and what work waits."""

import os
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Min
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from lms.frame import home
from lms.health import findings

MOST = 10_000  # a longer queue is shown as so many


def may_read(request: HttpRequest) -> bool:
    """Whether the request shows the token that the settings ask for; without a setting, nobody."""
    said = request.headers.get("Authorization", "")
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    return bool(settings.METRICS_TOKEN) and constant_time_compare(said, wanted)


def page() -> bytes:
    """Return all figures, in the text format of Prometheus.

    Where several processes serve, PROMETHEUS_MULTIPROC_DIR is where they put theirs together.
    """
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(Waiting())
    return generate_latest(registry)


class Waiting(Collector):
    """What the health page asks, and how much waits for how long; asked anew for each page."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        parts = findings.findings()
        up = GaugeMetricFamily("mijlpaal_up", "Whether a part is well.", labels=["part"])
        for part in parts:
            up.add_metric([part.name], part.is_well)
        yield up
        if next(part for part in parts if part.name == "database").is_well:
            yield from self._queues(timezone.now())

    def _queues(self, now: datetime) -> Iterator[GaugeMetricFamily]:
        length = GaugeMetricFamily(
            "mijlpaal_waiting", f"Pieces of work that wait, to {MOST}.", labels=["work"]
        )
        age = GaugeMetricFamily(
            "mijlpaal_waiting_seconds", "For how long the oldest has waited.", labels=["work"]
        )
        for queue in home.gathered(lambda offer: offer.queues):
            rows = queue.rows(now)
            length.add_metric([queue.name], rows[:MOST].count())
            oldest = rows.aggregate(oldest=Min(queue.since))["oldest"]
            age.add_metric([queue.name], (now - oldest).total_seconds() if oldest else 0)
        yield from (length, age)
