"""The worker: procrastinate's, kept running while PostgreSQL is away, ended by SIGTERM or Ctrl-C."""

import asyncio
import logging
import signal

from procrastinate.contrib.django import app, connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from registrations.messages.stopping import stopping

logger = logging.getLogger(__name__)

PAUSE = 2  # seconds before it is tried again
# One connection listens, one is for the queue; what waits longer than this is tried again from the beginning.
POOL = {"min_size": 1, "max_size": 4, "timeout": 5}


async def run_until_stopped() -> None:
    """Work until this process is asked to end. A message being sent then is sent to its end, and noted."""
    asked_to_end = asyncio.Event()

    def ask_to_end() -> None:
        stopping.set()
        asked_to_end.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ask_to_end)
    while not asked_to_end.is_set():
        await _work_until(asked_to_end)


async def _work_until(asked_to_end: asyncio.Event) -> None:
    """Work until asked to end, or until procrastinate gives up because PostgreSQL does not answer."""
    work, wish = asyncio.create_task(_work()), asyncio.create_task(asked_to_end.wait())
    await asyncio.wait({work, wish}, return_when=asyncio.FIRST_COMPLETED)
    work.cancel()  # which lets it finish what it has begun
    [outcome] = await asyncio.gather(work, return_exceptions=True)
    if not asked_to_end.is_set():
        # Its words may quote what somebody typed.
        logger.warning("The worker stopped; it starts again. %s", type(outcome).__name__ if outcome else "")
        await asyncio.wait({wish}, timeout=PAUSE)
    wish.cancel()


async def _work() -> None:
    with app.replace_connector(PsycopgConnector(kwargs=connector_params(), **POOL)) as working:
        async with working.open_async():
            await working.run_worker_async(install_signal_handlers=False)
