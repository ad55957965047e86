"""`python -m trainer train --run DIR`: the training loop; stops exactly, resumes exactly.

A step is made of whole rows named by the order file, so neither micro-batches nor kills change what it holds.
"""

import math
import shutil
import time
from pathlib import Path
from typing import Any

import torch

from trainer import runtime as runtimes
from trainer.checkpoint import State, newest_checkpoint, restore, save_checkpoint
from trainer.compiled import take_compiled
from trainer.control import Control
from trainer.deadline import Pace, cut, earlier_decisions
from trainer.energy import EnergyMeter
from trainer.errors import DIVERGED, STOPPED, StopRequest, WorkerError, bad_recipe
from trainer.evaluate import EvalResult, evaluate
from trainer.events import EventLog
from trainer.experts import routing_facts
from trainer.final import write_final
from trainer.job import Job
from trainer.memory import memory_error, out_of_memory
from trainer.mfu import flops
from trainer.model import Model
from trainer.order import Shard, StageOrder, Step, read_order
from trainer.parameters import Parameters
from trainer.prepare import check_prepared
from trainer.ranks import Ranks, SilentLog
from trainer.reply import sample_at_end
from trainer.schedule import Schedule, make_schedule
from trainer.stages import base_folder, check_same, hashes_of, stage_model, stage_sizes
from trainer.start import start_weights
from trainer.step import StepWork

ETA_EVERY_SECONDS, HEARTBEAT_SECONDS = 5.0, 10.0


