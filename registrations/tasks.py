"""The jobs of the worker. They only say that there may be something to send: the outbox knows what.

procrastinate finds this module by its name. A job is done when it has run; one that was lost is made up for by the
sweep, and one that a killed worker left behind is cleared away.
"""

from typing import TYPE_CHECKING

from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from registrations.data_rights import erasure_ledger, retention
from registrations.messages import reminders, sending
from registrations.messages.nudging import SEND
from registrations.messages.stopping import stopping
from registrations.waiting import offers
from registrations.way_in import link_requests

if TYPE_CHECKING:
    from procrastinate import JobContext

# At most one of each waits at a time: whoever comes after it finds everything done.
CLEAR = "clear away what was left"
EVERY_15_SECONDS = "* * * * * */15"
EVERY_MINUTE = "* * * * *"
FORGET = "forget what is over"
EVERY_HOUR = "17 * * * *"
PASS_ON = "pass on what nobody answered"
EVERY_HOUR_AT_FIVE_PAST = "5 * * * *"
REMIND = "remind those who come"


@app.periodic(cron=EVERY_15_SECONDS)
@app.task(name=SEND, queueing_lock=SEND)
def send_due(timestamp: int = 0) -> None:
    """Answer those who asked for their link, and send what is due."""
    link_requests.answer(timezone.now())
    sending.send_due(timezone.now, stopping)


@app.periodic(cron=EVERY_MINUTE)
@app.task(name=CLEAR, queueing_lock=CLEAR, pass_context=True)
async def clear_away(context: "JobContext", timestamp: int = 0) -> None:
    """Forget jobs that a killed worker left unfinished; the outbox has what they were for."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await manager.finish_job(job, Status.FAILED, delete_job=True)


@app.periodic(cron=EVERY_MINUTE)
@app.task(name=PASS_ON, queueing_lock=PASS_ON)
def pass_on(timestamp: int = 0) -> None:
    """Pass on the places whose offers have run out."""
    offers.let_run_out(timezone.now())


@app.periodic(cron=EVERY_HOUR)
@app.task(name=FORGET, queueing_lock=FORGET)
def forget(timestamp: int = 0) -> None:
    """Delete what is not to be kept any longer, and write down whose erasing could not be written down before."""
    retention.forget(timezone.now())
    erasure_ledger.complete()


@app.periodic(cron=EVERY_HOUR_AT_FIVE_PAST)
@app.task(name=REMIND, queueing_lock=REMIND)
def remind(timestamp: int = 0) -> None:
    """Remind those whose day comes near."""
    reminders.send_due(timezone.now())
