"""The embedded broker: kombu's messages in files, whole or not at all, and all of them in var."""

from __future__ import annotations

import uuid
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps, loads

SCHEME = "wholefiles"


class Channel(filesystem.Channel):
    """kombu opens a message's file first and fills it later: a worker that reads in between finds
    nothing in it and dies. Here the file appears with all that it holds.
    """

    def _put(  # type: ignore[override]
        self, queue: str, payload: Any, **kwargs: Any
    ) -> None:
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}"
        partial = folder / f"{name}.partial"
        partial.write_text(dumps(payload))
        partial.replace(folder / f"{name}.{queue}.msg")

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message of this queue; it is moved aside first, so that one worker has it."""
        for waiting in sorted(Path(self.data_folder_in).iterdir()):
            if waiting.name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = waiting.with_name(f"{waiting.name}.taken")
            try:
                waiting.rename(taken)
            except FileNotFoundError:
                continue  # another worker was quicker
            text = taken.read_text()
            taken.unlink()
            return loads(text)
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel


TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