class Trainer:
    """One attempt at a run: state that a checkpoint holds, and what is derived from it."""

    def __init__(
        self, run: Path, job: Job, events: EventLog | SilentLog, control: Control, ranks: Ranks | None = None
    ) -> None:
        self.run, self.job, self.events, self.control = run, job, events, control
        self.ranks = ranks or Ranks()
        self.orders, order_hash = read_order(run)
        check_prepared(run, sorted({name for stage in job.stages for name in (stage.split, stage.validation)}))
        self.runtime = runtimes.start(job, ranks=self.ranks)
        self.state = State(hashes=hashes_of(run, job, order_hash), environment=self.runtime.facts())
        self.started = self.saved = self.told = time.monotonic()
        self.pace = Pace()
        self.energy = EnergyMeter(self.runtime.device)
        self.deadline = job.deadline
        self.spent_before = 0.0
        self.joules_before: float | None = None
        if job.deadline is not None and time.time() >= job.deadline:
            bad_recipe("the run's deadline is past", "Give it a new window: train resume --set window_hours=…")
        self.stage_model: Model
        self.parameters: Parameters
        self.schedule: Schedule

    # One stage -------------------------------------------------------------------------------------------------

    def stage(self) -> StageOrder:
        return self.orders[self.state.stage]

    def enter_stage(self, previous: dict[str, torch.Tensor] | None, optimizer: dict[str, torch.Tensor] | None) -> None:
        """Builds model, parameters and schedule of the state's stage; starts from what came before it."""
        job, stage = self.job, self.job.stages[self.state.stage]
        self.stage_model, self.parameters = stage_model(self.run, job, self.state.stage, self.runtime)
        if previous is not None:
            restore(self.parameters, previous, optimizer)
        tokens = [step.tokens for step in self.stage().steps]
        self.schedule = make_schedule(
            job.schedule, stage.lr, tokens, job.warmup_steps, job.warmup_share, job.decay_share
        )
        if self.state.early is not None:
            start, end, *level = self.state.early
            self.schedule.decay_early(start, end, level[0] if level else None)
        experts = self.stage_model.experts
        if experts is not None and not self.state.f:
            uniform = experts.top_k / experts.count
            self.state.f = [[uniform] * experts.count for _ in range(self.stage_model.shape.layers)]
        self.train_shard = Shard(self.run, stage.split)
        self.validation_shard = Shard(self.run, stage.validation)
        self.work = StepWork(
            self.stage_model, self.parameters, self.train_shard, job.moe, job.micro_rows, self.ranks
        )  # fmt: skip
        if self.runtime.compiles and self.stage().steps:
            self.compile_layers(self.stage().steps[min(self.state.cursor, len(self.stage().steps) - 1)])
        self.trained = len(self.parameters.flat)
        self.replayed = earlier_decisions(self.run, self.state.step, stage.name)
        self.events.emit(
            "plan", step="stage", stage=stage.name, mode=stage.mode, steps=len(self.stage().steps),
            tokens=sum(tokens), trainable=self.trained, lr=stage.lr,
        )  # fmt: skip

    def compile_layers(self, step: Step) -> None:
        trial = take_compiled(self.work, step, self.state.f)
        self.pace.overhead_seconds += trial.seconds
        self.events.emit("compile", **trial.facts())
        if trial.problem is not None:
            self.events.emit("warn", code="E_TRAIN_COMPILE", message=f"the run goes on uncompiled: {trial.problem}")

    def check_stop(self) -> None:
        reason = self.control.stop_reason()
        for one in self.control.requests() if self.ranks.first else []:
            self.events.emit("control", id=one["id"], request=one.get("type"))
            if one.get("type") == "stop":
                reason = self.control.reason = "asked by train stop"
            elif one.get("type") == "checkpoint":
                self.saved = -math.inf
            elif one.get("type") == "eval":
                self.run_eval("asked")
            elif one.get("type") == "extend" and isinstance(one.get("seconds"), int | float) and self.deadline:
                self.deadline += float(one["seconds"])
        if time.monotonic() - self.events.at > HEARTBEAT_SECONDS:
            self.events.emit("heartbeat", step=self.state.step, mem=self.runtime.memory_bytes(), joules=self.joules())
        if reason is not None:
            raise StopRequest(reason)

    def joules(self) -> float | None:
        """Energy of the run so far; None where the machine does not tell."""
        own = self.energy.read()
        return None if own is None else own + (self.joules_before or 0.0)

    def facts(self) -> dict[str, Any]:
        """What the closing event says of the whole run."""
        seconds, price = self.spent_before + time.monotonic() - self.started, self.job.price_per_hour
        return {
            "step": self.state.step,
            "seconds": seconds,
            "cpu_seconds": time.process_time(),
            "energy": self.joules(),
            "energy_source": self.energy.source or None,
            "cost": None if price is None else price * seconds / 3600,
            "inexact": self.state.inexact,
        }

    # One step --------------------------------------------------------------------------------------------------

    def one_step(self, step: Step) -> None:
        state, started, processor = self.state, time.monotonic(), time.process_time()
        rate = self.schedule.rate(state.stage_tokens, step.tokens)
        found = self.work(step, state.f, self.check_stop)
        norm = self.parameters.clip(self.job.clip)
        if not (math.isfinite(norm) and math.isfinite(found.loss)):
            where = f"step {state.step + 1} of stage {self.stage().name}"
            hint = "Lower the learning rate (--set lr=…); the last checkpoint is kept."
            raise WorkerError(DIVERGED, "E_TRAIN_DIVERGED", f"loss or gradient is not finite at {where}", hint)
        self.parameters.update(rate, state.cursor + 1, self.job.weight_decay)
        state.step, state.cursor = state.step + 1, state.cursor + 1
        state.tokens, state.stage_tokens = state.tokens + step.tokens, state.stage_tokens + step.tokens
        state.supervised += step.supervised
        spent = time.monotonic() - started
        self.pace.add(spent, step.tokens, time.process_time() - processor)
        work = flops(
            self.stage_model.shape, self.trained, self.job.stages[state.stage].mode == "full",
            step.tokens, step.supervised, found.squares,
        )  # fmt: skip
        self.events.emit(
            "step", stage=self.stage().name, step=state.step, loss=found.loss, ce=found.ce, aux=found.aux,
            z=found.z, lr=rate, grad_norm=norm, tokens=state.tokens, sup_tokens=step.supervised, dt=spent,
            tok_s=step.tokens / spent, mfu=work / spent / self.runtime.peak, mem=self.runtime.memory_bytes(),
        )  # fmt: skip
        if len(found.counts) > 0:
            own = found.counts / step.tokens  # the step's own f, used by the next one
            state.f = own.tolist()
            self.events.emit("moe", step=state.step, **routing_facts(own, found.by_domain))

    # Around the steps ------------------------------------------------------------------------------------------

    def run_eval(self, reason: str, rows: int | None = None) -> EvalResult | None:
        wanted = self.stage().validation[: rows or self.job.eval_max_rows]
        if self.deadline is not None and self.pace.eval_row_seconds > 0:
            room = self.deadline - time.time() - self.pace.reserve_seconds()
            wanted = wanted[: max(0, int(room / self.pace.eval_row_seconds))]
        if not wanted:
            return None
        started = time.monotonic()
        result = evaluate(
            self.stage_model, self.validation_shard, wanted, self.runtime.device,
            lambda: self.ranks.world == 1 and self.control.stop_reason() is not None,
        )  # fmt: skip
        if result is None:
            raise StopRequest(self.control.reason or "signal")
        spent = time.monotonic() - started
        self.pace.eval_row_seconds = spent / len(wanted)
        self.pace.overhead_seconds += spent
        self.events.emit(
            "eval", step=self.state.step, stage=self.stage().name, reason=reason, loss=result.loss,
            tokens=result.tokens, domains=result.domains, load=result.load, seconds=spent,
        )  # fmt: skip
        return result

    def save(self, reason: str) -> None:
        started = time.monotonic()
        self.state.seconds, self.state.joules = self.spent_before + started - self.started, self.joules()
        self.saved = started
        if not self.ranks.first:
            return
        folder, size = save_checkpoint(self.run, self.parameters, self.state, self.job.checkpoint_keep)
        self.saved = time.monotonic()
        spent = self.saved - started
        self.pace.saves.append(spent)
        self.pace.overhead_seconds += spent
        self.events.emit(
            "ckpt", step=self.state.step, path=str(folder.relative_to(self.run)), bytes=size, reason=reason,
            seconds=spent,
        )  # fmt: skip
        self.events.sync()

    def after_step(self) -> None:
        job, state = self.job, self.state
        every = min(job.eval_every_steps, math.ceil(self.stage().steps_per_epoch / 4))
        if state.cursor % every == 0 and state.cursor < len(self.stage().steps):
            self.judge(self.run_eval("interval"))
        due = job.checkpoint_every_steps is not None and state.cursor % job.checkpoint_every_steps == 0
        if due or time.monotonic() - self.saved > job.checkpoint_every_minutes * 60:
            self.save("interval")
        if time.monotonic() - self.told > ETA_EVERY_SECONDS:
            self.told = time.monotonic()
            self.report_eta()

    def judge(self, result: EvalResult | None) -> None:
        """Remembers the best evaluation."""
        if result is None:
            return
        state = self.state
        if state.best_loss is None or result.loss < state.best_loss:
            state.best_loss, state.best_step, state.evals_without_gain = result.loss, state.step, 0
        else:
            state.evals_without_gain += 1
        patience = self.job.early_stopping
        if patience is not None and state.evals_without_gain >= patience and state.early is None and self.in_stage():
            share = self.job.decay_share
            decay = int(state.stage_tokens * share / (1 - share)) if share < 1 else self.schedule.decay
            self.decide("early stopping", state.stage_tokens, min(state.stage_tokens + decay, self.schedule.total))

    def remaining_tokens(self) -> int:
        later = sum(step.tokens for order in self.orders[self.state.stage + 1 :] for step in order.steps)
        return sum(step.tokens for step in self.stage().steps[self.state.cursor :]) + later

    def report_eta(self) -> None:
        times = [seconds for seconds, _, _ in self.pace.steps]
        if not times:
            return
        recent = sum(times) / len(times)
        steps = len(self.stage().steps) - self.state.cursor
        steps += sum(len(order.steps) for order in self.orders[self.state.stage + 1 :])
        p90 = steps * recent + 1.28 * (steps * max(1e-9, sum((t - recent) ** 2 for t in times) / len(times))) ** 0.5
        left = None if self.deadline is None else self.deadline - time.time()
        self.events.emit(
            "eta", step=self.state.step, elapsed=self.spent_before + time.monotonic() - self.started,
            remaining=steps * recent, p90=p90, on_track=left is None or p90 <= left,
        )  # fmt: skip

    def decide(self, kind: str, start: int, end: int, level: int | None = None) -> None:
        """Lets the stage decay from `start` to `end` tokens; the decision goes into the log and the checkpoint."""
        self.schedule.decay_early(start, end, level)
        self.state.early = [start, end] if level is None else [start, end, level]
        decision: dict[str, Any] = {"step": self.state.step, "stage": self.stage().name, "kind": kind}
        decision |= {"start": start, "end": end} | ({} if level is None else {"level": level})
        self.state.decisions.append(decision)
        self.events.emit("decision", **decision)

    def keep_deadline(self) -> None:
        """Starts the decay early where the clock asks for it; a replay takes the decisions that were made."""
        state = self.state
        made = self.replayed.get(state.step)
        if made is not None:
            self.decide(made["kind"], made["start"], made["end"], made.get("level"))
        if self.deadline is None or state.step < max(self.replayed, default=0):
            return
        left = sum(step.tokens for step in self.stage().steps[state.cursor :])
        found = cut(
            self.schedule, self.pace, self.deadline, state.stage_tokens, left, self.remaining_tokens(),
            len(self.stage().validation), self.job.decay_share, self.furthest(),
        )  # fmt: skip
        start, end, level = self.ranks.agree(list(found or (-1, -1, -1)), self.runtime.device)
        if end >= 0:
            self.decide("deadline", start, end, level)

    def furthest(self) -> int:
        """Where the stage ends at the latest, in its tokens: at its last step, or where early stopping put it."""
        own = [one for one in self.state.decisions if one["stage"] == self.stage().name and one["kind"] != "deadline"]
        return min([self.schedule.total, *(int(one["end"]) for one in own)])

    def in_stage(self) -> bool:
        return self.state.cursor < len(self.stage().steps) and not self.schedule.over(self.state.stage_tokens)

    def train_stage(self) -> None:
        if self.state.cursor == 0:
            self.keep_deadline()
        while self.in_stage():
            if self.ranks.world == 1:
                self.check_stop()
            self.one_step(self.stage().steps[self.state.cursor])
            self.keep_deadline()
            self.after_step()

    def resume(self) -> None:
        """Takes the newest good checkpoint, or starts the first stage."""
        found = newest_checkpoint(self.run, self.events, lambda state: stage_sizes(self.run, self.job, state.stage))
        if found is None:
            self.enter_stage(start_weights(self.job, stage_sizes(self.run, self.job, 0)), None)
            self.check_disk()
            self.save("start")
            return
        state, adapter, optimizer = found
        inexact = check_same(state, self.state, self.job)
        state.hashes, state.environment = self.state.hashes, self.state.environment
        state.inexact = sorted({*state.inexact, *inexact})
        self.state, self.spent_before, self.joules_before = state, state.seconds, state.joules
        if inexact:
            self.events.emit("warn", code="E_TRAIN_INEXACT", message=f"resumed with another {', '.join(inexact)}")
        self.enter_stage(adapter, optimizer)

    def check_disk(self) -> None:
        """Two checkpoints must fit: the new one is whole before the old one goes."""
        needed = 2 * 3 * 4 * len(self.parameters.flat)
        free = shutil.disk_usage(self.run).free
        if free < needed:
            message = f"two checkpoints take {needed / 1e6:.0f} MB, {free / 1e6:.0f} MB are free"
            bad_recipe(message, "Free space, or put the run elsewhere.", "E_TRAIN_DISK_FULL")

    def next_stage(self) -> None:
        """Fresh optimizer and schedule; the weights go on where both stages train the same."""
        state, job = self.state, self.job
        before, after = job.stages[state.stage], job.stages[state.stage + 1]
        adapter = dict(self.parameters.views) if before.mode == after.mode else None
        state.stage, state.cursor, state.stage_tokens, state.early = state.stage + 1, 0, 0, None
        state.best_loss, state.best_step, state.evals_without_gain = None, None, 0
        self.enter_stage(adapter, None)

    def run_all(self) -> None:
        self.events.emit(
            "hello", **self.runtime.facts(), peak_flops=self.runtime.peak, deterministic=self.runtime.deterministic
        )
        self.resume()
        while True:
            if self.state.cursor == 0:
                self.run_eval("start")
            ran = self.in_stage()
            self.train_stage()
            last = self.state.stage + 1 == len(self.job.stages)
            result = self.run_eval("end", 1 << 30 if last else None)
            self.judge(result)
            if ran:
                self.save("end of stage")
            if self.ranks.first:
                write_final(self.run, self.job, self.state, self.stage_model, self.parameters, last)
            self.ranks.wait()
            if last:
                break
            self.next_stage()
        if self.ranks.first:
            said = sample_at_end(
                self.stage_model, base_folder(self.run, self.job), self.job.sample_tokens, self.deadline
            )
            if said is not None:
                self.events.emit("sample", step=self.state.step, **said)


def train(
    run: Path, job: Job, events: EventLog | SilentLog, control: Control, ranks: Ranks | None = None
) -> dict[str, Any]:
    """Trains to the end or to a stop; gives the fields of the closing event."""
    trainer = Trainer(run, job, events, control, ranks)
    try:
        trainer.run_all()
    except StopRequest as stop:
        if hasattr(trainer, "parameters") and trainer.state.cursor > 0:
            trainer.save("stop")
        message = f"stopped at step {trainer.state.step}: {stop}"
        error = WorkerError(STOPPED, "E_TRAIN_STOPPED", message, "Go on with `train resume`.")
        error.facts = trainer.facts()
        raise error from stop
    except (RuntimeError, MemoryError) as error:
        if not out_of_memory(error) or not hasattr(trainer, "work"):
            raise
        step = trainer.stage().steps[min(trainer.state.cursor, len(trainer.stage().steps) - 1)]
        raise memory_error(job, trainer.work, step, trainer.state.f) from error
    finally:
        trainer.ranks.leave()
    return trainer.facts()
