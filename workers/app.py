"""The Celery application. It only carries hints: what is to be done stands in the database.

Each process makes the registry's application when its first task comes, so that no connection is
shared across a fork.
"""

import os
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

import structlog
from celery import Celery, Task, signals
from flask import Flask

from registry.app import create_app
from registry.logging import configure_logging
from registry.settings import read_settings
from registry.work import QUEUES, Work
from workers.schedule import SCHEDULE

log = structlog.get_logger()
Run = TypeVar("Run", bound=Callable[..., None])

SOFT_LIMIT_S = 20 * 60  # the work fails, is noted and tried again later
HARD_LIMIT_S = SOFT_LIMIT_S + 60  # the process is ended; the lease of its work runs out


@cache
def registry_app() -> Flask:
    """Return this process's application."""
    return create_app()


class RegistryTask(Task):  # type: ignore[type-arg]
    """A task that runs in the application, under the id of the request that asked for it."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task."""
        structlog.contextvars.clear_contextvars()
        if request_id := _request_id(self):
            structlog.contextvars.bind_contextvars(request_id=request_id)
        with registry_app().app_context():
            return self.run(*args, **kwargs)


def _request_id(task: RegistryTask) -> str | None:
    headers = task.request.headers or {}
    return cast("str | None", headers.get("request_id") or task.request.get("request_id"))


def configuration() -> dict[str, Any]:
    """Return how Celery works here; asked for when the first part of it is needed."""
    return {
        "broker_url": read_settings(os.environ).broker_url,
        "broker_connection_retry_on_startup": True,
        "broker_transport_options": {"visibility_timeout": HARD_LIMIT_S + 60},
        "accept_content": ["json"],
        "task_serializer": "json",
        "task_ignore_result": True,
        # A task ends when it has done its work, not when it has begun: a worker that dies in
        # between has its message delivered again.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_soft_time_limit": SOFT_LIMIT_S,
        "task_time_limit": HARD_LIMIT_S,
        "worker_prefetch_multiplier": 1,
        # A process that has grown by a large upload is replaced once its task is done.
        "worker_max_memory_per_child": 400_000,
        "worker_hijack_root_logger": False,
        "task_default_queue": QUEUES[Work.PUBLISH],
        "beat_schedule": SCHEDULE,
        "beat_scheduler": "celery.beat:Scheduler",  # keeps its notes in memory: all may repeat
        "timezone": "UTC",
    }


@signals.setup_logging.connect
def _log_as_the_registry(**_: Any) -> None:
    configure_logging()


@signals.worker_ready.connect
def _say_ready(sender: Any, **_: Any) -> None:
    log.info("worker_ready", queues=sorted(sender.app.amqp.queues.consume_from))


@signals.worker_process_init.connect
def _make_app_early(**_: Any) -> None:
    registry_app()


app = Celery("marquee", task_cls=RegistryTask, include=["workers.tasks"])
app.add_defaults(configuration)


def task(name: str) -> Callable[[Run], Run]:
    """Register a function as the task of this name."""
    return cast("Callable[[Run], Run]", app.task(name=f"marquee.{name}"))
